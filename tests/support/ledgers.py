"""Ledgers of many records without any drive: the journal's own writer over jobs that the samples tell of."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from bench import keys
from bench.context import RunContext
from bench.events import Event
from bench.journal import book, log
from bench.journal.journal import Journal
from bench.journal.writer import connect
from bench.state import StateFolder
from support import evidence_samples as sample

KEY = sample.KEY
PUBLIC = [KEY.public]
SEAL = "5e" * 32
ERASED: Sequence[Event] = tuple(item.event for item in sample.JobLog(sample.plan()).all_passes().logged)
FAILED: Sequence[Event] = tuple(
    item.event for item in sample.JobLog(sample.plan()).start(0).fault(0).written(0, missed=4096).confirm().logged
)


class TickingClock:
    """A second later at every look."""

    def __init__(self) -> None:
        self._now = datetime(2026, 5, 4, 10, 20, 30, tzinfo=UTC)

    def now(self) -> datetime:
        self._now += timedelta(seconds=1)
        return self._now

    def monotonic(self) -> float:
        return self._now.timestamp()


@contextmanager
def journal(state: Path, context: RunContext = sample.CONTEXT) -> Iterator[Journal]:
    """The journal of a state folder, whose public key lies where it should."""
    folder = StateFolder(state)
    folder.create()
    keys.public_path(folder.key).write_bytes(keys.public_pem(KEY.public))
    folder.station_name(sample.CONTEXT.station)
    ledger = book.LedgerBook(KEY, sample.CONTEXT.station, seal=SEAL)
    with closing(Journal(folder, ledger, TickingClock(), context)) as opened:
        yield opened


def filled(state: Path, count: int) -> Path:
    """The state folder, with a ledger of as many records."""

    async def fill() -> None:
        with journal(state) as opened:
            await add(opened, count)

    asyncio.run(fill())
    return state


async def add(opened: Journal, count: int = 1, events: Sequence[Event] = ERASED, *, first: int = 0) -> list[str]:
    """The numbers of as many concluded jobs, named from `first` on, in one transaction."""

    def work(database: Database) -> list[str]:
        numbers = []
        for place in range(first, first + count):
            log.append(database, f"job-{place}", sample.ISSUED, events)
            numbers.append(opened._conclude(database, f"job-{place}").entry.number)
        return numbers

    return await opened.do(work)


def tamper(state: Path, change: Callable[[Database], Any]) -> None:
    """Change a journal as only somebody with the file in hand can."""
    database = connect(StateFolder(state).journal)
    for table in ("events", "records", "heads", "hashes"):
        for verb in ("UPDATE", "DELETE"):
            database.execute(f"DROP TRIGGER {table}_never_{verb}")
    with database.atomic():
        change(database)
    database.close()
