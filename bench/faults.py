"""What went wrong at places on a drive: faults as evidence, the stretches they cover, and what overcomes them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from bench import event_codec as codec
from bench import events as ev
from bench.work import Action, FaultKind, Outcome


class DoesNotFollowError(Exception):
    """An event contradicts what came before it; `code` (kebab-case) says how."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def require(follows: bool, code: str) -> None:  # noqa: FBT001  (an assertion: its condition is its subject)
    """Raise `DoesNotFollowError` unless `follows`."""
    if not follows:
        raise DoesNotFollowError(code)


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultRecord:
    """A fault and when it was seen; see `bench.work.Fault`. Bytes."""

    at: str
    action: Action
    kind: FaultKind
    offset: int
    length: int
    errno: int
    tries: int = 1
    outcome: Outcome = Outcome.LASTING
    holds: int | None = None

    @property
    def end(self) -> int:
        """The offset behind it."""
        return self.offset + self.length


Span: TypeAlias = tuple[int, int]
"""A stretch of a drive: first byte and the byte behind the last."""


def spans_of(faults: Iterable[FaultRecord]) -> tuple[Span, ...]:
    """The stretches that faults cover, in order, with no overlap; what touches is one."""
    merged: list[Span] = []
    for start, end in sorted((fault.offset, fault.end) for fault in faults):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def length_of(spans: Iterable[Span]) -> int:
    """Bytes in all."""
    return sum(end - start for start, end in spans)


def before(spans: Iterable[Span], offset: int) -> tuple[Span, ...]:
    """The part of these stretches that lies before `offset`."""
    return tuple((start, min(end, offset)) for start, end in spans if start < offset)


def beyond(spans: Iterable[Span], offset: int) -> tuple[Span, ...]:
    """The part of these stretches that lies at `offset` and behind it."""
    return tuple((max(start, offset), end) for start, end in spans if end > offset)


_OUTCOMES: Mapping[Action, frozenset[Outcome]] = {
    Action.WRITE: frozenset({Outcome.LASTING, Outcome.RETRIED}),
    Action.SYNC: frozenset({Outcome.LASTING, Outcome.RETRIED}),
    Action.READ: frozenset({Outcome.LASTING, Outcome.RETRIED, Outcome.CURED}),
}
"""How each action's fault may have ended when it is reported."""


def chained(digest: str, event: ev.FaultSeen) -> str:
    """The digest (SHA-256, hex) over one more fault after those that `digest` is of; empty for none.

    The end of a pass repeats it: no fault before it can be taken from the log, changed or added unnoticed.
    """
    fields = json.dumps(codec.to_fields(event), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{digest}\n{fields}".encode()).hexdigest()


def fault_of(event: ev.FaultSeen, at: str, size: int) -> FaultRecord:
    """The fault that was seen on a drive of `size` bytes; `DoesNotFollowError` if no worker would report it."""
    require(0 <= event.offset <= event.offset + event.length <= size, "fault-beyond-the-drive")
    require(event.length > 0 or event.action is Action.SYNC, "fault-of-nothing")
    require(event.errno >= 0 and event.tries >= 1, "fault-without-a-try")
    require(event.outcome in _OUTCOMES[event.action], "fault-with-another-outcome")
    if event.kind is FaultKind.MISMATCH:
        require((event.action, event.outcome) == (Action.READ, Outcome.LASTING), "fault-with-another-outcome")
    if event.holds is not None:
        known = event.kind is FaultKind.MISMATCH and event.offset < event.holds < size
        require(known, "fault-with-another-origin")
    return FaultRecord(
        at=at,
        action=event.action,
        kind=event.kind,
        offset=event.offset,
        length=event.length,
        errno=event.errno,
        tries=event.tries,
        outcome=event.outcome,
        holds=event.holds,
    )


def written_again(fault: FaultRecord, start: int) -> Iterator[FaultRecord]:
    """A fault as it stands once the pass is written again from `start` on; what lies before stays as it was."""
    if fault.outcome is not Outcome.LASTING or fault.action is Action.READ:
        yield fault
    elif fault.action is Action.WRITE:
        yield from _overcome(fault, start, Outcome.REWRITTEN)
    else:
        # A sync is of everything since the last one: all of it is written again, or it is not overcome.
        yield replace(fault, outcome=Outcome.REWRITTEN) if fault.offset >= start else fault


def read_again(fault: FaultRecord, start: int) -> Iterator[FaultRecord]:
    """A fault as it stands once reading starts again at `start`: if the place still cannot be read, it is told again.

    Other bytes than were written stay what they are, whatever the drive gives the next time.
    """
    unread = fault.action is Action.READ and fault.kind is not FaultKind.MISMATCH
    if unread and fault.outcome is Outcome.LASTING:
        yield from _overcome(fault, start, Outcome.RETRIED)
    else:
        yield fault


def _overcome(fault: FaultRecord, start: int, outcome: Outcome) -> Iterator[FaultRecord]:
    """The part of a fault before `start` as it is, the part behind with this outcome."""
    middle = min(max(start, fault.offset), fault.end)
    if middle > fault.offset:
        yield replace(fault, length=middle - fault.offset)
    if middle < fault.end:
        yield replace(fault, offset=middle, length=fault.end - middle, outcome=outcome)
