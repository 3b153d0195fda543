"""Sense data in both formats, and the ATA registers inside them."""

from __future__ import annotations

import pytest

from drivers.commands import scsi, sense
from drivers.commands.fields import MalformedError
from drivers.commands.outcome import Done, Doubt, Refused, Unclear, Why, refused_by_sense
from drivers.commands.sense import Key, Registers
from drivers.commands.transport import ScsiReply
from support.scripted import ata_return, descriptor_sense, fixed_sense


def test_descriptor_sense_gives_all_48_bits() -> None:
    found = sense.parse(descriptor_sense(1, 0, 0x1D, ata_return(count=0x8012, lba=0x112233445566, error=7)))
    assert (found.key, found.fixed, found.tells_registers) == (Key.RECOVERED, False, True)
    assert found.registers == Registers(
        status=0x50, error=7, device=0x40, count=0x12, lba=0x445566, count_high=0x80, lba_high=0x112233
    )
    assert found.registers.count16 == 0x8012
    assert found.registers.lba48 == 0x112233445566


def test_without_extend_the_upper_halves_mean_nothing() -> None:
    found = sense.parse(descriptor_sense(1, 0, 0x1D, ata_return(count=0xFF, lba=0x123456, extend=False)))
    assert found.registers is not None
    assert (found.registers.count16, found.registers.lba48, found.registers.lba) == (None, None, 0x123456)


@pytest.mark.parametrize("code", [0x70, 0xF0])
def test_fixed_sense_has_no_upper_halves(code: int) -> None:
    places = {"b3": 0x01, "b4": 0x50, "b5": 0x40, "b6": 0x12, "b8": 0xE0, "b9": 0x66, "b10": 0x55, "b11": 0x44}
    found = sense.parse(fixed_sense(1, 0, 0x1D, b0=code, **places))
    assert found.fixed
    assert found.registers == Registers(status=0x50, error=1, device=0x40, count=0x12, lba=0x445566)
    assert found.registers.count16 is None
    assert found.registers.lba48 is None


def test_fixed_sense_of_a_failed_pass_through_as_linux_builds_it() -> None:
    found = sense.parse(fixed_sense(0xB, 0, 0, b0=0xF0, b3=0x04, b4=0x51, b5=0x40, b9=0x03))
    assert found.registers is not None
    assert (found.registers.failed, found.registers.lba) == (True, 3)


def test_information_of_other_errors_is_no_register() -> None:
    found = sense.parse(fixed_sense(3, 0x11, 0, b0=0xF0, b3=0x00, b4=0x51, b5=0x22, b6=0x33))
    assert found.registers is None
    assert found.information == 0x00512233


@pytest.mark.parametrize(
    ("raw", "progress"),
    [
        (fixed_sense(2, 4, 0x1B, b15=0x80, b16=0x40), 0x4000),
        (fixed_sense(2, 4, 0x1B, b16=0x40), None),
        (fixed_sense(5, 0x24, 0, b15=0xC0, b16=0x40), None),  # a field pointer, not progress
        (descriptor_sense(2, 4, 0x1B, bytes((2, 6, 0, 0, 0x80, 0x40, 0, 0))), 0x4000),
        (descriptor_sense(2, 4, 0x1B, bytes((2, 6, 0, 0, 0x00, 0x40, 0, 0))), None),
    ],
)
def test_progress_counts_only_where_marked(raw: bytes, progress: int | None) -> None:
    assert sense.parse(raw).progress == progress


def test_a_descriptor_cut_off_says_nothing() -> None:
    whole = descriptor_sense(1, 0, 0x1D, ata_return(count=0x8000))
    assert sense.parse(whole).registers is not None
    for length in range(8, len(whole)):
        assert sense.parse(whole[:length]).registers is None


@pytest.mark.parametrize("raw", [b"", b"\0" * 18, b"\x7f" + bytes(17), b"\x72\x05", b"\x70"])
def test_what_is_no_sense_is_said_to_be_none(raw: bytes) -> None:
    with pytest.raises(MalformedError):
        sense.parse(raw)


@pytest.mark.parametrize(
    ("key", "asc", "ascq", "why"),
    [
        (5, 0x20, 0, Why.UNSUPPORTED),
        (5, 0x24, 0, Why.INVALID),
        (2, 0x04, 0x1B, Why.SANITIZE_RUNNING),
        (2, 0x04, 0x04, Why.FORMAT_RUNNING),
        (2, 0x04, 0x01, Why.NOT_READY),
        (3, 0x31, 0x00, Why.FORMAT_CORRUPT),
        (3, 0x31, 0x03, Why.SANITIZE_FAILED),
        (3, 0x11, 0x00, Why.MEDIUM),
        (7, 0x20, 0x02, Why.LOCKED),
        (7, 0x27, 0x00, Why.PROTECTED),
        (6, 0x29, 0x00, Why.ATTENTION),
        (0xB, 0x00, 0x00, Why.ABORTED),
        (0x9, 0x80, 0x01, Why.OTHER),
    ],
)
def test_errors_have_reasons_in_both_formats(key: int, asc: int, ascq: int, why: Why) -> None:
    for raw in (fixed_sense(key, asc, ascq), descriptor_sense(key, asc, ascq)):
        refusal = refused_by_sense(sense.parse(raw))
        assert refusal.why is why
        assert refusal.code == f"{key:X}h/{asc:02X}h/{ascq:02X}h"


def test_replies_become_outcomes() -> None:
    assert scsi.interpret(ScsiReply(status=0, data=b"x")) == Done(value=b"x")
    recovered = ScsiReply(status=2, sense=fixed_sense(1, 0x17, 0), data=b"x")
    assert scsi.interpret(recovered) == Done(value=b"x")
    for reply in (
        ScsiReply(status=0, host_status=3),
        ScsiReply(status=0, driver_status=6),
        ScsiReply(status=2),
        ScsiReply(status=2, sense=fixed_sense(0, 0, 0)),
        ScsiReply(status=2, sense=fixed_sense(4, 0x44, 0, b0=0x71)),  # deferred: about an earlier command
    ):
        assert isinstance(scsi.interpret(reply), Unclear), reply
    busy = scsi.interpret(ScsiReply(status=0x08))
    assert isinstance(busy, Refused)
    assert busy.why is Why.BUSY
    reserved = scsi.interpret(ScsiReply(status=0x18))
    assert isinstance(reserved, Refused)
    assert reserved.why is Why.RESERVED
    lost = scsi.interpret(ScsiReply(status=0, host_status=3))
    assert isinstance(lost, Unclear)
    assert lost.doubt is Doubt.LOST


def test_a_driver_status_that_only_announces_sense_is_none() -> None:
    assert scsi.interpret(ScsiReply(status=0, driver_status=8)) == Done(value=b"")
