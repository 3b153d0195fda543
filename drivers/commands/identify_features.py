"""What IDENTIFY DEVICE data say about erasing: security, sanitize, ways of hiding capacity, the kind of medium.

Source: ACS-4 table 45 (words); SATA 3.2 table 127 (word 78); ATA8-ACS (words 82 to 87 and 214, now obsolete). A word
that carries a validity mark is believed only with it. Words without one (59, 69, 128) are believed where the data are
sealed by their checksum, or where a marked word says the same.
"""

from __future__ import annotations

import re

from bench.capabilities import Answer, HiddenKind, Security
from bench.techniques import Technique
from drivers.commands.ata_sanitize import TECHNIQUES as SANITIZES
from drivers.commands.identify import AtaIdentity

_BLANK = (0x0000, 0xFFFF)
_HYBRIDS = re.compile(
    r"ST9(808212|1[26]08220|2505610|3205620|5005620)AS?|ST750LX003-|ST(500|1000)LM0(00|14)-|ST[124]000DX001-|"
    r"ST(1000|2000)(LX0(01|15)|DX002)-|WDC WD10(J31X|S21X|J21X)|TOSHIBA MQ0(1ABD100|1ABF050|2ABD100|2ABF100)H",
    re.IGNORECASE,
)
"""Disks with a flash cache that do not all say so (models of Momentus PSD and XT, Laptop, Desktop and FireCuda SSHD,
WD Black SSHD, Toshiba MQ series with H)."""


def bit(identity: AtaIdentity, word: int, place: int, *, mark: int) -> Answer:
    """One bit of a word, whose validity is told by word `mark`."""
    if not identity.marked(mark) or identity.words[word] == 0xFFFF:
        return Answer.INDETERMINATE
    return Answer.of(holds=bool(identity.words[word] >> place & 1))


def security(identity: AtaIdentity) -> Security:
    """Words 82, 85, 89, 90 and 128. Word 128 must agree with the marked words about support and use."""
    supported = bit(identity, 82, 1, mark=83)
    state = identity.words[128]
    if supported is Answer.NO and not state & 1:
        no = Answer.NO
        return Security(supported=no, enabled=no, locked=no, frozen=no, expired=no, enhanced=no)
    enabled = bit(identity, 85, 1, mark=87)
    if supported is not Answer.YES or not state & 1 or state & 0x8000 or _differs(enabled, bool(state & 2)):
        return Security(supported=Answer.INDETERMINATE)
    enhanced = Answer.of(holds=bool(state & 0x20))
    return Security(
        supported=Answer.YES,
        enabled=Answer.of(holds=bool(state & 0x02)),
        locked=Answer.of(holds=bool(state & 0x04)),
        frozen=Answer.of(holds=bool(state & 0x08)),
        expired=Answer.of(holds=bool(state & 0x10)),
        enhanced=enhanced,
        erase_minutes=minutes(identity.words[89]),
        enhanced_minutes=minutes(identity.words[90]) if enhanced is Answer.YES else None,
    )


def _differs(answer: Answer, claim: bool) -> bool:  # noqa: FBT001 - a bit of a word
    return answer is not Answer.INDETERMINATE and answer is not Answer.of(holds=claim)


def minutes(word: int) -> int | None:
    """Words 89 and 90: units of two minutes in 8 bits, or in 15 where bit 15 is set. 0, 255 and 32767 are no time."""
    if word & 0x8000:
        value, unknown = word & 0x7FFF, 0x7FFF
    else:
        value, unknown = word & 0x00FF, 0x00FF
    return None if value in {0, unknown} else 2 * value


def sanitize(identity: AtaIdentity) -> tuple[Answer, tuple[Technique, ...]]:
    """Word 59: whether there is a sanitize feature set, and what it has. The word has no mark of its own."""
    word = identity.words[59]
    if not identity.sealed or word == 0xFFFF:
        return Answer.INDETERMINATE, ()
    if not word & 0x1000:
        return Answer.NO, ()
    found = tuple(technique for place, technique in zip((13, 15, 14), SANITIZES, strict=True) if word >> place & 1)
    return Answer.YES, found


def hides(identity: AtaIdentity, kind: HiddenKind) -> Answer:
    """Whether the disk says that it has this way of hiding capacity. Not whether it is in use."""
    match kind:
        case HiddenKind.HPA:
            return bit(identity, 82, 10, mark=83)
        case HiddenKind.DCO:
            return bit(identity, 83, 11, mark=83)
        case HiddenKind.AMA:
            if identity.words[119] in _BLANK and identity.marked(83):
                return Answer.NO  # older disks leave the word empty
            return bit(identity, 119, 8, mark=119)


def trusted(identity: AtaIdentity) -> Answer:
    """Word 48 bit 0: trusted computing. An empty word is from before there was any."""
    return Answer.NO if identity.words[48] == 0 and identity.marked(83) else bit(identity, 48, 0, mark=48)


def smart(identity: AtaIdentity) -> Answer:
    """Word 85 bit 0: SMART is switched on."""
    return bit(identity, 85, 0, mark=87)


def has_logs(identity: AtaIdentity) -> Answer:
    """Word 84 bit 5: general purpose logging."""
    return bit(identity, 84, 5, mark=84)


def hybrid(identity: AtaIdentity) -> Answer:
    """Whether a disk keeps data in flash beside its platters: hybrid information, an NV cache, or a known model."""
    if identity.rotation == 1:
        return Answer.NO
    words = identity.words
    announced = words[76] not in _BLANK and words[78] != 0xFFFF and words[78] & 0x0200
    cached = identity.marked(83) and words[214] != 0xFFFF and words[214] & 0x0010
    if announced or cached or _HYBRIDS.match(identity.model):
        return Answer.YES
    return Answer.NO if identity.rotation and identity.marked(83) else Answer.INDETERMINATE


def zoned(identity: AtaIdentity) -> Answer:
    """Word 69 bits 1:0: host-aware or managed by the device. Zones managed by the host are a device of another type."""
    if not identity.sealed:
        return Answer.INDETERMINATE
    return Answer.of(holds=identity.words[69] & 3 in {1, 2})


def offered(security: Security, sanitizes: tuple[Technique, ...]) -> tuple[Technique, ...]:
    """Everything the disk offers, in the order of the standard."""
    found = list(sanitizes)
    if security.supported is Answer.YES:
        found.append(Technique.ATA_SECURE_ERASE)
    if security.enhanced is Answer.YES:
        found.append(Technique.ATA_SECURE_ERASE_ENHANCED)
    return tuple(found)
