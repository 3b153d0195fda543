"""Whether a ledger only grew between two of its states: what stood in the earlier one stands in the later, unchanged.

Each state is a size, or a signed head that somebody kept. Both are compared with the records themselves, not with what
is stored beside them, and the proof (RFC 9162, section 2.1.4) lets anybody repeat the comparison with the two heads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlite_utils import Database

from bench.audit import opened
from bench.journal import book
from bench.ledger.merkle import consistency_path, extends, root_of
from bench.ledger.note import TreeHead, read_head
from bench.messages import BenchError, Message, say

State: TypeAlias = int | str
"""A number of records, or the text of a signed head."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedState:
    """A state of the ledger: what its head says, and the head itself (a note)."""

    head: TreeHead
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Consistency:
    """What came of comparing two states. With findings there is no path: at least one contradicts this ledger."""

    old: SignedState
    new: SignedState
    path: tuple[bytes, ...]
    findings: tuple[Message, ...]


def compare(database: Database, keys: Sequence[Ed25519PublicKey], old: State, new: State | None) -> Consistency:
    """Compare two states of a ledger, or the first with the present one; `keys` are all that signed it.

    `BenchError` where a state is unreadable, is signed by another key, never was, or the first is the larger one.
    """
    first = _state(database, keys, old)
    second = _state(database, keys, book.head(database) if new is None else new)
    leaves = [entry.leaf for entry in book.each(database)]
    findings = tuple(found for state in (first, second) for found in _contradiction(state, leaves))
    if not findings and first.head.size > second.head.size:
        raise BenchError(say("ledger-states-reversed", old=first.head.size, new=second.head.size))
    path: tuple[bytes, ...] = ()
    if not findings:
        path = consistency_path(leaves[: second.head.size], first.head.size)
        if not extends(first.head.root, first.head.size, second.head.root, second.head.size, path):
            raise AssertionError("two states of one ledger have no proof between them")
    return Consistency(old=first, new=second, path=path, findings=tuple(dict.fromkeys(findings)))


def _state(database: Database, keys: Sequence[Ed25519PublicKey], state: State) -> SignedState:
    note = state if isinstance(state, str) else book.head(database, state)
    head = read_head(note)
    if opened(keys, note) is None:
        raise BenchError(say("ledger-state-of-another-key", size=head.size, at=head.time))
    if head.size == 0:
        raise BenchError(say("ledger-no-such-size", size=0))
    return SignedState(head=head, note=note)


def _contradiction(state: SignedState, leaves: Sequence[bytes]) -> tuple[Message, ...]:
    head = state.head
    if head.size > len(leaves):
        return (say("ledger-state-removed", size=head.size, found=len(leaves), at=head.time),)
    if root_of(leaves[: head.size]) != head.root:
        return (say("ledger-state-differs", size=head.size, at=head.time),)
    return ()
