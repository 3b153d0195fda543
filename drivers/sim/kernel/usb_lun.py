"""One bay of a USB dock: SCSI commands, as they come off the wire, performed by the virtual drive in it."""

from __future__ import annotations

import contextlib
import errno
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from drivers.commands.transport import ScsiReply, ScsiRequest
from drivers.sim.commands.sense import NOT_READY, sense
from drivers.sim.kernel.attachment import FOREVER_S, Attachment, Lane, hang_up
from drivers.sim.kernel.usb_bulk_only import Order, Status

_REQUEST_SENSE, _INQUIRY, _TEST_UNIT_READY = 0x03, 0x12, 0x00
_READ_10, _READ_16, _WRITE_10, _WRITE_16 = 0x28, 0x88, 0x2A, 0x8A
_NO_MEDIUM = (NOT_READY, 0x3A, 0x00)
_NO_ANSWER = (NOT_READY, 0x04, 0x00)
_HARDWARE_ERROR = (0x4, 0x44, 0x00)
_NOT_CONNECTED = bytes([0x3F, 0, 6, 2, 31]) + bytes(31)
"""Standard INQUIRY data of a unit that is not there: peripheral qualifier 1, no device type (SPC-5 6.7.2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Performed:
    """How a command ended."""

    status: Status
    data: bytes = b""


class Lun:
    """A bay with its drive, or an empty one. One command at a time.

    Sense data waits here until it is asked for, as a bridge keeps it (`lost` is called when the drive goes away).
    """

    def __init__(self, folder: Path, lost: Callable[[], None]) -> None:
        self._sense = b""
        self._turn = threading.Lock()
        self._attachment: Attachment | None = None
        with contextlib.suppress(OSError):  # an empty bay, or one whose drive is off: the host is told so
            self._attachment = Attachment(folder, lost)
            self._lane = self._attachment.lane()
            self._block = self._attachment.info.logical_sector

    @property
    def is_empty(self) -> bool:
        """Whether no drive answered here when the dock was plugged in."""
        return self._attachment is None

    def close(self) -> None:
        """Let the drive go; a command at work ends with that."""
        if self._attachment:
            self._attachment.close()
            with self._turn:
                self._lane.connection.close()

    def give_up(self) -> None:
        """The host has reset the dock in the middle of a command: the bridge resets the drive."""
        if self._attachment is None:
            return
        before = self._lane
        with contextlib.suppress(OSError):  # where the drive has lost its power too, there is nothing to reset
            self._lane = self._attachment.lane()
            hang_up(before.connection)  # wakes whoever waits there
            with self._attachment.lane() as other:
                # A drive takes a command that cannot wait for another one as a reset of that one.
                other.command(ScsiRequest(cdb=bytes([_TEST_UNIT_READY, 0, 0, 0, 0, 0]), timeout=0.0))

    def begin(self, order: Order) -> Callable[[], Performed]:
        """A command, to be performed by calling what this gives; `give_up` ends it from now on."""
        if self._attachment is None:
            return lambda: self._absent(order)
        lane = self._lane

        def perform() -> Performed:
            with self._turn:
                return self._perform(order, lane)

        return perform

    def _perform(self, order: Order, lane: Lane) -> Performed:
        if order.cdb[0] == _REQUEST_SENSE and self._sense:
            kept, self._sense = self._sense, b""
            return Performed(status=Status.PASSED, data=kept[: min(order.length, order.cdb[4])])
        self._sense = b""
        try:
            return self._told(self._block_request(order, lane) or _command(order, lane))
        except OSError as error:
            # A dead drive's electronics answer EIO to everything; one without power does not answer at all.
            return self._failed(_HARDWARE_ERROR if error.errno == errno.EIO else _NO_ANSWER)

    def _block_request(self, order: Order, lane: Lane) -> ScsiReply | None:
        """A read or write, as data. None for all else and what fails, as its sense data is for the drive to make."""
        cdb = order.cdb
        if cdb[0] in {_READ_10, _WRITE_10}:
            place, count = int.from_bytes(cdb[2:6], "big"), int.from_bytes(cdb[7:9], "big")
        elif cdb[0] in {_READ_16, _WRITE_16}:
            place, count = int.from_bytes(cdb[2:10], "big"), int.from_bytes(cdb[10:14], "big")
        else:
            return None
        offset, length = place * self._block, count * self._block
        reads = cdb[0] in {_READ_10, _READ_16}
        if not length or length != (order.length if reads else len(order.data)):
            return None
        try:
            if reads:
                return ScsiReply(status=0, data=lane.read(offset, length))
            taken = lane.write(offset, order.data)
        except OSError as error:
            if error.errno == errno.ENODEV:
                raise
            return None
        return ScsiReply(status=0) if taken == length else None

    def _told(self, reply: ScsiReply) -> Performed:
        if reply.host_status:
            return Performed(status=Status.PHASE_ERROR)
        self._sense = reply.sense
        return Performed(status=Status.FAILED if reply.status else Status.PASSED, data=reply.data)

    def _absent(self, order: Order) -> Performed:
        if order.cdb[0] == _INQUIRY:
            return Performed(status=Status.PASSED, data=_NOT_CONNECTED[: order.length])
        if order.cdb[0] == _REQUEST_SENSE and self._sense:
            return Performed(status=Status.PASSED, data=self._sense[: min(order.length, order.cdb[4])])
        return self._failed(_NO_MEDIUM)

    def _failed(self, code: tuple[int, int, int]) -> Performed:
        self._sense = sense(code, descriptor=False)
        return Performed(status=Status.FAILED)


def _command(order: Order, lane: Lane) -> ScsiReply:
    """Any command, as it is. Raises `OSError`."""
    request = ScsiRequest(
        cdb=order.cdb, direction=order.direction, length=order.length, data=order.data, timeout=FOREVER_S
    )
    reply = lane.command(request)
    if not isinstance(reply, ScsiReply):
        raise OSError(errno.EPROTO, f"a SCSI command was answered with {reply!r}")
    return reply
