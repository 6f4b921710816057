//! Accounts, transfers, balance rules, reversal, Merkle tree.
