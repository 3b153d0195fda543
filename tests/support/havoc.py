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
from drivers.sim.faults import FlushLie, Kill, Moment, Sickness, Target
from support import station
from support.benches import addresses, planted_drives, survives

MIB = 1 << 20
SIZE = 4 * MIB
SOON = 9
"""A kill comes within so many requests. An undisturbed job makes 28 of such a drive: it is killed a few times."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """How a night went: the disturbances that really happened, and the jobs as they ended."""

    station_kills: int
    power_cuts: int
    jobs: tuple[Evidence, ...]
    survivors: int
    findings: int

    @property
    def worker_kills(self) -> int:
        gaps = [gap for job in self.jobs for gap in job.interruptions]
        return sum(gap.cause is Cause.WORKER_LOST for gap in gaps)


def night(
    folder: Path, seed: int, *, drives: int, power: bool, lying: bool = False, method: str = "dod-short"
) -> Night:
    """Erase drives while they kill their stations and workers; with `power`, their power goes with the station's.

    `lying` drives answer flushes without doing them. After all is done the power is cut once more: what was not
    on the medium is then gone, and what it had replaced is back.
    """
    rng = random.Random(seed)
    kills = cuts = 0
    sicknesses: tuple[Sickness, ...] = (FlushLie(at=1),) if lying else ()
    with planted_drives(folder, drives, size=SIZE, cache_size=MIB, sicknesses=sicknesses) as made:
        while True:
            _arm(rng, made, Target.CLIENT)
            if not power:
                _arm(rng, made, Target.SENDER)
                _arm(rng, made, Target.SENDER)
            if not _run_station(folder / "state", method, made):
                break
            kills += 1
            if power:
                cuts += len(made)
                for where in made:
                    launch.power_cut(where)
                    launch.start(where)
            _disarm(made)
        for where in made:
            launch.power_cut(where)
        return _reckon(folder / "state", kills, cuts, sum(survives(where) for where in made))


def assert_honest(result: Night, drives: int) -> None:
    """Whatever happened: a verdict for each drive, borne by its evidence, and nothing planted is left."""
    assert result.survivors == 0, "planted data survived"
    assert result.findings == 0, "the ledger does not add up"
    assert len(result.jobs) == drives
    for job in result.jobs:
        assert job.anomalies == ()
        assert job.concluded is not None
        wanted = Verdict.ERASED_WITH_REMARKS if job.interruptions else Verdict.ERASED
        assert job.concluded.verdict == wanted
        assert sum(item.restarts for item in job.passes) == 0, "an honest drive keeps what it has synced"


def _arm(rng: random.Random, drives: tuple[Path, ...], target: Target) -> None:
    kill = Kill(at=rng.randint(1, SOON), target=target, moment=rng.choice(list(Moment)))
    with SimConnection.connect(rng.choice(drives)) as connection:
        controls.arm(connection, kill)


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


def _reckon(state: Path, kills: int, cuts: int, survivors: int) -> Night:
    folder = StateFolder(state)
    jobs = read(folder, lambda db: tuple(fold(log.of_job(db, job)) for job in log.jobs(db)))
    records = read(folder, book.entries)
    assert len(records) == sum(job.concluded is not None for job in jobs)
    for record in records:
        assert {path.suffix for path in folder.certificates.glob(f"{record.number}*")} == {".json", ".pdf"}
    report = read(folder, lambda db: audit(db, keys.load(folder.key).public))
    return Night(station_kills=kills, power_cuts=cuts, jobs=jobs, survivors=survivors, findings=len(report.findings))
