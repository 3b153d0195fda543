"""What every implementation of the `Bench` facade must do. Runs against the one in process."""

from __future__ import annotations

import asyncio
import errno
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import pytest
from pytest_mock import MockerFixture

from bench import keys
from bench.correction import Change
from bench.events import Cause, Concluded, Corrected, JobPlanned, Logged, PassWritten
from bench.facade import Bench
from bench.levels import Level
from bench.local import LocalBench
from bench.messages import BenchError
from bench.progress import JobProgress
from bench.settings import Settings
from bench.state import StateFolder
from bench.verdict import Verdict, judge
from bench.verification import Overall, verify
from drivers.sim import controls, launch
from drivers.sim.client import SimConnection
from drivers.sim.faults import BadSectors, FakeCapacity, Hang, Kill, OnWrite, OtherIdentity, Slowness, Target
from support.benches import CONSENT, addresses, erase, open_local, planted_drives, request, start, survives, until_ended

MIB = 1 << 20


@pytest.fixture
def drives(tmp_path: Path) -> Iterator[tuple[Path, ...]]:
    with planted_drives(tmp_path, 2) as made:
        yield made


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[LocalBench]:
    made = open_local(tmp_path / "state", settings=Settings(checkpoint=0.0, rewind=MIB, window=MIB, stall=3.0))
    await made.recover()
    yield made
    await made.close()


def arm(where: Path, *sicknesses: object) -> None:
    with SimConnection.connect(where) as connection:
        controls.arm(connection, *sicknesses)  # type: ignore[arg-type]


def test_the_bench_in_process_is_a_bench() -> None:
    assert_type: type[Bench] = LocalBench
    assert assert_type is LocalBench


async def test_several_drives_are_erased_each_with_record_and_certificate(
    bench: LocalBench, drives: tuple[Path, ...], tmp_path: Path
) -> None:
    found = await erase(bench, drives, "dod-short")
    assert [item.concluded.verdict for item in found if item.concluded] == [Verdict.ERASED, Verdict.ERASED]
    assert not any(survives(where) for where in drives)
    public = keys.load(StateFolder(tmp_path / "state").key).public
    numbers = [entry.number for entry in await bench.records()]
    assert len(set(numbers)) == 2
    for number in numbers:
        document = await bench.certificate(number)
        assert verify(document, [public]).overall is Overall.INTACT
        assert (tmp_path / "state" / "certificates" / f"{number}.json").read_bytes() == document
        assert json.loads(document)["record"]["simulated"] is True


async def test_a_correction_is_told_and_its_documents_follow(
    bench: LocalBench, drives: tuple[Path, ...], tmp_path: Path
) -> None:
    await erase(bench, drives[:1])
    (first,) = await bench.records()
    stream = bench.updates()
    entry = await bench.correct(first.number, Change(reason="Mauvais lot.", lot="BR-2", corrector="OP-2"))
    told = await anext(stream)
    assert isinstance(told, Logged)
    assert isinstance(told.event, Corrected)
    assert (told.event.number, told.event.supersedes) == (entry.number, first.number)
    assert [item.number for item in await bench.records()] == [first.number, entry.number]
    with pytest.raises(BenchError) as refused:
        await bench.correct(first.number, Change(reason="Encore.", lot="BR-3"))
    assert refused.value.messages[0].id == "correction-not-latest"
    assert (tmp_path / "state" / "certificates" / f"{entry.number}.json").exists()


async def test_planning_touches_nothing(bench: LocalBench, drives: tuple[Path, ...]) -> None:
    plans = await bench.plan(request(drives, "gutmann"))
    assert [len(item.passes) for item in plans.plans] == [35, 35]
    with SimConnection.connect(drives[0]) as connection:
        assert controls.counters(connection).requests == 0
    assert await bench.jobs() == ()


