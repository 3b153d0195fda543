"""The back channel of a virtual drive, typed: what only a test or a demonstration may ask of a drive."""

from __future__ import annotations

from dataclasses import dataclass

from drivers.sim import faults
from drivers.sim.client import SimConnection
from drivers.sim.commands.memory import Erasure
from drivers.sim.documents import read
from drivers.sim.folder import Counters


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One request as it arrived: `op` is read, write, flush, or a command in hexadecimal (`scsi 12…`, `nvme 06 …`)."""

    op: str
    offset: int
    length: int


def counters(connection: SimConnection) -> Counters:
    """What the drive has served in its life."""
    return read(Counters, connection.control("counters"), "counters")


def sicknesses(connection: SimConnection) -> tuple[faults.Sickness, ...]:
    """What the drive still suffers from."""
    return faults.parse_all(connection.control("sicknesses"), "sicknesses")


def arm(connection: SimConnection, *items: faults.Sickness) -> None:
    """Make the drive sick; requests are counted from now: `at=1` is the next one. Raises EINVAL."""
    connection.control("arm", sicknesses=[faults.to_json(item) for item in items])


def disarm(connection: SimConnection, kind: str = "") -> None:
    """Cure all sicknesses of a kind (`bad-sectors`, …), or all of them. The dead stay dead. Raises EINVAL."""
    connection.control("disarm", kind=kind)


def record(connection: SimConnection) -> None:
    """Keep a log of requests, empty from now on; the latest 100,000 are kept."""
    connection.control("record")


def recorded(connection: SimConnection) -> tuple[Recorded, ...]:
    """The requests since `record`, in the order in which they were served."""
    return tuple(Recorded(op=op, offset=offset, length=length) for op, offset, length in connection.control("recorded"))


def skip(connection: SimConnection, seconds: float) -> None:
    """Put the drive's own clock forward: an erasure at work, with a command that waits for it, gets so much further."""
    connection.control("skip", ms=round(seconds * 1000))


def erasure(connection: SimConnection) -> Erasure:
    """The erasure at work; its kind is none where there is none."""
    return read(Erasure, connection.control("progress"), "erasure")
