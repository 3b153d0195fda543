"""Documents follow from the ledger: whatever is in the outbox is written, however often it was begun before."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from sqlite_utils import Database

from bench.journal.journal import Journal
from bench.messages import BenchError, Message, say
from bench.ports import Publisher


def waiting(database: Database) -> tuple[str, ...]:
    """Numbers of the records whose documents are still to be written, oldest first."""
    return tuple(row["number"] for row in database.table("outbox").rows_where("done = ''", order_by="id"))


class Outbox:
    """Writes the documents of new records, one at a time, beside the erasing."""

    def __init__(
        self,
        journal: Journal,
        publisher: Publisher,
        folder: Path,
        failed: Callable[[str, Message], None],
    ) -> None:
        self._journal = journal
        self._publisher = publisher
        self._folder = folder
        self._failed = failed
        self._turn = asyncio.Lock()

    async def drain(self) -> None:
        """Write what is waiting. What fails is told and stays; the rest goes on."""
        async with self._turn:
            for number in await self._journal.do(waiting):
                try:
                    await self._write(number)
                except BenchError as error:
                    self._failed(number, error.messages[0])
                except OSError as error:
                    self._failed(number, say("document-unwritable", folder=str(self._folder), why=str(error)))

    async def _write(self, number: str) -> None:
        document = await self._journal.certificate(number)
        await asyncio.to_thread(self._publisher.publish, number, document, self._folder)
        await self._journal.do(lambda database: _done(database, number))


def _done(database: Database, number: str) -> None:
    database.execute("UPDATE outbox SET done = datetime('now') WHERE number = ?", [number])
