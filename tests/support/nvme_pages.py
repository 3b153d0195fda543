"""NVMe Identify structures and logs, made field by field from the standard's tables (Base 2.0, NVM 1.0)."""

from __future__ import annotations


def controller(
    *,
    model: str = "TR NVME",
    serial: str = "TR-N1",
    version: int = 0x010400,
    paths: int = 0,
    abilities: int = 0x02,
    sanitize: int = 0,
    scope: int = 0,
    unallocated: int = 0,
    namespaces: int = 1,
) -> bytes:
    """Identify Controller."""
    data = bytearray(4096)
    data[0:2] = b"\x34\x12"
    data[4:24], data[24:64] = serial.encode().ljust(20), model.encode().ljust(40)
    data[64:72] = b"1.0".ljust(8)
    data[76] = paths
    data[80:84] = version.to_bytes(4, "little")
    data[256:258] = abilities.to_bytes(2, "little")
    data[296:312] = unallocated.to_bytes(16, "little")
    data[328:332] = sanitize.to_bytes(4, "little")
    data[516:520] = namespaces.to_bytes(4, "little")
    data[524] = scope
    return bytes(data)


def namespace(
    *,
    blocks: int,
    shift: int = 9,
    formats: int = 0,
    used: int = 0,
    high: int = 0,
    extended: int = 0,
    protection: int = 0,
) -> bytes:
    """Identify Namespace; `formats` and `used` count from 0, `high` adds bits to FLBAS 6:5."""
    data = bytearray(4096)
    data[0:8] = data[8:16] = blocks.to_bytes(8, "little")
    data[25] = formats
    data[26] = used & 0x0F | extended << 4 | (used >> 4 | high) << 5
    data[29] = protection
    for place in range(formats + 1):
        data[128 + 4 * place + 2] = shift
    return bytes(data)


def sanitize_log(*, status: int, mark: int = 0, progress: int = 0xFFFF) -> bytes:
    """Log page 81h."""
    head = progress.to_bytes(2, "little") + status.to_bytes(2, "little") + mark.to_bytes(4, "little")
    return head.ljust(512, b"\0")


def number_list(*ids: int) -> bytes:
    """A list of namespace ids."""
    return b"".join(nsid.to_bytes(4, "little") for nsid in ids).ljust(4096, b"\0")
