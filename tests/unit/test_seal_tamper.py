"""A sealed PDF with any of its bytes changed: each change is detected, and none lies outside what is checked.

The seal's padding, which no signature covers, must be zeros, and its digits must be written in the one usual way. Only
in a time stamp may a few bytes change unnoticed: those that the authority itself did not sign, such as certificates
that it sent along and that nothing was decided by.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from asn1crypto import cms

from bench.verification import Overall, verify
from support import evidence_samples as sample
from support import sealed_samples as samples
from support.time_authority import stamp_of, time_authority
from ui.paper import seal
from ui.paper.check import check_seal
from ui.paper.verify import verify_pdf

STEP = 37


@pytest.fixture(scope="module")
def sealed() -> bytes:
    return samples.sealed(samples.page())


def is_detected(pdf: bytes) -> bool:
    report = verify_pdf(check_seal(pdf), lambda text: verify(text, [sample.KEY.public]))
    return report.overall in {Overall.ALTERED, Overall.UNREADABLE}


def undetected(pdf: bytes, places: Iterable[int], flips: Iterable[int]) -> list[tuple[int, int]]:
    """The places and flips that go unnoticed. What verifying asks for the same is asked once only."""
    flips, missed = tuple(flips), []
    for at in places:
        for flip in flips:
            changed = bytearray(pdf)
            changed[at] ^= flip
            if not is_detected(bytes(changed)):
                missed.append((at, flip))
    return missed


def test_the_sample_itself_is_intact(sealed: bytes) -> None:
    assert not is_detected(sealed)


def interesting(pdf: bytes) -> list[int]:
    """The header, the signature dictionary, the seal with the beginning and end of its padding, the file's end."""
    start, end = samples.hole_of(pdf)
    used = start + 1 + 2 * len(samples.seal_in(pdf))
    parts = (
        range(20),
        range(start - 60, start + 3),
        range(start + 3, used, 7),
        range(used - 6, used + 4),
        range(end - 3, end + 90),
        range(len(pdf) - 20, len(pdf)),
    )
    return [at for part in parts for at in part]


def test_no_byte_of_the_interesting_places_can_be_changed(sealed: bytes) -> None:
    assert undetected(sealed, interesting(sealed), (0x01,)) == []


def test_no_digit_of_the_seal_can_be_written_otherwise(sealed: bytes) -> None:
    start, _ = samples.hole_of(sealed)
    letters = [at for at in range(start + 1, start + 400) if sealed[at] in b"abcdef"]
    assert len(letters) > 25
    assert undetected(sealed, letters[::5], (0x20,)) == []


@pytest.mark.slow
def test_no_thirty_seventh_byte_can_be_changed(sealed: bytes) -> None:
    assert undetected(sealed, range(0, len(sealed), STEP), (0x01,)) == []


@pytest.mark.soak
@pytest.mark.parametrize("flip", [0x01, 0x20, 0xFF])
def test_no_byte_at_all_can_be_changed(sealed: bytes, flip: int) -> None:
    assert undetected(sealed, range(len(sealed)), (flip,)) == []


def test_in_a_time_stamp_only_what_its_authority_did_not_sign_can_be_changed(tmp_path: Path) -> None:
    prepared = seal.prepare(samples.page(), at=samples.AT, words=samples.WORDS)
    made = seal.sign(samples.KEY, prepared.digest)
    with time_authority(tmp_path / "tsa") as authority:
        token = stamp_of(authority, seal.imprint(made))
    stamped = seal.stamped(made, token)
    pdf = prepared.filled(stamped)
    first = samples.hole_of(pdf)[0] + 1
    places = range(len(stamped) - len(token), len(stamped), 3)
    missed = {at for at, _ in undetected(pdf, (first + 2 * at + 1 for at in places), (0x01,))}
    loose = loose_places(token)
    found = {(at - first) // 2 - (len(stamped) - len(token)) for at in missed}
    assert found <= loose, sorted(found - loose)
    assert 0 < len(found) <= len(loose) < len(token) / 2


def loose_places(token: bytes) -> set[int]:
    """Bytes of a token that its signature is not over: versions, lists of algorithms, certificates sent along.

    The signer's own certificate is named by its digest in what is signed.
    """
    data = cms.ContentInfo.load(token)["content"]
    signer = data["signer_infos"][0]
    own = next(item for item in data["certificates"] if item.chosen.subject.native["common_name"] == "Essai TSA")
    signed = (data["encap_content_info"], own, signer["signed_attrs"], signer["signature"])
    loose = set(range(len(token)))
    for part in (item.dump() for item in signed):
        at = token.index(part)
        loose -= set(range(at, at + len(part)))
    return loose
