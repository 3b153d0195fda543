"""The tables of the journal, as migrations. A migration is never edited once it has landed."""

from __future__ import annotations

from sqlite_utils import Database, Migrations

from bench.journal import tree
from bench.ledger.merkle import Frontier, leaf_hash

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


@migrations()
def corrections_and_hashes(db: Database) -> None:
    """A job may have several records, each taking the place of the one before; and the ledger's tree is kept.

    Row (`level`, `place`) of `hashes` is the root over records place * 2**level up to (place + 1) * 2**level.
    """
    db.execute("DROP INDEX idx_records_job")
    db.table("records").create_index(["job"])
    db.execute(
        "CREATE TABLE hashes (level INTEGER, place INTEGER, hash BLOB NOT NULL, PRIMARY KEY (level, place))"
        " STRICT, WITHOUT ROWID"
    )
    frontier = Frontier()
    for row in db.table("records").rows_where(order_by="position", select="canonical"):
        leaf = leaf_hash(row["canonical"])
        tree.store(db, frontier, leaf)
        frontier = frontier.append(leaf)
    for verb in ("UPDATE", "DELETE"):
        db.execute(_APPEND_ONLY.format(table="hashes", verb=verb))


@migrations()
def seals(db: Database) -> None:
    """Seals of documents, kept from before the first writing on: append-only, the last one of a file counts.

    `seal` is CMS (DER) with its time stamp. `unstamped` in the outbox is the id of the message that says why documents
    were issued without one, empty where they were not.
    """
    db.table("seals").create(
        {"id": int, "number": str, "file": str, "seal": bytes},
        pk="id",
        not_null={"number", "file", "seal"},
        strict=True,
    )
    db.table("seals").create_index(["number"])
    for verb in ("UPDATE", "DELETE"):
        db.execute(_APPEND_ONLY.format(table="seals", verb=verb))
    db.table("outbox").add_column("unstamped", str, not_null_default="")
