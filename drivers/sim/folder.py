"""What lies in a virtual drive's folder, and how it is read and written.

`drive.json` says what the drive is, `state.json` what it remembers; `medium` holds its bytes; `socket` is where it
answers, `pid` is locked while it runs, and `drive.log` is what a failing drive process wrote.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from bench.drive import Medium
from drivers.sim import faults
from drivers.sim.commands.memory import Memory
from drivers.sim.commands.spec import CommandSpec, Personality
from drivers.sim.documents import DocumentError, as_object, read

SPEC = "drive.json"
STATE = "state.json"
MEDIUM = "medium"
SOCKET = "socket"
PID = "pid"
LOG = "drive.log"

MIB = 1024 * 1024


class Power(StrEnum):
    """Who cuts the drive's power where a plan wants that."""

    SWITCHED = "switched"
    """The bench itself."""
    BY_HAND = "by-hand"
    """Whoever stands before it, who is asked: as with a real drive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DriveSpec:
    """What a virtual drive is. Sizes are bytes; `cache_size` 0 writes through.

    `seed` places everything random: the order of writing out, and what a power cut leaves. `sicknesses` are the
    initial ones: once the drive has run, `state.json` tells which it still has.
    """

    size: int
    model: str
    serial: str
    wwn: str = ""
    firmware: str = "1.0"
    vendor: str = "TableRase"
    logical_sector: int = 512
    physical_sector: int = 4096
    medium: Medium = Medium.ROTATING
    cache_size: int = 16 * MIB
    seed: int = 1
    power: Power = Power.SWITCHED
    sicknesses: tuple[faults.Sickness, ...] = ()
    commands: CommandSpec = field(default_factory=CommandSpec)

    def __post_init__(self) -> None:
        for name in ("logical_sector", "physical_sector"):
            if getattr(self, name) not in {512, 4096}:
                raise ValueError(f"{name} must be 512 or 4096, not {getattr(self, name)}")
        if self.physical_sector < self.logical_sector:
            raise ValueError("physical_sector must not be smaller than logical_sector")
        if self.size <= 0 or self.size % self.logical_sector:
            raise ValueError(f"size must be a positive multiple of {self.logical_sector}, not {self.size}")
        if self.medium not in {Medium.ROTATING, Medium.FLASH}:
            raise ValueError(f"medium must be rotating or flash, not {self.medium.value}")
        if self.cache_size < 0:
            raise ValueError(f"cache_size must not be negative, not {self.cache_size}")
        for name in ("hpa_size", "dco_size"):
            shown = getattr(self.commands, name)
            if shown > self.size or shown % self.logical_sector:
                raise ValueError(f"{name} must be whole sectors of the drive's {self.size} bytes, not {shown}")
        if self.commands.siblings and self.commands.personality is not Personality.NVME:
            raise ValueError("siblings are NVMe namespaces: they need the personality nvme")
        check_sicknesses(self.sicknesses, self.logical_sector)

    @property
    def medium_size(self) -> int:
        """Bytes of the medium: the drive's, and those of the namespaces beside it."""
        return self.size + self.commands.siblings * self.commands.sibling_size


@dataclass(slots=True, kw_only=True)
class Counters:
    """What the drive has served in its life. Requests are reads, writes, flushes and commands, failed ones too.

    `disturbances` counts requests that arrived while a blocking erasure was at work, and had to wait.
    """

    reads: int = 0
    writes: int = 0
    flushes: int = 0
    infos: int = 0
    bytes_read: int = 0
    bytes_written: int = 0
    commands: int = 0
    disturbances: int = 0

    @property
    def requests(self) -> int:
        """The number of the latest request, from 1."""
        return self.reads + self.writes + self.flushes + self.commands


@dataclass(frozen=True, slots=True, kw_only=True)
class DriveState:
    """What a drive remembers without power. `died_of` is empty while it lives.

    Saved at start, flush, stop, power cut, whenever a sickness changes and at every 64th of an erasure: after SIGKILL,
    requests since then are not in the counters.
    """

    power_cycles: int
    died_of: str
    counters: Counters
    sicknesses: tuple[faults.Sickness, ...]
    commands: Memory = field(default_factory=Memory)


def check_sicknesses(sicknesses: tuple[faults.Sickness, ...], sector: int) -> None:
    """Refuse with `ValueError` what contradicts the drive's sector size, or itself."""
    fakes = [sickness for sickness in sicknesses if isinstance(sickness, faults.FakeCapacity)]
    if len(fakes) > 1:
        raise ValueError("a drive has one fake capacity at most")
    if any(fake.real_size % sector for fake in fakes):
        raise ValueError(f"real_size must be a multiple of {sector}")


def save_spec(folder: Path, spec: DriveSpec) -> None:
    """Write `drive.json`."""
    _replace(folder / SPEC, spec_document(spec))


def load_spec(folder: Path) -> DriveSpec:
    """Read `drive.json`. Raises `DocumentError`, or `FileNotFoundError` where there is no drive."""
    return parse_spec(_load(folder / SPEC), str(folder / SPEC))


def spec_document(spec: DriveSpec) -> dict[str, Any]:
    """What `drive.json` says of a drive."""
    return {**asdict(spec), "sicknesses": [faults.to_json(item) for item in spec.sicknesses]}


def parse_spec(document: dict[str, Any], where: str) -> DriveSpec:
    """The reverse; `where` opens every error text. Raises `DocumentError`."""
    others = {name: value for name, value in document.items() if name != "sicknesses"}
    sicknesses = faults.parse_all(document.get("sicknesses", []), f"{where}: field 'sicknesses'")
    return read(DriveSpec, others, where, sicknesses=sicknesses)


def save_state(folder: Path, state: DriveState) -> None:
    """Write `state.json` in one step."""
    _replace(folder / STATE, {**asdict(state), "sicknesses": [faults.to_json(item) for item in state.sicknesses]})


def load_state(folder: Path, spec: DriveSpec) -> DriveState:
    """Read `state.json`, or the state of a drive that has never run. Raises `DocumentError`."""
    where = folder / STATE
    if not where.exists():
        return DriveState(power_cycles=0, died_of="", counters=Counters(), sicknesses=spec.sicknesses)
    document = _load(where)
    sicknesses = faults.parse_all(document.pop("sicknesses", None), f"{where}: field 'sicknesses'")
    counters = read(Counters, document.pop("counters", None), f"{where}: field 'counters'")
    return read(DriveState, document, str(where), sicknesses=sicknesses, counters=counters)


@contextmanager
def socket_path(folder: Path) -> Iterator[str]:
    """A short path to the drive's socket, valid inside the `with`: socket addresses end at 107 bytes."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{descriptor}/{SOCKET}"
    finally:
        os.close(descriptor)


def is_running(folder: Path) -> bool:
    """Whether a drive process holds the folder."""
    try:
        descriptor = os.open(folder / PID, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _load(path: Path) -> dict[str, Any]:
    try:
        return as_object(json.loads(path.read_text("utf-8")), str(path))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise DocumentError(f"{path}: not JSON: {error}") from error


def _replace(path: Path, document: dict[str, Any]) -> None:
    # No fsync: what is simulated is the drive's power, never the host's.
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(document, indent=1) + "\n", "utf-8")
    fresh.replace(path)
