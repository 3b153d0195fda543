"""A backup of a station's keys, encrypted with a passphrase: the same text on a stick and on paper.

    01: 0M2D4 GT1GG … 8ZJKV  Q7YE
    02: …

Each line: its number, up to 25 bytes as forty characters of Crockford's base 32 (no I, L, O, U), and four more that
check number and bytes. The bytes of all lines are: `TRK1`, log2 of scrypt's n, a salt of 16 and a nonce of 12 bytes,
what ChaCha20-Poly1305 makes of the contents with those 33 bytes as associated data, and the first four bytes of the
SHA-256 of everything before. scrypt takes r=8, p=1 and the passphrase in NFKC, UTF-8. The contents are canonical JSON,
compressed with zlib: both private keys and the key list.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import re
import unicodedata
import zlib
from collections.abc import Iterator, Sequence
from typing import Annotated, Literal, TypeAlias

import rfc8785
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from pydantic import Field, ValidationError

from bench.key_list import MAX_LIST, KeyList, KeyListError, encode_base64, key_list_bytes, read_key_list
from bench.key_ring import KeyRing
from bench.keys import StationKey
from bench.ledger.note import decode_base64
from bench.messages import BenchError, say
from bench.record.base import Published
from bench.seal_key import SealKey

LINE_BYTES = 25
SHORTEST_PASSPHRASE = 12
MAX_TEXT = 4 * 1024 * 1024
"""Largest backup read, in bytes."""
COST = 17
"""log2 of scrypt's n: 128 MiB and about half a second for each guess."""
_COSTS = range(10, 19)
_MAGIC = b"TRK1"
_SALT, _NONCE, _CHECK = 16, 12, 4
_HEADER = len(_MAGIC) + 1 + _SALT + _NONCE
_TO_CROCKFORD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHJKMNPQRSTVWXYZ")
_FROM_CROCKFORD = str.maketrans("0123456789ABCDEFGHJKMNPQRSTVWXYZ", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
_AS_MEANT = str.maketrans("OIL", "011")
"""What is typed for a digit."""
_LINE = re.compile(r"\s*([0-9OIL]{1,4})\s*[:;]([0-9A-Z\s-]*)", re.ASCII)
_ALPHABET = re.compile(r"[0-9A-HJKMNP-TV-Z]+")
_Secret: TypeAlias = Annotated[str, Field(pattern=r"^[A-Za-z0-9+/]{43}=$")]


class BackupError(BenchError):
    """A backup that cannot be read; the message names the line, or what else is wrong."""


class _Contents(Published):
    """What is encrypted. Secrets are 32 bytes, base64: an Ed25519 seed and a P-256 number, big-endian."""

    format: Literal["tablerase-backup-1"]
    station_key: _Secret
    seal_key: _Secret
    key_list: KeyList


def check_passphrase(passphrase: str) -> None:
    """`BackupError` for a passphrase too short to protect a key that lies in a drawer."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise BackupError(say("keys-passphrase-short", least=SHORTEST_PASSPHRASE))


def backup_lines(ring: KeyRing, passphrase: str, *, cost: int = COST) -> tuple[str, ...]:
    """The encrypted backup, one string a line, in groups of five for reading. Each call encrypts anew."""
    check_passphrase(passphrase)
    contents = _Contents(
        format="tablerase-backup-1",
        station_key=encode_base64(ring.station.private.private_bytes_raw()),
        seal_key=encode_base64(ring.seal.private.private_numbers().private_value.to_bytes(32, "big")),
        key_list=ring.listed,
    )
    plain = zlib.compress(rfc8785.dumps(contents.model_dump(mode="json")), 9)
    salt, nonce = os.urandom(_SALT), os.urandom(_NONCE)
    header = _MAGIC + bytes([cost]) + salt + nonce
    sealed = header + ChaCha20Poly1305(_derived(passphrase, salt, cost)).encrypt(nonce, plain, header)
    whole = sealed + hashlib.sha256(sealed).digest()[:_CHECK]
    pieces = [whole[i : i + LINE_BYTES] for i in range(0, len(whole), LINE_BYTES)]
    return tuple(_line(number, piece) for number, piece in enumerate(pieces, start=1))


def open_backup(text: str, passphrase: str) -> KeyRing:
    """The keys in a backup, typed or scanned: lines in any order and case, spaces as they come.

    What does not begin with a line's number is taken for the words around them. `BackupError` if a line is wrong or
    missing (it is named), or the passphrase is.
    """
    whole = _joined(text)
    header, sealed = whole[:_HEADER], whole[_HEADER:]
    cost, salt, nonce = header[len(_MAGIC)], header[len(_MAGIC) + 1 : -_NONCE], header[-_NONCE:]
    if header[: len(_MAGIC)] != _MAGIC or cost not in _COSTS:
        raise BackupError(say("keys-backup-other-format"))
    try:
        plain = ChaCha20Poly1305(_derived(passphrase, salt, cost)).decrypt(nonce, sealed, header)
    except InvalidTag:
        raise BackupError(say("keys-backup-passphrase")) from None
    return _ring(plain)


def _derived(passphrase: str, salt: bytes, cost: int) -> bytes:
    secret = unicodedata.normalize("NFKC", passphrase).encode()
    return Scrypt(salt=salt, length=32, n=1 << cost, r=8, p=1).derive(secret)


def _line(number: int, piece: bytes) -> str:
    text = base64.b32encode(piece).decode().rstrip("=").translate(_TO_CROCKFORD)
    groups = " ".join(text[i : i + 5] for i in range(0, len(text), 5))
    return f"{number:02}: {groups}  {_check_characters(number, piece)}"


def _check_characters(number: int, piece: bytes) -> str:
    digest = hashlib.sha256(b"%d:" % number + piece).digest()
    return base64.b32encode(digest)[:4].decode().translate(_TO_CROCKFORD)


def _joined(text: str) -> bytes:
    """The bytes of all lines, in order and complete."""
    pieces: dict[int, bytes] = {}
    for place, line in _lines(text):
        if (found := _LINE.fullmatch(line)) is None:
            continue
        number = int(found[1].translate(_AS_MEANT))
        piece = _piece(place, number, found[2])
        if pieces.setdefault(number, piece) != piece:
            raise BackupError(say("keys-backup-two-lines", number=number))
    if not pieces:
        raise BackupError(say("keys-backup-empty"))
    missing = [number for number in range(1, max(pieces) + 1) if number not in pieces]
    if missing:
        raise BackupError(say("keys-backup-missing", number=missing[0], count=len(missing)))
    whole = b"".join(pieces[number] for number in sorted(pieces))
    sealed, check = whole[:-_CHECK], whole[-_CHECK:]
    if len(sealed) <= _HEADER or hashlib.sha256(sealed).digest()[:_CHECK] != check:
        raise BackupError(say("keys-backup-incomplete", number=max(pieces)))
    return sealed


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines with their place in the text, from 1. A QR code has several, parted by `/`."""
    for place, row in enumerate(text.splitlines(), start=1):
        for line in row.split("/"):
            yield place, line.upper()


def _piece(place: int, number: int, typed: str) -> bytes:
    """The bytes of a line. `BackupError`, naming it, unless its check characters agree."""
    text = re.sub(r"[\s-]", "", typed).translate(_AS_MEANT)
    piece = _decoded(text[:-4])
    if not piece or _line(number, piece).replace(" ", "") != f"{number:02}:{text}":
        raise BackupError(say("keys-backup-wrong-line", number=number, place=place))
    return piece


def _decoded(text: str) -> bytes:
    """The bytes of a line's characters; empty where no line has such characters or so many of them."""
    if not _ALPHABET.fullmatch(text):
        return b""
    try:
        return base64.b32decode(text.translate(_FROM_CROCKFORD) + "=" * (-len(text) % 8))
    except binascii.Error:
        return b""


def _ring(plain: bytes) -> KeyRing:
    """The keys in decrypted contents. `BackupError` where they do not belong together."""
    unpacking = zlib.decompressobj()
    try:
        text = unpacking.decompress(plain, 2 * MAX_LIST)
        contents = _Contents.model_validate_json(text)
        listed = read_key_list(key_list_bytes(contents.key_list))
        station = StationKey(private=Ed25519PrivateKey.from_private_bytes(decode_base64(contents.station_key)))
        number = int.from_bytes(decode_base64(contents.seal_key), "big")
        private, certificate = derive_private_key(number, SECP256R1()), listed.current.seal
    except (zlib.error, ValidationError, ValueError, KeyListError):
        raise BackupError(say("keys-backup-contents")) from None
    if certificate is None or certificate.public_key() != private.public_key():
        raise BackupError(say("keys-backup-contents"))
    if station.fingerprint != listed.current.fingerprint:
        raise BackupError(say("keys-backup-contents"))
    return KeyRing(station=station, seal=SealKey(private=private, certificate=certificate), listed=listed)


def compact(lines: Sequence[str]) -> str:
    """Lines as one text for a QR code: characters of its alphanumeric mode only, lines parted by `/`."""
    return "/".join(line.replace(" ", "") for line in lines)
