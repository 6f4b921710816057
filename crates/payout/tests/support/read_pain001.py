"""Validates a pain.001.001.09 file with two validators and reads its numbers back.

Prints one line for the file (message id, number of payments, sum) and one per payment, sorted.
Exits with 1 and the reason on stderr when a validator refuses it or a control sum is wrong.
"""

import decimal
import os
import sys

import lxml.etree
import sepaxml
import xmlschema

VERSION = "pain.001.001.09"
NAMES = {"p": "urn:iso:std:iso:20022:tech:xsd:" + VERSION}


def refuse(reason):
    print(reason, file=sys.stderr)
    sys.exit(1)


def check_sums(node, where):
    payments = node.findall(".//p:CdtTrfTxInf", NAMES)
    amounts = [decimal.Decimal(p.findtext("p:Amt/p:InstdAmt", namespaces=NAMES)) for p in payments]
    header = node.find("p:GrpHdr", NAMES) if where == "file" else node
    count = int(header.findtext("p:NbOfTxs", namespaces=NAMES))
    total = decimal.Decimal(header.findtext("p:CtrlSum", namespaces=NAMES))
    if (count, total) != (len(amounts), sum(amounts)):
        refuse(f"{where}: says {count} payments of {total}, has {len(amounts)} of {sum(amounts)}")
    return count, total


def main():
    schema = os.path.join(os.path.dirname(sepaxml.__file__), "schemas", VERSION + ".xsd")
    document = lxml.etree.parse(sys.argv[1])
    by_libxml2 = lxml.etree.XMLSchema(lxml.etree.parse(schema))
    if not by_libxml2.validate(document):
        refuse(by_libxml2.error_log)
    try:
        xmlschema.XMLSchema(schema).validate(sys.argv[1])
    except xmlschema.XMLSchemaValidationError as error:
        refuse(error)

    root = document.find("p:CstmrCdtTrfInitn", NAMES)
    count, total = check_sums(root, "file")
    for group in root.findall("p:PmtInf", NAMES):
        check_sums(group, group.findtext("p:PmtInfId", namespaces=NAMES))
    print("file", root.findtext("p:GrpHdr/p:MsgId", namespaces=NAMES), count, total)
    lines = []
    for payment in root.iterfind(".//p:CdtTrfTxInf", NAMES):
        amount = payment.find("p:Amt/p:InstdAmt", NAMES)
        reference = payment.findtext("p:PmtId/p:EndToEndId", namespaces=NAMES)
        lines.append(f"payment {reference} {amount.text} {amount.get('Ccy')}")
    print("\n".join(sorted(lines)))


main()
