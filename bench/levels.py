"""Levels of sanitization, and what each technique is credited with, on which conditions and by which source.

The sources are named as far as their text was at hand; nothing here is a claim of conformity.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bench.capabilities import Answer, Capabilities, HiddenArea, OpalKind
from bench.drive import Medium
from bench.messages import Message, say
from bench.techniques import Technique


class Level(StrEnum):
    """Sanitization levels (NIST SP 800-88, IEEE 2883); host overwriting reaches Clear at most."""

    NONE = "none"
    CLEAR = "clear"
    PURGE = "purge"

    @property
    def rank(self) -> int:
        """0 for none, more for what withstands more."""
        return list(Level).index(self)

    def reaches(self, asked: Level) -> bool:
        """Whether this level is at least `asked`."""
        return self.rank >= asked.rank


T = Technique
CRYPTO = frozenset({T.ATA_SANITIZE_CRYPTO, T.SCSI_SANITIZE_CRYPTO, T.NVME_SANITIZE_CRYPTO, T.NVME_FORMAT_CRYPTO,
                    T.OPAL_PSID_REVERT})  # fmt: skip
"""They destroy a key and nothing else: all depends on what that key had encrypted."""
BLOCK = frozenset({T.ATA_SANITIZE_BLOCK, T.SCSI_SANITIZE_BLOCK, T.NVME_SANITIZE_BLOCK})
SECURITY = frozenset({T.ATA_SECURE_ERASE, T.ATA_SECURE_ERASE_ENHANCED})
FORMATS = frozenset({T.NVME_FORMAT_USER_DATA, T.NVME_FORMAT_CRYPTO})

SOURCES = {
    T.OVERWRITE: "NIST SP 800-88 r1 and r2: one overwriting pass is Clear; spare and retired blocks stay out of reach",
    T.ATA_SANITIZE_CRYPTO: "ACS-3 SANITIZE DEVICE, CRYPTO SCRAMBLE EXT; credited by what the policy says of the key",
    T.ATA_SANITIZE_BLOCK: "ACS-3 SANITIZE DEVICE, BLOCK ERASE EXT: Purge",
    T.ATA_SANITIZE_OVERWRITE: "ACS-3 SANITIZE DEVICE, OVERWRITE EXT: Purge",
    T.ATA_SECURE_ERASE: "ACS-3 SECURITY ERASE UNIT, normal mode: Clear",
    T.ATA_SECURE_ERASE_ENHANCED: "ACS-3 SECURITY ERASE UNIT, enhanced: Purge on disks (Dell's reading of IEEE 2883)",
    T.SCSI_SANITIZE_CRYPTO: "SBC-4 SANITIZE, cryptographic erase; credited by what the policy says of the key",
    T.SCSI_SANITIZE_BLOCK: "SBC-4 SANITIZE, block erase: Purge",
    T.SCSI_SANITIZE_OVERWRITE: "SBC-4 SANITIZE, overwrite: Purge",
    T.SCSI_FORMAT_UNIT: "SBC-4 FORMAT UNIT: Clear",
    T.NVME_SANITIZE_CRYPTO: "NVM Express Base, Sanitize, crypto erase; credited by what the policy says of the key",
    T.NVME_SANITIZE_BLOCK: "NVM Express Base, Sanitize, block erase: Purge",
    T.NVME_SANITIZE_OVERWRITE: "NVM Express Base, Sanitize, overwrite: Purge",
    T.NVME_FORMAT_USER_DATA: "NVM Express NVM Command Set, Format NVM, SES 1: Clear",
    T.NVME_FORMAT_CRYPTO: "NVM Express NVM Command Set, Format NVM, SES 2; credited by what the policy says of the key",
    T.OPAL_PSID_REVERT: "TCG Opal, Revert by PSID; credited by what the policy says of the key",
}
"""Where each technique is defined and credited, as records print it; command names stay in the standards' English."""

