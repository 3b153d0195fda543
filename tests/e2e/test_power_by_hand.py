"""The operator's hand on a drive's power: what is asked, and which drive is taken for the one that was away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bench.drive import DriveFacts
from bench.facade import Update
from bench.local import LocalBench
from bench.messages import Message, say
from bench.ports import DriveGoneError
from bench.progress import StageProgress
from bench.settings import Settings
from bench.stages import StageKind
from bench.verdict import Verdict
from drivers.power_hand import OperatorsHand
from drivers.sim import bays, launch
from drivers.sim.commands.spec import CommandSpec, Personality
from drivers.sim.folder import DriveSpec, Power
from drivers.sim.power import SimPresence
from support.benches import MIB, open_local, until_ended
from support.firmware import order, reasons, start, verdict
from ui.cli.progress import Board, request_line
from ui.formats import Language
from ui.texts import texts

REASON = say("stage-power-cycle-thaw")


def spec(serial: str, **firmware: object) -> DriveSpec:
    commands = CommandSpec(personality=Personality.ATA_DISK, erase_ms=60, crypto_ms=30)
    return DriveSpec(
        size=4 * MIB,
        model="Disque d’essai",
        serial=serial,
        power=Power.BY_HAND,
        commands=replace(commands, **firmware),  # type: ignore[arg-type] # any field
    )


@pytest.fixture
def drive(tmp_path: Path) -> Iterator[Path]:
    """A drive that shows half of itself, and another one beside, switched off."""
    ours, other = tmp_path / "ours", tmp_path / "other"
    launch.create(ours, spec("OURS-1", hpa_size=2 * MIB))
    launch.create(other, spec("OTHER-9"))
    launch.start(ours)
    yield ours
    for where in tmp_path.iterdir():
        if where.is_dir() and launch.is_running(where):
            launch.power_cut(where)


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[LocalBench]:
    opened = open_local(tmp_path / "state", settings=Settings(checkpoint=0.0, rewind=0, window=MIB, stall=10.0))
    await opened.recover()
    yield opened
    await opened.close()


def swap(drive: Path, bay: str) -> None:
    """Put the drive into another bay, and the other drive into its own."""
    drive.rename(drive.parent / bay)
    (drive.parent / "other").rename(drive)


async def asked(stream: AsyncIterator[Update], wanted: str) -> Message:
    async with asyncio.timeout(30):
        async for update in stream:
            if isinstance(update, StageProgress) and update.request is not None and update.request.id == wanted:
                return update.request
    raise AssertionError(wanted)


async def test_a_job_asks_for_each_step_and_knows_its_drive_in_another_bay(bench: LocalBench, drive: Path) -> None:
    stream = bench.updates()
    jobs = await start(bench, order([drive]))
    await asked(stream, "power-request-off")
    launch.stop(drive)
    await asked(stream, "power-request-on")
    swap(drive, "another-bay")
    launch.start(drive)
    told = await asked(stream, "power-request-other")
    assert (told.params["serial"], told.params["other"]) == ("OURS-1", "OTHER-9")
    launch.start(drive.parent / "another-bay")
    await asked(stream, "power-request-off")  # once more, before the reading back
    launch.power_cycle(drive.parent / "another-bay")
    await until_ended(stream, jobs)
    (evidence,) = await bench.jobs()
    assert Verdict(verdict(evidence)).proves_erasure, reasons(evidence)
    cycles = [item.power for item in evidence.stages.items if item.kind is StageKind.POWER_CYCLE]
    assert [(seen.before, seen.after) for seen in cycles if seen is not None] == [(1, 2), (2, 3)]
    assert evidence.size == 4 * MIB


def hand(facts: DriveFacts, patience: float) -> OperatorsHand:
    return OperatorsHand(SimPresence(facts, bays.survey, bays.find), patience=patience, look=0.01)


async def test_another_drive_in_its_place_is_named_when_patience_ends(drive: Path) -> None:
    facts, told = bays.survey(f"sim:{drive}"), list[Message]()
    waiting = asyncio.create_task(hand(facts, 3).cycle(facts.identity, REASON, told.append))
    await asyncio.sleep(0.1)
    await asyncio.to_thread(launch.stop, drive)
    swap(drive, "shelf")
    await asyncio.to_thread(launch.start, drive)
    with pytest.raises(DriveGoneError, match="erase-power-other"):
        await waiting
    steps = list(dict.fromkeys(message.id for message in told))
    assert steps == ["power-request-off", "power-request-on", "power-request-other"]


async def test_what_is_asked_is_told_in_both_languages_with_the_time_that_is_left(drive: Path) -> None:
    facts, told = bays.survey(f"sim:{drive}"), list[Message]()
    with pytest.raises(DriveGoneError, match="erase-power-not-seen"):
        await hand(facts, 0.1).cycle(facts.identity, REASON, told.append)
    assert all(message.params == {"serial": "OURS-1", "minutes": 1} for message in told)
    assert len(told) > 1
    assert "COUPEZ" in texts(Language.FR).text(told[0])
    assert "CUT" in texts(Language.EN).text(told[0])


async def test_a_view_says_each_request_once_and_why(bench: LocalBench, drive: Path) -> None:
    plans = await bench.plan(order([drive]))
    (plan,) = plans.plans
    board = Board({"job": plan})
    number = next(index for index, stage in enumerate(plan.stages, 1) if stage.kind is StageKind.POWER_CYCLE)

    def progress(request: Message | None) -> StageProgress:
        return StageProgress(
            job="job", number=number, stages=len(plan.stages), kind=StageKind.POWER_CYCLE, technique=None, elapsed=1.0,
            request=request,
        )  # fmt: skip

    off = say("power-request-off", serial="OURS-1", minutes=30)
    later = say("power-request-off", serial="OURS-1", minutes=29)
    on = say("power-request-on", serial="OURS-1", minutes=29)
    found = []
    for update in (progress(None), progress(off), progress(later), progress(on), progress(off)):
        board.take(update)
        found.append(board.request(update))
    assert found == [None, off, None, on, off]
    line = request_line(texts(Language.FR), board.drives["job"], off)
    assert line.startswith(f"sim:{drive}")
    assert texts(Language.FR).text(plan.stages[number - 1].reason) in line
