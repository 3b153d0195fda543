"""ATA techniques, each on a virtual drive: the traps of sanitize, of security and of hidden areas."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from bench.capabilities import HiddenKind
from bench.firmware_work import Accepted, Ended, NotTaken, Seen
from bench.techniques import ErasureState, Technique
from drivers.commands.transport import ScsiReply, ScsiRequest, TransportError
from drivers.erase import ata_sanitize, table
from drivers.erase.follow import Beginning
from drivers.erase.steps import DAY, Blocking, Given, LostError, patience, unknown
from drivers.sim import launch
from drivers.sim.command_faults import (
    DroppedCount,
    SanitizeFailure,
    Says,
    StaleSuccess,
    SwallowedCommand,
    WrongStatus,
)
from drivers.sim.commands.spec import Bridge, CommandSpec, Hiding, Personality
from support.erasing import PASSWORD, Bench, DriveClock, Spy, erase, erasing, restore, unlock
from support.raw_commands import SECRET, wait_until_at_work
from support.scripted import fixed_sense
from support.virtual_drives import MIB

T, S = Technique, ErasureState
DISK, SSD = Personality.ATA_DISK, Personality.ATA_SSD
SANITIZES = [(DISK, T.ATA_SANITIZE_OVERWRITE), (SSD, T.ATA_SANITIZE_BLOCK), (SSD, T.ATA_SANITIZE_CRYPTO)]
ERASES = [T.ATA_SECURE_ERASE, T.ATA_SECURE_ERASE_ENHANCED]


@pytest.mark.parametrize(("kind", "technique"), SANITIZES)
def test_a_sanitize_is_given_once_and_followed_to_its_end(
    tmp_path: Path, kind: Personality, technique: Technique
) -> None:
    with erasing(tmp_path / "d", kind) as bench:
        bench.drive.plant(0, 2047)
        given, accepted, *seen, end = bench.does(erase(technique))
        assert isinstance(given, Given)
        assert accepted == Accepted(seconds=0)
        readings = [step.reading for step in seen if isinstance(step, Seen)]
        assert readings[0].state is S.RUNNING
        progress = [reading.progress for reading in readings if reading.state is S.RUNNING]
        assert progress == sorted(progress, key=lambda value: value or 0)
        assert isinstance(end, Ended)
        assert end.reading.state is S.DONE
        assert SECRET not in bench.drive.sector(0) + bench.drive.sector(2047)
        commands = [item for item in bench.spy.taskfiles(0xB4) if item.cdb[4]]
    assert len(commands) == 1
    assert commands[0].cdb[6] & 0x10 == 0  # FAILURE MODE
    assert not any(item.cdb[6] & 1 for item in bench.spy.taskfiles(0xB4) if not item.cdb[4])  # CLEAR FAILED


def test_an_overwrite_says_its_signature_and_one_pass() -> None:
    command = ata_sanitize.command(T.ATA_SANITIZE_OVERWRITE)
    assert command.lba >> 32 == 0x4F57
    assert command.count & 0x0F == 1  # 0 would mean sixteen


def test_a_sanitize_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    with erasing(tmp_path / "d", DISK) as bench:
        assert bench.drive.sanitize_ata(0x14, count=1).ok
        assert bench.refusal(erase(T.ATA_SANITIZE_OVERWRITE)).id == "erase-another-running"
        assert [item.cdb[4] for item in bench.spy.taskfiles(0xB4)] == [0]


@pytest.mark.parametrize(
    ("sickness", "reason"),
    [
        (StaleSuccess(), "erase-status-stale"),
        (SwallowedCommand(), "erase-never-began"),
        (WrongStatus(says=Says.NONSENSE), "erase-status-unreadable"),
        (WrongStatus(says=Says.DONE), "erase-status-stale"),
        (WrongStatus(says=Says.NEVER), "erase-never-began"),
    ],
)
def test_what_only_looks_like_an_erasure_is_no_success(
    tmp_path: Path, sickness: StaleSuccess | SwallowedCommand | WrongStatus, reason: str
) -> None:
    with erasing(tmp_path / "d", DISK, sickness) as bench:
        assert bench.refusal(erase(T.ATA_SANITIZE_OVERWRITE)).id == reason


@pytest.mark.parametrize("drops", [False, True])
def test_half_an_answer_of_a_bridge_is_never_a_success(tmp_path: Path, drops: bool) -> None:
    faults = (DroppedCount(),) if drops else ()
    with erasing(tmp_path / "d", DISK, *faults, spec=CommandSpec(bridge=Bridge.FIXED)) as bench:
        steps = bench.does(erase(T.ATA_SANITIZE_OVERWRITE))
        assert isinstance(steps[-1], NotTaken)
        assert not any(isinstance(step, Ended) for step in steps)


def test_a_failed_sanitize_ends_as_one_and_keeps_its_medium_closed(tmp_path: Path) -> None:
    with erasing(tmp_path / "d", SSD, SanitizeFailure(progress=500)) as bench:
        assert bench.end(erase(T.ATA_SANITIZE_BLOCK)).state is S.FAILED
        assert ata_sanitize.look(bench.spy) is not None
        refused = ata_sanitize.leave_failure(bench.spy)  # it was begun with FAILURE MODE 0
        assert type(refused).__name__ == "Refused"
        with pytest.raises(OSError, match="error"):
            bench.drive.sector(0)


def test_a_frozen_drive_takes_no_sanitize(tmp_path: Path) -> None:
    with erasing(tmp_path / "d", SSD) as bench:
        assert bench.drive.ata(0xB4, feature=0x20, lba=0x46724C6B).ok
        reason = bench.refusal(erase(T.ATA_SANITIZE_BLOCK))
        assert reason.params["why"] == "sanitize-frozen"


def test_a_sanitize_goes_on_after_a_power_cut_and_is_watched_without_a_command(tmp_path: Path) -> None:
    with erasing(tmp_path / "d", DISK) as bench:
        bench.drive.plant(2047)
        steps = bench.steps(erase(T.ATA_SANITIZE_OVERWRITE))
        assert [type(next(steps)).__name__ for _ in range(3)] == ["Given", "Accepted", "Seen"]
        launch.power_cut(bench.drive.where)
        with pytest.raises(LostError):
            list(steps)
        bench.cycle()
        before = len([item for item in bench.spy.taskfiles(0xB4) if item.cdb[4]])
        start = Beginning(before=unknown(), seen=True)
        deed = erase(T.ATA_SANITIZE_OVERWRITE)
        *_, end = table.watch(bench.link, deed, start, DriveClock(bench.drive))
        assert isinstance(end, Ended)
        assert end.reading.state is S.DONE
        assert bench.drive.sector(2047) != SECRET
        assert len([item for item in bench.spy.taskfiles(0xB4) if item.cdb[4]]) == before == 1


@pytest.mark.parametrize("technique", ERASES)
def test_a_secure_erase_is_prepared_given_and_left_alone(tmp_path: Path, technique: Technique) -> None:
    with erasing(tmp_path / "d", DISK) as bench:
        bench.drive.plant(0)
        steps = bench.does(erase(technique, PASSWORD), hours=1)
        assert [type(step).__name__ for step in steps] == ["Given", "Accepted", "Ended"]
        assert steps[1] == Accepted(seconds=120)
        end = steps[-1]
        assert isinstance(end, Ended)
        assert end.reading.state is S.DONE
        assert bench.spy.ata == [0xEC, 0xF1, 0xF3, 0xF4, 0xEC]  # nothing between F3h and F4h, nothing during F4h
        unit = bench.spy.taskfiles(0xF4)[0]
        assert unit.timeout >= DAY
        assert unit.data[:2] == bytes((0x02 if technique is T.ATA_SECURE_ERASE_ENHANCED else 0x00, 0))
        assert bench.drive.security == {"supported", "enhanced"}
        assert bench.drive.sector(0) != SECRET


class Leaving(Spy):
    """The way to a drive of which electronics in between say NOT READY for a while, once it is gone."""

    def scsi(self, request: ScsiRequest) -> ScsiReply:
        try:
            return super().scsi(request)
        except TransportError:
            return ScsiReply(status=2, sense=fixed_sense(2, 4, 0))


@pytest.mark.parametrize("seconds", [0.15, 30.0], ids=["after a while", "at once"])
def test_a_drive_that_is_pulled_out_in_the_middle_has_not_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    with erasing(tmp_path / "d", DISK) as bench:
        monkeypatch.setattr(Blocking, "TAKEN_AFTER", seconds)
        gone = Bench(bench.drive, Leaving(bench.drive))
        steps = gone.steps(erase(T.ATA_SECURE_ERASE, PASSWORD))
        assert isinstance(next(steps), Given)
        cut = threading.Timer(1.0, launch.power_cut, [bench.drive.where])
        cut.start()
        with pytest.raises(LostError, match="2h/04h/00h"):
            assert [type(step) for step in steps] == [Accepted]
        cut.join()


def test_the_kernels_patience_is_three_times_the_estimate_and_a_day_at_least() -> None:
    assert patience(0) == patience(3600) == DAY
    assert patience(36 * 3600) == 108 * 3600


def test_a_drive_locked_with_our_password_is_erased_again(tmp_path: Path) -> None:
    with erasing(tmp_path / "d", DISK) as bench:
        steps = bench.steps(erase(T.ATA_SECURE_ERASE, PASSWORD))
        assert [type(next(steps)).__name__ for _ in range(2)] == ["Given", "Accepted"]
        wait_until_at_work(bench.drive.where)
        launch.power_cut(bench.drive.where)
        with pytest.raises(LostError):
            list(steps)
        bench.cycle()
        assert "locked" in bench.drive.security
        bench.spy.requests.clear()
        assert bench.end(erase(T.ATA_SECURE_ERASE, PASSWORD), hours=1).state is S.DONE
        assert 0xF1 not in bench.spy.ata
        assert bench.drive.security == {"supported", "enhanced"}


def test_a_wrong_password_is_tried_once(tmp_path: Path) -> None:
    with erasing(tmp_path / "d", DISK) as bench:
        assert bench.drive.password(0xF1).ok
        bench.cycle()
        assert bench.refusal(unlock(PASSWORD)).id == "erase-password-refused"
        assert bench.spy.ata == [0xEC, 0xF2]
        bench.spy.requests.clear()
        assert isinstance(bench.does(erase(T.ATA_SECURE_ERASE, PASSWORD))[-1], NotTaken)
        assert bench.spy.ata == [0xEC, 0xF3, 0xF4]
        assert "locked" in bench.drive.security


def test_our_own_password_is_taken_off(tmp_path: Path) -> None:
    with erasing(tmp_path / "d", DISK) as bench:
        assert bench.drive.password(0xF1, PASSWORD.encode().ljust(32, b"\0")).ok
        bench.cycle()
        assert "locked" in bench.drive.security
        assert bench.end(unlock(PASSWORD)).state is S.DONE
        assert bench.drive.security == {"supported", "enhanced"}


def test_a_frozen_drive_gets_no_password(tmp_path: Path) -> None:
    with erasing(tmp_path / "d", DISK, spec=CommandSpec(frozen_at_power_on=True)) as bench:
        assert bench.refusal(erase(T.ATA_SECURE_ERASE, PASSWORD)).id == "erase-security-frozen"
        assert bench.spy.ata == [0xEC]


def test_a_drive_without_the_enhanced_erase_gets_no_password(tmp_path: Path) -> None:
    with erasing(tmp_path / "d", DISK, spec=CommandSpec(enhanced=False)) as bench:
        assert bench.refusal(erase(T.ATA_SECURE_ERASE_ENHANCED, PASSWORD)).id == "erase-enhanced-unsupported"
        assert bench.spy.ata == [0xEC]


class Meddler(Spy):
    """Somebody's command comes between ERASE PREPARE and ERASE UNIT, so that the drive refuses."""

    def scsi(self, request: ScsiRequest) -> ScsiReply:
        if request.cdb[14:15] == b"\xf4":
            self.drive.identify()
        return super().scsi(request)


