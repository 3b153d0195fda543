"""Each sickness, seen from the bench's side of a real virtual drive."""

from __future__ import annotations

import errno
import threading
import time
from pathlib import Path

import pytest

from drivers.sim import controls, faults, launch
from drivers.sim.client import SimConnection
from support.virtual_drives import MIB, connected, kill_drive, read, virtual_drive, wait_until_off, write

SECTOR = 512


def errno_of(error: pytest.ExceptionInfo[OSError]) -> int:
    assert error.value.errno is not None
    return error.value.errno


def test_bad_sectors_refuse_reads_and_writes_that_touch_them(tmp_path: Path) -> None:
    with connected(tmp_path / "d", faults.BadSectors(first=8, count=2, read_errno=61, write_errno=121)) as drive:
        for first, count in ((8, 1), (9, 1), (0, 9), (9, 8)):
            with pytest.raises(OSError, match="No data") as refused:
                read(drive, first * SECTOR, count * SECTOR)
            assert errno_of(refused) == errno.ENODATA
            with pytest.raises(OSError, match="Remote I/O") as refused:
                write(drive, first * SECTOR, b"x" * count * SECTOR)
            assert errno_of(refused) == errno.EREMOTEIO
        assert read(drive, 0, 8 * SECTOR) == bytes(8 * SECTOR)
        assert write(drive, 10 * SECTOR, b"x" * SECTOR) == SECTOR


def test_writing_cures_a_sector_for_good_and_only_that_one(tmp_path: Path) -> None:
    where = tmp_path / "d"
    with virtual_drive(where, faults.BadSectors(first=8, count=3, on_write=faults.OnWrite.CURE)):
        with SimConnection.connect(where) as drive:
            write(drive, 9 * SECTOR, b"x" * SECTOR)
            assert [item for item in controls.sicknesses(drive) if isinstance(item, faults.BadSectors)] == [
                faults.BadSectors(first=8, count=1, on_write=faults.OnWrite.CURE),
                faults.BadSectors(first=10, count=1, on_write=faults.OnWrite.CURE),
            ]
        kill_drive(where)
        launch.start(where)
        with SimConnection.connect(where) as drive:
            assert read(drive, 9 * SECTOR, SECTOR) == b"x" * SECTOR
            for still_bad in (8, 10):
                with pytest.raises(OSError, match="Input/output"):
                    read(drive, still_bad * SECTOR, SECTOR)


@pytest.mark.parametrize("sickness", [faults.Death(at=3), faults.WornOut(written=2 * SECTOR)])
def test_a_dead_drive_stays_dead(tmp_path: Path, sickness: faults.Sickness) -> None:
    where = tmp_path / "d"
    with virtual_drive(where, sickness):
        with SimConnection.connect(where) as drive:
            write(drive, 0, bytes(SECTOR))
            write(drive, 0, bytes(SECTOR))
            assert_dead(drive)
        kill_drive(where)
        launch.start(where)
        with SimConnection.connect(where) as drive:
            controls.disarm(drive)
            assert_dead(drive)
            for ask in (drive.info, drive.claim, drive.flush):
                with pytest.raises(OSError, match="Input/output"):
                    ask()


def test_a_worn_out_drive_is_read_until_it_is_written_to_again(tmp_path: Path) -> None:
    with connected(tmp_path / "d", faults.WornOut(written=SECTOR)) as drive:
        write(drive, 0, b"x" * SECTOR)
        assert read(drive, 0, SECTOR) == b"x" * SECTOR
        assert_dead(drive)


def assert_dead(drive: SimConnection) -> None:
    with pytest.raises(OSError, match="Input/output") as dead:
        write(drive, 0, bytes(SECTOR))
    assert errno_of(dead) == errno.EIO
    with pytest.raises(OSError, match="Input/output"):
        read(drive, 0, SECTOR)


