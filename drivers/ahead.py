"""Preparing chunks: in a thread, one ahead of the one being finished, as long as that helps; else in turns with it."""

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

    A chunk and its bytes are the caller's until it asks for the next one. `helps` says, each time, whether the next one
    is to be prepared by the thread, or by the caller itself, while it asks for it. Who has a buffer has the right to
    take a span: the thread is at rest while the caller keeps all buffers.
    """

    def __init__(self, spans: Iterable[tuple[int, int]], prepare: Prepare, helps: Callable[[], bool]) -> None:
        self._spans = iter(spans)
        self._prepare = prepare
        self._helps = helps
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
        kept: list[memoryview] = []
        while True:
            if self._helps():
                while kept:
                    self._free.put(kept.pop())
            # What the thread has in its hands comes first, in any case.
            chunk = self._next(kept.pop()) if len(kept) == BUFFERS else self._ready.get()
            if isinstance(chunk, Exception):
                raise chunk
            if chunk is None:
                return
            yield chunk
            kept.append(chunk.buffer)

    def _run(self) -> None:
        try:
            while (buffer := self._free.get()) is not None and (chunk := self._next(buffer)) is not None:
                self._ready.put(chunk)
        except Exception as error:  # noqa: BLE001 - raised again in the thread that finishes the chunks
            self._ready.put(error)
        finally:
            self._ready.put(None)

    def _next(self, buffer: memoryview) -> Chunk | None:
        """Prepare the next chunk; None after the last one."""
        span = next(self._spans, None)
        if span is None:
            return None
        offset, length = span
        data, refused = self._prepare(offset, buffer[:length])
        return Chunk(offset=offset, data=data, buffer=buffer, refused=refused)
