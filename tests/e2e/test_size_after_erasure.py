"""A drive that was plugged in while it erased itself: the kernel took it as empty, and has to be told to look again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytest_mock import MockerFixture

from bench.drive import DriveFacts, Interface, SizeReading
from drivers.block.bays import ClaimedBlockDrive
from drivers.block.held import HeldBlockDrive
from drivers.block.opening import OpenDrive
from drivers.block.survey import BlockSurveyor
from drivers.commands.transport import ScsiReply
from support.loops import loop_device
from support.scripted import INVALID_FIELD, ScriptedDrive, capacity_16, good

MIB = 1 << 20


def without_size(facts: DriveFacts) -> DriveFacts:
    """As the kernel has a SAS drive that it found in the middle of a sanitize."""
    readings = tuple(SizeReading(source=name, size=0) for name in ("lseek", "sysfs"))
    return replace(facts, identity=replace(facts.identity, size=0), sizes=readings, interface=Interface.SAS)


@pytest.fixture
def facts(tmp_path: Path, mocker: MockerFixture) -> Iterator[DriveFacts]:
    """A real block device, of which the kernel says no size until it looks again."""
    with loop_device(tmp_path / "image", 4 * MIB) as node:
        facts = BlockSurveyor(state=tmp_path).survey(node)
        resurvey = BlockSurveyor.resurvey

        def closed(surveyor: BlockSurveyor, drive: OpenDrive) -> DriveFacts:
            return without_size(resurvey(surveyor, drive))

        mocker.patch.object(BlockSurveyor, "resurvey", closed)
        mocker.patch.object(BlockSurveyor, "look_again", resurvey)
        yield facts


@pytest.mark.root
@pytest.mark.parametrize(
    ("answer", "size"), [(good(capacity_16(8192)), 4 * MIB), (good(bytes(32)), 0), (INVALID_FIELD, 0)]
)
def test_the_kernel_looks_again_once_the_drive_has_a_size(
    facts: DriveFacts, tmp_path: Path, mocker: MockerFixture, answer: ScsiReply, size: int
) -> None:
    mocker.patch.object(HeldBlockDrive, "transport", return_value=ScriptedDrive(scsi_answers={"9e-10": answer}))
    drive = ClaimedBlockDrive(BlockSurveyor(state=tmp_path), facts)
    try:
        assert drive.facts().identity.size == size
    finally:
        drive.release()
