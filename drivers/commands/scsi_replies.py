"""What SCSI devices answer, read without believing more than is there. All parsers raise `MalformedError`.

Sources: SPC-5 6.6 (INQUIRY), 7.7 (VPD), SBC-4 5.18 (READ CAPACITY), 6.6 (block device VPD), 5.8 (physical elements).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

from drivers.commands import sense
from drivers.commands.fields import MalformedError, big, little, need, text


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """Standard INQUIRY data. `kind` is the peripheral device type: 00h a disk, 14h one with host-managed zones."""

    kind: int
    connected: bool
    vendor: str
    product: str
    revision: str
    protection: bool

    @property
    def is_disk(self) -> bool:
        """Whether erasing could be its matter at all."""
        return self.connected and self.kind in {0x00, 0x14}


def inquiry(data: bytes) -> Inquiry:
    """Standard INQUIRY data, at least the 36 bytes that the standard requires."""
    need(data, 36, "INQUIRY data")
    if data[3] & 0x0F != 2:
        raise MalformedError(f"INQUIRY data of response format {data[3] & 0x0F}")
    return Inquiry(
        kind=data[0] & 0x1F,
        connected=data[0] >> 5 == 0,
        vendor=text(data, 8, 8),
        product=text(data, 16, 16),
        revision=text(data, 32, 4),
        protection=bool(data[5] & 1),
    )


def vpd_body(data: bytes, page: int) -> bytes:
    """The body of a VPD page, which must be the page asked for, and whole."""
    need(data, 4, f"VPD page {page:02X}h")
    if data[1] != page:
        raise MalformedError(f"VPD page {data[1]:02X}h instead of {page:02X}h")
    length = big(data, 2, 2)
    need(data, 4 + length, f"VPD page {page:02X}h")
    return data[4 : 4 + length]


def vpd_pages(data: bytes) -> frozenset[int]:
    """VPD page 00h: the pages there are. They come in ascending order, beginning with page 00h itself."""
    pages = vpd_body(data, 0x00)
    if not pages or pages[0] != 0 or list(pages) != sorted(set(pages)):
        raise MalformedError("the list of VPD pages is not one")
    return frozenset(pages)


def unit_serial(data: bytes) -> str:
    """VPD page 80h."""
    body = vpd_body(data, 0x80)
    return text(body, 0, len(body))


def designators(data: bytes) -> tuple[str, ...]:
    """VPD page 83h: the world-wide names of the logical unit itself, as `naa.…` or `eui.…`."""
    body, place = vpd_body(data, 0x83), 0
    names: list[str] = []
    while place < len(body):
        need(body, place + 4, "designator")
        length = body[place + 3]
        need(body, place + 4 + length, "designator")
        name = body[place + 4 : place + 4 + length]
        kind = {2: "eui", 3: "naa"}.get(body[place + 1] & 0x0F)
        if kind and body[place] & 0x0F == 1 and body[place + 1] >> 4 & 3 == 0 and any(name):
            names.append(f"{kind}.{name.hex()}")
        place += 4 + length
    return tuple(names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Characteristics:
    """VPD page B1h. `rotation` per minute, 0 for flash, None where it is not said; `zoned` None likewise."""

    rotation: int | None
    zoned: Literal["host-aware", "device-managed"] | None


def characteristics(data: bytes) -> Characteristics:
    """Block Device Characteristics VPD page."""
    body = vpd_body(data, 0xB1)
    need(body, 5, "VPD page B1h")
    rate = big(body, 0, 2)
    zoned: Literal["host-aware", "device-managed"] | None = None
    if body[4] >> 4 & 3 == 1:
        zoned = "host-aware"
    elif body[4] >> 4 & 3 == 2:
        zoned = "device-managed"
    return Characteristics(rotation=0 if rate == 1 else rate if 0x0401 <= rate <= 0xFFFE else None, zoned=zoned)


def block_lengths(data: bytes) -> tuple[tuple[int, bool], ...]:
    """VPD page B4h, Supported Block Lengths and Protection Types: bytes of a block, and whether with protection."""
    body = vpd_body(data, 0xB4)
    if len(body) % 8:
        raise MalformedError("VPD page B4h ends in the middle of a descriptor")
    found = [(big(body, place, 4), bool(body[place + 5] & 0x0E)) for place in range(0, len(body), 8)]
    if not all(_plausible_block(block) for block, _ in found):
        raise MalformedError("VPD page B4h names a block of impossible length")
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """READ CAPACITY(16): bytes of a block, and how many there are. Zero blocks while a sanitize runs, on some."""

    blocks: int
    block: int
    protection: bool

    @property
    def size(self) -> int:
        """Bytes."""
        return self.blocks * self.block


def capacity(data: bytes) -> Capacity:
    """READ CAPACITY(16) data."""
    need(data, 13, "READ CAPACITY data")
    last, block = big(data, 0, 8), big(data, 8, 4)
    if last == 0 and block == 0:
        return Capacity(blocks=0, block=0, protection=False)
    if last >= 0xFFFFFFFFFFFFFFFF or not _plausible_block(block):
        raise MalformedError(f"READ CAPACITY: last block {last}, of {block} bytes")
    return Capacity(blocks=last + 1, block=block, protection=bool(data[12] & 1))


def _plausible_block(block: int) -> bool:
    """Sectors of 512 to 4096 bytes, and those with room for check words (520, 524, 528, 4112, 4160, 4224)."""
    return 512 <= block <= 8192 and block % 4 == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockDescriptor:
    """The mode parameter block descriptor. `blocks` is None where the field is full and says only "very many"."""

    blocks: int | None
    block: int


def block_descriptor(data: bytes) -> BlockDescriptor | None:
    """The first block descriptor of MODE SENSE(10) data; None where the drive gave none."""
    need(data, 8, "mode data")
    length = big(data, 6, 2)
    if length == 0:
        return None
    need(data, 8 + length, "mode data")
    if data[4] & 1 and length >= 16:
        blocks, full, block = big(data, 8, 8), (1 << 64) - 1, big(data, 20, 4)
    elif not data[4] & 1 and length >= 8:
        blocks, full, block = big(data, 8, 4), (1 << 32) - 1, big(data, 13, 3)
    else:
        raise MalformedError(f"a block descriptor of {length} bytes")
    if not _plausible_block(block):
        raise MalformedError(f"a block descriptor with blocks of {block} bytes")
    return BlockDescriptor(blocks=None if blocks == full else blocks, block=block)


_DEFECT_BYTES = {0: 4, 1: 8, 2: 8, 3: 8, 4: 8, 5: 8}
"""Bytes of an entry, by the format of a defect list (SBC-4 table 67)."""


def grown_defects(data: bytes, *, twelve: bool) -> int:
    """The number of sectors in the grown list, from the head of READ DEFECT DATA(12) or (10)."""
    need(data, 8 if twelve else 4, "defect data")
    length = big(data, 4, 4) if twelve else big(data, 2, 2)
    entry = _DEFECT_BYTES.get(data[1] & 0x07)
    if not data[1] & 0x08 or entry is None or length % entry:
        raise MalformedError(f"defect data with {data[:8].hex()} at their head")
    return length // entry


class Support(IntEnum):
    """REPORT SUPPORTED OPERATION CODES, SUPPORT field."""

    UNAVAILABLE = 0
    """Not known right now."""
    NO = 1
    STANDARD = 3
    VENDOR = 5
    """Supported, in a manner that only its maker knows."""


def operation_support(data: bytes) -> Support:
    """The one-command format."""
    need(data, 4, "supported operation")
    try:
        support = Support(data[1] & 0x07)
    except ValueError as error:
        raise MalformedError(f"SUPPORT field {data[1] & 0x07}") from error
    if support is Support.STANDARD:
        size = big(data, 2, 2)
        if not 6 <= size <= 260:
            raise MalformedError(f"a command of {size} bytes")
        need(data, 4 + size, "supported operation")
    return support


def request_sense(data: bytes) -> sense.Sense:
    """REQUEST SENSE data."""
    return sense.parse(data)


def elements(data: bytes, order: Literal["big", "little"]) -> tuple[int, ...]:
    """GET PHYSICAL ELEMENT STATUS data: the health of each element (`big` for SCSI, `little` for ATA).

    D0h to FAh are reserved, FBh to FFh say that an element is, was or could not be taken out of use.
    """
    need(data, 32, "physical elements")
    number = big if order == "big" else little
    total, returned = number(data, 0, 4), number(data, 4, 4)
    if total != returned:
        raise MalformedError(f"{returned} of {total} physical elements")
    need(data, 32 + 32 * returned, "physical elements")
    if returned == 0:
        raise MalformedError("no physical elements")
    return tuple(data[32 + 32 * place + 15] for place in range(returned))


def depopulated(health: tuple[int, ...]) -> bool:
    """Whether any element is out of use, or on its way out or in."""
    return any(value >= 0xFB for value in health)
