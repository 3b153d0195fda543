"""TCMU's ring on plain memory, filled in as the kernel fills it (include/uapi/linux/target_core_user.h)."""

from __future__ import annotations

import struct

import pytest

from drivers.sim.kernel.tcmu_ring import Command, Reset, Ring, RingError, cdb_length

RING_AT, RING_SIZE, DATA_AT = 128, 512, 640
READ_10 = bytes([0x28, 0, 0, 0, 0, 7, 0, 0, 2, 0])


class Kernel:
    """The other side of the ring: puts entries at its head, and reads what became of them."""

    def __init__(self, *, version: int = 2, flags: int = 0b111) -> None:
        self.memory = bytearray(DATA_AT + 65536)
        struct.pack_into("<HHII", self.memory, 0, version, flags, RING_AT, RING_SIZE)
        self._cdbs = DATA_AT + 32768

    @property
    def head(self) -> int:
        return int(struct.unpack_from("<I", self.memory, 12)[0])

    @property
    def tail(self) -> int:
        return int(struct.unpack_from("<I", self.memory, 64)[0])

    def put(self, operation: int, number: int, body: bytes) -> int:
        """Its place in the ring, with padding before it where it would not fit at the end."""
        length = (8 + len(body) + 7) // 8 * 8
        if self.head + length > RING_SIZE:
            self._entry(0, 0, bytes(RING_SIZE - self.head - 8))
        return self._entry(operation, number, body)

    def _entry(self, operation: int, number: int, body: bytes) -> int:
        at = self.head
        length = (8 + len(body) + 7) // 8 * 8
        entry = struct.pack("<IHBB", length | operation, number, 0, 0) + body
        self.memory[RING_AT + at : RING_AT + at + len(entry)] = entry
        struct.pack_into("<I", self.memory, 12, (at + length) % RING_SIZE)
        return at

    def command(self, number: int, cdb: bytes, *pieces: tuple[int, int]) -> int:
        self._cdbs += 32
        self.memory[self._cdbs : self._cdbs + len(cdb)] = cdb
        head = struct.pack("<IIIIQQQ", len(pieces), 0, 0, 0, self._cdbs, 0, 0)
        body = head + b"".join(struct.pack("<QQ", place, length) for place, length in pieces)
        return self.put(1, number, body.ljust(8 + 96, b"\0"))  # room for an answer with its sense data

    def reset(self, *numbers: int) -> int:
        return self.put(
            2, 0, struct.pack("<BxxxIQQ", 1, len(numbers), 0, 0) + struct.pack(f"<{len(numbers)}H", *numbers)
        )

    def answered(self, at: int) -> tuple[int, int, int, bytes]:
        """Flags, status, length read and sense data."""
        status, length, sense = struct.unpack_from("<BxxxI96s", self.memory, RING_AT + at + 8)
        return self.memory[RING_AT + at + 7], status, length, sense


def command(entry: Command | Reset) -> Command:
    assert isinstance(entry, Command)
    return entry


def test_a_read_is_answered_over_scattered_memory_with_its_length() -> None:
    kernel = Kernel()
    ring = Ring(kernel.memory)
    at = kernel.command(9, READ_10, (DATA_AT, 512), (DATA_AT + 4096, 512))
    (entry,) = ring.take()
    assert command(entry).cdb == READ_10
    assert (command(entry).number, command(entry).room) == (9, 1024)
    assert kernel.tail == 0
    ring.answer(command(entry), 0, data=b"a" * 512 + b"b" * 100)
    assert kernel.memory[DATA_AT : DATA_AT + 512] == b"a" * 512
    assert kernel.memory[DATA_AT + 4096 : DATA_AT + 4197] == b"b" * 100 + b"\0"
    assert kernel.answered(at)[:3] == (0b10, 0, 612)
    assert kernel.tail == kernel.head


def test_a_read_that_brings_nothing_leaves_no_old_memory_to_be_taken_for_data() -> None:
    kernel = Kernel()
    ring = Ring(kernel.memory)
    kernel.memory[DATA_AT : DATA_AT + 512] = b"s" * 512
    at = kernel.command(1, READ_10, (DATA_AT, 512))
    ring.answer(command(ring.take()[0]), 0, data=b"")
    assert kernel.memory[DATA_AT : DATA_AT + 512] == bytes(512)
    assert kernel.answered(at)[:3] == (0, 0, 0)


