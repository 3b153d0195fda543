"""Commands as TCMU hands them on, performed by real virtual drives, with the sense data a kernel goes by."""

from __future__ import annotations

import errno
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from drivers.commands import ata, identify, sat, scsi, sense
from drivers.commands.transport import Direction
from drivers.sim import controls, launch
from drivers.sim.client import Relayed, SimConnection
from drivers.sim.commands.spec import CommandSpec, Personality
from drivers.sim.faults import BadSectors, Death, Hang, Sickness
from drivers.sim.kernel.relay import Relay
from drivers.sim.kernel.tcmu_unit import CHECK_CONDITION, TASK_ABORTED, Answer, Unit, direction, transfer
from support.virtual_drives import MIB, read, virtual_drive

READ_2, WRITE_2 = bytes.fromhex("28000000000700000200"), bytes.fromhex("2a000000000700000200")
ATA, SAS = Personality.ATA_DISK, Personality.SAS_DISK


@contextmanager
def plugged(where: Path, kind: Personality, *sick: Sickness) -> Iterator[Unit]:
    lost = threading.Event()
    commands = CommandSpec(personality=kind, erase_ms=60_000)
    with virtual_drive(where, *sick, size=MIB, commands=commands):
        relay = Relay(0, where)
        unit = Unit(Relayed(host="127.0.0.1", port=relay.port), lost.set)
        try:
            yield unit
        finally:
            unit.close()
            relay.close()
            assert lost.wait(5)


def refused(answer: Answer) -> tuple[int, int, int]:
    assert answer.status == CHECK_CONDITION
    found = sense.parse(answer.sense)
    return found.key, found.asc, found.ascq


@pytest.mark.parametrize("kind", [ATA, SAS])
def test_what_is_written_is_read_again(tmp_path: Path, kind: Personality) -> None:
    with plugged(tmp_path / "d", kind) as unit:
        assert unit.perform(WRITE_2, b"x" * 1024, 0) == Answer(status=0)
        assert unit.perform(READ_2, b"", 1024) == Answer(status=0, data=b"x" * 1024)
        with SimConnection.connect(tmp_path / "d") as other:
            assert read(other, 7 * 512, 1024) == b"x" * 1024
            assert controls.counters(other).bytes_written == 1024
            assert controls.counters(other).writes == 1  # by the fast path, not as a command


def test_other_commands_reach_the_firmware(tmp_path: Path) -> None:
    with plugged(tmp_path / "d", ATA) as unit:
        request = sat.wrap(ata.identify_device())
        answer = unit.perform(request.cdb, b"", request.length)
        assert answer.data is not None
        assert identify.parse(answer.data).serial == "SIM-0001"


def test_data_for_the_drive_reach_it(tmp_path: Path) -> None:
    with plugged(tmp_path / "d", SAS) as unit:
        request = scsi.sanitize_overwrite(b"\x55")
        assert unit.perform(request.cdb, request.data, 0).status == 0
        assert refused(unit.perform(READ_2, b"", 1024)) == (2, 0x04, 0x1B)


@pytest.mark.parametrize("kind", [ATA, SAS])
@pytest.mark.parametrize("number", [errno.EIO, errno.ENODATA])
def test_a_bad_sector_is_a_medium_error(tmp_path: Path, kind: Personality, number: int) -> None:
    with plugged(tmp_path / "d", kind, BadSectors(first=8, count=1, read_errno=number)) as unit:
        assert refused(unit.perform(READ_2, b"", 1024))[:2] == (3, 0x11)
        assert refused(unit.perform(WRITE_2, bytes(1024), 0))[:2] == (3, 0x0C)


def test_beyond_the_end_is_an_illegal_request(tmp_path: Path) -> None:
    with plugged(tmp_path / "d", ATA) as unit:
        cdb = bytes.fromhex("28000000080000000200")  # block 2048 of 2048
        assert refused(unit.perform(cdb, b"", 1024)) == (5, 0x21, 0)


