"""Commands and canaries on real block devices: loop devices, which take no firmware command and must refuse them."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from bench.canaries import Place
from bench.capabilities import CommandSet
from bench.drive import DriveFacts, Kin, Sibling
from bench.firmware_work import NotTaken
from bench.ports import ClaimedDrive, DriveGoneError, WorkerLostError
from bench.techniques import Technique
from drivers.block.opening import open_exclusive, taken_over
from drivers.lending import borrow, lend
from drivers.machine import MachineDrives
from support.commanding import erase, run
from support.loops import loop_device
from support.virtual_drives import MIB

pytestmark = pytest.mark.root
IN_CLOSE_WRITE = 0x8


@pytest.fixture
def node(tmp_path: Path) -> Iterator[str]:
    with loop_device(tmp_path / "image", 4 * MIB) as node:
        yield node


@pytest.fixture
def claim(tmp_path: Path, node: str) -> Iterator[ClaimedDrive]:
    drives = MachineDrives(tmp_path / "state")
    claim = drives.claim(drives.survey(node))
    yield claim
    claim.release()


@contextmanager
def closings(node: str) -> Iterator[list[bytes]]:
    """What the kernel tells those who, like udev, watch for the closing of a node that was open for writing."""
    libc = ctypes.CDLL(None, use_errno=True)
    watch = libc.inotify_init1(os.O_NONBLOCK)
    assert libc.inotify_add_watch(watch, node.encode(), IN_CLOSE_WRITE) > 0
    heard: list[bytes] = []
    try:
        yield heard
        with suppress(BlockingIOError):
            heard.append(os.read(watch, 4096))
    finally:
        os.close(watch)


async def test_a_drive_that_was_only_asked_does_not_look_written_to(tmp_path: Path, node: str) -> None:
    drives = MachineDrives(tmp_path / "state")
    facts = drives.survey(node)
    with closings(node) as heard:
        asked = drives.claim_to_ask(facts)
        with pytest.raises(DriveGoneError, match="guard-held"):
            drives.claim(facts)
        assert (await asked.commander().capabilities()).command_set is CommandSet.NONE
        asked.release()
    assert not heard
    with closings(node) as heard:
        drives.claim(facts).release()
    assert heard


async def test_canaries_go_past_the_page_cache(claim: ClaimedDrive, tmp_path: Path) -> None:
    places = (Place(0, 0, 512), Place(0, MIB, 4096), Place(0, 4 * MIB - 512, 512))
    blocks = {place: os.urandom(place.length) for place in places}
    await claim.commander().plant(blocks)
    assert await claim.commander().read(places) == blocks
    image = (tmp_path / "image").read_bytes()
    assert all(image[place.offset : place.offset + place.length] == data for place, data in blocks.items())


async def test_what_is_beyond_the_end_or_in_odd_sectors_cannot_be_read(claim: ClaimedDrive) -> None:
    beyond, odd, other = Place(0, 4 * MIB, 512), Place(0, 520, 520), Place(2, 0, 512)
    assert await claim.commander().read([beyond, odd, other]) == {beyond: None, odd: None, other: None}
    with pytest.raises(DriveGoneError, match="erase-block-odd"):
        await claim.commander().plant({odd: bytes(520)})
    with pytest.raises(DriveGoneError, match="erase-namespace-out-of-reach"):
        await claim.commander().plant({other: bytes(512)})


async def test_a_loop_device_has_no_firmware(claim: ClaimedDrive) -> None:
    capabilities = await claim.commander().capabilities()
    assert (capabilities.command_set, capabilities.commands) == (CommandSet.NONE, 0)
    assert capabilities.firmware_erase == ()


@pytest.mark.parametrize(
    "technique", [Technique.ATA_SECURE_ERASE, Technique.SCSI_FORMAT_UNIT, Technique.ATA_SANITIZE_BLOCK]
)
async def test_an_order_to_what_takes_none_ends_without_a_success(claim: ClaimedDrive, technique: Technique) -> None:
    before = await claim.commander().read([Place(0, 0, 4096)])
    try:
        reports = await run(claim.commander(), erase(technique))
    except WorkerLostError:
        reports = []
    assert all(isinstance(report, NotTaken) for report in reports)
    assert await claim.commander().read([Place(0, 0, 4096)]) == before


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[str, str]]:
    with loop_device(tmp_path / "first", 4 * MIB) as first, loop_device(tmp_path / "second", MIB) as second:
        yield first, second


def as_one(drives: MachineDrives, first: str, second: str) -> DriveFacts:
    """Facts of two loop devices as if they were namespaces 1 and 2 of one drive."""
    lead, other = drives.survey(first), drives.survey(second)
    beside = Sibling(
        kin=Kin.NAMESPACE, node=second, unit=2, identity=other.identity, sector=other.logical_sector, named=True
    )
    return replace(lead, unit=1, siblings=(beside,))


async def test_what_goes_with_a_drive_is_held_written_and_read_with_it(tmp_path: Path, pair: tuple[str, str]) -> None:
    drives = MachineDrives(tmp_path / "state")
    claim = drives.claim(as_one(drives, *pair))
    try:
        for node in pair:
            with pytest.raises(DriveGoneError):
                open_exclusive(node)
        ends = Place(0, 0, 512), Place(2, 0, 512), Place(2, MIB - 512, 512)
        blocks = {place: os.urandom(512) for place in ends}
        await claim.commander().plant(blocks)
        assert await claim.commander().read(ends) == blocks
        assert (tmp_path / "second").read_bytes()[-512:] == blocks[ends[-1]]
    finally:
        claim.release()
    for node in pair:
        open_exclusive(node).close()


def test_where_one_is_in_use_none_is_held(tmp_path: Path, pair: tuple[str, str]) -> None:
    drives = MachineDrives(tmp_path / "state")
    facts = as_one(drives, *pair)
    user = open_exclusive(pair[1])
    try:
        with pytest.raises(DriveGoneError, match="guard-held"):
            drives.claim(facts)
        open_exclusive(pair[0]).close()
    finally:
        user.close()


def test_a_lent_drive_is_held_on(node: str, tmp_path: Path) -> None:
    drive = open_exclusive(node)
    try:
        lend(tmp_path, [drive.fd])
        with pytest.raises(DriveGoneError):
            open_exclusive(node)
        (fd,) = borrow(tmp_path)
        again = taken_over(node, fd)
        assert (again.number, again.direct_io) == (drive.number, drive.direct_io)
    finally:
        drive.close()
    with pytest.raises(DriveGoneError):
        open_exclusive(node)  # held on by the copy
    again.close()
    open_exclusive(node).close()
