"""What a probe remarks about identities and sizes that differ between two ways of asking."""

from __future__ import annotations

from bench.drive import DriveIdentity
from bench.messages import Message, say


def other_serial(known: DriveIdentity | None, serial: str) -> tuple[Message, ...]:
    """The drive says another serial number than the one that the system knows."""
    if known is None or not known.serial or not serial or known.serial == serial:
        return ()
    return (say("command-identity-differs", drive=serial, system=known.serial, source=known.source),)


def other_size(drive: int, way: int) -> tuple[Message, ...]:
    """The drive says another size than what stands between us lets through (bytes; 0 where one is not known)."""
    return (say("command-size-differs", drive=drive, way=way),) if drive and way and drive != way else ()