def test_an_opened_hidden_area_is_reached_as_soon_as_the_kernel_looked_again(tmp_path: Path) -> None:
    commands = CommandSpec(personality=ATA, hpa_size=MIB // 2)
    with virtual_drive(tmp_path / "d", commands=commands) as where:
        unit = Unit(where, lambda: None)
        cdb = bytes.fromhex("28000000040000000200")  # at half of it
        assert refused(unit.perform(cdb, b"", 1024)) == (5, 0x21, 0)
        for command in (ata.read_native_max(extended=True), ata.set_max(MIB // 512 - 1, extended=True, keep=True)):
            assert sense.parse(unit.perform(sat.wrap(command).cdb, b"", 0).sense).tells_registers
        assert unit.perform(cdb, b"", 1024) == Answer(status=0, data=bytes(1024))
        unit.close()


def test_a_locked_ata_disk_aborts_reads(tmp_path: Path) -> None:
    with plugged(tmp_path / "d", ATA) as unit:
        request = sat.wrap(ata.set_password(b"secret"))
        assert unit.perform(request.cdb, request.data, 0).status == 0
        unit.close()
        launch.power_cycle(tmp_path / "d")
        fresh = Unit(tmp_path / "d", lambda: None)
        assert refused(fresh.perform(READ_2, b"", 1024)) == (0xB, 0, 0)
        fresh.close()


def test_a_dead_drive_is_a_hardware_error(tmp_path: Path) -> None:
    with plugged(tmp_path / "d", SAS, Death(at=1)) as unit:
        assert refused(unit.perform(READ_2, b"", 1024)) == (4, 0x44, 0)


def test_a_drive_that_lost_its_power_is_not_ready_and_tells_it_was_lost(tmp_path: Path) -> None:
    lost = threading.Event()
    with virtual_drive(tmp_path / "d", commands=CommandSpec(personality=ATA)) as where:
        unit = Unit(where, lost.set)
        assert unit.perform(bytes(6), b"", 0).status == 0
        launch.power_cut(where)
        assert lost.wait(5)
        assert refused(unit.perform(READ_2, b"", 1024)) == (2, 4, 0)


def test_a_hang_lasts_until_the_kernel_gives_it_up_and_the_drive_answers_again(tmp_path: Path) -> None:
    with plugged(tmp_path / "d", SAS, Hang(at=1)) as unit:
        answers: list[Answer] = []
        reader = threading.Thread(target=lambda: answers.append(unit.perform(READ_2, b"", 1024)))
        reader.start()
        reader.join(0.5)
        assert reader.is_alive()
        unit.give_up()
        reader.join(5)
        assert refused(answers[0]) == (2, 4, 0)
        assert unit.perform(READ_2, b"", 1024).status == 0


def test_giving_up_an_erasure_resets_the_drive_in_the_middle_of_it(tmp_path: Path) -> None:
    with plugged(tmp_path / "d", SAS) as unit:
        request = scsi.format_unit(timeout=1, immediate=False)
        answers: list[Answer] = []
        eraser = threading.Thread(target=lambda: answers.append(unit.perform(request.cdb, request.data, 0)))
        eraser.start()
        with SimConnection.connect(tmp_path / "d") as other:
            deadline = time.monotonic() + 5
            while controls.erasure(other).kind == "none":
                assert time.monotonic() < deadline
                time.sleep(0.02)
        unit.give_up()
        eraser.join(5)
        assert answers[0].status in {CHECK_CONDITION, TASK_ABORTED}
        assert refused(unit.perform(READ_2, b"", 1024)) == (3, 0x31, 0)


def test_closing_ends_a_command_that_is_never_answered(tmp_path: Path) -> None:
    with plugged(tmp_path / "d", SAS, Hang(at=1)) as unit:
        answers: list[Answer] = []
        reader = threading.Thread(target=lambda: answers.append(unit.perform(READ_2, b"", 1024)))
        reader.start()
        reader.join(0.3)
        unit.close()
        reader.join(5)
        assert refused(answers[0]) == (2, 4, 0)


@pytest.mark.parametrize(
    ("cdb", "place", "count"),
    [
        ("08010002 0000", 0x10002, 256),
        ("0a1f0003 0500", 0x1F0003, 5),
        ("28000000000700000200", 7, 2),
        ("a800000000070000000200 00", 7, 2),
        ("8a00 0000000100000000 00000010 0000", 1 << 32, 16),
    ],
)
def test_transfers_are_read_from_every_width(cdb: str, place: int, count: int) -> None:
    assert transfer(bytes.fromhex(cdb)) == (place, count)


def test_no_other_command_is_a_transfer() -> None:
    assert transfer(bytes([0x12, 0, 0, 0, 96, 0])) is None


@pytest.mark.parametrize(
    ("cdb", "way"),
    [
        (scsi.inquiry().cdb, Direction.IN),
        (scsi.mode_select_blocks(512).cdb, Direction.OUT),
        (scsi.sanitize_overwrite(b"\0").cdb, Direction.OUT),
        (scsi.format_unit(timeout=1).cdb, Direction.OUT),
        (sat.wrap(ata.identify_device()).cdb, Direction.IN),
        (sat.wrap(ata.set_password(b"p")).cdb, Direction.OUT),
    ],
)
def test_which_way_data_go_is_told_from_the_command(cdb: bytes, way: Direction) -> None:
    assert direction(cdb) is way
