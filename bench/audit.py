"""Checks a whole ledger with the public keys alone, and names what was altered, removed, added or rewritten."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlite_utils import Database

from bench.derivation import check_derivation
from bench.journal import book, tree
from bench.ledger.merkle import Frontier
from bench.ledger.note import HeadError, TreeHead, open_head
from bench.messages import BenchError, Message, say
from bench.record.schema import canonical


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditReport:
    """What an audit found; no findings means that nothing differs from what was signed.

    `records` counts what is there, `superseded` those of them whose place another has taken; `head` is the latest
    signed head (a note), empty for an empty ledger.
    """

    records: int
    superseded: int
    head: str
    findings: tuple[Message, ...]


def audit(database: Database, keys: Sequence[Ed25519PublicKey], known_head: str | None = None) -> AuditReport:
    """Check records, signatures, heads and the events behind them; `keys` are all that the station ever signed with.

    `known_head` is a head that somebody kept from earlier: what it covered must still be there, unchanged.
    """
    heads = book.heads(database)
    run = _Audit(database, keys, dict(heads), _known(keys, known_head))
    findings = tuple(run.findings())
    return AuditReport(
        records=run.frontier.size, superseded=run.superseded, head=heads[-1][1] if heads else "", findings=findings
    )


def opened(keys: Sequence[Ed25519PublicKey], note: str) -> TreeHead | None:
    """The head that a note carries, if one of these keys signed it."""
    for public in keys:
        try:
            return open_head(note, public)
        except HeadError:
            continue
    return None


def _known(keys: Sequence[Ed25519PublicKey], note: str | None) -> TreeHead | Message | None:
    return None if note is None else opened(keys, note) or say("audit-known-head-refused")


class _Audit:
    """One walk through the ledger, record by record: ten thousand of them are not held at once."""

    def __init__(
        self,
        database: Database,
        keys: Sequence[Ed25519PublicKey],
        heads: dict[int, str],
        known: TreeHead | Message | None,
    ) -> None:
        self.frontier = Frontier()
        self.superseded = 0
        self._database = database
        self._keys = keys
        self._heads = heads
        self._known = known
        self._differs = False
        self._tree_differs = False

    def findings(self) -> Iterator[Message]:
        """Everything found, in the order of the records."""
        for entry in book.each(self._database):
            yield from self._on_entry(entry)
            yield from self._on_tree(entry)
        count = self.frontier.size
        beyond = [size for size in self._heads if size > count]
        if beyond:
            yield say("audit-records-removed", known=max(beyond), found=count)
        if isinstance(self._known, Message):
            yield self._known
        elif self._known is not None and self._known.size > count:
            yield say("audit-records-removed", known=self._known.size, found=count)

    def _on_entry(self, entry: book.Entry) -> Iterator[Message]:
        place = self.frontier.size
        if entry.position != place:
            yield say("audit-record-missing", position=place, found=entry.position)
        if book.signer(entry, self._keys) is None:
            yield say("audit-record-altered", position=place, number=entry.number)
            return
        try:
            record = entry.record
        except BenchError:
            yield say("audit-record-unreadable", position=place, number=entry.number)
            return
        if canonical(record) != entry.canonical or record.document.number != entry.number:
            yield say("audit-record-altered", position=place, number=entry.number)
        self.superseded += record.document.version > 1
        yield from check_derivation(self._database, record, entry)

    def _on_tree(self, entry: book.Entry) -> Iterator[Message]:
        """The stored tree, the head of this size and the one somebody kept are those of the records."""
        if not self._tree_differs and not tree.holds(self._database, self.frontier, entry.leaf):
            self._tree_differs = True
            yield say("audit-tree-differs", size=self.frontier.size + 1)
        self.frontier = self.frontier.append(entry.leaf)
        size, root = self.frontier.size, self.frontier.root
        if size not in self._heads:
            yield say("audit-head-missing", size=size)
        else:
            yield from self._on_head(size, root, entry.number)
        known = self._known
        if isinstance(known, TreeHead) and known.size == size and known.root != root:
            yield say("audit-known-head-differs", size=size)

    def _on_head(self, size: int, root: bytes, number: str) -> Iterator[Message]:
        head = opened(self._keys, self._heads[size])
        if head is None:
            yield say("audit-head-altered", size=size)
        elif head.size != size:
            yield say("audit-head-misplaced", size=size, found=head.size)
        elif head.root != root and not self._differs:
            # Every later root differs with it: the first names the record.
            self._differs = True
            yield say("audit-root-differs", size=size, number=number)
