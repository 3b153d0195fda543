"""Drives that are pulled out while they are read back, and answer with nothing before the kernel lets go of them."""

from __future__ import annotations

import fcntl
import os
import struct
from pathlib import Path

import pytest

from bench.drive import DriveFacts
from bench.evidence import Evidence
from bench.messages import say
from bench.plan import EraseRequest, Verify
from bench.ports import ClaimedDrive, DriveGoneError
from bench.settings import Settings
from bench.verdict import Verdict
from drivers.machine import MachineDrives
from support import firmware
from support.benches import open_local, until_ended
from support.loops import loop_device
from support.wrapped import WrappedDrive

MIB = 1 << 20
BEFORE_READING_BACK = 3
"""Which question for its identity a drive is asked then: when held, before the pass, and now."""


class LeavingDrive(WrappedDrive):
    """A loop device that loses its capacity while it is open, as an NVMe namespace does whose drive is pulled out.

    It is still found `looks` times after that.
    """

    def __init__(self, drive: ClaimedDrive, node: str, looks: int) -> None:
        super().__init__(drive)
        self._node = node
        self._asked = 0
        self._looks = looks

    def facts(self) -> DriveFacts:
        self._asked += 1
        if self._asked > BEFORE_READING_BACK + self._looks:
            raise DriveGoneError(say("guard-not-there", node=self._node))
        found = self._drive.facts()
        if self._asked == BEFORE_READING_BACK:
            limit(self._node, 512)
        return found


class LeavingDrives(MachineDrives):
    """Drives leave after they were first claimed, and stay after the second time."""

    def __init__(self, state: Path, looks: int) -> None:
        super().__init__(state)
        self._looks = looks
        self._claimed = 0

    def claim(self, facts: DriveFacts) -> ClaimedDrive:
        self._claimed += 1
        drive = super().claim(facts)
        return drive if self._claimed > 1 else LeavingDrive(drive, facts.node, self._looks)


def limit(node: str, size: int) -> None:
    """Change how much of its file a loop device shows, 0 for all: `lo_sizelimit` of loop_info64 (linux/loop.h)."""
    with open(os.open(node, os.O_RDONLY), "rb") as device:  # noqa: PTH123 - a descriptor, not a path
        info = bytearray(fcntl.ioctl(device, 0x4C05, bytes(232)))
        struct.pack_into("<Q", info, 32, size)
        fcntl.ioctl(device, 0x4C04, bytes(info))


@pytest.mark.root
@pytest.mark.parametrize("looks", [0, 1])
async def test_an_end_at_byte_0_is_the_plug_and_not_the_drive(tmp_path: Path, looks: int) -> None:
    """With one look, the drive is still found when the fault is met, and gone when reading has come past it."""
    settings = Settings(checkpoint=0.0, rewind=0, window=MIB, stall=20.0)
    state = tmp_path / "state"
    with loop_device(tmp_path / "image", 4 * MIB) as node:
        bench = open_local(state, settings=settings, drives=LeavingDrives(state, looks))
        order = EraseRequest(addresses=(node,), method="zero", verify=Verify.parse("full"), operator="OP-1")
        stream = bench.updates()
        await until_ended(stream, await firmware.start(bench, order))
        (away,) = await bench.jobs()
        assert away.is_open
        assert [item.cause.value for item in away.interruptions] == ["drive-gone"]
        limit(node, 0)
        stream = bench.updates()
        resumption = await bench.resume()
        assert not resumption.refused
        await until_ended(stream, resumption.resumed)
        (back,) = await bench.jobs()
        await bench.close()
    remarks = ["remark-interrupted-drive-gone", *["remark-retried"] * looks]
    assert told(back) == (Verdict.ERASED_WITH_REMARKS, remarks), "what was told by then is read again, and well"


def told(evidence: Evidence) -> tuple[str, list[str]]:
    assert evidence.concluded is not None
    assert evidence.anomalies == ()
    return evidence.concluded.verdict, [reason.id for reason in evidence.concluded.reasons]
