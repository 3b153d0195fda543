"""The medium a worker reads and writes: an open block device or file, or a virtual drive's socket."""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from drivers.sim.client import SimConnection


class Medium(Protocol):
    """Bytes at offsets. Every method may raise `OSError` with the drive's errno, and may transfer less than asked."""

    def read_into(self, offset: int, buffer: memoryview) -> int:
        """Read into `buffer`; returns the number of bytes read."""
        ...

    def write(self, offset: int, data: memoryview) -> int:
        """Write `data`; returns the number of bytes written."""
        ...

    def flush(self) -> None:
        """Return once everything written is on the medium, through every cache on the way."""
        ...

    def forget(self) -> None:
        """Make the next reads come from the drive: drop what the host has cached of it."""
        ...


class Kind(StrEnum):
    """What the worker's descriptor is."""

    DESCRIPTOR = "descriptor"
    SIMULATED = "simulated"


@dataclass(frozen=True, slots=True, kw_only=True)
class MediumSpec:
    """How a worker finds its medium: an inherited descriptor, its kind, and whether the page cache is bypassed."""

    fd: int
    kind: Kind
    direct_io: bool


class DescriptorMedium:
    """A block device or regular file, through its descriptor."""

    def __init__(self, fd: int, *, direct_io: bool) -> None:
        self._fd = fd
        self._direct_io = direct_io

    def read_into(self, offset: int, buffer: memoryview) -> int:
        """See `Medium`."""
        return os.preadv(self._fd, [buffer], offset)

    def write(self, offset: int, data: memoryview) -> int:
        """See `Medium`."""
        return os.pwritev(self._fd, [data], offset)

    def flush(self) -> None:
        """See `Medium`. On a block device fsync(2) ends with the flush command to the drive."""
        os.fsync(self._fd)

    def forget(self) -> None:
        """See `Medium`. Direct I/O never filled the page cache; otherwise clean pages are dropped."""
        if not self._direct_io:
            os.fsync(self._fd)
            os.posix_fadvise(self._fd, 0, 0, os.POSIX_FADV_DONTNEED)


class SimulatedMedium:
    """A virtual drive, through its socket."""

    def __init__(self, connection: SimConnection) -> None:
        self._drive = connection

    def read_into(self, offset: int, buffer: memoryview) -> int:
        """See `Medium`."""
        return self._drive.read_into(offset, buffer)

    def write(self, offset: int, data: memoryview) -> int:
        """See `Medium`."""
        return self._drive.write(offset, data)

    def flush(self) -> None:
        """See `Medium`."""
        self._drive.flush()

    def forget(self) -> None:
        """See `Medium`. The host caches nothing of a virtual drive."""


def open_medium(spec: MediumSpec) -> Medium:
    """The medium behind an inherited descriptor."""
    if spec.kind is Kind.SIMULATED:
        # Imported here: a worker on a real drive has no simulator in it, and starts a third faster.
        from drivers.sim.client import SimConnection  # noqa: PLC0415

        return SimulatedMedium(SimConnection.from_fd(spec.fd))
    return DescriptorMedium(spec.fd, direct_io=spec.direct_io)
