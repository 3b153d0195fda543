"""A station's keys as they lie together in `keys/`, and how they change without ever being half changed.

    station.key        Ed25519, signs records and heads        station.key.pub    its public half
    seal.key           P-256, seals PDFs                       seal.crt           its certificate
    station.keys.json  the key list, for donors

A change is prepared in a folder beside them and takes effect with one rename, to `next`: before it the old keys are
fully in force, after it the new ones, whatever happens. From `next` each file is then moved to its place, the list
first and the private keys last, whose predecessors are overwritten before. `settle` does or redoes that; every function
here begins with it. All of this belongs to the holder of the state folder's lock.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bench import keys, seal_key
from bench.key_files import KeyFileError, replace, sync_folder, write_once
from bench.key_history import first_list, with_revocation, with_successor
from bench.key_list import MAX_LIST, KeyList, KeyListError, key_list_bytes, read_key_list
from bench.keys import StationKey
from bench.messages import BenchError, say
from bench.seal_key import SealKey

KEY_NAME = "station.key"
LIST_NAME = "station.keys.json"
_NEXT = "next"
_NEXT_PART = "next.part"
_PUBLIC = (LIST_NAME, f"{KEY_NAME}.pub", seal_key.CERTIFICATE_NAME)
_PRIVATE = (seal_key.KEY_NAME, KEY_NAME)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRing:
    """The keys in force, and the list that tells of them and of all before them."""

    station: StationKey
    seal: SealKey
    listed: KeyList


def has_keys(folder: Path) -> bool:
    """Whether there is any key, or a trace of one, in a folder."""
    return any((folder / name).exists() for name in (*_PUBLIC, *_PRIVATE, _NEXT))


def load_or_create(folder: Path, *, station: str, organisation: str, at: datetime) -> KeyRing:
    """The keys in a folder that exists; what was never made yet is made, in the order key, seal, list.

    `station` and `organisation` name the seal's owner, `at` is when a new one begins. `KeyFileError` if a private key
    is missing that the list tells of, or the files do not belong together; `KeyListError` if the list does not hold.
    """
    settle(folder)
    listed = read_list(folder)
    if listed is not None:
        return _load_listed(folder, listed)
    key = keys.load_or_create(folder / KEY_NAME)
    seal = seal_key.load_or_create_seal(
        folder, station=station, fingerprint=key.fingerprint, organisation=organisation, at=at
    )
    listed = _checked(first_list(station, key, seal))
    replace(folder / LIST_NAME, key_list_bytes(listed), mode=0o644)
    return KeyRing(station=key, seal=seal, listed=listed)


def read_list(folder: Path) -> KeyList | None:
    """The folder's key list, `None` if there is none yet. `KeyListError` if it does not hold."""
    path = folder / LIST_NAME
    try:
        with path.open("rb") as file:
            content = file.read(MAX_LIST + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise KeyFileError(say("key-cannot-open", path=str(path), error=str(error.strerror))) from None
    try:
        return read_key_list(content)
    except KeyListError as error:
        raise KeyListError(say("key-list-damaged", path=str(path)), *error.messages) from None


def rotate(
    folder: Path, ring: KeyRing, *, organisation: str, reason: str, at: datetime, revoked_since: str | None = None
) -> KeyRing:
    """Replace key and seal by new ones, which the old key vouches for; then the old private keys are destroyed.

    With `revoked_since` (RFC 3339) the old key is revoked from then on, not only retired.
    """
    station = StationKey(private=Ed25519PrivateKey.generate())
    seal = seal_key.new_seal(
        station=ring.listed.station, fingerprint=station.fingerprint, organisation=organisation, at=at
    )
    since = at.isoformat(timespec="milliseconds")  # As in records: none of the old key's is dated later.
    listed = with_successor(ring.listed, ring.station, station, seal, reason=reason, since=since)
    if revoked_since is not None:
        listed = with_revocation(listed, station, ring.station.fingerprint, reason, revoked_since)
    return install(folder, KeyRing(station=station, seal=seal, listed=_checked(listed)))


def revoke(folder: Path, ring: KeyRing, key: str, *, reason: str, since: str) -> KeyRing:
    """Revoke an earlier key (a fingerprint) from `since` (RFC 3339) on. `KeyListError` if that cannot be."""
    listed = _checked(with_revocation(ring.listed, ring.station, key, reason, since))
    replace(folder / LIST_NAME, key_list_bytes(listed), mode=0o644)
    return KeyRing(station=ring.station, seal=ring.seal, listed=listed)


def install(folder: Path, ring: KeyRing) -> KeyRing:
    """Put a whole set of keys in force, as one step. What it replaces is destroyed."""
    part = folder / _NEXT_PART
    settle(folder)
    part.mkdir(mode=0o700)
    for name, content in _contents(ring).items():
        write_once(part / name, content, mode=0o600 if name in _PRIVATE else 0o644)
    sync_folder(part)
    os.rename(part, folder / _NEXT)  # noqa: PTH104 - the one effect that counts, plainly
    sync_folder(folder)
    settle(folder)
    return ring


def settle(folder: Path) -> None:
    """Finish the change that took effect, if one did, and remove what a crash left of others."""
    for left in folder.glob("*.part"):
        _remove(left)
    coming = folder / _NEXT
    if not coming.is_dir():
        return
    for left in coming.glob("*.part"):
        _remove(left)
    for name in (*_PUBLIC, *_PRIVATE):
        if not (coming / name).exists():
            continue
        if name in _PRIVATE and (folder / name).exists():
            _overwrite(folder / name)
        os.replace(coming / name, folder / name)  # noqa: PTH105 - as above
        sync_folder(folder)
    coming.rmdir()
    sync_folder(folder)


def _load_listed(folder: Path, listed: KeyList) -> KeyRing:
    path, current = folder / KEY_NAME, listed.current
    try:
        key = keys.load(path)
    except FileNotFoundError:
        raise KeyFileError(say("keys-lost", path=str(path))) from None
    if key.fingerprint != current.fingerprint:
        raise KeyFileError(say("keys-do-not-match", path=str(path), list=str(folder / LIST_NAME)))
    keys.load_or_create(path)  # The public half again, should it be missing.
    certificate = folder / seal_key.CERTIFICATE_NAME
    if current.seal is not None and not certificate.exists():
        replace(certificate, seal_key.certificate_pem(current.seal), mode=0o644)
    try:
        seal = seal_key.load_seal(folder)
    except FileNotFoundError:
        raise KeyFileError(say("keys-lost", path=str(folder / seal_key.KEY_NAME))) from None
    if seal.digest != current.seal_digest:
        raise KeyFileError(say("keys-do-not-match", path=str(certificate), list=str(folder / LIST_NAME)))
    return KeyRing(station=key, seal=seal, listed=listed)


def _contents(ring: KeyRing) -> Mapping[str, bytes]:
    return {
        LIST_NAME: key_list_bytes(ring.listed),
        f"{KEY_NAME}.pub": keys.public_pem(ring.station.public),
        seal_key.CERTIFICATE_NAME: seal_key.certificate_pem(ring.seal.certificate),
        seal_key.KEY_NAME: seal_key.private_pem(ring.seal.private),
        KEY_NAME: keys.private_pem(ring.station),
    }


def _checked(listed: KeyList) -> KeyList:
    """A list as any reader will read it, before it is written. `BenchError` where a name or reason may not stand."""
    try:
        return read_key_list(key_list_bytes(listed))
    except KeyListError as error:
        raise BenchError(say("keys-list-not-written"), *error.messages) from error


def _overwrite(path: Path) -> None:
    """Make a private key's old bytes unreadable, as far as the medium lets one."""
    length = path.lstat().st_size
    descriptor = os.open(path, os.O_WRONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    try:
        os.pwrite(descriptor, os.urandom(length), 0)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
