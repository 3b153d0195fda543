"""NVMe drives with several namespaces: erased all together by one command, or not at all by the drive."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bench.canaries import Place
from bench.events import Cause
from bench.evidence import Evidence
from bench.levels import Level
from bench.local import LocalBench
from bench.messages import BenchError
from bench.plan import EraseRequest, PlanSet
from bench.policy import Downgrade
from bench.policy_file import shipped
from bench.settings import Settings
from bench.stages import StageKind
from bench.verdict import Verdict, judge
from drivers.sim import launch
from drivers.sim.bays import survey
from drivers.sim.client import SimConnection
from drivers.sim.command_faults import LyingErase, SanitizeFailure
from drivers.sim.commands.spec import Personality, Tcg
from drivers.sim.faults import Sickness
from drivers.sim.folder import MEDIUM
from support.benches import CONSENT, MIB, SECRET, open_local, survives, until_ended
from support.firmware import AGREED, PSID, Made, firmware_drives, made, purge, reasons, start, verdict


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[LocalBench]:
    opened = open_local(tmp_path / "state", settings=Settings(checkpoint=0.0, rewind=0, window=MIB, stall=10.0))
    await opened.recover()
    yield opened
    await opened.close()


def three(*sicknesses: Sickness, **firmware: object) -> Made:
    """A drive whose namespaces 2 and 3 lie behind the first one's four mebibytes."""
    one = made(Personality.NVME, *sicknesses, siblings=2, sibling_size=MIB)
    return replace(one, commands=replace(one.commands, **firmware))  # type: ignore[arg-type] # any field


def wanted(drive: Path, *namespaces: int, downgrade: Downgrade = Downgrade.REFUSE) -> EraseRequest:
    addresses = tuple(f"sim:{drive}" + (f"#{nsid}" if nsid != 1 else "") for nsid in namespaces)
    policy = replace(shipped(Level.PURGE), downgrade=downgrade)
    return EraseRequest(addresses=addresses, method="random", operator="OP-07", policy=policy)


def why(plans: PlanSet) -> set[str]:
    return {reason.id for refusal in plans.refusals for reason in refusal.reasons}


def nothing_was_lost(drive: Path) -> bool:
    data = (drive / MEDIUM).read_bytes()
    return data == (SECRET * (len(data) // len(SECRET) + 1))[: len(data)]


def planted(evidence: Evidence) -> set[Place]:
    found = [item.planted for item in evidence.stages.items if item.planted is not None]
    assert found
    return {canary.place for canary in found[-1].planted}


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 1, 2)])
async def test_all_namespaces_are_one_job_one_command_and_one_proof(
    bench: LocalBench, tmp_path: Path, order: tuple[int, ...]
) -> None:
    with firmware_drives(tmp_path, three(sanitize="block")) as (drive,):
        (evidence,) = await purge(bench, wanted(drive, *order))
        assert (verdict(evidence), judge(evidence).level_achieved) == ("erased-with-remarks", Level.PURGE)
        assert {*reasons(evidence)} == {"stage-remark-together", "stage-remark-namespace"}
        assert evidence.plan.facts.unit == order[0]
        assert sorted(item.unit for item in evidence.plan.facts.together) == sorted(order[1:])
        erased = [item for item in evidence.stages.items if item.kind is StageKind.ERASE]
        assert [item.starts for item in erased] == [1]
        sizes = {1: 4 * MIB, 2: MIB, 3: MIB}
        ends = {
            Place(0 if nsid == order[0] else nsid, offset, 512)
            for nsid, size in sizes.items()
            for offset in (0, size - 512)
        }
        assert ends <= planted(evidence)
        (read,) = [item.read_back for item in evidence.stages.items if item.read_back is not None]
        assert read.moved >= 6 * MIB * 5 // 100
        launch.stop(drive)
        assert not survives(drive)


async def test_the_record_names_all_namespaces(bench: LocalBench, tmp_path: Path) -> None:
    with firmware_drives(tmp_path, three(sanitize="block")) as (drive,):
        (evidence,) = await purge(bench, wanted(drive, 1, 2, 3))
        remarks = [reason for reason in judge(evidence).reasons if reason.id == "stage-remark-namespace"]
        nodes = [f"sim:{drive}", f"sim:{drive}#2", f"sim:{drive}#3"]
        assert [dict(reason.params) for reason in remarks] == [
            {"node": node, "nsid": nsid, "size": size}
            for node, nsid, size in zip(nodes, (1, 2, 3), (4 * MIB, MIB, MIB), strict=True)
        ]
        (entry,) = await bench.records()
        document = (await bench.certificate(entry.number)).decode()
        assert all(f'"nsid":{nsid}' in document.replace(" ", "") for nsid in (1, 2, 3))