async def test_one_refused_drive_keeps_the_whole_set_from_starting(bench: LocalBench, drives: tuple[Path, ...]) -> None:
    await bench.protect("essai 0001", "keeps the accounts")
    plans = await bench.plan(request(drives))
    assert [refusal.facts.address for refusal in plans.refusals] == [f"sim:{drives[1]}"]
    with pytest.raises(BenchError) as refused:
        await bench.start(plans, CONSENT)
    assert refused.value.messages[0].id == "guard-protected"
    assert all(survives(where) for where in drives)
    await bench.unprotect("ESSAI-0001")
    assert not (await bench.plan(request(drives))).refusals


async def test_a_drive_that_is_not_the_planned_one_any_more_is_never_written_to(
    bench: LocalBench, drives: tuple[Path, ...]
) -> None:
    plans = await bench.plan(request(drives))
    arm(drives[1], OtherIdentity(at_info=1, model="Autre disque", serial="AUTRE", wwn=""))
    with pytest.raises(BenchError) as refused:
        await bench.start(plans, CONSENT)
    assert {"guard-changed-serial", "guard-changed-model"} <= {message.id for message in refused.value.messages}
    assert all(survives(where) for where in drives)
    assert await bench.jobs() == ()


async def test_a_drive_swapped_between_passes_is_left_alone(bench: LocalBench, drives: tuple[Path, ...]) -> None:
    # Asked for its identity: survey, claim (twice), pass 1; the answer before pass 2 is another drive’s.
    plans = await bench.plan(request(drives[:1], "dod-short"))
    arm(drives[0], OtherIdentity(at_info=4, model="Autre disque", serial="AUTRE", wwn=""))
    stream = bench.updates()
    jobs = await bench.start(plans, CONSENT)
    await until_ended(stream, jobs)
    evidence = (await bench.jobs())[0]
    assert evidence.concluded is not None
    assert evidence.concluded.verdict == Verdict.UNPROVEN
    assert evidence.concluded.reasons[0].id == "reason-identity-changed"
    assert [item.starts for item in evidence.passes] == [1, 0, 0]


async def test_one_sick_drive_does_not_hold_up_the_other(bench: LocalBench, drives: tuple[Path, ...]) -> None:
    arm(drives[0], BadSectors(first=5000, count=3))
    sick, healthy = await erase(bench, drives)
    assert sick.concluded is not None
    assert healthy.concluded is not None
    assert (sick.concluded.verdict, healthy.concluded.verdict) == (Verdict.FAILED, Verdict.ERASED)
    reason = sick.concluded.reasons[0]
    assert reason.id == "reason-unwritten"
    assert dict(reason.params) == {"count": 3, "ranges": 1, "first": 5000, "last": 5002}
    document = json.loads(await bench.certificate(sick.concluded.number))
    assert document["record"]["kind"] == "failure-report"


async def test_errors_of_an_earlier_pass_cured_later_are_a_remark(bench: LocalBench, drives: tuple[Path, ...]) -> None:
    stream = bench.updates()
    arm(drives[0], BadSectors(first=300, count=2))
    jobs = await start(bench, drives[:1], "dod-short")
    async for update in stream:
        if isinstance(update, Logged) and isinstance(update.event, PassWritten):
            cure(drives[0])
            break
    await until_ended(stream, jobs)
    (evidence,) = await bench.jobs()
    assert evidence.concluded is not None
    assert evidence.concluded.verdict == Verdict.ERASED_WITH_REMARKS
    assert [reason.id for reason in evidence.concluded.reasons] == ["remark-earlier-errors"]
    assert evidence.concluded.reasons[0].params["first"] == 300
    assert not survives(drives[0])


