"""Signed tree heads: the C2SP texts, and what is refused."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from bench.ledger.note import (
    MAX_NOTE,
    HeadError,
    TreeHead,
    decode_base64,
    key_id,
    open_head,
    open_text,
    origin_of,
    read_head,
    sign_head,
    sign_text,
)
from support.evidence_samples import KEY, OTHER_KEY

HEAD = TreeHead(origin="tablerase/atelier-1", size=1207, root=bytes(range(32)), time="2026-05-04T10:20:30.123+00:00")
NOTE = sign_head(HEAD, KEY.private)

# The worked example of the original signed-note library (Go, golang.org/x/mod/sumdb/note).
GO_NAME = "PeterNeumann"
GO_KEY = "ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def test_a_note_signed_by_another_implementation_is_read() -> None:
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(GO_KEY)[1:])
    assert key_id(GO_NAME, public).hex() == "c74f20a3"
    assert open_text(GO_NOTE, GO_NAME, public).endswith("what your problem is.\n")


def test_a_head_is_five_lines_of_text() -> None:
    body, signature = NOTE.split("\n\n")
    assert body.split("\n") == [
        "tablerase/atelier-1",
        "1207",
        base64.b64encode(bytes(range(32))).decode(),
        "time 2026-05-04T10:20:30.123+00:00",
    ]
    assert signature.startswith("— tablerase/atelier-1 ")
    assert signature.endswith("\n")


def test_a_signed_head_opens_with_its_key() -> None:
    assert open_head(NOTE, KEY.public) == HEAD == read_head(NOTE)


def test_the_signatures_of_witnesses_are_passed_over() -> None:
    witness = sign_text(HEAD.body, "witness.example/w", OTHER_KEY.private).split("\n\n")[1]
    body, signature = NOTE.split("\n\n")
    assert open_head(f"{body}\n\n{witness}{signature}", KEY.public) == HEAD


def test_every_changed_byte_is_noticed() -> None:
    raw = NOTE.encode()
    for place in range(len(raw)):
        changed = bytearray(raw)
        changed[place] ^= 1
        with pytest.raises(HeadError):
            open_head(changed.decode("utf-8", "replace"), KEY.public)


def test_another_key_is_named_as_such() -> None:
    with pytest.raises(HeadError) as caught:
        open_head(NOTE, OTHER_KEY.public)
    assert caught.value.messages[0].id == "ledger-head-other-key"


def test_an_altered_head_is_named_as_such() -> None:
    with pytest.raises(HeadError) as caught:
        open_head(NOTE.replace("1207", "1206"), KEY.public)
    assert caught.value.messages[0].id == "ledger-head-altered"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        NOTE.rstrip("\n"),
        NOTE.replace("\n\n", "\n"),
        NOTE.replace("1207", "01207"),
        NOTE.replace("1207", "-1"),
        NOTE.replace("time ", "when "),
        NOTE.replace("+00:00\n", "\n"),
        NOTE.replace("— ", "- "),
        NOTE + "x" * MAX_NOTE,
        HEAD.body + "\n" + "— a AAAAAAA=\n" * 17,
        HEAD.body + "\n— a b\n",
    ],
)
def test_what_is_no_head_is_refused(text: str) -> None:
    with pytest.raises(HeadError):
        open_head(text, KEY.public)


@pytest.mark.parametrize("text", ["AB==", "A", "QUJD\n", "QU JD", "é"])
def test_base64_has_one_spelling(text: str) -> None:
    with pytest.raises(ValueError, match="base64"):
        decode_base64(text)


def test_a_station_of_any_name_has_an_origin() -> None:
    origin = origin_of("Atelier + été")
    assert origin == "tablerase/Atelier%20%2B%20%C3%A9t%C3%A9"
    TreeHead(origin=origin, size=0, root=bytes(32), time=HEAD.time)


@pytest.mark.parametrize("origin", ["", "a b", "a+b", "a\n", "a\N{NO-BREAK SPACE}b"])
def test_an_origin_fits_a_signature_line(origin: str) -> None:
    with pytest.raises(ValueError, match="origin"):
        TreeHead(origin=origin, size=0, root=bytes(32), time=HEAD.time)


@pytest.mark.parametrize("body", ["", "no newline", "two\n\nparts\n"])
def test_what_could_not_be_read_again_is_not_signed(body: str) -> None:
    with pytest.raises(ValueError, match="lines"):
        sign_text(body, "name", KEY.private)


def test_a_head_says_when() -> None:
    with pytest.raises(ValueError, match="offset"):
        TreeHead(origin="a", size=0, root=bytes(32), time="2026-05-04T10:20:30")
