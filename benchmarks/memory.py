"""The floor beneath any overwrite with a full reading back: its bytes generated, compared and copied in memory."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable
from dataclasses import dataclass

from bench.work import Algorithm, Content
from drivers.buffers import aligned_buffers
from drivers.streams import source_for

CHUNK = 1 << 20

_libc = ctypes.CDLL(None)
_libc.memcmp.argtypes = _libc.memcpy.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t)
_libc.memcpy.restype = ctypes.c_void_p


@dataclass(frozen=True, slots=True, kw_only=True)
class Buffer:
    """Pages of memory and where they are."""

    view: memoryview
    address: int

    @classmethod
    def of(cls, size: int) -> Buffer:
        """`size` bytes, all of them present."""
        view = aligned_buffers(1, size)[0]
        address = ctypes.addressof(ctypes.c_char.from_buffer(view))
        ctypes.memset(address, 0xA5, size)
        return cls(view=view, address=address)


def generate(algorithm: Algorithm, size: int) -> Callable[[], None]:
    """The keystream alone, `size` bytes of it, into one chunk again and again."""
    source, chunk = source_for(Content(algorithm=algorithm, key="5a" * 32), CHUNK), Buffer.of(CHUNK)

    def work() -> None:
        for offset in range(0, size, CHUNK):
            source.at(offset, chunk.view)

    return work


def floor(algorithm: Algorithm, size: int, threads: int = 1) -> Callable[[], None]:
    """Generate twice, compare once, copy twice: to memory of the drive's size, and back. Shared among `threads`."""
    parts = [_floor_of_part(algorithm, size // threads // CHUNK * CHUNK) for _ in range(threads)]

    def work() -> None:
        running = [threading.Thread(target=part) for part in parts]
        for thread in running:
            thread.start()
        for thread in running:
            thread.join()

    return work


def _floor_of_part(algorithm: Algorithm, size: int) -> Callable[[], None]:
    source = source_for(Content(algorithm=algorithm, key="5a" * 32), CHUNK)
    drive, made, read = Buffer.of(size), Buffer.of(CHUNK), Buffer.of(CHUNK)

    def work() -> None:
        for offset in range(0, size, CHUNK):
            source.at(offset, made.view)
            _libc.memcpy(drive.address + offset, made.address, CHUNK)
        for offset in range(0, size, CHUNK):
            _libc.memcpy(read.address, drive.address + offset, CHUNK)
            source.at(offset, made.view)
            if _libc.memcmp(made.address, read.address, CHUNK) != 0:
                raise RuntimeError(f"memory changed at {offset}: nothing measured here can be trusted")

    return work
