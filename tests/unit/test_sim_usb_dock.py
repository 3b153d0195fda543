"""The USB dock: command wrappers as URBs over a real connection, with a real virtual drive behind."""

from __future__ import annotations

import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from drivers.commands.transport import Direction
from drivers.sim import controls, launch
from drivers.sim.client import SimConnection
from drivers.sim.command_faults import MadeUpSerial
from drivers.sim.commands.spec import Bridge, CommandSpec, Personality
from drivers.sim.faults import BadSectors, Hang
from drivers.sim.kernel.usb_bulk_only import BulkOnly, Held, Status
from drivers.sim.kernel.usb_dock import UsbDock
from support.usb_host import STALL, Host
from support.virtual_drives import MIB, virtual_drive

SECTOR = 512
READ_10, WRITE_10, INQUIRY, REQUEST_SENSE = 0x28, 0x2A, 0x12, 0x03
HOUR_MS = 3_600_000


def read_10(lba: int, count: int) -> bytes:
    return struct.pack(">BBIBHB", READ_10, 0, lba, 0, count, 0)


def write_10(lba: int, count: int) -> bytes:
    return struct.pack(">BBIBHB", WRITE_10, 0, lba, 0, count, 0)


def ata(bridge: Bridge = Bridge.DESCRIPTOR, erase_ms: int = 1000) -> CommandSpec:
    return CommandSpec(personality=Personality.ATA_DISK, bridge=bridge, erase_ms=erase_ms)


@contextmanager
def dock(*folders: Path) -> Iterator[Host]:
    outside = UsbDock(folders)
    host = Host(outside.port)
    try:
        yield host
    finally:
        host.socket.close()
        outside.close()


def test_descriptors_and_class_requests(tmp_path: Path) -> None:
    with virtual_drive(tmp_path / "d", commands=ata()) as where, dock(where) as host:
        _, device = host.control(struct.pack("<BBHHH", 0x80, 6, 1 << 8, 0, 18))
        assert struct.unpack_from("<HH", device, 8) == (0x174C, 0x55AA)
        _, head = host.control(struct.pack("<BBHHH", 0x80, 6, 2 << 8, 0, 9))
        _, whole = host.control(struct.pack("<BBHHH", 0x80, 6, 2 << 8, 0, 255))
        assert struct.unpack_from("<H", head, 2)[0] == len(whole) == 32
        assert whole[9:18] == bytes([9, 4, 0, 0, 2, 8, 6, 0x50, 0])
        assert host.control(struct.pack("<BBHHH", 0x80, 6, 0x0F << 8, 0, 5))[0] == STALL
        assert host.control(struct.pack("<BBHHH", 0xA1, 0xFE, 0, 0, 1)) == (0, b"\0")
        assert host.control(struct.pack("<BBHHH", 0x00, 9, 1, 0, 0))[0] == 0
        assert host.control(struct.pack("<BBHHH", 0x80, 8, 0, 0, 1)) == (0, b"\1")


def test_data_goes_both_ways_in_several_transfers(tmp_path: Path) -> None:
    data = bytes(range(256)) * 32
    with virtual_drive(tmp_path / "d", commands=ata()) as where, dock(where) as host:
        host.wrapper(write_10(100, 16), len(data), to_host=False)
        assert host.bulk_out(data[:5120]) == 0
        assert host.bulk_out(data[5120:]) == 0
        assert host.status() == (0, 0)
        host.wrapper(read_10(100, 16), len(data), to_host=True)
        pieces = [host.bulk_in(size) for size in (4096, 1024, 3072)]
        assert [told for told, _ in pieces] == [0, 0, 0]
        assert b"".join(piece for _, piece in pieces) == data
        assert host.status() == (0, 0)
        with SimConnection.connect(where) as drive:
            buffer = bytearray(len(data))
            drive.read_into(100 * SECTOR, memoryview(buffer))
            assert buffer == data


