"""What a worker is told to do with one drive, and what it reports. Offsets and lengths are bytes.

These values cross a pipe as JSON; the worker process imports nothing beyond them, the standard library and
`cryptography`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


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
class WriteTask:
    """Write `content` from `start` to `end`, syncing every `checkpoint_ms` and at the end."""

    content: Content
    start: int
    end: int
    checkpoint_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyTask:
    """Read `start` to `end` and compare with `content`; a checkpoint every `checkpoint_ms`."""

    content: Content
    start: int
    end: int
    checkpoint_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleTask:
    """Read the places that `bench.sampling` draws from `seed` (hex) and compare them with `content`."""

    content: Content
    size: int
    permille: int
    sector: int
    seed: str


Task: TypeAlias = WriteTask | VerifyTask | SampleTask


class FaultKind(StrEnum):
    """What went wrong at a place on the drive."""

    IO_ERROR = "io-error"
    """The kernel or drive returned an error; `errno` says which."""
    SHORT = "short"
    """Fewer bytes were transferred than asked, without an error."""
    MISMATCH = "mismatch"
    """The drive returned other bytes than were written."""
    NO_ANSWER = "no-answer"
    """The drive did not answer within the limit."""


class Action(StrEnum):
    """What was being done when a fault occurred."""

    WRITE = "write"
    SYNC = "sync"
    READ = "read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """The task has reached `offset`; nothing is promised to be on the medium. Not stored."""

    offset: int
    moved: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpointed:
    """Everything before `offset` is done; for a write, the drive has synced after it was written."""

    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something went wrong between `offset` and `offset + length`; `errno` is 0 where there was none."""

    action: Action
    kind: FaultKind
    offset: int
    length: int
    errno: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """The task ran to its end: `moved` bytes written or compared in `busy_ms`, `places` samples if sampling."""

    moved: int
    busy_ms: int
    places: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """The task ended before its end, at `offset` (synced, for a write): asked to, or after a fault."""

    offset: int
    moved: int
    busy_ms: int


Report: TypeAlias = Progress | Checkpointed | Fault | Finished | Stopped
