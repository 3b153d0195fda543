"""A mixed evening: sixty drives with every sickness among healthy ones, sixteen docks, and what is said of each."""

from __future__ import annotations

import errno
import itertools
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bench import keys
from bench.audit import audit
from bench.events import Concluded, Interrupted, Logged
from bench.facade import JobEnded, Update
from bench.journal import book
from bench.journal.journal import read
from bench.local import LocalBench
from bench.patience import Limits
from bench.settings import Settings
from bench.state import StateFolder
from bench.verdict import Verdict
from drivers.sim import command_faults, launch
from drivers.sim.faults import (
    KINDS,
    BadSectors,
    Death,
    FakeCapacity,
    FlushLie,
    Hang,
    Kill,
    OnWrite,
    OtherIdentity,
    OtherSize,
    PowerCut,
    ShortTransfer,
    Sickness,
    Slowness,
    Target,
    Transfer,
    WornOut,
    WriteErrors,
)
from drivers.sim.folder import DriveSpec
from support.benches import CONSENT, open_local, plant, request, survives

MIB = 1 << 20
SIZE = 4 * MIB
DOCKS = 16
SETTINGS = Settings(
    checkpoint=0.0,
    rewind=0,
    window=MIB,
    stall=4.0,
    bad_ranges=20,
    bad_sectors=100,
    limits=Limits(period=2.0, slowest=2_500_000, faults=12),
)
ERASED, REMARKS, FAILED, UNPROVEN = (
    Verdict.ERASED.value,
    Verdict.ERASED_WITH_REMARKS.value,
    Verdict.FAILED.value,
    Verdict.UNPROVEN.value,
)
REFUSED = "refused"
INTERRUPTED = "interrupted"
NUMBERS = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Case:
    """A sickness, what is to be said of the drive, and by which first reason; how many such drives there are."""

    name: str
    sicknesses: tuple[Sickness, ...]
    verdict: str
    reason: str = ""
    count: int = 1


def bad(number: int, on_write: OnWrite = OnWrite.ERROR) -> BadSectors:
    return BadSectors(first=3001, count=3, read_errno=number, write_errno=number, on_write=on_write)


def scattered(count: int) -> tuple[Sickness, ...]:
    return tuple(BadSectors(first=100 + 20 * number, count=1) for number in range(count))


def kills(count: int) -> tuple[Sickness, ...]:
    return tuple(Kill(at=3 + 4 * number, target=Target.SENDER) for number in range(count))