def test_slowness(tmp_path: Path) -> None:
    with connected(tmp_path / "d") as drive:
        assert elapsed(drive, bytes(SECTOR)) < 0.05
        controls.arm(drive, faults.Slowness(ms=60))
        assert elapsed(drive, bytes(SECTOR)) > 0.06
        controls.disarm(drive, "slowness")
        controls.arm(drive, faults.Slowness(bytes_per_second=10 * MIB))
        assert elapsed(drive, bytes(MIB)) > 0.1


def test_a_disk_slows_down_inwards(tmp_path: Path) -> None:
    slow = faults.Slowness(bytes_per_second=20 * MIB, inner_bytes_per_second=5 * MIB)
    assert [slow.speed_at(place) / MIB for place in (0.0, 0.5, 1.0)] == [20, pytest.approx(212.5**0.5), 5]
    with connected(tmp_path / "d", slow, size=16 * MIB) as drive:
        start = time.perf_counter()
        write(drive, 0, bytes(MIB))
        middle = time.perf_counter()
        write(drive, 15 * MIB, bytes(MIB))
        end = time.perf_counter()
    assert middle - start > 1 / 20
    assert end - middle > 1 / 7


def elapsed(drive: SimConnection, data: bytes) -> float:
    start = time.perf_counter()
    write(drive, 0, data)
    return time.perf_counter() - start


def test_a_hang_takes_one_connection_and_its_claim_until_it_closes(tmp_path: Path) -> None:
    where = tmp_path / "d"
    with virtual_drive(where, faults.Hang(at=2)), SimConnection.connect(where) as hung:
        hung.claim()
        write(hung, 0, b"1" * SECTOR)
        returned = threading.Event()

        def hang() -> None:
            with pytest.raises(OSError, match="went away"):
                write(hung, 0, b"2" * SECTOR)
            returned.set()

        thread = threading.Thread(target=hang)
        thread.start()
        with SimConnection.connect(where) as other:
            while controls.counters(other).requests < 2:
                time.sleep(0.002)
            assert not returned.wait(0.1)
            with pytest.raises(OSError, match="busy"):
                other.claim()
            assert read(other, 0, SECTOR) == b"1" * SECTOR  # never performed, and only that one hung
            launch.power_cut(where)
        thread.join()


def test_write_errors_begin_at_their_request(tmp_path: Path) -> None:
    with connected(tmp_path / "d", faults.WriteErrors(at=3, errno=errno.ENOSPC)) as drive:
        write(drive, 0, b"a" * SECTOR)
        assert read(drive, 0, SECTOR) == b"a" * SECTOR
        for _ in range(2):
            with pytest.raises(OSError, match="No space"):
                write(drive, 0, b"b" * SECTOR)
        assert read(drive, 0, SECTOR) == b"a" * SECTOR


def test_a_lying_flush_is_seen_after_a_power_cut(tmp_path: Path) -> None:
    where = tmp_path / "d"
    with virtual_drive(where, faults.FlushLie(at=1)):
        with SimConnection.connect(where) as drive:
            for offset in range(0, 64 * SECTOR, SECTOR):
                write(drive, offset, b"a" * SECTOR)
            drive.flush()
        launch.power_cut(where)
        launch.start(where)
        with SimConnection.connect(where) as drive:
            assert read(drive, 0, 64 * SECTOR) != b"a" * 64 * SECTOR


def test_fake_capacity_wraps(tmp_path: Path) -> None:
    with connected(tmp_path / "d", faults.FakeCapacity(real_size=4 * SECTOR)) as drive:
        assert drive.info().size == MIB
        write(drive, 3 * SECTOR, b"a" * SECTOR + b"b" * SECTOR)
        assert read(drive, 0, 4 * SECTOR) == b"b" * SECTOR + bytes(2 * SECTOR) + b"a" * SECTOR
        assert read(drive, 8 * SECTOR, 9 * SECTOR)[-SECTOR:] == b"b" * SECTOR
        drive.flush()
        assert read(drive, 7 * SECTOR, 2 * SECTOR) == b"a" * SECTOR + b"b" * SECTOR


