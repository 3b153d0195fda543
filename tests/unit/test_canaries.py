"""Canaries: where they lie, what they hold, what counts as survived."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import canaries
from bench.canaries import Area, Place

SEED = "ab" * 32
MIB = 1 << 20
WHOLE = Area(nsid=0, size=64 * MIB, block=512)
SPACES = (
    Area(nsid=1, size=MIB, block=512),
    Area(nsid=2, size=4 * MIB, block=4096),
    Area(nsid=7, size=4096, block=4096),
)
areas = st.lists(
    st.builds(lambda nsid, blocks, block: Area(nsid=nsid, size=blocks * block, block=block),
              st.integers(0, 9), st.integers(1, 5000), st.sampled_from([512, 4096])),
    min_size=1, max_size=4, unique_by=lambda area: area.nsid,
)  # fmt: skip


@given(areas, st.integers(0, 300), st.binary(min_size=1, max_size=32))
def test_places_are_blocks_of_the_areas_with_both_ends_of_each(areas: list[Area], count: int, seed: bytes) -> None:
    found = canaries.places(areas, count, seed.hex())
    blocks = sum(area.size // area.block for area in areas)
    assert list(found) == sorted(set(found))
    assert len(found) >= min(count, blocks)
    by_nsid = {area.nsid: area for area in areas}
    for place in found:
        area = by_nsid[place.nsid]
        assert place.length == area.block
        assert place.offset % area.block == 0
        assert place.offset + place.length <= area.size
    for area in areas:
        offsets = {place.offset for place in found if place.nsid == area.nsid}
        assert {0, area.size - area.block} <= offsets
    assert canaries.places(areas, count, seed.hex()) == found


def test_places_lie_all_over_and_elsewhere_for_another_seed() -> None:
    found = canaries.places([WHOLE], 64, SEED)
    assert len(found) == 64
    quarters = [sum(place.offset // (16 * MIB) == quarter for place in found) for quarter in range(4)]
    assert min(quarters) >= 5
    other = canaries.places([WHOLE], 64, "cd" * 32)
    assert len(set(found) & set(other)) < 6


def test_every_namespace_has_its_share() -> None:
    found = canaries.places(SPACES, 64, SEED)
    assert {place.nsid for place in found} == {1, 2, 7}
    assert len(found) == 64


@pytest.mark.parametrize(
    ("wrong", "seed"),
    [
        ((), SEED),
        ((Area(nsid=0, size=700, block=512),), SEED),
        ((Area(nsid=0, size=0, block=512),), SEED),
        ((WHOLE,), ""),
    ],
)
def test_what_has_no_places_is_refused(wrong: tuple[Area, ...], seed: str) -> None:
    with pytest.raises(ValueError, match="canaries"):
        canaries.places(wrong, 64, seed)


def test_content_and_hash_can_be_computed_again_by_anybody() -> None:
    place = Place(2, 4096, 512)
    where = (2).to_bytes(8, "big") + (4096).to_bytes(8, "big")
    wanted = hashlib.shake_256(bytes.fromhex(SEED) + b"content" + where).digest(512)
    assert canaries.content(SEED, place) == wanted
    key = hashlib.sha256(bytes.fromhex(SEED) + b"hash").digest()
    assert canaries.digest(SEED, wanted) == hmac.new(key, wanted, "sha256").hexdigest()


def test_every_place_and_job_has_its_own_content() -> None:
    where = canaries.places(SPACES, 64, SEED)
    held = {canaries.content(seed, place) for seed in (SEED, "cd" * 32) for place in where}
    assert len(held) == 2 * len(where)
    assert not any(canaries.is_blank(block) for block in held)


@pytest.mark.parametrize("block", [b"", b"\0" * 512, b"\xff" * 4096, b"\x92\x49" * 256, bytes(range(16)) * 32])
def test_blank_blocks(block: bytes) -> None:
    assert canaries.is_blank(block)


@pytest.mark.parametrize("block", [b"\0" * 511 + b"\1", bytes(range(32)) * 16, b"\0" * 256 + b"\1" * 256])
def test_blocks_that_are_not_blank(block: bytes) -> None:
    assert not canaries.is_blank(block)


def test_kept_are_what_only_this_drive_holds() -> None:
    file, twice = b"letter " * 73 + b"!", bytes(range(64)) * 8
    held = {Place(0, 0, 512): b"\0" * 512, Place(0, 512, 512): file, Place(0, 1024, 512): twice,
            Place(0, 1536, 512): twice}  # fmt: skip
    (only,) = canaries.kept(SEED, held)
    assert only.place == Place(0, 512, 512)
    assert only.digest == canaries.digest(SEED, file)


def stored() -> tuple[tuple[canaries.Canary, ...], dict[Place, bytes | None]]:
    where = canaries.places([WHOLE], 16, SEED)
    return canaries.planted(SEED, where), {place: canaries.content(SEED, place) for place in where}


def test_what_was_not_stored_is_found_before_it_is_relied_on() -> None:
    planted, read = stored()
    assert canaries.not_stored(SEED, planted, read) == ()
    lost, torn, unread = (planted[index].place for index in (0, 3, 9))
    content = read[torn]
    assert content is not None
    changed = read | {torn: content[:-1] + b"\0", unread: None}
    del changed[lost]
    assert canaries.not_stored(SEED, planted, changed) == (lost, torn, unread)


def test_nothing_is_left_of_an_erased_drive() -> None:
    planted, read = stored()
    blank: dict[Place, bytes | None] = dict.fromkeys(read, b"\x00" * 512)
    assert canaries.check(SEED, planted, blank) == canaries.CanaryCheck(checked=16, survivors=(), unread=())


@given(st.data())
def test_every_survivor_and_every_unread_place_is_found(data: st.DataObject) -> None:
    planted, before = stored()
    places = [canary.place for canary in planted]
    fates = data.draw(
        st.lists(st.sampled_from(["gone", "kept", "unread", "short", "absent"]), min_size=16, max_size=16)
    )
    made = {"gone": b"\0" * 512, "unread": None, "short": b"\0" * 100}
    read = {
        place: before[place] if fate == "kept" else made[fate]
        for place, fate in zip(places, fates, strict=True)
        if fate != "absent"
    }
    found = canaries.check(SEED, planted, read)
    assert found.survivors == tuple(p for p, fate in zip(places, fates, strict=True) if fate == "kept")
    unread = {"unread", "short", "absent"}
    assert found.unread == tuple(p for p, fate in zip(places, fates, strict=True) if fate in unread)


def test_a_canary_at_another_place_has_survived_too() -> None:
    planted, before = stored()
    first, second = planted[0].place, planted[1].place
    read: dict[Place, bytes | None] = {canary.place: b"\0" * 512 for canary in planted}
    read[first] = before[second]
    assert canaries.check(SEED, planted, read).survivors == (first,)