OTHER = OtherIdentity(at_info=5, model="Autre disque", serial="AUTRE", wwn="")
CASES = (
    Case("healthy", (), ERASED, count=21),
    Case("bad sectors: EIO", (bad(errno.EIO),), FAILED, "reason-unwritten", 2),
    Case("bad sectors: ENODATA", (bad(errno.ENODATA),), FAILED, "reason-unwritten"),
    Case("bad sectors: EREMOTEIO", (bad(errno.EREMOTEIO),), FAILED, "reason-unwritten"),
    Case("bad sectors: ETIMEDOUT", (bad(errno.ETIMEDOUT),), FAILED, "reason-unwritten"),
    Case("bad sectors cured by writing", (bad(errno.EIO, OnWrite.CURE),), ERASED, count=3),
    Case("errors growing", scattered(15), FAILED, "reason-errors-growing", 2),
    Case("dead from the start", (Death(at=1),), FAILED, "reason-gave-up-too-many-sectors", 2),
    Case("dies while written", (Death(at=7),), FAILED, "reason-gave-up-too-many-sectors"),
    Case("dies in a flush", (Death(at=6),), FAILED, "reason-gave-up-sync"),
    Case("dies while read back", (Death(at=12),), FAILED, "reason-gave-up-too-many-sectors"),
    Case("worn out", (WornOut(written=2 * MIB),), FAILED, "reason-gave-up-too-many-sectors", 2),
    Case("slow", (Slowness(ms=300),), FAILED, "reason-too-slow", 2),
    Case("hangs while written", (Hang(at=3),), FAILED, "reason-no-answer", 2),
    Case("hangs in a flush", (Hang(at=4),), FAILED, "reason-no-answer"),
    Case("hangs while read back", (Hang(at=11),), FAILED, "reason-no-answer"),
    Case("refuses all writes", (WriteErrors(),), FAILED, "reason-gave-up-too-many-sectors"),
    Case("refuses writes later", (WriteErrors(at=5, errno=errno.EROFS),), FAILED, "reason-gave-up-too-many-sectors"),
    Case("pretends to flush", (FlushLie(at=1),), ERASED, count=2),
    Case("fake capacity", (FakeCapacity(real_size=2 * MIB),), FAILED, "reason-fake-capacity", 2),
    Case("short write", (ShortTransfer(at=2, transfer=Transfer.WRITE, sectors=7),), ERASED),
    Case("short read", (ShortTransfer(at=2, transfer=Transfer.READ, sectors=7),), ERASED),
    Case("empty write", (ShortTransfer(at=2, transfer=Transfer.WRITE, sectors=0),), REMARKS, "remark-retried"),
    Case("empty read", (ShortTransfer(at=2, transfer=Transfer.READ, sectors=0),), REMARKS, "remark-retried"),
    Case("another identity", (OTHER,), UNPROVEN, "reason-identity-changed", 2),
    Case("sizes that disagree", (OtherSize(size=2 * SIZE),), REFUSED, "guard-size-differs"),
    Case("worker killed once", kills(1), REMARKS, "remark-interrupted-worker-lost"),
    Case("worker killed too often", kills(5), UNPROVEN, "reason-worker-lost"),
    Case("loses its power", (PowerCut(at=5),), INTERRUPTED, "drive-gone"),
)


@dataclass(slots=True)
class Told:
    """What came of an evening: verdict and first reason by drive, and when each was told, in seconds."""

    cases: dict[Path, Case] = field(default_factory=dict)
    outcome: dict[Path, tuple[str, str]] = field(default_factory=dict)
    after: dict[Path, float] = field(default_factory=dict)

    def as_expected(self, where: Path) -> bool:
        case = self.cases[where]
        return self.outcome[where] == (case.verdict, case.reason)

    def times(self, name: str) -> list[float]:
        """How long the drives took whose case is called so, or begins so and goes on with a space."""
        names = {where: case.name for where, case in self.cases.items()}
        return [
            self.after[where] for where in self.after if names[where] == name or names[where].startswith(f"{name} ")
        ]


