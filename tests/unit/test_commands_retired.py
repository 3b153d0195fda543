"""Sectors that a disk has replaced: counted where it says so, unknown elsewhere, never asked while it erases."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.drive import Interface
from bench.techniques import ErasureState
from drivers.commands import ata_replies, scsi_replies
from drivers.commands.fields import MalformedError
from drivers.commands.probe import probe
from drivers.commands.sat import AtaReply
from drivers.commands.transport import ScsiReply
from drivers.sim.commands.spec import CommandSpec, Personality
from drivers.sim.transport import SimTransport
from support.identify import identify
from support.scripted import UNKNOWN_OPCODE, ScriptedDrive, ScsiAnswer, fixed_sense, good, inquiry_data, told, vpd_page
from support.virtual_drives import virtual_drive

P = Personality
SMART_ON = {82: 0x7069, 85: 0x7069, 87: 0x4123}


def smart_data(*attributes: tuple[int, int], sealed: bool = True) -> bytes:
    data = bytearray(512)
    for place, (number, raw) in enumerate(attributes):
        data[2 + 12 * place] = number
        data[7 + 12 * place : 13 + 12 * place] = raw.to_bytes(6, "little")
    data[511] = -sum(data) & 0xFF if sealed else 1 - sum(data) & 0xFF
    return bytes(data)


def ata_disk(smart: ScsiAnswer, words: dict[int, int] | None = None) -> ScriptedDrive:
    return ScriptedDrive({
        "inquiry": good(inquiry_data()),
        "vpd-00": good(vpd_page(0, b"\x00\x89")),
        "ata-ec": good(identify({**SMART_ON, **(words or {})})),
        "ata-b0": smart,
    })  # fmt: skip


@pytest.mark.parametrize(
    ("attributes", "count"),
    [
        (((5, 0),), 0),
        (((9, 7), (5, 12)), 12),
        (((5, 0x0003_0007_0002),), 2),
        (((9, 7),), None),
        (((5, 1 << 16),), None),
    ],
)
def test_the_fifth_attribute_counts_them(attributes: tuple[tuple[int, int], ...], count: int | None) -> None:
    assert probe(ata_disk(good(smart_data(*attributes))), Interface.SATA).retired_sectors == count


@pytest.mark.parametrize("answer", [UNKNOWN_OPCODE, good(), good(smart_data((5, 3), sealed=False)), told()])
def test_without_a_whole_answer_it_is_unknown(answer: ScsiReply) -> None:
    assert probe(ata_disk(answer), Interface.SATA).retired_sectors is None


@pytest.mark.parametrize("words", [{85: 0x7068}, {87: 0x0123}, {217: 1}])
def test_without_smart_or_without_sectors_it_is_not_asked(words: dict[int, int]) -> None:
    drive = ata_disk(good(smart_data((5, 3))), words)
    assert probe(drive, Interface.SATA).retired_sectors is None
    assert "ata-b0" not in drive.seen


@pytest.mark.parametrize("status", [told(count=0x4000, lba=0x1000), good()])
def test_a_disk_that_is_or_may_be_sanitizing_is_not_asked(status: ScsiReply) -> None:
    drive = ata_disk(good(smart_data((5, 3))), {59: 0x5000})
    drive = ScriptedDrive({**drive.scsi_answers, "ata-b4-0000": status})
    found = probe(drive, Interface.SATA)
    assert found.sanitize.state in {ErasureState.RUNNING, ErasureState.UNKNOWN}
    assert found.retired_sectors is None
    assert "ata-b0" not in drive.seen


def sas_disk(**answers: ScsiAnswer) -> ScriptedDrive:
    plain: dict[str, ScsiAnswer] = {
        "inquiry": good(inquiry_data(vendor="SEAGATE")),
        "vpd-00": good(vpd_page(0, b"\x00\xb1")),
        "vpd-b1": good(vpd_page(0xB1, bytes.fromhex("1c20000000"))),
        "03": good(fixed_sense(0, 0, 0)),
    }
    return ScriptedDrive({**plain, **{key.removeprefix("x"): answer for key, answer in answers.items()}})


def grown(length: int, flags: int = 0x08) -> bytes:
    return bytes((0, flags, 0, 0)) + length.to_bytes(4, "big")


OTHER_FORMAT = ScsiReply(status=2, sense=fixed_sense(1, 0x1C, 0), data=grown(48, 0x0D))


@pytest.mark.parametrize(
    ("answers", "count"),
    [
        ({"xb7": good(grown(0))}, 0),
        ({"xb7": good(grown(12))}, 3),
        ({"xb7": OTHER_FORMAT}, 6),
        ({"x37": good(bytes((0, 8, 0, 8)))}, 2),
        ({"xb7": good(grown(12, 0x10)), "x37": good(bytes((0, 8, 0, 8)))}, None),
        ({}, None),
        ({"xb7": good(grown(12)), "x03": good(fixed_sense(2, 4, 0x1B, b15=0x80))}, None),
        ({"xb7": good(grown(12)), "x03": good(fixed_sense(2, 4, 4, b15=0x80))}, None),
        ({"xb7": good(grown(12)), "xvpd-b1": good(vpd_page(0xB1, bytes.fromhex("0001000000")))}, None),
    ],
)
def test_the_grown_list_counts_them(answers: dict[str, ScsiAnswer], count: int | None) -> None:
    assert probe(sas_disk(**answers), Interface.SAS).retired_sectors == count


@pytest.mark.parametrize("data", [b"", grown(3), grown(12, 0x0F), bytes(8)])
def test_a_list_that_is_none_counts_nothing(data: bytes) -> None:
    with pytest.raises(MalformedError):
        scsi_replies.grown_defects(data, twelve=True)


def test_smart_data_that_are_too_short_count_nothing() -> None:
    with pytest.raises(MalformedError):
        ata_replies.reallocated(AtaReply(registers=None, data=bytes(100)))


@pytest.mark.parametrize(
    ("personality", "count"), [(P.ATA_DISK, 7), (P.SAS_DISK, 7), (P.ATA_SSD, None), (P.SAS_SSD, None), (P.NVME, None)]
)
def test_virtual_drives_say_it_as_real_ones(tmp_path: Path, personality: Personality, count: int | None) -> None:
    with virtual_drive(tmp_path / "drive", commands=CommandSpec(personality=personality, retired=7)) as drive:
        opened = SimTransport.connect(drive)
        assert probe(opened, Interface.SIMULATED).retired_sectors == count
        opened.close()
