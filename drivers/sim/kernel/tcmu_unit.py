"""What stands behind a TCMU device: SCSI commands in, performed by the virtual drive, sense data as it gives them."""

from __future__ import annotations

import contextlib
import errno
import threading
from collections.abc import Callable
from dataclasses import dataclass

from drivers.commands.transport import Direction, ScsiReply, ScsiRequest
from drivers.sim.client import Place
from drivers.sim.commands.sense import NOT_READY, sense
from drivers.sim.kernel.attachment import FOREVER_S, Attachment, Lane, hang_up

CHECK_CONDITION, TASK_ABORTED = 0x02, 0x40
_TEST_UNIT_READY = bytes(6)
_WRITE_6, _WRITE_10, _WRITE_12, _WRITE_16 = 0x0A, 0x2A, 0xAA, 0x8A
_PASS_THROUGH = {0xA1, 0x85}
_TO_HOST = 0x08
"""T_DIR of an ATA PASS-THROUGH's third byte."""
_FUA = 0x08
_SENDING = {
    *(0x04, 0x07, 0x15, 0x1D, 0x2E, 0x2F, 0x3B, 0x3F, 0x41, 0x42, 0x48, 0x4C, 0x55, 0x5F),
    *(0x8E, 0x8F, 0x93, 0xA4, 0xAE, 0xAF, 0xB5, _WRITE_6, _WRITE_10, _WRITE_12, _WRITE_16),
}
"""Commands with data to the drive (SPC-5 and SBC-4): TCMU tells where data lie, but not which way they go."""
LUN_GONE = sense((NOT_READY, 0x04, 0x00), descriptor=False)
"""What is left to say for a drive that was pulled out or lost its power, until the unit is taken away too."""
_DEAD = sense((0x4, 0x44, 0x00), descriptor=False)
"""INTERNAL TARGET FAILURE, from electronics that still answer for a drive that does not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """How a command ended: a SAM status, sense data with CHECK CONDITION, and data for the host, if any were due."""

    status: int
    sense: bytes = b""
    data: bytes | None = None


class Unit:
    """One plugged-in drive, held from construction to `close`. `perform` is for one thread, the others for any.

    Raises `OSError` as `Attachment` does; `lost` is called once when the drive loses its power.
    """

    def __init__(self, place: Place, lost: Callable[[], None]) -> None:
        self._attachment = Attachment(place, lost)
        self._lane: Lane | None = None
        self._turn = threading.Lock()
        self._closed = False

    def close(self) -> None:
        """Let the drive go; a command at work ends with that."""
        self._closed = True
        self._attachment.close()
        with self._turn:
            self._drop_lane()

    def give_up(self) -> None:
        """The host has lost its patience with the command at work: the drive is reset, and the command ends."""
        lane = self._lane
        if lane is None:
            return
        hang_up(lane.connection)  # wakes whoever waits there
        with contextlib.suppress(OSError), self._attachment.lane() as other:
            # A drive takes a command that cannot wait for another one as a reset of that one.
            other.command(ScsiRequest(cdb=_TEST_UNIT_READY, timeout=0.0))

    def perform(self, cdb: bytes, data: bytes, room: int) -> Answer:
        """Perform a command to its end: `data` come with it, or `room` bytes at most go back."""
        with self._turn:
            try:
                return self._block_request(cdb, data, room) or self._command(cdb, data, room)
            except OSError as error:
                if error.errno == errno.ENODEV:
                    self._drop_lane()  # given up; the drive may answer another one
                told = _DEAD if error.errno == errno.EIO else LUN_GONE
                return Answer(status=CHECK_CONDITION, sense=told)

    def _block_request(self, cdb: bytes, data: bytes, room: int) -> Answer | None:
        """A read or write as the drive's fast path takes it.

        None for all else, and for what fails there: why, only the command itself tells in a drive's own words.
        """
        opcode, found = cdb[0], transfer(cdb)
        if found is None:
            return None
        place, count = found
        length = len(data) if opcode in _SENDING else room
        if not count or length % count:
            return None
        # The host knows how long a block is, and says it with the length of what it sends or wants.
        offset, lane = place * (length // count), self._connected()
        try:
            if opcode in _SENDING:
                taken = lane.write(offset, data)
                if forces_unit_access(cdb):
                    lane.flush()
                return Answer(status=0) if taken == length else None
            read = lane.read(offset, length)
            return Answer(status=0, data=read) if len(read) == length else None
        except OSError as error:
            if error.errno == errno.ENODEV:
                raise
            return None

    def _command(self, cdb: bytes, data: bytes, room: int) -> Answer:
        way = direction(cdb) if room or data else Direction.NONE
        request = ScsiRequest(
            cdb=cdb,
            direction=way,
            length=room if way is Direction.IN else 0,
            data=data if way is Direction.OUT else b"",
            timeout=FOREVER_S,
        )
        reply = self._connected().command(request)
        if not isinstance(reply, ScsiReply):
            raise OSError(errno.EPROTO, f"a SCSI command was answered with {reply!r}")
        if reply.host_status:
            return Answer(status=TASK_ABORTED)  # reset in the middle of it
        return Answer(status=reply.status, sense=reply.sense, data=reply.data if way is Direction.IN else None)

    def _drop_lane(self) -> None:
        lane, self._lane = self._lane, None
        if lane is not None:
            lane.connection.close()

    def _connected(self) -> Lane:
        if self._closed:
            raise OSError(errno.ENODEV, "the drive was pulled out")
        if self._lane is None:
            self._lane = self._attachment.lane()
        return self._lane


def direction(cdb: bytes) -> Direction:
    """Which way the data of a command go, where it has any."""
    if cdb[0] in _PASS_THROUGH:
        return Direction.IN if cdb[2] & _TO_HOST else Direction.OUT
    return Direction.OUT if cdb[0] in _SENDING else Direction.IN


def forces_unit_access(cdb: bytes) -> bool:
    """Whether what a write of more than 6 bytes brings must be on the medium when it ends (SBC-4 5.40)."""
    return cdb[0] in {_WRITE_10, _WRITE_12, _WRITE_16} and bool(cdb[1] & _FUA)


def transfer(cdb: bytes) -> tuple[int, int] | None:
    """First block and number of blocks of a read or write (SBC-4 5.14, 5.40); None for any other command."""
    match cdb[0]:
        case 0x08 | 0x0A:
            return int.from_bytes(cdb[1:4], "big") & 0x1FFFFF, cdb[4] or 256
        case 0x28 | 0x2A:
            return int.from_bytes(cdb[2:6], "big"), int.from_bytes(cdb[7:9], "big")
        case 0xA8 | 0xAA:
            return int.from_bytes(cdb[2:6], "big"), int.from_bytes(cdb[6:10], "big")
        case 0x88 | 0x8A:
            return int.from_bytes(cdb[2:10], "big"), int.from_bytes(cdb[10:14], "big")
        case _:
            return None
