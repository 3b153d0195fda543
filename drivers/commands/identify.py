"""ATA IDENTIFY DEVICE data, as a disk gives it and the kernel caches it in VPD page 89h: who the disk is.

Sources: ACS-4 (IDENTIFY DEVICE words), SAT-4 (ATA Information VPD page). Words are 16 bits, little-endian. What the
words say about erasing is read by `identify_features`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from drivers.block.sysfs import printable
from drivers.commands.fields import MalformedError

_PAGE = 0x89
_COMMAND_CODE = 56
_IDENTIFY_DEVICE = 0xEC
_IDENTIFY_DATA = 60
_LENGTH = 512
_CHECKED = 0xA5


class IdentifyError(MalformedError):
    """These are not the unharmed IDENTIFY data of an ATA disk; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AtaIdentity:
    """What the disk says of itself. `size` in bytes; `rotation` per minute, 1 for flash, 0 where it does not say.

    `sealed`: the data end in a checksum, and it is right. `words` are all 256.
    """

    model: str
    serial: str
    firmware: str
    wwn: str
    size: int
    rotation: int
    sectors: int
    sector: int
    sealed: bool
    words: tuple[int, ...] = field(repr=False)

    def marked(self, word: int) -> bool:
        """Whether bits 15:14 of this word are 01b, with which the standard marks words that mean something."""
        return self.words[word] & 0xC000 == 0x4000

    @property
    def long_addresses(self) -> bool:
        """Whether the disk has 48-bit addresses (word 83 bit 10)."""
        return self.marked(83) and bool(self.words[83] & 0x0400)


def from_vpd_page(page: bytes) -> AtaIdentity:
    """Read VPD page 89h, header included. Raises `IdentifyError`."""
    if len(page) < _IDENTIFY_DATA + _LENGTH or page[1] != _PAGE:
        raise IdentifyError("not a whole ATA Information page")
    if page[_COMMAND_CODE] != _IDENTIFY_DEVICE:
        raise IdentifyError(f"the data come from command {page[_COMMAND_CODE]:02X}h, not from IDENTIFY DEVICE")
    return parse(page[_IDENTIFY_DATA : _IDENTIFY_DATA + _LENGTH])


def parse(data: bytes) -> AtaIdentity:
    """Read the 512 bytes of IDENTIFY data. Raises `IdentifyError`."""
    if len(data) != _LENGTH:
        raise IdentifyError(f"{len(data)} bytes instead of {_LENGTH}")
    if len(set(data)) == 1:
        # What a device that knows no IDENTIFY leaves in the buffer; some tools take it for a disk without a name.
        raise IdentifyError(f"nothing but bytes {data[0]:02X}h")
    # Word 255 is optional: where its low byte is A5h, all bytes sum to zero.
    sealed = data[510] == _CHECKED
    if sealed and sum(data) & 0xFF:
        raise IdentifyError("the checksum is wrong")
    words = tuple(int.from_bytes(data[i : i + 2], "little") for i in range(0, _LENGTH, 2))
    if words[0] & 0x8000:
        raise IdentifyError("not an ATA disk")
    if words[0] & 0x0004:
        raise IdentifyError("the disk says that they are incomplete")
    sectors, sector = _sectors(words), _sector_size(words)
    return AtaIdentity(
        model=_string(data, 27, 46),
        serial=_string(data, 10, 19),
        firmware=_string(data, 23, 26),
        wwn=_wwn(words),
        size=sectors * sector,
        rotation=words[217] if words[217] == 1 or 0x0401 <= words[217] <= 0xFFFE else 0,
        sectors=sectors,
        sector=sector,
        sealed=sealed,
        words=words,
    )


def _string(data: bytes, first: int, last: int) -> str:
    """Text in words `first` to `last`: the first character of each pair is in the high byte."""
    raw = bytearray(data[2 * first : 2 * last + 2])
    raw[0::2], raw[1::2] = raw[1::2], raw[0::2]
    return printable(bytes(raw))


def _wwn(words: tuple[int, ...]) -> str:
    """Words 108 to 111 as `naa.…`, if word 87 is valid and says that they are supported."""
    name = _number(words[111:107:-1])
    return f"naa.{name:016x}" if words[87] & 0xC100 == 0x4100 and name else ""


def _sectors(words: tuple[int, ...]) -> int:
    """User addressable sectors: word 83 bit 10 tells of 48-bit counts, word 69 bit 3 of the extended one."""
    if words[83] & 0xC400 == 0x4400:
        return _number(words[230:234]) if words[69] & 0x0008 else _number(words[100:104])
    return _number(words[60:62])


def _sector_size(words: tuple[int, ...]) -> int:
    """Bytes in a logical sector; words 117 and 118 count 16-bit words where word 106 says that they are valid."""
    return 2 * _number(words[117:119]) if words[106] & 0xD000 == 0x5000 else 512


def _number(words: tuple[int, ...]) -> int:
    """Join words, the least significant first."""
    return sum(word << 16 * place for place, word in enumerate(words))
