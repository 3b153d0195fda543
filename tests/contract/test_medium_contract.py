"""One suite for everything a worker writes to: a file, a loop device, a virtual drive."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from bench.sampling import total
from bench.work import (
    Action,
    Algorithm,
    Checkpointed,
    Content,
    Fault,
    FaultKind,
    Finished,
    Patience,
    Progress,
    Report,
    SampleTask,
    Stopped,
    VerifyTask,
    WriteTask,
)
from drivers import engine
from drivers.buffers import aligned_buffers
from drivers.medium import DescriptorMedium, Medium, SimulatedMedium
from drivers.meter import Hooks
from drivers.sim.client import SimConnection
from drivers.streams import source_for
from support.loops import loop_device
from support.virtual_drives import virtual_drive

MIB = 1 << 20
STREAM = Content(algorithm=Algorithm.AES_256_CTR, key="42" * 32)
SEED = "07" * 32


@dataclass
class Bay:
    """A medium with its size and sector."""

    medium: Medium
    size: int
    sector: int

    def read(self, offset: int, length: int) -> bytes:
        buffer = aligned_buffers(1, length)[0]
        assert self.medium.read_into(offset, buffer) == length
        return bytes(buffer)

    def write(self, offset: int, data: bytes) -> None:
        buffer = aligned_buffers(1, len(data))[0]
        buffer[:] = data
        assert self.medium.write(offset, buffer) == len(data)

    def run(self, task: WriteTask | VerifyTask | SampleTask, stop_after: int = -1) -> list[Report]:
        """Do a task; `stop_after` asks for a stop once so many chunks have been asked about."""
        reports: list[Report] = []
        asked = iter(range(10**9))
        hooks = Hooks(report=reports.append, stop=lambda: next(asked) == stop_after)
        match task:
            case WriteTask():
                engine.write(task, self.medium, hooks)
            case VerifyTask():
                engine.verify(task, self.medium, hooks)
            case SampleTask():
                engine.sample(task, self.medium, hooks)
        return [report for report in reports if not isinstance(report, Progress)]

    def overwrite(self, content: Content) -> list[Report]:
        return self.run(
            WriteTask(
                content=content, start=0, end=self.size, checkpoint_ms=10**6, patience=Patience(sector=self.sector)
            )
        )

    def verify(self, content: Content) -> list[Report]:
        return self.run(
            VerifyTask(
                content=content, start=0, end=self.size, checkpoint_ms=10**6, patience=Patience(sector=self.sector)
            )
        )


OpenBay = Callable[..., Bay]


@pytest.fixture(params=["file", pytest.param("loop", marks=pytest.mark.root), "simulated"])
def open_bay(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[OpenBay]:
    """Opens bays of the kind that the suite is running on."""
    with ExitStack() as stack:

        def descriptor(path: str, flags: int) -> Medium:
            fd = os.open(path, os.O_RDWR | flags)
            stack.callback(os.close, fd)
            return DescriptorMedium(fd, direct_io=bool(flags & os.O_DIRECT))

        def open_one(size: int = 5 * MIB + 12 * 512, sector: int = 512) -> Bay:
            size -= size % sector
            match request.param:
                case "file":
                    path = tmp_path / "file"
                    path.touch()
                    os.truncate(path, size)
                    return Bay(descriptor(str(path), 0), size, sector)
                case "loop":
                    node = stack.enter_context(loop_device(tmp_path / "backing", size, sector))
                    return Bay(descriptor(node, os.O_DIRECT | os.O_EXCL), size, sector)
                case _:
                    where = stack.enter_context(virtual_drive(tmp_path / "drive", size=size, logical_sector=sector))
                    connection = stack.enter_context(SimConnection.connect(where))
                    return Bay(SimulatedMedium(connection), size, sector)

        yield open_one


@pytest.mark.parametrize("sector", [512, 4096])
def test_what_was_written_is_read(open_bay: OpenBay, sector: int) -> None:
    bay = open_bay(sector=sector)
    bay.write(sector, b"\xa5" * sector)
    bay.write(bay.size - sector, b"\x5a" * sector)
    bay.medium.flush()
    bay.medium.forget()
    assert bay.read(0, 2 * sector) == bytes(sector) + b"\xa5" * sector
    assert bay.read(bay.size - sector, sector) == b"\x5a" * sector


def test_nothing_is_written_beyond_the_end(open_bay: OpenBay, request: pytest.FixtureRequest) -> None:
    if request.node.callspec.params["open_bay"] == "file":
        return  # a file grows: it is no drive, and the bench refuses it as one
    bay = open_bay()
    with pytest.raises(OSError, match="Errno"):
        bay.write(bay.size, bytes(512))


@pytest.mark.parametrize("sector", [512, 4096])
@pytest.mark.parametrize("size", [4096, MIB, 2 * MIB + 4096, 5 * MIB + 12288])
def test_every_byte_is_overwritten_and_verified(open_bay: OpenBay, size: int, sector: int) -> None:
    bay = open_bay(size, sector)
    reports = bay.overwrite(STREAM)
    assert [type(report) for report in reports] == [Checkpointed, Finished]
    finished = reports[-1]
    assert isinstance(finished, Finished)
    assert finished.moved == size
    expected = bytearray(size)
    source_for(STREAM, size).at(0, memoryview(expected))
    assert bay.read(0, size) == bytes(expected)
    assert isinstance(bay.verify(STREAM)[-1], Finished)
    assert bay.verify(Content(pattern="00"))[0] == mismatch(0, min(size, MIB))


def mismatch(offset: int, length: int) -> Fault:
    return Fault(action=Action.READ, kind=FaultKind.MISMATCH, offset=offset, length=length, errno=0)


def test_one_changed_byte_is_found_and_located(open_bay: OpenBay) -> None:
    bay = open_bay()
    bay.overwrite(Content(pattern="924924"))
    place = 3 * MIB + 5 * 512
    sector = bytearray(bay.read(place, 512))
    sector[200] ^= 1
    bay.write(place, bytes(sector))
    reports = bay.verify(Content(pattern="924924"))
    assert mismatch(place, 512) in reports
    assert isinstance(reports[-1], Finished), "a mismatch does not end the reading"


def test_a_stopped_pass_goes_on_where_it_stopped(open_bay: OpenBay) -> None:
    bay = open_bay()
    patience = Patience(sector=bay.sector)
    task = WriteTask(content=STREAM, start=0, end=bay.size, checkpoint_ms=10**6, patience=patience)
    reports = bay.run(task, stop_after=2)
    assert reports[0] == Checkpointed(offset=2 * MIB)
    stopped = reports[-1]
    assert isinstance(stopped, Stopped)
    assert (stopped.offset, stopped.moved) == (2 * MIB, 2 * MIB)
    rest = bay.run(WriteTask(content=STREAM, start=2 * MIB, end=bay.size, checkpoint_ms=10**6, patience=patience))
    assert isinstance(rest[-1], Finished)
    assert isinstance(bay.verify(STREAM)[-1], Finished)
    assert not any(isinstance(report, Fault) for report in bay.verify(STREAM))


def test_a_sample_reads_its_places_and_finds_what_is_there(open_bay: OpenBay) -> None:
    bay = open_bay(4 * MIB)
    bay.overwrite(STREAM)
    task = SampleTask(content=STREAM, size=bay.size, permille=100, seed=SEED, patience=Patience(sector=bay.sector))
    places, length = total(bay.size, 100, bay.sector)
    finished = bay.run(task)[-1]
    assert isinstance(finished, Finished)
    assert (finished.places, finished.moved) == (places, length)
    bay.write(bay.size - 512, bytes(512))
    assert mismatch(bay.size - 512, 512) in bay.run(task), "the last LBA is always read"


def test_a_drive_full_of_other_data_ends_the_reading_early(open_bay: OpenBay) -> None:
    bay = open_bay(2 * MIB)
    bay.overwrite(STREAM)
    for index in range(0, 2 * MIB, 4096):
        bay.write(index, bytes(512))
    reports = bay.verify(STREAM)
    assert sum(isinstance(report, Fault) for report in reports) == engine.MAX_MISMATCHES
    assert isinstance(reports[-1], Stopped)
