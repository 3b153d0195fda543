"""What a drive says it can do, and the state it is in, read without changing anything.

Every answer may be *indeterminate*: a bridge that swallows a command, a drive that aborts one. "None" needs proof.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bench.messages import Message
from bench.techniques import ErasureState, Technique


class Answer(StrEnum):
    """A yes, a no, or neither."""

    YES = "yes"
    NO = "no"
    INDETERMINATE = "indeterminate"

    @classmethod
    def of(cls, *, holds: bool) -> Answer:
        """A plain yes or no."""
        return cls.YES if holds else cls.NO


class CommandSet(StrEnum):
    """Which commands reach the drive."""

    ATA = "ata"
    """Through SAT, on a SATA port, a SAS controller or a USB bridge that passes them."""
    SCSI = "scsi"
    NVME = "nvme"
    NONE = "none"
    """None that we trust: overwriting only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Security:
    """ATA security (ACS-3, IDENTIFY words 82, 89, 90, 92 and 128). Minutes, None where the drive gives none."""

    supported: Answer
    enabled: Answer = Answer.INDETERMINATE
    locked: Answer = Answer.INDETERMINATE
    frozen: Answer = Answer.INDETERMINATE
    expired: Answer = Answer.INDETERMINATE
    """Too many wrong passwords: nothing more is accepted until the next power cycle."""
    enhanced: Answer = Answer.INDETERMINATE
    erase_minutes: int | None = None
    enhanced_minutes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sanitize:
    """Sanitize support, and the state of the most recent one, which need not be ours.

    `mark` is what the drive keeps of the command itself (NVMe SCDW10), `progress` is in thousandths.
    """

    techniques: tuple[Technique, ...] = ()
    determined: Answer = Answer.INDETERMINATE
    """Whether the drive answered at all."""
    state: ErasureState = ErasureState.UNKNOWN
    progress: int | None = None
    mark: int | None = None
    frozen: Answer = Answer.INDETERMINATE


class HiddenKind(StrEnum):
    """Ways to hide capacity."""

    HPA = "hpa"
    """Host protected area."""
    DCO = "dco"
    """Device configuration overlay."""
    AMA = "ama"
    """Accessible maximum address, which replaces both on newer drives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HiddenArea:
    """One way of hiding capacity: whether it is in use, and the size in bytes with it undone (0 where unknown)."""

    kind: HiddenKind
    in_use: Answer
    size: int = 0
    frozen: Answer = Answer.INDETERMINATE


class OpalKind(StrEnum):
    """Security subsystem class, by TCG Level 0 discovery."""

    NONE = "none"
    OPAL = "opal"
    PYRITE = "pyrite"
    """Access control only: it encrypts nothing."""
    ENTERPRISE = "enterprise"
    OTHER = "other"
    INDETERMINATE = "indeterminate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opal:
    """TCG Level 0 discovery: locking, shadow MBR, Block SID."""

    kind: OpalKind
    encrypts: Answer = Answer.INDETERMINATE
    locking: Answer = Answer.INDETERMINATE
    """Locking is set up."""
    locked: Answer = Answer.INDETERMINATE
    shadowed: Answer = Answer.INDETERMINATE
    """The shadow MBR hides the data behind a read-only image."""
    sid_blocked: Answer = Answer.INDETERMINATE


@dataclass(frozen=True, slots=True, kw_only=True)
class Namespace:
    """One NVMe namespace: sizes are bytes; the format in use, as Format NVM must be given it again."""

    nsid: int
    size: int
    block: int
    format_index: int
    metadata_settings: int
    """CDW10 bits 11:4 of the format in use: metadata and protection information settings."""
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class NvmeCapabilities:
    """What Identify Controller and the namespace lists say.

    `controllers` is 2 where there may be several and they could not be counted. A namespace that could not be read
    has size and block 0.
    """

    namespaces: tuple[Namespace, ...]
    controllers: int
    formats: Answer
    format_crypto: Answer
    format_hits_all: Answer
    """Format, or its secure erase, always reaches all namespaces (FNA)."""
    unallocated: int = 0
    """Bytes of the subsystem in no namespace."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SectorFormat:
    """SCSI and ATA: the logical sector as formatted, in bytes, and whether it carries protection information.

    `size` is the drive's capacity in bytes by its own READ CAPACITY(16) (SBC-4 5.20); 0 for a format that is not in
    use, and where the drive does not say.
    """

    block: int
    protection: bool = False
    size: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """Everything a drive said about erasing it. `commands` counts how many were sent to find out."""

    command_set: CommandSet
    bridge: str = ""
    """A bridge between us and the drive, by name; empty if there is none."""
    rotation: int | None = None
    """Revolutions per minute, 0 for flash, None where the drive does not say."""
    hybrid: Answer = Answer.INDETERMINATE
    zoned: Answer = Answer.INDETERMINATE
    depopulated: Answer = Answer.INDETERMINATE
    retired_sectors: int | None = None
    """Sectors of a disk that it has replaced by spare ones: overwriting does not reach them. None where it does not
    say, as flash never does."""
    security: Security = Security(supported=Answer.INDETERMINATE)
    sanitize: Sanitize = Sanitize()
    hidden: tuple[HiddenArea, ...] = ()
    opal: Opal = Opal(kind=OpalKind.INDETERMINATE)
    nvme: NvmeCapabilities | None = None
    formats: tuple[SectorFormat, ...] = ()
    """The one in use first."""
    format_unit: Answer = Answer.NO
    firmware_erase: tuple[Technique, ...] = ()
    """What the drive offers, in the order of its own documentation; whether it may be used is the planner's matter."""
    notes: tuple[Message, ...] = ()
    commands: int = 0
