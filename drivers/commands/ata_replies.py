"""Replies of ATA disks other than IDENTIFY data: DEVICE CONFIGURATION IDENTIFY, log pages, native addresses.

Sources: ATA8-ACS 7.8.4 (table 25), 7.53.6 (SMART data; attributes as in smartmontools), ACS-5 9.11.5 (Supported
Capabilities page). Parsers raise `MalformedError`.
"""

from __future__ import annotations

from dataclasses import dataclass

from drivers.commands.fields import MalformedError, little, need
from drivers.commands.sat import AtaReply

_NO_ADDRESS = ((1 << 28) - 1, (1 << 48) - 1)
_REALLOCATED = 5
IDENTIFY_LOG, CAPABILITIES_PAGE = 0x30, 0x03


def native_address_48(reply: AtaReply) -> int:
    """The last address, from the registers of READ NATIVE MAX ADDRESS EXT or GET NATIVE MAX ADDRESS EXT."""
    if reply.registers is None or reply.registers.lba48 is None:
        raise MalformedError("the upper half of the address did not come back")
    return _address(reply.registers.lba48)


def native_address_28(reply: AtaReply) -> int:
    """The last address, from the registers of READ NATIVE MAX ADDRESS; at its limit it says nothing."""
    if reply.registers is None:
        raise MalformedError("the address did not come back")
    return _address(reply.registers.lba28)


def _address(last: int) -> int:
    if last == 0 or last in _NO_ADDRESS:
        raise MalformedError(f"a last address of {last:X}h")
    return last


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay:
    """DEVICE CONFIGURATION IDENTIFY: `last` is the last address of the disk as it left the factory."""

    last: int


def overlay(reply: AtaReply) -> Overlay:
    """Read it; its checksum is not optional."""
    data = reply.data
    need(data, 512, "overlay data")
    if data[510] != 0xA5 or sum(data[:512]) & 0xFF:
        raise MalformedError("overlay data without their checksum")
    if little(data, 0, 2) not in {1, 2}:
        raise MalformedError(f"overlay data of revision {little(data, 0, 2)}")
    return Overlay(last=_address(little(data, 6, 8)))


def reallocated(reply: AtaReply) -> int | None:
    """SMART data: the raw value of attribute 5, reallocated sectors. None where the disk has no such attribute.

    Attributes are their makers' own; of this one all agree on the lowest 16 bits (smartmontools reads it so too). Where
    only the others are set, nobody can say what they mean.
    """
    data = reply.data
    need(data, 512, "SMART data")
    if sum(data[:512]) & 0xFF:
        raise MalformedError("SMART data without their checksum")
    for at in range(2, 362, 12):
        if data[at] == _REALLOCATED:
            raw = little(data, at + 5, 6)
            if raw and not raw & 0xFFFF:
                raise MalformedError(f"a number of reallocated sectors of {raw:012X}h")
            return raw & 0xFFFF
    return None


def depopulates(reply: AtaReply) -> bool:
    """Supported Capabilities page: whether elements can be taken out of use, and asked about (qword 152)."""
    data = reply.data
    need(data, 512, "log page")
    header = little(data, 0, 8)
    if not header >> 63 or header >> 16 & 0xFF != CAPABILITIES_PAGE or header & 0xFFFF != 1:
        raise MalformedError("not the page of supported capabilities")
    word = little(data, 152, 8)
    return bool(word >> 63) and word & 3 == 3
