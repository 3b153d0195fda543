"""IDENTIFY DEVICE data (ACS-4 7.13.6; words 82 to 87 and the HPA and DCO bits as in ACS-2) and its log (30h)."""

from __future__ import annotations

import struct
from collections.abc import Mapping

from drivers.sim.commands.ata_hidden import Hidden
from drivers.sim.commands.ata_registers import SECTOR, checked
from drivers.sim.commands.ata_sanitize import Sanitize
from drivers.sim.commands.ata_security import Security
from drivers.sim.commands.core import Core
from drivers.sim.commands.spec import Hiding, Personality, Tcg

_EXTENDED_MINUTES = 0x8000


def identify(core: Core, security: Security, sanitize: Sanitize, hidden: Hidden) -> bytes:
    """The 512 bytes as the drive is now."""
    words = [0] * 256
    for part in (_fixed(core), _features(core, security), _state(core, security, sanitize), _capacity(core, hidden)):
        for word, value in part.items():
            words[word] = value
    sector = bytearray(struct.pack("<256H", *words))
    sector[20:40] = _text(core.drive.serial.rjust(20), 20)
    sector[46:54] = _text(core.drive.firmware, 8)
    sector[54:94] = _text(core.drive.model, 40)
    return checked(sector)


def identify_log(core: Core, page: int, words: bytes, hidden: Hidden) -> bytes | None:
    """A page of log 30h (ACS-4 9.11); None where there is none."""
    match page:
        case 0:
            return struct.pack("<QB5B", 1, 4, 0, 1, 2, 8, 0).ljust(SECTOR, b"\0")
        case 1:
            return words
        case 2:
            valid = 1 << 63
            return struct.pack("<QQ", valid | 2 << 16 | 1, valid | hidden.shown // core.drive.logical_sector).ljust(
                SECTOR, b"\0"
            )
        case 8:
            zoned = 1 if core.spec.zoned else 0
            return struct.pack("<QQ", 1 << 63 | 8 << 16 | 1, 1 << 63 | zoned).ljust(SECTOR, b"\0")
        case _:
            return None


def _fixed(core: Core) -> Mapping[int, int]:
    flash = core.spec.personality is Personality.ATA_SSD
    physical = (core.drive.physical_sector // core.drive.logical_sector).bit_length() - 1
    big = core.drive.logical_sector > SECTOR
    wwn = int(core.drive.wwn, 16) if core.drive.wwn else 0
    return {
        0: 0x0040,
        1: 16383,
        3: 16,
        6: 63,
        47: 0x8010,
        48: 0x4000 | (core.spec.tcg is not Tcg.NONE),
        49: 0x0F00,
        50: 0x4000,
        53: 6,
        63: 7,
        64: 3,
        69: 1 if core.spec.zoned else 0,  # host aware zones
        75: 31,
        76: 0x8B0E,
        77: 6,
        78: 0x0040 | (0x0200 if core.spec.hybrid else 0),  # bit 9: hybrid information
        79: 0x0040,
        80: 0x0FF0,
        88: 0x407F,
        106: 0x4000 | (0x2000 if physical else 0) | (0x1000 if big else 0) | physical,
        117: core.drive.logical_sector // 2 if big else 0,
        **{108 + index: wwn >> 16 * (3 - index) & 0xFFFF for index in range(4)},
        168: 3 if flash else 2,  # 2.5 and 3.5 inch
        217: 1 if flash else 7200,
        222: 0x10FF,
    }


def _features(core: Core, security: Security) -> Mapping[int, int]:
    able, hiding = core.spec.security, core.spec.hiding
    hpa = hiding is Hiding.HPA_DCO
    first = 0x7069 | (2 if able else 0) | (0x0400 if hpa else 0)
    second = 0x7400 | (0x0800 | 0x0100 if hpa else 0)
    third = 0x4123
    ama = 0x0100 if hiding is Hiding.AMA else 0
    enabled = first & ~2 | (2 if security.status & 2 else 0)
    return {
        82: first,
        83: second,
        84: third,
        85: enabled,
        86: second & 0x3FFF | 0x8000,
        87: third,
        119: 0x4000 | ama,
        120: 0x4000 | ama,
    }


def _state(core: Core, security: Security, sanitize: Sanitize) -> Mapping[int, int]:
    able = core.spec.security
    return {
        59: sanitize.features,
        89: _time(core.spec.erase_minutes) if able else 0,
        90: _time(core.spec.enhanced_minutes) if able and core.spec.enhanced else 0,
        92: core.memory.security.revision if able else 0,
        128: security.status,
    }


def _capacity(core: Core, hidden: Hidden) -> Mapping[int, int]:
    sectors = (core.memory.size or hidden.shown) // core.drive.logical_sector
    small = min(sectors, 0x0FFFFFFF)
    return {
        60: small & 0xFFFF,
        61: small >> 16,
        **{100 + index: sectors >> 16 * index & 0xFFFF for index in range(4)},
    }


def _time(minutes: int) -> int:
    """Words 89 and 90: in units of two minutes, in 8 bits or, with bit 15, in 15."""
    units = (minutes + 1) // 2
    return units if units < 255 else min(units, 0x7FFF) | _EXTENDED_MINUTES


def _text(text: str, length: int) -> bytes:
    """An ATA string: two characters a word, the first in the high byte."""
    padded = text.encode("ascii", "replace").ljust(length)[:length]
    return bytes(byte for at in range(0, length, 2) for byte in (padded[at + 1], padded[at]))
