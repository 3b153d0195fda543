"""SCSI and NVMe techniques, each on a virtual drive, with their traps."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.capabilities import CommandSet, Namespace
from bench.firmware_work import Accepted, Ended, NotTaken, Seen
from bench.stages import StageKind
from bench.techniques import ErasureState, Technique
from drivers.commands import nvme_replies
from drivers.commands.nvme import SecureErase
from drivers.erase import nvme_format, nvme_sanitize, power, scsi_format, scsi_sanitize, table
from drivers.erase.follow import Beginning
from drivers.erase.steps import DAY, Given, LostError, unknown
from drivers.erase.table import Deed
from drivers.sim import launch
from drivers.sim.command_faults import SanitizeFailure, StaleSuccess, SwallowedCommand
from drivers.sim.commands.spec import CommandSpec, Personality
from support.erasing import REFORMAT, DriveClock, clock_running, erase, erasing
from support.raw_commands import SECRET, wait_until_at_work
from support.virtual_drives import MIB

T, S = Technique, ErasureState
SAS, SAS_SSD, NVME = Personality.SAS_DISK, Personality.SAS_SSD, Personality.NVME
SCSI_SANITIZES = [
    (SAS, T.SCSI_SANITIZE_OVERWRITE),
    (SAS, T.SCSI_SANITIZE_CRYPTO),
    (SAS_SSD, T.SCSI_SANITIZE_BLOCK),
]
NVME_SANITIZES = [T.NVME_SANITIZE_BLOCK, T.NVME_SANITIZE_CRYPTO, T.NVME_SANITIZE_OVERWRITE]
EVERY = CommandSpec(sanitize="crypto,block,overwrite")


@pytest.mark.parametrize(("kind", "technique"), SCSI_SANITIZES)
def test_a_scsi_sanitize_is_given_once_and_followed(tmp_path: Path, kind: Personality, technique: Technique) -> None:
    with erasing(tmp_path / "d", kind) as bench:
        bench.drive.plant(0, 2047)
        given, accepted, *seen, end = bench.does(erase(technique))
        assert (type(given), accepted) == (Given, Accepted(seconds=0))
        assert any(isinstance(step, Seen) and step.reading.state is S.RUNNING for step in seen)
        assert isinstance(end, Ended)
        assert end.reading.state is S.DONE
        assert SECRET not in bench.drive.sector(0) + bench.drive.sector(2047)
    (command,) = bench.spy.cdbs(0x48)
    assert command.cdb[1] & 0xA0 == 0x80  # IMMED, and AUSE 0
    if technique is T.SCSI_SANITIZE_OVERWRITE:
        assert command.data == bytes((1, 0, 0, 4, 0, 0, 0, 0))  # one pass of zeros


@pytest.mark.parametrize("sickness", [SwallowedCommand(), StaleSuccess()])
def test_a_scsi_drive_that_never_shows_it_has_not_begun(
    tmp_path: Path, sickness: SwallowedCommand | StaleSuccess
) -> None:
    with erasing(tmp_path / "d", SAS, sickness) as bench:
        assert bench.refusal(erase(T.SCSI_SANITIZE_OVERWRITE)).id == "erase-never-began"


def test_a_failed_scsi_sanitize_ends_as_one(tmp_path: Path) -> None:
    with erasing(tmp_path / "d", SAS, SanitizeFailure(progress=300)) as bench:
        assert bench.end(erase(T.SCSI_SANITIZE_OVERWRITE)).state is S.FAILED
        assert type(scsi_sanitize.leave_failure(bench.spy)).__name__ == "Refused"
        assert len(bench.spy.cdbs(0x48)) == 2


def test_a_scsi_sanitize_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    with erasing(tmp_path / "d", SAS) as bench:
        bench.drive.transport.scsi(scsi_sanitize.command(T.SCSI_SANITIZE_OVERWRITE))
        assert bench.refusal(erase(T.SCSI_SANITIZE_CRYPTO)).id == "erase-another-running"
        assert bench.spy.cdbs(0x48) == []


def test_a_format_keeps_the_sectors_and_tells_its_progress(tmp_path: Path) -> None:
    with erasing(tmp_path / "d", SAS) as bench:
        bench.drive.plant(0)
        _, _, *seen, end = bench.does(erase(T.SCSI_FORMAT_UNIT))
        progress = [step.reading.progress for step in seen if isinstance(step, Seen)]
        assert any(value and value > 100 for value in progress)
        assert isinstance(end, Ended)
        assert end.reading.state is S.DONE
        assert bench.drive.sector(0) != SECRET
        assert bench.spy.cdbs(0x55) == []
        (command,) = bench.spy.cdbs(0x04)
        assert command.timeout >= DAY
        assert command.data[1] & 0x02  # IMMED: progress comes by REQUEST SENSE


@pytest.mark.parametrize("block", [520, 528])
def test_odd_sectors_are_formatted_to_512_bytes(tmp_path: Path, block: int) -> None:
    with erasing(tmp_path / "d", SAS, spec=CommandSpec(block=block)) as bench:
        assert bench.end(REFORMAT).state is S.DONE
        found = scsi_format.current(bench.spy)
        assert getattr(found, "value", None) == scsi_format.Format(block=512, protection=0)


def test_a_format_that_lost_its_power_is_said_to_be_broken_and_works_again(tmp_path: Path) -> None:
    with erasing(tmp_path / "d", SAS) as bench:
        steps = bench.steps(erase(T.SCSI_FORMAT_UNIT))
        assert [type(next(steps)).__name__ for _ in range(2)] == ["Given", "Accepted"]
        wait_until_at_work(bench.drive.where)
        launch.power_cut(bench.drive.where)
        with pytest.raises(LostError):
            list(steps)
        bench.cycle()
        start = Beginning(before=unknown())
        seen, end = table.watch(bench.link, erase(T.SCSI_FORMAT_UNIT), start, DriveClock(bench.drive))
        assert isinstance(seen, Seen)
        assert seen.reading.state is S.FAILED
        assert isinstance(end, NotTaken)
        assert end.reason.id == "erase-interrupted"
        assert bench.end(erase(T.SCSI_FORMAT_UNIT)).state is S.DONE


@pytest.mark.parametrize("technique", NVME_SANITIZES)
def test_an_nvme_sanitize_is_known_by_its_mark(tmp_path: Path, technique: Technique) -> None:
    with erasing(tmp_path / "d", NVME, spec=EVERY) as bench:
        bench.drive.plant(0, 2047)
        given, accepted, *seen, end = bench.does(erase(technique))
        assert isinstance(given, Given)
        assert isinstance(accepted, Accepted)
        assert accepted.seconds in {60, 3600, 16 * 3600}
        marks = {step.reading.mark for step in [*seen, end] if isinstance(step, Seen | Ended)}
        assert marks == {table.mark(technique)}
        assert isinstance(end, Ended)
        assert end.reading.state is S.DONE
        assert SECRET not in bench.drive.sector(0) + bench.drive.sector(2047)
    (command,) = bench.spy.admin(0x84)
    assert command.cdw[0] & 0x08 == 0  # AUSE
    assert command.cdw[0] >> 4 & 0x0F == (1 if technique is T.NVME_SANITIZE_OVERWRITE else 0)  # 0 would mean sixteen


def test_a_mark_that_is_not_the_commands_is_no_order(tmp_path: Path) -> None:
    with erasing(tmp_path / "d", NVME) as bench:
        deed = Deed(kind=StageKind.ERASE, technique=T.NVME_SANITIZE_BLOCK, hidden=None, secret="", mark=7)
        with pytest.raises(ValueError, match="the log says 7"):
            bench.does(deed)
        assert bench.spy.requests == []


@pytest.mark.parametrize(
    ("sickness", "reason"), [(StaleSuccess(), "erase-status-stale"), (SwallowedCommand(), "erase-never-began")]
)
def test_an_nvme_drive_that_did_nothing_is_no_success(
    tmp_path: Path, sickness: StaleSuccess | SwallowedCommand, reason: str
) -> None:
    with erasing(tmp_path / "d", NVME, sickness) as bench:
        assert bench.refusal(erase(T.NVME_SANITIZE_BLOCK)).id == reason


def test_an_nvme_sanitize_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    with erasing(tmp_path / "d", NVME) as bench:
        assert bench.drive.nvme(0x84, 4).status == 0
        assert bench.refusal(erase(T.NVME_SANITIZE_BLOCK)).id == "erase-another-running"
        assert bench.spy.admin(0x84) == []


def test_a_second_sanitize_is_not_taken_for_the_first(tmp_path: Path) -> None:
    with erasing(tmp_path / "d", NVME) as bench:
        assert bench.end(erase(T.NVME_SANITIZE_BLOCK)).state is S.DONE
        bench.drive.plant(0)
        assert bench.end(erase(T.NVME_SANITIZE_BLOCK)).state is S.DONE
        assert bench.drive.sector(0) != SECRET
        assert len(bench.spy.admin(0x84)) == 2


@pytest.mark.parametrize("technique", [T.NVME_FORMAT_USER_DATA, T.NVME_FORMAT_CRYPTO])
def test_an_nvme_format_keeps_the_format_and_always_erases(tmp_path: Path, technique: Technique) -> None:
    with erasing(tmp_path / "d", NVME, spec=CommandSpec(siblings=1, sibling_size=MIB)) as bench:
        bench.drive.plant(0)
        with clock_running(bench.drive):
            found = bench.does(erase(technique))
        assert isinstance(found[-1], Ended)
        assert found[-1].reading.state is S.DONE
        assert bench.drive.sector(0) != SECRET
    commands = bench.spy.admin(0x80)
    assert [item.nsid for item in commands] == [1, 2]
    assert {item.cdw[0] >> 9 & 7 for item in commands} == {1 if technique is T.NVME_FORMAT_USER_DATA else 2}
    assert all(item.timeout >= DAY for item in commands)


def controller(*, hits_all: bool) -> nvme_replies.Controller:
    return nvme_replies.Controller(
        model="m",
        serial="s",
        firmware="f",
        version=0x20000,
        several_controllers=False,
        security=False,
        formats=True,
        manages_namespaces=False,
        sanitizes=(),
        total=0,
        unallocated=0,
        namespaces=2,
        format_hits_all=hits_all,
        erase_hits_all=hits_all,
        erases_keys=True,
    )


def namespace(nsid: int, index: int, settings: int) -> Namespace:
    return Namespace(nsid=nsid, size=MIB, block=512, format_index=index, metadata_settings=settings)


def test_formats_carry_index_metadata_and_protection_and_obey_the_scope() -> None:
    spaces = (namespace(1, 1, 0x05), namespace(2, 17, 0x00))
    user = SecureErase.USER_DATA
    assert nvme_format.commands(controller(hits_all=False), spaces, user) == ((1, 0x251), (2, 0x1201))
    same = (namespace(1, 1, 0x05), namespace(2, 1, 0x05))
    assert nvme_format.commands(controller(hits_all=True), same, user) == ((0xFFFFFFFF, 0x251),)
    assert nvme_format.commands(controller(hits_all=True), spaces, user) == ((1, 0x251), (2, 0x1201))
    with pytest.raises(ValueError, match="erases nothing"):
        nvme_format.commands(controller(hits_all=False), spaces, SecureErase.NONE)


@pytest.mark.parametrize(
    ("kind", "commands"), [(Personality.ATA_DISK, CommandSet.ATA), (NVME, CommandSet.NVME), (SAS, CommandSet.SCSI)]
)
def test_a_drive_counts_its_power_cycles(tmp_path: Path, kind: Personality, commands: CommandSet) -> None:
    with erasing(tmp_path / "d", kind) as bench:
        first = power.cycles(bench.spy, commands)
        bench.cycle()
        second = power.cycles(bench.spy, commands)
        assert (first, second) == ((None, None) if commands is CommandSet.SCSI else (1, 2))


def test_an_estimate_comes_from_the_log() -> None:
    assert nvme_sanitize.mark(T.NVME_SANITIZE_OVERWRITE) == 0x13
    with pytest.raises(ValueError, match="no NVMe sanitize"):
        nvme_sanitize.mark(T.ATA_SANITIZE_BLOCK)
