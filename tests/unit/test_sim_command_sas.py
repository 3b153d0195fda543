"""The virtual SAS drive, by raw bytes: SANITIZE, FORMAT UNIT, what it refuses meanwhile, 520-byte sectors."""

from __future__ import annotations

import struct
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from drivers.sim import command_faults, controls
from drivers.sim.client import SimConnection
from drivers.sim.commands.spec import CommandSpec, Personality
from support.raw_commands import (
    HOUR,
    SECRET,
    SECTOR,
    Drive,
    commanded,
    fixed_sense,
    sense_of,
    wait_until_at_work,
)
from support.virtual_drives import MIB, kill_drive

DISK, SSD = Personality.SAS_DISK, Personality.SAS_SSD
SECTORS = MIB // SECTOR
LONG = CommandSpec(personality=DISK, erase_ms=3_600_000, crypto_ms=60_000)
OVERWRITE = bytes([1, 0, 0, 4]) + b"\x11\x22\x33\x44"
READ_CAPACITY = bytes([0x9E, 0x10, *bytes(8), 0, 0, 0, 32, 0, 0])
SANITIZING = (2, 0x04, 0x1B)


def sanitize(service: int, length: int = 0, *, immediate: bool = True, ause: bool = False) -> bytes:
    return bytes([0x48, service | (0x80 if immediate else 0) | (0x20 if ause else 0), 0, 0, 0, 0, 0, 0, length, 0])


def requested_sense(drive: Drive) -> tuple[int, int, int, int]:
    return fixed_sense(drive.scsi(bytes([0x03, 0, 0, 0, 252, 0])).data)


def read16(lba: int, count: int = 1) -> bytes:
    return bytes([0x88, 0]) + struct.pack(">QI", lba, count) + bytes(2)


@pytest.mark.parametrize(
    ("personality", "service", "data", "left"),
    [(DISK, 1, OVERWRITE, b"\x11\x22\x33\x44" * 128), (SSD, 2, b"", bytes(SECTOR)), (SSD, 3, b"", None)],
)
def test_sanitize_to_its_end(
    tmp_path: Path, personality: Personality, service: int, data: bytes, left: bytes | None
) -> None:
    with commanded(tmp_path / "d", personality) as drive:
        drive.plant(0, SECTORS - 1)
        assert drive.scsi(sanitize(service, len(data)), data).status == 0
        drive.skip(HOUR / 2 if service != 3 else 30)
        assert requested_sense(drive)[:3] == SANITIZING
        assert 32768 <= requested_sense(drive)[3] < 33000
        for refused in (bytes(6), READ_CAPACITY, read16(0), bytes([0x25, *bytes(9)])):
            assert sense_of(drive.scsi(refused))[:3] == SANITIZING
        assert drive.scsi(bytes([0x12, 0, 0, 0, 96, 0])).status == 0
        assert drive.connection.info().size == 0
        assert drive.sector(0) == b""  # no error, and no bytes
        drive.skip(HOUR)
        assert requested_sense(drive)[:3] == (0, 0, 0)
        assert SECRET not in drive.medium
        assert drive.connection.info().size == MIB
        found = drive.sector(SECTORS - 1)
        assert found == left if left is not None else found not in {SECRET, bytes(SECTOR)}
        assert drive.scsi(read16(SECTORS - 1)).data == found


def test_a_sanitize_goes_on_after_a_power_cut(tmp_path: Path) -> None:
    with commanded(tmp_path / "d", SSD) as drive:
        drive.plant(SECTORS - 1)
        assert drive.scsi(sanitize(2)).status == 0
        drive.skip(HOUR / 2)
        drive.cycle(cut=True)
        assert 32768 <= requested_sense(drive)[3] < 33500
        drive.skip(HOUR)
        assert requested_sense(drive)[0] == 0
        assert SECRET not in drive.medium


