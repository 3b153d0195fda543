"""The ledger as it is kept: records, their signatures, the tree over them, and a signed head for each size."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import ValidationError
from sqlite_utils import Database

from bench.certificate import Proof, assemble, proof_of
from bench.journal import tree
from bench.keys import StationKey
from bench.ledger.merkle import Frontier, frontier_of, includes, inclusion_path_within, leaf_hash
from bench.ledger.note import TreeHead, origin_of, read_head, sign_head
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

    @property
    def record(self) -> Record:
        """The record itself. `BenchError` if its format is not known to this version."""
        try:
            return Record.model_validate_json(self.canonical)
        except ValidationError:
            raise BenchError(say("record-of-another-format", number=self.number)) from None


def entries(database: Database) -> tuple[Entry, ...]:
    """All records in order."""
    return tuple(each(database))


def each(database: Database) -> Iterator[Entry]:
    """All records in order, one at a time: ten thousand of them are some hundred megabytes."""
    return (Entry(**row) for row in database.table("records").rows_where(order_by="position"))


def entry(database: Database, number: str) -> Entry:
    """One record. `BenchError` if there is none of that number."""
    for row in database.table("records").rows_where("number = ?", [number]):
        return Entry(**row)
    raise BenchError(say("record-unknown", number=number))


def entry_at(database: Database, position: int) -> Entry:
    """The record with this index. `BenchError` if there is none."""
    for row in database.table("records").rows_where("position = ?", [position]):
        return Entry(**row)
    raise BenchError(say("record-unknown", number=str(position)))


def versions(database: Database, job: str) -> tuple[Entry, ...]:
    """The records of one job, oldest first: each but the first takes the place of the one before."""
    return tuple(Entry(**row) for row in database.table("records").rows_where("job = ?", [job], order_by="position"))


def size(database: Database) -> int:
    """How many records there are, or as the last one's index says there should be."""
    return int(database.execute("SELECT COALESCE(MAX(position) + 1, 0) FROM records").fetchone()[0])


def heads(database: Database) -> tuple[tuple[int, str], ...]:
    """All signed heads as (size, note), smallest first."""
    return tuple((row["size"], row["note"]) for row in database.table("heads").rows_where(order_by="size"))


def head(database: Database, size: int | None = None) -> str:
    """The signed head (a note) of the first `size` records, or the latest one. `BenchError` if there is none."""
    if size is None:
        row = database.execute("SELECT note FROM heads ORDER BY size DESC LIMIT 1").fetchone()
    else:
        row = database.execute("SELECT note FROM heads WHERE size = ?", [size]).fetchone()
    if row is None:
        raise BenchError(say("ledger-empty") if size is None else say("ledger-no-such-size", size=size))
    return str(row[0])


def signer(entry: Entry, keys: Iterable[Ed25519PublicKey]) -> Ed25519PublicKey | None:
    """The key among these that signed a record, if one did."""
    for public in keys:
        try:
            public.verify(entry.signature, entry.canonical)
        except InvalidSignature:
            continue
        return public
    return None


def prove(database: Database, entry: Entry, note: str) -> Proof:
    """The proof that a record is in the tree that a signed head (a note) of this ledger describes.

    `BenchError` if the head is older than the record, or if records, tree and head do not belong together.
    """
    head = read_head(note)
    if head.size <= entry.position:
        raise BenchError(say("ledger-head-too-old", number=entry.number, place=entry.position + 1, size=head.size))
    path = inclusion_path_within(tree.nodes(database), head.size, entry.position)
    if not includes(head.root, head.size, entry.position, entry.leaf, path):
        raise BenchError(say("ledger-damaged"))
    return proof_of(entry.leaf, index=entry.position, size=head.size, path=path, head=note)


def certificate(database: Database, number: str, keys: Sequence[Ed25519PublicKey], *, size: int | None = None) -> bytes:
    """The certificate of a record, signed by one of these keys, proven in the ledger of the first `size` records.

    Without `size` that is the first that holds it, which always gives the same bytes. `BenchError` if there is no such
    record, none of that size, or its format is not known to this version.
    """
    found = entry(database, number)
    public = signer(found, keys)
    if public is None:
        raise BenchError(say("record-of-another-key", number=number))
    note = head(database, found.position + 1 if size is None else size)
    proof = prove(database, found, note)
    try:
        return assemble(found.canonical, found.signature, public, proof)
    except ValidationError:
        raise BenchError(say("record-of-another-format", number=number)) from None


class LedgerBook:
    """Appends to the ledger of one station. Used by the journal's one writer, within its transaction.

    `earlier` are keys that signed the ledger before this one; `seal` is the SHA-256 (hex) of the certificate whose key
    seals the documents, empty if there is none.
    """

    def __init__(
        self, key: StationKey, station: str, *, earlier: Sequence[Ed25519PublicKey] = (), seal: str = ""
    ) -> None:
        self.seal = seal
        self._key = key
        self._keys = (key.public, *earlier)
        self._origin = origin_of(station)
        self._frontier = Frontier()

    def next_number(self, database: Database) -> str:
        """The number of the next record: unique among stations through the key's fingerprint."""
        return f"TR-{self._key.fingerprint[:6].upper()}-{size(database) + 1:06d}"

    def append(self, database: Database, *, job: str, record: Record, at: str) -> Entry:
        """Sign a record, add it with the head that covers it, and put its documents in the outbox.

        `BenchError` if what is there is not what the last head covers: signing on would cover that up.
        """
        content = canonical(record)
        added = Entry(
            position=size(database),
            number=record.document.number,
            job=job,
            canonical=content,
            signature=self._key.private.sign(content),
        )
        before = self._frontier_of(database, added.position)
        frontier = before.append(added.leaf)
        head = TreeHead(origin=self._origin, size=frontier.size, root=frontier.root, time=at)
        database.execute(
            "INSERT INTO records (position, number, job, canonical, signature) VALUES (?, ?, ?, ?, ?)",
            [added.position, added.number, added.job, added.canonical, added.signature],
        )
        tree.store(database, before, added.leaf)
        database.execute(
            "INSERT INTO heads (size, note) VALUES (?, ?)", [head.size, sign_head(head, self._key.private)]
        )
        database.execute("INSERT INTO outbox (number) VALUES (?)", [added.number])
        self._frontier = frontier
        return added

    def certificate(self, database: Database, number: str) -> bytes:
        """`certificate` of this station."""
        return certificate(database, number, self._keys)

    def _frontier_of(self, database: Database, size: int) -> Frontier:
        """The frontier of what is in the ledger. A transaction rolled back leaves ours ahead: it is read anew."""
        if self._frontier.size != size:
            frontier = frontier_of(tree.nodes(database), size)
            if size and read_head(head(database)).root != frontier.root:
                raise BenchError(say("ledger-damaged"))
            self._frontier = frontier
        return self._frontier
