"""The command ring that the kernel's TCMU shares with a handler: read, answered, moved on. Knows no device.

Source: include/uapi/linux/target_core_user.h, mailbox version 2, host byte order. Offsets in it are from the start of
the shared memory, but for those of entries, which are from the start of the ring in it.
"""

from __future__ import annotations

import mmap
import struct
import sys
import threading
from dataclasses import dataclass
from typing import TypeAlias

Memory: TypeAlias = bytearray | mmap.mmap

_VERSION = 2
_CAN_TELL_LENGTH = 1 << 1
"""TCMU_MAILBOX_FLAG_CAP_READ_LEN."""
_MAILBOX = struct.Struct("=HHIII")  # version, flags, cmdr_off, cmdr_size, cmd_head
_HEAD_AT, _TAIL_AT = 12, 64  # cmd_tail is aligned to 64 bytes
_WORD = struct.Struct("=I")

_PAD, _COMMAND, _RESET = 0, 1, 2
_OPCODE = 0x7
_ENTRY = struct.Struct("=IHBB")  # len_op, cmd_id, kflags, uflags
_UFLAGS_AT = 7
_UNKNOWN_OPERATION, _LENGTH_TOLD = 1 << 0, 1 << 1
_REQUEST = struct.Struct("=8xIIIxxxxQ")  # iov_cnt, iov_bidi_cnt, iov_dif_cnt, cdb_off
_PIECES_AT = 48
_PIECE = struct.Struct("=QQ")  # struct iovec: base, len
_REPLY = struct.Struct("=BxxxI96s")  # scsi_status, read_len, sense_buffer
_REPLY_AT = 8
_TASK_MANAGEMENT = struct.Struct("=8xBxxxI16x")  # tmr_type, cmd_cnt; then ids of 16 bits
SENSE_LENGTH = 96


class RingError(Exception):
    """The shared memory is not what this handler understands; the text says in what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command: `pieces` are offsets and lengths of its data; `at` and `end` where its entry lies in the ring."""

    number: int
    cdb: bytes
    pieces: tuple[tuple[int, int], ...]
    at: int
    end: int

    @property
    def room(self) -> int:
        """Bytes of data that come with it or go back."""
        return sum(length for _, length in self.pieces)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reset:
    """The kernel has lost its patience with these commands (task management: abort, or reset of the unit)."""

    numbers: frozenset[int]


class Ring:
    """The ring in `memory`, whose entries are answered in their order. Safe to call from several threads.

    Raises `RingError` for memory of another version, or of a kernel that does not take the length of what was read.
    """

    def __init__(self, memory: Memory) -> None:
        if sys.byteorder != "little":
            raise RingError("the layout of entries was written for little-endian machines")
        self._memory = memory
        version, flags, self._start, self._size, _ = _MAILBOX.unpack_from(memory)
        if version != _VERSION:
            raise RingError(f"mailbox version {version} instead of {_VERSION}")
        if not flags & _CAN_TELL_LENGTH:
            raise RingError("this kernel takes no READ_LEN: short answers would be padded with old memory")
        self._seen = self._word(_TAIL_AT)
        self._waiting = 0
        self._lock = threading.Lock()

    def take(self) -> list[Command | Reset]:
        """What has come since the last call."""
        with self._lock:
            found: list[Command | Reset] = []
            while self._seen != self._word(_HEAD_AT):
                entry = self._entry()
                if entry is not None:
                    found.append(entry)
            self._settle()
            return found

    def data(self, command: Command) -> bytes:
        """What the host sends with a command."""
        return b"".join(bytes(self._memory[place : place + length]) for place, length in command.pieces)

    def answer(self, command: Command, status: int, sense: bytes = b"", data: bytes | None = None) -> None:
        """End a command, the oldest one that waits. `data` goes to the host, None where none was to go there.

        The kernel must be told afterwards, by writing to the device.
        """
        place, told = self._start + command.at, 0
        if data is not None:
            told = self._deliver(command, data)
        self._memory[place + _UFLAGS_AT] = _LENGTH_TOLD if told else 0
        _REPLY.pack_into(self._memory, place + _REPLY_AT, status, told, sense[:SENSE_LENGTH])
        with self._lock:
            self._waiting -= 1
            _WORD.pack_into(self._memory, _TAIL_AT, command.end)
            self._settle()

    def _deliver(self, command: Command, data: bytes) -> int:
        """The number of bytes delivered. Where there are none the kernel takes all, so there must be no old ones."""
        left = memoryview(data or bytes(command.room))
        for place, length in command.pieces:
            part, left = left[:length], left[length:]
            self._memory[place : place + len(part)] = bytes(part)
        return min(len(data), command.room)

    def _settle(self) -> None:
        """With no command waiting, everything up to here is done: padding and resets too."""
        if not self._waiting:
            _WORD.pack_into(self._memory, _TAIL_AT, self._seen)

    def _entry(self) -> Command | Reset | None:
        """The next entry."""
        at = self._seen
        place = self._start + at
        length_and_operation, number, _, _ = _ENTRY.unpack_from(self._memory, place)
        length, operation = length_and_operation & ~_OPCODE, length_and_operation & _OPCODE
        if not length or at + length > self._size:
            raise RingError(f"an entry of {length} bytes at {at} of {self._size}")
        self._seen = (at + length) % self._size
        if operation == _COMMAND:
            self._waiting += 1
            return self._command(place, number, at)
        if operation == _RESET:
            return self._reset(place)
        if operation != _PAD:
            self._memory[place + _UFLAGS_AT] = _UNKNOWN_OPERATION
        return None

    def _command(self, place: int, number: int, at: int) -> Command:
        count, _, _, cdb_at = _REQUEST.unpack_from(self._memory, place)
        pieces = tuple(_PIECE.unpack_from(self._memory, place + _PIECES_AT + _PIECE.size * n) for n in range(count))
        cdb = bytes(self._memory[cdb_at : cdb_at + cdb_length(self._memory[cdb_at])])
        return Command(number=number, cdb=cdb, pieces=pieces, at=at, end=self._seen)

    def _reset(self, place: int) -> Reset:
        _, count = _TASK_MANAGEMENT.unpack_from(self._memory, place)
        return Reset(numbers=frozenset(struct.unpack_from(f"={count}H", self._memory, place + _TASK_MANAGEMENT.size)))

    def _word(self, at: int) -> int:
        return int(_WORD.unpack_from(self._memory, at)[0])


def cdb_length(opcode: int) -> int:
    """Bytes of a command descriptor block, by its group (SPC-5 4.2.5.1); 16 for groups that do not say."""
    return {0: 6, 1: 10, 2: 10, 4: 16, 5: 12}.get(opcode >> 5, 16)
