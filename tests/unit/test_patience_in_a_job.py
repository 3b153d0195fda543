"""Jobs that lose patience with real virtual drives, and jobs that must not."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.attend import SilentDriveError, answer
from bench.drive import DriveFacts
from bench.evidence import Evidence
from bench.messages import Message, say
from bench.patience import Limits
from bench.ports import ClaimedDrive
from bench.settings import Settings
from bench.verdict import Verdict
from drivers.machine import MachineDrives
from drivers.sim import controls
from drivers.sim.client import SimConnection
from drivers.sim.faults import BadSectors, Sickness, Slowness
from support.benches import erase, open_local, planted_drives, start, until_ended
from support.wrapped import WrappedDrive

MIB = 1 << 20
NOTE = say("write-cache-unknown", node="/dev/sdz")


class StrangeDrive(WrappedDrive):
    """A virtual drive that has a note, and may hang when asked for its identity the `hangs_at`-th time."""

    def __init__(self, drive: ClaimedDrive, hangs_at: int, release: threading.Event) -> None:
        super().__init__(drive)
        self._left = hangs_at
        self._end = release

    @property
    def notes(self) -> tuple[Message, ...]:
        return (NOTE,)

    def facts(self) -> DriveFacts:
        self._left -= 1
        if self._left == 0:
            self._end.wait()
        return self._drive.facts()


class StrangeDrives(MachineDrives):
    """The first `strange` drives claimed hang when asked for their identity before the first pass."""

    def __init__(self, state: Path, end: threading.Event, strange: int) -> None:
        super().__init__(state)
        self._end = end
        self._strange = strange

    def claim(self, facts: DriveFacts) -> ClaimedDrive:
        self._strange -= 1
        return StrangeDrive(super().claim(facts), 2 if self._strange >= 0 else 0, self._end)


@pytest.fixture
def end() -> Iterator[threading.Event]:
    """Lets go of what hangs when the test is over."""
    event = threading.Event()
    yield event
    event.set()


def wait_for_requests(where: Path, count: int) -> None:
    with SimConnection.connect(where) as connection:
        while controls.counters(connection).requests < count:
            time.sleep(0.02)


def verdict_of(evidence: Evidence) -> tuple[str, str]:
    assert evidence.concluded is not None
    reasons = evidence.concluded.reasons
    return evidence.concluded.verdict, reasons[0].id if reasons else ""


async def one(folder: Path, settings: Settings, *sicknesses: Sickness, size: int = 4 * MIB) -> Evidence:
    """Erase one drive that is sick like this."""
    with planted_drives(folder, 1, size=size, sicknesses=sicknesses) as drives:
        bench = open_local(folder / "state", settings=settings)
        (evidence,) = await erase(bench, drives)
        await bench.close()
        return evidence


async def test_a_drive_that_would_take_too_long_is_given_up(tmp_path: Path) -> None:
    limits = Limits(period=1.0, slowest=1, remaining=2.0, worthwhile=1 << 40)
    settings = Settings(checkpoint=30.0, rewind=0, window=MIB, stall=20.0, limits=limits)
    began = time.monotonic()
    evidence = await one(tmp_path, settings, Slowness(ms=250), size=32 * MIB)
    assert verdict_of(evidence) == (Verdict.FAILED, "reason-eta-too-long")
    assert time.monotonic() - began < 12, "all of it would take 16 s"


async def test_a_drive_that_answers_with_errors_is_not_one_that_hangs(tmp_path: Path) -> None:
    settings = Settings(checkpoint=30.0, rewind=0, window=MIB, stall=3.0)
    began = time.monotonic()
    evidence = await one(tmp_path, settings, Slowness(ms=180), BadSectors(first=100, count=1), size=MIB)
    assert verdict_of(evidence) == (Verdict.FAILED, "reason-unwritten")
    assert time.monotonic() - began > 6, "finding the sector took longer than the drive may stay silent"


async def test_a_stop_does_not_wait_until_everything_bad_is_found(tmp_path: Path) -> None:
    settings = Settings(checkpoint=30.0, rewind=0, window=MIB, stall=60.0)
    sick = (Slowness(ms=100), BadSectors(first=100, count=500))
    with planted_drives(tmp_path, 1, size=MIB, sicknesses=sick) as drives:
        bench = open_local(tmp_path / "state", settings=settings)
        stream = bench.updates()
        jobs = await start(bench, drives)
        await asyncio.to_thread(wait_for_requests, drives[0], 8)
        began = time.monotonic()
        await bench.halt()
        assert time.monotonic() - began < 3, "the whole search takes minutes"
        await until_ended(stream, jobs)
        (evidence,) = await bench.jobs()
        assert evidence.is_halted
        await bench.close()


async def test_drives_that_do_not_say_who_they_are_hold_up_nobody(tmp_path: Path, end: threading.Event) -> None:
    """More of them than any pool has threads."""
    many = 9
    settings = Settings(checkpoint=30.0, rewind=0, window=MIB, stall=4.0)
    with planted_drives(tmp_path, many + 1, size=MIB) as drives:
        bench = open_local(
            tmp_path / "state", settings=settings, drives=StrangeDrives(tmp_path / "state", end, strange=many)
        )
        found = await erase(bench, drives)
        await bench.close()
    assert [verdict_of(item) for item in found[:many]] == [(Verdict.FAILED, "reason-no-name")] * many
    assert verdict_of(found[many])[0] == Verdict.ERASED
    assert found[many].last_event < min(item.last_event for item in found[:many])


async def test_what_was_found_on_taking_hold_is_in_the_record_once(tmp_path: Path, end: threading.Event) -> None:
    settings = Settings(checkpoint=0.0, rewind=0, window=MIB, stall=20.0)
    with planted_drives(tmp_path, 1, sicknesses=(Slowness(ms=30),)) as drives:
        bench = open_local(
            tmp_path / "state", settings=settings, drives=StrangeDrives(tmp_path / "state", end, strange=0)
        )
        await start(bench, drives)
        await asyncio.to_thread(wait_for_requests, drives[0], 3)
        await bench.halt()
        stream = bench.updates()
        resumption = await bench.resume()
        await until_ended(stream, resumption.resumed)
        (evidence,) = await bench.jobs()
        assert evidence.anomalies == ()
        assert evidence.concluded is not None
        assert verdict_of(evidence)[0] == Verdict.ERASED_WITH_REMARKS
        document = json.loads(await bench.certificate(evidence.concluded.number))
        await bench.close()
    assert [note["code"] for note in document["record"]["drive"]["notes"]] == [NOTE.id]


async def test_an_answer_is_awaited_for_so_long_only(end: threading.Event) -> None:
    assert await answer(lambda: 17, 5.0) == 17
    with pytest.raises(SilentDriveError):
        await answer(end.wait, 0.05)

    def timed_out() -> int:
        raise TimeoutError("the drive's own")

    with pytest.raises(TimeoutError, match="own"):
        await answer(timed_out, 5.0)
