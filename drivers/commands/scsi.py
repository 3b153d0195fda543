"""Sending SCSI commands, and the commands themselves, as requests ready to be sent.

Sources: SPC-5 (INQUIRY, MODE SENSE, REQUEST SENSE, REPORT SUPPORTED OPERATION CODES, SECURITY PROTOCOL), SBC-4
(FORMAT UNIT, SANITIZE, READ CAPACITY, GET PHYSICAL ELEMENT STATUS). Replies are read by `scsi_replies`.
"""

from __future__ import annotations

import errno
from enum import IntEnum

from drivers.commands import sense
from drivers.commands.fields import MalformedError
from drivers.commands.outcome import Done, Doubt, Outcome, Refused, Unclear, Why, lost, refused_by_sense
from drivers.commands.transport import Direction, ScsiReply, ScsiRequest, Transport, TransportError

_DRIVER_SENSE = 0x08
_DID_TIME_OUT = 0x03
_ATTENTIONS = 3


def send(transport: Transport, request: ScsiRequest) -> Outcome[bytes]:
    """Send once; the value is the data received. Recovered errors count as done."""
    try:
        reply = transport.scsi(request)
    except TransportError as error:
        return lost(error)
    return interpret(reply)


def ask(transport: Transport, request: ScsiRequest) -> Outcome[bytes]:
    """Send a command that changes nothing, again where a unit attention was reported in its place."""
    outcome = send(transport, request)
    for _ in range(_ATTENTIONS - 1):
        if not isinstance(outcome, Refused) or outcome.why is not Why.ATTENTION:
            break
        outcome = send(transport, request)
    return outcome


def way_failed(reply: ScsiReply) -> Unclear | None:
    """What the kernel says went wrong on the way; None if nothing did."""
    if reply.host_status:
        code = errno.ETIMEDOUT if reply.host_status == _DID_TIME_OUT else 0
        return Unclear(doubt=Doubt.LOST, detail=f"host status {reply.host_status:02X}h", errno=code)
    if reply.driver_status & 0x0F not in {0, _DRIVER_SENSE}:
        return Unclear(doubt=Doubt.LOST, detail=f"driver status {reply.driver_status:02X}h")
    return None


def interpret(reply: ScsiReply) -> Outcome[bytes]:
    """What a reply means for a command whose answer is its data."""
    failed = way_failed(reply)
    if failed is not None:
        return failed
    match reply.status:
        case 0x00:
            return Done(value=reply.data)
        case 0x02:
            return _checked(reply)
        case 0x08 | 0x28:
            return Refused(why=Why.BUSY, code=f"SCSI status {reply.status:02X}h")
        case 0x18:
            return Refused(why=Why.RESERVED, code="SCSI status 18h")
        case other:
            return Refused(why=Why.OTHER, code=f"SCSI status {other:02X}h")


def _checked(reply: ScsiReply) -> Outcome[bytes]:
    try:
        found = sense.parse(reply.sense)
    except MalformedError as error:
        return Unclear(doubt=Doubt.MALFORMED, detail=str(error))
    if found.deferred:
        return Unclear(doubt=Doubt.CONTRADICTION, detail=f"deferred error {found.code}")
    if found.key == sense.Key.RECOVERED:
        return Done(value=reply.data)
    if found.key == sense.Key.NO_SENSE:
        return Unclear(doubt=Doubt.CONTRADICTION, detail="CHECK CONDITION without sense")
    return refused_by_sense(found)


_GROWN = 0x08
_SHORT_BLOCKS = 0x00
"""Addresses of four bytes; a drive that has no such list answers in its own format, and says so."""


def _in(cdb: bytes, length: int) -> ScsiRequest:
    return ScsiRequest(cdb=cdb, direction=Direction.IN, length=length)


def test_unit_ready() -> ScsiRequest:
    """TEST UNIT READY (00h)."""
    return ScsiRequest(cdb=bytes(6))


def request_sense() -> ScsiRequest:
    """REQUEST SENSE (03h), descriptor format asked for; the data are sense data, and carry progress."""
    return _in(bytes((0x03, 0x01, 0, 0, 252, 0)), 252)


def inquiry(length: int = 96) -> ScsiRequest:
    """INQUIRY (12h), standard data. Bridges are known to hang on odd lengths; 96 is what everybody asks."""
    return _in(bytes((0x12, 0, 0)) + length.to_bytes(2, "big") + b"\0", length)


def vpd(page: int, length: int = 252) -> ScsiRequest:
    """INQUIRY (12h), a page of vital product data."""
    return _in(bytes((0x12, 1, page)) + length.to_bytes(2, "big") + b"\0", length)


def read_capacity_16() -> ScsiRequest:
    """READ CAPACITY(16) (9Eh/10h)."""
    return _in(bytes((0x9E, 0x10)) + bytes(8) + (32).to_bytes(4, "big") + bytes(2), 32)


def mode_sense_10(page: int = 0x3F, length: int = 252) -> ScsiRequest:
    """MODE SENSE(10) (5Ah), current values, long block descriptors accepted."""
    return _in(bytes((0x5A, 0x10, page & 0x3F, 0, 0, 0, 0)) + length.to_bytes(2, "big") + b"\0", length)


def mode_select_blocks(block: int, *, save: bool = True) -> ScsiRequest:
    """MODE SELECT(10) (55h) with a block descriptor alone: `block` bytes, capacity as large as it can be.

    A drive takes over another block length at the next FORMAT UNIT. Zero blocks mean "do not change" for short
    descriptors; all ones mean the most the medium has (SBC-4 6.5.2).
    """
    data = bytes(7) + b"\x08" + b"\xff\xff\xff\xff" + b"\0" + block.to_bytes(3, "big")
    flags = 0x10 | int(save)
    cdb = bytes((0x55, flags, 0, 0, 0, 0, 0)) + len(data).to_bytes(2, "big") + b"\0"
    return ScsiRequest(cdb=cdb, direction=Direction.OUT, data=data)


