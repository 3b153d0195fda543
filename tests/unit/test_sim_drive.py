"""A virtual drive as a medium: what was written is read, across cache, flush, restart, power cut and SIGKILL."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.sim import controls, faults, launch
from drivers.sim.client import SimConnection
from support.virtual_drives import MIB, connected, kill_drive, read, virtual_drive, write

SECTOR = 512
SECTORS = 16


def test_info(tmp_path: Path) -> None:
    with connected(tmp_path / "d", logical_sector=4096) as drive:
        info = drive.info()
        assert (info.model, info.serial, info.wwn) == ("Table d'essai", "SIM-0001", "5000c500a1b2c3d4")
        assert (info.size, info.logical_sector, info.physical_sector) == (MIB, 4096, 4096)
        assert info.sizes == (("capacity", MIB), ("identify", MIB))
        assert info.power_cycles == 1


def test_written_data_survives_flush_stop_and_start(tmp_path: Path) -> None:
    where = tmp_path / "d"
    data = os.urandom(3 * SECTOR)
    with virtual_drive(where):
        with SimConnection.connect(where) as drive:
            assert read(drive, 0, MIB) == bytes(MIB)
            assert write(drive, SECTOR, data) == len(data)
            assert read(drive, 0, 5 * SECTOR) == bytes(SECTOR) + data + bytes(SECTOR)
        launch.stop(where)
        assert not launch.is_running(where)
        launch.start(where)
        with SimConnection.connect(where) as drive:
            assert read(drive, SECTOR, len(data)) == data
            assert drive.info().power_cycles == 2
            assert controls.counters(drive).writes == 1


def test_a_drive_beyond_16_tib(tmp_path: Path) -> None:
    size = 20 << 40  # more than one file holds on ext4: only its last MiB is real
    with connected(tmp_path / "d", faults.FakeCapacity(real_size=MIB), size=size) as drive:
        assert drive.info().size == size
        write(drive, size - SECTOR, b"z" * SECTOR)
        drive.flush()
        assert read(drive, size - 2 * SECTOR, 2 * SECTOR) == bytes(SECTOR) + b"z" * SECTOR


@pytest.mark.parametrize(
    ("offset", "length"), [(0, 511), (1, 512), (0, 0), (MIB, 512), (MIB - 512, 1024), (1 << 62, 512)]
)
def test_ranges_that_are_no_sectors_of_the_drive(tmp_path: Path, offset: int, length: int) -> None:
    with connected(tmp_path / "d") as drive:
        for ask in (lambda: write(drive, offset, bytes(length)), lambda: read(drive, offset, length)):
            with pytest.raises(OSError, match="no whole sectors") as refused:
                ask()
            assert refused.value.errno == errno.EINVAL
        assert controls.counters(drive).requests == 0


def test_transfers_beyond_the_protocol_are_refused_and_the_connection_lives(tmp_path: Path) -> None:
    with connected(tmp_path / "d", size=64 * MIB) as drive:
        with pytest.raises(OSError, match="Invalid argument"):
            write(drive, 0, bytes(32 * MIB + SECTOR))
        assert write(drive, 0, b"x" * 32 * MIB) == 32 * MIB
        assert read(drive, 0, 32 * MIB) == b"x" * 32 * MIB


def test_the_log_holds_requests_in_order(tmp_path: Path) -> None:
    with connected(tmp_path / "d") as drive:
        write(drive, 0, bytes(SECTOR))
        assert controls.recorded(drive) == ()
        controls.record(drive)
        write(drive, SECTOR, bytes(SECTOR))
        drive.flush()
        read(drive, 0, 2 * SECTOR)
        assert [(item.op, item.offset, item.length) for item in controls.recorded(drive)] == [
            ("write", SECTOR, SECTOR),
            ("flush", 0, 0),
            ("read", 0, 2 * SECTOR),
        ]
        found = controls.counters(drive)
        assert (found.reads, found.writes, found.flushes, found.requests) == (1, 2, 1, 4)
        assert (found.bytes_read, found.bytes_written) == (2 * SECTOR, 2 * SECTOR)


def test_a_power_cut_loses_what_was_not_flushed(tmp_path: Path) -> None:
    where = tmp_path / "d"
    with virtual_drive(where):
        with SimConnection.connect(where) as drive:
            write(drive, 0, b"a" * MIB)
            drive.flush()
            for offset in range(0, MIB, 32 * SECTOR):
                write(drive, offset, b"b" * 32 * SECTOR)
            launch.power_cut(where)
            with pytest.raises(OSError, match="went away") as gone:
                drive.info()
            assert gone.value.errno == errno.ENODEV
        launch.power_on(where)
        with SimConnection.connect(where) as drive:
            left = read(drive, 0, MIB)
    assert set(left) == set(b"ab")
    assert 0.2 < left.count(b"b") / MIB < 0.8


def test_sigkill_of_the_drive_loses_all_of_its_cache(tmp_path: Path) -> None:
    where = tmp_path / "d"
    with virtual_drive(where):
        with SimConnection.connect(where) as drive:
            write(drive, 0, b"a" * SECTOR)
            drive.flush()
            write(drive, 0, b"b" * SECTOR)
            kill_drive(where)
        launch.start(where)
        with SimConnection.connect(where) as drive:
            assert read(drive, 0, SECTOR) == b"a" * SECTOR


ranges = st.tuples(st.integers(0, SECTORS - 1), st.integers(1, 6)).map(
    lambda pair: (pair[0], min(pair[1], SECTORS - pair[0]))
)
steps = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["write", "write", "write", "flush"]), ranges),
        st.tuples(st.sampled_from(["cut", "kill", "restart"]), ranges),
    ),
    min_size=3,
    max_size=14,
)


def split(data: bytes) -> list[bytes]:
    return [data[i : i + SECTOR] for i in range(0, len(data), SECTOR)]


@given(todo=steps, cache_size=st.sampled_from([0, 4 * SECTOR, MIB]), seed=st.integers(0, 9))
@settings(max_examples=10, deadline=None)
def test_a_drive_against_a_model(todo: list[tuple[str, tuple[int, int]]], cache_size: int, seed: int) -> None:
    """Every sector holds its last flushed value or a later one, never anything else."""
    now = [bytes(SECTOR)] * SECTORS
    possible = [{data} for data in now]
    with (
        TemporaryDirectory() as name,
        virtual_drive(Path(name) / "d", size=SECTORS * SECTOR, cache_size=cache_size, seed=seed) as where,
    ):
        drive = SimConnection.connect(where)
        for version, (step, (first, count)) in enumerate(todo, start=1):
            if step == "write":
                data = version.to_bytes(4, "big") * (SECTOR // 4)
                write(drive, first * SECTOR, data * count)
                for index in range(first, first + count):
                    now[index] = data
                    possible[index].add(data)
            elif step == "flush":
                drive.flush()
                possible = [{data} for data in now]
            else:
                drive.close()
                {"cut": launch.power_cut, "restart": launch.stop, "kill": kill_drive}[step](where)
                launch.start(where)
                drive = SimConnection.connect(where)
                found = split(read(drive, 0, SECTORS * SECTOR))
                allowed = [{data} for data in now] if step == "restart" else possible
                assert all(data in values for data, values in zip(found, allowed, strict=True))
                now, possible = found, [{data} for data in found]
            assert split(read(drive, 0, SECTORS * SECTOR)) == now
        drive.close()
