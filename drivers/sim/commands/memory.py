"""What a virtual drive's firmware remembers without power: the field `commands` of `state.json`."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class EraseKind(StrEnum):
    """What is being erased, and how."""

    NONE = "none"
    CRYPTO = "sanitize-crypto"
    BLOCK = "sanitize-block"
    OVERWRITE = "sanitize-overwrite"
    SECURITY = "security-erase"
    FORMAT = "format"
    FORMAT_CRYPTO = "format-crypto"
    FORMAT_NOTHING = "format-nothing"
    """NVMe Format without a secure erase setting."""

    @property
    def is_sanitize(self) -> bool:
        """Whether it goes on after a power loss."""
        return self in {EraseKind.CRYPTO, EraseKind.BLOCK, EraseKind.OVERWRITE}

    @property
    def changes_key(self) -> bool:
        """Whether the media key goes, at the end, instead of the data."""
        return self in {EraseKind.CRYPTO, EraseKind.FORMAT_CRYPTO}


WHOLE = 65536
"""A finished erasure's `done`: drives report progress in these parts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """An erasure of bytes `first` to `end`, with its whole duration; `pattern` is hexadecimal, empty for zeros."""

    kind: EraseKind = EraseKind.NONE
    first: int = 0
    end: int = 0
    pattern: str = ""
    ms: int = 1
    done: int = 0
    block: int = 0
    """Sector size that a format brings, 0 for no change."""


class SanitizeState(StrEnum):
    """ACS-4 states SD0 and SD2 to SD4; the others have the same. Frozen is forgotten without power."""

    IDLE = "idle"
    RUNNING = "running"
    FAILED = "failed"
    DONE = "done"


@dataclass(slots=True, kw_only=True)
class SanitizeMemory:
    """The most recent sanitize. `mark` is NVMe's SCDW10, `untouched` its Global Data Erased."""

    state: SanitizeState = SanitizeState.IDLE
    may_leave_failure: bool = False
    mark: int = 0
    deallocated_anyway: bool = False
    untouched: bool = False
    passes: int = 0


@dataclass(slots=True, kw_only=True)
class SecurityMemory:
    """ATA security; passwords in hexadecimal."""

    enabled: bool = False
    maximum: bool = False
    user: str = ""
    master: str = ""
    revision: int = 0xFFFE


@dataclass(slots=True, kw_only=True)
class HiddenMemory:
    """Bytes that the drive shows of itself; 0: nothing is hidden that way."""

    hpa: int = 0
    dco: int = 0


@dataclass(slots=True, kw_only=True)
class FormatMemory:
    """The format in use. `corrupt`: a format did not come to its end."""

    block: int = 0
    corrupt: bool = False
    depopulated: bool = False


@dataclass(slots=True, kw_only=True)
class TcgMemory:
    """Locking as it will be at the next power-on."""

    enabled: bool = False
    locked: bool = False
    shadow: bool = False


@dataclass(slots=True, kw_only=True)
class Memory:
    """Everything the firmware remembers. `generation` counts media keys: 0 shows the medium as it lies in its file."""

    set_up: bool = False
    size: int = 0
    """What the drive says it holds after an erasure changed it; 0 for the truth."""
    generation: int = 0
    self_tests: int = 0
    test_results: str = ""
    """NVMe self-tests, newest first, in hexadecimal: the upper digit says which, the lower one how it ended."""
    erasure: Erasure = field(default_factory=Erasure)
    sanitize: SanitizeMemory = field(default_factory=SanitizeMemory)
    security: SecurityMemory = field(default_factory=SecurityMemory)
    hidden: HiddenMemory = field(default_factory=HiddenMemory)
    format: FormatMemory = field(default_factory=FormatMemory)
    tcg: TcgMemory = field(default_factory=TcgMemory)
