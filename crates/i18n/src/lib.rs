//! Languages, messages and number, money and date formats for pages, mail, documents and explanations.
