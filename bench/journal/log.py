"""Reading and appending events."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence

from sqlite_utils import Database

from bench.event_codec import from_fields, to_fields
from bench.events import Concluded, Corrected, Event, JobPlanned, Logged

_OF_THE_LEDGER = (Concluded, Corrected)
"""What follows a job's work, committed with a record of it."""


def append(database: Database, job: str, at: str, events: Iterable[Event]) -> tuple[Logged, ...]:
    """Append events of one job, all at the time `at`."""
    logged: list[Logged] = []
    for event in events:
        cursor = database.execute(
            "INSERT INTO events (job, at, type, version, fields) VALUES (?, ?, ?, ?, ?)",
            [job, at, event.TYPE, event.VERSION, canonical_fields(event)],
        )
        logged.append(Logged(id=int(cursor.lastrowid or 0), job=job, at=at, event=event))
    return tuple(logged)


def canonical_fields(event: Event) -> str:
    """The event's fields as JSON, keys sorted, no white space."""
    return json.dumps(to_fields(event), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def of_job(database: Database, job: str) -> tuple[Logged, ...]:
    """All events of a job in order."""
    return _read(database, "job = ?", [job])


def before_verdict(logged: Iterable[Logged]) -> tuple[Logged, ...]:
    """The events from which the verdict is drawn: those of the work itself."""
    return tuple(item for item in logged if not isinstance(item.event, _OF_THE_LEDGER))


def digest(database: Database, job: str) -> tuple[int, str]:
    """How many events a job had before its verdict, and the SHA-256 (hex) over them.

    Each gives a line `id at type version fields`, as it is stored: a later version of the program that reads them as
    newer events does not change it.
    """
    rows = database.execute(
        "SELECT id, at, type, version, fields FROM events WHERE job = ? ORDER BY id",
        [job],
    )
    kinds, count, found = {kind.TYPE for kind in _OF_THE_LEDGER}, 0, hashlib.sha256()
    for row in rows:
        if row[2] not in kinds:
            found.update((" ".join(map(str, row)) + "\n").encode())
            count += 1
    return count, found.hexdigest()


def after(database: Database, last: int) -> tuple[Logged, ...]:
    """All events after the one with id `last`, in order."""
    return _read(database, "id > ?", [last])


def jobs(database: Database, *, open_only: bool = False) -> tuple[str, ...]:
    """Ids of all jobs, or of those without a verdict, oldest first."""
    planned = [row["job"] for row in database.table("events").rows_where("type = ?", [JobPlanned.TYPE], order_by="id")]
    if not open_only:
        return tuple(planned)
    concluded = {row["job"] for row in database.table("events").rows_where("type = ?", [Concluded.TYPE])}
    return tuple(job for job in planned if job not in concluded)


def _read(database: Database, where: str, values: Sequence[str | int]) -> tuple[Logged, ...]:
    rows = database.table("events").rows_where(where, list(values), order_by="id")
    return tuple(
        Logged(
            id=row["id"],
            job=row["job"],
            at=row["at"],
            event=from_fields(row["type"], row["version"], json.loads(row["fields"])),
        )
        for row in rows
    )
