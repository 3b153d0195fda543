"""Sicknesses of a virtual drive, as frozen values with a strict JSON form: `{"kind": "hang", "at": 120}`.

`at` is the number of a request (READ, WRITE, FLUSH or COMMAND), counted from 1 over the drive's whole life in
`drive.json`, and from the moment of arming when armed at run time (`from_now`). What happens once is forgotten
when it has happened; all else lasts, across restarts too, until disarmed. Those of the firmware are in
`drivers.sim.command_faults`.
"""

from __future__ import annotations

import errno
import signal
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any, TypeAlias

from drivers.sim import command_faults
from drivers.sim.command_faults import CommandSickness
from drivers.sim.documents import DocumentError, as_object, read

_ERRNO_MAX = 4095  # the kernel's own limit


class Moment(StrEnum):
    """When, around a request, something strikes."""

    BEFORE = "before"
    """The request has arrived and is not yet performed."""
    AFTER = "after"
    """The request is performed and not yet answered."""


class OnWrite(StrEnum):
    """What writing to a bad sector does."""

    ERROR = "error"
    CURE = "cure"
    """The drive puts a spare in its place: written at once, past the cache, and good from then on."""


class Target(StrEnum):
    """Who receives a signal."""

    PROCESS = "process"
    """The process named by `pid`."""
    CLIENT = "client"
    """The process that opened the connection."""
    SENDER = "sender"
    """The process that sent this very request, which may have inherited the connection."""


class Transfer(StrEnum):
    """Which requests can move fewer bytes than asked."""

    READ = "read"
    WRITE = "write"


@dataclass(frozen=True, slots=True, kw_only=True)
class BadSectors:
    """`count` logical sectors from `first` cannot be read (`read_errno`: 5 EIO, 61 ENODATA, 121 EREMOTEIO)."""

    first: int
    count: int
    read_errno: int = errno.EIO
    on_write: OnWrite = OnWrite.ERROR
    write_errno: int = errno.EIO

    def __post_init__(self) -> None:
        _at_least(0, first=self.first)
        _at_least(1, count=self.count)
        _error_numbers(read_errno=self.read_errno, write_errno=self.write_errno)


