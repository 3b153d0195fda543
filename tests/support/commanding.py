"""A commander over a virtual drive, in this process or in one that can be killed: `python -m support.commanding`."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from bench.capabilities import HiddenKind
from bench.drive import DriveFacts
from bench.firmware_work import CommandReport, Order
from bench.messages import say
from bench.ports import Commander
from bench.stages import PlannedStage, StageKind
from bench.techniques import Technique
from drivers.command_protocol import CommandFolder
from drivers.erase import table
from drivers.machine import MachineDrives
from drivers.sim import controls
from drivers.sim.client import SimConnection
from drivers.sim.commands.spec import CommandSpec, Personality
from drivers.sim.faults import Sickness
from support.virtual_drives import virtual_drive

PASSWORD = "table-rase-0001"  # noqa: S105 - of a virtual drive
_REASON = say("stage-erase-once")


def erase(technique: Technique, key: str = "JOB-1-1") -> Order:
    """An order to erase."""
    stage = PlannedStage(kind=StageKind.ERASE, reason=_REASON, technique=technique)
    return Order(stage=stage, key=key, secret=PASSWORD, mark=table.mark(technique))


def restore(hidden: HiddenKind) -> Order:
    """An order to open a hidden area."""
    return Order(stage=PlannedStage(kind=StageKind.RESTORE, reason=_REASON, hidden=hidden), key="JOB-1-1")


@contextmanager
def bay(
    where: Path, personality: Personality, *sicknesses: Sickness, spec: CommandSpec | None = None, serial: str = "S1"
) -> Iterator[DriveFacts]:
    """A running drive and what a survey says of it; all commands to it are recorded."""
    wanted = replace(spec or CommandSpec(erase_ms=600), personality=personality)
    with virtual_drive(where, *sicknesses, commands=wanted, serial=serial) as folder:
        record(folder)
        yield MachineDrives(where.parent / "state").survey(f"sim:{folder}")


def record(folder: Path) -> None:
    """Keep a log of requests, from now on."""
    with SimConnection.connect(folder) as connection:
        controls.record(connection)


def erasures(folder: Path) -> list[str]:
    """The commands since `record` that began an erasure, by what the drive itself logged."""
    with SimConnection.connect(folder) as connection:
        commands = [item.op for item in controls.recorded(connection)]
    return [command for command in commands if erases(command)]


def erases(command: str) -> bool:
    """Whether a command, as a drive logs it, begins an erasure."""
    match command.split():
        case ["scsi", cdb] if cdb.startswith("85"):
            raw = bytes.fromhex(cdb)
            return raw[14] == 0xF4 or (raw[14] == 0xB4 and raw[4] != 0)
        case ["scsi", cdb]:
            return cdb[:2] in {"04", "48"}
        case ["nvme", opcode, *_]:
            return opcode in {"80", "84"}
        case _:
            return False


@contextmanager
def commander(state: Path, facts: DriveFacts) -> Iterator[Commander]:
    """The drive held, and its commander."""
    claim = MachineDrives(state).claim(facts)
    try:
        yield claim.commander()
    finally:
        claim.release()


def worker_pid(folder: CommandFolder) -> int:
    """The process whose command line names the folder."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if b"drivers.command_worker" in words and str(folder.root).encode() in words:
                return int(entry.name)
    raise AssertionError("no worker")


def kill_worker(folder: CommandFolder) -> None:
    """Kill it; gone on return."""
    os.kill(worker_pid(folder), signal.SIGKILL)
    give_up = time.monotonic() + 10
    while folder.is_alive():
        assert time.monotonic() < give_up
        time.sleep(0.005)


async def run(found: Commander, order: Order) -> list[CommandReport]:
    """All reports."""
    return [report async for report in found.run(order)]


async def adopt(found: Commander, order: Order) -> list[CommandReport]:
    """All reports."""
    return [report async for report in found.adopt(order)]


async def _main(state: str, address: str, technique: str) -> None:
    facts = MachineDrives(Path(state)).survey(address)
    with commander(Path(state), facts) as found:
        async for report in found.run(erase(Technique(technique))):
            sys.stdout.write(f"{type(report).__name__}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(_main(*sys.argv[1:]))
