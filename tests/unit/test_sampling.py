from __future__ import annotations

import hashlib
import hmac
import itertools
import tracemalloc
from collections import Counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bench.sampling import MAX_BLOCK, WANTED_PLACES, block_size, places, total, uniform_below

MIB = 1 << 20
SEED = hashlib.sha256(b"seed").hexdigest()
sectors = st.sampled_from([512, 4096])
permilles = st.integers(1, 1000)
seeds = st.binary(min_size=1, max_size=64).map(bytes.hex)


@st.composite
def drives(draw: st.DrawFn) -> tuple[int, int]:
    """Size and sector of a drive: from one sector to a few hundred MiB, whatever block that makes."""
    sector = draw(sectors)
    count = draw(st.one_of(st.integers(1, 40), st.integers(1, 5000), st.integers(1, 600_000)))
    return count * sector, sector


@given(drives(), permilles, seeds)
@example((512, 512), 1, "00")
@example((4096, 4096), 1000, "00")
def test_places_are_a_lawful_sample(drive: tuple[int, int], permille: int, seed: str) -> None:
    size, sector = drive
    wanted, wanted_bytes = total(size, permille, sector)
    count, read, end = 0, 0, 0
    first = last = (-1, -1)
    for offset, length in places(size, permille, sector, seed):
        assert offset >= end, "ascending, never overlapping"
        assert offset % sector == length % sector == 0
        assert length > 0
        first = first if count else (offset, length)
        last = (offset, length)
        count, read, end = count + 1, read + length, offset + length
    assert first[0] == 0
    assert sum(last) == size, "the last LBA, and nothing beyond it"
    assert (count, read) == (wanted, wanted_bytes)
    assert read * 1000 >= size * permille


@given(drives(), permilles, seeds)
def test_each_stratum_has_two_different_places(drive: tuple[int, int], permille: int, seed: str) -> None:
    size, sector = drive
    block = block_size(size, permille, sector)
    count, read = total(size, permille, sector)
    if read == size:
        return
    strata, inner = (count - 2) // 2, -(-size // block) - 2
    found = [offset // block for offset, _ in places(size, permille, sector, seed)][1:-1]
    for number in range(strata):
        low, high = 1 + number * inner // strata, 1 + (number + 1) * inner // strata
        one, other = found[2 * number : 2 * number + 2]
        assert low <= one < other < high
        assert high - low in {inner // strata, inner // strata + 1}, "equal strata"


@given(drives(), seeds)
def test_all_of_a_drive_is_all_of_it(drive: tuple[int, int], seed: str) -> None:
    size, sector = drive
    reached = 0
    for offset, length in places(size, 1000, sector, seed):
        assert offset == reached
        reached += length
    assert reached == size


@given(drives(), permilles)
def test_small_drives_keep_many_places_and_big_ones_big_blocks(drive: tuple[int, int], permille: int) -> None:
    size, sector = drive
    block = block_size(size, permille, sector)
    assert sector <= block <= MAX_BLOCK
    assert block & (block - 1) == 0
    count, _ = total(size, permille, sector)
    if block > sector:
        assert count >= WANTED_PLACES


def test_big_drives_are_read_by_the_mebibyte() -> None:
    assert block_size(20 * 10**12, 50, 512) == MIB
    count, read = total(20 * 10**12, 50, 512)
    assert read >= 10**12
    assert count == -(-read // MIB)


def test_a_big_drive_needs_no_list() -> None:
    tracemalloc.start()
    head = list(itertools.islice(places(20 * 10**12, 50, 4096, SEED), 1000))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(head) == 1000
    assert peak < MIB


def test_offsets_beyond_16_tib_are_exact() -> None:
    size = (1 << 44) + 12_345 * 512
    last = (0, 0)
    for place in places(size, 1, 512, SEED):
        last = place
    assert sum(last) == size
    assert last[0] % 512 == 0


def test_the_same_seed_gives_the_same_places_and_another_gives_others() -> None:
    one = list(places(64 * MIB, 50, 512, SEED))
    assert one == list(places(64 * MIB, 50, 512, SEED))
    other = list(places(64 * MIB, 50, 512, SEED[:-1] + "0"))
    assert one != other
    assert len(set(one) & set(other)) < len(one) // 5


def test_the_documented_construction_gives_the_same_places() -> None:
    """Written again from the module's description alone, as a third party would."""
    size, permille, sector = 100 * MIB + 512, 20, 512
    block = block_size(size, permille, sector)
    blocks = -(-size // block)
    strata = (total(size, permille, sector)[0] - 2) // 2
    counter = itertools.count()

    def below(limit: int) -> int:
        while True:
            message = next(counter).to_bytes(8, "big")
            number = int.from_bytes(hmac.new(bytes.fromhex(SEED), message, hashlib.sha256).digest(), "big")
            if number < 2**256 // limit * limit:
                return number % limit

    chosen = {0, blocks - 1}
    for stratum in range(strata):
        low, high = 1 + stratum * (blocks - 2) // strata, 1 + (stratum + 1) * (blocks - 2) // strata
        first = below(high - low)
        second = below(high - low - 1)
        chosen |= {low + first, low + second + (second >= first)}
    expected = [(index * block, min(block, size - index * block)) for index in sorted(chosen)]
    assert list(places(size, permille, sector, SEED)) == expected


def test_every_place_is_about_equally_likely() -> None:
    # 64 sectors, 10 %: one sector a place, three strata over the 62 inner sectors.
    size, sector = 64 * 512, 512
    drawn = Counter(
        offset // sector
        for number in range(3000)
        for offset, _ in places(size, 100, sector, hashlib.sha256(str(number).encode()).hexdigest())
    )
    assert drawn[0] == drawn[63] == 3000
    inner = [drawn[index] for index in range(1, 63)]
    mean = sum(inner) / len(inner)
    assert mean > 150
    assert all(abs(count - mean) < mean * 0.35 for count in inner)


def test_a_number_beyond_the_last_multiple_is_passed_over() -> None:
    # Asked of the reduction alone: no seed would ever lead here.
    assert uniform_below(3, iter([2**256 - 1, 7])) == 1
    assert uniform_below(2**255 + 1, iter([2**256 - 1, 2**255 + 1, 7])) == 7


@pytest.mark.parametrize(
    ("size", "permille", "sector", "seed"),
    [
        (0, 50, 512, SEED),
        (513, 50, 512, SEED),
        (512, 0, 512, SEED),
        (512, 1001, 512, SEED),
        (520, 50, 520, SEED),
        (512, 50, 0, SEED),
        (512, 50, 512, ""),
        (512, 50, 512, "xy"),
    ],
)
def test_what_makes_no_sense_is_refused(size: int, permille: int, sector: int, seed: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        next(places(size, permille, sector, seed))
