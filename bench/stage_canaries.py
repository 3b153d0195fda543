"""Canaries and reading back, on the drive: planted and read before an erasure, looked for and read after it."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterable, Iterator, Mapping

from bench import canaries, sampling
from bench import stage_events as se
from bench.canaries import Area, Place
from bench.job_desk import JobDesk
from bench.messages import BenchError, say
from bench.ports import Commander
from bench.stage_evidence import StageEvidence

SEED_BYTES = 32
_BATCH = 8 * 1024 * 1024
"""Bytes read at once: between two batches a stop is heeded, and progress told."""


class NotStoredError(BenchError):
    """The drive does not give back what was planted: nothing could be proven by it."""


async def plant(desk: JobDesk, commander: Commander, item: StageEvidence) -> se.CanariesPlanted:
    """Take hashes of what the drive holds, plant blocks beside, and read them back. Raises `NotStoredError`."""
    seed, count = secrets.token_hex(SEED_BYTES), item.planned.count
    areas = desk.evidence.stages.areas
    where = canaries.places(areas, count, seed)
    # The same draw gone on with: twice as many places hold the first ones.
    beside = sorted({*canaries.places(areas, 2 * count, seed)} - {*where})
    held = await _read(desk, commander, beside)
    kept = canaries.kept(seed, {place: block for place, block in held.items() if block is not None})
    written = canaries.planted(seed, where)
    await desk.unless_halted(commander.plant({place: canaries.content(seed, place) for place in where}))
    lost = canaries.not_stored(seed, written, await _read(desk, commander, where))
    if lost:
        raise NotStoredError(say("stage-run-not-stored", count=len(lost), planted=len(written)))
    return se.CanariesPlanted(index=item.index, seed=seed, planted=written, kept=kept, direct_io=desk.drive.direct_io)


async def look(desk: JobDesk, commander: Commander, item: StageEvidence) -> se.CanariesChecked:
    """Read the places of the canaries planted last."""
    planted = desk.evidence.stages.canaries
    known = (*planted.planted, *planted.kept) if planted is not None else ()
    seed = planted.seed if planted is not None else ""
    found = canaries.check(seed, known, await _read(desk, commander, [canary.place for canary in known]))
    return se.CanariesChecked(
        index=item.index,
        checked=found.checked,
        survivors=found.survivors,
        unread=found.unread,
        direct_io=desk.drive.direct_io,
    )


async def read_back(desk: JobDesk, commander: Commander, item: StageEvidence) -> se.StageReadBack:
    """Read a share of the drive, at places drawn only now, and look for known blocks in it."""
    seed, permille = secrets.token_hex(SEED_BYTES), item.planned.permille
    areas = desk.evidence.stages.areas
    blocks = {area.nsid: area.block for area in areas}
    totals = [sampling.total(area.size, permille, area.block) for area in areas]
    places, total = sum(count for count, _ in totals), sum(length for _, length in totals)
    planted = desk.evidence.stages.canaries
    known = {canary.digest for canary in (*planted.planted, *planted.kept)} if planted is not None else set[str]()
    moved = missed = blank = survivors = 0
    for batch in _batches(_share(areas, permille, seed)):
        found = await _read(desk, commander, batch)
        for place in batch:
            block = found.get(place)
            moved += place.length
            if block is None or len(block) != place.length:
                missed += place.length
            elif canaries.is_blank(block):
                blank += place.length
            elif planted is not None:
                survivors += await asyncio.to_thread(_survivors, planted.seed, block, blocks[place.nsid], known)
        if desk.ticker is not None:
            desk.ticker.tell(moved * 1000 // total)
    return se.StageReadBack(
        index=item.index,
        permille=permille,
        seed=seed,
        places=places,
        moved=moved,
        missed=missed,
        blank=blank,
        survivors=survivors,
        direct_io=desk.drive.direct_io,
    )


def _share(areas: Iterable[Area], permille: int, seed: str) -> Iterator[Place]:
    for area in areas:
        yield from (Place(area.nsid, *place) for place in sampling.places(area.size, permille, area.block, seed))


def _survivors(seed: str, block: bytes, sector: int, known: set[str]) -> int:
    """How many sectors of a block are known ones."""
    pieces = (block[at : at + sector] for at in range(0, len(block), sector))
    return sum(canaries.digest(seed, piece) in known for piece in pieces)


def _batches(places: Iterable[Place]) -> Iterator[list[Place]]:
    batch: list[Place] = []
    size = 0
    for place in places:
        batch.append(place)
        size += place.length
        if size >= _BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


async def _read(desk: JobDesk, commander: Commander, where: Iterable[Place]) -> Mapping[Place, bytes | None]:
    """Read places, heeding a stop; where any cannot be read, the drive must at least be there."""
    found = await desk.unless_halted(_reading(commander, where))
    if any(block is None for block in found.values()):
        await desk.require_presence()
    return found


async def _reading(commander: Commander, where: Iterable[Place]) -> Mapping[Place, bytes | None]:
    return await commander.read(where)
