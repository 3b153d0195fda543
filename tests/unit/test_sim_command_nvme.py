"""The virtual NVMe controller, by raw dwords: Format and what it does not do, Sanitize, namespaces, logs."""

from __future__ import annotations

import struct
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from drivers.commands.transport import TransportError
from drivers.sim import command_faults, controls
from drivers.sim.client import SimConnection
from drivers.sim.commands.spec import CommandSpec, Leaves, Personality
from drivers.sim.faults import BadSectors
from support.raw_commands import HOUR, SECRET, SECTOR, commanded, wait_until_at_work
from support.virtual_drives import MIB

NVME = Personality.NVME
SECTORS = MIB // SECTOR
QUICK = CommandSpec(personality=NVME, erase_ms=20, crypto_ms=5)
LONG = CommandSpec(personality=NVME, erase_ms=3_600_000, crypto_ms=60_000)


def test_identify(tmp_path: Path) -> None:
    with commanded(tmp_path / "d", NVME, spec=replace(LONG, unallocated=MIB)) as drive:
        controller = drive.nvme(6, 1, length=4096).data
        assert controller[4:24] == b"SIM-0001".ljust(20)
        assert struct.unpack_from("<I", controller, 328)[0] == 3  # crypto and block
        assert controller[524] == 4
        assert struct.unpack_from("<Q", controller, 296)[0] == MIB
        namespace = drive.nvme(6, 0, nsid=1, length=4096).data
        assert struct.unpack_from("<Q", namespace)[0] == SECTORS
        assert drive.nvme(6, 2, length=4096).data[:8] == b"\1\0\0\0\0\0\0\0"
        assert drive.nvme(6, 0x77, length=4096).status == 0x4002
        assert drive.nvme(0x99).status == 0x4001
        with pytest.raises(TransportError, match="takes no such"):
            drive.scsi(bytes(6))


@pytest.mark.parametrize(("setting", "gone"), [(0, False), (1, True), (2, True)])
def test_format_erases_only_what_its_secure_erase_setting_says(tmp_path: Path, setting: int, gone: bool) -> None:
    with commanded(tmp_path / "d", NVME, spec=QUICK) as drive:
        drive.plant(0, SECTORS - 1)
        assert drive.nvme(0x80, setting << 9, nsid=1).status == 0
        assert (SECRET not in drive.medium) == gone
        assert (drive.sector(0) != SECRET) == gone
        assert drive.nvme(0x80, 3 << 9, nsid=1).status == 0x4002
        assert drive.nvme(0x80, 1 << 9, nsid=5).status == 0x400B
        assert drive.nvme(0x80, 1 << 9 | 7, nsid=1).status == 0x410A


def test_format_changes_the_sector_size_to_what_it_is_told(tmp_path: Path) -> None:
    with commanded(tmp_path / "d", NVME, spec=QUICK) as drive:
        assert drive.nvme(0x80, 1 << 9 | 1, nsid=1).status == 0
        assert drive.connection.info().logical_sector == 4096
        assert drive.nvme(6, 0, nsid=1, length=4096).data[26] == 1
        with pytest.raises(OSError, match="no whole sectors"):
            drive.sector(0)
        drive.cycle()
        assert drive.connection.info().logical_sector == 4096
        assert drive.nvme(0x80, 1 << 9, nsid=1).status == 0
        assert drive.sector(0) == bytes(SECTOR)


def test_a_format_interrupted_by_a_power_cut_leaves_nothing_readable_until_formatted(tmp_path: Path) -> None:
    where = tmp_path / "d"
    with commanded(where, NVME, spec=replace(LONG, crypto_ms=5)) as drive:
        drive.plant(SECTORS - 1)

        def formatted() -> None:
            with pytest.raises(TransportError):
                drive.nvme(0x80, 1 << 9, nsid=1, timeout=1e6)

        thread = threading.Thread(target=formatted, daemon=True)
        thread.start()
        wait_until_at_work(where)
        with SimConnection.connect(where) as other:
            controls.skip(other, HOUR / 2)
        drive.cycle(cut=True)
        thread.join(10)
        assert not thread.is_alive()
        with pytest.raises(OSError, match="Input/output"):
            drive.sector(0)
        assert SECRET in drive.medium
        assert drive.nvme(0x80, 2 << 9, nsid=1).status == 0
        assert drive.sector(0)
        assert SECRET not in drive.medium


