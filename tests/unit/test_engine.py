"""The engine at the edges of a drive's behaviour: errors, short transfers, syncs, and very large offsets."""

from __future__ import annotations

import errno
import math
import os
from itertools import chain, repeat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.work import (
    Action,
    Algorithm,
    Checkpointed,
    Content,
    Fault,
    FaultKind,
    Finished,
    Outcome,
    Patience,
    Report,
    StopCause,
    Stopped,
    VerifyTask,
    WriteTask,
)
from drivers import engine
from drivers.medium import DescriptorMedium
from drivers.meter import Hooks
from support.loops import loop_device

MIB = 1 << 20
TIB = 1 << 40
STREAM = Content(algorithm=Algorithm.CHACHA20, key="17" * 32)
ZERO = Content(pattern="00")
PATIENCE = Patience(sector=512)


class Memory:
    """A medium in memory that fails as told: `bad` places raise EIO, transfers are at most `most` bytes."""

    def __init__(self, size: int, *, bad: int = -1, most: int = MIB, sync_fails: bool = False) -> None:
        self.data = bytearray(size)
        self.log: list[tuple[str, int]] = []
        self._bad = bad
        self._most = most
        self._sync_fails = sync_fails

    def _allowed(self, offset: int, length: int) -> int:
        length = min(length, self._most)
        if offset <= self._bad < offset + length:
            length = (self._bad - offset) // 512 * 512
            if length == 0:
                raise OSError(errno.EIO, os.strerror(errno.EIO))
        return length

    def read_into(self, offset: int, buffer: memoryview) -> int:
        length = self._allowed(offset, len(buffer))
        buffer[:length] = self.data[offset : offset + length]
        self.log.append(("read", offset))
        return length

    def write(self, offset: int, data: memoryview) -> int:
        length = self._allowed(offset, len(data))
        self.data[offset : offset + length] = data[:length]
        self.log.append(("write", offset))
        return length

    def flush(self) -> None:
        self.log.append(("flush", 0))
        if self._sync_fails:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    def forget(self) -> None:
        self.log.append(("forget", 0))


