"""Reads a pain.002 or camt.053 with classes that pyiso20022 generated from ISO's schemas.

An element that the schema does not have at its place, or a value outside of its type, is an error.
Prints one line for each transaction or booked entry.
"""

import importlib
import sys
import warnings

from xsdata.formats.dataclass.parsers import XmlParser
from xsdata.formats.dataclass.parsers.config import ParserConfig


def main():
    warnings.simplefilter("error")
    version, path = sys.argv[1:]
    kind = version.split("_")[0]
    module = importlib.import_module(f"pyiso20022.{kind}.{version}")
    strict = ParserConfig(fail_on_unknown_properties=True, fail_on_unknown_attributes=True,
                          fail_on_converter_warnings=True)
    document = XmlParser(config=strict).parse(path, module.Document)
    if kind == "pain":
        for group in document.cstmr_pmt_sts_rpt.orgnl_pmt_inf_and_sts:
            for it in group.tx_inf_and_sts:
                reasons = " ".join(reason.rsn.cd for reason in it.sts_rsn_inf)
                print(it.orgnl_end_to_end_id, it.tx_sts, reasons,
                      it.orgnl_tx_ref.amt.instd_amt.value)
        return
    for statement in document.bk_to_cstmr_stmt.stmt:
        for it in statement.ntry:
            status = getattr(it.sts, "cd", None) or it.sts.value
            if status != "BOOK":
                continue
            line = [str(it.amt.value), it.cdt_dbt_ind.value]
            for details in it.ntry_dtls:
                for transaction in details.tx_dtls:
                    line.append(transaction.refs.end_to_end_id)
                    if transaction.rtr_inf:
                        line.append(transaction.rtr_inf.rsn.cd)
            print(" ".join(line))


main()
