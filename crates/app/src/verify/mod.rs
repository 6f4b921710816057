//! Everything recomputed and compared.
