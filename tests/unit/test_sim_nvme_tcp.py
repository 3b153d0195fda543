"""The NVMe/TCP target: units over real connections, with a real virtual drive behind."""

from __future__ import annotations

import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from drivers.sim import controls, launch
from drivers.sim.client import SimConnection
from drivers.sim.commands.nvme_identify import subsystem_name
from drivers.sim.commands.spec import CommandSpec, Personality
from drivers.sim.faults import BadSectors, Hang, WriteErrors
from drivers.sim.kernel.nvme_tcp import NvmeTarget
from support.nvme_host import READ, SECTOR, Queue, opened
from support.virtual_drives import MIB, virtual_drive

SERIAL = "SIM-0001"
NAME = subsystem_name(SERIAL)
NVME = CommandSpec(personality=Personality.NVME)
DNR = 0x4000
FLUSH, WRITE_ZEROES = 0, 8
GET_LOG, IDENTIFY, KEEP_ALIVE, FORMAT, SANITIZE = 2, 6, 0x18, 0x80, 0x84
FORMAT_USER_DATA = 1 << 9


@pytest.fixture(autouse=True)
def _closed_in_the_end() -> Iterator[None]:
    yield
    while opened:
        opened.pop().close()


@contextmanager
def host(where: Path) -> Iterator[tuple[Queue, Queue]]:
    """An admin queue and an I/O queue, connected."""
    target = NvmeTarget(where)
    admin = Queue(target.port, 0, NAME)
    assert admin.connected[0] == 0
    assert admin.command(0x7F, 0, (0, 0x14, 0x460001))[0] == 0
    work = Queue(target.port, 1, NAME)
    assert work.connected[0] == 0
    try:
        yield admin, work
    finally:
        work.socket.close()
        admin.socket.close()
        target.close()


def sanitize_state(admin: Queue) -> int:
    return admin.command(GET_LOG, 0xFFFFFFFF, (127 << 16 | 0x81,), length=512)[1][2] & 7


def test_connecting_and_the_properties(tmp_path: Path) -> None:
    with virtual_drive(tmp_path / "d", commands=NVME) as where, host(where) as (admin, work):
        capabilities = admin.property(0, wide=True)
        assert capabilities & 0xFFFF == 127
        assert capabilities >> 37 & 1
        assert admin.property(8) == 0x10400
        assert admin.property(0x1C) == 1
        assert admin.command(0x7F, 0, (0, 0x14, 0x464001))[0] == 0
        assert admin.property(0x1C) == 9  # shut down
        assert admin.command(0x7F, 4, (0, 0x99))[0] == DNR | 2
        assert work.command(0x7F, 4, (0, 8))[0] == DNR | 1
        assert Queue(admin.socket.getpeername()[1], 2, NAME).connected[0] == DNR | 0x182


def test_a_host_that_asks_for_another_drive_gets_none(tmp_path: Path) -> None:
    with virtual_drive(tmp_path / "d", commands=NVME) as where:
        target = NvmeTarget(where)
        other = Queue(target.port, 0, subsystem_name("ANOTHER"))
        assert other.connected[0] == DNR | 0x182
        assert Queue(target.port, 0, NAME).connected[0] == 0
        target.close()


def test_identify_says_what_the_way_adds(tmp_path: Path) -> None:
    with virtual_drive(tmp_path / "d", commands=NVME) as where, host(where) as (admin, _):
        _, controller = admin.command(IDENTIFY, 0, (1,), length=4096)
        assert controller[4:24] == SERIAL.encode().ljust(20)
        assert struct.unpack_from("<H", controller, 78)[0] == 1
        assert struct.unpack_from("<H", controller, 320)[0] > 0
        assert struct.unpack_from("<I", controller, 1792)[0] * 16 - 64 == 8192
        assert controller[768 : 768 + 100].rstrip(b"\0").decode() == subsystem_name(SERIAL)
        assert admin.command(IDENTIFY, 0, (0x77,), length=4096)[0] == DNR | 2
        assert admin.command(KEEP_ALIVE)[0] == 0
        assert admin.command(0x0A, 0, (7,))[0] == 0
        assert admin.result == 0
        assert admin.command(0x99)[0] == DNR | 1


