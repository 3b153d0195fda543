"""TCG Level 0 discovery: what kind of self-encrypting drive this is, and whether it is locked or shadowed.

Source: TCG Storage Architecture Core 2.01 3.3.6 (tables 40 to 44), Opal 2.02, Pyrite 2.01, Enterprise 1.01,
Block SID 1.01. It is read with security protocol 01h, ComID 0001h, over ATA, SCSI or NVMe.
"""

from __future__ import annotations

from collections.abc import Iterator

from bench.capabilities import Answer, Opal, OpalKind
from bench.techniques import Technique
from drivers.commands.fields import MalformedError, big, need

PROTOCOL, COMID = 0x01, 0x0001
LENGTH = 2048
"""Bytes to ask for; real drives give less than 512."""
_HEADER = 48
_TPER, _LOCKING, _BLOCK_SID = 0x0001, 0x0002, 0x0402
_SUBSYSTEMS = (
    (OpalKind.OPAL, (0x0200, 0x0203)),
    (OpalKind.ENTERPRISE, (0x0100,)),
    (OpalKind.PYRITE, (0x0302, 0x0303)),
    (OpalKind.OTHER, (0x0301, 0x0304, 0x0305)),
)
"""Feature codes of the classes; OTHER are Opalite, Ruby and Key per I/O."""

NOTHING = Opal(
    kind=OpalKind.NONE,
    encrypts=Answer.NO,
    locking=Answer.NO,
    locked=Answer.NO,
    shadowed=Answer.NO,
    sid_blocked=Answer.NO,
)
"""A drive that says it has no trusted computing."""


def level_0(data: bytes) -> Opal:
    """Read the discovery data, which may be longer than what they count. Raises `MalformedError`."""
    features = dict(_features(data))
    if _TPER not in features:
        raise MalformedError("Level 0 discovery without the TPer feature")
    kind = next((kind for kind, codes in _SUBSYSTEMS if any(code in features for code in codes)), None)
    locking = features.get(_LOCKING)
    sid = features.get(_BLOCK_SID)
    if locking is None:
        # No class that we know is without the locking feature, so what such a drive has is not known.
        if kind is not None:
            raise MalformedError("Level 0 discovery with a security subsystem, but without the locking feature")
        return Opal(kind=OpalKind.OTHER, sid_blocked=_blocked(sid))
    flags = locking[0]
    encrypts = Answer.of(holds=bool(flags & 0x08))
    return Opal(
        kind=kind or OpalKind.OTHER,
        encrypts=Answer.NO if kind is OpalKind.PYRITE else encrypts,
        locking=Answer.of(holds=bool(flags & 0x02)),
        locked=Answer.of(holds=bool(flags & 0x04)),
        shadowed=Answer.of(holds=flags & 0x30 == 0x10),
        sid_blocked=_blocked(sid),
    )


def _blocked(sid: bytes | None) -> Answer:
    return Answer.of(holds=sid is not None and bool(sid[0] & 0x02))


def _features(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Feature codes and what follows their headers; they must fill exactly the length that the header counts."""
    need(data, _HEADER, "Level 0 discovery")
    end = 4 + big(data, 0, 4)
    if not _HEADER < end <= len(data):
        raise MalformedError(f"Level 0 discovery of {end} bytes, {len(data)} received")
    place = _HEADER
    while place < end:
        code, length = big(data, place, 2), data[place + 3] if place + 4 <= end else 0
        body = data[place + 4 : place + 4 + length]
        place += 4 + length
        if place > end or not code or not body:
            raise MalformedError("Level 0 discovery with a broken feature descriptor")
        yield code, body


def offered(opal: Opal) -> tuple[Technique, ...]:
    """PSID revert, where it would destroy a key that encrypts. The PSID itself is on the label, if there is one."""
    destroys = opal.encrypts is Answer.YES and opal.kind is not OpalKind.PYRITE
    return (Technique.OPAL_PSID_REVERT,) if destroys else ()
