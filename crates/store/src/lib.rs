//! Record ports, filters, pages, conformance suite.