@pytest.mark.parametrize("named", [(1,), (2,), (1, 2)])
async def test_a_namespace_that_nobody_named_is_never_touched(
    bench: LocalBench, tmp_path: Path, named: tuple[int, ...]
) -> None:
    with firmware_drives(tmp_path, three()) as (drive,):
        plans = await bench.plan(wanted(drive, *named))
        assert "stage-passed-siblings" in why(plans)
        with pytest.raises(BenchError):
            await bench.start(plans, CONSENT)
        launch.stop(drive)
        assert nothing_was_lost(drive)


async def test_a_namespace_in_use_keeps_all_from_being_erased(bench: LocalBench, tmp_path: Path) -> None:
    with firmware_drives(tmp_path, three()) as (drive,):
        with SimConnection.connect(drive) as somebody:
            somebody.claim(3)
            plans = await bench.plan(wanted(drive, 1, 2, 3))
            assert why(plans) == {"sim-busy"}
            (refusal,) = plans.refusals
            assert [reason.params["address"] for reason in refusal.reasons] == [f"sim:{drive}#3"]
        launch.stop(drive)
        assert nothing_was_lost(drive)


async def test_a_namespace_taken_into_use_after_the_plan_stops_the_arming(bench: LocalBench, tmp_path: Path) -> None:
    with firmware_drives(tmp_path, three()) as (drive,):
        plans = await bench.plan(wanted(drive, 1, 2, 3))
        assert not plans.refusals, why(plans)
        with SimConnection.connect(drive) as somebody:
            somebody.claim(2)
            with pytest.raises(BenchError, match="sim-busy"):
                await bench.start(plans, CONSENT)
        launch.stop(drive)
        assert nothing_was_lost(drive)
        assert not await bench.jobs()


async def test_while_the_job_runs_nobody_else_gets_any_namespace(bench: LocalBench, tmp_path: Path) -> None:
    with firmware_drives(tmp_path, three(sanitize="block", erase_ms=1500)) as (drive,):
        stream = bench.updates()
        jobs = await start(bench, wanted(drive, 1, 2, 3))
        for nsid in (1, 2, 3):
            with SimConnection.connect(drive) as somebody, pytest.raises(OSError, match="busy"):
                somebody.claim(nsid)
        await until_ended(stream, jobs)


async def test_what_remains_in_one_namespace_fails_all(bench: LocalBench, tmp_path: Path) -> None:
    with firmware_drives(tmp_path, three(LyingErase(stays_from=5 * MIB), sanitize="block")) as (drive,):
        (evidence,) = await purge(bench, wanted(drive, 1, 2, 3))
        assert verdict(evidence) == "failed"
        (check,) = [item.check for item in evidence.stages.items if item.check is not None]
        assert {place.nsid for place in check.survivors} == {3}


async def test_an_interrupted_job_holds_all_again_and_goes_on(bench: LocalBench, tmp_path: Path) -> None:
    with firmware_drives(tmp_path, three(sanitize="block", erase_ms=1500)) as (drive,):
        stream = bench.updates()
        jobs = await start(bench, wanted(drive, 2, 1, 3))
        async for update in stream:
            if getattr(getattr(update, "event", None), "TYPE", "") == "command-accepted":
                break
        await bench.halt()
        with SimConnection.connect(drive) as somebody, pytest.raises(OSError, match="busy"):
            somebody.claim(3)  # the command's own process holds it meanwhile
        again = bench.updates()
        resumption = await bench.resume()
        assert not resumption.refused, resumption.refused
        await until_ended(again, jobs)
        (evidence,) = await bench.jobs()
        assert evidence.interruptions[0].cause is Cause.OPERATOR
        assert Verdict(verdict(evidence)).proves_erasure, reasons(evidence)


