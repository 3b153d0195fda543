"""Where and by what a job is run: the station, the program, the host and its clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class ClockTrust(StrEnum):
    """Whether the machine's time was known to be right."""

    SYNCHRONISED = "synchronised"
    NOT_SYNCHRONISED = "not-synchronised"
    UNKNOWN = "unknown"
    SIMULATED = "simulated"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunContext:
    """What a record says about the tool and its host. `commit` is empty outside a git checkout."""

    station: str
    program: str
    version: str
    commit: str
    kernel: str
    architecture: str
    python: str
    clock: ClockTrust
    clock_source: str


class Clock(Protocol):
    """All time in the bench comes from here."""

    def now(self) -> datetime:
        """The time, with its offset from UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds from an arbitrary start, never going back."""
        ...


def timestamp(clock: Clock) -> str:
    """Now, as an RFC 3339 string in UTC with milliseconds: `2026-05-04T10:20:30.123+00:00`."""
    return clock.now().isoformat(timespec="milliseconds")
