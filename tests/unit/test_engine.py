"""The engine at the edges of a drive's behaviour: errors, short transfers, syncs, and very large offsets."""

from __future__ import annotations

import errno
import os
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
    Report,
    Stopped,
    VerifyTask,
    WriteTask,
)
from drivers import engine
from drivers.medium import DescriptorMedium
from support.loops import loop_device

MIB = 1 << 20
TIB = 1 << 40
STREAM = Content(algorithm=Algorithm.CHACHA20, key="17" * 32)
ZERO = Content(pattern="00")


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


def overwrite(medium: Memory, content: Content = STREAM, checkpoint_ms: int = 10**6) -> list[Report]:
    reports: list[Report] = []
    task = WriteTask(content=content, start=0, end=len(medium.data), checkpoint_ms=checkpoint_ms)
    engine.write(task, medium, engine.Hooks(report=reports.append, stop=lambda: False))
    return reports


def verify(medium: Memory, content: Content = STREAM) -> list[Report]:
    reports: list[Report] = []
    task = VerifyTask(content=content, start=0, end=len(medium.data), checkpoint_ms=10**6)
    engine.verify(task, medium, engine.Hooks(report=reports.append, stop=lambda: False))
    return reports


def test_a_checkpoint_is_told_only_after_a_flush() -> None:
    medium = Memory(4 * MIB)
    seen: list[str] = []
    task = WriteTask(content=ZERO, start=0, end=4 * MIB, checkpoint_ms=0)

    def report(value: Report) -> None:
        if isinstance(value, Checkpointed):
            seen.append(medium.log[-1][0])

    engine.write(task, medium, engine.Hooks(report=report, stop=lambda: False))
    assert seen == ["flush"] * 4


def test_a_pass_is_finished_only_after_a_flush() -> None:
    medium = Memory(MIB)
    overwrite(medium)
    assert [name for name, _ in medium.log] == ["write", "flush"]


def test_a_failed_flush_takes_back_what_was_not_synced() -> None:
    medium = Memory(3 * MIB, sync_fails=True)
    reports = overwrite(medium)
    fault = Fault(action=Action.SYNC, kind=FaultKind.IO_ERROR, offset=0, length=3 * MIB, errno=errno.EIO)
    assert reports[-2] == fault
    stopped = reports[-1]
    assert isinstance(stopped, Stopped)
    assert stopped.offset == 0
    assert not any(isinstance(report, Checkpointed) for report in reports)


def test_reading_begins_by_forgetting_what_the_host_cached() -> None:
    medium = Memory(MIB)
    verify(medium, ZERO)
    assert medium.log[0] == ("forget", 0)


@given(sector=st.integers(0, 4 * MIB // 512 - 1), most=st.sampled_from([512, 4096, 65536, MIB]))
def test_an_error_is_located_to_its_sector_and_nothing_is_claimed_beyond_it(sector: int, most: int) -> None:
    medium = Memory(4 * MIB, bad=sector * 512, most=most)
    fault, stopped = overwrite(medium)[-2:]
    assert isinstance(fault, Fault)
    assert (fault.action, fault.kind, fault.errno) == (Action.WRITE, FaultKind.IO_ERROR, errno.EIO)
    assert fault.offset == sector * 512
    assert isinstance(stopped, Stopped)
    assert stopped.offset <= sector * 512

    fault, stopped = verify(medium)[-2:]
    assert isinstance(fault, Fault)
    assert (fault.action, fault.kind, fault.offset) == (Action.READ, FaultKind.IO_ERROR, sector * 512)
    assert isinstance(stopped, Stopped)


@given(sectors=st.integers(1, 3 * MIB // 512), most=st.sampled_from([512, 1536, 65536, MIB]))
def test_short_transfers_are_continued(sectors: int, most: int) -> None:
    medium = Memory(sectors * 512, most=most)
    assert isinstance(overwrite(medium)[-1], Finished)
    assert isinstance(verify(medium)[-1], Finished)


def test_a_drive_that_takes_or_gives_nothing_is_a_fault_not_a_success() -> None:
    medium = Memory(MIB, most=0)
    assert overwrite(medium)[-2] == Fault(action=Action.WRITE, kind=FaultKind.SHORT, offset=0, length=MIB, errno=0)
    assert verify(medium)[-2] == Fault(action=Action.READ, kind=FaultKind.SHORT, offset=0, length=MIB, errno=0)


def test_an_error_in_the_preparing_thread_is_not_swallowed() -> None:
    medium = Memory(MIB)
    task = WriteTask(content=STREAM, start=8, end=MIB, checkpoint_ms=0)
    with pytest.raises(ValueError, match="not a multiple"):
        engine.write(task, medium, engine.Hooks(report=lambda _: None, stop=lambda: False))


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
            hooks = engine.Hooks(report=reports.append, stop=lambda: False)
            engine.write(WriteTask(content=content, start=start, end=size, checkpoint_ms=10**6), medium, hooks)
            assert reports[-2] == Checkpointed(offset=size)
            engine.verify(VerifyTask(content=content, start=start, end=size, checkpoint_ms=10**6), medium, hooks)
            last = reports[-1]
            assert isinstance(last, Finished)
            assert last.moved == size - start
        finally:
            os.close(fd)
    assert not any(isinstance(report, Fault) for report in reports)