async def test_without_a_level_namespaces_are_erased_one_by_one(bench: LocalBench, tmp_path: Path) -> None:
    with firmware_drives(tmp_path, three()) as (drive,):
        both = replace(wanted(drive, 1, 2), policy=None, level=None)
        assert why(await bench.plan(both)) == {"guard-siblings-apart"}
        (evidence,) = await purge(bench, replace(wanted(drive, 2), policy=None, level=None))
        assert Verdict(verdict(evidence)).proves_erasure
        launch.stop(drive)
        data = (drive / MEDIUM).read_bytes()
        assert SECRET[:16] not in data[4 * MIB : 5 * MIB]
        assert data[: 4 * MIB] == (SECRET * (4 * MIB // len(SECRET) + 1))[: 4 * MIB]


async def test_overwriting_is_no_way_out_for_several_namespaces(bench: LocalBench, tmp_path: Path) -> None:
    with firmware_drives(tmp_path, three(sanitize="none", format_hits_all=False)) as (drive,):
        request = wanted(drive, 1, 2, 3)
        assert request.policy is not None
        plans = await bench.plan(replace(request, policy=replace(request.policy, level=Level.CLEAR, flash=())))
        assert "stage-refused-nothing-usable" in why(plans)


async def test_a_format_reaches_every_namespace_and_so_needs_them_all(bench: LocalBench, tmp_path: Path) -> None:
    with firmware_drives(tmp_path, three(sanitize="none", format_hits_all=False)) as (drive,):
        alone = replace(wanted(drive, 1), policy=replace(shipped(Level.CLEAR)))
        plans = await bench.plan(alone)
        assert [item.stage_plan.erasures for item in plans.plans if item.stage_plan is not None] == [()]
        together = replace(wanted(drive, 1, 2, 3), policy=shipped(Level.CLEAR))
        (evidence,) = await purge(bench, together)
        assert Verdict(verdict(evidence)).proves_erasure, reasons(evidence)
        launch.stop(drive)
        assert not survives(drive)


async def test_a_revert_by_psid_needs_all_namespaces_too(bench: LocalBench, tmp_path: Path) -> None:
    with firmware_drives(tmp_path, three(tcg=Tcg.OPAL, tcg_locked=True)) as (drive,):
        alone = replace(wanted(drive, 1), psids={"ESSAI-0000": PSID})
        assert "stage-passed-siblings" in why(await bench.plan(alone))


async def test_a_protected_namespace_protects_the_others(bench: LocalBench, tmp_path: Path) -> None:
    with firmware_drives(tmp_path, three()) as (drive,):
        plans = await bench.plan(wanted(drive, 1, 2, 3))
        (item,) = plans.plans
        await bench.protect(item.facts.together[1].identity.wwn, "the archive")
        assert "guard-protected" in why(await bench.plan(wanted(drive, 1, 2, 3)))


async def test_the_same_namespace_twice_is_refused(bench: LocalBench, tmp_path: Path) -> None:
    with firmware_drives(tmp_path, three()) as (drive,):
        assert why(await bench.plan(wanted(drive, 1, 2, 2, 3))) == {"guard-siblings-apart"}


async def test_a_new_order_ends_the_unfinished_one_of_a_namespace(bench: LocalBench, tmp_path: Path) -> None:
    with firmware_drives(tmp_path, three(sanitize="block", erase_ms=1500)) as (drive,):
        await start(bench, replace(wanted(drive, 2), policy=None, level=None))
        await bench.halt()
        plans = await bench.plan(wanted(drive, 1, 2, 3))
        stream = bench.updates()
        jobs = list(await bench.start(plans, CONSENT, AGREED))
        await until_ended(stream, jobs)
        old, new = await bench.jobs()
        assert old.stopped is not None
        assert Verdict(verdict(new)).proves_erasure


async def test_a_failed_sanitize_leaves_all_closed_and_says_so(bench: LocalBench, tmp_path: Path) -> None:
    with firmware_drives(tmp_path, three(SanitizeFailure(progress=500), sanitize="block")) as (drive,):
        (evidence,) = await purge(bench, wanted(drive, 1, 2, 3))
        assert verdict(evidence) == "failed"


def test_facts_name_the_other_namespaces(tmp_path: Path) -> None:
    with firmware_drives(tmp_path, three()) as (drive,):
        facts = survey(f"sim:{drive}#2")
        assert (facts.unit, facts.identity.size, [item.unit for item in facts.siblings]) == (2, MIB, [1, 3])
        assert survey(f"sim:{drive}#4").undetermined
