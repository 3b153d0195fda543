"""Things that happen to drives while the bench works on them, at moments that its own updates show."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from bench.events import Cause, Event, Logged, PassCheckpoint, VerifyCheckpoint
from bench.evidence import Evidence
from bench.facade import JobEnded, Update
from bench.local import LocalBench
from bench.plan import EraseRequest
from bench.stage_events import ErasureAdopted, ErasureSeen, PowerCycleAsked
from bench.techniques import ErasureState
from drivers.sim.faults import Slowness
from drivers.sim.folder import MIB
from rig.guest import station
from rig.guest.bays import Bay
from rig.layout import Front
from support import firmware

_NIGHT_S = 240.0
"""How long the jobs that run together may take."""
When = Callable[[Event], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mishap:
    """What is done to a job's drive, once, after the first logged event that `when` picks. `do` may block."""

    when: When
    do: Callable[[], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An order, and the bays that it is about, in its own order of them."""

    request: EraseRequest
    bays: Sequence[Bay]


def written(offset: int) -> When:
    """So many bytes were written and synced, and there are more to come."""
    return lambda event: isinstance(event, PassCheckpoint) and event.offset >= offset


def read_back(offset: int) -> When:
    """So many bytes were compared."""
    return lambda event: isinstance(event, VerifyCheckpoint) and event.offset >= offset


def at_work(event: Event) -> bool:
    """The drive has taken a command and was seen at work on it."""
    return isinstance(event, ErasureSeen) and event.reading.state is ErasureState.RUNNING


def adopted(event: Event) -> bool:
    """What the drive went on with while nobody watched is watched again."""
    return isinstance(event, ErasureAdopted)


async def carried_out(bench: LocalBench, orders: Sequence[Order], mishaps: Mapping[str, Mishap]) -> dict[str, Evidence]:
    """Begin these orders side by side; each drive's evidence by its bay, once no job runs any more.

    `mishaps` are by bay; where the bench asks for it, a drive's power is cut. Raises `TimeoutError`, and what a mishap
    raises.
    """
    stream = bench.updates()
    jobs: dict[str, Bay] = {}
    for order in orders:
        started = await firmware.start(bench, order.request)
        jobs |= dict(zip(started, order.bays, strict=True))
    await _followed(stream, jobs, mishaps)
    return await _evidence(bench, jobs)


async def resumed(
    bench: LocalBench, bays: Mapping[str, Bay], mishaps: Mapping[str, Mishap] | None = None
) -> dict[str, Evidence]:
    """Go on with these jobs, each known with the bay where its drive was at first; as `carried_out`."""
    stream = bench.updates()
    resumption = await bench.resume(tuple(bays))
    assert not resumption.refused, resumption.refused
    await _followed(stream, bays, mishaps or {})
    return await _evidence(bench, bays)


def interrupted(evidence: Evidence) -> bool:
    """Whether the job waits for its drive: no verdict, nothing settled, and the drive's absence as the reason."""
    last = evidence.interruptions[-1] if evidence.interruptions else None
    away = last is not None and last.cause is Cause.DRIVE_GONE and not last.resumed
    return evidence.is_open and away and evidence.concluded is None


def side_by_side(work: Callable[[Bay], None], bays: Iterable[Bay]) -> None:
    """Do the same at several bays, those of docks one after another: they share a hub."""
    listed = list(bays)
    with ThreadPoolExecutor(max_workers=4) as pool:
        rest = pool.map(work, [bay for bay in listed if bay.kind is not Front.USB])
        for bay in listed:
            if bay.kind is Front.USB:
                work(bay)
        list(rest)


@contextmanager
def replaced(*bays: Bay) -> Iterator[None]:
    """Whatever becomes of these drives inside the `with`, healthy blank ones like them are in their bays after it."""
    try:
        yield
    finally:
        side_by_side(_replace, bays)


def _replace(bay: Bay) -> None:
    bay.unplug()
    bay.sim.renew()
    bay.plug()


def plant(bays: Iterable[Bay]) -> None:
    """As `station.plant`, several at once."""
    side_by_side(station.plant, bays)


@contextmanager
def slowed(*bays: Bay) -> Iterator[None]:
    """Slow enough that somebody can pull them out in the middle of 16 MiB."""
    for bay in bays:
        bay.sim.arm(Slowness(bytes_per_second=5 * MIB))
    try:
        yield
    finally:
        for bay in bays:
            bay.sim.disarm("slowness")


def changes(bay: Bay) -> list[str]:
    """What was recorded of requests to a drive, without those that only read."""
    return [op for op, _, _ in bay.sim.control("recorded") if not _only_reads(op)]


def _only_reads(op: str) -> bool:
    """Reads, and of the commands those by which a drive is asked who it is (SPC-5; ACS-4: IDENTIFY DEVICE)."""
    opcode, _, cdb = op.partition(" ")
    asks = cdb[:2] in {"00", "03", "12", "1a", "25", "28", "5a", "88", "9e", "a0", "a3"}
    return op == "read" or (opcode == "scsi" and (asks or cdb.endswith("ec00")))


async def _followed(stream: AsyncIterator[Update], bays: Mapping[str, Bay], mishaps: Mapping[str, Mishap]) -> None:
    left, ahead = set(bays), {job: mishaps[bay.name] for job, bay in bays.items() if bay.name in mishaps}
    async with asyncio.timeout(_NIGHT_S), asyncio.TaskGroup() as hands:
        async for update in stream:
            match update:
                case Logged(job=job, event=event) if job in ahead and ahead[job].when(event):
                    hands.create_task(asyncio.to_thread(ahead.pop(job).do))
                case Logged(job=job, event=PowerCycleAsked()) if job in bays:
                    hands.create_task(asyncio.to_thread(bays[job].power_cycle))
                case JobEnded(job=job):
                    left.discard(job)
                case _:
                    pass
            if not left:
                break
    assert not ahead, f"the moment did not come for {[bays[job].name for job in ahead]}"


async def _evidence(bench: LocalBench, bays: Mapping[str, Bay]) -> dict[str, Evidence]:
    return {bays[item.job].name: item for item in await bench.jobs() if item.job in bays}
