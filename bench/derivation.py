"""Whether a record follows from the events behind it: made again from them, it must come out as it was signed.

What a record of one format says of given events is a part of that format (docs/decisions/0012): a version of the
program that draws more from the same events writes another format.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlite_utils import Database

from bench.context import RunContext
from bench.event_codec import MalformedEventError, UnknownEventError
from bench.events import Concluded, Corrected, Logged
from bench.evidence import Evidence, fold
from bench.journal import book, log
from bench.messages import Message, say
from bench.record.base import Absent, Stated
from bench.record.build import Issue, build_record
from bench.record.model import Record
from bench.verdict import judge


def check_derivation(database: Database, record: Record, entry: book.Entry) -> Iterator[Message]:
    """What differs between a record in the ledger and its job's events, verdict and corrections."""
    job = record.evidence.job
    altered = say("audit-events-altered", number=entry.number, job=job)
    if entry.job != job or log.digest(database, job) != (record.evidence.events, record.evidence.sha256):
        yield altered
        return
    try:
        logged = log.of_job(database, job)
        evidence = fold(log.before_verdict(logged))
        whole = fold(logged)
    except (UnknownEventError, MalformedEventError, ValueError, TypeError, KeyError):
        yield altered
        return
    if whole.anomalies != evidence.anomalies or whole.concluded is None:
        # An event too many, or the verdict taken out: what follows could not be said of them.
        yield altered
        return
    issuing = _issuing(logged, record)
    if issuing is None or not _is_followed(database, whole, record):
        yield say("audit-record-unlogged", number=entry.number, job=job)
    elif not _is_derived(evidence, logged, issuing, record):
        yield say("audit-record-not-derived", number=entry.number, job=job)


def _issuing(logged: Sequence[Logged], record: Record) -> Logged | None:
    """The event with which a record was committed."""
    for item in logged:
        match item.event:
            case Concluded(number=number, verdict=verdict) if number == record.document.number:
                return item if verdict == record.result.verdict else None
            case Corrected(number=number) if number == record.document.number:
                return item
            case _:
                pass
    return None


def _is_followed(database: Database, whole: Evidence, record: Record) -> bool:
    """Whether the job's records are those that its events tell of, in their order. Asked once, of the first."""
    if record.document.version > 1 or whole.concluded is None:
        return True
    told = [whole.concluded.number, *(item.number for item in whole.corrections)]
    return told == [item.number for item in book.versions(database, whole.job)]


def _is_derived(evidence: Evidence, logged: Sequence[Logged], issuing: Logged, record: Record) -> bool:
    """Whether the record is the one that the evidence, its verdict and the issuing event make."""
    for context in _issuers(evidence, record):
        issue = Issue(
            number=record.document.number,
            issued=issuing.at,
            context=context,
            journal_sha256=record.evidence.sha256,
            seal=_text(record.document.seal),
            correction=issuing.event if isinstance(issuing.event, Corrected) else None,
            concluded=next(item.at for item in logged if isinstance(item.event, Concluded)),
        )
        if build_record(evidence, judge(evidence), issue) == record:
            return True
    return False


def _issuers(evidence: Evidence, record: Record) -> Iterator[RunContext]:
    """Who may have issued a record: a program that worked on the drive, or the last one that the record names."""
    yield from dict.fromkeys(evidence.contexts)
    tool = record.process.tools[-1]
    yield RunContext(
        station=tool.station,
        program=tool.program,
        version=tool.version,
        commit=_text(tool.commit),
        kernel=_text(tool.kernel),
        architecture=_text(tool.architecture),
        python=_text(tool.python),
        clock=tool.clock,
        clock_source=_text(tool.clock_source),
    )


def _text(value: Stated[str]) -> str:
    return "" if isinstance(value, Absent) else value
