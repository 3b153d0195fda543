"""What a ledger says of a document: whether it still stands, or another has taken its place, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlite_utils import Database

from bench.journal import book
from bench.record.model import Record, Supersession


class Place(StrEnum):
    """Where a document has its place."""

    CURRENT = "current"
    """It is in the ledger, and the latest of its erasure."""
    SUPERSEDED = "superseded"
    """It is in the ledger, and another has taken its place."""
    DIFFERENT = "different"
    """The ledger has another document of this number: one of the two is not what was issued."""
    ABSENT = "absent"
    """The ledger has no document of this number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A document's place. Of a superseded one: the number that superseded it, why, and the number that stands now."""

    place: Place
    by: str = ""
    reason: str = ""
    latest: str = ""


def standing(database: Database, number: str, content: bytes) -> Standing:
    """What a ledger says of the document with this number and canonical record."""
    job = database.execute("SELECT job, canonical FROM records WHERE number = ?", [number]).fetchone()
    if job is None:
        return Standing(place=Place.ABSENT)
    if job[1] != content:
        return Standing(place=Place.DIFFERENT)
    return standings(item.record for item in book.versions(database, job[0]))[number]


def standings(records: Iterable[Record]) -> dict[str, Standing]:
    """What records of one ledger, in their order, say of each other, by number."""
    documents = {record.document.number: record.document for record in records}
    after = {
        document.supersedes.number: document
        for document in documents.values()
        if isinstance(document.supersedes, Supersession)
    }
    found: dict[str, Standing] = {}
    # From the latest back, so that what stands now is known already.
    for number in reversed(documents):
        follower = after.get(number)
        if follower is None or not isinstance(follower.supersedes, Supersession):
            found[number] = Standing(place=Place.CURRENT, latest=number)
        else:
            latest = found[follower.number].latest
            reason = follower.supersedes.reason
            found[number] = Standing(place=Place.SUPERSEDED, by=follower.number, reason=reason, latest=latest)
    return found
