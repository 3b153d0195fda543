"""The key list: every key a station has signed with, what became of it, and how each vouched for the next.

Donors are given `station.keys.json`: canonical JSON (RFC 8785) without a final newline, signed by the current key.
Each key signed its successor's fingerprint and seal, so whoever trusts any one key of the list can walk forward to the
current one. A walk through a revoked key proves nothing: its thief could have made the rest.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Collection
from enum import StrEnum
from typing import Annotated, Any, Literal, TypeAlias

import rfc8785
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import ConfigDict, Field, ValidationError

from bench.certificate import Base64Key, Base64Signature
from bench.keys import fingerprint, grouped
from bench.ledger.note import decode_base64
from bench.messages import BenchError, say
from bench.record.base import Instant, Published, Sha256, Stated
from bench.record.reading import UnreadableError, read_object
from bench.seal_key import is_seal_of

MAX_LIST = 1024 * 1024
"""Largest key list read, in bytes: a thousand rotations."""
LONGEST_REASON = 300

_Line: TypeAlias = Annotated[str, Field(min_length=1, max_length=LONGEST_REASON, pattern=r"^[^\x00-\x1f\x7f]+$")]


class KeyListError(BenchError):
    """A key list that cannot be read, or that does not hold together; the message says where."""


class KeyStatus(StrEnum):
    """What became of a key."""

    CURRENT = "current"
    RETIRED = "retired"
    """Replaced; what it signed before stays as good as it was."""
    REVOKED = "revoked"
    """No longer to be trusted, for the reason given."""


class Standing(StrEnum):
    """What a list says of a key: one of the statuses, or nothing."""

    CURRENT = "current"
    RETIRED = "retired"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


class ListedKey(Published):
    """One key of a station. Absences: `not-recorded` for a seal, `not-applicable` for the others."""

    model_config = ConfigDict(validate_by_name=True, serialize_by_alias=True)

    fingerprint: Sha256
    """SHA-256 over the raw public key."""
    public_key: Base64Key
    """The raw Ed25519 public key, 32 bytes."""
    seal_certificate: Stated[Annotated[str, Field(pattern=r"^[A-Za-z0-9+/]+=*$")]]
    """The X.509 certificate (DER) that sealed PDFs in this key's time."""
    since: Instant = Field(alias="from")
    """When the station began to sign with it."""
    status: KeyStatus
    until: Stated[Instant]
    """When a retired key was replaced; from when on a revoked one is not to be trusted."""
    reason: Stated[_Line]
    succession: Stated[Base64Signature]
    """The key before it over `succession_text`."""

    @property
    def public(self) -> Ed25519PublicKey:
        """The key itself. `ValueError` for base64 with stray bits."""
        return Ed25519PublicKey.from_public_bytes(decode_base64(self.public_key))

    @property
    def seal_der(self) -> bytes:
        """The seal certificate's DER; empty where none is recorded. `ValueError` for base64 with stray bits."""
        return decode_base64(self.seal_certificate) if isinstance(self.seal_certificate, str) else b""

    @property
    def seal_digest(self) -> str:
        """SHA-256 (hexadecimal) of the seal certificate's DER; empty where none is recorded."""
        return hashlib.sha256(self.seal_der).hexdigest() if self.seal_der else ""

    @property
    def seal(self) -> x509.Certificate | None:
        """The seal certificate, where one is recorded. `ValueError` if it is none."""
        return x509.load_der_x509_certificate(self.seal_der) if self.seal_der else None


class ListSignature(Published):
    """The current key over the canonical list without its signature."""

    algorithm: Literal["Ed25519"]
    key: Sha256
    value: Base64Signature


class KeyList(Published):
    """A station's keys, oldest first; the last one is current. Only `read_key_list` checks what it says."""

    model_config = ConfigDict(title="Table Rase key list, version 1")

    format: Literal["tablerase-keys-1"]
    station: _Line
    keys: Annotated[tuple[ListedKey, ...], Field(min_length=1)]
    signature: ListSignature

    @property
    def current(self) -> ListedKey:
        """The key that signs now."""
        return self.keys[-1]

    def find(self, key: str) -> ListedKey | None:
        """The key of this fingerprint, if it is listed."""
        return next((item for item in self.keys if item.fingerprint == key), None)

    def standing(self, key: str) -> Standing:
        """What the list says of the key of this fingerprint."""
        found = self.find(key)
        return Standing.UNKNOWN if found is None else Standing(found.status.value)

    def publics(self) -> dict[str, Ed25519PublicKey]:
        """All keys by fingerprint, oldest first."""
        return {item.fingerprint: item.public for item in self.keys}

    def is_anchored_in(self, pinned: Collection[str]) -> bool:
        """Whether one of these fingerprints leads forward to the current key without passing a revoked one."""
        for item in reversed(self.keys):
            if item.status is KeyStatus.REVOKED:
                return False
            if item.fingerprint in pinned:
                return True
        return False


