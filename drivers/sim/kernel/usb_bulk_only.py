"""USB Mass Storage Bulk-Only Transport, the device's side, as a machine without sockets or threads.

Source: Universal Serial Bus Mass Storage Class Bulk-Only Transport, revision 1.0: command and status wrappers in
chapter 5, the thirteen cases of host and device agreeing or not in 6.7, reset recovery in 5.3.4. Little-endian.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import TypeAlias

from drivers.commands.transport import Direction

CBW_SIZE, CSW_SIZE = 31, 13
PACKET = 512
"""Bytes of a bulk packet at high speed."""
_CBW = struct.Struct("<IIIBBB16s")
_CSW = struct.Struct("<IIIB")
_CBW_SIGNATURE, _CSW_SIGNATURE = 0x43425355, 0x53425355
_TO_HOST = 0x80


class Status(IntEnum):
    """bCSWStatus."""

    PASSED = 0
    FAILED = 1
    PHASE_ERROR = 2


class Held(Enum):
    """Why a transfer to the host gets no data."""

    WAITS = "waits"
    """The device is not ready (NAK): ask again when something has changed."""
    STALLS = "stalls"


class _Phase(Enum):
    COMMAND = "command"
    DATA_OUT = "data out"
    WORKING = "working"
    TO_HOST = "to host"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A command for a logical unit: `length` bytes are wanted from it, or `data` is for it."""

    lun: int
    cdb: bytes
    direction: Direction
    length: int
    data: bytes = b""


Given: TypeAlias = bytes | Held


class BulkOnly:
    """One device. Transfers go in through `take` and `give`; `order` is the command to perform, then `finish` it."""

    def __init__(self, luns: int) -> None:
        self._luns = luns
        self._halted: set[Direction] = set()
        self._needs_reset = False
        self.reset()

    @property
    def is_working(self) -> bool:
        """Whether a command is being performed."""
        return self._phase is _Phase.WORKING

    def reset(self) -> None:
        """As after a Bulk-Only Mass Storage Reset or a reset of the port: ready for a command. Halts are kept."""
        self._phase = _Phase.COMMAND
        self._needs_reset = False
        self._order: Order | None = None
        self._tag = self._expected = 0
        self._gathered = bytearray()
        self._status = Status.PASSED
        self._left = b""
        self._is_short = False
        self._residue = 0

    def configure(self) -> None:
        """SET_CONFIGURATION: everything anew, halts too."""
        self._halted.clear()
        self.reset()

    def clear_halt(self, pipe: Direction) -> None:
        """CLEAR_FEATURE(ENDPOINT_HALT). Without effect after an invalid command wrapper, until `reset`."""
        if not self._needs_reset:
            self._halted.discard(pipe)

    def is_halted(self, pipe: Direction) -> bool:
        """For GET_STATUS of an endpoint."""
        return pipe in self._halted

    def order(self) -> Order | None:
        """The command that is to be performed now, given once."""
        order, self._order = self._order, None
        return order

    def take(self, data: bytes) -> bool:
        """A transfer from the host: a command wrapper, or data. False where the endpoint is halted."""
        if Direction.OUT in self._halted:
            return False
        match self._phase:
            case _Phase.COMMAND:
                return self._wrapper(data)
            case _Phase.DATA_OUT:
                self._gathered += data
                if len(self._gathered) >= self._expected or len(data) % PACKET:
                    self._begin()
                return True
            case _Phase.WORKING | _Phase.TO_HOST:
                self._halted.add(Direction.OUT)  # the host is where the device is not: 6.7, a phase error
                self._status = Status.PHASE_ERROR
                return False

    def give(self, length: int) -> Given:
        """A transfer to the host of `length` bytes at most: data, then the status wrapper."""
        if Direction.IN in self._halted:
            return Held.STALLS
        if self._phase is not _Phase.TO_HOST:
            return Held.WAITS
        if self._left:
            part, self._left = self._left[:length], self._left[length:]
            if not self._left and self._is_short:
                # The host may have more transfers under way for data that does not come; none may get the status.
                self._halted.add(Direction.IN)
            return part
        status = _CSW.pack(_CSW_SIGNATURE, self._tag, self._residue, self._status)
        self._phase = _Phase.COMMAND
        return status[:length]

    def finish(self, status: Status, data: bytes = b"") -> None:
        """The command has come to its end, with the data for the host."""
        if self._phase is not _Phase.WORKING:
            raise ValueError("no command is being performed")
        self._phase = _Phase.TO_HOST
        self._status = max(self._status, status)
        if self._sends:
            self._left = data[: self._expected]
            self._residue = self._expected - len(self._left)
            self._is_short = self._residue > 0
            if self._is_short and not self._left:
                self._halted.add(Direction.IN)
        else:
            taken = min(len(self._gathered), self._expected) if status is Status.PASSED else 0
            self._residue = self._expected - taken

    def _wrapper(self, data: bytes) -> bool:
        """A command block wrapper, valid and meaningful (6.2), or both endpoints halt until a reset."""
        if len(data) == CBW_SIZE:
            signature, self._tag, self._expected, flags, lun, size, cdb = _CBW.unpack(data)
            if signature == _CBW_SIGNATURE and lun < self._luns and 1 <= size <= 16 and not flags & ~_TO_HOST:
                self._status, self._gathered = Status.PASSED, bytearray()
                self._left, self._is_short, self._residue = b"", False, 0
                self._sends = bool(flags & _TO_HOST)
                self._lun, self._cdb = lun, cdb[: max(6, size)]
                if self._expected and not self._sends:
                    self._phase = _Phase.DATA_OUT
                else:
                    self._begin()
                return True
        self._needs_reset = True
        self._halted |= {Direction.IN, Direction.OUT}
        return False

    def _begin(self) -> None:
        self._phase = _Phase.WORKING
        way = Direction.IN if self._sends else Direction.OUT
        self._order = Order(
            lun=self._lun,
            cdb=self._cdb,
            direction=way if self._expected else Direction.NONE,
            length=self._expected if self._sends else 0,
            data=bytes(self._gathered[: self._expected]),
        )
