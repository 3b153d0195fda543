"""The ledger's mathematics: a Merkle tree over canonical records, and signed heads of it. Pure; no storage here."""
