"""What became of a command: done, refused for a reason, or unclear. Never a plain yes or no.

`Unclear` is no failure: nothing is known about what the drive did, and nothing may be concluded.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeAlias, TypeVar

from bench.messages import Message, say
from drivers.commands.fields import MalformedError
from drivers.commands.sense import Key, Registers, Sense
from drivers.commands.transport import TransportError

T = TypeVar("T")
U = TypeVar("U")


class Why(StrEnum):
    """Reasons for which drives refuse commands."""

    UNSUPPORTED = "unsupported"
    INVALID = "invalid"
    """The command is known, a field of it is not accepted."""
    OUT_OF_RANGE = "out-of-range"
    NOT_READY = "not-ready"
    NO_MEDIUM = "no-medium"
    SANITIZE_RUNNING = "sanitize-running"
    SANITIZE_FAILED = "sanitize-failed"
    SANITIZE_FROZEN = "sanitize-frozen"
    FORMAT_RUNNING = "format-running"
    FORMAT_CORRUPT = "format-corrupt"
    DEPOPULATING = "depopulating"
    LOCKED = "locked"
    PROTECTED = "protected"
    MEDIUM = "medium"
    HARDWARE = "hardware"
    ABORTED = "aborted"
    ATTENTION = "attention"
    """Something happened before (a reset, other settings): the command was not executed and may be sent again."""
    RESERVED = "reserved"
    BUSY = "busy"
    OTHER = "other"


class Doubt(StrEnum):
    """Reasons for which nothing is known."""

    LOST = "lost"
    """The request or its reply did not get through."""
    MALFORMED = "malformed"
    """The reply is not what the standard says."""
    NO_REGISTERS = "no-registers"
    """The answer is in registers that did not come back, or not whole."""
    CONTRADICTION = "contradiction"
    """Two parts of the reply say different things."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done(Generic[T]):
    """The drive ended the command without error; `value` is what it answered."""

    value: T


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The drive ended the command with an error. `code` is the drive's own, for records and experts."""

    why: Why
    code: str
    registers: Registers | None = None
    sense: Sense | None = None

    @property
    def message(self) -> Message:
        """For people."""
        return say("command-refused", why=self.why.value, code=self.code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unclear:
    """Nothing is known. `errno` is the kernel's, 0 where there was none."""

    doubt: Doubt
    detail: str
    errno: int = 0

    @property
    def message(self) -> Message:
        """For people."""
        return say("command-unclear", doubt=self.doubt.value, detail=self.detail)


Outcome: TypeAlias = Done[T] | Refused | Unclear
"""Handle all three."""


def lost(error: TransportError) -> Unclear:
    """What a transport's error means."""
    return Unclear(doubt=Doubt.LOST, detail=str(error), errno=error.errno)


def read(outcome: Outcome[U], parse: Callable[[U], T]) -> Outcome[T]:
    """Parse what a command answered; what cannot be parsed is unclear."""
    if not isinstance(outcome, Done):
        return outcome
    try:
        return Done(value=parse(outcome.value))
    except MalformedError as error:
        return Unclear(doubt=Doubt.MALFORMED, detail=str(error))


_SENSE: dict[tuple[int, int, int], Why] = {
    (Key.NOT_READY, 0x04, 0x04): Why.FORMAT_RUNNING,
    (Key.NOT_READY, 0x04, 0x1B): Why.SANITIZE_RUNNING,
    (Key.NOT_READY, 0x04, 0x24): Why.DEPOPULATING,
    (Key.NOT_READY, 0x04, 0x25): Why.DEPOPULATING,
    (Key.MEDIUM, 0x31, 0x00): Why.FORMAT_CORRUPT,
    (Key.MEDIUM, 0x31, 0x01): Why.FORMAT_CORRUPT,
    (Key.MEDIUM, 0x31, 0x03): Why.SANITIZE_FAILED,
    (Key.DATA_PROTECT, 0x20, 0x02): Why.LOCKED,
    (Key.DATA_PROTECT, 0x27, 0x00): Why.PROTECTED,
}
_ADDITIONAL: dict[tuple[int, int], Why] = {
    (Key.ILLEGAL_REQUEST, 0x20): Why.UNSUPPORTED,
    (Key.ILLEGAL_REQUEST, 0x21): Why.OUT_OF_RANGE,
    (Key.ILLEGAL_REQUEST, 0x24): Why.INVALID,
    (Key.ILLEGAL_REQUEST, 0x25): Why.UNSUPPORTED,
    (Key.ILLEGAL_REQUEST, 0x26): Why.INVALID,
    (Key.NOT_READY, 0x3A): Why.NO_MEDIUM,
    (Key.DATA_PROTECT, 0x74): Why.LOCKED,
}
_KEYS: dict[int, Why] = {
    Key.NOT_READY: Why.NOT_READY,
    Key.MEDIUM: Why.MEDIUM,
    Key.HARDWARE: Why.HARDWARE,
    Key.UNIT_ATTENTION: Why.ATTENTION,
    Key.DATA_PROTECT: Why.PROTECTED,
    Key.ABORTED: Why.ABORTED,
}


def refused_by_sense(sense: Sense) -> Refused:
    """What sense data of an error mean (SPC-5 annex F, SBC-4 4.11 for sanitize and format)."""
    why = (
        _SENSE.get((sense.key, sense.asc, sense.ascq))
        or _ADDITIONAL.get((sense.key, sense.asc))
        or _KEYS.get(sense.key, Why.OTHER)
    )
    return Refused(why=why, code=sense.code, registers=sense.registers, sense=sense)
