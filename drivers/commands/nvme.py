"""NVMe admin commands as requests ready to be sent, and sending them.

Source: NVM Express Base 2.0, chapter 5 (opcodes in figure 138). Replies are read by `nvme_replies`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from drivers.commands import nvme_status
from drivers.commands.outcome import Done, Doubt, Outcome, Refused, Unclear, lost
from drivers.commands.transport import NvmeRequest, Transport, TransportError

ALL_NAMESPACES = 0xFFFFFFFF
PAGE = 4096
"""Bytes of Identify data."""
_GET_LOG, _IDENTIFY, _FORMAT, _SECURITY_SEND, _SECURITY_RECEIVE, _SANITIZE = 0x02, 0x06, 0x80, 0x81, 0x82, 0x84


@dataclass(frozen=True, slots=True, kw_only=True)
class NvmeAnswer:
    """Dword 0 of the completion, and the data received."""

    result: int
    data: bytes = b""


def send(transport: Transport, request: NvmeRequest) -> Outcome[NvmeAnswer]:
    """Send once."""
    try:
        reply = transport.nvme(request)
    except TransportError as error:
        return lost(error)
    if not nvme_status.succeeded(reply.status):
        named = nvme_status.name(reply.status)
        return Refused(why=named.why, code=named.code)
    if len(reply.data) != request.length:
        detail = f"admin command {request.opcode:02X}h: {len(reply.data)} bytes instead of {request.length}"
        return Unclear(doubt=Doubt.MALFORMED, detail=detail)
    return Done(value=NvmeAnswer(result=reply.result, data=reply.data))


class Structure(IntEnum):
    """CNS: what Identify shall give (figure 273)."""

    NAMESPACE = 0x00
    CONTROLLER = 0x01
    ACTIVE_NAMESPACES = 0x02
    NAMESPACE_DESCRIPTORS = 0x03
    ALLOCATED_NAMESPACES = 0x10
    ALLOCATED_NAMESPACE = 0x11
    CONTROLLERS = 0x13


def identify(structure: Structure, nsid: int = 0, controller: int = 0) -> NvmeRequest:
    """Identify (06h). For lists, `nsid` and `controller` are what the list begins after, or at."""
    return NvmeRequest(opcode=_IDENTIFY, nsid=nsid, cdw=(controller << 16 | structure, 0, 0, 0, 0, 0), length=PAGE)


def get_log(page: int, length: int, nsid: int = ALL_NAMESPACES) -> NvmeRequest:
    """Get Log Page (02h), from its beginning; `length` is a multiple of four bytes."""
    if length <= 0 or length % 4:
        raise ValueError(f"a log of {length} bytes")
    dwords = length // 4 - 1
    cdw = ((dwords & 0xFFFF) << 16 | page, dwords >> 16, 0, 0, 0, 0)
    return NvmeRequest(opcode=_GET_LOG, nsid=nsid, cdw=cdw, length=length)


def sanitize_log() -> NvmeRequest:
    """Log page 81h, Sanitize Status."""
    return get_log(0x81, 512)


def smart_log() -> NvmeRequest:
    """Log page 02h, SMART / Health Information, of the whole controller."""
    return get_log(0x02, 512)


class SanitizeAction(IntEnum):
    """SANACT (figure 304)."""

    EXIT_FAILURE_MODE = 1
    BLOCK_ERASE = 2
    OVERWRITE = 3
    CRYPTO_ERASE = 4


def sanitize_dword(
    action: SanitizeAction,
    *,
    passes: int = 1,
    invert: bool = False,
    unrestricted_exit: bool = False,
    keep_allocated: bool = False,
) -> int:
    """Command dword 10 of Sanitize, which the drive keeps in its log as the mark of the command.

    `passes` 1 to 16, sixteen being written as 0; only for OVERWRITE, as `invert`. `keep_allocated` is No-Deallocate.
    """
    overwrites = action is SanitizeAction.OVERWRITE
    if not 1 <= passes <= 16 or (not overwrites and (passes != 1 or invert)):
        raise ValueError(f"{passes} passes of {action.name}")
    word = action | int(unrestricted_exit) << 3 | int(keep_allocated) << 9
    return word | (passes & 0x0F) << 4 | int(invert) << 8 if overwrites else word


def sanitize(dword10: int, pattern: int = 0, *, timeout: float = 60.0) -> NvmeRequest:
    """Sanitize (84h); the command ends when the drive has begun. `pattern` is 32 bits, for OVERWRITE."""
    return NvmeRequest(opcode=_SANITIZE, cdw=(dword10, pattern, 0, 0, 0, 0), timeout=timeout)


class SecureErase(IntEnum):
    """SES of Format NVM (figure 327)."""

    NONE = 0
    """Erases nothing, whatever the command's name."""
    USER_DATA = 1
    CRYPTO = 2


def format_dword(format_index: int, metadata_settings: int, erase: SecureErase) -> int:
    """Command dword 10 of Format NVM: the format in use must be given again, or the drive takes another.

    `format_index` is six bits (LBAFU and LBAFL), `metadata_settings` bits 11:4 without SES (MSET, PI, PIL).
    """
    if not 0 <= format_index < 64 or not 0 <= metadata_settings < 0x20:
        raise ValueError(f"format {format_index}, settings {metadata_settings:02X}h")
    return (format_index >> 4) << 12 | erase << 9 | metadata_settings << 4 | format_index & 0x0F


def format_nvm(nsid: int, dword10: int, *, timeout: float) -> NvmeRequest:
    """Format NVM (80h). It ends when the formatting has; `timeout` must outlast it."""
    return NvmeRequest(opcode=_FORMAT, nsid=nsid, cdw=(dword10, 0, 0, 0, 0, 0), timeout=timeout)


def security_receive(protocol: int, specific: int, length: int, nsid: int = 0) -> NvmeRequest:
    """Security Receive (82h)."""
    return NvmeRequest(
        opcode=_SECURITY_RECEIVE, nsid=nsid, cdw=(protocol << 24 | specific << 8, length, 0, 0, 0, 0), length=length
    )


def security_send(protocol: int, specific: int, data: bytes, nsid: int = 0) -> NvmeRequest:
    """Security Send (81h)."""
    return NvmeRequest(
        opcode=_SECURITY_SEND, nsid=nsid, cdw=(protocol << 24 | specific << 8, len(data), 0, 0, 0, 0), data=data
    )