def test_short_transfers_happen_once(tmp_path: Path) -> None:
    short_write = faults.ShortTransfer(at=2, transfer=faults.Transfer.WRITE, sectors=1)
    short_read = faults.ShortTransfer(at=1, transfer=faults.Transfer.READ, sectors=3)
    with connected(tmp_path / "d", short_write, short_read) as drive:
        assert write(drive, 0, b"a" * 4 * SECTOR) == 4 * SECTOR
        assert write(drive, 0, b"b" * 4 * SECTOR) == SECTOR
        assert read(drive, 0, 4 * SECTOR) == b"b" * SECTOR + b"a" * 2 * SECTOR
        assert write(drive, 0, b"c" * 4 * SECTOR) == 4 * SECTOR
        assert read(drive, 0, 4 * SECTOR) == b"c" * 4 * SECTOR


@pytest.mark.parametrize(("moment", "flushed"), [(faults.Moment.BEFORE, False), (faults.Moment.AFTER, True)])
def test_a_power_cut_strikes_once_around_its_request(tmp_path: Path, moment: faults.Moment, flushed: bool) -> None:
    where = tmp_path / "d"
    with virtual_drive(where, faults.PowerCut(at=65, moment=moment)):
        with SimConnection.connect(where) as drive:
            for offset in range(0, 64 * SECTOR, SECTOR):
                write(drive, offset, b"a" * SECTOR)
            with pytest.raises(OSError, match="went away"):
                drive.flush()
        wait_until_off(where)
        launch.start(where)
        with SimConnection.connect(where) as drive:
            assert (read(drive, 0, 64 * SECTOR) == b"a" * 64 * SECTOR) is flushed
            assert controls.counters(drive).requests == 66


def test_the_two_ways_of_asking_for_the_size_disagree(tmp_path: Path) -> None:
    with connected(tmp_path / "d", faults.OtherSize(size=2 * MIB)) as drive:
        assert drive.info().size == MIB
        assert dict(drive.info().sizes) == {"capacity": MIB, "identify": 2 * MIB}


def test_the_identity_changes_between_two_readings(tmp_path: Path) -> None:
    with connected(tmp_path / "d") as drive:
        before = drive.info()
        controls.arm(drive, faults.OtherIdentity(at_info=2, model=before.model, serial="ANOTHER", wwn=before.wwn))
        assert drive.info() == before
        assert drive.info().serial == "ANOTHER"
        controls.disarm(drive, "other-identity")
        assert drive.info() == before


def test_sicknesses_armed_late_count_from_then_and_last(tmp_path: Path) -> None:
    where = tmp_path / "d"
    with virtual_drive(where):
        with SimConnection.connect(where) as drive:
            write(drive, 0, bytes(SECTOR))
            controls.arm(drive, faults.WriteErrors(at=2))
            write(drive, 0, bytes(SECTOR))
        launch.stop(where)
        launch.start(where)
        with SimConnection.connect(where) as drive, pytest.raises(OSError, match="Input/output"):
            write(drive, 0, bytes(SECTOR))


def test_the_back_channel_refuses_what_it_does_not_know(tmp_path: Path) -> None:
    with connected(tmp_path / "d") as drive:
        for parameters, complaint in (
            ({"do": "dance"}, "cannot be done"),
            ({"do": "counters", "since": 1}, "cannot be done"),
            ({"do": "disarm", "kind": "flu"}, "kind 'flu' is unknown"),
            ({"do": "arm", "sicknesses": [{"kind": "hang"}]}, "field 'at' is missing"),
            ({"do": "arm", "sicknesses": [{"kind": "fake-capacity", "real_size": 1000}]}, "multiple of 512"),
        ):
            with pytest.raises(OSError, match=complaint) as refused:
                drive.control(**parameters)
            assert errno_of(refused) == errno.EINVAL
