"""The hot loop: overwrite, read back, sample. Two threads over a few reused buffers.

One thread prepares chunks (generates what to write, or reads what to compare), the other finishes them (writes, or
compares). All heavy work releases the interpreter lock. Nothing here decides what a fault means: it is reported.
"""

from __future__ import annotations

import ctypes
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Self, TypeAlias

from bench.sampling import places
from bench.work import (
    Action,
    Checkpointed,
    Content,
    Fault,
    FaultKind,
    Finished,
    Progress,
    Report,
    SampleTask,
    Stopped,
    VerifyTask,
    WriteTask,
)
from drivers.medium import Medium
from drivers.streams import aligned_buffer, source_for

CHUNK = 1 << 20
BUFFERS = 4
PROGRESS_SECONDS = 0.25
SECTOR = 512
"""Mismatches are located to 512 bytes, the smallest logical sector."""
MAX_MISMATCHES = 64
"""Mismatching ranges reported before a verification gives up: beyond that the list says nothing new."""

_libc = ctypes.CDLL(None)
_libc.memcmp.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t)
_libc.memcmp.restype = ctypes.c_int

Prepared: TypeAlias = tuple[memoryview, Fault | None]
"""The bytes of a chunk that could be prepared, and the fault that kept the rest from it, if any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hooks:
    """The engine's way out: where reports go, whether to stop, and the clock in seconds."""

    report: Callable[[Report], None]
    stop: Callable[[], bool]
    clock: Callable[[], float] = time.monotonic


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chunk:
    """One chunk on its way: its place, its bytes, the buffer to give back, and what went wrong reading it."""

    offset: int
    data: memoryview
    buffer: memoryview
    fault: Fault | None


def write(task: WriteTask, medium: Medium, hooks: Hooks) -> None:
    """Overwrite `start` to `end`; reports progress, checkpoints and any fault, then `Finished` or `Stopped`."""
    source = source_for(task.content, CHUNK)
    meter = _Meter(task.start, task.checkpoint_ms, hooks)

    def generate(offset: int, scratch: memoryview) -> Prepared:
        return source.at(offset, scratch), None

    def sync(offset: int) -> Fault | None:
        try:
            medium.flush()
        except OSError as error:
            return _fault(Action.SYNC, meter.safe, offset - meter.safe, error)
        meter.checkpoint(offset)
        return None

    fault: Fault | None = None
    with _Ahead(_spans(task.start, task.end), generate) as chunks:
        for chunk in chunks:
            if hooks.stop():
                break
            fault = _write_all(medium, chunk.offset, chunk.data)
            if fault is not None:
                break
            meter.moved(chunk.offset + len(chunk.data), len(chunk.data))
            if meter.checkpoint_due and (fault := sync(meter.offset)) is not None:
                break
    if fault is None and meter.offset > meter.safe:
        fault = sync(meter.offset)
    meter.end(fault, reached=meter.safe == task.end)


def verify(task: VerifyTask, medium: Medium, hooks: Hooks) -> None:
    """Read back `start` to `end`; reports progress, checkpoints and every fault, then `Finished` or `Stopped`.

    A mismatch does not end the reading; an error or a short read does.
    """
    meter = _Meter(task.start, task.checkpoint_ms, hooks)
    comparer = _Comparer(task.content, hooks)
    fault = _prepare_reading(medium, task.start)
    if fault is None:
        with _Ahead(_spans(task.start, task.end), _reader(medium)) as chunks:
            for chunk in chunks:
                if hooks.stop() or comparer.gave_up:
                    break
                fault = comparer.compare(chunk)
                if fault is not None:
                    break
                meter.moved(chunk.offset + len(chunk.data), len(chunk.data))
                if meter.checkpoint_due:
                    meter.checkpoint(meter.offset)
    if fault is None:
        meter.checkpoint(meter.offset)
    meter.end(fault, reached=meter.offset == task.end)


def sample(task: SampleTask, medium: Medium, hooks: Hooks) -> None:
    """Read back the drawn places; reports progress and every fault, then `Finished` or `Stopped`."""
    meter = _Meter(0, 0, hooks)
    comparer = _Comparer(task.content, hooks)
    count, complete = 0, True
    fault = _prepare_reading(medium, 0)
    if fault is None:
        with _Ahead(places(task.size, task.permille, task.sector, task.seed), _reader(medium)) as chunks:
            for chunk in chunks:
                if hooks.stop() or comparer.gave_up:
                    complete = False
                    break
                fault = comparer.compare(chunk)
                if fault is not None:
                    break
                count += 1
                meter.moved(chunk.offset + len(chunk.data), len(chunk.data))
    meter.end(fault, reached=complete, places=count)


def _spans(start: int, end: int) -> Iterator[tuple[int, int]]:
    """Chunks from `start` to `end`, on chunk boundaries of the drive, so that a resumed pass keeps its rhythm."""
    offset = start
    while offset < end:
        length = min(CHUNK - offset % CHUNK, end - offset)
        yield offset, length
        offset += length


def _write_all(medium: Medium, offset: int, data: memoryview) -> Fault | None:
    """Write every byte. A short write is continued, so that the error behind it names its exact place."""
    done = 0
    while done < len(data):
        try:
            count = medium.write(offset + done, data[done:])
        except OSError as error:
            return _fault(Action.WRITE, offset + done, len(data) - done, error)
        if count <= 0:
            return Fault(
                action=Action.WRITE, kind=FaultKind.SHORT, offset=offset + done, length=len(data) - done, errno=0
            )
        done += count
    return None