async def test_a_pending_sector_is_cured_while_reading_back(bench: LocalBench, drives: tuple[Path, ...]) -> None:
    arm(drives[0], BadSectors(first=700, count=1, on_write=OnWrite.CURE, read_errno=errno.ENODATA))
    stream = bench.updates()
    jobs = await start(bench, drives[:1], "zero")
    async for update in stream:
        if isinstance(update, Logged) and isinstance(update.event, PassWritten):
            arm(drives[0], BadSectors(first=900, count=2, on_write=OnWrite.CURE, read_errno=errno.ENODATA))
            break
    await until_ended(stream, jobs)
    (evidence,) = await bench.jobs()
    assert evidence.concluded is not None
    assert evidence.concluded.verdict == Verdict.ERASED_WITH_REMARKS
    assert [reason.id for reason in evidence.concluded.reasons] == ["remark-cured"]
    assert evidence.concluded.reasons[0].params["first"] == 900


async def test_fake_capacity_is_named(bench: LocalBench, drives: tuple[Path, ...]) -> None:
    arm(drives[0], FakeCapacity(real_size=3 * MIB))
    (evidence,) = await erase(bench, drives[:1])
    assert evidence.concluded is not None
    assert evidence.concluded.verdict == Verdict.FAILED
    reason = next(reason for reason in evidence.concluded.reasons if reason.id == "reason-fake-capacity")
    assert dict(reason.params) == {"size": 3 * MIB, "claimed": 4 * MIB}


async def test_a_drive_that_never_answers_is_given_up(bench: LocalBench, drives: tuple[Path, ...]) -> None:
    arm(drives[0], Hang(at=3))
    hanging, healthy = await erase(bench, drives)
    assert hanging.concluded is not None
    assert healthy.concluded is not None
    assert (hanging.concluded.verdict, healthy.concluded.verdict) == (Verdict.FAILED, Verdict.ERASED)
    assert hanging.concluded.reasons[0].id == "reason-no-answer"


async def test_a_lost_worker_is_replaced(bench: LocalBench, drives: tuple[Path, ...]) -> None:
    arm(drives[0], Kill(at=4, target=Target.SENDER))
    (evidence,) = await erase(bench, drives[:1])
    assert evidence.concluded is not None
    assert evidence.concluded.verdict == Verdict.ERASED_WITH_REMARKS
    assert [gap.cause for gap in evidence.interruptions] == [Cause.WORKER_LOST]
    assert not survives(drives[0])


async def test_without_verification_nothing_is_proven(bench: LocalBench, drives: tuple[Path, ...]) -> None:
    (evidence,) = await erase(bench, drives[:1], "zero", "none")
    assert evidence.concluded is not None
    assert evidence.concluded.verdict == Verdict.UNPROVEN
    assert [reason.id for reason in evidence.concluded.reasons] == ["reason-not-verified"]


async def test_sampling_is_a_remark(bench: LocalBench, drives: tuple[Path, ...]) -> None:
    (evidence,) = await erase(bench, drives[:1], "random", "sample:10%")
    assert evidence.concluded is not None
    assert evidence.concluded.verdict == Verdict.ERASED_WITH_REMARKS
    check = evidence.passes[0].verification
    assert check is not None
    assert len(check.seed) == 64
    assert check.compared >= evidence.size // 10


async def slow_start(bench: LocalBench, where: Path) -> tuple[str, AsyncIterator[object]]:
    """Start a job on a drive that takes its time, and wait until it writes."""
    arm(where, Slowness(ms=150))
    stream = bench.updates()
    (job,) = await start(bench, [where], "dod-short")
    async for update in stream:
        if isinstance(update, JobProgress):
            return job, stream
    raise AssertionError("the job ended before it showed progress")


def cure(where: Path) -> None:
    with SimConnection.connect(where) as connection:
        controls.disarm(connection)


