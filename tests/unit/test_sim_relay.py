"""The relay: a drive's connection over TCP, with the same claims and the same end."""

from __future__ import annotations

import errno
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from drivers.sim import launch
from drivers.sim.client import Relayed, SimConnection
from drivers.sim.kernel.relay import Relay
from support.virtual_drives import MIB, read, virtual_drive, write

LOCAL = "127.0.0.1"


@contextmanager
def relayed(where: Path) -> Iterator[Relayed]:
    relay = Relay(0, where)
    try:
        yield Relayed(host=LOCAL, port=relay.port)
    finally:
        relay.close()


def claimed(drive: SimConnection) -> bool:
    try:
        drive.claim()
    except OSError as error:
        if error.errno != errno.EBUSY:
            raise
        return False
    return True


def test_requests_pass_whole_both_ways(tmp_path: Path) -> None:
    with virtual_drive(tmp_path / "d", size=16 * MIB) as where, relayed(where) as place:
        data = os.urandom(8 * MIB)
        with SimConnection.connect_to(place) as drive:
            drive.claim()
            assert write(drive, 4 * MIB, data) == len(data)
            assert read(drive, 4 * MIB, len(data)) == data
            assert drive.info().serial == "SIM-0001"


def test_a_claim_ends_with_the_guest_that_made_it(tmp_path: Path) -> None:
    with virtual_drive(tmp_path / "d") as where, relayed(where) as place:
        held = SimConnection.connect_to(place)
        held.claim()
        with SimConnection.connect(where) as other:
            with pytest.raises(OSError, match="busy"):
                other.claim()
            held.close()
            deadline = time.monotonic() + 5
            while not claimed(other):
                assert time.monotonic() < deadline
                time.sleep(0.01)


def test_a_drive_without_power_ends_its_connections_at_once(tmp_path: Path) -> None:
    with virtual_drive(tmp_path / "d") as where, relayed(where) as place:
        drive = SimConnection.connect_to(place)
        drive.claim()
        launch.power_cut(where)
        with pytest.raises(OSError, match="went away") as gone:
            read(drive, 0, 512)
        assert gone.value.errno == errno.ENODEV
        with socket.create_connection((place.host, place.port), timeout=5) as raw:
            assert raw.recv(1) == b""
        with pytest.raises(OSError, match="went away"):
            SimConnection.connect_to(place).claim()
        launch.start(where)
        with SimConnection.connect_to(place) as again:
            again.claim()


def test_a_closed_relay_ends_what_goes_through_it(tmp_path: Path) -> None:
    with virtual_drive(tmp_path / "d") as where:
        with relayed(where) as place:
            drive = SimConnection.connect_to(place)
            drive.claim()
        with pytest.raises(OSError, match="went away"):
            read(drive, 0, 512)
        with pytest.raises(ConnectionRefusedError):
            SimConnection.connect_to(place)


def test_one_process_relays_several_drives(tmp_path: Path) -> None:
    with virtual_drive(tmp_path / "a", serial="A") as a, virtual_drive(tmp_path / "b", serial="B") as b:
        command = [sys.executable, "-m", "drivers.sim.kernel.relay", f"0={a}", f"0={b}"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            try:
                for folder, serial in ((a, "A"), (b, "B")):
                    port, _, told = process.stdout.readline().strip().partition(" ")
                    assert told == str(folder)
                    with SimConnection.connect_to(Relayed(host=LOCAL, port=int(port))) as drive:
                        assert drive.info().serial == serial
            finally:
                process.terminate()
        assert process.returncode == 0


def test_a_port_that_is_taken_is_told_with_its_bay(tmp_path: Path) -> None:
    with socket.create_server((LOCAL, 0)) as taken:
        bay = f"{taken.getsockname()[1]}={tmp_path}"
        done = subprocess.run(
            [sys.executable, "-m", "drivers.sim.kernel.relay", bay], capture_output=True, text=True, check=False
        )
    assert done.returncode == 1
    assert bay in done.stderr
