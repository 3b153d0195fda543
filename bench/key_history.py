"""Writing a station's key list: its first key, a successor, a revocation. Each gives a new list, signed anew."""

from __future__ import annotations

from cryptography.hazmat.primitives import serialization

from bench.key_list import (
    KeyList,
    KeyListError,
    KeyStatus,
    ListedKey,
    ListSignature,
    encode_base64,
    signed_part,
    succession_text,
)
from bench.keys import StationKey, grouped
from bench.messages import say
from bench.record.base import AbsenceReason, Absent, absent
from bench.seal_key import SealKey

_NONE = absent(AbsenceReason.NOT_APPLICABLE)


def first_list(station: str, key: StationKey, seal: SealKey) -> KeyList:
    """The list of a station with one key, in use since its seal's certificate began."""
    since = seal.certificate.not_valid_before_utc.isoformat()
    return _signed(station, (_listed(key, seal, since, _NONE),), key)


def with_successor(
    key_list: KeyList, old: StationKey, new: StationKey, seal: SealKey, *, reason: str, since: str
) -> KeyList:
    """The list after `new` replaced `old`, its current key, at `since` (RFC 3339)."""
    successor = _listed(new, seal, since, _NONE)
    vouched = encode_base64(old.private.sign(succession_text(key_list.station, successor)))
    retired = key_list.current.model_copy(update={"status": KeyStatus.RETIRED, "until": since, "reason": reason})
    keys = (*key_list.keys[:-1], retired, successor.model_copy(update={"succession": vouched}))
    return _signed(key_list.station, keys, new)


def with_revocation(key_list: KeyList, current: StationKey, key: str, reason: str, since: str) -> KeyList:
    """The list with an earlier key (a fingerprint) revoked: not to be trusted from `since` (RFC 3339) on.

    `KeyListError` if the key is not listed, is the current one, or was revoked before.
    """
    found = key_list.find(key)
    if found is None:
        raise KeyListError(say("keys-revoke-unlisted", fingerprint=grouped(key)))
    if found.status is not KeyStatus.RETIRED:
        raise KeyListError(say(f"keys-revoke-{found.status.value}", fingerprint=grouped(key)))
    revoked = found.model_copy(update={"status": KeyStatus.REVOKED, "until": since, "reason": reason})
    keys = tuple(revoked if item.fingerprint == key else item for item in key_list.keys)
    return _signed(key_list.station, keys, current)


def _listed(key: StationKey, seal: SealKey, since: str, succession: str | Absent) -> ListedKey:
    return ListedKey(
        fingerprint=key.fingerprint,
        public_key=encode_base64(key.public.public_bytes_raw()),
        seal_certificate=encode_base64(seal.certificate.public_bytes(serialization.Encoding.DER)),
        since=since,
        status=KeyStatus.CURRENT,
        until=_NONE,
        reason=_NONE,
        succession=succession,
    )


def _signed(station: str, keys: tuple[ListedKey, ...], key: StationKey) -> KeyList:
    blank = ListSignature(algorithm="Ed25519", key=key.fingerprint, value=encode_base64(bytes(64)))
    unsigned = KeyList(format="tablerase-keys-1", station=station, keys=keys, signature=blank)
    value = encode_base64(key.private.sign(signed_part(unsigned)))
    return unsigned.model_copy(update={"signature": blank.model_copy(update={"value": value})})
