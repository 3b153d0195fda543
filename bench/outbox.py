"""Documents follow from the ledger: whatever is in the outbox is written, however often it was begun before.

For each record: its documents are made, their seals stamped and kept, the files written, and only then is the entry
done. A crash at any place repeats steps that give the same bytes, as a seal once kept is used again.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from bench.journal.journal import Journal
from bench.messages import BenchError, Message, say
from bench.ports import Draft, Publisher
from bench.stamping import StampDelayedError, Stamping, Stamps

_logger = logging.getLogger(__name__)
_SHORTEST_PAUSE = 0.05


def waiting(database: Database) -> tuple[str, ...]:
    """Numbers of the records whose documents are still to be written, oldest first."""
    return tuple(row["number"] for row in database.table("outbox").rows_where("done = ''", order_by="id"))


def unstamped(database: Database) -> Mapping[str, str]:
    """Numbers of the records issued without the time stamp that was wanted, and the id of the message that says why."""
    rows = database.table("outbox").rows_where("unstamped != ''", order_by="id")
    return {row["number"]: row["unstamped"] for row in rows}


def kept_seals(database: Database, number: str) -> Mapping[str, bytes]:
    """The seals of a record's files, by file name."""
    return {
        row["file"]: row["seal"] for row in database.table("seals").rows_where("number = ?", [number], order_by="id")
    }


def put_back(database: Database, numbers: Sequence[str]) -> None:
    """Have the documents of these records written once more."""
    for number in numbers:
        database.execute("UPDATE outbox SET done = '' WHERE number = ?", [number])


class Outbox:
    """Writes the documents of new records, one at a time, beside the erasing."""

    def __init__(
        self,
        journal: Journal,
        publisher: Publisher,
        folder: Path,
        failed: Callable[[str, Message], None],
        stamping: Stamping | None = None,
    ) -> None:
        self._journal = journal
        self._publisher = publisher
        self._folder = folder
        self._failed = failed
        self._stamping = stamping
        self._turn = asyncio.Lock()
        self._more = False
        self._closing = asyncio.Event()
        self._delayed = set[str]()
        self._follower: asyncio.Task[None] | None = None

    async def follow(self) -> None:
        """Write what is waiting: now, or, where an authority on the network is asked, beside everything else."""
        self._more = True
        if self._stamping is None:
            await self.drain()
        elif self._follower is None or self._follower.done():
            self._follower = asyncio.create_task(self._until_done(), name="outbox")

    async def finish(self) -> None:
        """Write what is waiting before the bench ends; what must wait for a time stamp is found at the next start."""
        self._closing.set()
        if self._follower is not None:
            await self._follower
        pause = await self.drain()
        while pause is not None and self._stamping is not None and self._stamping.gives_up:
            await asyncio.sleep(pause)
            pause = await self.drain()

    async def again(self, numbers: Sequence[str]) -> Mapping[str, Message]:
        """Write the documents of these records once more; what went wrong, by number."""
        problems: dict[str, Message] = {}
        await self._journal.do(lambda database: put_back(database, numbers))
        await self.drain(problems.__setitem__)
        return problems

    async def drain(self, failed: Callable[[str, Message], None] | None = None) -> float | None:
        """Write what is waiting. What fails is told and stays; the rest goes on.

        Seconds after which another try is worth while; `None` where nothing waits for a time stamp.
        """
        tell = failed or self._failed
        pauses: list[float] = []
        async with self._turn:
            for number in await self._journal.do(waiting):
                try:
                    if await self._write(number):
                        tell(number, say("document-unstamped", number=number))
                except StampDelayedError as delay:
                    pauses.append(delay.again)
                    # Once for each document: tries may be many.
                    if number not in self._delayed:
                        self._delayed.add(number)
                        tell(number, delay.messages[0])
                except BenchError as error:
                    tell(number, error.messages[0])
                except OSError as error:
                    tell(number, say("document-unwritable", folder=str(self._folder), why=str(error)))
        return max(min(pauses), _SHORTEST_PAUSE) if pauses else None

    async def _until_done(self) -> None:
        try:
            while self._more:
                self._more = False
                pause = await self.drain()
                if pause is not None and not self._more and not self._closing.is_set():
                    # Woken, not cancelled, by the bench's end: what was handed to the journal must be waited for.
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(self._closing.wait(), pause)
                    self._more = not self._closing.is_set()
        except Exception:
            # A defect of ours: the documents stay in the outbox, and the next start tries again.
            _logger.exception("writing documents broke off")

    async def _write(self, number: str) -> str:
        """Write one record's documents; why they have no time stamp, empty where none was wanted or they have it."""
        document = await self._journal.certificate(number)
        kept = await self._journal.do(lambda database: kept_seals(database, number))
        draft = await asyncio.to_thread(self._publisher.draft, number, document, kept)
        stamps = await self._stamps(draft, document)
        seals = await asyncio.to_thread(draft.seal, stamps.tokens)
        new = {file: seal for file, seal in seals.items() if kept.get(file) != seal}
        await self._journal.do(lambda database: _keep(database, number, new, stamps.unstamped))
        await asyncio.to_thread(draft.write, self._folder, seals)
        await self._journal.do(lambda database: _done(database, number))
        return stamps.unstamped

    async def _stamps(self, draft: Draft, document: bytes) -> Stamps:
        if self._stamping is None or not draft.imprints:
            return Stamps(tokens={})
        issued = datetime.fromisoformat(json.loads(document)["record"]["document"]["issued"])
        return await self._stamping.stamps(draft.imprints, issued)


def _keep(database: Database, number: str, seals: Mapping[str, bytes], unstamped: str) -> None:
    for file, seal in seals.items():
        database.execute("INSERT INTO seals (number, file, seal) VALUES (?, ?, ?)", [number, file, seal])
    if seals:
        database.execute("UPDATE outbox SET unstamped = ? WHERE number = ?", [unstamped, number])


def _done(database: Database, number: str) -> None:
    database.execute("UPDATE outbox SET done = datetime('now') WHERE number = ?", [number])
