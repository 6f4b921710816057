"""Makes signatures.json with Stripe's own package: pip install stripe; python make_signatures.py

Headers come from stripe.WebhookSignature.generate_signature_header; whether one is taken, from
verify_header of the same package (with the clock held at `now`).
"""
import json
import sys
from unittest import mock

import stripe
from stripe import SignatureVerificationError, WebhookSignature

SECRET, OTHER = "whsec_5WbX5kEWLlfzsGNjH64I8lOOqUB6e8FH", "whsec_NewSecretAfterRotation0000000"
BODY = '{\n  "id": "evt_1",\n  "object": "event",\n  "type": "invoice.paid"\n}'
AT = 1_700_000_000


def header(body=BODY, secret=SECRET, at=AT):
    return WebhookSignature.generate_signature_header(body, secret, at)


def verdict(body, given, secret, now):
    try:
        with mock.patch("time.time", return_value=now):
            WebhookSignature.verify_header(body, given, secret, 300)
        return True
    except SignatureVerificationError:
        return False


v1 = header().split("v1=")[1]
cases = [
    ("as made", BODY, header(), SECRET, AT),
    ("at the end of the tolerance", BODY, header(), SECRET, AT + 300),
    ("a second later", BODY, header(), SECRET, AT + 301),
    ("another secret", BODY, header(), OTHER, AT),
    ("the new secret signs too", BODY, f"{header(secret=OTHER)},v1={v1}", SECRET, AT),
    ("another body", BODY + " ", header(), SECRET, AT),
    ("another moment", BODY, f"t={AT + 1},v1={v1}", SECRET, AT),
    ("no moment", BODY, f"v1={v1}", SECRET, AT),
    ("another scheme only", BODY, f"t={AT},v0={v1}", SECRET, AT),
    ("an old scheme beside", BODY, f"t={AT},v1={v1},v0=6ffbb59b", SECRET, AT),
    ("not hexadecimal", BODY, f"t={AT},v1=zz{v1[2:]}", SECRET, AT),
    ("shorter", BODY, f"t={AT},v1={v1[:-2]}", SECRET, AT),
    ("nothing", BODY, "", SECRET, AT),
    ("letters of the world", '{"name":"Åse Ærø ✓"}', header('{"name":"Åse Ærø ✓"}'), SECRET, AT),
    ("an empty body", "", header(""), SECRET, AT),
]
rows = [
    {"case": name, "body": body, "header": given, "secret": secret, "now": now,
     "taken": verdict(body, given, secret, now)}
    for name, body, given, secret, now in cases
]
json.dump({"made_with": f"stripe {stripe.VERSION} for Python", "cases": rows}, sys.stdout,
          indent=1, ensure_ascii=False)
print()
