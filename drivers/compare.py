"""Comparing buffers without the interpreter lock, and locating what differs to the sector."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator

_libc = ctypes.CDLL(None)
_libc.memcmp.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t)
_libc.memcmp.restype = ctypes.c_int


def differ(expected: memoryview, found: memoryview) -> bool:
    """Whether two writable buffers of one length differ; memcmp(3)."""
    return bool(len(found)) and _libc.memcmp(_address(expected), _address(found), len(found)) != 0


def differing(expected: memoryview, found: memoryview, sector: int) -> Iterator[tuple[int, int]]:
    """Runs of differing sectors as (offset, length) in bytes; nothing where all is equal."""
    if not differ(expected, found):
        return
    start: int | None = None
    for at in range(0, len(found), sector):
        if expected[at : at + sector] != found[at : at + sector]:
            start = at if start is None else start
        elif start is not None:
            yield start, at - start
            start = None
    if start is not None:
        yield start, len(found) - start


def _address(view: memoryview) -> int:
    return ctypes.addressof(ctypes.c_char.from_buffer(view))