def test_a_sanitize_goes_on_where_a_killed_drive_was(tmp_path: Path) -> None:
    with commanded(tmp_path / "d", SSD) as drive:
        drive.plant(0, SECTORS - 1)
        assert drive.scsi(sanitize(2)).status == 0
        for share in (4, 4):
            drive.skip(HOUR / share)
            requested_sense(drive)
        kill_drive(drive.where)
        drive.cycle()
        assert 32768 - 65536 // 64 <= requested_sense(drive)[3] < 33500
        assert SECRET not in drive.medium[: MIB // 4]
        drive.skip(HOUR)
        assert requested_sense(drive)[0] == 0
        assert SECRET not in drive.medium


@pytest.mark.parametrize("ause", [False, True])
def test_a_failed_sanitize_is_left_only_if_that_was_allowed(tmp_path: Path, ause: bool) -> None:
    with commanded(tmp_path / "d", SSD, command_faults.SanitizeFailure(progress=500)) as drive:
        drive.plant(SECTORS - 1)
        assert drive.scsi(sanitize(2, ause=ause)).status == 0
        drive.skip(HOUR)
        assert requested_sense(drive)[:3] == (3, 0x31, 0x03)
        drive.cycle()
        assert sense_of(drive.scsi(read16(0)))[:3] == (3, 0x31, 0x03)
        left = drive.scsi(sanitize(0x1F, immediate=False))
        if ause:
            assert left.status == 0
            assert drive.sector(SECTORS - 1) == SECRET
        else:
            assert sense_of(left)[:3] == (5, 0x24, 0)
            assert drive.connection.info().size == 0


def test_a_wrong_overwrite_list_is_refused(tmp_path: Path) -> None:
    with commanded(tmp_path / "d", DISK) as drive:
        for wrong in (bytes([0, 0, 0, 4]) + bytes(4), bytes([1, 0, 0, 8]) + bytes(4)):
            assert sense_of(drive.scsi(sanitize(1, 8), wrong))[:3] == (5, 0x26, 0)
        assert sense_of(drive.scsi(sanitize(1)))[:3] == (5, 0x24, 0)
        assert sense_of(drive.scsi(sanitize(2)))[:3] == (5, 0x24, 0)  # a disk erases no blocks
        assert requested_sense(drive)[0] == 0


def test_a_format_interrupted_by_a_power_cut_is_corrupt_until_formatted(tmp_path: Path) -> None:
    where = tmp_path / "d"
    with commanded(where, DISK) as drive:
        drive.plant(0, SECTORS - 1)
        assert drive.scsi(bytes([0x04, 0x10, 0, 0, 0, 0]), bytes([0, 2, 0, 0])).status == 0
        drive.skip(HOUR / 2)
        assert requested_sense(drive)[:3] == (2, 0x04, 0x04)
        drive.cycle(cut=True)
        assert sense_of(drive.scsi(read16(0)))[:3] == (3, 0x31, 0)
        assert sense_of(drive.scsi(READ_CAPACITY))[:3] == (3, 0x31, 0)
        assert drive.connection.info().size == 0
        assert SECRET in drive.medium
        format_and_wait(drive)
        assert drive.scsi(READ_CAPACITY).data[:12] == struct.pack(">QI", SECTORS - 1, SECTOR)
        assert drive.sector(SECTORS - 1) == bytes(SECTOR)


def format_and_wait(drive: Drive) -> None:
    """FORMAT UNIT without IMMED, which blocks."""
    statuses: list[int] = []
    thread = threading.Thread(
        target=lambda: statuses.append(drive.scsi(bytes([0x04, 0, 0, 0, 0, 0]), timeout=1e6).status), daemon=True
    )
    thread.start()
    wait_until_at_work(drive.where)
    with SimConnection.connect(drive.where) as other:
        controls.skip(other, 2 * HOUR)
    thread.join(10)
    assert statuses == [0]


def test_odd_sectors_make_no_disk_until_formatted_to_512(tmp_path: Path) -> None:
    with commanded(tmp_path / "d", DISK, spec=replace(LONG, block=520)) as drive:
        assert drive.connection.info().size == 0
        assert drive.scsi(READ_CAPACITY).data[:12] == struct.pack(">QI", SECTORS - 1, 520)
        assert drive.sector(0) == b""
        assert drive.scsi(read16(0)).data == bytes(520)
        assert drive.scsi(bytes([0x1A, 0, 1, 0, 255, 0])).data[9:12] == b"\0\x02\x08"
        select = bytes([0, 0, 0, 8]) + struct.pack(">II", 0, 512)
        assert drive.scsi(bytes([0x15, 0x10, 0, 0, 12, 0]), select).status == 0
        assert drive.scsi(READ_CAPACITY).data[8:12] == struct.pack(">I", 520)  # not before FORMAT UNIT
        format_and_wait(drive)
        assert drive.scsi(READ_CAPACITY).data[8:12] == struct.pack(">I", 512)
        info = drive.connection.info()
        assert (info.size, info.logical_sector) == (MIB, 512)
        drive.cycle()
        assert drive.sector(0) == bytes(SECTOR)


def test_supported_commands_and_elements(tmp_path: Path) -> None:
    with commanded(tmp_path / "d", DISK, spec=replace(LONG, depopulated=True)) as drive:
        for service, supported in ((1, 3), (2, 1), (3, 3)):
            asked = bytes([0xA3, 0x0C, 3, 0x48, 0, service, 0, 0, 1, 0, 0, 0])
            assert drive.scsi(asked).data[1] & 7 == supported
        assert drive.scsi(bytes([0xA3, 0x0C, 1, 0x85, 0, 0, 0, 0, 1, 0, 0, 0])).data[1] & 7 == 1
        elements = drive.scsi(bytes([0x9E, 0x17, *bytes(8), 0, 0, 1, 0, 0, 0])).data
        assert [elements[32 + 15], elements[64 + 15]] == [0, 0xFF]
        assert sense_of(drive.scsi(bytes([0x85, *bytes(15)])))[:3] == (5, 0x20, 0)


def test_writing_by_command_reads_back_by_block(tmp_path: Path) -> None:
    with commanded(tmp_path / "d", DISK) as drive:
        assert drive.scsi(bytes([0x8A, 0]) + struct.pack(">QI", 5, 1) + bytes(2), SECRET).status == 0
        assert drive.sector(5) == SECRET
        assert sense_of(drive.scsi(read16(SECTORS)))[:3] == (5, 0x21, 0)
