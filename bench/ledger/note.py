"""Signed tree heads as text: C2SP tlog-checkpoint inside C2SP signed-note.

    tablerase/atelier-1
    1207
    <root, base64>
    time 2026-05-04T10:20:30.123+00:00

    — tablerase/atelier-1 <base64 of a 4-byte key id and an Ed25519 signature>

The fourth line is an extension line of the checkpoint format, so that the head's time is signed with it. Any tool
that reads these formats can check a head: the ledger needs no software of its own to be held to account.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from bench.ledger.merkle import HASH_SIZE
from bench.messages import BenchError, say

_ED25519 = b"\x01"
_KEY_ID_SIZE = 4
_SIGNATURE_SIZE = 64
_SIGNATURE_MARK = "— "
_TIME_MARK = "time "
_SIZE = re.compile(r"0|[1-9][0-9]{0,15}")
MAX_NOTE = 64 * 1024
"""Longest note read, in characters."""
_MAX_SIGNATURES = 16


class HeadError(BenchError):
    """A tree head that cannot be read, or whose signature does not hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeHead:
    """What a signed head says: whose ledger (`origin`), how many records, their root, and when it was signed."""

    origin: str
    size: int
    root: bytes
    time: str

    def __post_init__(self) -> None:
        if not _is_key_name(self.origin):
            raise ValueError(f"an origin has no spaces, control characters or '+': {self.origin!r}")
        if not _SIZE.fullmatch(str(self.size)) or len(self.root) != HASH_SIZE:
            raise ValueError("a tree head has a size and a SHA-256 root")
        if datetime.fromisoformat(self.time).tzinfo is None:
            raise ValueError(f"a tree head's time carries its offset: {self.time!r}")

    @property
    def body(self) -> str:
        """The signed text, with its final newline."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n{_TIME_MARK}{self.time}\n"


def origin_of(station: str) -> str:
    """The ledger's origin for a station: its name, with what a key name may not hold percent-encoded."""
    return f"tablerase/{quote(station, safe='')}"


def key_id(name: str, public: Ed25519PublicKey) -> bytes:
    """The four bytes by which a signature line names its key."""
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + public.public_bytes_raw()).digest()[:_KEY_ID_SIZE]


def sign_text(body: str, name: str, key: Ed25519PrivateKey) -> str:
    """A signed note: `body` (which ends with a newline), an empty line and one signature line."""
    if not body.endswith("\n") or "\n\n" in body or not _is_key_name(name):
        raise ValueError("a note is non-empty lines, each ended by a newline, signed under a plain name")
    value = base64.b64encode(key_id(name, key.public_key()) + key.sign(body.encode())).decode()
    return f"{body}\n{_SIGNATURE_MARK}{name} {value}\n"


def open_text(note: str, name: str, public: Ed25519PublicKey) -> str:
    """The body of a note that `public` signed as `name`. `HeadError` if it is no note or the signature fails.

    Signatures of other keys (witnesses) are passed over, as the format demands.
    """
    body, mark, signatures = note.rpartition("\n\n")
    lines = signatures.split("\n")
    if not mark or len(note) > MAX_NOTE or lines.pop() or not 0 < len(lines) <= _MAX_SIGNATURES:
        raise HeadError(say("ledger-head-unreadable"))
    body += "\n"
    wanted = key_id(name, public)
    for line in lines:
        signer, value = _signature_line(line)
        if signer != name or value[:_KEY_ID_SIZE] != wanted:
            continue
        try:
            public.verify(value[_KEY_ID_SIZE:], body.encode())
        except InvalidSignature:
            raise HeadError(say("ledger-head-altered", origin=name)) from None
        return body
    raise HeadError(say("ledger-head-other-key", origin=name))


def sign_head(head: TreeHead, key: Ed25519PrivateKey) -> str:
    """The head as a signed note; its origin is the key's name."""
    return sign_text(head.body, head.origin, key)


def open_head(note: str, public: Ed25519PublicKey) -> TreeHead:
    """The head that a note carries, after checking its signature. `HeadError` otherwise."""
    head = read_head(note)
    open_text(note, head.origin, public)
    return head


def read_head(note: str) -> TreeHead:
    """The head that a note carries, its signature NOT checked. `HeadError` if it is not a head of ours."""
    lines = note.partition("\n\n")[0].split("\n")
    try:
        origin, size, root, time = lines
        if not _SIZE.fullmatch(size) or not time.startswith(_TIME_MARK):
            raise HeadError(say("ledger-head-unreadable"))
        head = TreeHead(origin=origin, size=int(size), root=decode_base64(root), time=time.removeprefix(_TIME_MARK))
    except ValueError:
        raise HeadError(say("ledger-head-unreadable")) from None
    return head


def decode_base64(text: str) -> bytes:
    """Standard base64, exactly as an encoder writes it; `ValueError` for any other spelling of the same bytes."""
    try:
        value = base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error) as error:
        raise ValueError("not base64") from error
    if base64.b64encode(value).decode() != text:
        raise ValueError("base64 with stray bits")
    return value


def _signature_line(line: str) -> tuple[str, bytes]:
    name, _, encoded = line.removeprefix(_SIGNATURE_MARK).partition(" ")
    try:
        value = decode_base64(encoded)
    except ValueError:
        raise HeadError(say("ledger-head-unreadable")) from None
    if not line.startswith(_SIGNATURE_MARK) or not _is_key_name(name) or len(value) <= _KEY_ID_SIZE:
        raise HeadError(say("ledger-head-unreadable"))
    return name, value


def _is_key_name(name: str) -> bool:
    """Key names hold no Unicode spaces, control characters or `+`, and are not empty."""
    return bool(name) and not any(char == "+" or unicodedata.category(char)[0] in "ZC" for char in name)
