"""The key list: how it is written, that any change of it is found, and who can be reached from whom."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import rfc8785
from cryptography.exceptions import InvalidSignature
from hypothesis import given, settings
from hypothesis import strategies as st

from bench import key_ring
from bench.key_history import first_list, with_revocation, with_successor
from bench.key_list import KeyList, KeyListError, Standing, key_list_bytes, read_key_list
from bench.key_ring import KeyRing
from bench.keys import StationKey
from bench.record.publish import schemas
from bench.seal_key import new_seal
from support import evidence_samples
from support import key_samples as sample

START = "2026-05-04T10:20:30+00:00"
BORDERS = ["2026-06-03T10:20:30.000+00:00", "2026-07-03T10:20:30.000+00:00"]


@pytest.fixture(scope="module")
def rings(tmp_path_factory: pytest.TempPathFactory) -> list[KeyRing]:
    return sample.rotated(tmp_path_factory.mktemp("keys"), 2)


@pytest.fixture(scope="module")
def content(rings: list[KeyRing]) -> bytes:
    return key_list_bytes(rings[-1].listed)


def refusal(content: bytes) -> str:
    with pytest.raises(KeyListError) as caught:
        read_key_list(content)
    return caught.value.messages[0].id


def signed(fields: dict[str, Any], key: StationKey) -> bytes:
    """A list with any fields, signed as it should be."""
    body = {name: value for name, value in fields.items() if name != "signature"}
    value = base64.b64encode(key.private.sign(rfc8785.dumps(body))).decode()
    signature = {"algorithm": "Ed25519", "key": key.fingerprint, "value": value}
    return rfc8785.dumps({**body, "signature": signature})


def test_its_form_is_the_one_that_is_published(rings: list[KeyRing], content: bytes) -> None:
    fields = json.loads(content)
    jsonschema.validate(fields, json.loads(schemas()["keys-1.schema.json"]))
    assert list(fields) == ["format", "keys", "signature", "station"]
    assert (fields["format"], fields["station"]) == ("tablerase-keys-1", sample.STATION)
    assert [item["status"] for item in fields["keys"]] == ["retired", "retired", "current"]
    assert [item["from"] for item in fields["keys"]] == [START, *BORDERS]
    assert [item["until"] for item in fields["keys"]] == [
        *BORDERS,
        {"absent": "not-applicable"},
    ]
    assert fields["keys"][0]["succession"] == {"absent": "not-applicable"}
    for item, ring in zip(fields["keys"], rings, strict=True):
        raw = base64.b64decode(item["public_key"])
        assert hashlib.sha256(raw).hexdigest() == item["fingerprint"] == ring.station.fingerprint
        assert hashlib.sha256(base64.b64decode(item["seal_certificate"])).hexdigest() == ring.seal.digest


def test_signatures_are_over_what_the_description_says(rings: list[KeyRing], content: bytes) -> None:
    fields = json.loads(content)
    signature = base64.b64decode(fields.pop("signature")["value"])
    rings[-1].station.public.verify(signature, rfc8785.dumps(fields))
    for before, ring, item in zip(rings, rings[1:], fields["keys"][1:], strict=False):
        lines = ["tablerase-succession", sample.STATION, ring.station.fingerprint, ring.seal.digest, item["from"], ""]
        before.station.public.verify(base64.b64decode(item["succession"]), "\n".join(lines).encode())
        with pytest.raises(InvalidSignature):
            before.station.public.verify(base64.b64decode(item["succession"]), "\n".join(lines[:-1]).encode())


def test_it_is_read_as_it_was_written(rings: list[KeyRing], content: bytes) -> None:
    assert read_key_list(content) == rings[-1].listed
    for ring in rings:
        assert read_key_list(content, ring.station.public) == rings[-1].listed
    with pytest.raises(KeyListError) as caught:
        read_key_list(content, evidence_samples.OTHER_KEY.public)
    assert caught.value.messages[0].id == "key-list-not-pinned"


@settings(max_examples=400)
@given(place=st.integers(0, 10**6), value=st.integers(1, 255))
def test_any_changed_byte_is_found(content: bytes, place: int, value: int) -> None:
    changed = bytearray(content)
    changed[place % len(content)] ^= value
    with pytest.raises(KeyListError):
        read_key_list(bytes(changed))


@settings(max_examples=200)
@given(start=st.integers(0, 10**6), length=st.integers(1, 200), put=st.binary(max_size=8))
def test_any_cut_is_found(content: bytes, start: int, length: int, put: bytes) -> None:
    start %= len(content)
    changed = content[:start] + put + content[start + length :]
    if changed != content:
        with pytest.raises(KeyListError):
            read_key_list(changed)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"", "key-list-unreadable"),
        (b"{}", "key-list-unreadable"),
        (b"[]", "key-list-unreadable"),
        (b'{"format":"tablerase-keys-1","format":"tablerase-keys-1"}', "key-list-unreadable"),
        (b'{"station":"\\ud800"}', "key-list-unreadable"),
        (b"{" * 100_000, "key-list-unreadable"),
        (b" " * 2_000_000, "key-list-unreadable"),
    ],
)
def test_hostile_input_is_refused_in_words(text: bytes, expected: str) -> None:
    assert refusal(text) == expected


def test_another_spelling_is_not_the_list(content: bytes) -> None:
    assert refusal(json.dumps(json.loads(content)).encode()) == "key-list-form"
    assert refusal(content + b"\n") == "key-list-form"


def _retire_last(fields: dict[str, Any]) -> None:
    fields["keys"][-1] |= {"status": "retired", "until": sample.at(90).isoformat()}


def _end_current(fields: dict[str, Any]) -> None:
    fields["keys"][-1]["until"] = sample.at(90).isoformat()


def _no_end(fields: dict[str, Any]) -> None:
    fields["keys"][0]["until"] = {"absent": "not-applicable"}


def _no_reason(fields: dict[str, Any]) -> None:
    fields["keys"][0] |= {"status": "revoked", "reason": {"absent": "not-applicable"}}


def _two_current(fields: dict[str, Any]) -> None:
    absent = {"absent": "not-applicable"}
    fields["keys"][1] |= {"status": "current", "until": absent, "reason": absent}


def _twice(fields: dict[str, Any]) -> None:
    fields["keys"].insert(0, fields["keys"][0])


def _other_fingerprint(fields: dict[str, Any]) -> None:
    fields["keys"][0]["fingerprint"] = "00" * 32


def _other_seal(fields: dict[str, Any]) -> None:
    fields["keys"][0]["seal_certificate"] = fields["keys"][1]["seal_certificate"]


def _no_certificate(fields: dict[str, Any]) -> None:
    fields["keys"][0]["seal_certificate"] = base64.b64encode(b"no certificate").decode()


def _later_start(fields: dict[str, Any]) -> None:
    fields["keys"][1]["from"] = sample.at(31).isoformat()


def _skip_one(fields: dict[str, Any]) -> None:
    del fields["keys"][1]


def _vouched_first(fields: dict[str, Any]) -> None:
    fields["keys"][0]["succession"] = fields["keys"][1]["succession"]


def _other_station(fields: dict[str, Any]) -> None:
    fields["station"] = "atelier-2"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (_retire_last, "key-list-status"),
        (_end_current, "key-list-status"),
        (_no_end, "key-list-status"),
        (_no_reason, "key-list-status"),
        (_two_current, "key-list-status"),
        (_twice, "key-list-key"),
        (_other_fingerprint, "key-list-key"),
        (_other_seal, "key-list-seal"),
        (_no_certificate, "key-list-seal"),
        (_later_start, "key-list-succession"),
        (_skip_one, "key-list-succession"),
        (_vouched_first, "key-list-succession"),
        (_other_station, "key-list-succession"),
    ],
)
def test_not_even_the_station_can_sign_a_list_that_contradicts_itself(
    rings: list[KeyRing], content: bytes, change: Callable[[dict[str, Any]], None], expected: str
) -> None:
    fields = json.loads(content)
    change(fields)
    assert refusal(signed(fields, rings[-1].station)) == expected


def test_only_the_current_key_signs_the_list(rings: list[KeyRing], content: bytes) -> None:
    assert refusal(signed(json.loads(content), rings[0].station)) == "key-list-signature"


def test_a_list_without_seals_is_a_list(rings: list[KeyRing]) -> None:
    """A seal may be unrecorded; what is vouched for is then the lack of it."""
    ring = rings[0]
    fields = json.loads(key_list_bytes(first_list(sample.STATION, ring.station, ring.seal)))
    fields["keys"][0]["seal_certificate"] = {"absent": "not-recorded"}
    listed = read_key_list(signed(fields, ring.station))
    assert (listed.current.seal, listed.current.seal_digest) == (None, "")


def test_what_a_list_says_of_a_key(rings: list[KeyRing]) -> None:
    names = [ring.station.fingerprint for ring in rings]
    listed = with_revocation(rings[-1].listed, rings[-1].station, names[0], "Volée", sample.at(3).isoformat())
    assert read_key_list(key_list_bytes(listed)) == listed
    assert [listed.standing(name) for name in (*names, "00" * 32)] == [
        Standing.REVOKED,
        Standing.RETIRED,
        Standing.CURRENT,
        Standing.UNKNOWN,
    ]
    for name, expected in (("00" * 32, "unlisted"), (names[0], "revoked"), (names[2], "current")):
        with pytest.raises(KeyListError) as caught:
            with_revocation(listed, rings[-1].station, name, "Volée", sample.at(3).isoformat())
        assert caught.value.messages[0].id == f"keys-revoke-{expected}"


def test_a_walk_forward_ends_at_a_revoked_key(rings: list[KeyRing]) -> None:
    names = [ring.station.fingerprint for ring in rings]
    listed = rings[-1].listed
    assert [listed.is_anchored_in([name]) for name in (*names, "00" * 32)] == [True, True, True, False]
    listed = with_revocation(listed, rings[-1].station, names[1], "Volée", sample.at(40).isoformat())
    assert [listed.is_anchored_in([name]) for name in names] == [False, False, True]


def test_a_thief_of_an_old_key_cannot_continue_somebody_elses_list(rings: list[KeyRing], tmp_path: Path) -> None:
    """A list of a thief's own making holds together; whoever pinned a later key sees that it is not theirs."""
    ring = rings[0]
    thief = key_ring.load_or_create(tmp_path, station="x", organisation="", at=sample.at(1))
    forged = with_successor(
        first_list(sample.STATION, ring.station, ring.seal),
        ring.station,
        thief.station,
        new_seal(station=sample.STATION, fingerprint=thief.station.fingerprint, organisation="", at=sample.at(1)),
        reason="oups",
        since=sample.at(1).isoformat(),
    )
    assert isinstance(read_key_list(key_list_bytes(forged)), KeyList)
    with pytest.raises(KeyListError):
        read_key_list(key_list_bytes(forged), rings[1].station.public)
