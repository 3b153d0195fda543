"""The journal of a state folder, as the bench uses it: append, conclude, read."""

from __future__ import annotations

import asyncio
import hashlib
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from sqlite_utils import Database

from bench.context import Clock, RunContext, timestamp
from bench.events import Concluded, Event, Logged
from bench.evidence import Evidence, fold
from bench.journal import book, log
from bench.journal.writer import JournalWriter, connect
from bench.messages import BenchError, say
from bench.record.build import build_record
from bench.state import StateFolder, StateLock
from bench.verdict import judge

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """A verdict just reached: its event and its entry in the ledger."""

    logged: Logged
    entry: book.Entry


class Journal:
    """The only writer of a state folder. Every method returns once its effect is on the medium."""

    def __init__(self, folder: StateFolder, ledger: book.LedgerBook, clock: Clock, context: RunContext) -> None:
        """Open the folder's journal. `BenchError` if another process holds it or it cannot be opened."""
        self._lock = StateLock(folder)
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

    async def certificate(self, number: str) -> bytes:
        """The certificate file of a record. `BenchError` if there is no such record."""
        return await self.do(lambda database: self._ledger.certificate(database, number))

    def close(self) -> None:
        """Finish writing and let go of the folder."""
        self._writer.close()
        self._lock.close()

    def _conclude(self, database: Database, job: str) -> Conclusion:
        logged = log.of_job(database, job)
        evidence = fold(logged)
        if evidence.concluded is not None:
            raise ValueError(f"job {job} has its verdict already")
        judgement = judge(evidence)
        number = self._ledger.next_number(database)
        at = timestamp(self._clock)
        digest = digest_of(logged)
        record = build_record(
            evidence, judgement, number=number, issued=at, context=self._context, journal_sha256=digest
        )
        entry = self._ledger.append(database, job=job, record=record, at=at)
        concluded = Concluded(verdict=judgement.verdict.value, reasons=judgement.reasons, number=number)
        return Conclusion(logged=log.append(database, job, at, [concluded])[0], entry=entry)


def digest_of(logged: tuple[Logged, ...]) -> str:
    """SHA-256 (hex) over a job's events before its verdict: for each a line `id at type version fields`."""
    digest = hashlib.sha256()
    for item in logged:
        if not isinstance(item.event, Concluded):
            fields = log.canonical_fields(item.event)
            digest.update(f"{item.id} {item.at} {item.event.TYPE} {item.event.VERSION} {fields}\n".encode())
    return digest.hexdigest()


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
