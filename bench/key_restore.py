"""Putting a backup's keys into a state folder: one without keys, or one that has lost some of the very same."""

from __future__ import annotations

from pathlib import Path

from bench import key_ring, keys, seal_key
from bench.key_backup import BackupError
from bench.key_list import KeyList
from bench.key_ring import KeyRing
from bench.keys import grouped
from bench.messages import say
from bench.state import StateFolder


def restore(folder: StateFolder, backup: KeyRing) -> KeyRing:
    """Install the keys of a backup; the caller holds the folder's lock. What is there is never replaced by others.

    A key list in the folder that has the same current key stays: it may tell of a later revocation. `BackupError` if
    the folder has other keys, or is another station's.
    """
    place = folder.key.parent
    key_ring.settle(place)
    listed = key_ring.read_list(place)
    found = _fingerprint_of(place, listed)
    if found not in ("", backup.station.fingerprint):
        there, given = grouped(found), grouped(backup.station.fingerprint)
        raise BackupError(say("keys-restore-other", found=there, backup=given))
    if listed is None:
        _require_same_seal(place, backup)
        listed = backup.listed
    elif listed.current.seal_digest != backup.seal.digest:
        raise BackupError(say("keys-restore-other-seal", folder=str(place)))
    station = folder.station_name(backup.listed.station)
    if station != listed.station:
        raise BackupError(say("keys-restore-other-station", found=station, backup=listed.station))
    return key_ring.install(place, KeyRing(station=backup.station, seal=backup.seal, listed=listed))


def _fingerprint_of(place: Path, listed: KeyList | None) -> str:
    """Whose keys are in the folder; empty if there are none. `KeyFileError` for a key that cannot be read."""
    if listed is not None:
        return listed.current.fingerprint
    try:
        return keys.load(place / key_ring.KEY_NAME).fingerprint
    except FileNotFoundError:
        return ""


def _require_same_seal(place: Path, backup: KeyRing) -> None:
    certificate = place / seal_key.CERTIFICATE_NAME
    if certificate.exists() and seal_key.certificate_digest(seal_key.load_certificate(certificate)) != (
        backup.seal.digest
    ):
        raise BackupError(say("keys-restore-other-seal", folder=str(place)))
