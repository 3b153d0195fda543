"""What a signature is worth, by the keys that a reader trusts and the list they were given."""

from __future__ import annotations

import pytest

from bench.key_history import with_revocation
from bench.key_list import KeyList, KeyListError
from bench.key_ring import KeyRing
from bench.trust import Confidence, Trust
from support import evidence_samples
from support import key_samples as sample

KNOWN, UNKNOWN, DOUBTFUL, REVOKED = Confidence.KNOWN, Confidence.UNKNOWN, Confidence.DOUBTFUL, Confidence.REVOKED


@pytest.fixture(scope="module")
def rings(tmp_path_factory: pytest.TempPathFactory) -> list[KeyRing]:
    """Three keys: in use from day 0, 30 and 60."""
    return sample.rotated(tmp_path_factory.mktemp("keys"), 2)


@pytest.fixture(scope="module")
def revoked(rings: list[KeyRing]) -> KeyList:
    """The list with the second key revoked from day 40 on."""
    return with_revocation(
        rings[2].listed, rings[2].station, rings[1].station.fingerprint, "Volée", sample.at(40).isoformat()
    )


def weigh(trust: Trust, ring: KeyRing, day: int) -> tuple[Confidence, str]:
    weighed = trust.weigh(ring.station.public, sample.at(day).isoformat())
    return weighed.confidence, weighed.message.id


@pytest.mark.parametrize("pinned", [(), (0,), (1,), (2,)])
def test_the_list_reaches_every_key_from_any(rings: list[KeyRing], pinned: tuple[int, ...]) -> None:
    trust = Trust(pinned=[rings[n].station.public for n in pinned], key_list=rings[2].listed)
    assert weigh(trust, rings[0], 10) == (KNOWN, "check-key-retired")
    assert weigh(trust, rings[0], 31) == (DOUBTFUL, "check-key-retired-late")
    assert weigh(trust, rings[1], 40) == (KNOWN, "check-key-retired")
    assert weigh(trust, rings[2], 70) == (KNOWN, "check-key-passed")
    assert len(trust.publics()) == 3


def test_without_a_list_only_the_pinned_key_is_known(rings: list[KeyRing]) -> None:
    trust = Trust(pinned=[rings[0].station.public])
    assert weigh(trust, rings[0], 10) == (KNOWN, "check-key-passed")
    assert weigh(trust, rings[1], 40) == (UNKNOWN, "check-key-unknown")
    assert weigh(Trust(), rings[0], 10) == (UNKNOWN, "check-key-unknown")
    stranger = Trust(key_list=rings[2].listed).weigh(evidence_samples.OTHER_KEY.public, None)
    assert (stranger.confidence, stranger.message.id) == (UNKNOWN, "check-key-unknown")


def test_a_revoked_key_is_red_from_its_day_and_amber_before(rings: list[KeyRing], revoked: KeyList) -> None:
    for pinned in ([], [rings[1].station.public], [rings[2].station.public]):
        trust = Trust(pinned=pinned, key_list=revoked)
        assert weigh(trust, rings[1], 39) == (DOUBTFUL, "check-key-revoked-later")
        assert weigh(trust, rings[1], 40) == (REVOKED, "check-key-revoked")
    undated = Trust(key_list=revoked).weigh(rings[1].station.public, None)
    assert undated.confidence is REVOKED
    assert undated.message.params["reason"] == "Volée"


def test_what_only_a_revoked_key_vouches_for_is_amber(rings: list[KeyRing], revoked: KeyList) -> None:
    early = Trust(pinned=[rings[0].station.public], key_list=revoked)
    assert weigh(early, rings[2], 70) == (UNKNOWN, "check-key-behind-revoked")
    assert weigh(early, rings[0], 10) == (KNOWN, "check-key-passed")
    assert len(early.publics()) == 1
    late = Trust(pinned=[rings[2].station.public], key_list=revoked)
    assert weigh(late, rings[2], 70) == (KNOWN, "check-key-passed")
    assert weigh(late, rings[0], 10) == (KNOWN, "check-key-retired")


def test_a_list_of_another_station_is_refused(rings: list[KeyRing]) -> None:
    with pytest.raises(KeyListError) as caught:
        Trust(pinned=[evidence_samples.OTHER_KEY.public], key_list=rings[2].listed)
    assert caught.value.messages[0].id == "key-list-not-pinned"


def test_offsets_of_time_are_understood(rings: list[KeyRing]) -> None:
    trust = Trust(key_list=rings[2].listed)
    public = rings[0].station.public  # Replaced on 3 June at 10:20:30 UTC.
    assert trust.weigh(public, "2026-06-03T12:20:29.999+02:00").confidence is KNOWN
    assert trust.weigh(public, "2026-06-03T12:20:30+02:00").confidence is KNOWN
    assert trust.weigh(public, "2026-06-03T12:20:30.001+02:00").confidence is DOUBTFUL
