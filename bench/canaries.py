"""Canaries: blocks that a firmware erasure must destroy. Where they lie, what they hold, and which have survived. Pure.

Two kinds. *Planted* blocks hold random bytes drawn for the job; they are written, flushed and read back before the
command. *Kept* blocks are what the drive held already, of which only a keyed hash is taken. The first and the last
block of every namespace are planted. A block whose hash is known counts as survived wherever it turns up.

Everything can be computed again from the journalled seed: numbers are drawn as in `bench.sampling`; a planted block is
SHAKE-256 over the seed, "content", namespace and offset (eight big-endian bytes each); a hash is HMAC-SHA256 of the
block under SHA-256 of the seed and "hash".
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bench.sampling import uniform_below, uniform_numbers

LONGEST_PATTERN = 16
"""A block that repeats so few bytes is blank: an erased drive may hold it as well, so it betrays nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """What can be addressed at once: an NVMe namespace, or a whole drive (`nsid` 0). Bytes."""

    nsid: int
    size: int
    block: int


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """One block of an area."""

    nsid: int
    offset: int
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Canary:
    """A place and the keyed hash (hex) of what it held before the erasure."""

    nsid: int
    offset: int
    length: int
    digest: str

    @property
    def place(self) -> Place:
        """Where it is."""
        return Place(self.nsid, self.offset, self.length)


@dataclass(frozen=True, slots=True, kw_only=True)
class CanaryCheck:
    """What was found at the canaries' places: `survivors` still hold a known block, `unread` could not be read."""

    checked: int
    survivors: tuple[Place, ...]
    unread: tuple[Place, ...]


def places(areas: Sequence[Area], count: int, seed: str) -> tuple[Place, ...]:
    """`count` places, ascending: the first and last block of each area, the rest drawn over all blocks alike.

    Fewer where the areas have fewer blocks; more where the ends alone are more. `ValueError` for no area, an area
    that is no whole number of blocks, or an empty seed.
    """
    key = _key(seed, "places")
    if not areas or any(area.size < area.block or area.block < 1 or area.size % area.block for area in areas):
        raise ValueError("canaries need areas of whole blocks")
    found = {place for area in areas for place in (_at(area, 0), _at(area, area.size // area.block - 1))}
    blocks = sum(area.size // area.block for area in areas)
    drawn = uniform_numbers(key)
    while len(found) < min(count, blocks):
        found.add(_nth(areas, uniform_below(blocks, drawn)))
    return tuple(sorted(found))


def content(seed: str, place: Place) -> bytes:
    """What is planted at a place."""
    where = place.nsid.to_bytes(8, "big") + place.offset.to_bytes(8, "big")
    return hashlib.shake_256(bytes.fromhex(seed) + b"content" + where).digest(place.length)


def digest(seed: str, block: bytes) -> str:
    """The keyed hash (hex) of a block: it names the block and betrays nothing of it."""
    keyed = _keyed(seed).copy()
    keyed.update(block)
    return keyed.hexdigest()


def planted(seed: str, where: Iterable[Place]) -> tuple[Canary, ...]:
    """The canaries that are to be written at these places."""
    return tuple(_canary(place, digest(seed, content(seed, place))) for place in where)


def kept(seed: str, held: Mapping[Place, bytes]) -> tuple[Canary, ...]:
    """Canaries of what these places hold already, but for blank blocks and those that are there more than once.

    Such blocks may be on an erased drive too (a vendor's pattern, a file system's filling): they prove nothing.
    """
    digests = {place: digest(seed, block) for place, block in held.items() if not is_blank(block)}
    often = list(digests.values())
    return tuple(_canary(place, known) for place, known in sorted(digests.items()) if often.count(known) == 1)


def is_blank(block: bytes) -> bool:
    """Whether a block only repeats a few bytes; an empty one is blank."""
    lengths = (length for length in range(1, LONGEST_PATTERN + 1) if len(block) % length == 0)
    return not block or any(block == block[:length] * (len(block) // length) for length in lengths)


def not_stored(seed: str, written: Sequence[Canary], read: Mapping[Place, bytes | None]) -> tuple[Place, ...]:
    """Planted places that do not give back what was written, before the erasure: without them nothing can be proven."""
    return tuple(canary.place for canary in written if not _holds(seed, read.get(canary.place), {canary.digest}))


def check(seed: str, known: Sequence[Canary], read: Mapping[Place, bytes | None]) -> CanaryCheck:
    """What is left of the canaries. A place that was not read at all counts as one that could not be."""
    digests = {canary.digest for canary in known}
    return CanaryCheck(
        checked=len(known),
        survivors=tuple(canary.place for canary in known if _holds(seed, read.get(canary.place), digests)),
        unread=tuple(canary.place for canary in known if _short(read.get(canary.place), canary.length)),
    )


def _holds(seed: str, block: bytes | None, digests: set[str]) -> bool:
    return block is not None and digest(seed, block) in digests


def _short(block: bytes | None, length: int) -> bool:
    return block is None or len(block) != length


def _canary(place: Place, known: str) -> Canary:
    return Canary(nsid=place.nsid, offset=place.offset, length=place.length, digest=known)


def _at(area: Area, index: int) -> Place:
    return Place(area.nsid, index * area.block, area.block)


def _nth(areas: Sequence[Area], index: int) -> Place:
    """The n-th block of all areas together."""
    for area in areas:
        blocks = area.size // area.block
        if index < blocks:
            return _at(area, index)
        index -= blocks
    raise ValueError("no area has so many blocks")


@lru_cache(maxsize=64)
def _keyed(seed: str) -> hmac.HMAC:
    """The hash before its message, kept: reading back asks for one for every sector that is not blank."""
    return hmac.new(_key(seed, "hash"), digestmod="sha256")


def _key(seed: str, purpose: str) -> bytes:
    secret = bytes.fromhex(seed)
    if not secret:
        raise ValueError("the seed of the canaries is empty")
    return hashlib.sha256(secret + purpose.encode()).digest()