class Pending(Memory):
    """Sectors that cannot be read until they are written; one that `forgets` then holds zeros."""

    def __init__(self, size: int, *, forgets: bool = False) -> None:
        super().__init__(size)
        self.pending: set[int] = set()
        self._forgets = forgets

    def read_into(self, offset: int, buffer: memoryview) -> int:
        if self.pending.intersection(range(offset // 512, (offset + len(buffer)) // 512)):
            raise OSError(errno.ENODATA, os.strerror(errno.ENODATA))
        return super().read_into(offset, buffer)

    def write(self, offset: int, data: memoryview) -> int:
        healed = self.pending.intersection(range(offset // 512, (offset + len(data)) // 512))
        self.pending -= healed
        count = super().write(offset, data)
        if healed and self._forgets:
            self.data[offset : offset + count] = bytes(count)
        return count


class Wrapping(Memory):
    """A medium with less room than it says: offsets wrap around."""

    def __init__(self, size: int, real: int) -> None:
        super().__init__(size)
        self._real = real

    def read_into(self, offset: int, buffer: memoryview) -> int:
        place = offset % self._real
        length = min(len(buffer), self._real - place)
        return super().read_into(place, buffer[:length])

    def write(self, offset: int, data: memoryview) -> int:
        place = offset % self._real
        return super().write(place, data[: self._real - place])


def overwrite(medium: Memory, content: Content = STREAM, checkpoint_ms: int = 10**6) -> list[Report]:
    reports: list[Report] = []
    task = WriteTask(content=content, start=0, end=len(medium.data), checkpoint_ms=checkpoint_ms, patience=PATIENCE)
    engine.write(task, medium, Hooks(report=reports.append, stop=lambda: False))
    return reports


def verify(medium: Memory, content: Content = STREAM) -> list[Report]:
    reports: list[Report] = []
    task = VerifyTask(content=content, start=0, end=len(medium.data), checkpoint_ms=10**6, patience=PATIENCE)
    engine.verify(task, medium, Hooks(report=reports.append, stop=lambda: False))
    return reports


def test_a_checkpoint_is_told_only_after_a_flush() -> None:
    medium = Memory(4 * MIB)
    seen: list[str] = []
    task = WriteTask(content=ZERO, start=0, end=4 * MIB, checkpoint_ms=0, patience=PATIENCE)

    def report(value: Report) -> None:
        if isinstance(value, Checkpointed):
            seen.append(medium.log[-1][0])

    engine.write(task, medium, Hooks(report=report, stop=lambda: False))
    assert seen == ["flush"] * 4


def test_a_pass_is_finished_only_after_a_flush() -> None:
    medium = Memory(MIB)
    overwrite(medium)
    assert [name for name, _ in medium.log] == ["write", "flush"]


def test_a_failed_flush_takes_back_what_was_not_synced() -> None:
    medium = Memory(3 * MIB, sync_fails=True)
    reports = overwrite(medium)
    fault = Fault(action=Action.SYNC, kind=FaultKind.IO_ERROR, offset=0, length=3 * MIB, errno=errno.EIO, tries=3)
    assert reports[-2] == fault
    stopped = reports[-1]
    assert isinstance(stopped, Stopped)
    assert (stopped.offset, stopped.cause) == (0, StopCause.SYNC)
    assert not any(isinstance(report, Checkpointed) for report in reports)


def test_reading_begins_by_forgetting_what_the_host_cached() -> None:
    medium = Memory(MIB)
    verify(medium, ZERO)
    assert medium.log[0] == ("forget", 0)


@given(sector=st.integers(0, 4 * MIB // 512 - 1), most=st.sampled_from([512, 4096, 65536, MIB]))
def test_a_bad_sector_is_located_and_everything_else_is_done(sector: int, most: int) -> None:
    medium = Memory(4 * MIB, bad=sector * 512, most=most)
    written, read = overwrite(medium), verify(medium)
    for reports, action in ((written, Action.WRITE), (read, Action.READ)):
        (fault,) = (report for report in reports if isinstance(report, Fault))
        assert (fault.action, fault.kind, fault.errno) == (action, FaultKind.IO_ERROR, errno.EIO)
        assert (fault.offset, fault.length, fault.outcome) == (sector * 512, 512, Outcome.LASTING)
        finished = reports[-1]
        assert isinstance(finished, Finished)
        assert (finished.moved, finished.missed) == (4 * MIB - 512, 512)


def test_a_pending_sector_is_cured_by_writing_it_once_more() -> None:
    medium = Pending(2 * MIB)
    overwrite(medium)
    medium.pending = {1000, 1001}
    reports = verify(medium)
    (fault,) = (report for report in reports if isinstance(report, Fault))
    assert (fault.offset, fault.length, fault.outcome) == (512000, 1024, Outcome.CURED)
    finished = reports[-1]
    assert isinstance(finished, Finished)
    assert (finished.moved, finished.missed) == (2 * MIB, 0)
    assert medium.log[-1][0] != "write"


def test_a_cure_that_does_not_bring_the_right_bytes_back_is_a_mismatch() -> None:
    medium = Pending(MIB, forgets=True)
    overwrite(medium)
    medium.pending = {7}
    kinds = [report.kind for report in verify(medium) if isinstance(report, Fault)]
    assert FaultKind.MISMATCH in kinds


@pytest.mark.parametrize("real", [MIB, 3 * MIB + 512 * 7, 4 * MIB])
def test_a_drive_that_wraps_around_betrays_its_real_size(real: int) -> None:
    stream = Content(algorithm=Algorithm.AES_256_CTR, key="29" * 32)
    medium = Wrapping(8 * MIB, real)
    overwrite(medium, stream)
    found = [report for report in verify(medium, stream) if isinstance(report, Fault)]
    distances = [fault.holds - fault.offset for fault in found if fault.holds is not None]
    assert distances
    assert math.gcd(*distances) % real == 0
    assert math.gcd(*distances) < 8 * MIB


@pytest.mark.parametrize("real", [MIB, 4 * MIB])
def test_so_does_one_of_a_round_size_under_chacha20(real: int) -> None:
    medium = Wrapping(8 * MIB, real)
    overwrite(medium)
    found = [report for report in verify(medium) if isinstance(report, Fault)]
    assert any(fault.holds is not None and (fault.holds - fault.offset) % real == 0 for fault in found)


@given(sectors=st.integers(1, 3 * MIB // 512), most=st.sampled_from([512, 1536, 65536, MIB]))
def test_short_transfers_are_continued(sectors: int, most: int) -> None:
    medium = Memory(sectors * 512, most=most)
    assert isinstance(overwrite(medium)[-1], Finished)
    assert isinstance(verify(medium)[-1], Finished)


def test_a_drive_that_takes_or_gives_nothing_is_a_fault_not_a_success() -> None:
    medium = Memory(MIB, most=0)
    for reports in (overwrite(medium), verify(medium)):
        (fault,) = (report for report in reports if isinstance(report, Fault))
        assert (fault.kind, fault.offset, fault.length, fault.errno) == (FaultKind.SHORT, 0, MIB, 0)
        finished = reports[-1]
        assert isinstance(finished, Finished)
        assert (finished.moved, finished.missed) == (0, MIB)


def test_an_error_in_the_preparing_thread_is_not_swallowed() -> None:
    medium = Memory(MIB)
    task = WriteTask(content=STREAM, start=8, end=MIB, checkpoint_ms=0, patience=PATIENCE)
    with pytest.raises(ValueError, match="not a multiple"):
        engine.write(task, medium, Hooks(report=lambda _: None, stop=lambda: False))


@pytest.mark.root
@pytest.mark.parametrize("content", [STREAM, Content(algorithm=Algorithm.AES_256_CTR, key="01" * 32), ZERO])
def test_offsets_beyond_16_tib(content: Content) -> None:
    size = 20 * TIB + 512
    start = size - 3 * MIB - 512
    # Only a file system in memory takes a file of that size everywhere.
    backing = Path("/dev/shm") / f"tablerase-test-{os.getpid()}"  # noqa: S108
    with loop_device(backing, size) as node:
        fd = os.open(node, os.O_RDWR | os.O_EXCL | os.O_DIRECT)
        try:
            medium = DescriptorMedium(fd, direct_io=True)
            reports: list[Report] = []
            hooks = Hooks(report=reports.append, stop=lambda: False)
            engine.write(
                WriteTask(content=content, start=start, end=size, checkpoint_ms=10**6, patience=PATIENCE), medium, hooks
            )
            assert reports[-2] == Checkpointed(offset=size)
            engine.verify(
                VerifyTask(content=content, start=start, end=size, checkpoint_ms=10**6, patience=PATIENCE),
                medium,
                hooks,
            )
            last = reports[-1]
            assert isinstance(last, Finished)
            assert last.moved == size - start
        finally:
            os.close(fd)
    assert not any(isinstance(report, Fault) for report in reports)


@given(
    sectors=st.integers(1, 6 * MIB // 512),
    stops=st.lists(st.integers(0, 4), max_size=6),
    content=st.sampled_from(
        [STREAM, Content(pattern="924924"), Content(algorithm=Algorithm.AES_256_CTR, key="02" * 32)]
    ),
)
def test_stopped_anywhere_and_gone_on_the_drive_holds_the_same(
    sectors: int, stops: list[int], content: Content
) -> None:
    """Whatever the size and wherever it is stopped: each run goes on at the last checkpoint, none is left out."""
    size = sectors * 512
    whole, pieces = Memory(size), Memory(size)
    overwrite(whole, content)
    start = 0
    for chunks in [*stops, -1]:
        answers = chain(repeat(False, chunks), repeat(True)) if chunks >= 0 else repeat(False)
        reports: list[Report] = []
        task = WriteTask(content=content, start=start, end=size, checkpoint_ms=10**6, patience=PATIENCE)
        engine.write(task, pieces, Hooks(report=reports.append, stop=answers.__next__))
        last = reports[-1]
        if isinstance(last, Finished):
            break
        assert isinstance(last, Stopped)
        assert last.cause is StopCause.ASKED
        start = last.offset
    assert pieces.data == whole.data
    assert isinstance(verify(pieces, content)[-1], Finished)