def test_what_fails_stalls_and_leaves_its_sense_data(tmp_path: Path) -> None:
    with virtual_drive(tmp_path / "d", BadSectors(first=8, count=1), commands=ata()) as where, dock(where) as host:
        assert host.get(read_10(8, 1), SECTOR) == (1, b"")
        _, sense = host.get(bytes([REQUEST_SENSE, 0, 0, 0, 18, 0]), 18)
        assert (sense[0], sense[1], sense[2]) == (0x72, 3, 0x11)
        _, sense = host.get(bytes([REQUEST_SENSE, 0, 0, 0, 18, 0]), 18)
        assert sense[2] & 0xF == 0  # told once
        assert host.put(write_10(8, 1), bytes(SECTOR)) == 1
        _, sense = host.get(bytes([REQUEST_SENSE, 0, 0, 0, 18, 0]), 18)
        assert (sense[1], sense[2]) == (3, 0x0C)
        assert host.get(read_10(9, 1), SECTOR)[0] == 0
        assert host.get(read_10(MIB // SECTOR, 1), SECTOR)[0] == 1


def test_short_data_halts_the_pipe_so_that_no_other_transfer_gets_the_status(tmp_path: Path) -> None:
    with virtual_drive(tmp_path / "d", commands=ata()) as where, dock(where) as host:
        host.wrapper(bytes([INQUIRY, 0, 0, 0, 96, 0]), 4096, to_host=True)
        first, second = host.submit(1, length=2048), host.submit(1, length=2048)
        told, data = host.result(first)
        assert (told, len(data)) == (0, 96)
        assert host.result(second) == (STALL, b"")
        assert host.bulk_in(13) == (STALL, b"")
        host.clear_halt(0x81)
        assert host.status() == (0, 4000)


def test_a_wrapper_that_is_none_needs_a_reset(tmp_path: Path) -> None:
    with virtual_drive(tmp_path / "d", commands=ata()) as where, dock(where) as host:
        assert host.bulk_out(b"x" * 31) == STALL
        host.clear_halt(0x02)
        assert host.bulk_out(b"x" * 31) == STALL
        assert host.control(struct.pack("<BBHHH", 0x21, 0xFF, 0, 0, 0))[0] == 0
        host.clear_halt(0x02)
        host.clear_halt(0x81)
        assert host.get(bytes([INQUIRY, 0, 0, 0, 36, 0]), 36)[0] == 0
        assert host.wrapper(bytes(6), 0, to_host=True, lun=1) == STALL  # no such logical unit


def test_pass_through_as_the_bridge_lets_it(tmp_path: Path) -> None:
    identify = bytes([0x85, 8, 0x0E, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0xEC, 0])
    with virtual_drive(tmp_path / "d", commands=ata()) as where, dock(where) as host:
        status, words = host.get(identify, SECTOR)
        assert status == 0
        assert words[20:40] == b"IS-M0010".rjust(20)  # the bytes of each word of a string are swapped
    with virtual_drive(tmp_path / "e", commands=ata(Bridge.DEAF)) as where, dock(where) as host:
        assert host.get(identify, SECTOR) == (1, b"")
        _, sense = host.get(bytes([REQUEST_SENSE, 0, 0, 0, 18, 0]), 18)
        assert (sense[2], sense[12]) == (5, 0x20)


def test_two_bays_one_of_them_off(tmp_path: Path) -> None:
    serial = bytes([INQUIRY, 1, 0x80, 0, 64, 0])
    clash = MadeUpSerial(serial="DB9876543211160")
    with (
        virtual_drive(tmp_path / "a", clash, commands=ata(Bridge.FIXED), serial="A") as first,
        virtual_drive(tmp_path / "b", clash, commands=ata(Bridge.FIXED), serial="B") as second,
    ):
        with dock(first, second) as host:
            assert host.control(struct.pack("<BBHHH", 0xA1, 0xFE, 0, 0, 1)) == (0, b"\1")
            assert host.get(serial, 24)[1] == host.get(serial, 24, lun=1)[1]
            launch.stop(second)
            assert host.get(bytes(6), 1, lun=1)[0] == 1
            assert host.get(read_10(0, 1), SECTOR)[0] == 0
        with dock(first, second) as host:
            assert host.get(bytes([INQUIRY, 0, 0, 0, 36, 0]), 36, lun=1)[1][0] == 0x3F
            assert host.get(read_10(0, 1), SECTOR, lun=1)[0] == 1
            assert host.get(bytes([REQUEST_SENSE, 0, 0, 0, 18, 0]), 18, lun=1)[1][12] == 0x3A


def test_a_drive_without_power_pulls_the_plug(tmp_path: Path) -> None:
    with virtual_drive(tmp_path / "d", commands=ata()) as where:
        with dock(where) as host:
            assert host.get(read_10(0, 1), SECTOR)[0] == 0
            launch.power_cut(where)
            with pytest.raises(EOFError):
                host.take(1)
        with dock(where) as host, pytest.raises((EOFError, ConnectionError)):
            host.take(1)
        launch.start(where)
        with dock(where) as host:
            assert host.get(read_10(0, 1), SECTOR)[0] == 0


def test_a_hang_is_unlinked_and_reset(tmp_path: Path) -> None:
    with virtual_drive(tmp_path / "d", commands=ata()) as where, dock(where) as host:
        with SimConnection.connect(where) as drive:
            controls.arm(drive, Hang(at=1))
            host.wrapper(read_10(0, 1), SECTOR, to_host=True)
            give_up = time.monotonic() + 10
            while controls.sicknesses(drive):  # a hang is forgotten when it has happened
                assert time.monotonic() < give_up
        waiting = host.submit(1, length=SECTOR)
        host.number += 1
        host.socket.sendall(struct.pack(">5II24x", 2, host.number, 0x10002, 0, 0, waiting))
        assert struct.unpack(">5Ii24x", host.take(48))[::5] == (4, -104)
        assert host.control(struct.pack("<BBHHH", 0x21, 0xFF, 0, 0, 0))[0] == 0
        assert host.get(read_10(0, 1), SECTOR)[0] == 0


def test_a_reset_in_the_middle_of_a_blocking_command_resets_the_drive(tmp_path: Path) -> None:
    password = b"table rase".ljust(32, b"\0")
    block = bytes(2) + password + bytes(478)

    def security(command: int, *, out: bool) -> bytes:
        return bytes([0x85, 10 if out else 6, 0x06 if out else 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, command, 0])

    with virtual_drive(tmp_path / "d", commands=ata(erase_ms=HOUR_MS)) as where, dock(where) as host:
        assert host.put(security(0xF1, out=True), block) == 0
        assert host.get(security(0xF3, out=False), 1)[0] == 0
        host.wrapper(security(0xF4, out=True), SECTOR, to_host=False)
        assert host.bulk_out(block) == 0
        give_up = time.monotonic() + 10
        with SimConnection.connect(where) as drive:
            while controls.erasure(drive).kind == "none":
                assert time.monotonic() < give_up
            assert host.control(struct.pack("<BBHHH", 0x00, 9, 1, 0, 0))[0] == 0
            while controls.erasure(drive).kind != "none":
                assert time.monotonic() < give_up
        assert host.get(bytes([INQUIRY, 0, 0, 0, 36, 0]), 36)[0] == 0


def test_the_drive_is_held_only_while_plugged_in(tmp_path: Path) -> None:
    with virtual_drive(tmp_path / "d", commands=ata()) as where, SimConnection.connect(where) as other:
        with dock(where) as host:
            assert host.get(read_10(0, 1), SECTOR)[0] == 0
            with pytest.raises(OSError, match="busy"):
                other.claim()
        give_up = time.monotonic() + 10
        while True:
            try:
                other.claim()
                break
            except OSError:
                assert time.monotonic() < give_up
                time.sleep(0.01)


def test_the_machine_waits_while_a_command_is_at_work() -> None:
    bulk = BulkOnly(1)
    wrapper = struct.pack("<IIIBBB", 0x43425355, 1, 8, 0x80, 0, 6) + bytes(16)
    assert bulk.take(wrapper)
    order = bulk.order()
    assert order is not None
    assert (order.direction, order.length) == (Direction.IN, 8)
    assert bulk.order() is None
    assert bulk.give(8) is Held.WAITS
    assert not bulk.take(wrapper)  # a host that is out of step
    bulk.finish(Status.PASSED, b"12345678")
    assert bulk.give(8) == b"12345678"
    status = bulk.give(13)
    assert isinstance(status, bytes)
    assert status[12] == Status.PHASE_ERROR


def test_connections_end_with_the_dock(tmp_path: Path) -> None:
    with virtual_drive(tmp_path / "d", commands=ata()) as where:
        outside = UsbDock((where,))
        host = Host(outside.port)
        assert host.get(read_10(0, 1), SECTOR)[0] == 0
        outside.close()
        with pytest.raises((EOFError, ConnectionError)):
            host.take(1)
        host.socket.close()
