"""A mail server for one test (aiosmtpd, with certificates by trustme).

Arguments: how it speaks (`plain`, `starttls` or `tls`), then `auth` when it asks who sends. Prints
one line of JSON when it listens ({"port", "authority"}), and one for each mail it took. Ends with
its standard input.
"""

import json
import ssl
import sys

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

HOW = sys.argv[1]
ASKS = "auth" in sys.argv[2:]
ASKED = set()


def say(**line):
    print(json.dumps(line), flush=True)


class Postman:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody@"):
            return "550 5.1.1 There is nobody of that name here"
        if address.startswith("later@"):
            return "451 4.7.1 Come back later"
        if address.startswith("second@") and address not in ASKED:
            ASKED.add(address)
            return "451 4.7.1 Greylisted, try again"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        say(
            sender=envelope.mail_from,
            to=envelope.rcpt_tos,
            text=envelope.content.decode("ascii"),
            encrypted=session.ssl is not None or HOW == "tls",
            authenticated=bool(session.authenticated),
        )
        return "250 OK"


def knows(server, session, envelope, mechanism, auth):
    good = isinstance(auth, LoginPassword) and (auth.login, auth.password) == (b"tributary", b"p@ss")
    return AuthResult(success=good, handled=False)


authority = trustme.CA()
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
authority.issue_cert("localhost").configure_cert(context)
options = {"hostname": "127.0.0.1", "port": 0, "server_hostname": "mail.test"}
if ASKS:
    # Without TLS a careful server would not ask; this one does, to see what the client sends.
    options |= {"authenticator": knows, "auth_required": True, "auth_require_tls": HOW == "starttls"}
if HOW == "starttls":
    options |= {"tls_context": context, "require_starttls": True}
if HOW == "tls":
    options["ssl_context"] = context


class AnyPort(Controller):
    """Listens on a port that the system chose."""

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


controller = AnyPort(Postman(), **options)
controller.start()
say(port=controller.port, authority=authority.cert_pem.bytes().decode())
sys.stdin.read()
controller.stop()