@pytest.mark.parametrize(("hits_all", "left"), [(False, 1), (True, 0)])
def test_format_and_the_namespaces_beside(tmp_path: Path, hits_all: bool, left: int) -> None:
    spec = replace(QUICK, siblings=1, sibling_size=MIB, format_hits_all=hits_all)
    with commanded(tmp_path / "d", NVME, spec=spec) as drive:
        drive.plant(0)
        with (drive.where / "medium").open("r+b") as medium:
            medium.seek(MIB)
            medium.write(SECRET)
        assert drive.nvme(6, 2, length=4096).data[:8] == b"\1\0\0\0\2\0\0\0"
        assert drive.nvme(0x80, 1 << 9, nsid=1).status == 0
        assert drive.medium.count(SECRET) == left
        assert drive.nvme(0x84, 2).status == 0
        drive.skip(1)
        assert drive.sanitize_log()[1] & 7 == 1
        assert drive.medium.count(SECRET) == 0


@pytest.mark.parametrize(
    ("word", "pattern", "left"),
    [(2, 0, bytes(SECTOR)), (4, 0, None), (3 | 1 << 4, 0x44332211, b"\x11\x22\x33\x44" * 128)],
)
def test_sanitize_to_its_end(tmp_path: Path, word: int, pattern: int, left: bytes | None) -> None:
    spec = replace(LONG, sanitize="crypto,block,overwrite")
    with commanded(tmp_path / "d", NVME, spec=spec) as drive:
        drive.plant(0, SECTORS - 1)
        assert drive.sanitize_log() == (0xFFFF, 0, 0)
        assert drive.nvme(0x84, word, pattern).status == 0
        drive.skip(HOUR / 2 if word != 4 else 30)
        progress, status, mark = drive.sanitize_log()
        assert 32768 <= progress < 33000
        assert (status & 7, mark) == (2, word)
        assert drive.nvme(0x80, 1 << 9, nsid=1).status == 0x1D
        assert drive.nvme(0x84, 2).status == 0x1D
        with pytest.raises(OSError, match="Input/output"):
            drive.sector(0)
        drive.cycle(cut=True)
        assert drive.sanitize_log()[1] & 7 == 2
        drive.skip(HOUR)
        progress, status, mark = drive.sanitize_log()
        assert (progress, status & 0x107, mark) == (0xFFFF, 0x101, word)
        assert status >> 3 & 0x1F == (1 if word & 7 == 3 else 0)
        assert SECRET not in drive.medium
        found = drive.sector(0)
        assert found == left if left is not None else found not in {SECRET, bytes(SECTOR)}
        drive.plant(3)
        assert drive.sanitize_log()[1] & 0x100 == 0  # no longer untouched


def test_no_deallocate_is_overruled_as_status_4(tmp_path: Path) -> None:
    with commanded(tmp_path / "d", NVME, spec=QUICK) as drive:
        assert drive.nvme(0x84, 2 | 1 << 9).status == 0
        drive.skip(1)
        assert drive.sanitize_log()[1] & 7 == 4


