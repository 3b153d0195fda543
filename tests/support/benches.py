"""A bench in this process over virtual drives, with data planted on them that must not survive."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench import keys
from bench.catalogue import catalogue
from bench.evidence import Evidence
from bench.facade import JobEnded, Update
from bench.local import LocalBench, Parts
from bench.plan import EraseRequest, Verify
from bench.ports import Draft, Drives, Publisher, TimeAuthority
from bench.settings import Settings
from bench.state import StateFolder
from drivers.host import SystemClock, run_context
from drivers.machine import MachineDrives
from drivers.sim import launch
from drivers.sim.faults import Sickness
from drivers.sim.folder import MEDIUM, DriveSpec

MIB = 1 << 20
SECRET = b"Dossier medical de la donatrice, ne pas diffuser. "
CONSENT = "a test"


@dataclass(frozen=True)
class JsonDraft:
    """A certificate file without pages."""

    number: str
    document: bytes
    imprints: Mapping[str, bytes] = field(default_factory=dict)

    def seal(self, stamps: Mapping[str, bytes]) -> Mapping[str, bytes]:  # noqa: ARG002 - the port's
        return {}

    def write(self, folder: Path, seals: Mapping[str, bytes]) -> None:  # noqa: ARG002 - the port's
        (folder / f"{self.number}.json").write_bytes(self.document)


class JsonPublisher:
    """Publishes certificates as JSON only: the pages have tests of their own."""

    def draft(self, number: str, document: bytes, seals: Mapping[str, bytes]) -> Draft:  # noqa: ARG002 - the port's
        return JsonDraft(number, document)


def plant(where: Path, size: int) -> None:
    """Fill a drive that is switched off with data that can be recognised in every sector."""
    (where / MEDIUM).write_bytes((SECRET * (size // len(SECRET) + 1))[:size])


def survives(where: Path) -> bool:
    """Whether any of the planted data is on the medium."""
    return SECRET[:16] in (where / MEDIUM).read_bytes()


@contextmanager
def planted_drives(
    folder: Path, count: int = 1, *, size: int = 4 * MIB, cache_size: int = 2 * MIB, sicknesses: Sequence[Sickness] = ()
) -> Iterator[tuple[Path, ...]]:
    """Running virtual drives full of secrets. Whatever became of them, they are off afterwards."""
    drives = tuple(folder / f"drive-{number}" for number in range(count))
    for number, where in enumerate(drives):
        spec = DriveSpec(
            size=size,
            model="Disque d’essai",
            serial=f"ESSAI-{number:04}",
            wwn=f"5000c500a1b2{number:04x}",
            cache_size=cache_size,
            seed=number + 1,
            sicknesses=tuple(sicknesses),
        )
        launch.create(where, spec)
        plant(where, size)
        launch.start(where)
    try:
        yield drives
    finally:
        for where in drives:
            if launch.is_running(where):
                launch.power_cut(where)


def addresses(drives: Sequence[Path]) -> tuple[str, ...]:
    """How the bench is told of virtual drives."""
    return tuple(f"sim:{where}" for where in drives)


def open_local(
    state: Path,
    *,
    settings: Settings | None = None,
    drives: Drives | None = None,
    publisher: Publisher | None = None,
    authority: TimeAuthority | None = None,
) -> LocalBench:
    """A bench over a state folder; `await bench.recover()` and `await bench.close()` are the caller's."""
    folder = StateFolder(state)
    folder.create()
    return LocalBench(
        Parts(
            folder=folder,
            key=keys.load_or_create(folder.key),
            drives=drives or MachineDrives(state),
            publisher=publisher or JsonPublisher(),
            methods=catalogue(),
            clock=SystemClock(),
            context=run_context("essai"),
            settings=settings or Settings(checkpoint=0.0, rewind=0, window=MIB, stall=20.0),
            authority=authority,
        )
    )


def request(drives: Sequence[Path], method: str = "random", verify: str = "full") -> EraseRequest:
    """An order to erase virtual drives."""
    return EraseRequest(addresses=addresses(drives), method=method, verify=Verify.parse(verify), operator="OP-1")


async def start(bench: LocalBench, drives: Sequence[Path], method: str = "random", verify: str = "full") -> list[str]:
    """Plan and arm."""
    plans = await bench.plan(request(drives, method, verify))
    assert not plans.refusals, plans.refusals
    return list(await bench.start(plans, CONSENT))


async def erase(
    bench: LocalBench, drives: Sequence[Path], method: str = "random", verify: str = "full"
) -> tuple[Evidence, ...]:
    """Erase drives to the end; the evidence of each, in order."""
    stream = bench.updates()
    jobs = await start(bench, drives, method, verify)
    await until_ended(stream, jobs)
    by_name = {evidence.job: evidence for evidence in await bench.jobs()}
    return tuple(by_name[job] for job in jobs)


async def until_ended(stream: AsyncIterator[Update], jobs: Sequence[str]) -> list[JobEnded]:
    """Follow updates until these jobs run no more."""
    left, ends = set(jobs), list[JobEnded]()
    if not left:
        return ends
    async for update in stream:
        if isinstance(update, JobEnded):
            left.discard(update.job)
            ends.append(update)
        if not left:
            break
    return ends
