"""What a virtual drive's firmware is: the field `commands` of `drive.json`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

SANITIZE_KINDS = ("crypto", "block", "overwrite")


class Personality(StrEnum):
    """Which kind of drive answers commands."""

    NONE = "none"
    """Nothing does, as behind a bridge that passes none: EOPNOTSUPP."""
    ATA_DISK = "ata-disk"
    ATA_SSD = "ata-ssd"
    SAS_DISK = "sas-disk"
    SAS_SSD = "sas-ssd"
    NVME = "nvme"

    @property
    def is_ata(self) -> bool:
        """Whether SCSI commands reach an ATA drive through a translation (SAT)."""
        return self in {Personality.ATA_DISK, Personality.ATA_SSD}

    @property
    def is_flash(self) -> bool:
        """Whether it has no turning parts."""
        return self in {Personality.ATA_SSD, Personality.SAS_SSD, Personality.NVME}


class Bridge(StrEnum):
    """What stands between the host and an ATA drive."""

    NONE = "none"
    """The host's own controller: ATA results as a descriptor, all else in fixed format, as libata does."""
    DESCRIPTOR = "descriptor"
    """A USB bridge that answers in descriptor format."""
    FIXED = "fixed"
    """A USB bridge that answers in fixed format, which has no room for COUNT(15:8)."""
    DEAF = "deaf"
    """A USB bridge that passes no ATA command at all."""


class Hiding(StrEnum):
    """With which feature sets an ATA drive hides capacity."""

    NONE = "none"
    HPA_DCO = "hpa-dco"
    AMA = "ama"


class Tcg(StrEnum):
    """Security subsystem class."""

    NONE = "none"
    OPAL = "opal"
    PYRITE = "pyrite"
    ENTERPRISE = "enterprise"


class Leaves(StrEnum):
    """What a crypto erase leaves to be read."""

    NOISE = "noise"
    """Old bytes under a new key."""
    ZEROS = "zeros"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandSpec:
    """A drive's firmware. Sizes are bytes, durations milliseconds; an empty or zero value is the personality's own.

    `sanitize` lists what is supported (`crypto,block,overwrite`, or `none`). `hpa_size` and `dco_size` are what the
    drive shows of itself when new. `erase_minutes` and `enhanced_minutes` go into IDENTIFY (even; 0: not reported).
    `block` is the sector that a SAS drive is formatted with (512, 520, 528, 4096). `siblings` NVMe namespaces of
    `sibling_size` lie behind the first on the same medium; `format_hits_all` sets FNA bits 0 and 1. `retired` is how
    many sectors a disk says that it has replaced.
    """

    personality: Personality = Personality.NONE
    bridge: Bridge = Bridge.NONE
    erase_ms: int = 1000
    crypto_ms: int = 100
    crypto_leaves: Leaves = Leaves.NOISE
    sanitize: str = ""
    security: bool = True
    enhanced: bool = True
    frozen_at_power_on: bool = False
    erase_minutes: int = 2
    enhanced_minutes: int = 2
    hiding: Hiding = Hiding.HPA_DCO
    hpa_size: int = 0
    dco_size: int = 0
    tcg: Tcg = Tcg.NONE
    tcg_locked: bool = False
    tcg_shadow: bool = False
    sid_blocked: bool = False
    psid: str = "PSID0000000000000000000000000000"
    block: int = 0
    siblings: int = 0
    sibling_size: int = 0
    unallocated: int = 0
    format_hits_all: bool = False
    zoned: bool = False
    hybrid: bool = False
    depopulated: bool = False
    retired: int = 0

    def __post_init__(self) -> None:
        if wrong := set(self.sanitizes) - {*SANITIZE_KINDS}:
            raise ValueError(f"sanitize: {min(wrong)!r} is unknown; known are none, {', '.join(SANITIZE_KINDS)}")
        if self.block not in {0, 512, 520, 528, 4096}:
            raise ValueError(f"block must be 512, 520, 528 or 4096, not {self.block}")
        for name in ("erase_ms", "crypto_ms"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1, not {getattr(self, name)}")
        for name in ("hpa_size", "dco_size", "siblings", "sibling_size", "unallocated", "retired"):
            if getattr(self, name) < 0:
                raise ValueError(f"{name} must not be negative, not {getattr(self, name)}")
        if (self.hpa_size or self.dco_size) and self.hiding is Hiding.NONE:
            raise ValueError("hpa_size and dco_size need a feature set that hides")

    @property
    def sanitizes(self) -> tuple[str, ...]:
        """What SANITIZE can do."""
        if self.sanitize:
            return () if self.sanitize == "none" else tuple(self.sanitize.split(","))
        match self.personality:
            case Personality.NONE:
                return ()
            case Personality.ATA_DISK:
                return ("overwrite",)
            case Personality.SAS_DISK:
                return ("crypto", "overwrite")
            case _:
                return ("crypto", "block")
