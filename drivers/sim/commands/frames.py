"""What a COMMAND carries, both ways: four bytes with the size of a JSON head (big-endian), the head, then data.

{"kind": "scsi", "cdb": "12…", "direction": "in", "length": 96, "timeout": 15.0}     answered by
{"kind": "scsi", "status": 0, "sense": "", "host_status": 0, "driver_status": 0}
{"kind": "nvme", "opcode": 6, "nsid": 0, "cdw": [1, 0, 0, 0, 0, 0], "length": 4096, "timeout": 15.0}
{"kind": "nvme", "status": 0, "result": 0}
{"kind": "opal-psid-revert", "timeout": 15.0}, with the PSID as data, as the kernel's ioctl takes it
{"kind": "opal-psid-revert", "status": 0}, a TCG method status: 0 done, 1 not authorized
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from typing import Any, TypeAlias

from drivers.commands.transport import Direction, NvmeReply, NvmeRequest, ScsiReply, ScsiRequest
from drivers.sim.documents import DocumentError, as_object

_SIZE = struct.Struct("!I")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpalRequest:
    """The kernel's IOC_OPAL_PSID_REVERT_TPR."""

    psid: bytes
    timeout: float = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class OpalReply:
    """A TCG method status."""

    status: int


Request: TypeAlias = ScsiRequest | NvmeRequest | OpalRequest
Reply: TypeAlias = ScsiReply | NvmeReply | OpalReply


def pack_request(request: Request) -> memoryview:
    """A COMMAND's payload."""
    head: dict[str, object] = {"timeout": request.timeout}
    match request:
        case ScsiRequest():
            head |= {"kind": "scsi", "cdb": request.cdb.hex(), "direction": request.direction.value}
            return _join({**head, "length": request.length}, request.data)
        case NvmeRequest():
            head |= {"kind": "nvme", "opcode": request.opcode, "nsid": request.nsid, "cdw": request.cdw}
            return _join({**head, "length": request.length}, request.data)
        case OpalRequest():
            return _join({**head, "kind": "opal-psid-revert"}, request.psid)


def unpack_request(payload: memoryview) -> Request:
    """Read a COMMAND's payload. Raises `DocumentError`."""
    head, data = _split(payload)
    try:
        match head:
            case {"kind": "scsi", "cdb": str(cdb), "direction": way, "length": int(length), "timeout": float(timeout)}:
                return ScsiRequest(
                    cdb=bytes.fromhex(cdb), direction=Direction(way), length=length, data=data, timeout=timeout
                )
            case {"kind": "nvme", "opcode": int(opcode), "nsid": int(nsid), "cdw": [*cdw], "timeout": float(timeout)}:
                a, b, c, d, e, f = (int(word) for word in cdw)
                length, words = int(head["length"]), (a, b, c, d, e, f)
                return NvmeRequest(opcode=opcode, nsid=nsid, cdw=words, length=length, data=data, timeout=timeout)
            case {"kind": "opal-psid-revert", "timeout": float(timeout)}:
                return OpalRequest(psid=data, timeout=timeout)
    except (ValueError, TypeError, KeyError) as error:
        raise DocumentError(f"command: {error}") from error
    raise DocumentError(f"command: cannot be read: {head!r}")


def pack_reply(reply: Reply) -> memoryview:
    """The payload of the reply to a COMMAND."""
    match reply:
        case ScsiReply():
            head: dict[str, object] = {"kind": "scsi", "status": reply.status, "sense": reply.sense.hex()}
            head |= {"host_status": reply.host_status, "driver_status": reply.driver_status}
            return _join(head, reply.data)
        case NvmeReply():
            return _join({"kind": "nvme", "status": reply.status, "result": reply.result}, reply.data)
        case OpalReply():
            return _join({"kind": "opal-psid-revert", "status": reply.status}, b"")


def unpack_reply(payload: bytes) -> Reply:
    """Read the payload of the reply to a COMMAND. Raises `DocumentError`."""
    head, data = _split(memoryview(payload))
    match head:
        case {"kind": "scsi", "status": int(status), "sense": str(sense), "host_status": int(host)}:
            driver = int(head["driver_status"])
            return ScsiReply(
                status=status, sense=bytes.fromhex(sense), data=data, host_status=host, driver_status=driver
            )
        case {"kind": "nvme", "status": int(status), "result": int(result)}:
            return NvmeReply(status=status, result=result, data=data)
        case {"kind": "opal-psid-revert", "status": int(status)}:
            return OpalReply(status=status)
        case _:
            raise DocumentError(f"reply to a command: cannot be read: {head!r}")


def log_name(request: Request) -> str:
    """How a command stands in a drive's log."""
    match request:
        case ScsiRequest():
            return f"scsi {request.cdb.hex()}"
        case NvmeRequest():
            words = " ".join(f"{word:08x}" for word in request.cdw)
            return f"nvme {request.opcode:02x} {request.nsid:08x} {words}"
        case OpalRequest():
            return "opal-psid-revert"


def _join(head: dict[str, object], data: bytes) -> memoryview:
    text = json.dumps(head).encode()
    return memoryview(_SIZE.pack(len(text)) + text + data)


def _split(payload: memoryview) -> tuple[dict[str, Any], bytes]:
    if len(payload) < _SIZE.size:
        raise DocumentError("command: shorter than its head's size")
    (size,) = _SIZE.unpack(payload[: _SIZE.size])
    text, data = payload[_SIZE.size : _SIZE.size + size], payload[_SIZE.size + size :]
    try:
        return as_object(json.loads(bytes(text)), "command"), bytes(data)
    except ValueError as error:
        raise DocumentError(f"command: head: not JSON: {error}") from error
