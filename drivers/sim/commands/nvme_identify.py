"""Identify data structures of a virtual NVMe drive (NVM Express 1.4 5.15.2)."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Mapping

from drivers.sim.commands.core import Core
from drivers.sim.commands.spec import Tcg

SIZE = 4096
FORMATS = ((512, 0), (4096, 0), (512, 8))
"""LBA formats: data bytes, metadata bytes."""
_CONTROLLER = 1
MAIN = 1
"""The namespace that block requests go to."""
WARNING_KELVIN = 343
_MOST_CENTIWATTS = 600


def namespaces(core: Core) -> Mapping[int, tuple[int, int]]:
    """First byte on the medium and size in bytes of each namespace, by its identifier."""
    first = core.memory.size or core.drive.size
    size = core.spec.sibling_size
    places = {2 + index: (core.drive.size + index * size, size) for index in range(core.spec.siblings)}
    return {1: (0, first), **places}


def block(core: Core, nsid: int) -> int:
    """The data bytes of a namespace's sectors; siblings keep the drive's own."""
    return FORMATS[core.memory.format.block][0] if nsid == 1 else core.drive.logical_sector


def subsystem_name(serial: str) -> str:
    """The NVMe qualified name of a virtual drive's subsystem."""
    return f"nqn.2014-08.org.nvmexpress:virtual:{serial}"


def structure(core: Core, cns: int, nsid: int) -> bytes | None:
    """The structure that Identify returns; None where the field is invalid. Unknown namespaces are all zeros."""
    spaces = namespaces(core)
    match cns:
        case 0x00 | 0x11:
            return _namespace(core, nsid) if nsid in spaces else bytes(SIZE)
        case 0x01:
            return _controller(core)
        case 0x02 | 0x10:
            return b"".join(struct.pack("<I", one) for one in sorted(spaces) if one > nsid).ljust(SIZE, b"\0")
        case 0x03 if nsid in spaces:
            return (b"\x01\x08\0\0" + eui(core, nsid)).ljust(SIZE, b"\0")
        case 0x12 | 0x13:
            return struct.pack("<HH", 1, _CONTROLLER).ljust(SIZE, b"\0")
        case _:
            return None


def eui(core: Core, nsid: int) -> bytes:
    """The EUI-64 of a namespace."""
    if core.drive.wwn and nsid == 1:
        return bytes.fromhex(core.drive.wwn.rjust(16, "0"))[-8:]
    return hashlib.sha256(f"{core.drive.serial}/{nsid}".encode()).digest()[:8]


def _controller(core: Core) -> bytes:
    spec, data = core.spec, bytearray(SIZE)
    total = sum(size for _, size in namespaces(core).values()) + spec.unallocated
    struct.pack_into("<HH", data, 0, 0x1B36, 0x1AF4)
    data[4:24] = _text(core.drive.serial, 20)
    data[24:64] = _text(core.drive.model, 40)
    data[64:72] = _text(core.drive.firmware, 8)
    data[77] = 5
    struct.pack_into("<HI", data, 78, _CONTROLLER, 0x10400)
    data[111] = 1
    tcg = spec.tcg is not Tcg.NONE
    struct.pack_into("<H", data, 256, 0x12 | tcg | (0x08 if spec.siblings or spec.unallocated else 0))
    data[258], data[259], data[260], data[261], data[262] = 3, 3, 2, 6, 63
    struct.pack_into("<HH", data, 266, WARNING_KELVIN, WARNING_KELVIN + 10)
    data[280:296] = total.to_bytes(16, "little")
    data[296:312] = spec.unallocated.to_bytes(16, "little")
    struct.pack_into("<H", data, 316, 10)
    able = {"crypto": 1, "block": 2, "overwrite": 4}
    struct.pack_into("<I", data, 328, sum(able[kind] for kind in spec.sanitizes))
    data[512], data[513] = 0x66, 0x44
    struct.pack_into("<I", data, 516, 1 + spec.siblings)
    struct.pack_into("<H", data, 520, 0x0C)
    data[524] = 4 | (3 if spec.format_hits_all else 0)
    data[525] = 1 if core.drive.cache_size else 0
    name = subsystem_name(core.drive.serial).encode()
    data[768 : 768 + len(name)] = name
    struct.pack_into("<H", data, 2048, _MOST_CENTIWATTS)
    return bytes(data)


def _namespace(core: Core, nsid: int) -> bytes:
    data = bytearray(SIZE)
    size = namespaces(core)[nsid][1]
    blocks = size // block(core, nsid)
    index = core.memory.format.block if nsid == 1 else 0
    used = 0 if core.memory.sanitize.untouched else blocks
    struct.pack_into("<QQQ", data, 0, blocks, blocks, used)
    data[25], data[26], data[27] = len(FORMATS) - 1, index, 1
    data[28] = 0x10
    data[48:64] = size.to_bytes(16, "little")
    data[120:128] = eui(core, nsid)
    for number, (sector, metadata) in enumerate(FORMATS):
        struct.pack_into("<HBB", data, 128 + 4 * number, metadata, sector.bit_length() - 1, number)
    return bytes(data)


def _text(text: str, length: int) -> bytes:
    return text.encode("ascii", "replace").ljust(length)[:length]
