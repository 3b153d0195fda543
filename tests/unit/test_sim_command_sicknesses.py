"""Sicknesses of the firmware, TCG locking, and who may send what: seen by raw commands."""

from __future__ import annotations

import errno
import struct
import time
from dataclasses import replace
from pathlib import Path

import pytest

from drivers.commands.transport import NvmeRequest, ScsiRequest, TransportError
from drivers.sim import command_faults, controls, faults, launch
from drivers.sim.client import SimConnection
from drivers.sim.commands.spec import CommandSpec, Personality, Tcg
from drivers.sim.transport import SimTransport
from support.raw_commands import SECRET, SECTOR, commanded, passed16
from support.virtual_drives import MIB, read, virtual_drive, wait_until_off

NVME, DISK, SSD = Personality.NVME, Personality.ATA_DISK, Personality.ATA_SSD
SECTORS = MIB // SECTOR
QUICK = CommandSpec(personality=NVME, erase_ms=20, crypto_ms=5)
IDENTIFY = ScsiRequest(cdb=passed16(0xEC, 0, 1, 0, out=False, into=True), length=512)


def test_a_lying_erase_keeps_the_data_and_says_done(tmp_path: Path) -> None:
    with commanded(tmp_path / "d", NVME, command_faults.LyingErase(), spec=QUICK) as drive:
        drive.plant(0)
        for word in (2, 4):
            assert drive.nvme(0x84, word).status == 0
            drive.skip(1)
            assert drive.sanitize_log() == (0xFFFF, 0x101, word)
            assert drive.sector(0) == SECRET


def test_a_swallowed_command_leaves_no_trace(tmp_path: Path) -> None:
    with commanded(tmp_path / "d", NVME, command_faults.SwallowedCommand(), spec=QUICK) as drive:
        drive.plant(0)
        assert drive.nvme(0x84, 2).status == 0
        assert drive.nvme(0x80, 1 << 9, nsid=1).status == 0
        drive.skip(1)
        assert drive.sanitize_log() == (0xFFFF, 0, 0)
        assert drive.sector(0) == SECRET


def test_stale_success_tells_of_another_sanitize(tmp_path: Path) -> None:
    with commanded(tmp_path / "d", NVME, spec=QUICK) as drive:
        assert drive.nvme(0x84, 4).status == 0
        drive.skip(1)
        drive.arm(command_faults.StaleSuccess())
        drive.plant(0)
        assert drive.nvme(0x84, 2).status == 0
        drive.skip(1)
        assert drive.sanitize_log() == (0xFFFF, 1, 4)
        assert drive.sector(0) == SECRET
    with commanded(tmp_path / "e", SSD, command_faults.StaleSuccess()) as drive:
        assert drive.sanitize_ata(0x12).count == 0x8000
        assert controls.erasure(drive.connection).kind == "none"


@pytest.mark.parametrize(("says", "status"), [("done", 1), ("never", 0), ("failed", 3), ("nonsense", 7)])
def test_a_wrong_status(tmp_path: Path, says: str, status: int) -> None:
    sick = command_faults.WrongStatus(says=command_faults.Says(says))
    with commanded(tmp_path / "d", NVME, sick) as drive:
        assert drive.nvme(0x84, 2).status == 0
        assert drive.sanitize_log()[1] & 7 == status
        assert controls.erasure(drive.connection).kind == "sanitize-block"


def test_stale_reads_last_until_the_power_goes(tmp_path: Path) -> None:
    with commanded(tmp_path / "d", NVME, command_faults.StaleReads(), spec=QUICK) as drive:
        drive.plant(0, 9)
        assert drive.nvme(0x84, 2).status == 0
        drive.skip(1)
        assert drive.sector(0) == drive.sector(9) == SECRET
        assert drive.sector(1) == bytes(SECTOR)
        drive.cycle()
        assert drive.sector(0) == drive.sector(9) == bytes(SECTOR)