@pytest.mark.parametrize("in_capsule", [True, False])
def test_data_goes_both_ways(tmp_path: Path, in_capsule: bool) -> None:
    data = bytes(range(256)) * (16 if in_capsule else 512)
    with virtual_drive(tmp_path / "d", commands=NVME) as where, host(where) as (_, work):
        assert work.write(8, data, in_capsule=in_capsule) == 0
        assert work.read(8, len(data) // SECTOR) == (0, data)
        assert work.command(FLUSH, 1)[0] == 0
        assert work.command(WRITE_ZEROES, 1, (9, 0, 0))[0] == 0
        assert work.read(9) == (0, bytes(SECTOR))
        assert work.command(9, 1, (0, 4), out=bytes(16), length=16)[0] == 0
        with SimConnection.connect(where) as drive:
            buffer = bytearray(SECTOR)
            drive.read_into(8 * SECTOR, memoryview(buffer))
            assert buffer == data[:SECTOR]


def test_errors_are_those_of_a_drive(tmp_path: Path) -> None:
    sick = BadSectors(first=8, count=1)
    with virtual_drive(tmp_path / "d", sick, commands=NVME) as where, host(where) as (_, work):
        assert work.read(8)[0] == DNR | 0x281
        assert work.write(8, bytes(SECTOR)) == DNR | 0x280
        assert work.read(9)[0] == 0
        assert work.read(MIB // SECTOR)[0] == DNR | 0x80
        assert work.read(0, nsid=2)[0] == DNR | 0x0B
        assert work.command(0x55, 1)[0] == DNR | 1
        with SimConnection.connect(where) as drive:
            controls.arm(drive, WriteErrors())
        assert work.write(20, bytes(SECTOR)) == DNR | 0x280


def test_a_sanitize_closes_the_medium_until_its_end(tmp_path: Path) -> None:
    slow = CommandSpec(personality=Personality.NVME, erase_ms=3_600_000)
    with virtual_drive(tmp_path / "d", commands=slow) as where, host(where) as (admin, work):
        assert work.write(0, b"x" * SECTOR) == 0
        assert admin.command(SANITIZE, 0, (2,))[0] == 0
        assert sanitize_state(admin) == 2
        assert work.read(0)[0] == 0x1D
        assert admin.command(FORMAT, 1, (FORMAT_USER_DATA,))[0] == 0x1D
        with SimConnection.connect(where) as drive:
            controls.skip(drive, 3601)
        assert sanitize_state(admin) == 1
        assert work.read(0) == (0, bytes(SECTOR))


def test_a_format_takes_its_time_and_may_change_the_sectors(tmp_path: Path) -> None:
    slow = CommandSpec(personality=Personality.NVME, erase_ms=3_600_000)
    with virtual_drive(tmp_path / "d", commands=slow) as where, host(where) as (admin, work):
        assert work.write(0, b"x" * SECTOR) == 0
        admin.submit(FORMAT, 1, (FORMAT_USER_DATA | 1,))
        alive = admin.submit(KEEP_ALIVE)
        assert admin.completion()[:2] == (alive, 0)
        give_up = time.monotonic() + 10
        with SimConnection.connect(where) as drive:
            while controls.erasure(drive).kind == "none":
                assert time.monotonic() < give_up
            controls.skip(drive, 3601)
        assert admin.completion()[:2] == (alive - 1, 0)
        assert work.command(READ, 1, (0, 0, 0), length=4096) == (0, bytes(4096))


def test_namespaces_beside_the_first(tmp_path: Path) -> None:
    several = CommandSpec(personality=Personality.NVME, siblings=2, sibling_size=MIB)
    with virtual_drive(tmp_path / "d", commands=several) as where, host(where) as (admin, work):
        assert struct.unpack_from("<4I", admin.command(IDENTIFY, 0, (2,), length=4096)[1]) == (1, 2, 3, 0)
        for nsid in (1, 2, 3):
            assert work.write(5, bytes([nsid]) * SECTOR, nsid=nsid) == 0
        for nsid in (1, 2, 3):
            assert work.read(5, nsid=nsid) == (0, bytes([nsid]) * SECTOR)
        assert work.read(MIB // SECTOR, nsid=2)[0] == DNR | 0x80


def test_events_are_kept_and_more_are_refused(tmp_path: Path) -> None:
    with virtual_drive(tmp_path / "d", commands=NVME) as where, host(where) as (admin, _):
        for _ in range(4):
            admin.submit(0x0C)
        assert admin.command(0x0C)[0] == DNR | 0x105
        assert admin.command(8, 0, (1 << 16,))[0] == 0
        assert admin.result == 1  # nothing was aborted


def test_a_hang_leaves_the_other_queue_alive(tmp_path: Path) -> None:
    with virtual_drive(tmp_path / "d", commands=NVME) as where, host(where) as (admin, work):
        with SimConnection.connect(where) as drive:
            controls.arm(drive, Hang(at=1))
            work.submit(READ, 1, (0, 0, 0), length=SECTOR)
            give_up = time.monotonic() + 10
            while controls.sicknesses(drive):  # a hang is forgotten when it has happened
                assert time.monotonic() < give_up
        assert admin.command(KEEP_ALIVE)[0] == 0
        assert admin.command(IDENTIFY, 0, (1,), length=4096)[0] == 0
        work.socket.settimeout(0.3)
        with pytest.raises(TimeoutError):
            work.unit()


def test_a_power_cut_ends_the_connections_until_the_power_is_back(tmp_path: Path) -> None:
    with virtual_drive(tmp_path / "d", commands=NVME) as where:
        target = NvmeTarget(where)
        admin, work = Queue(target.port, 0, NAME), Queue(target.port, 1, NAME)
        assert work.write(0, b"x" * SECTOR) == 0
        assert work.command(FLUSH, 1)[0] == 0
        launch.power_cut(where)
        for queue in (admin, work):
            with pytest.raises((EOFError, ConnectionError)):
                queue.unit()
        with pytest.raises((EOFError, ConnectionError)):
            Queue(target.port, 0, NAME)
        launch.start(where)
        admin, work = Queue(target.port, 0, NAME), Queue(target.port, 1, NAME)
        assert work.read(0) == (0, b"x" * SECTOR)
        target.close()


def test_a_new_host_takes_the_drive_from_one_that_has_died(tmp_path: Path) -> None:
    with virtual_drive(tmp_path / "d", commands=NVME) as where:
        target = NvmeTarget(where)
        first = Queue(target.port, 0, NAME)
        second = Queue(target.port, 0, NAME)
        assert second.connected[0] == 0
        with pytest.raises((EOFError, ConnectionError)):
            first.unit()
        assert second.command(KEEP_ALIVE)[0] == 0
        target.close()


def test_what_is_no_unit_ends_the_connection_with_a_reason(tmp_path: Path) -> None:
    with virtual_drive(tmp_path / "d", commands=NVME) as where, host(where) as (admin, work):
        admin.socket.sendall(b"\x63" * 8)
        kind, unit = admin.unit()
        assert (kind, struct.unpack_from("<H", unit, 8)[0]) == (3, 1)
        with pytest.raises((EOFError, ConnectionError)):
            work.unit()  # without its admin queue there is no controller
