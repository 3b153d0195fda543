"""Techniques of erasing: what a drive's own firmware can do, and host overwriting beside it.

What each is credited with, and on which condition, is decided by `bench.levels`; how it is done by `drivers`.
"""

from __future__ import annotations

from enum import StrEnum


class Technique(StrEnum):
    """One way of erasing a whole drive."""

    OVERWRITE = "overwrite"
    """By the host, pass by pass."""
    ATA_SANITIZE_CRYPTO = "ata-sanitize-crypto"
    ATA_SANITIZE_BLOCK = "ata-sanitize-block"
    ATA_SANITIZE_OVERWRITE = "ata-sanitize-overwrite"
    ATA_SECURE_ERASE = "ata-secure-erase"
    ATA_SECURE_ERASE_ENHANCED = "ata-secure-erase-enhanced"
    SCSI_SANITIZE_CRYPTO = "scsi-sanitize-crypto"
    SCSI_SANITIZE_BLOCK = "scsi-sanitize-block"
    SCSI_SANITIZE_OVERWRITE = "scsi-sanitize-overwrite"
    SCSI_FORMAT_UNIT = "scsi-format-unit"
    NVME_SANITIZE_CRYPTO = "nvme-sanitize-crypto"
    NVME_SANITIZE_BLOCK = "nvme-sanitize-block"
    NVME_SANITIZE_OVERWRITE = "nvme-sanitize-overwrite"
    NVME_FORMAT_USER_DATA = "nvme-format-user-data"
    NVME_FORMAT_CRYPTO = "nvme-format-crypto"
    OPAL_PSID_REVERT = "opal-psid-revert"

    @property
    def is_firmware(self) -> bool:
        """Whether the drive does it by itself."""
        return self is not Technique.OVERWRITE

    @property
    def is_sanitize(self) -> bool:
        """Whether it goes on after a power loss, is polled, and never given again blindly."""
        return "-sanitize-" in self.value

    @property
    def survives_power_loss(self) -> bool:
        """Whether the drive itself resumes it. The others must be begun again, and never be cut in the middle."""
        return self.is_sanitize


class ErasureState(StrEnum):
    """Where a firmware erasure stands, as the drive itself says."""

    NEVER = "never"
    """None was ever done."""
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"
    """The drive does not say, or says what no standard defines."""
