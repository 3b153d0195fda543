"""Techniques run in the test's own process on a virtual drive, whose clock goes ahead while a technique sleeps."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from bench.capabilities import HiddenKind
from bench.firmware_work import Ended, NotTaken
from bench.messages import Message
from bench.stage_events import StatusReading
from bench.stages import StageKind
from bench.techniques import Technique
from drivers.commands.transport import NvmeReply, NvmeRequest, ScsiReply, ScsiRequest
from drivers.erase import table
from drivers.erase.link import Link
from drivers.erase.steps import Blocking, Step
from drivers.erase.table import Deed
from drivers.sim import controls
from drivers.sim.client import SimConnection
from drivers.sim.commands.spec import CommandSpec, Personality
from drivers.sim.faults import Sickness
from drivers.sim.link import SimReverter
from support.raw_commands import Drive, commanded
from support.virtual_drives import MIB

PASSWORD = "table-rase-0001"  # noqa: S105 - of a virtual drive
HOUR_MS = 3_600_000


def skip(drive: Drive, seconds: float) -> None:
    """Put the drive's clock forward, past a command that blocks its connection."""
    with SimConnection.connect(drive.where) as other:
        controls.skip(other, seconds)


@contextmanager
def clock_running(drive: Drive) -> Iterator[None]:
    """While this lasts, the drive's clock runs ahead by a minute every few milliseconds."""
    over = threading.Event()

    def run() -> None:
        while not over.wait(0.005):
            skip(drive, 60)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


class DriveClock:
    """Sleeping here lets the drive's own clock run ahead."""

    def __init__(self, drive: Drive) -> None:
        self._drive = drive
        self._at = 0.0

    def now(self) -> float:
        return self._at

    def sleep(self, seconds: float) -> None:
        self._at += seconds
        skip(self._drive, seconds)


@dataclass
class Spy:
    """A transport that keeps what went through it."""

    drive: Drive
    requests: list[ScsiRequest | NvmeRequest] = field(default_factory=list)

    def scsi(self, request: ScsiRequest) -> ScsiReply:
        self.requests.append(request)
        return self.drive.transport.scsi(request)

    def nvme(self, request: NvmeRequest) -> NvmeReply:
        self.requests.append(request)
        return self.drive.transport.nvme(request)

    @property
    def ata(self) -> list[int]:
        """The ATA commands by pass-through (16)."""
        return [item.cdb[14] for item in self.requests if isinstance(item, ScsiRequest) and item.cdb[0] == 0x85]

    def cdbs(self, opcode: int) -> list[ScsiRequest]:
        """SCSI commands of one code."""
        return [item for item in self.requests if isinstance(item, ScsiRequest) and item.cdb[0] == opcode]

    def taskfiles(self, command: int) -> list[ScsiRequest]:
        """ATA commands of one code."""
        return [item for item in self.cdbs(0x85) if item.cdb[14] == command]

    def admin(self, opcode: int) -> list[NvmeRequest]:
        """NVMe admin commands of one code."""
        return [item for item in self.requests if isinstance(item, NvmeRequest) and item.opcode == opcode]


@dataclass
class Bench:
    """A drive, and what was sent to it."""

    drive: Drive
    spy: Spy

    @property
    def link(self) -> Link:
        return Link(transport=self.spy, reverter=SimReverter(self.drive.transport))

    def steps(self, deed: Deed) -> Iterator[Step]:
        return table.give(self.link, deed, DriveClock(self.drive))

    def does(self, deed: Deed, *, hours: float = 0) -> list[Step]:
        """All steps; a command that blocks gets so many hours of the drive's time once it is taken."""
        found: list[Step] = []
        for step in self.steps(deed):
            found.append(step)
            if hours and type(step).__name__ == "Accepted":
                skip(self.drive, hours * 3600)
        return found

    def end(self, deed: Deed, *, hours: float = 0) -> StatusReading:
        """How the drive says that it ended."""
        last = self.does(deed, hours=hours)[-1]
        assert isinstance(last, Ended), last
        return last.reading

    def refusal(self, deed: Deed) -> Message:
        """Why it was not taken."""
        last = self.does(deed)[-1]
        assert isinstance(last, NotTaken), last
        return last.reason

    def cycle(self, *, cut: bool = False) -> None:
        self.drive.cycle(cut=cut)


def erase(technique: Technique, secret: str = "") -> Deed:
    return Deed(kind=StageKind.ERASE, technique=technique, hidden=None, secret=secret, mark=table.mark(technique))


def restore(kind: HiddenKind) -> Deed:
    return Deed(kind=StageKind.RESTORE, technique=None, hidden=kind, secret="", mark=None)


def unlock(secret: str, technique: Technique | None = None) -> Deed:
    return Deed(kind=StageKind.UNLOCK, technique=technique, hidden=None, secret=secret, mark=None)


REFORMAT = Deed(kind=StageKind.REFORMAT, technique=None, hidden=None, secret="", mark=None)


@contextmanager
def erasing(
    where: Path,
    personality: Personality,
    *sicknesses: Sickness,
    spec: CommandSpec | None = None,
    size: int = MIB,
) -> Iterator[Bench]:
    """A drive whose erasures take an hour of its own clock, with the secret in its first and last sector."""
    wanted = replace(spec or CommandSpec(), personality=personality, erase_ms=HOUR_MS, crypto_ms=60_000)
    with (
        commanded(where, personality, *sicknesses, spec=wanted, size=size) as drive,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(Blocking, "TAKEN_AFTER", 0.15)
        yield Bench(drive, Spy(drive))
