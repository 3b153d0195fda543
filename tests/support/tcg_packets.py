"""A TCG conversation byte by byte, as the standards' tables and Linux's block/sed-opal.c have it."""

from __future__ import annotations

import struct

from drivers.sim.commands.spec import CommandSpec, Personality, Tcg

PSID = b"P" * 32
HOST = 0x41
CALL = b"\xf8"
END = bytes.fromhex("f1f9f0000000f1")
STARTED = CALL + bytes.fromhex("a800000000000000ffa8000000000000ff02f0")
SYNCED = CALL + bytes.fromhex("a800000000000000ffa8000000000000ff03f0")
ADMIN_SP = bytes.fromhex("a80000020500000001")
LOCKING_SP = bytes.fromhex("a80000020500000002")
PSID_AUTHORITY, SID = bytes.fromhex("a8000000090001ff01"), bytes.fromhex("a80000000900000006")
REVERT = CALL + ADMIN_SP + bytes.fromhex("a80000000600000202f0") + END
END_OF_SESSION = b"\xfa" + END
QUICK = CommandSpec(
    personality=Personality.NVME, erase_ms=20, crypto_ms=5, tcg=Tcg.OPAL, tcg_locked=True, psid=PSID.decode()
)


def packet(payload: bytes, tper: int = 0, host: int = 0, com_id: int = 0x07FE) -> bytes:
    """In a ComPacket of 2048 bytes, as Linux pads it."""
    padded = payload + bytes(-len(payload) % 4)
    head = struct.pack(">4xHHIII", com_id, 0, 0, 0, 24 + 12 + len(padded))
    head += struct.pack(">IIIHHII", tper, host, 0, 0, 0, 0, 12 + len(padded)) + struct.pack(">6xHI", 0, len(payload))
    return (head + padded).ljust(2048, b"\0")


def starting(secret: bytes, provider: bytes = ADMIN_SP, authority: bytes = PSID_AUTHORITY) -> bytes:
    """StartSession with HostSessionID 41h, Write, HostChallenge and HostSigningAuthority."""
    challenge = bytes([0xD0, len(secret)]) + secret
    return STARTED + b"\x81\x41" + provider + b"\x01\xf2\x00" + challenge + b"\xf3\xf2\x03" + authority + b"\xf3" + END


def payload(answer: bytes) -> bytes:
    """The tokens in an answer, whose lengths must fit; none in one that says that nothing waits."""
    com_id, whole = struct.unpack_from(">4xH10xI", answer)
    assert com_id == 0x07FE
    if not whole:
        assert not any(answer[8:20])
        return b""
    inner, length = struct.unpack_from(">I", answer, 40)[0], struct.unpack_from(">I", answer, 52)[0]
    assert (whole, inner) == (inner + 24, 12 + length + -length % 4)
    return answer[56 : 56 + length]


def status(answer: bytes) -> int:
    """The method status at an answer's end."""
    assert answer[-7:-4] == b"\xf1\xf9\xf0"
    assert answer[-3:] == b"\0\0\xf1"
    return answer[-4]
