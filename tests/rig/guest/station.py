"""A station in this guest: the bench in this process, over the kernel's device nodes, its workers beside it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import mkdtemp

from bench.events import Logged
from bench.evidence import Evidence
from bench.facade import JobEnded, Update
from bench.levels import Level
from bench.local import LocalBench
from bench.plan import EraseRequest, Verify
from bench.policy import Policy
from bench.settings import Settings
from bench.stage_events import PowerCycleAsked
from bench.techniques import Technique
from drivers.sim.folder import MIB
from rig.guest.bays import Bay
from rig.places import GUEST_SHARE
from support import benches, firmware

_NIGHT_S = 150.0
"""How long one order may take."""
_SETTINGS = Settings(checkpoint=0.5, rewind=2 * MIB, window=MIB, stall=60.0)
"""Patient: on an emulated processor a worker takes seconds to start."""


READ_BACK_PERMILLE = 5
"""Of a small drive a sample is sectors, and each request takes milliseconds here."""


@asynccontextmanager
async def station(state: Path | None = None, settings: Settings = _SETTINGS) -> AsyncIterator[LocalBench]:
    """A bench that has recovered, over a state folder of its own unless one is given."""
    bench = benches.open_local(state or Path(mkdtemp(prefix="state-")), settings=settings)
    await bench.recover()
    try:
        yield bench
    finally:
        await bench.close()


def overwriting(nodes: Sequence[Path], method: str = "random") -> EraseRequest:
    """An order to overwrite drives and to read them back whole."""
    return EraseRequest(addresses=tuple(map(str, nodes)), method=method, verify=Verify.parse("full"), operator="OP-07")


def asking(
    nodes: Sequence[Path], *techniques: Technique, policy: Policy | None = None, level: Level | None = None
) -> EraseRequest:
    """An order to have drives erase themselves: by one of these techniques, or by a policy, or to a level."""
    chosen = firmware.only(*techniques, read_back=READ_BACK_PERMILLE) if techniques else policy
    return EraseRequest(addresses=tuple(map(str, nodes)), method="random", operator="OP-07", policy=chosen, level=level)


async def erased(bench: LocalBench, order: EraseRequest, bays: Sequence[Bay]) -> tuple[Evidence, ...]:
    """Carry an order out to its end; the evidence of each drive, in the order of their bays.

    Where the bench asks for it, the hand cuts a drive's power.
    """
    stream = bench.updates()
    jobs = await firmware.start(bench, order)
    async with asyncio.timeout(_NIGHT_S):
        await attended(stream, dict(zip(jobs, bays, strict=True)))
    by_name = {evidence.job: evidence for evidence in await bench.jobs()}
    return tuple(by_name[job] for job in jobs)


async def attended(stream: AsyncIterator[Update], bays: Mapping[str, Bay]) -> None:
    """Stand by until all these jobs have ended, and cut a drive's power when it is asked for.

    What happens is told in the guest's log: who waits outside sees that it goes on, and afterwards what came last.
    """
    left = set(bays)
    async with asyncio.TaskGroup() as hands:
        async for update in stream:
            note(update, bays)
            match update:
                case Logged(job=job, event=PowerCycleAsked()) if job in bays:
                    hands.create_task(asyncio.to_thread(bays[job].power_cycle))
                case JobEnded(job=job):
                    left.discard(job)
                case _:
                    pass
            if not left:
                return


def note(update: Update, bays: Mapping[str, Bay]) -> None:
    """Tell what happened to these jobs in the guest's log."""
    match update:
        case Logged(job=job, event=event) if job in bays:
            what = event.TYPE
        case JobEnded(job=job) if job in bays:
            what = "ended"
        case _:
            return
    tell(f"{bays[job].name} {what}")


def tell(what: str) -> None:
    """A line in the guest's log: a guest that is silent for too long is killed."""
    with (GUEST_SHARE / "out.log").open("a", encoding="utf-8") as log:
        log.write(f"{time.monotonic():8.1f} {what}\n")


def plant(bay: Bay) -> None:
    """Fill a drive's medium with data that must not survive, and plug it in again."""
    bay.unplug()
    bay.sim.stop()
    bay.sim.plant()
    bay.sim.start()
    bay.plug()


def traces(bay: Bay) -> int:
    """How often the planted data is still there. The drive is switched off for that, and on again."""
    bay.unplug()
    bay.sim.stop()
    try:
        return bay.sim.traces()
    finally:
        bay.sim.start()
        bay.plug()
