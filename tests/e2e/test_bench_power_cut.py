"""A bench that loses its power while drives erase themselves: bench and workers are gone at once, and say nothing."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bench import stage_events as se
from bench.events import Logged
from bench.evidence import Evidence
from bench.facade import Update
from bench.local import LocalBench
from bench.stages import StageKind
from bench.techniques import Technique
from drivers.command_protocol import folders_of
from drivers.sim import controls, launch
from drivers.sim.client import SimConnection
from drivers.sim.commands.spec import Personality
from support.benches import open_local, survives, until_ended
from support.commanding import erasures, kill_worker, record
from support.firmware import firmware_drives, made, only, order, reasons, start, verdict

P, T = Personality, Technique
TEN_MINUTES = 600_000
ONCE = [
    (P.ATA_DISK, T.ATA_SECURE_ERASE),
    (P.ATA_SSD, T.ATA_SECURE_ERASE_ENHANCED),
    (P.NVME, T.NVME_FORMAT_USER_DATA),
]
"""Blocking commands, whose end only who gave them can know."""
BY_THEMSELVES = [
    (P.ATA_DISK, T.ATA_SANITIZE_OVERWRITE),
    (P.NVME, T.NVME_SANITIZE_BLOCK),
    (P.SAS_DISK, T.SCSI_SANITIZE_OVERWRITE),
]


@asynccontextmanager
async def opened(state: Path) -> AsyncIterator[LocalBench]:
    bench = open_local(state)
    await bench.recover()
    try:
        yield bench
    finally:
        await bench.close()


async def cut(tmp_path: Path, drive: Path, technique: Technique) -> Path:
    """Erase until the drive is at work, then cut the bench's power; what its disk holds."""
    left = tmp_path / "left"
    async with opened(tmp_path / "state") as bench:
        stream = bench.updates()
        await start(bench, order([drive], policy=only(technique, power_cycle=False)))
        await until_accepted(stream)
        shutil.copytree(tmp_path / "state", left)
        for folder in folders_of(tmp_path / "state" / "commands", "*"):
            kill_worker(folder)
        await bench.halt(at_once=True)
    return left


async def until_accepted(stream: AsyncIterator[Update]) -> None:
    async with asyncio.timeout(20):
        async for update in stream:
            if isinstance(update, Logged) and isinstance(update.event, se.CommandAccepted):
                return


async def resumed(state: Path, drive: Path) -> Evidence:
    """Another bench takes up the job; what it takes ten minutes for is over in a moment."""
    async with opened(state) as bench:
        stream, looking = bench.updates(), bench.updates()
        resumption = await bench.resume()
        assert not resumption.refused, resumption.refused
        hurrying = asyncio.create_task(hurry(looking, drive))
        async with asyncio.timeout(30):
            await until_ended(stream, resumption.resumed)
        hurrying.cancel()
        (evidence,) = await bench.jobs()
    return evidence


async def hurry(stream: AsyncIterator[Update], drive: Path) -> None:
    """From when the bench has seen what the drive is at: over before that, it would be an end that nobody saw."""
    async for update in stream:
        if isinstance(update, Logged) and isinstance(update.event, se.ErasureAdopted | se.StageStarted):
            break
    while True:
        skip(drive)
        await asyncio.sleep(0.2)


def skip(drive: Path) -> None:
    with SimConnection.connect(drive) as connection:
        controls.skip(connection, TEN_MINUTES / 1000)


def of_erasure(evidence: Evidence) -> tuple[int, int]:
    """How often the command was given, and how often it was found at work."""
    (item,) = [item for item in evidence.stages.items if item.kind is StageKind.ERASE]
    return item.starts, item.adoptions


@pytest.mark.parametrize("power", ["drive keeps its power", "drive loses its power"])
@pytest.mark.parametrize(("kind", "technique"), ONCE)
async def test_a_command_whose_end_nobody_saw_is_given_again(
    tmp_path: Path, kind: Personality, technique: Technique, power: str
) -> None:
    with firmware_drives(tmp_path, made(kind, erase_ms=TEN_MINUTES)) as (drive,):
        record(drive)
        state = await cut(tmp_path, drive, technique)
        assert len(erasures(drive)) == 1
        if power == "drive loses its power":
            launch.power_cut(drive)
            launch.start(drive)
            record(drive)
        else:
            skip(drive)  # it goes on by itself, and answers nobody before its end
        evidence = await resumed(state, drive)
        # What the drive itself does not tell is proven by canaries, which the first attempt may have destroyed.
        assert (verdict(evidence), reasons(evidence)) == ("unproven", ["reason-stage-given-twice"])
        assert of_erasure(evidence) == (2, 0)
        assert len(erasures(drive)) == (1 if power == "drive loses its power" else 2)
        launch.stop(drive)
        assert not survives(drive)


@pytest.mark.parametrize("power", ["drive keeps its power", "drive loses its power"])
@pytest.mark.parametrize(("kind", "technique"), BY_THEMSELVES)
async def test_a_sanitize_is_adopted_and_never_given_again(
    tmp_path: Path, kind: Personality, technique: Technique, power: str
) -> None:
    with firmware_drives(tmp_path, made(kind, erase_ms=TEN_MINUTES)) as (drive,):
        record(drive)
        state = await cut(tmp_path, drive, technique)
        assert len(erasures(drive)) == 1
        if power == "drive loses its power":
            launch.power_cut(drive)
            launch.start(drive)
            record(drive)
        evidence = await resumed(state, drive)
        assert verdict(evidence) == "erased-with-remarks", reasons(evidence)
        assert of_erasure(evidence) == (1, 1)
        assert len(erasures(drive)) == (0 if power == "drive loses its power" else 1)
        launch.stop(drive)
        assert not survives(drive)
