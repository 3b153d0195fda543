"""The hot loop: overwrite, read back, sample. At most two threads over a few reused buffers.

Chunks are prepared (generated, or read) and finished (written, or compared): each by a thread of its own where
`drivers.overlap` sees that this helps, else in turns. All heavy work releases the interpreter lock. What fails is
settled to the sector by `drivers.salvage`; nothing here decides what a fault means: it is reported.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bench.sampling import places
from bench.work import (
    Action,
    Content,
    Fault,
    FaultKind,
    Outcome,
    Patience,
    SampleTask,
    StopCause,
    VerifyTask,
    WriteTask,
)
from drivers.ahead import CHUNK, Ahead, Chunk
from drivers.buffers import aligned_buffers
from drivers.compare import differing
from drivers.medium import Medium
from drivers.meter import EndError, Hooks, Meter, check_stop
from drivers.overlap import Overlap
from drivers.salvage import GaveUpError, Refused, Salvager, attempt
from drivers.streams import source_for
from drivers.timed import TimedMedium
from drivers.zones import Zones

MAX_MISMATCHES = 64
"""Mismatching ranges reported before a verification gives up: beyond that the list says nothing new."""


def write(task: WriteTask, medium: Medium, hooks: Hooks) -> None:
    """Overwrite `start` to `end`; reports progress, checkpoints and every fault, then `Finished` or `Stopped`."""
    source = source_for(task.content, CHUNK)
    medium = TimedMedium(medium, hooks.clock, Zones(task.zone_size))
    meter = Meter(task.start, task.checkpoint_ms, hooks, medium)
    salvager = Salvager(Action.WRITE, task.patience, hooks.clock)
    overlap = Overlap(hooks.clock, hooks.cpu)

    def generate(offset: int, scratch: memoryview) -> tuple[memoryview, None]:
        return overlap.watch(lambda: source.at(offset, scratch)), None

    try:
        with Ahead(_spans(task.start, task.end), generate, lambda: overlap.helps) as chunks:
            for chunk in chunks:
                check_stop(hooks)
                meter.moved(chunk, len(chunk.data) - _write(chunk, medium, salvager, meter, hooks))
                if meter.checkpoint_due:
                    _sync(medium, meter, task.patience, hooks)
        _sync(medium, meter, task.patience, hooks)
    except GaveUpError as error:
        meter.stopped(error.cause)
    except EndError as end:
        meter.stopped(_sync_before_stop(medium, meter, task.patience, hooks, end.cause))
    else:
        meter.finished()


def verify(task: VerifyTask, medium: Medium, hooks: Hooks) -> None:
    """Read back `start` to `end`; reports progress, checkpoints and every fault, then `Finished` or `Stopped`."""
    medium = TimedMedium(medium, hooks.clock, Zones(task.zone_size))
    meter = Meter(task.start, task.checkpoint_ms, hooks, medium)
    reader = _Reader(task.content, task.end, medium, task.patience, meter, hooks)
    try:
        reader.prepare(task.start)
        with Ahead(_spans(task.start, task.end), reader.read_ahead, reader.is_better_ahead) as chunks:
            for chunk in chunks:
                check_stop(hooks)
                meter.moved(chunk, reader.finish(chunk))
                if meter.checkpoint_due:
                    meter.checkpoint()
    except (GaveUpError, EndError) as end:
        meter.checkpoint()
        meter.stopped(end.cause)
    else:
        meter.checkpoint()
        meter.finished()


def sample(task: SampleTask, medium: Medium, hooks: Hooks) -> None:
    """Read back the drawn places; reports progress and every fault, then `Finished` or `Stopped`."""
    medium = TimedMedium(medium, hooks.clock, Zones(task.zone_size))
    meter = Meter(0, 0, hooks, medium)
    reader = _Reader(task.content, task.size, medium, task.patience, meter, hooks)
    drawn = places(task.size, task.permille, task.patience.sector, task.seed)
    count = 0
    try:
        reader.prepare(0)
        with Ahead(drawn, reader.read_ahead, reader.is_better_ahead) as chunks:
            for chunk in chunks:
                check_stop(hooks)
                meter.moved(chunk, reader.finish(chunk))
                count += 1
    except (GaveUpError, EndError) as end:
        meter.stopped(end.cause)
    else:
        meter.finished(places=count)


def _spans(start: int, end: int) -> Iterator[tuple[int, int]]:
    """Chunks from `start` to `end`, on chunk boundaries of the drive, so that a resumed pass keeps its rhythm."""
    offset = start
    while offset < end:
        length = min(CHUNK - offset % CHUNK, end - offset)
        yield offset, length
        offset += length


def _write(chunk: Chunk, medium: Medium, salvager: Salvager, meter: Meter, hooks: Hooks) -> int:
    """Write a chunk; the number of its bytes that could not be."""
    refused = attempt(medium.write, chunk.offset, chunk.data)
    if refused is None:
        return 0
    rest = chunk.data[refused.done :]
    faults = salvager.settle(meter.beating(medium.write), chunk.offset + refused.done, rest, refused)
    return _report(faults, hooks)


def _report(faults: list[Fault], hooks: Hooks) -> int:
    """Report faults; the number of bytes that are lastingly in one."""
    for fault in faults:
        hooks.report(fault)
    return sum(fault.length for fault in faults if fault.outcome is Outcome.LASTING)


def _sync(medium: Medium, meter: Meter, patience: Patience, hooks: Hooks) -> None:
    """Sync, then checkpoint. A sync that fails to the last try ends the task: nothing since the last one counts."""
    refused: OSError | None = None
    for number in range(1, patience.tries + 1):
        try:
            medium.flush()
        except OSError as error:
            refused = error
        else:
            if refused is not None:
                hooks.report(_sync_fault(meter, refused, number, Outcome.RETRIED))
            meter.checkpoint()
            return
    if refused is not None:
        hooks.report(_sync_fault(meter, refused, patience.tries, Outcome.LASTING))
    raise EndError(StopCause.SYNC)


def _sync_before_stop(medium: Medium, meter: Meter, patience: Patience, hooks: Hooks, cause: StopCause) -> StopCause:
    """Sync what was written before stopping as asked; how the stop went."""
    if cause is StopCause.ASKED:
        try:
            _sync(medium, meter, patience, hooks)
        except EndError as end:
            return end.cause
    return cause


def _sync_fault(meter: Meter, error: OSError, tries: int, outcome: Outcome) -> Fault:
    return Fault(
        action=Action.SYNC,
        kind=FaultKind.IO_ERROR,
        offset=meter.safe,
        length=meter.offset - meter.safe,
        errno=error.errno or 0,
        tries=tries,
        outcome=outcome,
    )


class _Reader:
    """Reads chunks and compares them with what should be there; salvages and cures what cannot be read."""

    def __init__(
        self, content: Content, end: int, medium: Medium, patience: Patience, meter: Meter, hooks: Hooks
    ) -> None:
        self._source = source_for(content, CHUNK)
        self._end = end
        (self._scratch,) = aligned_buffers(1, CHUNK)
        self._medium = medium
        self._salvager = Salvager(Action.READ, patience, hooks.clock)
        self._sector = patience.sector
        self._meter = meter
        self._hooks = hooks
        self._overlap = Overlap(hooks.clock, hooks.cpu)
        self._mismatches = 0

    def prepare(self, start: int) -> None:
        """Make reads come from the drive."""
        try:
            self._medium.forget()
        except OSError as error:
            number = error.errno or 0
            self._hooks.report(Fault(action=Action.SYNC, kind=FaultKind.IO_ERROR, offset=start, length=0, errno=number))
            raise EndError(StopCause.SYNC) from error

    def read_ahead(self, offset: int, buffer: memoryview) -> tuple[memoryview, Refused | None]:
        """Read a chunk; what could be read, and what kept the rest from it."""
        return buffer, attempt(self._medium.read_into, offset, buffer)

    def is_better_ahead(self) -> bool:
        """Whether reading belongs into a thread of its own."""
        return self._overlap.helps

    def finish(self, chunk: Chunk) -> int:
        """Compare a chunk; the number of its bytes that were compared."""
        missed = [] if chunk.refused is None else self._salvage(chunk, chunk.refused)
        expected = self._overlap.watch(lambda: self._source.at(chunk.offset, self._scratch[: len(chunk.data)]))
        at = 0
        for gap in (*missed, None):
            end = len(chunk.data) if gap is None else gap.offset - chunk.offset
            self._compare(chunk.offset + at, expected[at:end], chunk.data[at:end])
            at = end + (0 if gap is None else gap.length)
        return len(chunk.data) - sum(gap.length for gap in missed)

    def _salvage(self, chunk: Chunk, refused: Refused) -> list[Fault]:
        """Read what can be read of a chunk that was refused, and cure what can be cured; what stays unread."""
        rest = chunk.data[refused.done :]
        read = self._meter.beating(self._medium.read_into)
        found = self._salvager.settle(read, chunk.offset + refused.done, rest, refused)
        settled = [self._cure(chunk, fault) for fault in found]
        _report(settled, self._hooks)
        return [fault for fault in settled if fault.outcome is Outcome.LASTING]

    def _cure(self, chunk: Chunk, fault: Fault) -> Fault:
        """Write an unreadable place once more: a drive then remaps a pending sector, and can read it again."""
        if fault.outcome is not Outcome.LASTING:
            return fault
        wanted = self._source.at(chunk.offset, self._scratch[: len(chunk.data)])
        begin = fault.offset - chunk.offset
        place = slice(begin, begin + fault.length)
        if attempt(self._medium.write, fault.offset, wanted[place]) is not None:
            return fault
        try:
            self._medium.flush()
            self._medium.forget()
        except OSError:
            return fault
        if attempt(self._medium.read_into, fault.offset, chunk.data[place]) is not None:
            return fault
        return replace(fault, outcome=Outcome.CURED)

    def _compare(self, offset: int, expected: memoryview, found: memoryview) -> None:
        for at, length in differing(expected, found, self._sector):
            self._mismatches += 1
            self._hooks.report(
                Fault(
                    action=Action.READ,
                    kind=FaultKind.MISMATCH,
                    offset=offset + at,
                    length=length,
                    errno=0,
                    holds=self._source.origin(found[at : at + self._sector], offset + at, self._end),
                )
            )
            if self._mismatches >= MAX_MISMATCHES:
                raise EndError(StopCause.OTHER_DATA)
