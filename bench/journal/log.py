"""Reading and appending events."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from sqlite_utils import Database

from bench.event_codec import from_fields, to_fields
from bench.events import Concluded, Event, JobPlanned, Logged


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
