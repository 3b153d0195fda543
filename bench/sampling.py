"""Where a sample of a drive is read: in equal strata, at places nobody could foresee and anybody can recompute.

Standard library only: the erase worker imports this.

The drive is cut into blocks of `block_size` bytes, the last one perhaps shorter. The first and the last block are
always read, so the first and last LBA are. The blocks between them are cut into equal strata (their lengths
differ by one block at most), and in each stratum two different blocks are read. When the strata would hold fewer
than two blocks each, the whole drive is read.

The draw can be repeated from the recorded seed with any HMAC. The n-th number (n = 0, 1, …) is HMAC-SHA256 with
the seed as key and n as eight big-endian bytes as message, read as a big-endian integer. A draw below `m` takes
the next number under the largest multiple of `m` within 2^256, modulo `m`: no value is likelier than another. In
a stratum of `m` blocks, the first place is a draw below m; the second is a draw below m - 1, plus one if it is
not below the first.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from dataclasses import dataclass

MAX_BLOCK = 1024 * 1024
"""Bytes read at each place of a big drive."""
WANTED_PLACES = 1024
"""On small drives the block shrinks to keep about this many places, down to a sector."""
_NUMBERS = 1 << 256


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layout:
    """Blocks of a drive and strata of its inner blocks; no strata means that every block is read."""

    size: int
    block: int
    blocks: int
    strata: int

    def at(self, index: int) -> tuple[int, int]:
        """Offset and length of a block, in bytes."""
        offset = index * self.block
        return offset, min(self.block, self.size - offset)

    def stratum(self, number: int) -> range:
        """Indices of the blocks of a stratum."""
        inner = self.blocks - 2
        return range(1 + number * inner // self.strata, 1 + (number + 1) * inner // self.strata)


def places(size: int, permille: int, sector: int, seed: str) -> Iterator[tuple[int, int]]:
    """Offset and length of each place, in bytes, ascending and never overlapping, one at a time.

    Together they are at least `permille` thousandths of `size`. Offsets are multiples of `sector`. `seed` is
    hexadecimal. `ValueError` for a size that is no positive multiple of the sector, a sector that is no power of
    two, a share outside 1 to 1000, or an empty seed.
    """
    layout = _layout(size, permille, sector)
    key = bytes.fromhex(seed)
    if not key:
        raise ValueError("the seed of a sample is empty")
    return _places(layout, key)


def total(size: int, permille: int, sector: int) -> tuple[int, int]:
    """How many places `places` will give, and their bytes. Errors as there."""
    layout = _layout(size, permille, sector)
    if not layout.strata:
        return layout.blocks, size
    _, last = layout.at(layout.blocks - 1)
    return 2 + 2 * layout.strata, (1 + 2 * layout.strata) * layout.block + last


def block_size(size: int, permille: int, sector: int) -> int:
    """Bytes read at a place: a power of two from the sector's size to `MAX_BLOCK`."""
    wanted = _share(size, permille) // WANTED_PLACES
    return max(sector, min(MAX_BLOCK, 1 << max(wanted.bit_length() - 1, 0)))


def _share(size: int, permille: int) -> int:
    return -(-size * permille // 1000)


def _layout(size: int, permille: int, sector: int) -> _Layout:
    if not 1 <= permille <= 1000:
        raise ValueError(f"a share of 1 to 1000 thousandths, not {permille}")
    if sector < 1 or sector & (sector - 1):
        raise ValueError(f"a sector size that is a power of two, not {sector}")
    if size < 1 or size % sector:
        raise ValueError(f"a size that is a positive multiple of {sector} bytes, not {size}")
    block = block_size(size, permille, sector)
    blocks = -(-size // block)
    last = size - (blocks - 1) * block
    missing = max(_share(size, permille) - block - last, 0)
    strata = max(1, -(-missing // (2 * block)))
    return _Layout(size=size, block=block, blocks=blocks, strata=strata if 2 * strata <= blocks - 2 else 0)


def _places(layout: _Layout, key: bytes) -> Iterator[tuple[int, int]]:
    if not layout.strata:
        yield from map(layout.at, range(layout.blocks))
        return
    numbers = uniform_numbers(key)
    yield layout.at(0)
    for number in range(layout.strata):
        stratum = layout.stratum(number)
        first = uniform_below(len(stratum), numbers)
        second = uniform_below(len(stratum) - 1, numbers)
        second += second >= first
        yield layout.at(stratum[min(first, second)])
        yield layout.at(stratum[max(first, second)])
    yield layout.at(layout.blocks - 1)


def uniform_numbers(key: bytes) -> Iterator[int]:
    """Uniform integers below 2^256; see the module's description."""
    counter = 0
    while True:
        yield int.from_bytes(hmac.digest(key, counter.to_bytes(8, "big"), "sha256"), "big")
        counter += 1


def uniform_below(limit: int, numbers: Iterator[int]) -> int:
    """A uniform integer below `limit`: numbers beyond its largest multiple are passed over."""
    end = _NUMBERS - _NUMBERS % limit
    return next(number for number in numbers if number < end) % limit
