"""The tables of the journal, as migrations. A migration is never edited once it has landed."""

from __future__ import annotations

from sqlite_utils import Database, Migrations

migrations = Migrations("tablerase")

_APPEND_ONLY = """
CREATE TRIGGER {table}_never_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""


@migrations()
def events_records_heads_outbox(db: Database) -> None:
    """Events and ledger, which are append-only, and the outbox.

    An event's id is its place in the log; a record's `position` its index in the ledger, from 0; a head's
    `size` the number of records it covers.
    """
    db.table("events").create(
        {"id": int, "job": str, "at": str, "type": str, "version": int, "fields": str},
        pk="id",
        not_null={"job", "at", "type", "version", "fields"},
        strict=True,
    )
    db.table("events").create_index(["job"])
    db.table("records").create(
        {"position": int, "number": str, "job": str, "canonical": bytes, "signature": bytes},
        pk="position",
        not_null={"number", "job", "canonical", "signature"},
        strict=True,
    )
    db.table("records").create_index(["number"], unique=True)
    db.table("records").create_index(["job"], unique=True)
    db.table("heads").create({"size": int, "note": str}, pk="size", not_null={"note"}, strict=True)
    db.table("outbox").create(
        {"id": int, "number": str, "done": str},
        pk="id",
        not_null={"number", "done"},
        defaults={"done": ""},
        strict=True,
    )
    for table in ("events", "records", "heads"):
        for verb in ("UPDATE", "DELETE"):
            db.execute(_APPEND_ONLY.format(table=table, verb=verb))
