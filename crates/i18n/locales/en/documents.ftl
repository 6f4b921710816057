### Statements and other documents.

statement-title = Statement
statement-to = To
statement-reference = The bank shows
statement-check = Every line can be opened and checked. This is the fingerprint of the ledger it was made from; an old statement proves that nothing was changed since.
statement-proof = Proof file
statement-proof-check = With the proof file a statement can be checked on any machine with Tributary, asking nobody: tributary verify-statement FILE
column-rule = Rule
