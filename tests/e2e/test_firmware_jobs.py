"""Virtual drives erase themselves, well or badly: every technique to its verdict, every sickness to its reason."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bench import stage_events as se
from bench.events import Cause, Logged
from bench.levels import Level
from bench.local import LocalBench
from bench.policy import RetiredRule
from bench.policy_file import shipped
from bench.progress import StageProgress
from bench.settings import Settings
from bench.stage_evidence import StageState
from bench.stages import StageKind
from bench.techniques import Technique
from bench.verdict import Verdict, judge
from drivers.commands import scsi
from drivers.sim import controls, launch
from drivers.sim.client import SimConnection
from drivers.sim.command_faults import (
    CapacityChange,
    CommandHang,
    DroppedCount,
    FrozenForever,
    LockedRefusesErase,
    LyingErase,
    MadeUpSerial,
    SanitizeFailure,
    Says,
    StaleReads,
    StaleSuccess,
    SwallowedCommand,
    WrongStatus,
)
from drivers.sim.commands.spec import Bridge, Hiding, Personality, Tcg
from drivers.sim.transport import SimTransport
from support.benches import CONSENT, MIB, addresses, open_local, survives, until_ended
from support.firmware import (
    AGREED,
    PSID,
    Made,
    firmware_drives,
    made,
    only,
    order,
    planned,
    purge,
    reasons,
    start,
    verdict,
)

P, T = Personality, Technique


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[LocalBench]:
    opened = open_local(tmp_path / "state", settings=Settings(checkpoint=0.0, rewind=0, window=MIB, stall=10.0))
    await opened.recover()
    yield opened
    await opened.close()


TECHNIQUES: dict[Technique, Made] = {
    T.ATA_SANITIZE_CRYPTO: made(P.ATA_SSD, sanitize="crypto,block"),
    T.ATA_SANITIZE_BLOCK: made(P.ATA_SSD),
    T.ATA_SANITIZE_OVERWRITE: made(P.ATA_DISK),
    T.ATA_SECURE_ERASE: made(P.ATA_DISK),
    T.ATA_SECURE_ERASE_ENHANCED: made(P.ATA_DISK),
    T.SCSI_SANITIZE_CRYPTO: made(P.SAS_SSD),
    T.SCSI_SANITIZE_BLOCK: made(P.SAS_SSD),
    T.SCSI_SANITIZE_OVERWRITE: made(P.SAS_DISK),
    T.SCSI_FORMAT_UNIT: made(P.SAS_DISK),
    T.NVME_SANITIZE_CRYPTO: made(P.NVME),
    T.NVME_SANITIZE_BLOCK: made(P.NVME),
    T.NVME_SANITIZE_OVERWRITE: made(P.NVME, sanitize="overwrite"),
    T.NVME_FORMAT_USER_DATA: made(P.NVME),
    T.NVME_FORMAT_CRYPTO: made(P.NVME),
    T.OPAL_PSID_REVERT: made(P.NVME, tcg=Tcg.OPAL),
}


def test_every_technique_is_tried() -> None:
    assert set(TECHNIQUES) == set(Technique) - {Technique.OVERWRITE}


@pytest.mark.parametrize("technique", TECHNIQUES)
async def test_every_technique_erases_and_proves_it(bench: LocalBench, tmp_path: Path, technique: Technique) -> None:
    with firmware_drives(tmp_path, TECHNIQUES[technique]) as drives:
        request = order(drives, policy=only(technique), psids={"ESSAI-0000": PSID})
        (evidence,) = await purge(bench, request)
        assert Verdict(verdict(evidence)).proves_erasure, reasons(evidence)
        erased = [item for item in evidence.stages.items if item.kind is StageKind.ERASE]
        assert [(item.planned.technique, item.state) for item in erased] == [(technique, StageState.DONE)]
        assert judge(evidence).level_achieved.reaches(Level.CLEAR)
        launch.stop(drives[0])
        assert not survives(drives[0])


async def test_a_purge_over_all_transports_at_once(bench: LocalBench, tmp_path: Path) -> None:
    wanted = [made(item) for item in (P.ATA_DISK, P.ATA_SSD, P.SAS_DISK, P.SAS_SSD, P.NVME)]
    with firmware_drives(tmp_path, *wanted) as drives:
        for evidence in await purge(bench, order(drives)):
            assert (verdict(evidence), reasons(evidence)) == ("erased", [])
            assert judge(evidence).level_achieved is Level.PURGE


SICK: dict[str, tuple[Made, str, str]] = {
    "it lies": (made(P.ATA_DISK, LyingErase()), "failed", "reason-canaries-survived"),
    "an older success": (made(P.NVME, StaleSuccess()), "unproven", "reason-stage-stale"),
    "nothing begins": (made(P.SAS_DISK, SwallowedCommand()), "unproven", "reason-stage-never-began"),
    "it fails": (made(P.ATA_DISK, SanitizeFailure(progress=500)), "failed", "reason-stage-failed"),
    "it shrinks": (made(P.ATA_DISK, CapacityChange(size=3 * MIB)), "failed", "reason-capacity-shrunk"),
    "it shrinks between two erasures": (made(P.NVME, CapacityChange(size=3 * MIB)), "failed", "reason-capacity-shrunk"),
    "it always says done": (made(P.ATA_DISK, WrongStatus(says=Says.DONE)), "unproven", "erase-status-stale"),
    "it says done of nothing": (
        made(P.ATA_DISK, WrongStatus(says=Says.DONE), SwallowedCommand()),
        "unproven",
        "erase-status-stale",
    ),
    "it always says failed": (made(P.SAS_DISK, WrongStatus(says=Says.FAILED)), "unproven", "erase-status-stale"),
    "it always says never": (made(P.ATA_DISK, WrongStatus(says=Says.NEVER)), "unproven", "erase-never-began"),
    "an ATA disk begins nothing": (made(P.ATA_DISK, SwallowedCommand()), "unproven", "erase-never-began"),
    "an NVMe drive begins nothing": (made(P.NVME, SwallowedCommand()), "unproven", "erase-never-began"),
    "it lies, and a secure erase has no status": (
        made(P.ATA_DISK, WrongStatus(says=Says.NONSENSE), SwallowedCommand()),
        "failed",
        "reason-canaries-survived",
    ),
}


@pytest.mark.parametrize("name", SICK)
async def test_every_sickness_has_its_reason(bench: LocalBench, tmp_path: Path, name: str) -> None:
    wanted, expected, reason = SICK[name]
    with firmware_drives(tmp_path, wanted) as drives:
        (evidence,) = await purge(bench, order(drives))
    assert verdict(evidence) == expected, reasons(evidence)
    assert reason in reasons(evidence)


async def test_a_failed_sanitize_is_given_once_more_and_no_more(bench: LocalBench, tmp_path: Path) -> None:
    with firmware_drives(tmp_path, made(P.ATA_DISK, SanitizeFailure(progress=500))) as drives:
        (evidence,) = await purge(bench, order(drives))
    assert [item.starts for item in evidence.stages.items if item.kind is StageKind.ERASE] == [2]


async def test_a_disk_that_a_failed_sanitize_keeps_closed_is_found_again(bench: LocalBench, tmp_path: Path) -> None:
    with firmware_drives(tmp_path, made(P.SAS_DISK, SanitizeFailure(progress=500))) as drives:
        stream = bench.updates()
        jobs = await start(bench, order(drives))
        async for update in stream:
            if isinstance(update, Logged) and isinstance(update.event, se.StageFinished):
                break
        await bench.halt()
        (halted,) = await bench.jobs()
        (erased,) = [item for item in halted.stages.items if item.kind is StageKind.ERASE]
        assert (erased.starts, erased.state, halted.is_open) == (1, StageState.FAILED, True)
        (shown,) = await bench.drives([f"sim:{drives[0]}"])
        assert shown.facts.identity.size == 0
        again = bench.updates()
        resumption = await bench.resume()
        assert not resumption.refused, resumption.refused
        await until_ended(again, jobs)
        (evidence,) = await bench.jobs()
        assert verdict(evidence) == "failed"
        assert [item.starts for item in evidence.stages.items if item.kind is StageKind.ERASE] == [2]


@pytest.mark.parametrize("personality", [P.ATA_DISK, P.SAS_DISK, P.NVME])
async def test_a_drive_that_opens_after_its_failure_is_overwritten_and_failed_all_the_same(
    bench: LocalBench, tmp_path: Path, personality: Personality
) -> None:
    with firmware_drives(tmp_path, made(personality, SanitizeFailure(progress=500, opens=True))) as drives:
        policy = replace(shipped(Level.PURGE), overwrite_on_top=True, crypto_before_block=False)
        (evidence,) = await purge(bench, order(drives, policy=policy))
        assert (verdict(evidence), reasons(evidence)[0]) == ("failed", "reason-stage-failed-left")
        assert judge(evidence).level_achieved is Level.NONE
        (erased,) = [item for item in evidence.stages.items if item.kind is StageKind.ERASE]
        assert (erased.state, erased.starts, erased.failure_mode_left) == (StageState.FAILED, 2, True)
        assert evidence.passes[0].synced == evidence.size
        launch.stop(drives[0])
        assert not survives(drives[0])


async def test_between_two_erasures_the_failure_mode_is_left_and_after_the_last_one_not(
    bench: LocalBench, tmp_path: Path
) -> None:
    with firmware_drives(tmp_path, made(P.NVME, SanitizeFailure(progress=500, opens=True))) as drives:
        (evidence,) = await purge(bench, order(drives))
        assert verdict(evidence) == "failed"
        erased = [item for item in evidence.stages.items if item.kind is StageKind.ERASE]
        assert [(item.starts, item.failure_mode_left) for item in erased] == [(2, True), (2, False)]


@pytest.mark.parametrize("personality", [P.ATA_DISK, P.SAS_DISK, P.NVME])
async def test_a_drive_that_stays_closed_after_its_failure_is_recorded_as_such(
    bench: LocalBench, tmp_path: Path, personality: Personality
) -> None:
    with firmware_drives(tmp_path, made(personality, SanitizeFailure(progress=500))) as drives:
        policy = replace(shipped(Level.PURGE), overwrite_on_top=True)
        (evidence,) = await purge(bench, order(drives, policy=policy))
        assert verdict(evidence) == "failed"
        assert {"reason-stage-failed", "erase-failure-mode-stays"} <= set(reasons(evidence))
        assert not any(item.failure_mode_left for item in evidence.stages.items)
        assert not any(item.started for item in evidence.passes)


@pytest.mark.slow
async def test_retired_sectors_are_remarked_or_send_the_drive_elsewhere(bench: LocalBench, tmp_path: Path) -> None:
    worn = made(P.ATA_DISK, retired=3, sanitize="none", security=False)
    with firmware_drives(tmp_path, worn, made(P.ATA_DISK, retired=3)) as drives:
        strict = replace(shipped(Level.CLEAR), retired_sectors=RetiredRule.REFUSE_OVERWRITE)
        (refusal,) = (await bench.plan(order(drives[:1], policy=strict))).refusals
        assert "stage-passed-retired-sectors" in {reason.id for reason in refusal.reasons}
        overwritten, sanitized = [
            (await purge(bench, order([drive], level=level)))[0]
            for drive, level in zip(drives, (Level.CLEAR, Level.PURGE), strict=True)
        ]
        assert (verdict(overwritten), reasons(overwritten)) == ("erased-with-remarks", ["stage-remark-retired-sectors"])
        assert (verdict(sanitized), reasons(sanitized)) == ("erased", [])


async def test_a_count_dropped_after_the_plan_concludes_nothing(bench: LocalBench, tmp_path: Path) -> None:
    with firmware_drives(tmp_path, made(P.ATA_DISK, SwallowedCommand(), bridge=Bridge.DESCRIPTOR)) as drives:
        plans = await planned(bench, order(drives))
        with SimConnection.connect(drives[0]) as connection:
            controls.arm(connection, DroppedCount())
        stream = bench.updates()
        await until_ended(stream, jobs := await bench.start(plans, CONSENT, AGREED))
        (evidence,) = await bench.jobs()
        assert [evidence.job] == list(jobs)
        assert verdict(evidence) == "unproven"
        assert reasons(evidence)[-1] == "erase-status-unreadable"
        assert survives(drives[0]), "nothing had begun"


@pytest.mark.slow
async def test_a_status_that_stays_nonsense_ends_as_unproven(bench: LocalBench, tmp_path: Path) -> None:
    with firmware_drives(tmp_path, made(P.NVME, WrongStatus(says=Says.NONSENSE))) as drives:
        (evidence,) = await purge(bench, order(drives))
    assert (verdict(evidence), reasons(evidence)[-1]) == ("unproven", "erase-status-unreadable")


async def test_nonsense_before_the_plan_leaves_sanitize_out_of_it(bench: LocalBench, tmp_path: Path) -> None:
    with firmware_drives(tmp_path, made(P.ATA_DISK, WrongStatus(says=Says.NONSENSE))) as drives:
        (evidence,) = await purge(bench, order(drives))
        assert verdict(evidence) == "erased", reasons(evidence)
        assert evidence.plan.stage_plan is not None
        assert evidence.plan.stage_plan.erasures == (T.ATA_SECURE_ERASE_ENHANCED,)


async def test_a_freeze_that_no_power_cut_lifts_is_said(bench: LocalBench, tmp_path: Path) -> None:
    with firmware_drives(tmp_path, made(P.ATA_DISK, FrozenForever()), made(P.ATA_DISK, FrozenForever())) as drives:
        (evidence,) = await purge(bench, order(drives[:1]))
        assert verdict(evidence) == "unproven"
        assert evidence.stages.items[0].kind is StageKind.POWER_CYCLE, "a thaw was tried"
        assert evidence.concluded is not None
        refusal = evidence.concluded.reasons[-1]
        assert (refusal.id, refusal.params["why"]) == ("command-refused", "sanitize-frozen")
        (secure,) = await purge(bench, order(drives[1:], policy=only(T.ATA_SECURE_ERASE_ENHANCED)))
        assert (verdict(secure), reasons(secure)[-1]) == ("unproven", "erase-security-frozen")
        assert all(survives(where) for where in drives)


async def test_a_locked_drive_that_refuses_to_erase_is_reverted_first(bench: LocalBench, tmp_path: Path) -> None:
    wanted = made(P.NVME, LockedRefusesErase(), tcg=Tcg.OPAL, tcg_locked=True)
    with firmware_drives(tmp_path, wanted) as drives:
        (refusal,) = (await bench.plan(order(drives))).refusals
        assert refusal.reasons[0].id == "stage-refused-opal-locked"
        (evidence,) = await purge(bench, order(drives, psids={"ESSAI-0000": PSID}))
        assert verdict(evidence) == "erased", reasons(evidence)
        assert evidence.stages.items[0].kind is StageKind.UNLOCK
        launch.stop(drives[0])
        assert not survives(drives[0])


async def test_a_made_up_serial_of_a_bridge_is_not_the_drives(bench: LocalBench, tmp_path: Path) -> None:
    wanted = made(P.ATA_DISK, MadeUpSerial(serial="FAUX-1"), bridge=Bridge.DESCRIPTOR)
    with firmware_drives(tmp_path, wanted) as drives:
        (evidence,) = await purge(bench, order(drives))
        assert verdict(evidence) == "erased", reasons(evidence)
        assert evidence.plan.facts.identity.serial == "ESSAI-0000"


@pytest.mark.parametrize("bridge", [Bridge.NONE, Bridge.DESCRIPTOR, Bridge.FIXED])
async def test_a_dropped_count_is_never_taken_for_a_purge(bench: LocalBench, tmp_path: Path, bridge: Bridge) -> None:
    with firmware_drives(tmp_path, made(P.ATA_DISK, DroppedCount(), bridge=bridge)) as drives:
        (evidence,) = await purge(bench, order(drives))
        assert verdict(evidence) == "erased-with-remarks", reasons(evidence)
        assert {"stage-consent-question", "stage-consent-operator"} <= set(reasons(evidence))
        assert judge(evidence).level_achieved is Level.CLEAR
        assert not any(item.is_sanitize for item in (evidence.plan.stage_plan or pytest.fail("no plan")).erasures)
        launch.stop(drives[0])
        assert not survives(drives[0])


async def test_a_hanging_drive_ends_as_unproven_and_holds_up_nobody(tmp_path: Path) -> None:
    bench = open_local(tmp_path / "state", settings=Settings(stall=2.0))
    await bench.recover()
    with firmware_drives(tmp_path, made(P.ATA_DISK), made(P.NVME)) as drives:
        plans = await planned(bench, order(drives))
        with SimConnection.connect(drives[0]) as connection:
            controls.arm(connection, CommandHang(opcode=0xB4))
        stream = bench.updates()
        jobs = await bench.start(plans, CONSENT, AGREED)
        async with asyncio.timeout(20):
            async for update in stream:
                if isinstance(update, Logged) and update.job == jobs[1] and update.event.TYPE == "concluded":
                    break
        assert not (await bench.jobs())[0].concluded
        await until_ended(stream, jobs[:1])
        hung, healthy = await bench.jobs()
        assert verdict(healthy) == "erased"
        assert (verdict(hung), reasons(hung)) == ("unproven", ["erase-drive-hangs", "reason-stage-not-done"])
    await bench.close()


async def test_a_cache_that_remembers_is_emptied_by_the_power_cut(bench: LocalBench, tmp_path: Path) -> None:
    with firmware_drives(tmp_path, made(P.ATA_SSD, StaleReads()), made(P.ATA_SSD, StaleReads())) as drives:
        policy = only(T.ATA_SANITIZE_BLOCK, power_cycle=False)
        (fooled,) = await purge(bench, order(drives[:1], policy=policy))
        assert "reason-canaries-survived" in reasons(fooled), "without the power cut the cache is what is read"
        (told,) = await purge(bench, order(drives[1:], policy=only(T.ATA_SANITIZE_BLOCK)))
        assert verdict(told).startswith("erased"), reasons(told)


async def test_hidden_areas_are_opened_and_erased(bench: LocalBench, tmp_path: Path) -> None:
    wanted = [
        made(P.ATA_DISK, hiding=Hiding.HPA_DCO, hpa_size=2 * MIB, dco_size=3 * MIB),
        made(P.ATA_DISK, hiding=Hiding.AMA, hpa_size=2 * MIB),
    ]
    with firmware_drives(tmp_path, *wanted) as drives:
        for evidence in await purge(bench, order(drives)):
            assert verdict(evidence) == "erased", reasons(evidence)
            assert evidence.size == 4 * MIB > evidence.plan.facts.identity.size
        for where in drives:
            launch.stop(where)
            assert not survives(where)


async def test_a_restored_drive_is_overwritten_to_its_new_end(bench: LocalBench, tmp_path: Path) -> None:
    with firmware_drives(tmp_path, made(P.ATA_DISK, hiding=Hiding.AMA, hpa_size=2 * MIB)) as drives:
        (evidence,) = await purge(bench, order(drives, policy=only(T.OVERWRITE)))
        assert Verdict(verdict(evidence)).proves_erasure, reasons(evidence)
        assert (evidence.size, evidence.passes[0].synced) == (4 * MIB, 4 * MIB)
        launch.stop(drives[0])
        assert not survives(drives[0])


async def test_a_locked_opal_drive_is_refused_without_its_psid_and_reverted_with_it(
    bench: LocalBench, tmp_path: Path
) -> None:
    with firmware_drives(tmp_path, made(P.NVME, tcg=Tcg.OPAL, tcg_locked=True)) as drives:
        refused = (await bench.plan(order(drives))).refusals
        assert [reason.id for reason in refused[0].reasons][:1] == ["stage-refused-opal-locked"]
        (evidence,) = await purge(bench, order(drives, psids={"ESSAI-0000": PSID}))
        assert verdict(evidence) == "erased", reasons(evidence)
        assert evidence.stages.items[0].kind is StageKind.UNLOCK


@pytest.mark.parametrize("block", [520, 528])
async def test_sectors_that_the_host_cannot_read_are_erased_and_formatted_to_512(
    bench: LocalBench, tmp_path: Path, block: int
) -> None:
    with firmware_drives(tmp_path, made(P.SAS_DISK, block=block, erase_ms=400)) as drives:
        (evidence,) = await purge(bench, order(drives))
        assert (verdict(evidence), reasons(evidence)) == ("erased-with-remarks", ["stage-remark-no-canaries"])
        assert judge(evidence).level_achieved is Level.PURGE
        planned_size, blocks = evidence.plan.facts.identity.size, 4 * MIB // 512
        assert (planned_size, evidence.size, evidence.sector) == (blocks * block, blocks * 512, 512)
        assert [note.id for note in evidence.plan.facts.notes] == ["guard-note-own-size"]
        kinds = [item.kind for item in evidence.stages.items]
        assert kinds.index(StageKind.ERASE) < kinds.index(StageKind.REFORMAT) < kinds.index(StageKind.COMPARE)
        assert StageKind.PLANT not in kinds
        assert evidence.stages.items[kinds.index(StageKind.ERASE)].seen_running
        launch.stop(drives[0])
        assert not survives(drives[0])


async def test_sectors_that_the_host_cannot_read_are_overwritten_once_they_are_others(
    bench: LocalBench, tmp_path: Path
) -> None:
    with firmware_drives(tmp_path, made(P.SAS_DISK, block=520)) as drives:
        (evidence,) = await purge(bench, order(drives, policy=only(T.OVERWRITE)))
        assert Verdict(verdict(evidence)).proves_erasure, reasons(evidence)
        assert [item.kind for item in evidence.stages.items] == [StageKind.REFORMAT, StageKind.COMPARE]
        assert (judge(evidence).level_achieved, evidence.passes[0].synced) == (Level.CLEAR, 4 * MIB)


async def test_the_list_of_drives_says_what_helps_with_such_sectors(bench: LocalBench, tmp_path: Path) -> None:
    with firmware_drives(tmp_path, made(P.SAS_DISK, block=520), made(P.SAS_DISK)) as drives:
        odd, plain = await bench.drives(addresses(drives))
        assert [reason.id for reason in odd.reasons] == ["guard-size-zero", "guard-size-ask-level"]
        assert plain.reasons == ()


async def test_such_a_drive_is_asked_once(bench: LocalBench, tmp_path: Path) -> None:
    with firmware_drives(tmp_path, made(P.SAS_DISK, block=520)) as drives:
        plans = await planned(bench, order(drives))
        (stage_plan,) = [item.stage_plan for item in plans.plans]
        assert stage_plan is not None
        with SimConnection.connect(drives[0]) as connection:
            assert controls.counters(connection).commands == stage_plan.capabilities.commands


async def test_a_drive_without_size_that_is_at_work_is_to_be_waited_for(bench: LocalBench, tmp_path: Path) -> None:
    with firmware_drives(tmp_path, made(P.SAS_DISK, block=520, crypto_ms=60_000)) as drives:
        with SimConnection.connect(drives[0]) as connection:
            connection.claim()
            assert SimTransport(connection).scsi(scsi.sanitize(scsi.SanitizeAction.CRYPTO_ERASE)).status == 0
        (refusal,) = (await bench.plan(order(drives))).refusals
        assert {reason.id for reason in refusal.reasons} == {"guard-size-zero", "guard-sanitize-running"}
        with SimConnection.connect(drives[0]) as connection:
            controls.skip(connection, 61)
        assert (await bench.plan(order(drives))).refusals == ()


async def test_sectors_that_the_host_cannot_read_are_refused_without_a_level(bench: LocalBench, tmp_path: Path) -> None:
    with firmware_drives(tmp_path, made(P.SAS_DISK, block=520)) as drives:
        (refusal,) = (await bench.plan(order(drives, level=None))).refusals
        assert [reason.id for reason in refusal.reasons] == ["guard-size-zero", "guard-size-ask-level"]


async def test_a_protected_drive_is_not_even_asked_for_its_size(bench: LocalBench, tmp_path: Path) -> None:
    with firmware_drives(tmp_path, made(P.SAS_DISK, block=520)) as drives:
        await bench.protect("ESSAI-0000", "essai")
        (refusal,) = (await bench.plan(order(drives))).refusals
        assert {reason.id for reason in refusal.reasons} == {"guard-size-zero", "guard-protected"}


async def test_a_drive_of_520_bytes_goes_on_after_a_power_cut_in_its_sanitize(
    bench: LocalBench, tmp_path: Path
) -> None:
    with firmware_drives(tmp_path, made(P.SAS_DISK, block=520, erase_ms=1500)) as drives:
        stream = bench.updates()
        jobs = await start(bench, order(drives))
        await _until_running(stream)
        launch.power_cut(drives[0])
        await until_ended(stream, jobs)
        launch.start(drives[0])
        again = bench.updates()
        resumption = await bench.resume()
        assert not resumption.refused, resumption.refused
        await until_ended(again, jobs)
        (evidence,) = await bench.jobs()
        assert Verdict(verdict(evidence)).proves_erasure, reasons(evidence)
        assert evidence.sector == 512


async def test_the_password_is_in_the_log_before_the_drive_has_it_and_gone_afterwards(
    bench: LocalBench, tmp_path: Path
) -> None:
    with firmware_drives(tmp_path, made(P.ATA_DISK)) as drives:
        stream = bench.updates()
        jobs = await start(bench, order(drives, policy=only(T.ATA_SECURE_ERASE_ENHANCED)))
        names: list[str] = []
        async for update in stream:
            if isinstance(update, Logged):
                names.append(update.event.TYPE)
                if isinstance(update.event, se.SecurityPasswordChosen):
                    assert update.event.password == (tmp_path / "state/keys/security-password").read_text().strip()
                if update.event.TYPE == "concluded":
                    break
        assert names.index("security-password-chosen") < names.index("command-accepted")
        assert jobs
    assert (tmp_path / "state/keys/security-password").stat().st_mode & 0o777 == 0o600


async def test_an_operators_halt_leaves_the_drive_at_work_and_resume_adopts_it(
    bench: LocalBench, tmp_path: Path
) -> None:
    with firmware_drives(tmp_path, made(P.ATA_DISK, erase_ms=1500)) as drives:
        stream = bench.updates()
        jobs = await start(bench, order(drives))
        await _until_running(stream)
        await bench.halt()
        (halted,) = await bench.jobs()
        assert halted.interruptions[-1].cause is Cause.OPERATOR
        again = bench.updates()
        resumption = await bench.resume()
        assert not resumption.refused, resumption.refused
        await until_ended(again, jobs)
        (evidence,) = await bench.jobs()
        (erased,) = [item for item in evidence.stages.items if item.kind is StageKind.ERASE]
        assert (erased.starts, erased.adoptions) == (1, 1), "never a second order while one runs"
        assert "remark-stage-adopted" in reasons(evidence)
        assert Verdict(verdict(evidence)).proves_erasure


async def test_a_drive_pulled_out_is_an_interruption_and_goes_on_where_it_was(
    bench: LocalBench, tmp_path: Path
) -> None:
    with firmware_drives(tmp_path, made(P.SAS_DISK, erase_ms=1500)) as drives:
        stream = bench.updates()
        jobs = await start(bench, order(drives))
        await _until_running(stream)
        launch.power_cut(drives[0])
        ended = await until_ended(stream, jobs)
        (away,) = await bench.jobs()
        assert away.interruptions[-1].cause is Cause.DRIVE_GONE, away.interruptions
        assert ended[0].problem is not None
        assert away.is_open
        launch.start(drives[0])
        again = bench.updates()
        assert not (await bench.resume()).refused
        await until_ended(again, jobs)
        (evidence,) = await bench.jobs()
        assert Verdict(verdict(evidence)).proves_erasure, reasons(evidence)
        assert "remark-interrupted-drive-gone" in reasons(evidence)


async def test_progress_is_the_drives_own_or_none(bench: LocalBench, tmp_path: Path) -> None:
    with firmware_drives(tmp_path, made(P.ATA_DISK, erase_ms=1200), made(P.ATA_DISK, erase_ms=1200)) as drives:
        stream = bench.updates()
        told = await start(bench, order(drives[:1]))
        silent = await start(bench, order(drives[1:], policy=only(T.ATA_SECURE_ERASE)))
        seen: dict[str, list[StageProgress]] = {job: [] for job in (*told, *silent)}
        left = set(seen)
        async for update in stream:
            if isinstance(update, StageProgress) and update.kind is StageKind.ERASE:
                seen[update.job].append(update)
            if isinstance(update, Logged) and update.event.TYPE == "concluded":
                left.discard(update.job)
                if not left:
                    break
        assert any(item.permille for item in seen[told[0]])
        assert all(item.permille is None for item in seen[silent[0]])
        assert any(item.estimate == 120 for item in seen[silent[0]]), "IDENTIFY word 89: two minutes"


async def test_a_bridge_without_count_still_reaches_what_does_not_need_it(bench: LocalBench, tmp_path: Path) -> None:
    with firmware_drives(tmp_path, made(P.ATA_DISK, bridge=Bridge.FIXED)) as drives:
        plans = await bench.plan(order(drives))
        chosen = [plan.stage_plan.erasures for plan in plans.plans if plan.stage_plan is not None]
        assert all(not technique.is_sanitize for each in chosen for technique in each)


async def test_sixteen_drives_are_planned_for_with_few_commands(bench: LocalBench, tmp_path: Path) -> None:
    kinds = [P.ATA_DISK, P.ATA_SSD, P.SAS_DISK, P.NVME]
    with firmware_drives(tmp_path, *(made(kinds[number % 4], size=MIB) for number in range(16))) as drives:
        plans = await planned(bench, order(drives))
        assert len(plans.plans) == 16
        assert all(item.stage_plan and item.stage_plan.capabilities.commands <= 25 for item in plans.plans)


async def _until_running(stream: AsyncIterator[object]) -> None:
    async for update in stream:
        if isinstance(update, Logged) and isinstance(update.event, se.CommandAccepted | se.ErasureSeen):
            return
