"""Real virtual drives for tests: processes over folders, on while a `with` lasts."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from drivers.sim import launch
from drivers.sim.client import SimConnection
from drivers.sim.commands.spec import CommandSpec
from drivers.sim.faults import Sickness
from drivers.sim.folder import DriveSpec

MIB = 1024 * 1024


@contextmanager
def virtual_drive(
    where: Path,
    *sicknesses: Sickness,
    size: int = MIB,
    cache_size: int = 16 * MIB,
    logical_sector: int = 512,
    seed: int = 1,
    serial: str = "SIM-0001",
    commands: CommandSpec | None = None,
) -> Iterator[Path]:
    """A drive that is running; whatever state it is in at the end, it is off afterwards."""
    spec = DriveSpec(
        size=size,
        model="Table d'essai",
        serial=serial,
        wwn="5000c500a1b2c3d4",
        cache_size=cache_size,
        logical_sector=logical_sector,
        seed=seed,
        sicknesses=sicknesses,
        commands=commands or CommandSpec(),
    )
    launch.create(where, spec)
    launch.start(where)
    try:
        yield where
    finally:
        if launch.is_running(where):
            launch.power_cut(where)


@contextmanager
def connected(
    where: Path,
    *sicknesses: Sickness,
    size: int = MIB,
    cache_size: int = 16 * MIB,
    logical_sector: int = 512,
) -> Iterator[SimConnection]:
    """A connection to a running drive of its own."""
    drive = virtual_drive(where, *sicknesses, size=size, cache_size=cache_size, logical_sector=logical_sector)
    with drive, SimConnection.connect(where) as connection:
        yield connection


def write(connection: SimConnection, offset: int, data: bytes) -> int:
    """Write bytes."""
    return connection.write(offset, memoryview(data))


def read(connection: SimConnection, offset: int, length: int) -> bytes:
    """Read bytes, however many come."""
    buffer = bytearray(length)
    return bytes(buffer[: connection.read_into(offset, memoryview(buffer))])


def wait_until_off(where: Path) -> None:
    """Wait for a drive that is about to lose its power."""
    give_up = time.monotonic() + 10
    while launch.is_running(where):
        assert time.monotonic() < give_up, "the drive is still on"
        time.sleep(0.002)


def drive_pid(where: Path) -> int:
    """The process id of a running drive."""
    return int((where / "pid").read_text())


def kill_drive(where: Path) -> None:
    """End a drive's process without a warning: its cache is lost."""
    os.kill(drive_pid(where), signal.SIGKILL)
    wait_until_off(where)
