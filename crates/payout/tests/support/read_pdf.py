"""Prints the text of a PDF, a form feed after each page."""

import sys

from pypdf import PdfReader

for page in PdfReader(sys.argv[1], strict=True).pages:
    print(page.extract_text() + "\f")
