"""Preparing chunks in a thread, a few ahead of the one being finished."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Self, TypeAlias

from drivers.buffers import aligned_buffers
from drivers.salvage import Refused

CHUNK = 1 << 20
BUFFERS = 2
"""One being prepared while the other is finished: more only leave the processor's cache (docs/performance.md)."""

Prepare: TypeAlias = Callable[[int, memoryview], tuple[memoryview, Refused | None]]
"""Prepares the chunk at an offset in a buffer; gives its bytes, and what kept some of them from being read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """One chunk on its way: its place, its bytes, the buffer to give back, and what went wrong reading it."""

    offset: int
    data: memoryview
    buffer: memoryview
    refused: Refused | None

    @property
    def end(self) -> int:
        """The offset behind it."""
        return self.offset + len(self.data)


class Ahead:
    """Prepares chunks of at most `CHUNK` bytes. A context manager and an iterator.

    A chunk and its bytes are the caller's until it asks for the next one.
    """

    def __init__(self, spans: Iterable[tuple[int, int]], prepare: Prepare) -> None:
        self._spans = spans
        self._prepare = prepare
        self._free: SimpleQueue[memoryview | None] = SimpleQueue()
        self._ready: SimpleQueue[Chunk | Exception | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="prepare", daemon=True)

    def __enter__(self) -> Self:
        for buffer in aligned_buffers(BUFFERS, CHUNK):
            self._free.put(buffer)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._free.put(None)
        self._thread.join()

    def __iter__(self) -> Iterator[Chunk]:
        while (chunk := self._ready.get()) is not None:
            if isinstance(chunk, Exception):
                raise chunk
            yield chunk
            self._free.put(chunk.buffer)

    def _run(self) -> None:
        try:
            for offset, length in self._spans:
                buffer = self._free.get()
                if buffer is None:
                    return
                data, refused = self._prepare(offset, buffer[:length])
                self._ready.put(Chunk(offset=offset, data=data, buffer=buffer, refused=refused))
        except Exception as error:  # noqa: BLE001 - raised again in the thread that finishes the chunks
            self._ready.put(error)
        finally:
            self._ready.put(None)
