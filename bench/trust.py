"""What a verifier holds to be the station's keys, and what that makes of a signature by one of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from bench.key_list import KeyList, KeyListError, KeyStatus, ListedKey
from bench.keys import fingerprint, grouped
from bench.messages import Message, say


class Confidence(StrEnum):
    """What a key's name under a document is worth."""

    KNOWN = "known"
    UNKNOWN = "unknown"
    """Nobody whom the verifier trusts vouches for this key: amber."""
    DOUBTFUL = "doubtful"
    """Amber: revoked, and the document dated before, but a thief can write any date; or replaced, and dated after."""
    REVOKED = "revoked"
    """Revoked before the document's own date: red."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """A key's worth and the sentence that says why."""

    confidence: Confidence
    message: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """Keys that the verifier got by another way (`pinned`), and the station's key list, if there is one.

    Without pinned keys the list itself is what was got by another way. `KeyListError` if it holds none of the pinned
    ones: it is another station's, or nobody's.
    """

    pinned: Collection[Ed25519PublicKey] = ()
    key_list: KeyList | None = None

    def __post_init__(self) -> None:
        if self.key_list is None or not self.pinned:
            return
        listed = self.key_list.publics()
        if not any(fingerprint(public) in listed for public in self.pinned):
            shown = grouped(fingerprint(next(iter(self.pinned))))
            raise KeyListError(say("key-list-not-pinned", fingerprint=shown))

    def publics(self) -> tuple[Ed25519PublicKey, ...]:
        """Every key that is pinned or vouched for, revoked ones included: who may have signed a tree head."""
        vouched = self.key_list.publics() if self.key_list is not None and self._is_anchored else {}
        return tuple(({fingerprint(public): public for public in self.pinned} | vouched).values())

    def weigh(self, public: Ed25519PublicKey, issued: str | None) -> Weighed:
        """What a signature by this key is worth under a document dated `issued` (RFC 3339; None: undated)."""
        name = fingerprint(public)
        found = self.key_list.find(name) if self.key_list is not None else None
        if found is not None and found.status is KeyStatus.REVOKED:
            return _revoked(found, issued)
        if found is not None and self._is_anchored:
            return _listed(found, issued)
        if public in self.pinned:
            return Weighed(confidence=Confidence.KNOWN, message=say("check-key-passed", fingerprint=grouped(name)))
        message = "check-key-unknown" if found is None else "check-key-behind-revoked"
        return Weighed(confidence=Confidence.UNKNOWN, message=say(message, fingerprint=grouped(name)))

    @property
    def _is_anchored(self) -> bool:
        """Whether the list's own signature is borne by what is pinned."""
        if self.key_list is None or not self.pinned:
            return self.key_list is not None
        return self.key_list.is_anchored_in([fingerprint(public) for public in self.pinned])


def _listed(found: ListedKey, issued: str | None) -> Weighed:
    shown = grouped(found.fingerprint)
    if not isinstance(found.until, str):
        return Weighed(confidence=Confidence.KNOWN, message=say("check-key-passed", fingerprint=shown))
    if issued is not None and datetime.fromisoformat(issued) <= datetime.fromisoformat(found.until):
        message = say("check-key-retired", fingerprint=shown, until=found.until)
        return Weighed(confidence=Confidence.KNOWN, message=message)
    message = say("check-key-retired-late", fingerprint=shown, until=found.until)
    return Weighed(confidence=Confidence.DOUBTFUL, message=message)


def _revoked(found: ListedKey, issued: str | None) -> Weighed:
    since, reason = str(found.until), str(found.reason)
    earlier = issued is not None and datetime.fromisoformat(issued) < datetime.fromisoformat(since)
    name = "check-key-revoked-later" if earlier else "check-key-revoked"
    message = say(name, fingerprint=grouped(found.fingerprint), since=since, reason=reason)
    return Weighed(confidence=Confidence.DOUBTFUL if earlier else Confidence.REVOKED, message=message)