async def test_a_paused_job_goes_on(bench: LocalBench, drives: tuple[Path, ...]) -> None:
    job, stream = await slow_start(bench, drives[0])
    await bench.pause(job)
    (paused,) = await bench.jobs(open_only=True)
    assert paused.interruptions[-1].cause is Cause.PAUSED
    written = sum(item.synced for item in paused.passes)
    assert written > 0
    cure(drives[0])
    resumption = await bench.resume([job])
    assert resumption.resumed == (job,)
    async with aclosing(stream):  # type: ignore[type-var]
        while not isinstance(update := await anext(stream), Logged) or not isinstance(update.event, Concluded):
            pass
    assert update.event.verdict == Verdict.ERASED, "a pause is no interruption"
    assert not survives(drives[0])


async def test_a_cancelled_job_is_aborted_on_record(bench: LocalBench, drives: tuple[Path, ...]) -> None:
    job, _ = await slow_start(bench, drives[0])
    await bench.cancel(job, "OP-2")
    (evidence,) = await bench.jobs()
    assert evidence.concluded is not None
    assert evidence.concluded.verdict == Verdict.ABORTED
    assert evidence.concluded.reasons[0].params["operator"] == "OP-2"


async def test_halting_at_once_waits_for_nothing(bench: LocalBench, drives: tuple[Path, ...]) -> None:
    arm(drives[0], Hang(at=2))
    (job,) = await start(bench, drives[:1])
    await asyncio.sleep(0.3)
    began = asyncio.get_running_loop().time()
    await bench.halt(at_once=True)
    assert asyncio.get_running_loop().time() - began < 2.5, "less than the limit for a silent drive"
    (evidence,) = await bench.jobs(open_only=True)
    assert evidence.job == job
    assert evidence.interruptions[-1].cause is Cause.OPERATOR_AT_ONCE
    assert judge(evidence).verdict is Verdict.UNPROVEN


async def test_a_new_erasure_replaces_an_unfinished_one_on_record(bench: LocalBench, drives: tuple[Path, ...]) -> None:
    job, _ = await slow_start(bench, drives[0])
    refused = await bench.plan(request(drives[:1]))
    assert [reason.id for reason in refused.refusals[0].reasons if reason.id == "drive-being-erased"]
    await bench.pause(job)
    cure(drives[0])
    (new,) = await erase(bench, drives[:1])
    old = next(item for item in await bench.jobs() if item.job == job)
    assert old.concluded is not None
    assert new.concluded is not None
    assert (old.concluded.verdict, new.concluded.verdict) == (Verdict.ABORTED, Verdict.ERASED)


async def test_an_unfinished_job_whose_drive_is_away_stays_and_says_so(
    bench: LocalBench, drives: tuple[Path, ...]
) -> None:
    job, _ = await slow_start(bench, drives[0])
    await bench.halt()
    launch.stop(drives[0])
    resumption = await bench.resume()
    assert resumption.resumed == ()
    assert [name for name, _ in resumption.refused] == [job]
    assert len(await bench.jobs(open_only=True)) == 1


async def test_updates_can_be_followed_from_any_event_on(bench: LocalBench, drives: tuple[Path, ...]) -> None:
    await erase(bench, drives[:1])
    stream = bench.updates(after=0)
    first = await anext(stream)
    assert isinstance(first, Logged)
    assert isinstance(first.event, JobPlanned)
    ids = [first.id]
    while not (isinstance(update := await anext(stream), Logged) and isinstance(update.event, Concluded)):
        assert isinstance(update, Logged)
        ids.append(update.id)
    assert ids == sorted(set(ids))
    again = bench.updates(after=ids[-1])
    update = await anext(again)
    assert isinstance(update, Logged)
    assert isinstance(update.event, Concluded)


@pytest.mark.usefixtures("bench")
async def test_a_second_bench_names_the_holder(tmp_path: Path) -> None:
    with pytest.raises(BenchError) as refused:
        open_local(tmp_path / "state")
    assert refused.value.messages[0].id == "state-locked"
    assert int(str(refused.value.messages[0].params["holder"])) > 1


async def test_unknown_names_are_refused(bench: LocalBench) -> None:
    for call in (bench.pause("nowhere"), bench.resume(["nowhere"]), bench.certificate("TR-0"), bench.unprotect("x")):
        with pytest.raises(BenchError):
            await call


