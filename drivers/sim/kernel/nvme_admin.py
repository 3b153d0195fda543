"""The admin queue of an NVMe/TCP controller: what the transport answers itself, all else performed by the drive."""

from __future__ import annotations

import errno
from collections.abc import Callable

from drivers.commands.transport import NvmeReply, NvmeRequest
from drivers.sim.kernel import nvme_fabrics
from drivers.sim.kernel.attachment import FOREVER_S, Lane
from drivers.sim.kernel.nvme_blocks import Ended
from drivers.sim.kernel.nvme_pdu import Entry

IO_QUEUES = 1
_IDENTIFY, _ABORT, _SET_FEATURES, _GET_FEATURES, _ASYNC_EVENT, _KEEP_ALIVE = 0x06, 0x08, 0x09, 0x0A, 0x0C, 0x18
_FORMAT, _SANITIZE = 0x80, 0x84
_CONTROLLER = 1
_NUMBER_OF_QUEUES, _KEEP_ALIVE_TIMER = 0x07, 0x0F
_NOT_ABORTED = 1
_TOO_MANY_EVENTS = 0x4105
_INTERNAL_ERROR = 0x0006
_MOST_EVENTS = 4
"""What Identify Controller says (AERL, zero's based)."""


def identify_controller(lane: Lane) -> bytes:
    """The drive's own Identify Controller data. Raises `OSError`, EPROTO where the drive gives none."""
    reply = lane.command(
        NvmeRequest(opcode=_IDENTIFY, cdw=(_CONTROLLER, 0, 0, 0, 0, 0), length=4096, timeout=FOREVER_S)
    )
    if not isinstance(reply, NvmeReply) or reply.status or len(reply.data) != 4096:
        raise OSError(errno.EPROTO, f"no Identify Controller data, but {reply!r}")
    return reply.data


class Admin:
    """One association's admin commands. `formatted` is called when the drive's formats may have changed."""

    def __init__(self, lane: Lane, formatted: Callable[[], None]) -> None:
        self._lane = lane
        self._formatted = formatted
        self._events = 0
        self._keep_alive_ms = 0

    def at_once(self, entry: Entry) -> Ended | None:
        """The answer to what the transport keeps for itself, also while the drive is busy; None: ask the drive."""
        feature = entry.cdw[0] & 0xFF
        match entry.opcode:
            case _ if entry.opcode == _KEEP_ALIVE:
                return Ended(status=0)
            case _ if entry.opcode == _ABORT:
                return Ended(status=0, result=_NOT_ABORTED)
            case _ if entry.opcode in {_SET_FEATURES, _GET_FEATURES} and feature == _NUMBER_OF_QUEUES:
                return Ended(status=0, result=(IO_QUEUES - 1) << 16 | (IO_QUEUES - 1))
            case _ if entry.opcode == _SET_FEATURES and feature == _KEEP_ALIVE_TIMER:
                self._keep_alive_ms = entry.cdw[1]
                return Ended(status=0)
            case _ if entry.opcode == _GET_FEATURES and feature == _KEEP_ALIVE_TIMER:
                return Ended(status=0, result=self._keep_alive_ms)
            case _:
                return None

    def is_kept(self, entry: Entry) -> bool:
        """Whether this is an Asynchronous Event Request, which is answered when there is an event: not here."""
        if entry.opcode != _ASYNC_EVENT or self._events >= _MOST_EVENTS:
            return False
        self._events += 1
        return True

    def perform(self, entry: Entry, data: bytes) -> Ended:
        """Have the drive perform a command. Raises `OSError`, ENODEV, where it went away."""
        if entry.opcode == _ASYNC_EVENT:
            return Ended(status=_TOO_MANY_EVENTS)
        request = NvmeRequest(
            opcode=entry.opcode,
            nsid=entry.nsid,
            cdw=entry.cdw,
            length=entry.length if entry.to_host else 0,
            data=data,
            timeout=FOREVER_S,
        )
        try:
            reply = self._lane.command(request)
        except OSError as error:
            if error.errno == errno.ENODEV:
                raise
            return Ended(status=_INTERNAL_ERROR)  # a dead drive's controller has no other word for it
        finally:
            if entry.opcode in {_FORMAT, _SANITIZE}:
                self._formatted()
        if not isinstance(reply, NvmeReply):
            raise OSError(errno.EPROTO, f"an NVMe command was answered with {reply!r}")
        if entry.opcode == _IDENTIFY and entry.cdw[0] & 0xFF == _CONTROLLER and not reply.status:
            return Ended(status=0, result=reply.result, data=nvme_fabrics.over_fabrics(reply.data))
        return Ended(status=reply.status, result=reply.result, data=reply.data)