def format_unit(*, timeout: float, immediate: bool = True, protection: int = 0) -> ScsiRequest:
    """FORMAT UNIT (04h) with a short parameter list and no defect list: the drive's own defects stay known.

    `protection` is FMTPINFO and the usage bits in one: 0 none, 1 to 3 types 1 to 3 (SBC-4 table 38).
    """
    if not 0 <= protection <= 3:
        raise ValueError(f"no protection type {protection}")
    pinfo, usage = {0: (0, 0), 1: (2, 0), 2: (3, 0), 3: (3, 1)}[protection]
    data = bytes((usage, 0x02 if immediate else 0x00, 0, 0))
    return ScsiRequest(
        cdb=bytes((0x04, pinfo << 6 | 0x10, 0, 0, 0, 0)), direction=Direction.OUT, data=data, timeout=timeout
    )


class SanitizeAction(IntEnum):
    """Service actions of SANITIZE (SBC-4 5.36)."""

    OVERWRITE = 0x01
    BLOCK_ERASE = 0x02
    CRYPTO_ERASE = 0x03
    EXIT_FAILURE_MODE = 0x1F


def sanitize(
    action: SanitizeAction, *, timeout: float = 60.0, immediate: bool = True, unrestricted_exit: bool = False
) -> ScsiRequest:
    """SANITIZE (48h) without parameters. `unrestricted_exit` is AUSE: a failure may be left without success."""
    if action is SanitizeAction.OVERWRITE:
        raise ValueError("an overwrite needs its parameter list")
    return ScsiRequest(cdb=_sanitize(action, 0, immediate=immediate, exit_=unrestricted_exit), timeout=timeout)


def sanitize_overwrite(
    pattern: bytes, *, passes: int = 1, invert: bool = False, immediate: bool = True, timeout: float = 60.0
) -> ScsiRequest:
    """SANITIZE (48h) OVERWRITE, AUSE 0: `pattern` of 1 to 65535 bytes, 1 to 31 passes (0 is reserved)."""
    if not 1 <= passes <= 31:
        raise ValueError(f"{passes} passes instead of 1 to 31")
    if not 1 <= len(pattern) <= 0xFFFF:
        raise ValueError("the pattern is empty or too long")
    data = bytes((int(invert) << 7 | passes, 0)) + len(pattern).to_bytes(2, "big") + pattern
    cdb = _sanitize(SanitizeAction.OVERWRITE, len(data), immediate=immediate, exit_=False)
    return ScsiRequest(cdb=cdb, direction=Direction.OUT, data=data, timeout=timeout)


def _sanitize(action: SanitizeAction, length: int, *, immediate: bool, exit_: bool) -> bytes:
    flags = int(immediate) << 7 | int(exit_) << 5 | action
    return bytes((0x48, flags, 0, 0, 0, 0, 0)) + length.to_bytes(2, "big") + b"\0"


def report_operation_code(opcode: int, action: int | None = None) -> ScsiRequest:
    """REPORT SUPPORTED OPERATION CODES (A3h/0Ch) for one command, with its service action if it has one."""
    options = 1 if action is None else 2
    cdb = bytes((0xA3, 0x0C, options, opcode)) + (action or 0).to_bytes(2, "big") + (64).to_bytes(4, "big") + bytes(2)
    return _in(cdb, 64)


def security_protocol_in(protocol: int, specific: int, length: int = 512) -> ScsiRequest:
    """SECURITY PROTOCOL IN (A2h), `length` in bytes."""
    cdb = bytes((0xA2, protocol)) + specific.to_bytes(2, "big") + bytes(2) + length.to_bytes(4, "big") + bytes(2)
    return _in(cdb, length)


def security_protocol_out(protocol: int, specific: int, data: bytes) -> ScsiRequest:
    """SECURITY PROTOCOL OUT (B5h)."""
    cdb = bytes((0xB5, protocol)) + specific.to_bytes(2, "big") + bytes(2) + len(data).to_bytes(4, "big") + bytes(2)
    return ScsiRequest(cdb=cdb, direction=Direction.OUT, data=data)


def synchronize_cache(timeout: float = 300.0) -> ScsiRequest:
    """SYNCHRONIZE CACHE(10) (35h) of the whole medium."""
    return ScsiRequest(cdb=b"\x35" + bytes(9), timeout=timeout)


def read_defects_12() -> ScsiRequest:
    """READ DEFECT DATA(12) (B7h), SBC-4 5.17: the head of the grown list (GLIST), which tells its length."""
    return _in(bytes((0xB7, _GROWN | _SHORT_BLOCKS)) + bytes(4) + (8).to_bytes(4, "big") + bytes(2), 8)


def read_defects_10() -> ScsiRequest:
    """READ DEFECT DATA(10) (37h), SBC-4 5.16, likewise."""
    return _in(bytes((0x37, 0, _GROWN | _SHORT_BLOCKS)) + bytes(4) + (4).to_bytes(2, "big") + b"\0", 4)


def element_status(length: int = 4096) -> ScsiRequest:
    """GET PHYSICAL ELEMENT STATUS (9Eh/17h), all elements."""
    return _in(bytes((0x9E, 0x17)) + bytes(8) + length.to_bytes(4, "big") + bytes(2), length)
