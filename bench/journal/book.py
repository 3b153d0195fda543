"""The ledger as it is kept: records, their signatures, and a signed head for each size."""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlite_utils import Database

from bench.certificate import assemble, prove
from bench.keys import StationKey
from bench.ledger.merkle import Frontier, leaf_hash
from bench.ledger.note import TreeHead, origin_of, sign_head
from bench.messages import BenchError, say
from bench.record.model import Record
from bench.record.schema import canonical


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One record in the ledger: its index from 0, its canonical bytes and their Ed25519 signature."""

    position: int
    number: str
    job: str
    canonical: bytes
    signature: bytes

    @property
    def leaf(self) -> bytes:
        """The record's leaf hash."""
        return leaf_hash(self.canonical)


def entries(database: Database) -> tuple[Entry, ...]:
    """All records in order."""
    return tuple(Entry(**row) for row in database.table("records").rows_where(order_by="position"))


def heads(database: Database) -> tuple[tuple[int, str], ...]:
    """All signed heads as (size, note), smallest first."""
    return tuple((row["size"], row["note"]) for row in database.table("heads").rows_where(order_by="size"))


def certificate(database: Database, number: str, public: Ed25519PublicKey) -> bytes:
    """The certificate of a record, proven in the first tree that holds it: always the same bytes.

    `BenchError` if there is no such record.
    """
    upto = entries(database)
    found = next((entry for entry in upto if entry.number == number), None)
    if found is None:
        raise BenchError(say("record-unknown", number=number))
    leaves = [entry.leaf for entry in upto[: found.position + 1]]
    note = str(database.table("heads").get(len(leaves))["note"])
    return assemble(found.canonical, found.signature, public, prove(leaves, found.position, note))


class LedgerBook:
    """Appends to the ledger of one station. Used by the journal's one writer, within its transaction."""

    def __init__(self, key: StationKey, station: str) -> None:
        self._key = key
        self._origin = origin_of(station)
        self._frontier = Frontier()

    def next_number(self, database: Database) -> str:
        """The number of the next record: unique among stations through the key's fingerprint."""
        return f"TR-{self._key.fingerprint[:6].upper()}-{database.table('records').count + 1:06d}"

    def append(self, database: Database, *, job: str, record: Record, at: str) -> Entry:
        """Sign a record, add it with the head that covers it, and put its documents in the outbox."""
        content = canonical(record)
        entry = Entry(
            position=database.table("records").count,
            number=record.document.number,
            job=job,
            canonical=content,
            signature=self._key.private.sign(content),
        )
        frontier = self._frontier_of(database, entry.position).append(entry.leaf)
        head = TreeHead(origin=self._origin, size=frontier.size, root=frontier.root, time=at)
        database.execute(
            "INSERT INTO records (position, number, job, canonical, signature) VALUES (?, ?, ?, ?, ?)",
            [entry.position, entry.number, entry.job, entry.canonical, entry.signature],
        )
        database.execute(
            "INSERT INTO heads (size, note) VALUES (?, ?)", [head.size, sign_head(head, self._key.private)]
        )
        database.execute("INSERT INTO outbox (number) VALUES (?)", [entry.number])
        self._frontier = frontier
        return entry

    def certificate(self, database: Database, number: str) -> bytes:
        """`certificate` of this station."""
        return certificate(database, number, self._key.public)

    def _frontier_of(self, database: Database, size: int) -> Frontier:
        """The frontier of what is in the ledger. A transaction rolled back leaves ours ahead: it is built anew."""
        if self._frontier.size != size:
            self._frontier = Frontier.of([entry.leaf for entry in entries(database)])
        return self._frontier
