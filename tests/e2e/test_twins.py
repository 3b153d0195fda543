"""Drives of which there are two with one name: an erasure that was interrupted does not go on with the other one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pytest_mock import MockerFixture

from bench import stage_canaries
from bench.events import Cause, Logged
from bench.evidence import Evidence
from bench.job_desk import JobDesk
from bench.local import LocalBench
from bench.ports import Commander
from bench.progress import JobProgress
from bench.settings import Settings
from bench.stage_events import CanariesPlanted, CommandAccepted
from bench.stage_evidence import StageEvidence
from bench.verdict import Verdict
from drivers.sim import controls, launch
from drivers.sim.client import SimConnection
from drivers.sim.commands.spec import CommandSpec, Personality
from drivers.sim.faults import Slowness
from drivers.sim.folder import MEDIUM, DriveSpec
from support import firmware
from support.benches import MIB, open_local, plant, start, until_ended

SIZE = 8 * MIB
WWN = "5000c500a1b2c3d4"
NONE = CommandSpec()
"""It takes no commands."""
SETTINGS = Settings(checkpoint=0.0, rewind=0, window=MIB, stall=20.0)


@contextmanager
def planted(where: Path, *, wwn: str, seed: int, commands: CommandSpec = NONE) -> Iterator[Path]:
    """A slow drive full of data, switched on; one is like another but for what only itself knows."""
    spec = DriveSpec(size=SIZE, model="Twin", serial="00000000000485", wwn=wwn, seed=seed, commands=commands)
    launch.create(where, spec)
    plant(where, SIZE)
    launch.start(where)
    with SimConnection.connect(where) as connection:
        controls.arm(connection, Slowness(bytes_per_second=3 * MIB))
    try:
        yield where
    finally:
        if launch.is_running(where):
            launch.power_cut(where)


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[LocalBench]:
    opened = open_local(tmp_path / "state", settings=SETTINGS)
    await opened.recover()
    yield opened
    await opened.close()


async def interrupted(bench: LocalBench, drive: Path, method: str, *, after: int) -> None:
    """A job that was paused after so many bytes of its pass; its drive is then switched off, and slow no more."""
    stream = bench.updates()
    (job,) = await start(bench, [drive], method)
    async for update in stream:
        if isinstance(update, JobProgress) and update.offset >= after:
            break
    await bench.pause(job)
    with SimConnection.connect(drive) as connection:
        controls.disarm(connection)
    launch.stop(drive)


async def resumed(bench: LocalBench) -> Evidence:
    """The job, gone on with as far as it goes."""
    stream = bench.updates()
    resumption = await bench.resume()
    assert not resumption.refused
    await until_ended(stream, resumption.resumed)
    (evidence,) = await bench.jobs()
    return evidence


def reasons(evidence: Evidence) -> tuple[str, list[str]]:
    assert evidence.concluded is not None
    return evidence.concluded.verdict, [reason.id for reason in evidence.concluded.reasons]


@contextmanager
def nothing_is_written_to(drive: Path) -> Iterator[None]:
    """This drive is switched on meanwhile, and holds the same at the end."""
    before = (drive / MEDIUM).read_bytes()
    launch.start(drive)
    yield
    launch.stop(drive)
    assert (drive / MEDIUM).read_bytes() == before


@pytest.mark.parametrize("after", [0, 2 * MIB], ids=["before the first checkpoint", "in the middle"])
async def test_a_twin_is_not_written_to(bench: LocalBench, tmp_path: Path, after: int) -> None:
    with planted(tmp_path / "first", wwn="", seed=1) as first, planted(tmp_path / "second", wwn="", seed=2) as twin:
        launch.stop(twin)
        await interrupted(bench, first, "random", after=after)
        with nothing_is_written_to(twin):
            evidence = await resumed(bench)
    verdict, why = reasons(evidence)
    assert verdict == Verdict.UNPROVEN
    assert "reason-may-be-another" in why


async def test_zeros_show_nothing_as_any_drive_may_hold_them(bench: LocalBench, tmp_path: Path) -> None:
    with planted(tmp_path / "first", wwn="", seed=1) as first, planted(tmp_path / "second", wwn="", seed=2) as twin:
        launch.stop(twin)
        with (twin / MEDIUM).open("r+b") as medium:
            medium.write(bytes(SIZE // 2))
        await interrupted(bench, first, "zero", after=2 * MIB)
        with nothing_is_written_to(twin):
            verdict, why = reasons(await resumed(bench))
    assert (verdict, "reason-may-be-another" in why) == (Verdict.UNPROVEN, True)


async def test_the_drive_itself_goes_on_without_a_wwn_too(bench: LocalBench, tmp_path: Path) -> None:
    with planted(tmp_path / "first", wwn="", seed=1) as first:
        await interrupted(bench, first, "random", after=2 * MIB)
        launch.start(first)
        evidence = await resumed(bench)
    assert reasons(evidence) == (Verdict.ERASED, [])
    assert [gap.cause for gap in evidence.interruptions] == [Cause.PAUSED]
    assert [item.restarts for item in evidence.passes] == [0] * len(evidence.passes)


async def test_a_name_of_its_own_is_believed_whatever_became_of_the_bytes(bench: LocalBench, tmp_path: Path) -> None:
    with planted(tmp_path / "first", wwn=WWN, seed=1) as first:
        await interrupted(bench, first, "random", after=2 * MIB)
        plant(first, SIZE)
        launch.start(first)
        evidence = await resumed(bench)
    verdict, why = reasons(evidence)
    assert verdict == Verdict.ERASED_WITH_REMARKS
    assert "remark-pass-restarted" in why


SANITIZE = CommandSpec(personality=Personality.ATA_DISK, erase_ms=1500)


@contextmanager
def two_that_sanitize(folder: Path) -> Iterator[tuple[Path, Path]]:
    """Twins that can erase themselves; the second one is switched off."""
    with (
        planted(folder / "first", wwn="", seed=1, commands=SANITIZE) as first,
        planted(folder / "second", wwn="", seed=2, commands=SANITIZE) as twin,
    ):
        launch.stop(twin)
        yield first, twin


@pytest.mark.parametrize("other", [True, False], ids=["the twin", "the drive itself"])
async def test_a_command_is_not_given_again_to_a_twin(bench: LocalBench, tmp_path: Path, *, other: bool) -> None:
    with two_that_sanitize(tmp_path) as (first, twin):
        stream = bench.updates()
        await firmware.start(bench, firmware.order([first]))
        async for update in stream:
            if isinstance(update, Logged) and isinstance(update.event, CommandAccepted):
                break
        await bench.halt()
        launch.power_cut(first)
        if other:
            with nothing_is_written_to(twin):
                verdict, why = reasons(await resumed(bench))
            assert (verdict, "reason-may-be-another" in why) == (Verdict.UNPROVEN, True)
        else:
            launch.start(first)
            verdict, why = reasons(await resumed(bench))
            assert Verdict(verdict).proves_erasure, why


@pytest.mark.parametrize("other", [True, False], ids=["the twin", "the drive itself"])
async def test_canaries_tell_twins_apart(
    bench: LocalBench, tmp_path: Path, mocker: MockerFixture, *, other: bool
) -> None:
    plant_canaries = stage_canaries.plant

    async def planted_then_paused(desk: JobDesk, commander: Commander, item: StageEvidence) -> CanariesPlanted:
        found = await plant_canaries(desk, commander, item)
        desk.halt(Cause.PAUSED)
        return found

    mocker.patch("bench.stage_canaries.plant", planted_then_paused)
    with two_that_sanitize(tmp_path) as (first, twin):
        stream = bench.updates()
        jobs = await firmware.start(bench, firmware.order([first]))
        await until_ended(stream, jobs)
        launch.stop(first)
        if other:
            with nothing_is_written_to(twin):
                verdict, why = reasons(await resumed(bench))
            assert (verdict, "reason-may-be-another" in why) == (Verdict.UNPROVEN, True)
        else:
            launch.start(first)
            verdict, why = reasons(await resumed(bench))
            assert Verdict(verdict).proves_erasure, why