def test_a_password_that_served_nothing_is_taken_off_again(tmp_path: Path) -> None:
    with erasing(tmp_path / "d", DISK) as healthy:
        bench = Bench(healthy.drive, Meddler(healthy.drive))
        assert bench.refusal(erase(T.ATA_SECURE_ERASE, PASSWORD)).id == "command-refused"
        assert bench.drive.security == {"supported", "enhanced"}


def test_a_host_protected_area_is_opened_by_one_set_max_right_after_read_native_max(tmp_path: Path) -> None:
    with erasing(tmp_path / "d", DISK, spec=CommandSpec(hpa_size=MIB // 2)) as bench:
        end = bench.end(restore(HiddenKind.HPA))
        assert (end.state, int(end.raw, 16)) == (S.DONE, MIB // 512 - 1)
        assert bench.spy.ata == [0xEC, 0x27, 0x27, 0x37, 0xEC]
        bench.cycle()
        assert bench.end(restore(HiddenKind.HPA)).state is S.DONE  # there is none any more: nothing is sent
        assert bench.spy.ata.count(0x37) == 1


def test_an_overlay_is_undone_and_shows_after_the_power_cycle(tmp_path: Path) -> None:
    with erasing(tmp_path / "d", DISK, spec=CommandSpec(dco_size=MIB // 2)) as bench:
        steps = bench.does(restore(HiddenKind.DCO))
        assert [type(step).__name__ for step in steps] == ["Given", "Accepted", "Ended"]
        assert isinstance(steps[-1], Ended)
        assert (steps[-1].reading.state, int(steps[-1].reading.raw, 16)) == (S.UNKNOWN, MIB // 512 - 1)
        assert bench.refusal(restore(HiddenKind.DCO)).id == "erase-hidden-refused"  # once per power-on
        bench.cycle()
        assert bench.drive.identify().word(60) == MIB // 512


def test_an_accessible_maximum_is_opened(tmp_path: Path) -> None:
    with erasing(tmp_path / "d", DISK, spec=CommandSpec(hiding=Hiding.AMA, hpa_size=MIB // 2)) as bench:
        assert bench.end(restore(HiddenKind.AMA)).state is S.DONE
        assert bench.spy.ata == [0xEC, 0x78, 0x78, 0x78, 0xEC]


def test_a_drive_that_is_no_ata_disk_is_told_nothing(tmp_path: Path) -> None:
    with erasing(tmp_path / "d", Personality.SAS_DISK) as bench:
        for deed in (erase(T.ATA_SECURE_ERASE, PASSWORD), restore(HiddenKind.HPA), unlock(PASSWORD)):
            assert isinstance(bench.does(deed)[-1], NotTaken)
        assert set(bench.spy.ata) == {0xEC}
