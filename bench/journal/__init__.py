"""The one event log, the ledger and the outbox, in one SQLite file with one writer."""