def test_what_the_host_sends_is_gathered_and_not_overwritten() -> None:
    kernel = Kernel()
    ring = Ring(kernel.memory)
    kernel.memory[DATA_AT : DATA_AT + 3], kernel.memory[DATA_AT + 4096 : DATA_AT + 4099] = b"abc", b"def"
    at = kernel.command(1, bytes([0x2A]) + bytes(9), (DATA_AT, 3), (DATA_AT + 4096, 3))
    entry = command(ring.take()[0])
    assert ring.data(entry) == b"abcdef"
    ring.answer(entry, 2, b"\x70sense")
    flags, status, length, sense = kernel.answered(at)
    assert (flags, status, length) == (0, 2, 0)
    assert sense.rstrip(b"\0") == b"\x70sense"
    assert kernel.memory[DATA_AT : DATA_AT + 3] == b"abc"


def test_the_ring_goes_round_with_padding_at_its_end() -> None:
    kernel = Kernel()
    ring = Ring(kernel.memory)
    places = []
    for number in range(20):
        places.append(kernel.command(number, READ_10, (DATA_AT, 512)))
        (entry,) = ring.take()
        assert command(entry).number == number
        ring.answer(command(entry), 0, data=bytes(512))
        assert kernel.tail == kernel.head
    assert places.count(0) > 2


def test_commands_are_answered_in_order_and_the_tail_follows_each() -> None:
    kernel = Kernel()
    ring = Ring(kernel.memory)
    kernel.command(1, READ_10)
    second = kernel.command(2, READ_10)
    first, other = ring.take()
    assert ring.take() == []
    ring.answer(command(first), 0)
    assert kernel.tail == second
    ring.answer(command(other), 0)
    assert kernel.tail == kernel.head


def test_a_reset_tells_which_commands_the_kernel_gave_up_and_is_moved_past() -> None:
    kernel = Kernel()
    ring = Ring(kernel.memory)
    kernel.command(3, READ_10)
    kernel.reset(3, 4)
    entry, reset = ring.take()
    assert reset == Reset(numbers=frozenset({3, 4}))
    assert kernel.tail == 0
    ring.answer(command(entry), 0x40)
    assert kernel.tail == kernel.head
    kernel.reset()
    assert ring.take() == [Reset(numbers=frozenset())]
    assert kernel.tail == kernel.head


def test_an_unknown_operation_is_marked_and_passed_over() -> None:
    kernel = Kernel()
    ring = Ring(kernel.memory)
    at = kernel.put(5, 0, bytes(24))
    kernel.command(7, READ_10)
    (entry,) = ring.take()
    assert command(entry).number == 7
    assert kernel.memory[RING_AT + at + 7] == 0b01


def test_a_handler_takes_up_where_the_last_one_stopped() -> None:
    kernel = Kernel()
    first = Ring(kernel.memory)
    kernel.command(1, READ_10)
    first.answer(command(first.take()[0]), 0)
    kernel.command(2, READ_10)
    (entry,) = Ring(kernel.memory).take()
    assert command(entry).number == 2


@pytest.mark.parametrize(("version", "flags", "told"), [(1, 0b111, "version 1"), (2, 0b101, "READ_LEN")])
def test_memory_of_another_layout_is_refused(version: int, flags: int, told: str) -> None:
    with pytest.raises(RingError, match=told):
        Ring(Kernel(version=version, flags=flags).memory)


def test_an_entry_that_leaves_the_ring_is_refused() -> None:
    kernel = Kernel()
    ring = Ring(kernel.memory)
    struct.pack_into("<I", kernel.memory, RING_AT, 4096 | 1)
    struct.pack_into("<I", kernel.memory, 12, 8)
    with pytest.raises(RingError, match="4096 bytes"):
        ring.take()


@pytest.mark.parametrize(
    ("opcode", "length"), [(0x00, 6), (0x12, 6), (0x28, 10), (0x48, 10), (0x85, 16), (0x9E, 16), (0xA1, 12), (0xB5, 12)]
)
def test_a_command_is_as_long_as_its_group(opcode: int, length: int) -> None:
    assert cdb_length(opcode) == length
