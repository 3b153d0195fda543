"""The virtual ATA drive, by raw bytes: security states, sanitize, hidden capacity, power lost in the middle."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from drivers.commands.transport import ScsiRequest
from drivers.sim import command_faults, controls
from drivers.sim.client import SimConnection
from drivers.sim.commands.spec import Bridge, CommandSpec, Hiding, Personality
from drivers.sim.transport import SimTransport
from support.raw_commands import (
    HOUR,
    OTHER,
    SECRET,
    SECTOR,
    commanded,
    passed16,
    secure_erase_in_background,
    wait_until_at_work,
)
from support.virtual_drives import MIB

DISK, SSD = Personality.ATA_DISK, Personality.ATA_SSD
SECTORS = MIB // SECTOR
LONG = CommandSpec(personality=DISK, erase_ms=3_600_000, crypto_ms=60_000)


def test_identify_tells_who_and_how_big(tmp_path: Path) -> None:
    with commanded(tmp_path / "d", DISK) as drive:
        found = drive.identify()
        assert sum(found.data) % 256 == 0
        assert found.data[510] == 0xA5
        swapped = bytes(found.data[at ^ 1] for at in range(SECTOR))
        assert swapped[20:40] == b"SIM-0001".rjust(20)
        assert swapped[54:94].rstrip() == b"Table d'essai"
        assert found.word(100) | found.word(101) << 16 == SECTORS
        assert [found.word(at) for at in range(108, 112)] == [0x5000, 0xC500, 0xA1B2, 0xC3D4]
        assert found.word(217) == 7200
        assert found.word(59) & 0xF000 == 0x5000  # sanitize, by overwriting only
        inquiry = drive.scsi(bytes([0x12, 0, 0, 0, 96, 0])).data
        assert inquiry[8:16] == b"ATA     "
        page = drive.scsi(bytes([0x12, 1, 0x89, 2, 0x3C, 0])).data
        assert page[60:] == drive.identify().data


def test_frozen_at_power_on_refuses_all_and_thaws_never_without_power(tmp_path: Path) -> None:
    with commanded(tmp_path / "d", DISK, spec=replace(LONG, frozen_at_power_on=True)) as drive:
        assert "frozen" in drive.security
        for command in (0xF1, 0xF2, 0xF3, 0xF4, 0xF6):
            assert not drive.password(command).ok
        assert "enabled" not in drive.security


def test_a_freeze_lock_ends_with_the_power(tmp_path: Path) -> None:
    with commanded(tmp_path / "d", DISK) as drive:
        assert drive.ata(0xF5).ok
        assert "frozen" in drive.security
        drive.cycle()
        assert "frozen" not in drive.security
        assert drive.connection.info().power_cycles == 2


def test_a_password_locks_at_the_next_power_on_and_tries_are_limited(tmp_path: Path) -> None:
    with commanded(tmp_path / "d", DISK) as drive:
        drive.plant(0)
        assert drive.password(0xF1).ok
        assert drive.security >= {"enabled"}
        assert "locked" not in drive.security
        drive.cycle()
        assert "locked" in drive.security
        with pytest.raises(OSError, match="Remote I/O"):
            drive.sector(0)
        assert not drive.ata(0x25, count=1, into=SECTOR).ok
        for _ in range(5):
            assert "expired" not in drive.security
            assert not drive.password(0xF2, OTHER).ok
        assert "expired" in drive.security
        assert not drive.password(0xF2).ok  # the right one comes too late
        assert drive.ata(0xF3).ok
        assert not drive.password(0xF4).ok
        drive.cycle()
        assert drive.password(0xF2).ok
        assert drive.sector(0) == SECRET
        assert drive.password(0xF6).ok
        assert drive.security == {"supported", "enhanced"}


def test_erase_unit_wants_prepare_right_before_and_the_password(tmp_path: Path) -> None:
    with commanded(tmp_path / "d", DISK) as drive:
        assert drive.password(0xF1).ok
        assert not drive.password(0xF4).ok
        assert drive.ata(0xF3).ok
        drive.identify()
        assert not drive.password(0xF4).ok
        assert drive.ata(0xF3).ok
        assert not drive.password(0xF4, OTHER).ok
        assert controls.erasure(drive.connection).kind == "none"


@pytest.mark.parametrize(("flags", "left"), [(0, bytes(SECTOR)), (2, b"\xa5\x5a" * 256)])
def test_secure_erase_blocks_erases_and_disables(tmp_path: Path, flags: int, left: bytes) -> None:
    where = tmp_path / "d"
    with commanded(where, DISK) as drive:
        drive.plant(0, SECTORS - 1)
        assert drive.password(0xF1).ok
        thread = secure_erase_in_background(drive, flags=flags)
        wait_until_at_work(where)
        with SimConnection.connect(where) as other:
            controls.skip(other, HOUR / 2)
            assert 32768 <= controls.erasure(other).done < 33000
            assert thread.is_alive()
            controls.skip(other, HOUR)
        thread.join(10)
        assert drive.sector(0) == drive.sector(SECTORS - 1) == left
        assert SECRET not in drive.medium
        assert drive.security == {"supported", "enhanced"}


def test_power_lost_in_a_secure_erase_leaves_a_locked_drive_that_the_same_password_erases_again(tmp_path: Path) -> None:
    where = tmp_path / "d"
    with commanded(where, DISK) as drive:
        drive.plant(0, SECTORS - 1)
        assert drive.password(0xF1).ok
        thread = secure_erase_in_background(drive)
        wait_until_at_work(where)
        with SimConnection.connect(where) as other:
            controls.skip(other, HOUR / 2)
        drive.cycle(cut=True)
        thread.join(10)
        assert not thread.is_alive()
        assert "locked" in drive.security
        assert SECRET in drive.medium
        assert drive.medium[:SECTOR] == bytes(SECTOR)
        assert controls.erasure(drive.connection).kind == "none"
        thread = secure_erase_in_background(drive)
        wait_until_at_work(where)
        with SimConnection.connect(where) as other:
            controls.skip(other, 2 * HOUR)
        thread.join(10)
        assert "locked" not in drive.security
        assert SECRET not in drive.medium


def test_a_time_out_resets_the_drive_in_the_middle(tmp_path: Path) -> None:
    where = tmp_path / "d"
    with commanded(where, DISK) as drive:
        drive.plant(SECTORS - 1)
        assert drive.password(0xF1).ok
        assert drive.ata(0xF3).ok
        data = b"\0\0" + b"table rase".ljust(32, b"\0") + bytes(478)
        reply = drive.scsi(passed16(0xF4, 0, 0, 0, out=True, into=False), data, timeout=0.1)
        assert reply.host_status == 3
        assert "enabled" in drive.security
        assert SECRET in drive.medium


def test_an_impatient_neighbour_resets_the_drive_in_the_middle(tmp_path: Path) -> None:
    where = tmp_path / "d"
    with commanded(where, DISK) as drive:
        assert drive.password(0xF1).ok
        thread = secure_erase_in_background(drive)
        wait_until_at_work(where)
        with SimConnection.connect(where) as other:
            identify = ScsiRequest(cdb=passed16(0xEC, 0, 0, 0, out=False, into=True), length=512, timeout=0.1)
            assert SimTransport(other).scsi(identify).host_status == 3
        thread.join(10)
        assert not thread.is_alive()
        assert "enabled" in drive.security
        with SimConnection.connect(where) as other:
            assert controls.counters(other).disturbances == 1


@pytest.mark.parametrize(
    ("personality", "feature", "pattern", "left"),
    [
        (DISK, 0x14, 0x11223344, bytes.fromhex("11223344") * 128),
        (DISK, 0x14, 0, bytes(SECTOR)),
        (SSD, 0x12, 0, bytes(SECTOR)),
        (SSD, 0x11, 0, None),
    ],
)
def test_sanitize_to_its_end(
    tmp_path: Path, personality: Personality, feature: int, pattern: int, left: bytes | None
) -> None:
    with commanded(tmp_path / "d", personality) as drive:
        drive.plant(0, 7, SECTORS - 1)
        assert drive.sanitize_ata(0).count == 0
        count = 1 if feature == 0x14 else 0
        assert drive.sanitize_ata(feature, count=count, pattern=pattern).count == 0x4000
        drive.skip(HOUR / 2 if feature != 0x11 else 30)
        status = drive.sanitize_ata(0)
        assert status.count == 0x4000
        assert 32768 <= status.lba < 33000
        with pytest.raises(OSError, match="Input/output"):
            drive.sector(0)
        assert not drive.ata(0x25, count=1, into=SECTOR).ok
        assert not drive.password(0xF1).ok
        assert drive.identify().ok
        drive.skip(HOUR)
        status = drive.sanitize_ata(0)
        assert (status.count, status.lba) == (0x8000, 0xFFFF)
        assert SECRET not in drive.medium
        for sector in (0, 7, SECTORS - 1):
            found = drive.sector(sector)
            assert found == left if left is not None else found not in {SECRET, bytes(SECTOR)}
        drive.plant(5)
        assert drive.sector(5) == SECRET
        drive.cycle()
        assert drive.sector(5) == SECRET
        assert drive.sanitize_ata(0).count == 0x8000


def test_an_overwrite_count_of_zero_means_sixteen(tmp_path: Path) -> None:
    with commanded(tmp_path / "d", DISK) as drive:
        assert drive.sanitize_ata(0x14, count=0).ok
        drive.skip(15.5 * HOUR)
        assert drive.sanitize_ata(0).count == 0x4000
        drive.skip(HOUR)
        assert drive.sanitize_ata(0).count == 0x8000


@pytest.mark.parametrize("cut", [True, False])
def test_a_sanitize_stands_still_without_power_and_goes_on(tmp_path: Path, cut: bool) -> None:
    with commanded(tmp_path / "d", SSD) as drive:
        drive.plant(0, SECTORS - 1)
        assert drive.sanitize_ata(0x12).ok
        drive.skip(HOUR / 2)
        drive.cycle(cut=cut)
        status = drive.sanitize_ata(0)
        assert status.count == 0x4000
        assert 32768 <= status.lba < 33500
        assert drive.medium[:SECTOR] == bytes(SECTOR)
        assert SECRET in drive.medium
        assert not drive.sanitize_ata(0x12).ok  # one at a time
        drive.skip(HOUR)
        assert drive.sanitize_ata(0).count == 0x8000
        assert SECRET not in drive.medium


@pytest.mark.parametrize("failure_mode", [0, 0x10])
def test_a_failed_sanitize_keeps_the_medium_closed_unless_failure_mode_was_asked_for(
    tmp_path: Path, failure_mode: int
) -> None:
    with commanded(tmp_path / "d", SSD, command_faults.SanitizeFailure(progress=500)) as drive:
        drive.plant(0, SECTORS - 1)
        assert drive.sanitize_ata(0x12, count=failure_mode).ok
        drive.skip(HOUR)
        status = drive.sanitize_ata(0)
        assert (status.ok, status.lba & 0xFF) == (False, 1)
        drive.cycle()
        assert not drive.sanitize_ata(0).ok
        assert not drive.ata(0x25, count=1, into=SECTOR).ok
        with pytest.raises(OSError, match="Input/output"):
            drive.sector(0)
        left = drive.sanitize_ata(0, count=1)
        assert left.ok == bool(failure_mode)
        if failure_mode:
            assert left.count == 0
            assert drive.sector(SECTORS - 1) == SECRET
        controls.disarm(drive.connection)
        assert drive.sanitize_ata(0x12).ok
        drive.skip(2 * HOUR)
        assert drive.sanitize_ata(0).count == 0x8000
        assert drive.sector(SECTORS - 1) == bytes(SECTOR)


def test_wrong_keys_unsupported_kinds_and_a_frozen_sanitize_are_aborted_with_reasons(tmp_path: Path) -> None:
    with commanded(tmp_path / "d", SSD) as drive:
        assert drive.ata(0xB4, feature=0x12, lba=0x43727970).lba & 0xFF == 2
        overwrite = drive.sanitize_ata(0x14)
        assert (overwrite.ok, overwrite.lba & 0xFF) == (False, 2)
        assert drive.ata(0xB4, feature=0x20, lba=0x46724C6B).count == 0x2000
        frozen = drive.sanitize_ata(0x12)
        assert (frozen.ok, frozen.lba & 0xFF) == (False, 3)
        drive.cycle()
        assert drive.ata(0xB4, feature=0x40, lba=0x416E7469).count == 0x1000
        antifrozen = drive.ata(0xB4, feature=0x20, lba=0x46724C6B)
        assert (antifrozen.ok, antifrozen.lba & 0xFF) == (False, 4)


def test_fixed_format_loses_the_upper_count(tmp_path: Path) -> None:
    spec = CommandSpec(personality=SSD, bridge=Bridge.FIXED)
    with commanded(tmp_path / "d", SSD, spec=spec) as drive:
        start = passed16(0xB4, 0x12, 0, 0x426B4572, out=False, into=False)
        status = passed16(0xB4, 0, 0, 0, out=False, into=False)
        assert drive.scsi(start).sense[0] == 0xF0
        drive.skip(10)
        sense = drive.scsi(status).sense
        assert (sense[0], sense[2], sense[12:14]) == (0xF0, 1, b"\0\x1d")
        assert sense[3:7] == bytes([0, 0x50, 0x40, 0])  # error, status, device, count(7:0)
        assert sense[8] == 0xC0  # extended; the upper count was not zero
        assert sense[9:12] == b"\xff\xff\0"
        drive.arm(command_faults.DroppedCount())
        assert drive.scsi(status).sense[8] == 0x80
        assert drive.scsi(bytes([0x12, 0, 0, 0, 96, 0])).data[8:16] == b"USB-SATA"


def test_a_deaf_bridge_passes_nothing(tmp_path: Path) -> None:
    with commanded(tmp_path / "d", DISK, spec=CommandSpec(personality=DISK, bridge=Bridge.DEAF)) as drive:
        reply = drive.scsi(passed16(0xEC, 0, 1, 0, out=False, into=True))
        assert (reply.status, reply.sense[2], reply.sense[12]) == (2, 5, 0x20)
        assert drive.scsi(bytes([0x25] + [0] * 9)).data == (SECTORS - 1).to_bytes(4, "big") + b"\0\0\2\0"


def test_an_hpa_hides_until_native_max_is_read_and_set_once(tmp_path: Path) -> None:
    spec = replace(LONG, hpa_size=MIB // 2)
    with commanded(tmp_path / "d", DISK, spec=spec) as drive:
        assert drive.connection.info().size == MIB // 2
        with pytest.raises(OSError, match="no whole sectors"):
            drive.sector(SECTORS - 1)
        assert drive.ata(0x27).lba == SECTORS - 1
        drive.identify()
        assert not drive.ata(0x37, lba=SECTORS - 1, count=1).ok  # not right after READ NATIVE MAX
        assert drive.ata(0x27).ok
        assert drive.ata(0x37, lba=SECTORS - 1, count=1).ok
        assert drive.identify().word(100) == SECTORS
        assert dict(drive.connection.info().sizes) == {"capacity": MIB // 2, "identify": MIB}
        assert drive.ata(0x27).ok
        again = drive.ata(0x37, lba=SECTORS - 2, count=1)
        assert (again.ok, again.error) == (False, 0x10)  # once per power-on
        drive.cycle()
        assert drive.connection.info().size == MIB
        assert drive.sector(SECTORS - 1) == bytes(SECTOR)


def test_a_volatile_set_max_ends_with_the_power(tmp_path: Path) -> None:
    with commanded(tmp_path / "d", DISK) as drive:
        assert drive.ata(0x27).ok
        assert drive.ata(0x37, lba=99, count=0).ok
        assert drive.identify().word(100) == 100
        drive.cycle()
        assert drive.identify().word(100) == SECTORS


def test_a_dco_restore_shows_only_after_the_power_cycle_and_works_once(tmp_path: Path) -> None:
    with commanded(tmp_path / "d", DISK, spec=replace(LONG, dco_size=MIB // 2)) as drive:
        assert drive.ata(0x27).lba == SECTORS // 2 - 1
        overlay = drive.ata(0xB1, feature=0xC2, into=SECTOR).data
        assert int.from_bytes(overlay[6:14], "little") == SECTORS - 1
        assert drive.ata(0xB1, feature=0xC0).ok
        assert drive.ata(0x27).lba == SECTORS // 2 - 1  # stale
        assert not drive.ata(0xB1, feature=0xC0).ok
        drive.cycle()
        assert drive.identify().word(100) == SECTORS


def test_a_dco_restore_is_refused_under_an_hpa_and_when_frozen(tmp_path: Path) -> None:
    spec = replace(LONG, dco_size=MIB // 2, hpa_size=MIB // 4)
    with commanded(tmp_path / "d", DISK, spec=spec) as drive:
        assert not drive.ata(0xB1, feature=0xC0).ok
        assert drive.ata(0x27).ok
        assert drive.ata(0x37, lba=SECTORS // 2 - 1, count=1).ok
        assert drive.ata(0xB1, feature=0xC1).ok
        assert not drive.ata(0xB1, feature=0xC0).ok
        drive.cycle()
        assert drive.ata(0xB1, feature=0xC0).ok


def test_ama_sets_once_per_power_on(tmp_path: Path) -> None:
    spec = CommandSpec(personality=SSD, hiding=Hiding.AMA, hpa_size=MIB // 2)
    with commanded(tmp_path / "d", SSD, spec=spec) as drive:
        assert drive.identify().word(119) & 0x100
        assert drive.identify().word(82) & 0x400 == 0
        assert not drive.ata(0x27).ok
        assert drive.ata(0x78, feature=0).lba == SECTORS - 1
        assert drive.ata(0x78, feature=1, lba=SECTORS - 1).ok
        assert not drive.ata(0x78, feature=1, lba=SECTORS - 1).ok
        drive.cycle()
        assert drive.connection.info().size == MIB


def test_a_normal_secure_erase_leaves_the_hpa_and_sanitize_does_not(tmp_path: Path) -> None:
    spec = CommandSpec(personality=DISK, erase_ms=20)
    with commanded(tmp_path / "d", DISK, spec=spec) as drive:
        drive.plant(0, SECTORS - 1)
        assert drive.ata(0x27).ok
        assert drive.ata(0x37, lba=SECTORS // 2, count=1).ok
        assert drive.password(0xF1).ok
        assert drive.ata(0xF3).ok
        assert drive.password(0xF4).ok
        assert drive.medium[:SECTOR] == bytes(SECTOR)
        assert SECRET in drive.medium
        assert drive.sanitize_ata(0x14, count=1).ok
        drive.skip(1)
        assert drive.sanitize_ata(0).count == 0x8000
        assert SECRET not in drive.medium


def test_smart_and_logs(tmp_path: Path) -> None:
    with commanded(tmp_path / "d", DISK) as drive:
        data = drive.ata(0xB0, feature=0xD0, lba=0xC24F00, into=SECTOR).data
        assert sum(data) % 256 == 0
        assert drive.ata(0xB0, feature=0xDA, lba=0xC24F00).lba >> 8 & 0xFFFF == 0xC24F
        page = drive.ata(0x2F, count=1, lba=0x30 | 8 << 8, into=SECTOR).data
        assert page[2] == 8
        assert not drive.ata(0x2F, count=1, lba=0x99, into=SECTOR).ok
