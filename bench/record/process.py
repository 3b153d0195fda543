"""The record's account of what was done: method, passes, verification, faults, interruptions, tools."""

from __future__ import annotations

from enum import StrEnum

from bench.context import ClockTrust
from bench.events import Cause
from bench.evidence import Stage
from bench.plan import Level, VerifyKind
from bench.record.base import Absent, Count, Hex, Instant, LbaRange, NonEmpty, Ordinal, Permille, Published, Stated
from bench.record.firmware import FirmwareCommand, HiddenAreaStatement, PowerCycleStatement
from bench.record.surface import SurfaceTable
from bench.stage_evidence import StageState
from bench.stages import StageKind
from bench.work import Action, Algorithm, FaultKind, Outcome

MOST_FAULTS = 20_000
"""Faults that a record lists, in all passes together: some 7 MB."""


class Access(StrEnum):
    """How the drive was read and written."""

    DIRECT = "direct"
    """Past the page cache (O_DIRECT)."""
    BUFFERED = "buffered"
    """Through the page cache, which was dropped before verifying."""


class MethodStatement(Published):
    """The erasure method, as its definition names it."""

    key: NonEmpty
    title: NonEmpty
    source: Stated[str]
    site_defined: bool
    """Defined by the workshop itself, not shipped with the bench."""


class PatternContent(Published):
    """Bytes repeated over the whole drive."""

    pattern: Hex


class StreamContent(Published):
    """A keystream; with its key, anyone can compute what the drive held."""

    algorithm: Stated[Algorithm]
    key: Stated[Hex]


class Fault(Published):
    """Something that went wrong at a place on the drive."""

    at: Instant
    action: Action
    kind: FaultKind
    range: LbaRange
    """The logical blocks concerned."""
    offset_bytes: Count
    length_bytes: Count
    errno: Stated[Ordinal]
    tries: Ordinal
    """How often the place was tried by itself."""
    outcome: Outcome
    belongs_to_bytes: Stated[Count]
    """For other bytes than written: the offset they were written for, where that was recognised."""


class FaultCounts(Published):
    """How many faults there were, by what became of them."""

    lasting: Count
    retried: Count
    cured: Count
    rewritten: Count

    @property
    def total(self) -> int:
        """All of them."""
        return self.lasting + self.retried + self.cured + self.rewritten


class Verification(Published):
    """The reading back of one pass."""

    kind: VerifyKind
    share_permille: Permille
    """Share of the drive asked to be read."""
    seed: Stated[Hex]
    """Places the samples."""
    started: Instant
    ended: Stated[Instant]
    compared_bytes: Count
    unread_bytes: Count
    places: Stated[Count]
    """How many samples were read."""
    mismatches: Count
    """Ranges where other bytes were read than were written."""
    mismatching_bytes: Count
    busy_ms: Count
    throughput_bytes_per_s: Stated[Count]
    surface: Stated[SurfaceTable]
    """Measured while reading."""


class PassStatement(Published):
    """One overwrite of the whole drive."""

    number: Ordinal
    content: PatternContent | StreamContent
    stage: Stage
    started: Stated[Instant]
    ended: Stated[Instant]
    synced_bytes: Count
    """From the start of the drive, confirmed by it as stored, but for `unwritten_bytes`."""
    unwritten_bytes: Count
    """Before that, but refused by the drive."""
    busy_ms: Count
    throughput_bytes_per_s: Stated[Count]
    starts: Count
    """How often work on it began, resumes included."""
    restarts: Count
    """How often it began anew because the drive had lost what it had confirmed."""
    access: Stated[Access]
    fault_counts: FaultCounts
    faults: tuple[Fault, ...]
    """All of them, or the worst where there are thousands; the journal has all."""
    surface: Stated[SurfaceTable]
    """Measured while writing."""
    verification: Stated[Verification]


class InterruptionStatement(Published):
    """A stop, and the resume that followed."""

    cause: Cause
    stopped: Stated[Instant]
    resumed: Stated[Instant]


class Tool(Published):
    """What did the work or issued this record; a job resumed by another version has more than one."""

    station: NonEmpty
    program: NonEmpty
    version: NonEmpty
    commit: Stated[str]
    kernel: Stated[str]
    architecture: Stated[str]
    python: Stated[str]
    clock: ClockTrust
    clock_source: Stated[str]


class Process(Published):
    """Everything done to the drive, in order."""

    level_asked: Level
    level_achieved: Level
    method: MethodStatement
    rounds: Ordinal
    planned: Instant
    concluded: Instant
    """When the verdict was drawn: for a correction, before it was issued."""
    consent: Stated[str]
    """How the operator confirmed."""
    passes: tuple[PassStatement, ...]
    interruptions: tuple[InterruptionStatement, ...]
    firmware_commands: Stated[tuple[FirmwareCommand, ...]]
    """What the drive was told to do itself."""
    hidden_areas: Stated[tuple[HiddenAreaStatement, ...]]
    """What was done about HPA, DCO and AMA."""
    power_cycles: Stated[tuple[PowerCycleStatement, ...]]
    tools: tuple[Tool, ...]

    @property
    def erased_by_firmware(self) -> bool:
        """Whether the drive erased itself, and ended that as done."""
        commands = () if isinstance(self.firmware_commands, Absent) else self.firmware_commands
        return any(item.kind is StageKind.ERASE and item.state is StageState.DONE for item in commands)