def _fault(action: Action, offset: int, length: int, error: OSError) -> Fault:
    return Fault(action=action, kind=FaultKind.IO_ERROR, offset=offset, length=length, errno=error.errno or 0)


def _prepare_reading(medium: Medium, start: int) -> Fault | None:
    try:
        medium.forget()
    except OSError as error:
        return _fault(Action.SYNC, start, 0, error)
    return None


def _reader(medium: Medium) -> Callable[[int, memoryview], Prepared]:
    """Reads a chunk in full, continuing short reads, so that a fault names its exact place."""

    def read(offset: int, buffer: memoryview) -> Prepared:
        done = 0
        while done < len(buffer):
            try:
                count = medium.read_into(offset + done, buffer[done:])
            except OSError as error:
                return buffer[:done], _fault(Action.READ, offset + done, len(buffer) - done, error)
            if count <= 0:
                place = {"offset": offset + done, "length": len(buffer) - done}
                return buffer[:done], Fault(action=Action.READ, kind=FaultKind.SHORT, errno=0, **place)
            done += count
        return buffer, None

    return read


class _Ahead:
    """Prepares chunks in a thread, a few ahead of the one being finished. A context manager and an iterator."""

    def __init__(self, spans: Iterable[tuple[int, int]], prepare: Callable[[int, memoryview], Prepared]) -> None:
        self._spans = spans
        self._prepare = prepare
        self._free: SimpleQueue[memoryview | None] = SimpleQueue()
        self._ready: SimpleQueue[_Chunk | Exception | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="prepare", daemon=True)

    def __enter__(self) -> Self:
        for _ in range(BUFFERS):
            self._free.put(aligned_buffer(CHUNK))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._free.put(None)
        self._thread.join()

    def __iter__(self) -> Iterator[_Chunk]:
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
                data, fault = self._prepare(offset, buffer[:length])
                self._ready.put(_Chunk(offset=offset, data=data, buffer=buffer, fault=fault))
                if fault is not None:
                    return
        except Exception as error:  # noqa: BLE001 - raised again in the thread that finishes the chunks
            self._ready.put(error)
        finally:
            self._ready.put(None)


class _Comparer:
    """Compares what was read with what should be there, and reports where they differ, to the sector."""

    def __init__(self, content: Content, hooks: Hooks) -> None:
        self._source = source_for(content, CHUNK)
        self._scratch = aligned_buffer(CHUNK)
        self._hooks = hooks
        self._mismatches = 0

    @property
    def gave_up(self) -> bool:
        """Whether so much differs that reading on says nothing new."""
        return self._mismatches >= MAX_MISMATCHES

    def compare(self, chunk: _Chunk) -> Fault | None:
        """Compare a chunk, report its mismatches, and return the fault that ends the reading, if any."""
        expected = self._source.at(chunk.offset, self._scratch[: len(chunk.data)])
        if _differ(expected, chunk.data):
            for offset, length in _differing(expected, chunk.data):
                self._mismatches += 1
                self._hooks.report(
                    Fault(
                        action=Action.READ,
                        kind=FaultKind.MISMATCH,
                        offset=chunk.offset + offset,
                        length=length,
                        errno=0,
                    )
                )
                if self.gave_up:
                    break
        return chunk.fault


def _address(view: memoryview) -> int:
    return ctypes.addressof(ctypes.c_char.from_buffer(view))


def _differ(expected: memoryview, found: memoryview) -> bool:
    """memcmp(3) without the interpreter lock."""
    return bool(len(found)) and _libc.memcmp(_address(expected), _address(found), len(found)) != 0


def _differing(expected: memoryview, found: memoryview) -> Iterator[tuple[int, int]]:
    """Runs of differing sectors, as (offset, length) in bytes."""
    start: int | None = None
    for at in range(0, len(found), SECTOR):
        if expected[at : at + SECTOR] != found[at : at + SECTOR]:
            start = at if start is None else start
        elif start is not None:
            yield start, at - start
            start = None
    if start is not None:
        yield start, len(found) - start


class _Meter:
    """Counts what a task has moved, says when to report and when to checkpoint, and reports its end."""

    def __init__(self, start: int, checkpoint_ms: int, hooks: Hooks) -> None:
        self.offset = start
        self.safe = start
        self._moved = 0
        self._hooks = hooks
        self._interval = checkpoint_ms / 1000
        self._began = self._last_report = self._last_checkpoint = hooks.clock()

    def moved(self, offset: int, count: int) -> None:
        """A chunk was finished: `count` bytes, the task is now at `offset`."""
        self.offset = offset
        self._moved += count
        now = self._hooks.clock()
        if now - self._last_report >= PROGRESS_SECONDS:
            self._last_report = now
            self._hooks.report(Progress(offset=self.offset, moved=self._moved))

    @property
    def checkpoint_due(self) -> bool:
        """Whether the time since the last checkpoint is up."""
        return self._hooks.clock() - self._last_checkpoint >= self._interval

    def checkpoint(self, offset: int) -> None:
        """Everything before `offset` is done for good."""
        self.safe = offset
        self._last_checkpoint = self._hooks.clock()
        self._hooks.report(Checkpointed(offset=offset))

    def end(self, fault: Fault | None, *, reached: bool, places: int = 0) -> None:
        """Report the fault that ended the task, if one did, then how it ended."""
        busy_ms = round((self._hooks.clock() - self._began) * 1000)
        if fault is not None:
            self._hooks.report(fault)
        if fault is None and reached:
            self._hooks.report(Finished(moved=self._moved, busy_ms=busy_ms, places=places))
        else:
            self._hooks.report(Stopped(offset=self.safe, moved=self._moved, busy_ms=busy_ms))
