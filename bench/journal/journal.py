"""The journal of a state folder, as the bench uses it: append, conclude, read."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from sqlite_utils import Database

from bench.context import Clock, RunContext, timestamp
from bench.correction import Change, changed, named, require_latest
from bench.events import Concluded, Corrected, Event, Logged
from bench.evidence import Evidence, fold
from bench.journal import book, log
from bench.journal.writer import JournalWriter, connect
from bench.messages import BenchError, say
from bench.record.base import Sentence
from bench.record.build import Issue, build_record
from bench.state import StateFolder, StateLock
from bench.verdict import Judgement, judge

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """A record just issued, with its verdict or as a correction: the event and the entry in the ledger."""

    logged: Logged
    entry: book.Entry


class Journal:
    """The only writer of a state folder. Every method returns once its effect is on the medium."""

    def __init__(
        self,
        folder: StateFolder,
        ledger: book.LedgerBook,
        clock: Clock,
        context: RunContext,
        lock: StateLock | None = None,
    ) -> None:
        """Open the folder's journal, whose `lock` the caller may hold already. It is let go with the journal.

        `BenchError` if another process holds it or it cannot be opened.
        """
        self._lock = lock or StateLock(folder)
        try:
            self._writer = JournalWriter(folder.journal)
        except BaseException:
            self._lock.close()
            raise
        self._ledger = ledger
        self._clock = clock
        self._context = context

    async def do(self, work: Callable[[Database], Result]) -> Result:
        """Run a function over the database, in the writer's next transaction."""
        return await asyncio.wrap_future(self._writer.submit(work))

    async def append(self, job: str, *events: Event) -> tuple[Logged, ...]:
        """Append events of a job."""
        at = timestamp(self._clock)
        return await self.do(lambda database: log.append(database, job, at, events))

    async def evidence(self, job: str) -> Evidence:
        """What is proven about a job."""
        return fold(await self.do(lambda database: log.of_job(database, job)))

    async def conclude(self, job: str) -> Conclusion:
        """Draw the verdict; event, record, ledger leaf, head and outbox entry in one transaction."""
        return await self.do(lambda database: self._conclude(database, job))

    async def correct(self, number: str, change: Change) -> Conclusion:
        """Issue a record that takes the place of another; event, record, leaf, head and outbox in one transaction.

        `BenchError` if there is no such record, another took its place already, or nothing would change.
        """
        return await self.do(lambda database: self._correct(database, number, change))

    async def certificate(self, number: str) -> bytes:
        """The certificate file of a record. `BenchError` if there is no such record."""
        return await self.do(lambda database: self._ledger.certificate(database, number))

    def close(self) -> None:
        """Finish writing and let go of the folder."""
        self._writer.close()
        self._lock.close()

    def _conclude(self, database: Database, job: str) -> Conclusion:
        evidence = fold(log.of_job(database, job))
        if evidence.concluded is not None:
            raise ValueError(f"job {job} has its verdict already")
        judgement = judge(evidence)
        number = self._ledger.next_number(database)
        concluded = Concluded(verdict=judgement.verdict.value, reasons=judgement.reasons, number=number)
        return self._issue(database, evidence, judgement, concluded)

    def _correct(self, database: Database, number: str, change: Change) -> Conclusion:
        job = book.entry(database, number).job
        versions = book.versions(database, job)
        require_latest(number, [item.number for item in versions])
        logged = log.of_job(database, job)
        evidence = fold(log.before_verdict(logged))
        judgement, before = judge(evidence), versions[-1].record.result
        told = tuple(map(Sentence.of, judgement.reasons))
        if (judgement.verdict, told) != (before.verdict, before.reasons or before.remarks):
            raise BenchError(say("correction-other-verdict", number=number, verdict=judgement.verdict.value))
        names = changed(named(fold(logged)), change)
        corrected = Corrected(
            number=self._ledger.next_number(database),
            supersedes=number,
            version=len(versions) + 1,
            reason=change.reason,
            operator=names.operator,
            handover=names.handover,
            corrector=change.corrector,
        )
        concluded = next(item.at for item in logged if isinstance(item.event, Concluded))
        return self._issue(database, evidence, judgement, corrected, concluded)

    def _issue(
        self,
        database: Database,
        evidence: Evidence,
        judgement: Judgement,
        event: Concluded | Corrected,
        concluded: str = "",
    ) -> Conclusion:
        at = timestamp(self._clock)
        issue = Issue(
            number=event.number,
            issued=at,
            context=self._context,
            journal_sha256=log.digest(database, evidence.job)[1],
            seal=self._ledger.seal,
            correction=event if isinstance(event, Corrected) else None,
            concluded=concluded,
        )
        record = build_record(evidence, judgement, issue)
        entry = self._ledger.append(database, job=evidence.job, record=record, at=at)
        return Conclusion(logged=log.append(database, evidence.job, at, [event])[0], entry=entry)


def read(folder: StateFolder, work: Callable[[Database], Result]) -> Result:
    """Run a function over one state of a journal without writing; a bench that is running is not disturbed.

    `BenchError` if there is no journal or it cannot be read.
    """
    folder.require()
    database = connect(folder.journal, read_only=True)
    try:
        with database.atomic():
            return work(database)
    except sqlite3.Error as error:
        raise BenchError(say("journal-unreadable", path=str(folder.journal), why=str(error))) from error
    finally:
        database.close()
