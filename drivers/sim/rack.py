"""A rack of virtual drives with recognisable data on them, to show the bench or to search afterwards."""

from __future__ import annotations

import mmap
import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from bench.drive import SIM_PREFIX, Medium
from drivers.commands import sat
from drivers.commands.sat import AtaCommand
from drivers.sim import launch
from drivers.sim.client import SimConnection
from drivers.sim.command_faults import LyingErase
from drivers.sim.commands.spec import Bridge, CommandSpec, Personality, Tcg
from drivers.sim.faults import BadSectors, Sickness, Slowness, WornOut
from drivers.sim.folder import MEDIUM, DriveSpec, is_running
from drivers.sim.transport import SimTransport

MIB = 1 << 20
COUNT = 8
_FILE_BYTES = 256 * 1024
_FILLED = 2 / 5
"""Share of a drive that planted files take: a file system needs room for itself."""
_SPEEDS = (96, 88, 104, 80, 120, 112, 92, 100)
_ERASE_MS = (2400, 1800, 1200, 1500, 2000, 0, 0, 900)
_FIRMWARE = (
    CommandSpec(personality=Personality.ATA_DISK),
    CommandSpec(personality=Personality.SAS_DISK),
    CommandSpec(personality=Personality.ATA_SSD),
    CommandSpec(personality=Personality.NVME),
    CommandSpec(personality=Personality.ATA_DISK, bridge=Bridge.FIXED, sanitize="none"),
    CommandSpec(),
    CommandSpec(),
    CommandSpec(personality=Personality.SAS_SSD, tcg=Tcg.OPAL, tcg_locked=True),
)
"""What each drive's firmware is; the sick ones have none that answers."""
_LYING, _FROZEN = 1, 4
"""One reports an erasure that it did not do; one was frozen by its machine, as BIOSes do at each start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RackDrive:
    """One drive of the rack: its folder, and the token that stands all over its planted data."""

    folder: Path
    token: bytes
    filesystem: str
    frozen: bool

    @property
    def address(self) -> str:
        """How the bench is told of it."""
        return f"{SIM_PREFIX}{self.folder}"

    def traces(self) -> int:
        """How many times the token is on the medium. The drive must be off: what is in its cache is not counted."""
        with (self.folder / MEDIUM).open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            count, at = 0, data.find(self.token)
            while at >= 0:
                count += 1
                at = data.find(self.token, at + len(self.token))
            return count


def fill(folder: Path, size: int) -> tuple[RackDrive, ...]:
    """Make eight drives of `size` bytes and plant data on them.

    There is one at least of every kind of firmware: one lies, one is frozen when it is switched on, one is locked by
    Opal. One of those without has bad sectors, one dies half-way.
    """
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        return tuple(pool.map(lambda number: _make(folder / f"drive-{number + 1}", number, size), range(COUNT)))


@contextmanager
def powered(drives: Sequence[RackDrive]) -> Iterator[None]:
    """All drives on, then off again in good order."""
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        try:
            list(pool.map(_switch_on, drives))
            yield
        finally:
            running = [drive for drive in drives if is_running(drive.folder)]
            list(pool.map(lambda drive: launch.stop(drive.folder), running))


def _switch_on(drive: RackDrive) -> None:
    launch.start(drive.folder)
    if not drive.frozen:
        return
    freeze = AtaCommand(name="SECURITY FREEZE LOCK", command=0xF5)
    with SimConnection.connect(drive.folder) as connection:
        connection.claim()
        sat.send(SimTransport(connection), freeze)


def _make(where: Path, number: int, size: int) -> RackDrive:
    launch.create(where, _spec(number, size))
    token = f"<{secrets.token_hex(12)}>".encode()
    filesystem = _plant(where / MEDIUM, token, size)
    return RackDrive(folder=where, token=token, filesystem=filesystem, frozen=number == _FROZEN)


def _spec(number: int, size: int) -> DriveSpec:
    firmware = _FIRMWARE[number]
    flash = firmware.personality.is_flash or number == COUNT - 3
    sicknesses: list[Sickness] = [Slowness(bytes_per_second=_SPEEDS[number] * MIB)]
    if number == _LYING:
        sicknesses.append(LyingErase())
    if number == COUNT - 3:
        sicknesses.append(BadSectors(first=size // 8 // 512, count=8))
    if number == COUNT - 2:
        sicknesses.append(WornOut(written=size * 3 // 4))
    return DriveSpec(
        size=size,
        model=f"Virtual {'SSD' if flash else 'HDD'} {size // MIB}M",
        serial=f"DEMO-{number + 1:04}",
        wwn=f"50000000000d{number + 1:04x}",
        medium=Medium.FLASH if flash else Medium.ROTATING,
        seed=number + 1,
        sicknesses=tuple(sicknesses),
        commands=replace(firmware, erase_ms=_ERASE_MS[number] or 1, crypto_ms=100),
    )


def _plant(medium: Path, token: bytes, size: int) -> str:
    """Put files full of `token` on a drive that is off: an ext4 file system where it can be made, else bare text."""
    line = b"Personnel et confidentiel / personal and confidential " + token + b"\n"
    mkfs = shutil.which("mke2fs", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if mkfs is None:
        with medium.open("r+b") as file:
            file.write((line * (size // len(line) + 1))[:size])
        return ""
    with tempfile.TemporaryDirectory() as folder:
        for number in range(int(size * _FILLED) // _FILE_BYTES):
            (Path(folder) / f"dossier-{number:04}.txt").write_bytes(line * (_FILE_BYTES // len(line)))
        options = ["-q", "-F", "-t", "ext4", "-E", "root_owner=0:0", "-d", folder]
        subprocess.run([mkfs, *options, str(medium), f"{size // 1024}k"], check=True, capture_output=True)
    return "ext4"
