"""How fast drives can be read: a thread for each, past the host's cache, holding nobody off and writing nothing."""

from __future__ import annotations

import errno
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial

from bench.drive import DriveFacts
from drivers.ahead import CHUNK
from drivers.buffers import aligned_buffers
from drivers.medium import DescriptorMedium
from drivers.sim import bays

PATIENCE_SECONDS = 10.0
"""How much longer than asked a drive may take for its last chunk. Its thread is then left behind."""
_MAX_ERRORS = 8
"""After so many chunks that cannot be read a drive's speed says nothing about a bus."""


@dataclass(slots=True, kw_only=True)
class Reading:
    """One drive of `size` bytes: its way `into` a buffer from an offset, and where it is read next."""

    into: Callable[[int, memoryview], int]
    size: int
    position: int = 0
    hangs: bool = False
    buffer: memoryview = field(default_factory=lambda: aligned_buffers(1, CHUNK)[0])

    def read(self, until: float) -> float:
        """Read until then; bytes/s."""
        began = time.monotonic()
        moved = errors = 0
        while time.monotonic() < until and errors < _MAX_ERRORS:
            length = min(CHUNK, self.size - self.position)
            try:
                count = self.into(self.position, self.buffer[:length])
            except OSError:
                count = 0
            moved += count
            errors += count == 0
            self.position = (self.position + length) % self.size
        return moved / (time.monotonic() - began)


class DriveReader:
    """Implements `bench.bus_speed.SpeedReader` over drives that were opened for it."""

    def __init__(self, readings: Mapping[str, Reading]) -> None:
        self._readings = readings

    def read(self, addresses: Sequence[str], seconds: float) -> Mapping[str, float]:
        """See `SpeedReader.read`."""
        until = time.monotonic() + seconds
        speeds = dict.fromkeys(addresses, 0.0)

        def run(address: str, reading: Reading) -> None:
            speeds[address] = reading.read(until)

        readings = {address: self._readings[address] for address in addresses if not self._readings[address].hangs}
        threads = {
            address: threading.Thread(target=run, args=(address, reading), name="read speed", daemon=True)
            for address, reading in readings.items()
        }
        for thread in threads.values():
            thread.start()
        for address, thread in threads.items():
            thread.join(max(0.0, until + PATIENCE_SECONDS - time.monotonic()))
            readings[address].hangs = thread.is_alive()
        return dict(speeds)


@contextmanager
def opened(drives: Sequence[DriveFacts]) -> Iterator[DriveReader]:
    """Open these drives for reading while a `with` lasts. Raises `OSError`."""
    with ExitStack() as stack:
        readings = {facts.address: Reading(into=_way_in(facts, stack), size=facts.identity.size) for facts in drives}
        yield DriveReader(readings)


def _way_in(facts: DriveFacts, stack: ExitStack) -> Callable[[int, memoryview], int]:
    if bays.is_simulated(facts.address):
        connection, namespace = bays.connect(facts.address)
        stack.enter_context(connection)
        return partial(connection.read_into, namespace=namespace)
    flags = os.O_RDONLY | os.O_CLOEXEC
    try:
        fd, direct_io = os.open(facts.node, flags | os.O_DIRECT), True
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
        fd, direct_io = os.open(facts.node, flags), False
    stack.callback(os.close, fd)
    return DescriptorMedium(fd, direct_io=direct_io).read_into