def key_list_bytes(key_list: KeyList) -> bytes:
    """The list as it is written: canonical JSON, no final newline."""
    return rfc8785.dumps(key_list.model_dump(mode="json"))


def signed_part(key_list: KeyList) -> bytes:
    """What the list's signature is over."""
    return rfc8785.dumps(key_list.model_dump(mode="json", exclude={"signature"}))


def succession_text(station: str, item: ListedKey) -> bytes:
    """What the key before `item` signs to vouch for it (UTF-8)."""
    seal = item.seal_digest or "-"
    return f"tablerase-succession\n{station}\n{item.fingerprint}\n{seal}\n{item.since}\n".encode()


def read_key_list(content: bytes, pinned: Ed25519PublicKey | None = None) -> KeyList:
    """The key list in a file, every signature and certificate in it checked.

    With `pinned`, a key that the reader has from elsewhere, the list must hold it. `KeyListError` otherwise: any
    changed byte is found, except that a thief of keys can make a list of their own (`KeyList.is_anchored_in`).
    """
    key_list = _parsed(content)
    if key_list_bytes(key_list) != content:
        raise KeyListError(say("key-list-form"))
    known = set[str]()
    for item in key_list.keys:
        if item.fingerprint in known or not _is_named_rightly(item):
            raise KeyListError(say("key-list-key", fingerprint=grouped(item.fingerprint)))
        known.add(item.fingerprint)
    signature, current = key_list.signature, key_list.current
    if signature.key != current.fingerprint or not _verifies(current.public, signature.value, signed_part(key_list)):
        raise KeyListError(say("key-list-signature"))
    for item in key_list.keys:
        _check_key(item, current=item is current)
    _check_successions(key_list)
    if pinned is not None and fingerprint(pinned) not in known:
        raise KeyListError(say("key-list-not-pinned", fingerprint=grouped(fingerprint(pinned))))
    return key_list


def encode_base64(content: bytes) -> str:
    """Standard base64, as the list holds it."""
    return base64.b64encode(content).decode()


def _parsed(content: bytes) -> KeyList:
    if len(content) > MAX_LIST:
        raise KeyListError(say("key-list-unreadable", place="–"))
    try:
        return KeyList.model_validate_json(rfc8785.dumps(read_object(content)))
    except UnreadableError as error:
        raise KeyListError(say("key-list-unreadable", place="–"), *error.messages) from None
    except ValidationError as error:
        place = ".".join(str(part) for part in error.errors(include_url=False, include_input=False)[0]["loc"])
        raise KeyListError(say("key-list-unreadable", place=place or "–")) from None
    except ValueError:  # rfc8785's, for text that is no Unicode
        raise KeyListError(say("key-list-unreadable", place="–")) from None


def _is_named_rightly(item: ListedKey) -> bool:
    try:
        return fingerprint(item.public) == item.fingerprint
    except ValueError:  # base64 with stray bits
        return False


def _check_key(item: ListedKey, *, current: bool) -> None:
    shown = grouped(item.fingerprint)
    try:
        seal = item.seal
    except (ValueError, x509.InvalidVersion):
        raise KeyListError(say("key-list-seal", fingerprint=shown)) from None
    if seal is not None and not is_seal_of(seal, item.fingerprint):
        raise KeyListError(say("key-list-seal", fingerprint=shown))
    ended, explained = isinstance(item.until, str), isinstance(item.reason, str)
    if current != (item.status is KeyStatus.CURRENT) or (ended or explained if current else not ended):
        raise KeyListError(say("key-list-status", fingerprint=shown))
    if item.status is KeyStatus.REVOKED and not explained:
        raise KeyListError(say("key-list-status", fingerprint=shown))


def _check_successions(key_list: KeyList) -> None:
    if isinstance(key_list.keys[0].succession, str):
        raise KeyListError(say("key-list-succession", fingerprint=grouped(key_list.keys[0].fingerprint)))
    for before, item in zip(key_list.keys, key_list.keys[1:], strict=False):
        text = succession_text(key_list.station, item)
        if not isinstance(item.succession, str) or not _verifies(before.public, item.succession, text):
            raise KeyListError(say("key-list-succession", fingerprint=grouped(item.fingerprint)))


def _verifies(public: Ed25519PublicKey, signature: str, content: bytes) -> bool:
    try:
        public.verify(decode_base64(signature), content)
    except (InvalidSignature, ValueError):
        return False
    return True


def as_json_object(key_list: KeyList) -> dict[str, Any]:
    """The list as a JSON object, for scripts."""
    return key_list.model_dump(mode="json")
