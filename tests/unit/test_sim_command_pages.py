"""What a virtual drive says of itself in SCSI pages and lists: nothing that it then does not do."""

from __future__ import annotations

import struct
from dataclasses import replace
from pathlib import Path

import pytest

from drivers.commands.transport import ScsiReply
from drivers.sim.commands.spec import CommandSpec, Personality
from support.raw_commands import Drive, commanded, sense_of

MIB = 1 << 20
DISK, SSD = Personality.SAS_DISK, Personality.SAS_SSD
EVERY = (Personality.ATA_DISK, Personality.ATA_SSD, DISK, SSD)
QUICK = CommandSpec(personality=DISK, erase_ms=1)
INVALID_FIELD_IN_CDB, INVALID_FIELD_IN_PARAMETERS = (5, 0x24, 0), (5, 0x26, 0)
CURRENT, CHANGEABLE = 0, 1


def mode_sense(drive: Drive, page: int, control: int = CURRENT) -> bytes:
    return drive.scsi(bytes([0x5A, 0, control << 6 | page, 0, 0, 0, 0, 0, 252, 0])).data


def mode_select(drive: Drive, block: int = 0, pages: bytes = b"") -> ScsiReply:
    descriptor = struct.pack(">II", 0, block) if block else b""
    data = bytes([0, 0, 0, len(descriptor)]) + descriptor + pages
    return drive.scsi(bytes([0x15, 0x10, 0, 0, len(data), 0]), data)


def log_page(drive: Drive, page: int) -> bytes:
    return drive.scsi(bytes([0x4D, 0, 0x40 | page, 0, 0, 0, 0, 2, 0, 0])).data


@pytest.mark.parametrize("personality", EVERY)
def test_no_drive_claims_to_discard(tmp_path: Path, personality: Personality) -> None:
    with commanded(tmp_path / "d", personality) as drive:
        provisioning = drive.scsi(bytes([0x12, 1, 0xB2, 0, 64, 0])).data
        assert provisioning[4:8] == bytes(4)
        assert drive.scsi(bytes([0x9E, 0x10, *bytes(8), 0, 0, 0, 32, 0, 0])).data[14] == 0
        assert drive.scsi(bytes([0x93, 8, *bytes(14)])).status == 2


def test_a_list_of_all_commands_with_their_service_actions(tmp_path: Path) -> None:
    with commanded(tmp_path / "d", SSD) as drive:
        told = drive.scsi(bytes([0xA3, 0x0C, 0, 0, 0, 0, 0, 0, 16, 0, 0, 0])).data
        (length,) = struct.unpack_from(">I", told)
        rows = [struct.unpack_from(">BxHxBH", told, at) for at in range(4, 4 + length, 8)]
        assert {service for opcode, service, _, _ in rows if opcode == 0x48} == {2, 3, 0x1F}
        assert {has for opcode, _, has, _ in rows if opcode == 0x48} == {1}
        assert (0x28, 0, 0, 10) in rows
        assert (0x8A, 0, 0, 16) in rows
        assert 0x42 not in {opcode for opcode, *_ in rows}


def test_a_command_with_service_actions_is_asked_for_with_one(tmp_path: Path) -> None:
    with commanded(tmp_path / "d", DISK) as drive:
        for options, opcode, service in ((1, 0x48, 0), (2, 0x28, 0), (4, 0x28, 0)):
            refused = drive.scsi(bytes([0xA3, 0x0C, options, opcode, 0, service, 0, 0, 1, 0, 0, 0]))
            assert sense_of(refused)[:3] == INVALID_FIELD_IN_CDB
    with commanded(tmp_path / "ata", Personality.ATA_DISK) as drive:  # as libata
        assert sense_of(drive.scsi(bytes([0xA3, 0x0C, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0])))[:3] == INVALID_FIELD_IN_CDB


