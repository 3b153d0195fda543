"""The size of a drive with sectors that the host cannot read, from the drive itself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bench.capabilities import SectorFormat
from bench.drive import DriveFacts, SizeReading
from bench.ports import DriveGoneError, DriveSickError
from drivers.block.opening import OpenDrive
from drivers.block.survey import BlockSurveyor
from drivers.commands import own_size
from drivers.commands.transport import ScsiReply, TransportError
from support.fakekernel import FakeKernel
from support.scripted import INVALID_FIELD, ScriptedDrive, capacity_16, good
from support.stage_samples import drive, sas

FOREIGN, ORDINARY = SectorFormat(block=520, size=520_000), SectorFormat(block=512, size=512_000)


def unsized() -> DriveFacts:
    """What the host knows of a drive with sectors of 520 bytes."""
    facts = drive(sas(block=520))
    readings = tuple(SizeReading(source=name, size=0) for name in ("lseek", "sysfs"))
    return replace(facts, identity=replace(facts.identity, size=0), sizes=readings)


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (good(capacity_16(1000, 520)), FOREIGN),
        (good(capacity_16(1000)), ORDINARY),
        (good(bytes(32)), None),
        (good(capacity_16(1000, 520)[:8]), None),
        (good(b"\xff" * 32), None),
        (INVALID_FIELD, None),
        (TransportError("gone", 5), None),
    ],
)
def test_a_drive_gives_its_size_or_none(reply: ScsiReply | TransportError, expected: SectorFormat | None) -> None:
    assert own_size.told(ScriptedDrive(scsi_answers={"9e-10": reply})) == expected


def test_what_the_drive_gives_completes_the_facts() -> None:
    def never() -> DriveFacts:
        raise AssertionError

    found = own_size.completed(unsized(), FOREIGN, never)
    assert (found.identity.size, found.logical_sector, found.tells_own_size) == (520_000, 520, True)
    assert own_size.completed(unsized(), None, never) == unsized()


def test_a_drive_that_has_other_sectors_now_is_looked_at_again() -> None:
    known = drive(sas())
    assert own_size.completed(unsized(), ORDINARY, lambda: known) == known


def test_looking_again_has_the_kernel_ask_the_drive(tmp_path: Path) -> None:
    kernel = FakeKernel(tmp_path)
    kernel.disk("sdb", (8, 16), bus="pci0/ata2/host1/1:0:0:0")
    surveyor = BlockSurveyor(state=Path("/var/lib/bench"), tree=kernel.tree)
    device = kernel.tree.numbered((8, 16))
    assert device is not None
    rescan = device.folder / "device" / "rescan"
    held = OpenDrive(node="/dev/no-such-drive", fd=-1, direct_io=True, number=(8, 16), sequence=None)
    rescan.parent.mkdir(exist_ok=True)
    with pytest.raises(DriveGoneError):  # the node does not exist here: that comes out after the kernel was told
        surveyor.look_again(held)
    assert rescan.read_text() == "1"
    rescan.unlink()
    rescan.mkdir()
    with pytest.raises(DriveSickError) as error:
        surveyor.look_again(held)
    assert error.value.messages[0].id == "guard-survey-failed"
