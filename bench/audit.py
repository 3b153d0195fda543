"""Checks a whole ledger with the public key alone, and names what was altered, removed or added."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import ValidationError
from sqlite_utils import Database

from bench.event_codec import UnknownEventError
from bench.events import Concluded
from bench.journal import book, log
from bench.journal.journal import digest_of
from bench.ledger.merkle import Frontier
from bench.ledger.note import HeadError, TreeHead, open_head
from bench.messages import Message, say
from bench.record.model import Record
from bench.record.schema import canonical


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditReport:
    """What an audit found; no findings means that nothing differs from what was signed.

    `records` counts what is there; `head` is the latest signed head (a note), empty for an empty ledger.
    """

    records: int
    head: str
    findings: tuple[Message, ...]


def audit(database: Database, public: Ed25519PublicKey, known_head: str | None = None) -> AuditReport:
    """Check records, signatures, heads and the events behind them.

    `known_head` is a head that somebody kept from earlier: what it covered must still be there, unchanged.
    """
    entries = book.entries(database)
    heads = book.heads(database)
    findings: list[Message] = []
    for place, entry in enumerate(entries):
        findings += _check_entry(database, public, place, entry)
    findings += _check_heads(public, entries, heads)
    if known_head is not None:
        findings += _check_known_head(public, entries, known_head)
    return AuditReport(records=len(entries), head=heads[-1][1] if heads else "", findings=tuple(findings))


def _check_entry(database: Database, public: Ed25519PublicKey, place: int, entry: book.Entry) -> Iterator[Message]:
    if entry.position != place:
        yield say("audit-record-missing", position=place, found=entry.position)
    try:
        public.verify(entry.signature, entry.canonical)
    except InvalidSignature:
        yield say("audit-record-altered", position=place, number=entry.number)
        return
    try:
        record = Record.model_validate_json(entry.canonical)
    except ValidationError:
        yield say("audit-record-unreadable", position=place, number=entry.number)
        return
    if canonical(record) != entry.canonical or record.document.number != entry.number:
        yield say("audit-record-altered", position=place, number=entry.number)
    yield from _check_events(database, record, entry)


def _check_events(database: Database, record: Record, entry: book.Entry) -> Iterator[Message]:
    """The journal's events must still be those whose digest the record carries."""
    try:
        logged = log.of_job(database, record.evidence.job)
    except (UnknownEventError, ValueError, TypeError, KeyError):
        yield say("audit-events-altered", number=entry.number, job=record.evidence.job)
        return
    verdicts = [item.event for item in logged if isinstance(item.event, Concluded)]
    stated = [(event.verdict, event.number) for event in verdicts]
    intact = digest_of(logged) == record.evidence.sha256 and len(logged) - len(verdicts) == record.evidence.events
    if not intact or stated != [(record.result.verdict, entry.number)] or entry.job != record.evidence.job:
        yield say("audit-events-altered", number=entry.number, job=record.evidence.job)


def _check_heads(
    public: Ed25519PublicKey, entries: Sequence[book.Entry], heads: Sequence[tuple[int, str]]
) -> Iterator[Message]:
    notes = dict(heads)
    frontier, differs = Frontier(), False
    for size, entry in enumerate(entries, start=1):
        frontier = frontier.append(entry.leaf)
        if size not in notes:
            yield say("audit-head-missing", size=size)
            continue
        head = _opened(public, notes[size])
        if isinstance(head, Message):
            yield say("audit-head-altered", size=size)
        elif head.size != size:
            yield say("audit-head-misplaced", size=size, found=head.size)
        elif head.root != frontier.root and not differs:
            # Every later root differs with it: the first names the record.
            differs = True
            yield say("audit-root-differs", size=size, number=entry.number)
    beyond = [size for size in notes if size > len(entries)]
    if beyond:
        yield say("audit-records-removed", known=max(beyond), found=len(entries))


def _check_known_head(public: Ed25519PublicKey, entries: Sequence[book.Entry], known_head: str) -> Iterator[Message]:
    head = _opened(public, known_head)
    if isinstance(head, Message):
        yield say("audit-known-head-refused")
    elif head.size > len(entries):
        yield say("audit-records-removed", known=head.size, found=len(entries))
    elif Frontier.of([entry.leaf for entry in entries[: head.size]]).root != head.root:
        yield say("audit-known-head-differs", size=head.size)


def _opened(public: Ed25519PublicKey, note: str) -> TreeHead | Message:
    try:
        return open_head(note, public)
    except HeadError as error:
        return error.messages[0]
