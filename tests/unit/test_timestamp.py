"""Time stamps from a real authority (`openssl ts`), and what is made of answers that are none."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.authorities import load_authorities
from bench.messages import BenchError
from bench.timestamp import MAX_TOKEN, StampError, read_token, request_for, token_in
from drivers.time_authority import HttpTimeAuthority
from support.time_authority import Authority, make_authority, stamp_of, time_authority

DIGEST = hashlib.sha256(b"a signature").digest()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    with time_authority(tmp_path_factory.mktemp("tsa") / "own") as authority:
        yield authority


@pytest.fixture
def authority(running: Authority) -> Authority:
    running.answer, running.asked = "stamp", 0
    return running


def client(authority: Authority, timeout: float = 5.0) -> HttpTimeAuthority:
    return HttpTimeAuthority(url=authority.url, timeout=timeout, authorities=load_authorities(authority.ca))


async def test_a_stamp_is_what_openssl_takes_it_for(authority: Authority, tmp_path: Path) -> None:
    token = await client(authority).stamp(DIGEST)
    assert authority.asked == 1
    (tmp_path / "token").write_bytes(token)
    assert "Verification: OK" in openssl_ts(tmp_path / "token", DIGEST, authority.ca)
    assert "Verification: FAILED" in openssl_ts(tmp_path / "token", hashlib.sha256(b"another").digest(), authority.ca)


def openssl_ts(token: Path, digest: bytes, ca: Path) -> str:
    line = ["openssl", "ts", "-verify", "-digest", digest.hex(), "-in", str(token), "-token_in", "-CAfile", str(ca)]
    done = subprocess.run(line, capture_output=True, text=True, check=False, timeout=30)
    return done.stdout + done.stderr


def test_a_stamp_tells_time_and_authority(authority: Authority) -> None:
    token = stamp_of(authority, DIGEST)
    stamp = read_token(token, DIGEST, load_authorities(authority.ca))
    assert abs(stamp.at.timestamp() - time.time()) < 60
    assert (stamp.authority, stamp.trusted) == ("Essai TSA", True)
    assert not read_token(token, DIGEST).trusted


def test_a_stamp_about_something_else_is_refused(authority: Authority) -> None:
    with pytest.raises(StampError) as refused:
        read_token(stamp_of(authority, DIGEST), bytes(32))
    assert refused.value.messages[0].id == "stamp-other-digest"


@pytest.mark.parametrize("token", [b"", b"0", b"\x30\x03\x02\x01\x00", b"\x30\x80" * 10_000])
def test_what_is_no_token_is_refused(token: bytes) -> None:
    with pytest.raises(StampError) as refused:
        read_token(token, DIGEST)
    assert refused.value.messages[0].id == "stamp-unreadable"


def test_an_altered_token_is_refused(authority: Authority) -> None:
    token = bytearray(stamp_of(authority, DIGEST))
    token[-3] ^= 1
    with pytest.raises(StampError) as refused:
        read_token(bytes(token), DIGEST)
    assert refused.value.messages[0].id == "stamp-altered"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("refuse", "stamp-refused"),
        ("garble", "stamp-unreadable"),
        ("other", "stamp-other-question"),
        ("huge", "stamp-unreadable"),
        ("fail", "stamp-unreachable"),
    ],
)
async def test_bad_answers_are_named(authority: Authority, answer: str, expected: str) -> None:
    authority.answer = answer
    with pytest.raises(BenchError) as refused:
        await client(authority).stamp(DIGEST)
    assert refused.value.messages[0].id == expected


async def test_a_silent_authority_is_given_up_in_time(authority: Authority) -> None:
    authority.answer = "hang"
    begun = time.monotonic()
    with pytest.raises(StampError) as refused:
        await client(authority, timeout=0.4).stamp(DIGEST)
    assert 0.3 < time.monotonic() - begun < 3
    assert refused.value.messages[0].id == "stamp-unreachable"
    assert refused.value.messages[0].params["why"]


async def test_nobody_at_the_address_is_named() -> None:
    nobody = HttpTimeAuthority(url="http://127.0.0.1:9/tsa", timeout=2.0)
    with pytest.raises(StampError) as refused:
        await nobody.stamp(DIGEST)
    assert refused.value.messages[0].id == "stamp-unreachable"


async def test_an_authority_that_was_not_asked_for_is_refused(authority: Authority, tmp_path: Path) -> None:
    make_authority(tmp_path / "other")
    trusting = HttpTimeAuthority(
        url=authority.url, timeout=5.0, authorities=load_authorities(tmp_path / "other" / "ca.crt")
    )
    with pytest.raises(StampError) as refused:
        await trusting.stamp(DIGEST)
    # Of the same name, but not the same.
    assert refused.value.messages[0].id == "stamp-other-authority"


def test_each_question_is_another() -> None:
    one, two = request_for(DIGEST), request_for(DIGEST)
    assert one.nonce != two.nonce
    with pytest.raises(StampError):
        token_in(bytes(MAX_TOKEN), one, ())


def test_files_of_authorities_are_read_or_refused(authority: Authority, tmp_path: Path) -> None:
    both = tmp_path / "both.pem"
    shutil.copy(authority.ca, both)
    with both.open("ab") as file:
        file.write((authority.folder / "tsa.crt").read_bytes())
    assert len(load_authorities(both)) == 2
    (tmp_path / "none").write_text("nothing", encoding="utf-8")
    for name, expected in (("none", "stamp-ca-not-pem"), ("nowhere", "stamp-ca-unreadable")):
        with pytest.raises(BenchError) as refused:
            load_authorities(tmp_path / name)
        assert refused.value.messages[0].id == expected
