"""IDENTIFY DEVICE sectors made word by word, from the standard's table (ACS-4 table 45)."""

from __future__ import annotations

from collections.abc import Mapping

DISK: Mapping[int, int] = {
    0: 0x0040,
    48: 0x4000,
    49: 0x2F00,  # LBA, DMA
    59: 0x0000,
    76: 0x8F0E,
    82: 0x746B,  # SMART, security, power management, write cache, look-ahead, HPA, NOP
    83: 0x7D61,  # 48-bit addresses, DCO, FLUSH CACHE EXT
    84: 0x6163,  # WWN, general purpose logging
    85: 0x7469,
    86: 0xBC41,
    87: 0x6163,
    89: 0x0055,
    90: 0x0055,
    119: 0x401C,
    120: 0x401C,
    128: 0x0021,  # security supported, enhanced erase supported
    217: 7200,
}
"""A rotating disk with security, HPA and DCO, without sanitize."""


def words(changes: Mapping[int, int] | None = None, *, sectors: int = 1_000_000) -> dict[int, int]:
    """The words of such a disk, some of them changed."""
    found = dict(DISK)
    found[60], found[61] = min(sectors, 0xFFFFFFF) & 0xFFFF, min(sectors, 0xFFFFFFF) >> 16
    for place in range(4):
        found[100 + place] = sectors >> 16 * place & 0xFFFF
    found.update(changes or {})
    return found


def identify(
    changes: Mapping[int, int] | None = None,
    *,
    model: str = "TR TEST DISK",
    serial: str = "TR-0001",
    firmware: str = "1.0",
    sectors: int = 1_000_000,
    checksum: bool = True,
) -> bytes:
    """512 bytes, with their checksum unless told otherwise."""
    data = bytearray(512)
    for word, value in words(changes, sectors=sectors).items():
        data[2 * word : 2 * word + 2] = value.to_bytes(2, "little")
    for first, last, text in ((10, 19, serial.rjust(20)), (23, 26, firmware), (27, 46, model)):
        raw = text.encode("ascii").ljust(2 * (last - first + 1))
        for place in range(0, len(raw), 2):
            data[2 * first + place : 2 * first + place + 2] = bytes((raw[place + 1], raw[place]))
    return seal(data) if checksum else bytes(data)


def seal(data: bytes | bytearray) -> bytes:
    """The same data with A5h and a right checksum."""
    head = bytes(data[:510]) + b"\xa5"
    return head + bytes((-sum(head) & 0xFF,))