def test_modes_are_read_and_not_changed(tmp_path: Path) -> None:
    with commanded(tmp_path / "d", DISK) as drive:
        caching = mode_sense(drive, 8)
        assert (caching[3], caching[16:19]) == (0x10, bytes([8, 18, 4]))
        assert mode_sense(drive, 8, CHANGEABLE)[16:] == bytes([8, 18, *bytes(18)])
        assert mode_select(drive, pages=caching[16:]).status == 0
        without_cache = caching[16:18] + bytes(18)
        assert sense_of(mode_select(drive, pages=without_cache))[:3] == INVALID_FIELD_IN_PARAMETERS
    with commanded(tmp_path / "ata", Personality.ATA_DISK) as drive:
        assert mode_sense(drive, 8)[3] == 0  # no FUA
        assert sense_of(drive.scsi(bytes([0x5A, 0, 0x1C, 0, 0, 0, 0, 0, 252, 0])))[:3] == INVALID_FIELD_IN_CDB


def test_forced_unit_access_reaches_the_medium(tmp_path: Path) -> None:
    data, write = b"forced".ljust(512, b"."), struct.pack(">QI", 5, 1) + bytes(2)
    with commanded(tmp_path / "d", DISK) as drive:
        drive.scsi(bytes([0x8A, 0]) + write, data)
        assert data not in (drive.where / "medium").read_bytes()
        drive.scsi(bytes([0x8A, 8]) + write, data)
        assert data in (drive.where / "medium").read_bytes()


def test_a_format_to_4096_bytes_keeps_every_byte_of_fewer_sectors(tmp_path: Path) -> None:
    with commanded(tmp_path / "d", DISK, spec=QUICK) as drive:
        assert mode_select(drive, 4096).status == 0
        assert drive.scsi(bytes([0x04, 0, 0, 0, 0, 0])).status == 0
        capacity = drive.scsi(bytes([0x9E, 0x10, *bytes(8), 0, 0, 0, 32, 0, 0])).data
        assert struct.unpack_from(">QI", capacity) == (MIB // 4096 - 1, 4096)
        data = bytes(range(256)) * 16
        assert drive.scsi(bytes([0x8A, 0]) + struct.pack(">QI", 200, 1) + bytes(2), data).status == 0
        buffer = bytearray(4096)
        assert drive.connection.read_into(200 * 4096, memoryview(buffer)) == 4096
        assert buffer == data


def test_a_self_test_and_counters_are_in_the_logs(tmp_path: Path) -> None:
    with commanded(tmp_path / "d", DISK) as drive:
        assert set(log_page(drive, 0)[4:]) == {0, 2, 3, 5, 0x0D, 0x10, 0x15, 0x2F}
        assert log_page(drive, 0x10)[8] == 0
        drive.scsi(bytes([0x1D, 1 << 5, 0, 0, 0, 0]))
        results = log_page(drive, 0x10)
        assert (results[8], struct.unpack_from(">H", results, 10)[0]) == (1 << 5, 12345)
        assert len(results) == 4 + 20 * 20


def test_form_factor_and_overlay_say_what_the_drive_is(tmp_path: Path) -> None:
    for name, personality, form in (("disk", Personality.ATA_DISK, 2), ("ssd", Personality.ATA_SSD, 3)):
        with commanded(tmp_path / name, personality) as drive:
            words = struct.unpack("<256H", drive.scsi(bytes([0x12, 1, 0x89, 2, 60, 0])).data[60:572])
            assert (words[168], words[169], words[69]) == (form, 0, 0)
            overlay = drive.scsi(bytes([0x85, 8, 0x0E, 0, 0xC2, 0, 1, *bytes(7), 0xB1, 0])).data
            assert struct.unpack_from("<HH", overlay, 14) == (0x018F, 0x15)


def test_sectors_of_520_bytes_are_as_many_as_those_of_512(tmp_path: Path) -> None:
    with commanded(tmp_path / "d", DISK, spec=replace(QUICK, block=520)) as drive:
        capacity = drive.scsi(bytes([0x9E, 0x10, *bytes(8), 0, 0, 0, 32, 0, 0])).data
        assert struct.unpack_from(">QI", capacity) == (MIB // 512 - 1, 520)
