"""Nights that go wrong: stations and workers killed, power cut, at places drawn from a seed."""

from __future__ import annotations

import random
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from bench import keys
from bench.audit import audit
from bench.events import Cause
from bench.evidence import Evidence, fold
from bench.journal import book, log
from bench.journal.journal import read
from bench.state import StateFolder
from bench.verdict import Verdict
from drivers.sim import controls, launch
from drivers.sim.client import SimConnection
from drivers.sim.faults import BadSectors, FlushLie, Kill, Moment, Sickness, Target
from support import station
from support.benches import addresses, planted_drives, survives

MIB = 1 << 20
SIZE = 4 * MIB
WORKER_KILLS = 3
"""In one run of a station: as many as it replaces workers."""
SOON = 9
"""A kill comes within so many requests. An undisturbed job makes 28 of such a drive: it is killed a few times."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """How a night went: the disturbances that really happened, and the jobs as they ended.

    `survivors` counts drives with planted data on them, the `sick` one (a serial, or empty) left out.
    """

    station_kills: int
    power_cuts: int
    jobs: tuple[Evidence, ...]
    survivors: int
    findings: int
    sick: str

    @property
    def worker_kills(self) -> int:
        gaps = [gap for job in self.jobs for gap in job.interruptions]
        return sum(gap.cause is Cause.WORKER_LOST for gap in gaps)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weather:
    """What a night is like: `power` goes with each killed station, the last drive is `sick`, all are `lying`."""

    drives: int
    power: bool = False
    sick: bool = False
    lying: bool = False
    method: str = "dod-short"


def night(folder: Path, seed: int, weather: Weather) -> Night:
    """Erase drives while they kill their stations and workers, or lose their power with their station.

    A sick drive has sectors that nothing mends. Lying ones answer flushes without doing them. After all is done the
    power is cut once more: what was not on the medium is then gone, and what it had replaced is back.
    """
    rng = random.Random(seed)
    kills = cuts = 0
    sicknesses: tuple[Sickness, ...] = (FlushLie(at=1),) if weather.lying else ()
    with planted_drives(folder, weather.drives, size=SIZE, cache_size=MIB, sicknesses=sicknesses) as made:
        if weather.sick:
            _arm(made[-1], BadSectors(first=rng.randrange(SIZE // 512 - 8), count=rng.randint(1, 8)))
        while True:
            _arm(rng.choice(made), _kill(rng, Target.CLIENT))
            for _ in range(0 if weather.power else WORKER_KILLS):
                _arm(rng.choice(made), _kill(rng, Target.SENDER))
            if not _run_station(folder / "state", weather.method, made):
                break
            kills += 1
            if weather.power:
                cuts += len(made)
                for where in made:
                    launch.power_cut(where)
                    launch.start(where)
            _disarm(made)
        for where in made:
            launch.power_cut(where)
        healthy = made[:-1] if weather.sick else made
        sick = f"ESSAI-{weather.drives - 1:04}" if weather.sick else ""
        return _reckon(folder / "state", kills, cuts, sum(survives(where) for where in healthy), sick)


def assert_honest(result: Night, weather: Weather) -> None:
    """Whatever happened: a verdict for each drive, borne by its evidence, and nothing planted is left."""
    assert result.survivors == 0, "planted data survived"
    assert result.findings == 0, "the ledger does not add up"
    assert len(result.jobs) == weather.drives
    for job in result.jobs:
        assert job.anomalies == ()
        assert job.concluded is not None
        wanted = Verdict.ERASED_WITH_REMARKS if job.interruptions else Verdict.ERASED
        if job.plan.facts.identity.serial == result.sick:
            wanted = Verdict.FAILED
            assert "reason-unwritten" in {reason.id for reason in job.concluded.reasons}
        assert job.concluded.verdict == wanted
        if wanted is not Verdict.FAILED:
            assert sum(item.restarts for item in job.passes) == 0, "an honest drive keeps what it has synced"


def _kill(rng: random.Random, target: Target) -> Kill:
    return Kill(at=rng.randint(1, SOON), target=target, moment=rng.choice(list(Moment)))


def _arm(where: Path, sickness: Sickness) -> None:
    with SimConnection.connect(where) as connection:
        controls.arm(connection, sickness)


def _disarm(drives: tuple[Path, ...]) -> None:
    for where in drives:
        with SimConnection.connect(where) as connection:
            controls.disarm(connection, "kill")


def _run_station(state: Path, method: str, drives: tuple[Path, ...]) -> bool:
    """Run a station until it ends by itself or is killed; whether it was killed."""
    command = [sys.executable, "-W", "error", str(station.__file__), str(state), method, *addresses(drives)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode in {0, -9}, f"{done.returncode}: {done.stdout}{done.stderr}"
    return done.returncode == -9


def _reckon(state: Path, kills: int, cuts: int, survivors: int, sick: str) -> Night:
    folder = StateFolder(state)
    jobs = read(folder, lambda db: tuple(fold(log.of_job(db, job)) for job in log.jobs(db)))
    records = read(folder, book.entries)
    assert len(records) == sum(job.concluded is not None for job in jobs)
    for record in records:
        assert {path.suffix for path in folder.certificates.glob(f"{record.number}*")} == {".json", ".pdf"}
    report = read(folder, lambda db: audit(db, [keys.load(folder.key).public]))
    return Night(
        station_kills=kills,
        power_cuts=cuts,
        jobs=jobs,
        survivors=survivors,
        findings=len(report.findings),
        sick=sick,
    )