@dataclass(frozen=True, slots=True, kw_only=True)
class Death:
    """From request `at` on, every request is answered with EIO, for ever."""

    at: int

    def __post_init__(self) -> None:
        _at_least(1, at=self.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class WornOut:
    """Death at the write that would bring the bytes written in the drive's life above `written`."""

    written: int

    def __post_init__(self) -> None:
        _at_least(0, written=self.written)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slowness:
    """Each request takes `ms` milliseconds, and the time its bytes need at `bytes_per_second` (0: no limit).

    With `inner_bytes_per_second` the drive slows down inwards, as a disk does that turns at constant speed: the square
    of its speed falls evenly from the first byte, at `bytes_per_second`, to the last.
    """

    ms: int = 0
    bytes_per_second: int = 0
    inner_bytes_per_second: int = 0

    def __post_init__(self) -> None:
        _at_least(0, ms=self.ms, bytes_per_second=self.bytes_per_second, inner=self.inner_bytes_per_second)
        if self.inner_bytes_per_second and not self.bytes_per_second:
            raise ValueError("inner_bytes_per_second needs bytes_per_second, the speed at the drive's start")

    def speed_at(self, place: float) -> float:
        """Bytes/s at a place from 0, the drive's start, to 1, its end; 0 for no limit."""
        if not self.inner_bytes_per_second:
            return self.bytes_per_second
        outer, inner = self.bytes_per_second**2, self.inner_bytes_per_second**2
        return float((outer + (inner - outer) * place) ** 0.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hang:
    """Request `at` is never performed nor answered, and its connection serves nothing more. Once."""

    at: int

    def __post_init__(self) -> None:
        _at_least(1, at=self.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteErrors:
    """From request `at` on, every write fails with `errno`."""

    at: int = 1
    errno: int = errno.EIO

    def __post_init__(self) -> None:
        _at_least(1, at=self.at)
        _error_numbers(errno=self.errno)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlushLie:
    """From request `at` on, FLUSH is answered as done and nothing leaves the cache."""

    at: int = 1

    def __post_init__(self) -> None:
        _at_least(1, at=self.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class FakeCapacity:
    """The medium holds `real_size` bytes only; offsets beyond wrap around to its start.

    A drive created with it has a medium of that size: a drive of any size fits on any host.
    """

    real_size: int

    def __post_init__(self) -> None:
        _at_least(512, real_size=self.real_size)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortTransfer:
    """The first read or write from request `at` on moves at most `sectors` logical sectors, without an error. Once."""

    at: int
    transfer: Transfer
    sectors: int

    def __post_init__(self) -> None:
        _at_least(1, at=self.at)
        _at_least(0, sectors=self.sectors)


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerCut:
    """The power fails at request `at`: the cache is lost but for what happens to reach the medium. Once."""

    at: int
    moment: Moment = Moment.BEFORE

    def __post_init__(self) -> None:
        _at_least(1, at=self.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherSize:
    """Asked for its size the second way, the drive says `size` bytes."""

    size: int

    def __post_init__(self) -> None:
        _at_least(0, size=self.size)


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherIdentity:
    """From INFO number `at_info` on, the drive calls itself so."""

    at_info: int
    model: str
    serial: str
    wwn: str

    def __post_init__(self) -> None:
        _at_least(1, at_info=self.at_info)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kill:
    """Send `signal` to a process at request `at`. Once.

    After SIGKILL the drive waits for the process to be gone. A request whose own sender was so killed `before`
    it was performed is dropped, as if the process had died just before sending it.
    """

    at: int
    target: Target
    pid: int = 0
    signal: int = signal.SIGKILL
    moment: Moment = Moment.BEFORE

    def __post_init__(self) -> None:
        _at_least(1, at=self.at)
        if self.signal not in {*signal.Signals}:
            raise ValueError(f"signal must be a signal's number, not {self.signal}")
        if self.target is Target.PROCESS:
            _at_least(2, pid=self.pid)
        elif self.pid != 0:
            raise ValueError(f"pid is for target {Target.PROCESS.value!r} only")


Sickness: TypeAlias = (
    BadSectors
    | Death
    | WornOut
    | Slowness
    | Hang
    | WriteErrors
    | FlushLie
    | FakeCapacity
    | ShortTransfer
    | PowerCut
    | OtherSize
    | OtherIdentity
    | Kill
    | CommandSickness
)

KINDS: dict[str, type[Sickness]] = {
    "bad-sectors": BadSectors,
    "death": Death,
    "worn-out": WornOut,
    "slowness": Slowness,
    "hang": Hang,
    "write-errors": WriteErrors,
    "flush-lie": FlushLie,
    "fake-capacity": FakeCapacity,
    "short-transfer": ShortTransfer,
    "power-cut": PowerCut,
    "other-size": OtherSize,
    "other-identity": OtherIdentity,
    "kill": Kill,
    **command_faults.KINDS,
}
_NAMES = {kind: name for name, kind in KINDS.items()}


def parse(document: object) -> Sickness:
    """Read one sickness. Raises `DocumentError` naming the kind and the field."""
    found = as_object(document, "sickness")
    kind = KINDS.get(str(found.get("kind")))
    if kind is None:
        raise DocumentError(f"sickness: kind {found.get('kind')!r} is unknown; known are {', '.join(KINDS)}")
    rest = {name: value for name, value in found.items() if name != "kind"}
    return read(kind, rest, f"sickness {found['kind']!r}")


def parse_all(document: object, where: str) -> tuple[Sickness, ...]:
    """Read a list of sicknesses. Raises `DocumentError`."""
    if not isinstance(document, list):
        raise DocumentError(f"{where}: a list of sicknesses is expected, not {document!r}")
    return tuple(parse(item) for item in document)


def to_json(sickness: Sickness) -> dict[str, Any]:
    """The JSON form that `parse` reads."""
    return {"kind": _NAMES[type(sickness)], **asdict(sickness)}


def from_now(sickness: Sickness, *, requests: int, written: int, infos: int) -> Sickness:
    """The sickness with its count starting after so many requests, bytes written and INFOs already served."""
    match sickness:
        case Death() | Hang() | WriteErrors() | FlushLie() | ShortTransfer() | PowerCut() | Kill():
            return replace(sickness, at=sickness.at + requests)
        case WornOut():
            return replace(sickness, written=sickness.written + written)
        case OtherIdentity():
            return replace(sickness, at_info=sickness.at_info + infos)
        case _:
            return sickness


def _at_least(least: int, **values: int) -> None:
    for name, value in values.items():
        if value < least:
            raise ValueError(f"{name} must be at least {least}, not {value}")


def _error_numbers(**values: int) -> None:
    for name, value in values.items():
        if not 0 < value <= _ERRNO_MAX:
            raise ValueError(f"{name} must be an error number from 1 to {_ERRNO_MAX}, not {value}")
