"""Drives whose flushes are swallowed: by the kernel, which is told better, or by the drive, which a resume expects."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_mock import MockerFixture

from bench.drive import DriveFacts
from bench.events import Logged, PassCheckpoint
from bench.evidence import Evidence
from bench.messages import say
from bench.settings import Settings
from bench.verdict import Verdict
from drivers.block import write_cache
from drivers.block.bays import ClaimedBlockDrive
from drivers.block.survey import BlockSurveyor
from drivers.block.write_cache import have_flushes_sent
from drivers.sim import controls, launch
from drivers.sim.client import SimConnection
from drivers.sim.faults import FlushLie, Slowness
from support.benches import open_local, planted_drives, start, survives, until_ended
from support.fakekernel import FakeKernel
from support.loops import loop_device

MIB = 1 << 20
FLUSHES_DONE = 15


def setting_of(node: str) -> Path:
    return Path("/sys/block", Path(node).name, "queue/write_cache")


def flushes(node: str) -> int:
    """How many flush requests the kernel has completed on a device; Documentation/block/stat.rst."""
    return int(Path("/sys/block", Path(node).name, "stat").read_text().split()[FLUSHES_DONE])


def sync(node: str) -> int:
    """Write and sync as a worker does; the flushes that reached the device."""
    before = flushes(node)
    fd = os.open(node, os.O_RDWR)
    try:
        os.pwrite(fd, b"x" * 4096, 0)
        os.fsync(fd)
    finally:
        os.close(fd)
    return flushes(node) - before


@pytest.fixture
def node(tmp_path: Path) -> Iterator[str]:
    """A loop device that the kernel takes as write-through, as it takes many a USB bridge."""
    with loop_device(tmp_path / "image", 4 * MIB) as node:
        setting_of(node).write_text("write through")
        yield node


def claim(node: str, state: Path) -> ClaimedBlockDrive:
    surveyor = BlockSurveyor(state=state)
    facts: DriveFacts = surveyor.survey(node)
    return ClaimedBlockDrive(surveyor, facts)


@pytest.mark.root
def test_a_held_drive_is_sent_flushes_and_its_setting_put_back(node: str, tmp_path: Path) -> None:
    assert sync(node) == 0, "without any help no flush is sent: this is what the rest is for"
    drive = claim(node, tmp_path)
    try:
        assert drive.notes == (say("write-cache-flushed", node=node, found="write through"),)
        assert sync(node) >= 1
    finally:
        drive.release()
        drive.release()
    assert setting_of(node).read_text().strip() == "write through"
    assert sync(node) == 0


@pytest.mark.root
def test_a_drive_with_a_known_cache_is_left_as_it_is(node: str, tmp_path: Path) -> None:
    setting_of(node).write_text("write back")
    drive = claim(node, tmp_path)
    assert drive.notes == ()
    drive.release()
    assert setting_of(node).read_text().strip() == "write back"


@pytest.fixture
def kernel(tmp_path: Path) -> FakeKernel:
    return FakeKernel(tmp_path)


@pytest.fixture
def fd(tmp_path: Path) -> Iterator[int]:
    """Something that can be synced."""
    file = (tmp_path / "medium").open("wb")
    with file:
        yield file.fileno()


def scsi_disk(kernel: FakeKernel) -> tuple[Path, Path]:
    """A SCSI disk taken as write-through: its folder, and where its cache is set."""
    folder = kernel.disk("sda", (8, 0))
    kernel.write(folder, {"queue/write_cache": "write through"})
    kernel.write((folder / "device").resolve(), {"scsi_disk/0:0:0:0/cache_type": "write through"})
    return folder, (folder / "device").resolve() / "scsi_disk/0:0:0:0/cache_type"


def test_a_scsi_disk_is_set_without_a_command_to_the_drive(kernel: FakeKernel, fd: int, mocker: MockerFixture) -> None:
    folder, cache_type = scsi_disk(kernel)
    stored = write_cache._store

    def as_the_kernel(attribute: Path, value: str) -> str:
        kernel.write(folder, {"queue/write_cache": value.removeprefix("temporary ")})
        return stored(attribute, value)

    mocker.patch.object(write_cache, "_store", as_the_kernel)
    device = kernel.tree.device("sda")
    assert device is not None
    setting = have_flushes_sent(device, fd)
    assert [note.id for note in setting.notes] == ["write-cache-flushed"]
    assert cache_type.read_text() == "temporary write back"
    setting.restore()
    assert cache_type.read_text() == "temporary write through"


def test_a_kernel_that_takes_the_setting_and_ignores_it_is_not_believed(kernel: FakeKernel, fd: int) -> None:
    _, cache_type = scsi_disk(kernel)
    device = kernel.tree.device("sda")
    assert device is not None
    setting = have_flushes_sent(device, fd)
    assert setting.notes == (
        say("write-cache-not-flushed", node="/dev/sda", found="write through", why="write through"),
    )
    assert cache_type.read_text() == "temporary write through", "nothing stays half set"


def test_a_drive_that_refuses_flushes_keeps_its_setting(kernel: FakeKernel) -> None:
    folder = kernel.disk("sda", (8, 0))
    kernel.write(folder, {"queue/write_cache": "write through"})
    device = kernel.tree.device("sda")
    assert device is not None
    read_end, write_end = os.pipe()
    try:
        setting = have_flushes_sent(device, write_end)  # a pipe cannot be synced: EINVAL
    finally:
        os.close(read_end)
        os.close(write_end)
    assert [(note.id, note.params["why"]) for note in setting.notes] == [("write-cache-not-flushed", "EINVAL")]
    assert (folder / "queue/write_cache").read_text() == "write through"


def test_a_drive_without_capacity_is_sent_no_flush(kernel: FakeKernel) -> None:
    """It sanitizes itself: the kernel would go on trying for minutes."""
    folder = kernel.disk("sda", (8, 0))
    kernel.write(folder, {"queue/write_cache": "write through", "size": "0"})
    device = kernel.tree.device("sda")
    assert device is not None
    read_end, write_end = os.pipe()
    try:
        setting = have_flushes_sent(device, write_end)  # a pipe cannot be synced: it would be said
    finally:
        os.close(read_end)
        os.close(write_end)
    assert [note.id for note in setting.notes] == ["write-cache-untried"]
    assert (folder / "queue/write_cache").read_text() == "write back"
    setting.restore()
    assert (folder / "queue/write_cache").read_text() == "write through"


def test_a_setting_that_cannot_be_written_is_said(kernel: FakeKernel, fd: int, mocker: MockerFixture) -> None:
    folder = kernel.disk("sda", (8, 0))
    kernel.write(folder, {"queue/write_cache": "write through"})
    device = kernel.tree.device("sda")
    assert device is not None
    mocker.patch.object(write_cache, "_STORE", "raise PermissionError(1, 'not permitted')")
    setting = have_flushes_sent(device, fd)
    (note,) = setting.notes
    assert note.id == "write-cache-not-flushed"
    assert "not permitted" in str(note.params["why"])


def test_a_kernel_that_hangs_over_it_holds_up_nobody(kernel: FakeKernel, fd: int, mocker: MockerFixture) -> None:
    folder = kernel.disk("sda", (8, 0))
    kernel.write(folder, {"queue/write_cache": "write through"})
    device = kernel.tree.device("sda")
    assert device is not None
    mocker.patch.object(write_cache, "_STORE", "import time\ntime.sleep(60)")
    mocker.patch.object(write_cache, "_WITHIN", 0.3)
    (note,) = have_flushes_sent(device, fd).notes
    assert (note.id, note.params["why"]) == ("write-cache-not-flushed", "ETIMEDOUT")


def test_a_kernel_that_says_nothing_is_not_taken_for_one_that_flushes(kernel: FakeKernel, fd: int) -> None:
    kernel.disk("sda", (8, 0))
    device = kernel.tree.device("sda")
    assert device is not None
    assert have_flushes_sent(device, fd).notes == (say("write-cache-unknown", node="/dev/sda"),)


async def resumed_after_a_power_cut(folder: Path, rewind: int) -> list[tuple[Evidence, bool]]:
    """Three drives that swallow flushes lose their power in mid-pass: their jobs, and whether secrets survived.

    The drives are honest from then on, and lose their power once more in the end.
    """
    settings = Settings(checkpoint=0.0, rewind=rewind, window=MIB, stall=20.0)
    lying = (FlushLie(at=1), Slowness(ms=4))
    with planted_drives(folder, 3, size=24 * MIB, cache_size=2 * MIB, sicknesses=lying) as drives:
        bench = open_local(folder / "state", settings=settings)
        stream = bench.updates()
        jobs = await start(bench, drives)
        left = set(jobs)
        async for update in stream:
            if isinstance(update, Logged) and isinstance(update.event, PassCheckpoint):
                if update.event.offset >= 12 * MIB:
                    left.discard(update.job)
                if not left:
                    break
        await bench.halt(at_once=True)
        for where in drives:
            launch.power_cut(where)
            launch.start(where)
            with SimConnection.connect(where) as connection:
                controls.disarm(connection)
        stream = bench.updates()
        resumption = await bench.resume()
        assert not resumption.refused
        await until_ended(stream, resumption.resumed)
        found = {evidence.job: evidence for evidence in await bench.jobs()}
        await bench.close()
        for where in drives:
            launch.power_cut(where)
        return [(found[job], survives(where)) for job, where in zip(jobs, drives, strict=True)]


async def test_what_a_drive_only_pretended_to_sync_is_written_again(tmp_path: Path) -> None:
    for evidence, secrets in await resumed_after_a_power_cut(tmp_path, rewind=10 * MIB):
        assert not secrets
        assert evidence.concluded is not None
        assert evidence.concluded.verdict == Verdict.ERASED_WITH_REMARKS
        assert evidence.anomalies == ()
        (item,) = evidence.passes
        assert item.restarts == 0, "the rewind alone was enough"
        assert item.starts == 2


async def test_without_the_rewind_the_loss_is_met(tmp_path: Path) -> None:
    found = await resumed_after_a_power_cut(tmp_path, rewind=0)
    met = [item for evidence, _ in found for item in evidence.passes if item.restarts or item.mismatches]
    assert met, "the drives lose what they only pretended to have stored"
    for evidence, secrets in found:
        assert evidence.concluded is not None
        proven = Verdict(evidence.concluded.verdict).proves_erasure
        assert not (proven and secrets), "what is lost is found before anything is declared erased"
