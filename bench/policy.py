"""A policy: what a lot's owner asks for, what may be used for it, and what is done where only less can be reached."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase

from bench.levels import Level
from bench.techniques import Technique


class Downgrade(StrEnum):
    """What happens where only less than the level asked can be reached."""

    REFUSE = "refuse"
    ASK = "ask"
    """The operator's consent is asked, and recorded word for word."""
    ALLOW = "allow"
    """The policy itself consents; the record says so."""


class HiddenRule(StrEnum):
    """What is done about hidden areas (HPA, DCO, AMA) that are in use."""

    RESTORE = "restore"
    REFUSE = "refuse"
    LEAVE_AND_REMARK = "leave-and-remark"
    """Only a sanitize reaches them: with any other technique nothing could be claimed, and the drive is refused."""


class RetiredRule(StrEnum):
    """What is done where a disk has retired sectors, which overwriting does not reach."""

    REMARK = "remark"
    REFUSE_OVERWRITE = "refuse-overwrite"
    """Sanitize or destruction, never overwriting alone."""


class FrozenRule(StrEnum):
    """What is done about drives that were found frozen."""

    POWER_CYCLE = "power-cycle"
    PASS_OVER = "pass-over"  # noqa: S105  (it passes over a drive: no password)
    """Nothing that the freeze locks is used."""


T = Technique
SANITIZE_BLOCK = (T.ATA_SANITIZE_BLOCK, T.NVME_SANITIZE_BLOCK, T.SCSI_SANITIZE_BLOCK)
SANITIZE_CRYPTO = (T.ATA_SANITIZE_CRYPTO, T.NVME_SANITIZE_CRYPTO, T.SCSI_SANITIZE_CRYPTO)
SANITIZE_OVERWRITE = (T.ATA_SANITIZE_OVERWRITE, T.NVME_SANITIZE_OVERWRITE, T.SCSI_SANITIZE_OVERWRITE)
OTHERS = (
    T.ATA_SECURE_ERASE_ENHANCED,
    T.NVME_FORMAT_CRYPTO,
    T.OPAL_PSID_REVERT,
    T.NVME_FORMAT_USER_DATA,
    T.ATA_SECURE_ERASE,
    T.SCSI_FORMAT_UNIT,
)
FLASH_ORDER = (*SANITIZE_BLOCK, *SANITIZE_CRYPTO, *SANITIZE_OVERWRITE, *OTHERS, T.OVERWRITE)
DISK_ORDER = (*SANITIZE_OVERWRITE, *SANITIZE_BLOCK, *SANITIZE_CRYPTO, *OTHERS, T.OVERWRITE)


@dataclass(frozen=True, slots=True, kw_only=True)
class CryptoBasis:
    """On whose word crypto erase alone counts, and for which models (shell patterns: `EXAMPLE SSD*`).

    Drives report neither the length of their key nor whether there was plaintext before it: somebody has to answer for
    that, and `statement` says who and how. It is printed in the record.
    """

    statement: str
    models: tuple[str, ...]

    def covers(self, model: str) -> bool:
        """Whether a drive of this model is meant; case does not count."""
        return any(fnmatchcase(model.strip().lower(), pattern.strip().lower()) for pattern in self.models)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What is asked of every drive. `flash` and `disk` are allowed techniques in order of preference.

    `read_back` is the share read after the drive erased itself, in thousandths; `canaries` the blocks planted in each
    erasure, 0 for none. `overwrite_on_top` adds the method's passes after the drive's own erasure. The defaults are
    those of `config/policies/purge.toml`.
    """

    name: str
    level: Level
    downgrade: Downgrade = Downgrade.ASK
    flash: tuple[Technique, ...] = FLASH_ORDER
    disk: tuple[Technique, ...] = DISK_ORDER
    crypto_before_block: bool = True
    crypto_alone: tuple[CryptoBasis, ...] = ()
    overwrite_on_top: bool = False
    canaries: int = 64
    read_back: int = 50
    power_cycle: bool = True
    hidden_areas: HiddenRule = HiddenRule.RESTORE
    retired_sectors: RetiredRule = RetiredRule.REFUSE_OVERWRITE
    frozen: FrozenRule = FrozenRule.POWER_CYCLE

    def order(self, *, flash: bool) -> tuple[Technique, ...]:
        """Allowed techniques for a medium, the preferred ones first."""
        return self.flash if flash else self.disk

    def basis(self, model: str) -> str:
        """The statement by which crypto erase alone counts for this model; empty where there is none."""
        return next((item.statement for item in self.crypto_alone if item.covers(model)), "")