def evening() -> list[list[Case]]:
    """The evening's batches, its sicknesses dealt out over them."""
    drives = [case for case in CASES for _ in range(case.count)]
    batches = -(-len(drives) // DOCKS)
    return [drives[batch::batches] for batch in range(batches)]


def make(where: Path, sicknesses: Sequence[Sickness]) -> None:
    number = next(NUMBERS)
    spec = DriveSpec(
        size=SIZE,
        model="Disque d’essai",
        serial=f"SOIR-{number:04}",
        wwn=f"5000c500a1b3{number:04x}",
        cache_size=MIB,
        seed=number,
        sicknesses=tuple(sicknesses),
    )
    launch.create(where, spec)
    plant(where, SIZE)
    if any(isinstance(item, FakeCapacity) for item in sicknesses):
        with (where / "medium").open("r+b") as medium:
            medium.truncate(2 * MIB)


@contextmanager
def docked(drives: Sequence[Path]) -> Iterator[None]:
    """A batch of drives, on while this lasts; they go off in good order where they still can."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        list(pool.map(launch.start, drives))
        try:
            yield
        finally:
            list(pool.map(launch.stop, [where for where in drives if launch.is_running(where)]))


async def one_batch(folder: Path, bench: LocalBench, batch: Sequence[Case], told: Told) -> None:
    drives = [folder / f"drive-{place}" for place in range(len(batch))]
    for where, case in zip(drives, batch, strict=True):
        make(where, case.sicknesses)
    told.cases.update(zip(drives, batch, strict=True))
    with docked(drives):
        await erase_batch(bench, drives, told)


async def erase_batch(bench: LocalBench, drives: Sequence[Path], told: Told) -> None:
    """Erase what may be erased of a batch, and note when which verdict came."""
    refusals = {item.facts.node: item.reasons for item in (await bench.plan(request(drives))).refusals}
    for where in drives:
        if f"sim:{where}" in refusals:
            told.outcome[where] = (REFUSED, refusals[f"sim:{where}"][0].id)
    allowed = [where for where in drives if where not in told.outcome]
    plans = await bench.plan(request(allowed))
    stream = bench.updates()
    began = time.monotonic()
    jobs = dict(zip(await bench.start(plans, CONSENT), allowed, strict=True))
    await follow(stream, jobs, began, told)


async def follow(stream: AsyncIterator[Update], jobs: dict[str, Path], began: float, told: Told) -> None:
    left = set(jobs)
    async for update in stream:
        if isinstance(update, Logged) and isinstance(update.event, Concluded):
            where = jobs[update.job]
            told.after[where] = time.monotonic() - began
            reasons = update.event.reasons
            told.outcome[where] = (update.event.verdict, reasons[0].id if reasons else "")
        if isinstance(update, Logged) and isinstance(update.event, Interrupted):
            # Overwritten by the verdict where the work went on.
            told.outcome[jobs[update.job]] = (INTERRUPTED, update.event.cause.value)
        if isinstance(update, JobEnded):
            left.discard(update.job)
        if not left:
            return


def test_no_sickness_is_missing_from_the_evening() -> None:
    of_block_requests = set(KINDS.values()) - set(command_faults.KINDS.values())
    assert {type(item) for case in CASES for item in case.sicknesses} == of_block_requests
    assert sum(map(len, evening())) == 60


@pytest.mark.slow
async def test_an_evening_of_sixty_drives(tmp_path: Path) -> None:
    """Before it comes a batch of healthy drives among themselves: how long they take then is the measure."""
    bench = open_local(tmp_path / "state", settings=SETTINGS)
    await bench.recover()
    told = Told()
    alone = [Case("healthy, among healthy ones", (), ERASED)] * len(evening()[0])
    for number, batch in enumerate((alone, *evening())):
        await one_batch(tmp_path / f"batch-{number}", bench, batch, told)
    await bench.close()

    wrong = [(item.name, *told.outcome[where]) for where, item in told.cases.items() if not told.as_expected(where)]
    assert wrong == []
    erased = [where for where, (verdict, _) in told.outcome.items() if verdict in {ERASED, REMARKS}]
    assert len(erased) == len(alone) + 21 + 3 + 2 + 4 + 1
    assert not any(survives(where) for where in erased), "planted data is on a drive that was declared erased"
    assert all(survives(where) for where, (verdict, _) in told.outcome.items() if verdict == REFUSED)
    assert_books_balance(tmp_path / "state", jobs=len(told.after))
    assert_nobody_waited(told)


def assert_books_balance(state: Path, jobs: int) -> None:
    folder = StateFolder(state)
    report = read(folder, lambda database: audit(database, [keys.load(folder.key).public]))
    assert report.findings == ()
    records = read(folder, book.entries)
    assert len(records) == jobs
    assert {path.stem for path in folder.certificates.iterdir()} == {record.number for record in records}


def assert_nobody_waited(told: Told) -> None:
    """Healthy drives among sick ones take as long as among healthy ones; a hanging one is waited for much longer."""
    among_healthy = max(told.times("healthy, among healthy ones"))
    among_sick = max(told.times("healthy"))
    print(f"healthy drives: {among_healthy:.2f} s among themselves, {among_sick:.2f} s among sick ones")  # noqa: T201
    assert among_sick < 1.5 * among_healthy + 0.5
    assert among_sick < min(told.times("hangs"))
    assert min(told.times("hangs")) >= SETTINGS.stall