@pytest.mark.parametrize("ause", [False, True])
def test_failure_mode_is_left_only_where_the_sanitize_allowed_it(tmp_path: Path, ause: bool) -> None:
    with commanded(tmp_path / "d", NVME, command_faults.SanitizeFailure(progress=500), spec=QUICK) as drive:
        drive.plant(SECTORS - 1)
        assert drive.nvme(0x84, 2 | ause << 3).status == 0
        drive.skip(1)
        assert drive.sanitize_log()[1] & 7 == 3
        assert drive.nvme(0x80, 1 << 9, nsid=1).status == 0x401C
        drive.cycle()
        left = drive.nvme(0x84, 1)
        if ause:
            assert left.status == 0
            assert drive.sector(SECTORS - 1) == SECRET
        else:
            assert left.status == 0x401C
            assert drive.nvme(0x84, 2 | 8).status == 0x401C  # not by a laxer one either
            controls.disarm(drive.connection)
            assert drive.nvme(0x84, 2).status == 0
            drive.skip(1)
            assert drive.sanitize_log()[1] & 7 == 1


def test_a_crypto_erase_may_leave_zeros(tmp_path: Path) -> None:
    with commanded(tmp_path / "d", NVME, spec=replace(QUICK, crypto_leaves=Leaves.ZEROS)) as drive:
        drive.plant(0)
        assert drive.nvme(0x84, 4).status == 0
        drive.skip(1)
        assert drive.sector(0) == bytes(SECTOR)


def test_logs_and_self_tests(tmp_path: Path) -> None:
    with commanded(tmp_path / "d", NVME) as drive:
        drive.cycle()
        health = drive.nvme(2, 2 | 127 << 16, length=512).data
        assert struct.unpack_from("<Q", health, 112)[0] == 2
        assert drive.nvme(0x14, 1, nsid=1).status == 0
        assert drive.nvme(2, 6 | 140 << 16, length=564).data[4] == 0x10
        assert drive.nvme(2, 0x99, length=4).status == 0x4109
        assert drive.nvme(0x82, 1 << 24 | 1 << 8, 512, length=512).status == 0x4001


def test_self_tests_tell_which_and_how_they_ended(tmp_path: Path) -> None:
    with commanded(tmp_path / "d", NVME) as drive:
        assert drive.nvme(0x14, 1).status == 0
        controls.arm(drive.connection, BadSectors(first=8, count=1))
        assert drive.nvme(0x14, 2).status == 0
        assert drive.nvme(0x14, 0xF).status == 0
        assert drive.nvme(0x14, 3).status == 0x4002
        drive.cycle()
        log = drive.nvme(2, 6 | 140 << 16, length=564).data
        assert [log[4 + 28 * number] for number in range(3)] == [0x26, 0x10, 0xFF]


def test_effects_name_what_the_drive_can_do(tmp_path: Path) -> None:
    with commanded(tmp_path / "d", NVME, spec=replace(QUICK, sanitize="none")) as drive:
        log = drive.nvme(2, 5 | 1023 << 16, length=4096).data
        assert struct.unpack_from("<I", log, 4 * 0x80)[0] == 0x20007
        assert struct.unpack_from("<I", log, 4 * 0x84)[0] == 0
        assert struct.unpack_from("<I", log, 1024 + 4 * 2)[0] == 1


def test_features_are_kept_until_the_power_goes(tmp_path: Path) -> None:
    def get(number: int, dword11: int = 0) -> tuple[int, int]:
        reply = drive.nvme(0x0A, number, dword11)
        return reply.status, reply.result

    with commanded(tmp_path / "d", NVME) as drive:
        assert get(4) == (0, 343)
        assert drive.nvme(9, 4, 330).status == 0
        assert get(4) == (0, 330)
        assert get(4, 0x100000) == (0, 0)
        assert get(6) == (0, 1)
        assert drive.nvme(9, 6, 1).status == 0
        assert drive.nvme(9, 6, 0).status == 0x410E
        assert drive.nvme(9, 4 | 1 << 31, 320).status == 0x410D
        assert drive.nvme(9, 0x55, 0).status == 0x4002
        assert get(0x55)[0] == 0x4002
        drive.cycle()
        assert get(4) == (0, 343)
