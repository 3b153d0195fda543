"""What a worker is told to do with one drive, and what it reports. Offsets and lengths are bytes.

These values cross a pipe as JSON; the worker process imports nothing beyond them, the standard library and
`cryptography`. Tasks measure the surface in zones of `zone_size` bytes, see `bench.surface`; 0: not at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from bench.surface import SlowRange, Zone


class Algorithm(StrEnum):
    """Seekable keystreams; how key and offset make bytes is defined in `drivers.streams`."""

    AES_256_CTR = "aes-256-ctr"
    CHACHA20 = "chacha20"


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What the drive should hold: a repeated `pattern`, or the keystream of `algorithm` under `key` (both hex).

    Byte n of the drive is byte n of the repeated pattern or keystream, whatever the chunk it was written in.
    """

    pattern: str = ""
    algorithm: Algorithm | None = None
    key: str = ""

    def __post_init__(self) -> None:
        if bool(self.pattern) == (self.algorithm is not None) or bool(self.key) != (self.algorithm is not None):
            raise ValueError("content is either a pattern or a keystream with its key")


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How much trouble a worker takes with a sick drive, in one task, before it gives up.

    `sector` is the smallest piece that is tried by itself, in bytes, and `tries` how often it is tried; `ranges`
    and `sectors` bound what may be found bad, `seconds` the time spent on finding it.
    """

    sector: int
    tries: int = 3
    ranges: int = 1000
    sectors: int = 20_000
    seconds: int = 900


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteTask:
    """Write `content` from `start` to `end`, syncing every `checkpoint_ms` and at the end."""

    content: Content
    start: int
    end: int
    checkpoint_ms: int
    patience: Patience
    zone_size: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyTask:
    """Read `start` to `end` and compare with `content`; a checkpoint every `checkpoint_ms`.

    What cannot be read is written once more and read again: a pending sector is cured by that.
    """

    content: Content
    start: int
    end: int
    checkpoint_ms: int
    patience: Patience
    zone_size: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleTask:
    """Read the places that `bench.sampling` draws from `seed` (hex) and compare them with `content`."""

    content: Content
    size: int
    permille: int
    seed: str
    patience: Patience
    zone_size: int = 0


Task: TypeAlias = WriteTask | VerifyTask | SampleTask


class FaultKind(StrEnum):
    """What went wrong at a place on the drive."""

    IO_ERROR = "io-error"
    """The kernel or drive returned an error; `errno` says which."""
    SHORT = "short"
    """Fewer bytes were transferred than asked, without an error."""
    MISMATCH = "mismatch"
    """The drive returned other bytes than were written."""


class Action(StrEnum):
    """What was being done when a fault occurred."""

    WRITE = "write"
    SYNC = "sync"
    READ = "read"


class Outcome(StrEnum):
    """What became of a fault."""

    LASTING = "lasting"
    """It stayed: this place is not written, not read, or holds other bytes."""
    RETRIED = "retried"
    """The same request went through on a later try."""
    CURED = "cured"
    """What could not be read was written once more, synced, and then read back as it should be."""
    REWRITTEN = "rewritten"
    """The place was written again from the start, after an interruption. Said of the past, never reported."""


class StopCause(StrEnum):
    """Why a task ended before its end."""

    ASKED = "asked"
    """The station asked for it."""
    SYNC = "sync"
    """The drive could not sync: nothing written since the last checkpoint counts."""
    TOO_MANY_RANGES = "too-many-ranges"
    """More bad ranges than the patience allows."""
    TOO_MANY_SECTORS = "too-many-sectors"
    """More bad sectors than the patience allows."""
    TOO_LONG = "too-long"
    """Looking for bad sectors took longer than the patience allows."""
    OTHER_DATA = "other-data"
    """So much of the drive holds other bytes that reading on says nothing new."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """The task has reached `offset`; nothing is promised to be on the medium. Not stored.

    Since the task's start `moved` bytes were written or compared, and the drive took `busy_us` microseconds for that.
    """

    offset: int
    moved: int
    busy_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpointed:
    """Everything before `offset` is done; for a write, the drive has synced after it was written."""

    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """These zones were measured since they were last reported: what is behind, or all at the task's end."""

    zone_size: int
    zones: tuple[Zone, ...]
    slow: tuple[SlowRange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something went wrong between `offset` and `offset + length`; `errno` is 0 where there was none.

    `tries` is how often the place was tried by itself. For a mismatch, `holds` is the offset whose content the
    drive gave back instead, if it was recognised: the drive has written two places to one.
    """

    action: Action
    kind: FaultKind
    offset: int
    length: int
    errno: int
    tries: int = 1
    outcome: Outcome = Outcome.LASTING
    holds: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """The task ran to its end: `moved` bytes written or compared in `busy_ms`, `places` samples if sampling.

    `missed` counts the bytes that could not be written or read; each is in a lasting fault.
    """

    moved: int
    busy_ms: int
    missed: int = 0
    places: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """The task ended before its end, at `offset` (synced, for a write)."""

    offset: int
    moved: int
    busy_ms: int
    cause: StopCause


Report: TypeAlias = Progress | Checkpointed | Measured | Fault | Finished | Stopped