@pytest.mark.parametrize("personality", [NVME, SSD])
def test_the_capacity_changes_with_an_erase(tmp_path: Path, personality: Personality) -> None:
    spec = replace(QUICK, personality=personality)
    with commanded(tmp_path / "d", personality, command_faults.CapacityChange(size=MIB // 2), spec=spec) as drive:
        assert drive.connection.info().size == MIB
        started = drive.nvme(0x84, 2).status == 0 if personality is NVME else drive.sanitize_ata(0x12).ok
        assert started
        drive.skip(1)
        assert drive.connection.info().size == MIB // 2


def test_a_hanging_command_is_given_up_by_its_sender_alone(tmp_path: Path) -> None:
    with commanded(tmp_path / "d", DISK, command_faults.CommandHang(opcode=0xEC)) as drive:
        with SimConnection.connect(drive.where) as other:
            start = time.perf_counter()
            with pytest.raises(TransportError, match="timed out") as late:
                SimTransport(other).scsi(replace(IDENTIFY, timeout=0.1))
            assert late.value.errno == errno.ETIMEDOUT
            assert time.perf_counter() - start < 5
        assert drive.ata(0xE5).ok


def test_a_bridge_makes_up_a_serial(tmp_path: Path) -> None:
    with commanded(tmp_path / "d", DISK, command_faults.MadeUpSerial(serial="DEF10000000")) as drive:
        assert drive.scsi(bytes([0x12, 1, 0x80, 0, 255, 0])).data[4:].strip() == b"DEF10000000"
        assert b"IS-M0010" in drive.identify().data


def test_frozen_forever(tmp_path: Path) -> None:
    with commanded(tmp_path / "d", SSD, command_faults.FrozenForever()) as drive:
        for _ in range(2):
            assert "frozen" in drive.security
            assert drive.sanitize_ata(0).count == 0x2000
            assert not drive.sanitize_ata(0x12).ok
            drive.cycle()


@pytest.mark.parametrize("personality", [NVME, SSD])
def test_the_power_fails_in_the_middle_of_an_erase(tmp_path: Path, personality: Personality) -> None:
    spec = replace(QUICK, personality=personality, erase_ms=3_600_000)
    with commanded(tmp_path / "d", personality, command_faults.ErasePowerCut(progress=250), spec=spec) as drive:
        drive.plant(0, SECTORS - 1)
        started = drive.nvme(0x84, 2).status == 0 if personality is NVME else drive.sanitize_ata(0x12).ok
        assert started
        drive.skip(1800)
        with pytest.raises(OSError, match="went away"):
            drive.sector(0)
        wait_until_off(drive.where)
        assert SECRET in drive.medium
        drive.cycle()
        assert 16384 <= controls.erasure(drive.connection).done < 16600
        assert controls.sicknesses(drive.connection) == ()


def level_0(drive_data: bytes) -> dict[int, bytes]:
    found, at = {}, 48
    while at < 4 + struct.unpack_from(">I", drive_data)[0]:
        code, length = struct.unpack_from(">HxB", drive_data, at)
        found[code] = drive_data[at + 4 : at + 4 + length]
        at += 4 + length
    return found


@pytest.mark.parametrize(
    ("kind", "code", "encrypts"), [(Tcg.OPAL, 0x203, 8), (Tcg.PYRITE, 0x303, 0), (Tcg.ENTERPRISE, 0x100, 8)]
)
def test_level_0_discovery(tmp_path: Path, kind: Tcg, code: int, encrypts: int) -> None:
    spec = replace(QUICK, tcg=kind, tcg_locked=True, sid_blocked=True)
    with commanded(tmp_path / "d", NVME, spec=spec) as drive:
        features = level_0(drive.nvme(0x82, 1 << 24 | 1 << 8, 2048, length=2048).data)
        assert code in features
        assert features[2][0] == 0x07 | encrypts
        assert features[0x402][0] == 3
    ata = CommandSpec(personality=SSD, tcg=kind)
    with commanded(tmp_path / "e", SSD, spec=ata) as drive:
        assert drive.identify().word(48) & 1
        data = drive.ata(0x5C, feature=1, count=4, lba=1 << 8, into=2048).data
        assert level_0(data)[2][0] == 0x01 | encrypts


def test_a_shadow_hides_the_data_and_a_psid_revert_brings_an_empty_drive(tmp_path: Path) -> None:
    spec = replace(QUICK, tcg=Tcg.OPAL, tcg_locked=True, tcg_shadow=True, psid="P" * 32)
    with commanded(tmp_path / "d", NVME, spec=spec) as drive:
        (drive.where / "medium").write_bytes(SECRET + bytes(MIB - SECTOR))
        assert b"PRE-BOOT" in drive.sector(0)
        with pytest.raises(OSError, match="Input/output"):
            drive.plant(0)
        assert drive.transport.opal_psid_revert(b"Q" * 32) == 1
        assert b"PRE-BOOT" in drive.sector(0)
        assert drive.transport.opal_psid_revert(b"P" * 32) == 0
        assert drive.sector(0) not in {SECRET, bytes(SECTOR)}
        assert SECRET not in drive.medium
        drive.plant(1)
        drive.cycle()
        assert drive.sector(1) == SECRET


def test_a_pyrite_revert_erases_nothing(tmp_path: Path) -> None:
    spec = replace(QUICK, tcg=Tcg.PYRITE, tcg_locked=True, psid="P" * 32)
    with commanded(tmp_path / "d", NVME, spec=spec) as drive:
        (drive.where / "medium").write_bytes(SECRET + bytes(MIB - SECTOR))
        with pytest.raises(OSError, match="Input/output"):
            drive.sector(0)
        assert drive.transport.opal_psid_revert(b"P" * 32) == 0
        assert drive.sector(0) == SECRET


@pytest.mark.parametrize("refuses", [False, True])
def test_a_locked_drive_may_refuse_to_be_erased(tmp_path: Path, refuses: bool) -> None:
    spec = replace(QUICK, tcg=Tcg.OPAL, tcg_locked=True)
    sick = (command_faults.LockedRefusesErase(),) if refuses else ()
    with commanded(tmp_path / "d", NVME, *sick, spec=spec) as drive:
        expected = 0x4286 if refuses else 0
        assert drive.nvme(0x80, 1 << 9, nsid=1).status == expected
        assert drive.nvme(0x84, 2).status == expected


def test_only_the_claim_and_those_who_share_it_may_change_a_drive(tmp_path: Path) -> None:
    with commanded(tmp_path / "d", NVME, spec=QUICK) as drive, SimConnection.connect(drive.where) as other:
        stranger, sanitize = SimTransport(other), NvmeRequest(opcode=0x84, cdw=(2, 0, 0, 0, 0, 0))
        assert stranger.nvme(NvmeRequest(opcode=6, cdw=(1, 0, 0, 0, 0, 0), length=4096)).status == 0
        with pytest.raises(TransportError, match="claim it first") as refused:
            stranger.nvme(sanitize)
        assert refused.value.errno == errno.EACCES
        for wrong in ("", "0" * 32):
            with pytest.raises(OSError, match="token"):
                other.join(wrong)
        token = drive.connection.share()
        with pytest.raises(OSError, match="claim it first"):
            other.share()
        partner = SimTransport.connect(drive.where, token)
        drive.connection.close()
        with pytest.raises(OSError, match="busy"):  # the partner's share keeps the claim
            other.claim()
        assert partner.nvme(sanitize).status == 0
        partner.close()
        other.claim()
        with pytest.raises(OSError, match="token"):
            other.join(token)


def test_a_drive_without_a_personality_answers_no_command_and_counts_none(tmp_path: Path) -> None:
    with virtual_drive(tmp_path / "d", faults.Death(at=2)) as where, SimConnection.connect(where) as drive:
        for _ in range(5):
            with pytest.raises(TransportError, match="takes no such") as refused:
                SimTransport(drive).scsi(IDENTIFY)
            assert refused.value.errno == errno.EOPNOTSUPP
        assert read(drive, 0, SECTOR) == bytes(SECTOR)


def test_requests_strike_commands_too_and_are_recorded(tmp_path: Path) -> None:
    with commanded(tmp_path / "d", NVME) as drive:
        controls.record(drive.connection)
        drive.arm(faults.PowerCut(at=2))
        drive.nvme(6, 1, length=4096)
        assert [item.op[:16] for item in controls.recorded(drive.connection)] == ["nvme 06 00000000"]
        with pytest.raises(TransportError, match="went away"):
            drive.nvme(6, 1, length=4096)
        wait_until_off(drive.where)


def test_a_command_that_cannot_be_read_is_refused_and_the_connection_lives(tmp_path: Path) -> None:
    with commanded(tmp_path / "d", DISK) as drive:
        for wrong in (b"", b"\0\0\0\2{}", b"\0\0\0\x09not JSON!", b'\0\0\0\x0f{"kind": "scsi"}'):
            with pytest.raises(OSError, match="command") as refused:
                drive.connection.command(memoryview(wrong), timeout=5.0)
            assert refused.value.errno == errno.EINVAL
        with pytest.raises(TransportError, match="0 bytes"):
            drive.scsi(b"")
        assert drive.identify().ok


def test_power_cycling_from_the_launcher(tmp_path: Path) -> None:
    with virtual_drive(tmp_path / "d") as where:
        pid = launch.power_cycle(where)
        assert pid != 0
        with SimConnection.connect(where) as drive:
            assert drive.info().power_cycles == 2


def test_many_commands_are_quick(tmp_path: Path) -> None:
    with commanded(tmp_path / "d", DISK) as drive:
        start = time.perf_counter()
        for _ in range(100):
            drive.identify()
        assert time.perf_counter() - start < 2
