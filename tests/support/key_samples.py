"""Keys and key lists of a made-up station, and a state folder's keys at three moments."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench import key_ring
from bench.key_ring import KeyRing

STATION = "atelier-1"
START = datetime(2026, 5, 4, 10, 20, 30, tzinfo=UTC)
PASSPHRASE = "cheval correct pile agrafe"  # noqa: S105 - it protects keys of a made-up station
CHEAP = 10
"""A cost for which a passphrase is tried in a millisecond."""


def at(days: int) -> datetime:
    """A moment so many days after the first key."""
    return START + timedelta(days=days)


def first(folder: Path) -> KeyRing:
    """The keys of a new station."""
    return key_ring.load_or_create(folder, station=STATION, organisation="Atelier d’essai", at=START)


def rotated(folder: Path, times: int, *, revoked_since: str | None = None) -> list[KeyRing]:
    """The keys of a station after each of so many rotations, thirty days apart; the first keys come first."""
    rings = [first(folder)]
    for number in range(1, times + 1):
        rings.append(
            key_ring.rotate(
                folder,
                rings[-1],
                organisation="Atelier d’essai",
                reason=f"Changement {number}",
                at=at(30 * number),
                revoked_since=revoked_since,
            )
        )
    return rings