TITLES = {
    T.OVERWRITE: "Overwriting by the host",
    T.ATA_SANITIZE_CRYPTO: "ATA SANITIZE DEVICE, crypto scramble",
    T.ATA_SANITIZE_BLOCK: "ATA SANITIZE DEVICE, block erase",
    T.ATA_SANITIZE_OVERWRITE: "ATA SANITIZE DEVICE, overwrite",
    T.ATA_SECURE_ERASE: "ATA SECURITY ERASE UNIT, normal",
    T.ATA_SECURE_ERASE_ENHANCED: "ATA SECURITY ERASE UNIT, enhanced",
    T.SCSI_SANITIZE_CRYPTO: "SCSI SANITIZE, cryptographic erase",
    T.SCSI_SANITIZE_BLOCK: "SCSI SANITIZE, block erase",
    T.SCSI_SANITIZE_OVERWRITE: "SCSI SANITIZE, overwrite",
    T.SCSI_FORMAT_UNIT: "SCSI FORMAT UNIT",
    T.NVME_SANITIZE_CRYPTO: "NVMe Sanitize, crypto erase",
    T.NVME_SANITIZE_BLOCK: "NVMe Sanitize, block erase",
    T.NVME_SANITIZE_OVERWRITE: "NVMe Sanitize, overwrite",
    T.NVME_FORMAT_USER_DATA: "NVMe Format NVM, user data erase",
    T.NVME_FORMAT_CRYPTO: "NVMe Format NVM, cryptographic erase",
    T.OPAL_PSID_REVERT: "TCG Opal revert by PSID",
}
"""What the standards call each technique: records must make sense without this program."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a credit rests on: the drive as it says it is, and what is known beside it.

    `basis` is the statement by which the policy lets crypto erase alone count for this model, empty where there is
    none. `flash` is true for hybrids and for what does not say whether it rotates: the stricter reading.
    """

    flash: bool
    hidden: tuple[HiddenArea, ...] = ()
    opal: OpalKind = OpalKind.INDETERMINATE
    encrypts: Answer = Answer.INDETERMINATE
    depopulated: Answer = Answer.INDETERMINATE
    basis: str = ""

    @classmethod
    def of(cls, medium: Medium, capabilities: Capabilities, basis: str = "") -> Ground:
        """The ground for a drive as surveyed (`medium`) and as it answered (`capabilities`)."""
        return cls(
            flash=is_flash(medium, capabilities),
            hidden=capabilities.hidden,
            opal=capabilities.opal.kind,
            encrypts=capabilities.opal.encrypts,
            depopulated=capabilities.depopulated,
            basis=basis,
        )

    @property
    def hidden_in_use(self) -> bool:
        """Whether a hidden area is known to hide capacity."""
        return any(area.in_use is Answer.YES for area in self.hidden)

    @property
    def hidden_proven_none(self) -> bool:
        """Whether the drive was asked for hidden areas, and each answer was a plain no."""
        return bool(self.hidden) and all(area.in_use is Answer.NO for area in self.hidden)


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """The level a technique is worth on its ground; `limits` say what keeps it from being worth more."""

    level: Level
    limits: tuple[Message, ...] = ()


def is_flash(medium: Medium, capabilities: Capabilities) -> bool:
    """Whether the drive is to be treated as flash: hybrids are, and so is what does not say that it rotates."""
    if capabilities.hybrid is Answer.YES or medium is Medium.FLASH or capabilities.rotation == 0:
        return True
    return medium is not Medium.ROTATING and not capabilities.rotation


def credit(technique: Technique, ground: Ground) -> Credit:
    """What an erasure by `technique` is worth, had it been proven."""
    if technique is Technique.OPAL_PSID_REVERT and not _revert_encrypts(ground):
        return Credit(level=Level.NONE, limits=(say("level-limit-no-encryption"),))
    if ground.hidden_in_use and not technique.is_sanitize:
        return Credit(level=Level.NONE, limits=(say("level-limit-hidden-area"),))
    level, limits = _by_technique(technique, ground)
    if ground.depopulated is Answer.YES and level is Level.PURGE:
        return Credit(level=Level.CLEAR, limits=(*limits, say("level-limit-depopulated")))
    return Credit(level=level, limits=limits)


def _by_technique(technique: Technique, ground: Ground) -> tuple[Level, tuple[Message, ...]]:
    if technique in CRYPTO:
        if ground.basis:
            return Level.PURGE, ()
        return Level.CLEAR, (say("level-limit-crypto-alone"),)
    if technique.is_sanitize:
        return Level.PURGE, ()
    if technique is Technique.ATA_SECURE_ERASE_ENHANCED:
        if ground.flash:
            return Level.CLEAR, (say("level-limit-enhanced-on-flash"),)
        if not ground.hidden_proven_none:
            return Level.CLEAR, (say("level-limit-enhanced-hidden-unknown"),)
        return Level.PURGE, ()
    limit = "level-limit-overwrite" if technique is Technique.OVERWRITE else "level-limit-command"
    return Level.CLEAR, (say(limit),)


def _revert_encrypts(ground: Ground) -> bool:
    """Pyrite controls access and encrypts nothing; of what does not say what it is, nothing is believed."""
    return ground.opal in {OpalKind.OPAL, OpalKind.ENTERPRISE} and ground.encrypts is not Answer.NO
