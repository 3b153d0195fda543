"""Reads and writes as the medium and its caches serve them, past sicknesses and the firmware's refusals."""

from __future__ import annotations

import errno
import os
from typing import Protocol

from drivers.sim.cache import WriteCache
from drivers.sim.command_faults import StaleReads
from drivers.sim.commands.memory import Erasure
from drivers.sim.health import Health
from drivers.sim.protocol import Op
from drivers.sim.read_cache import ReadCache


class Doorkeeper(Protocol):
    """What the firmware says about block requests; see `drivers.sim.commands.firmware.Firmware`."""

    @property
    def block(self) -> int:
        """Bytes of a logical sector."""
        ...

    @property
    def reach(self) -> int:
        """Bytes that block requests can reach."""
        ...

    @property
    def extent(self) -> int:
        """Bytes that commands can reach."""
        ...

    def area(self, nsid: int) -> tuple[int, int]:
        """First byte and reach of a namespace. Raises ENXIO."""
        ...

    def refusal(self, *, write: bool) -> int:
        """An error number, or 0."""
        ...

    def is_absent(self) -> bool:
        """Whether reads end at once and without an error."""
        ...

    def shadow(self, offset: int, length: int) -> bytes | None:
        """What is read instead of the data, if anything."""
        ...

    def written(self) -> None:
        """User data has come."""
        ...


class Storage:
    """For whoever's turn it is on the drive; implements `drivers.sim.commands.core.Io` too.

    `firmware` is set once it exists. Everything may raise `OSError` with the drive's error number.
    """

    firmware: Doorkeeper

    def __init__(self, cache: WriteCache, health: Health, sector: int) -> None:
        self._cache = cache
        self._health = health
        self._read_cache = ReadCache(sector)

    def check_range(self, offset: int, length: int, nsid: int) -> None:
        """Raise EINVAL for what is no range of whole sectors of this namespace."""
        sector, (_, reach) = self.firmware.block, self.firmware.area(nsid)
        if self.firmware.is_absent():
            return
        if length == 0 or offset % sector or length % sector or offset + length > reach:
            raise OSError(
                errno.EINVAL,
                f"bytes {offset} to {offset + length} are no whole sectors of {sector} bytes of this drive of {reach}",
            )

    def read_into(self, offset: int, buffer: memoryview, nsid: int) -> int:
        """Fill the buffer on behalf of the host's kernel; the number of bytes read."""
        self._check_refusal(write=False)
        return 0 if self.firmware.is_absent() else self._give(self.firmware.area(nsid)[0] + offset, buffer)

    def take(self, offset: int, data: memoryview, nsid: int) -> int:
        """Write, on behalf of the host's kernel, data whose buffer the caller gives up; the number of bytes taken."""
        self._check_refusal(write=True)
        return self._keep(self.firmware.area(nsid)[0] + offset, data)

    def flush(self) -> None:
        """Empty the write cache; see `Io`."""
        if not self._health.flush_is_a_lie():
            self._cache.flush()

    def read(self, offset: int, length: int) -> bytes:
        """See `Io`. Sees sectors that the kernel makes no disk of."""
        buffer = bytearray(length)
        self._check_reach(offset, length)
        done = self._give(offset, memoryview(buffer))
        self._health.moved(Op.READ, done)
        return bytes(buffer[:done])

    def write(self, offset: int, data: bytes) -> None:
        """See `Io`."""
        self._check_reach(offset, len(data))
        self._health.moved(Op.WRITE, self._keep(offset, memoryview(bytearray(data))))

    def erased(self, _: Erasure) -> None:
        """An erasure has come to its end."""
        self._read_cache.stale = self._health.find(StaleReads) is not None

    def _give(self, offset: int, buffer: memoryview) -> int:
        length = self._allowed(Op.READ, offset, len(buffer))
        if (image := self.firmware.shadow(offset, length)) is not None:
            buffer[:length] = image
            return length
        for place, part in self._health.pieces(offset, length):
            self._cache.read_into(place, buffer[part])
        if self._read_cache.stale:
            self._read_cache.overlay(offset, buffer[:length])
        elif self._health.find(StaleReads):
            self._read_cache.keep(offset, buffer[:length])
        return length

    def _keep(self, offset: int, data: memoryview) -> int:
        length = self._allowed(Op.WRITE, offset, len(data))
        if self._health.find(StaleReads):
            self._read_cache.keep(offset, data[:length])
        for place, part in self._health.pieces(offset, length):
            self._cache.write(place, data[part])
        if self._health.cure(offset, length):
            self._cache.flush()
        self.firmware.written()
        return length

    def _check_reach(self, offset: int, length: int) -> None:
        if offset + length > self.firmware.extent:
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))

    def _check_refusal(self, *, write: bool) -> None:
        if number := self.firmware.refusal(write=write):
            raise OSError(number, os.strerror(number))

    def _allowed(self, op: Op, offset: int, length: int) -> int:
        """How many bytes this request may move. Raises `OSError` where a sickness refuses it."""
        if number := self._health.refusal(op, offset, length):
            raise OSError(number, os.strerror(number))
        return self._health.limit(op, length)
