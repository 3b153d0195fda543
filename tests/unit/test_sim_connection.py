"""Connections: claims, inherited descriptors, processes killed in mid-frame, bytes that are no frames."""

from __future__ import annotations

import contextlib
import errno
import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from drivers.sim import controls, faults, folder, launch
from drivers.sim.client import SimConnection
from drivers.sim.folder import DriveSpec
from drivers.sim.protocol import Op, Request
from support.virtual_drives import MIB, connected, kill_drive, read, virtual_drive, write

SECTOR = 512


def test_a_claim_is_exclusive_until_released_or_closed(tmp_path: Path) -> None:
    with virtual_drive(tmp_path / "d") as where:
        first, second = SimConnection.connect(where), SimConnection.connect(where)
        first.claim()
        first.claim()
        with pytest.raises(OSError, match="busy") as busy:
            second.claim()
        assert busy.value.errno == errno.EBUSY
        second.release()  # not its claim
        with pytest.raises(OSError, match="busy"):
            second.claim()
        first.release()
        second.claim()
        second.close()
        first.claim()
        first.close()


def test_a_claim_ends_at_once_with_its_connection(tmp_path: Path) -> None:
    with virtual_drive(tmp_path / "d") as where:
        for _ in range(50):
            with SimConnection.connect(where) as drive:
                drive.claim()


def test_the_next_claim_waits_for_requests_of_the_last_holder(tmp_path: Path) -> None:
    with virtual_drive(tmp_path / "d", faults.Slowness(ms=300)) as where:
        holder = SimConnection.connect(where)
        holder.claim()
        send_and_die(holder, Request(op=Op.WRITE, tag=1, payload=SECTOR).pack() + b"late" * 128, taken=0)
        holder.close()
        with SimConnection.connect(where) as heir:
            start = time.perf_counter()
            heir.claim()
            assert time.perf_counter() - start > 0.1
            assert controls.counters(heir).bytes_written == SECTOR
            assert read(heir, 0, SECTOR) == b"late" * 128


def test_a_claim_goes_with_the_descriptor_to_a_child(tmp_path: Path) -> None:
    code = "import sys; from drivers.sim.client import SimConnection\nd = SimConnection.from_fd(int(sys.argv[1]))\n"
    code += "print(d.info().serial, d.write(0, memoryview(b'c' * 512)), flush=True); sys.stdin.read()"
    with virtual_drive(tmp_path / "d") as where, SimConnection.connect(where) as other:
        drive = SimConnection.connect(where)
        drive.claim()
        command = [sys.executable, "-I", "-c", code, str(drive.fileno())]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, pass_fds=[drive.fileno()]
        ) as child:
            assert child.stdout is not None
            assert child.stdin is not None
            assert child.stdout.readline() == "SIM-0001 512\n"
            drive.close()
            with pytest.raises(OSError, match="busy"):
                other.claim()
            child.stdin.close()
        other.claim()
        assert read(other, 0, SECTOR) == b"c" * SECTOR


_ACTOR = """
import socket, sys
connection = socket.socket(fileno=int(sys.argv[1]))
connection.sendall(bytes.fromhex(sys.argv[2]))
connection.recv(int(sys.argv[3]), socket.MSG_WAITALL) if int(sys.argv[3]) else None
print(flush=True)
sys.stdin.read()
"""


def send_and_die(drive: SimConnection, sent: bytes, taken: int) -> None:
    """A child sends bytes over its copy of the connection, takes some of what comes back, and gets SIGKILL."""
    command = [sys.executable, "-I", "-c", _ACTOR, str(drive.fileno()), sent.hex(), str(taken)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, pass_fds=[drive.fileno()]) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"\n"
        child.kill()


@pytest.mark.parametrize("cut", [5, 32, 40, 600])
def test_the_next_process_carries_on_after_one_killed_while_sending(tmp_path: Path, cut: int) -> None:
    with connected(tmp_path / "d") as drive:
        frame = Request(op=Op.WRITE, tag=1, payload=2 * SECTOR).pack() + b"x" * 2 * SECTOR
        send_and_die(drive, frame[:cut], taken=0)
        assert write(drive, 4 * SECTOR, b"y" * SECTOR) == SECTOR
        assert read(drive, 0, 5 * SECTOR) == bytes(4 * SECTOR) + b"y" * SECTOR


@pytest.mark.parametrize("taken", [0, 1, 24, 100_000])
def test_the_next_process_carries_on_after_one_killed_while_receiving(tmp_path: Path, taken: int) -> None:
    with connected(tmp_path / "d") as drive:
        write(drive, 0, b"TRd1" * (MIB // 4))  # data full of what replies start with
        send_and_die(drive, Request(op=Op.READ, tag=1, length=MIB).pack(), taken)
        assert drive.info().serial == "SIM-0001"
        assert read(drive, 0, SECTOR) == b"TRd1" * 128


def test_threads_share_a_connection(tmp_path: Path) -> None:
    with connected(tmp_path / "d") as drive:
        wrong: list[int] = []

        def work(index: int) -> None:
            for round_ in range(40):
                data = bytes([index * 40 + round_]) * SECTOR
                write(drive, index * SECTOR, data)
                if read(drive, index * SECTOR, SECTOR) != data:
                    wrong.append(index)

        threads = [threading.Thread(target=work, args=(index,)) for index in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert wrong == []


@pytest.mark.parametrize(
    "garbage",
    [
        b"GET / HTTP/1.1\r\nHost: example.org\r\n\r\n",
        Request(op=Op.INFO, tag=1).pack()[:4] + bytes([99]) + Request(op=Op.INFO, tag=1).pack()[5:],
        Request(op=Op.WRITE, tag=1, payload=(1 << 32) - 1).pack(),
        Request(op=Op.READ, tag=1, length=(1 << 32) - 1).pack(),
    ],
)
def test_bytes_that_are_no_frame_close_that_connection_only(tmp_path: Path, garbage: bytes) -> None:
    with virtual_drive(tmp_path / "d") as where, SimConnection.connect(where) as neighbour:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as raw:
            with folder.socket_path(where) as path:
                raw.connect(path)
            raw.settimeout(10)
            raw.sendall(garbage)
            answer = b""
            with contextlib.suppress(ConnectionResetError):  # so the kernel reports bytes left unread
                answer = raw.recv(100)
            assert answer == b""
        assert neighbour.info().size == MIB


def test_a_long_path(tmp_path: Path) -> None:
    where = tmp_path / ("l" * 120) / ("m" * 120)
    with virtual_drive(where), SimConnection.connect(where) as drive:
        assert drive.info().serial == "SIM-0001"


def test_absent_and_switched_off_drives_say_so(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no virtual drive in this folder"):
        SimConnection.connect(tmp_path)
    where = tmp_path / "d"
    launch.create(where, DriveSpec(size=MIB, model="M", serial="S"))
    with pytest.raises(ConnectionRefusedError, match="switched off"):
        SimConnection.connect(where)
    launch.start(where)
    kill_drive(where)
    with pytest.raises(ConnectionRefusedError, match="switched off"):
        SimConnection.connect(where)


def test_a_descriptor_that_is_no_socket_is_refused() -> None:
    read_end, write_end = os.pipe()
    with pytest.raises(OSError, match="non-socket"):
        SimConnection.from_fd(read_end)
    os.close(read_end)
    os.close(write_end)
