"""Reading numbers and texts out of bytes that a drive gave, which may be too few, too many, or nonsense."""

from __future__ import annotations

from drivers.block.sysfs import printable


class MalformedError(ValueError):
    """These bytes are not what the standard says they are; the text says why. Nothing is concluded from them."""


def need(data: bytes, length: int, what: str) -> None:
    """Raises `MalformedError` where there are fewer than `length` bytes."""
    if len(data) < length:
        raise MalformedError(f"{what}: {len(data)} bytes instead of {length}")


def big(data: bytes, at: int, size: int) -> int:
    """An unsigned number, most significant byte first (SCSI, TCG)."""
    return int.from_bytes(data[at : at + size], "big")


def little(data: bytes, at: int, size: int) -> int:
    """An unsigned number, least significant byte first (ATA, NVMe)."""
    return int.from_bytes(data[at : at + size], "little")


def text(data: bytes, at: int, size: int) -> str:
    """A field of characters, without its padding and without anything unprintable."""
    return printable(data[at : at + size])


def thousandths(progress: int) -> int:
    """A progress in 65536ths, as all three standards give it, in thousandths."""
    return min(max(progress, 0), 65535) * 1000 // 65536
