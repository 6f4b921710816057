//! Pages for managers and partners.
