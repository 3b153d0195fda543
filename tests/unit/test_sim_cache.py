"""The volatile write cache against a plain model, and what a power cut may leave."""

from __future__ import annotations

from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.sim.cache import MediumFile, WriteCache

SECTOR = 512
SECTORS = 24

ranges = st.tuples(st.integers(0, SECTORS - 1), st.integers(1, SECTORS)).map(
    lambda pair: (pair[0], min(pair[1], SECTORS - pair[0]))
)
operations = st.lists(
    st.one_of(
        st.tuples(st.just("write"), ranges),
        st.tuples(st.just("write"), ranges),
        st.tuples(st.just("flush"), st.just((0, 0))),
        st.tuples(st.just("lose"), st.just((0, 0))),
    ),
    max_size=25,
)


BLANK = bytes(SECTOR)


def content(version: int, first: int = 0, count: int = 1) -> bytes:
    """What version `version` holds in `count` sectors: each one other than its neighbours."""
    return b"".join(
        (version * SECTORS + index).to_bytes(4, "big") * (SECTOR // 4) for index in range(first, first + count)
    )


def make_cache(folder: Path, capacity: int, seed: int) -> tuple[WriteCache, MediumFile]:
    path = folder / "medium"
    with path.open("wb") as file:
        file.truncate(SECTORS * SECTOR)
    medium = MediumFile(path)
    return WriteCache(medium, capacity=capacity, sector=SECTOR, random=Random(seed)), medium


def sectors_of(source: WriteCache | MediumFile, first: int = 0, count: int = SECTORS) -> list[bytes]:
    buffer = bytearray(b"\xee" * count * SECTOR)
    source.read_into(first * SECTOR, memoryview(buffer))
    return [bytes(buffer[i * SECTOR : (i + 1) * SECTOR]) for i in range(count)]


@given(steps=operations, capacity=st.integers(0, 8 * SECTOR), seed=st.integers(0, 99), window=ranges)
@settings(max_examples=150, deadline=None)
def test_cache_against_a_model(
    steps: list[tuple[str, tuple[int, int]]], capacity: int, seed: int, window: tuple[int, int]
) -> None:
    with TemporaryDirectory() as name:
        cache, medium = make_cache(Path(name), capacity, seed)
        now = [BLANK] * SECTORS
        possible = [{BLANK} for _ in range(SECTORS)]  # what each sector of the medium may hold
        for version, (step, (first, count)) in enumerate(steps, start=1):
            if step == "write":
                cache.write(first * SECTOR, memoryview(content(version, first, count)))
                for index in range(first, first + count):
                    now[index] = content(version, index)
                    possible[index].add(now[index])
            elif step == "flush":
                cache.flush()
                assert sectors_of(medium) == now
                possible = [{data} for data in now]
            else:
                cache.lose()
                now = sectors_of(medium)
                assert all(data in allowed for data, allowed in zip(now, possible, strict=True))
                possible = [{data} for data in now]
            assert cache.held <= capacity
            assert sectors_of(cache) == now
            assert sectors_of(cache, *window) == now[window[0] : window[0] + window[1]]
            assert all(data in allowed for data, allowed in zip(sectors_of(medium), possible, strict=True))
        medium.close()


def test_a_power_cut_loses_keeps_and_tears(tmp_path: Path) -> None:
    kept, torn, lost = 0, 0, 0
    for seed in range(40):
        cache, medium = make_cache(tmp_path, SECTORS * SECTOR, seed)
        cache.write(0, memoryview(content(7, 0, SECTORS)))
        cache.lose()
        survived = sum(data == content(7, index) for index, data in enumerate(sectors_of(medium)))
        assert survived + sectors_of(medium).count(BLANK) == SECTORS
        kept += survived == SECTORS
        torn += 0 < survived < SECTORS
        lost += survived == 0
        assert cache.held == 0
        medium.close()
    assert min(kept, torn, lost) > 3


def test_writing_out_is_not_in_the_order_of_writing(tmp_path: Path) -> None:
    cache, medium = make_cache(tmp_path, SECTORS * SECTOR // 2, seed=1)
    for index in range(SECTORS):
        cache.write(index * SECTOR, memoryview(content(index + 1)))
    on_medium = [data != BLANK for data in sectors_of(medium)]
    assert on_medium.count(True) == SECTORS // 2
    assert on_medium != sorted(on_medium, reverse=True)
    medium.close()


def test_without_capacity_everything_is_on_the_medium_at_once(tmp_path: Path) -> None:
    cache, medium = make_cache(tmp_path, 0, seed=1)
    cache.write(SECTOR, memoryview(content(5) * 3))
    assert sectors_of(medium, 1, 3) == [content(5)] * 3
    medium.close()


def test_a_medium_shorter_than_the_drive_is_an_error(tmp_path: Path) -> None:
    cache, medium = make_cache(tmp_path, 0, seed=1)
    with pytest.raises(OSError, match="shorter than the drive"):
        sectors_of(cache, SECTORS, 1)
    medium.close()