async def test_drives_are_surveyed_without_planning(bench: LocalBench, drives: tuple[Path, ...]) -> None:
    good, bad = await bench.drives([addresses(drives)[0], "sim:/nowhere"])
    assert good.reasons == ()
    assert good.facts.identity.serial == "ESSAI-0000"
    assert bad.reasons


async def test_a_defect_of_the_program_is_told_and_leaves_the_job_to_be_resumed(
    bench: LocalBench, drives: tuple[Path, ...], mocker: MockerFixture, caplog: pytest.LogCaptureFixture
) -> None:
    mocker.patch("bench.tasks.write_task", side_effect=ZeroDivisionError("a defect"))
    stream = bench.updates()
    jobs = await start(bench, drives[:1])
    (end,) = await until_ended(stream, jobs)
    assert end.problem is not None
    assert end.problem.id == "job-broke-off"
    assert "ZeroDivisionError" in caplog.text
    (evidence,) = await bench.jobs(open_only=True)
    assert survives(drives[0])
    mocker.stopall()
    stream = bench.updates()
    resumption = await bench.resume()
    await until_ended(stream, resumption.resumed)
    (evidence,) = await bench.jobs()
    assert evidence.concluded is not None
    assert Verdict(evidence.concluded.verdict).proves_erasure


async def test_a_drive_pulled_out_in_a_pass_is_no_failure_of_the_drive(
    bench: LocalBench, drives: tuple[Path, ...]
) -> None:
    arm(drives[0], Slowness(bytes_per_second=3 * MIB))
    stream = bench.updates()
    jobs = await start(bench, drives[:1])
    async for update in stream:
        if isinstance(update, JobProgress) and update.offset:
            break
    launch.power_cut(drives[0])
    (ended,) = await until_ended(stream, jobs)
    (away,) = await bench.jobs()
    assert ended.problem is not None, "why is told with the job: the log has only that the drive is away"
    assert (away.is_open, away.given_up, away.stopped) == (True, None, None)
    assert away.interruptions[-1].cause is Cause.DRIVE_GONE
    assert away.faults == (), "what failed because the drive was gone says nothing against it"
    assert (await bench.resume()).refused, "it is still away"
    launch.start(drives[0])
    again = bench.updates()
    assert (await bench.resume()).resumed == tuple(jobs)
    await until_ended(again, jobs)
    (evidence,) = await bench.jobs()
    assert evidence.concluded is not None
    assert evidence.concluded.verdict == Verdict.ERASED_WITH_REMARKS
    assert "remark-interrupted-drive-gone" in {reason.id for reason in evidence.concluded.reasons}
    assert not survives(drives[0])


async def test_without_level_and_policy_the_drives_are_asked_nothing(
    bench: LocalBench, drives: tuple[Path, ...]
) -> None:
    (plan,) = (await bench.plan(request(drives[:1]))).plans
    assert plan.stage_plan is None
    (report,) = await bench.drives([f"sim:{drives[0]}"])
    assert (report.capabilities, report.unasked) == (None, None)
    (asked,) = await bench.drives([f"sim:{drives[0]}"], ask=True)
    assert asked.capabilities is not None


async def test_an_open_question_keeps_a_set_from_starting(bench: LocalBench, drives: tuple[Path, ...]) -> None:
    wanted = replace(request(drives), level=Level.PURGE)
    plans = await bench.plan(wanted)
    assert [asked.address for asked in plans.questions] == [f"sim:{where}" for where in drives]
    with pytest.raises(BenchError) as refused:
        await bench.start(plans, CONSENT)
    assert refused.value.messages[0].id == "stage-consent-question"
    assert refused.value.messages[-1].id == "plan-consent-missing"
    assert all(survives(where) for where in drives)
    assert await bench.jobs() == ()
