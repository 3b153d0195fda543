"""The record's account of what the drive did itself: its commands, hidden areas and power cycles."""

from __future__ import annotations

from enum import StrEnum

from bench.capabilities import Answer, HiddenKind
from bench.record.base import Count, Instant, NonEmpty, Ordinal, Permille, Published, Sentence, Stated
from bench.stage_events import PowerWitness
from bench.stage_evidence import StageState
from bench.stages import StageKind
from bench.techniques import ErasureState, Technique


class StatusStatement(Published):
    """What the drive said of its latest erasure, by its own status."""

    state: ErasureState
    progress_permille: Stated[Permille]
    mark: Stated[Count]
    """What the drive keeps of the command itself (NVMe SCDW10)."""
    raw: Stated[str]
    """The answer as it came, in hexadecimal."""


class CanaryStatement(Published):
    """Blocks that had to be gone: planted and read back before, looked for afterwards."""

    planted: Count
    kept: Count
    """Blocks the drive held already, of which only a keyed hash was taken."""
    seed: NonEmpty
    """Places the planted blocks and gives their content."""
    checked: Stated[Count]
    survivors: Stated[Count]
    unread: Stated[Count]


class ReadBackStatement(Published):
    """A share of the drive, read after its erasure; this shows the logical view only."""

    share_permille: Permille
    seed: NonEmpty
    places: Count
    read_bytes: Count
    unread_bytes: Count
    blank_bytes: Count
    """Repeating a few bytes only."""
    survivors: Count
    """Blocks that were known from before."""


class FirmwareCommand(Published):
    """One thing the drive was told to do with all it holds."""

    stage: Ordinal
    kind: StageKind
    technique: Stated[Technique]
    title: Stated[str]
    """What its standard calls it."""
    source: Stated[str]
    policy: NonEmpty
    """The policy by which it was chosen."""
    reason: Sentence
    state: StageState
    started: Stated[Instant]
    accepted: Stated[Instant]
    """When the drive took the command without an error."""
    ended: Stated[Instant]
    starts: Count
    adoptions: Count
    """How often it was found going on after an interruption."""
    estimate_s: Stated[Ordinal]
    """The drive's own."""
    seen_running: bool
    """The drive was seen erasing, by its own status."""
    status_before: Stated[StatusStatement]
    status_at_end: Stated[StatusStatement]
    refusal: Stated[Sentence]
    failure_mode_left: bool
    canaries: Stated[CanaryStatement]
    read_back: Stated[ReadBackStatement]


class HiddenAction(StrEnum):
    """What was done about a hidden area."""

    NONE_NEEDED = "none-needed"
    RESTORED = "restored"
    LEFT = "left"
    NOT_DONE = "not-done"
    UNKNOWN = "unknown"


class HiddenAreaStatement(Published):
    """One way of hiding capacity, and what was done about it."""

    kind: HiddenKind
    in_use_before: Answer
    size_bytes: Stated[Count]
    """The drive's size with it undone."""
    action: HiddenAction
    in_use_after: Stated[Answer]


class PowerCycleStatement(Published):
    """The drive was without power."""

    stage: Ordinal
    reason: Sentence
    asked: Stated[Instant]
    seen: Stated[Instant]
    witness: Stated[PowerWitness]
    count_before: Stated[Count]
    count_after: Stated[Count]
