"""One thread that writes, committing what has gathered in groups; everyone else hands it work and waits."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, TypeAlias, TypeVar

from sqlite_utils import Database

from bench.journal.schema import migrations
from bench.messages import BenchError, say

Result = TypeVar("Result")
_Work: TypeAlias = tuple[Callable[[Database], Any], "Future[Any]"]


def connect(path: Path, *, read_only: bool = False) -> Database:
    """Open the journal: WAL, and every commit on the medium before it returns. `BenchError` if it cannot be.

    To read only, one of an earlier version is not opened.
    """
    try:
        if read_only:
            connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        else:
            connection = sqlite3.connect(path, check_same_thread=False)
        database = Database(connection, execute_plugins=False)
        if not read_only:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
            migrations.apply(database)
        elif database.table("events").exists() and migrations.pending(database):
            # Only who writes may bring it up to date: somebody who looks on says so, instead of an error of SQLite.
            connection.close()
            raise BenchError(say("journal-older", path=str(path)))
        connection.execute("SELECT count(*) FROM events")
    except sqlite3.Error as error:
        raise BenchError(say("journal-unreadable", path=str(path), why=str(error))) from error
    return database


class JournalWriter:
    """Runs functions over the database in one thread. What one call hands in is committed whole or not at all."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._database = connect(path)
        self._closed = False
        self._queue: SimpleQueue[_Work | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
        self._thread.start()

    def submit(self, work: Callable[[Database], Result]) -> Future[Result]:
        """Have `work` done in a transaction. The future holds its result only once that is on the medium."""
        if self._closed:
            raise RuntimeError("the journal is closed")
        future: Future[Result] = Future()
        self._queue.put((work, future))
        return future

    def close(self) -> None:
        """Finish what was handed in, then close the database. Idempotent."""
        if self._closed:
            return
        self._closed = True
        self._queue.put(None)
        self._thread.join()
        self._database.close()

    def _run(self) -> None:
        while (first := self._queue.get()) is not None:
            group, last = [first], False
            try:
                while True:
                    more = self._queue.get_nowait()
                    if more is None:
                        last = True
                        break
                    group.append(more)
            except Empty:
                pass
            self._commit(group)
            if last:
                return

    def _commit(self, group: list[_Work]) -> None:
        outcomes: list[tuple[Future[Any], Any, Exception | None]] = []
        try:
            with self._database.atomic():
                for work, future in group:
                    outcomes.append((future, *self._attempt(work)))
        except sqlite3.Error as error:
            for _, future in group:
                future.set_exception(self._failure(error))
            return
        for future, result, problem in outcomes:
            if problem is None:
                future.set_result(result)
            else:
                future.set_exception(problem)

    def _attempt(self, work: Callable[[Database], Any]) -> tuple[Any, Exception | None]:
        """Do one piece in a savepoint of its own: its failure takes nobody else's work with it."""
        try:
            with self._database.atomic():
                return work(self._database), None
        except sqlite3.Error as error:
            return None, self._failure(error)
        except Exception as error:  # noqa: BLE001 - raised again where the work was handed in
            return None, error

    def _failure(self, error: sqlite3.Error) -> BenchError:
        failure = BenchError(say("journal-unwritable", path=str(self._path), why=str(error)))
        failure.__cause__ = error
        return failure
