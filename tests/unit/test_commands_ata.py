"""ATA commands: their bytes inside ATA PASS-THROUGH, and what their replies mean."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.capabilities import Answer
from bench.techniques import ErasureState
from drivers.commands import ata, ata_replies, ata_sanitize, sat
from drivers.commands.fields import MalformedError
from drivers.commands.outcome import Done, Doubt, Refused, Unclear, Why
from drivers.commands.sat import AtaCommand, AtaReply, Protocol, Through
from drivers.commands.sense import Registers
from drivers.commands.transport import Direction, ScsiReply, TransportError
from support.scripted import (
    ATTENTION,
    UNKNOWN_OPCODE,
    ScriptedDrive,
    aborted,
    ata_return,
    descriptor_sense,
    fixed_sense,
    good,
    told,
)

# (command, protocol and EXTEND byte, transfer byte, features, count, LBA in CDB order, command code)
_SIXTEEN = [
    (ata.identify_device(), "85 08 0e 0000 0001 000000000000 40 ec 00"),
    (ata.read_native_max(extended=True), "85 07 20 0000 0000 000000000000 40 27 00"),
    (ata.read_native_max(extended=False), "85 06 20 0000 0000 000000000000 40 f8 00"),
    (ata.set_max(0x112233445566, extended=True, keep=True), "85 07 20 0000 0001 336622551144 40 37 00"),
    (ata.set_max(0xA123456, extended=False, keep=False), "85 06 20 0000 0000 005600340012 4a f9 00"),
    (ata.dco_identify(), "85 08 0e 00c2 0001 000000000000 40 b1 00"),
    (ata.dco_restore(), "85 06 20 00c0 0000 000000000000 40 b1 00"),
    (ata.dco_freeze(), "85 06 20 00c1 0000 000000000000 40 b1 00"),
    (ata.native_max_address(), "85 07 20 0000 0000 000000000000 40 78 00"),
    (ata.set_accessible_max(0x112233445566), "85 07 20 0001 0000 336622551144 40 78 00"),
    (ata.freeze_accessible_max(), "85 07 20 0002 0000 000000000000 40 78 00"),
    (ata.erase_prepare(), "85 06 20 0000 0000 000000000000 40 f3 00"),
    (ata.security_freeze(), "85 06 20 0000 0000 000000000000 40 f5 00"),
    (ata.flush_cache(), "85 07 20 0000 0000 000000000000 40 ea 00"),
    (ata.flush_cache(extended=False), "85 06 20 0000 0000 000000000000 40 e7 00"),
    (ata.check_power_mode(), "85 06 20 0000 0000 000000000000 40 e5 00"),
    (ata.read_log(0x30, 0x0103, 2), "85 09 0e 0000 0002 003001030000 40 2f 00"),
    (ata.element_status(), "85 0d 0e 0000 0008 000000000000 40 12 00"),
    (ata.trusted_receive(1, 0x0001, 4), "85 08 0e 0001 0004 000000010000 40 5c 00"),
    (ata_sanitize.status(), "85 07 20 0000 0000 000000000000 40 b4 00"),
    (ata_sanitize.status(clear_failure=True), "85 07 20 0000 0001 000000000000 40 b4 00"),
    (ata_sanitize.crypto(), "85 07 20 0011 0000 437000790072 40 b4 00"),
    (ata_sanitize.block(), "85 07 20 0012 0000 42720045006b 40 b4 00"),
    (ata_sanitize.overwrite(0xDEADBEEF), "85 07 20 0014 0001 deef57be4fad 40 b4 00"),
    (ata_sanitize.freeze(), "85 07 20 0020 0000 466b004c0072 40 b4 00"),
    (ata_sanitize.antifreeze(), "85 07 20 0040 0000 41690074006e 40 b4 00"),
]


@pytest.mark.parametrize(("command", "cdb"), _SIXTEEN, ids=lambda value: getattr(value, "name", ""))
def test_the_bytes_of_commands(command: AtaCommand, cdb: str) -> None:
    assert sat.wrap(command).cdb.hex() == cdb.replace(" ", "")


def test_the_bytes_in_the_short_command() -> None:
    assert sat.wrap(ata.identify_device(), Through.TWELVE).cdb.hex() == "a1080e000100000040ec0000"
    with pytest.raises(ValueError, match="PASS-THROUGH"):
        sat.wrap(ata_sanitize.status(), Through.TWELVE)


def test_sanitize_keys_spell_what_the_standard_says() -> None:
    assert ata_sanitize.crypto().lba.to_bytes(4, "big") == b"Cryp"
    assert ata_sanitize.block().lba.to_bytes(4, "big") == b"BkEr"
    assert ata_sanitize.freeze().lba.to_bytes(4, "big") == b"FrLk"
    assert ata_sanitize.antifreeze().lba.to_bytes(4, "big") == b"Anti"
    assert ata_sanitize.overwrite(0).lba >> 32 == int.from_bytes(b"OW", "big")  # in bits 47:32


def test_sixteen_passes_are_written_as_zero_and_none_is_refused() -> None:
    assert ata_sanitize.overwrite(passes=1).count == 1
    assert ata_sanitize.overwrite(passes=15, invert=True).count == 0x8F
    assert ata_sanitize.overwrite(passes=16).count == 0
    for passes in (0, 17):
        with pytest.raises(ValueError, match="passes"):
            ata_sanitize.overwrite(passes=passes)


def test_failure_mode_is_off_unless_asked_for() -> None:
    for command in (ata_sanitize.crypto(), ata_sanitize.block(), ata_sanitize.overwrite()):
        assert not command.count & 0x10
    assert ata_sanitize.block(failure_mode=True).count == 0x10


def test_security_blocks() -> None:
    set_ = ata.set_password(b"pass", maximum=True)
    assert (set_.command, len(set_.data), set_.data[:6]) == (0xF1, 512, b"\x00\x01pass")
    master = ata.set_password(b"m", master=True, identifier=0xFFFE)
    assert (master.data[0], master.data[34:36]) == (1, b"\xfe\xff")
    erase = ata.erase_unit(b"pass", enhanced=True, timeout=86400)
    assert (erase.command, erase.data[0], erase.data[2:34], erase.timeout) == (
        0xF4,
        2,
        b"pass".ljust(32, b"\0"),
        86400,
    )
    assert ata.erase_unit(b"pass", enhanced=False, timeout=1).data[0] == 0
    assert ata.unlock(b"x", master=True).data[:3] == b"\x01\x00x"
    assert ata.disable_password(b"x").command == 0xF6
    request = sat.wrap(set_)
    assert (request.direction, request.data, request.cdb[1], request.cdb[2]) == (Direction.OUT, set_.data, 0x0A, 0x06)
    with pytest.raises(ValueError, match="32"):
        ata.unlock(b"x" * 33)


@given(
    st.integers(0, 0xFFFF),
    st.integers(0, 0xFFFF),
    st.integers(0, (1 << 48) - 1),
    st.integers(0, 255),
    st.integers(0, 255),
)
def test_every_register_finds_its_place(feature: int, count: int, lba: int, device: int, code: int) -> None:
    command = AtaCommand(
        name="x", command=code, feature=feature, count=count, lba=lba, device=device, extended=True, tells=True
    )
    cdb = sat.wrap(command).cdb
    assert len(cdb) == 16
    assert (cdb[3] << 8 | cdb[4], cdb[5] << 8 | cdb[6], cdb[13], cdb[14]) == (feature, count, device, code)
    assert sum(cdb[place] << shift for place, shift in zip((8, 10, 12, 7, 9, 11), range(0, 48, 8), strict=True)) == lba


@pytest.mark.parametrize(
    "fields",
    [
        {"feature": 0x100},
        {"count": 0x100},
        {"lba": 1 << 24},
        {"lba": 1 << 48, "extended": True},
        {"count": -1},
        {"data": b"x", "protocol": Protocol.PIO_OUT},
    ],
)
def test_what_would_be_cut_off_is_refused(fields: dict[str, int | bool | bytes]) -> None:
    with pytest.raises(ValueError, match="x:"):
        AtaCommand(name="x", command=0, **fields)  # type: ignore[arg-type]  # wrong on purpose, in several ways


STATUS = ata_sanitize.status()


def test_registers_are_the_answer() -> None:
    outcome = sat.interpret(STATUS, told(count=0x8000, lba=0xFFFF))
    assert isinstance(outcome, Done)
    assert outcome.value.registers is not None
    assert outcome.value.registers.count16 == 0x8000


@pytest.mark.parametrize(
    ("reply", "doubt"),
    [
        (good(), Doubt.NO_REGISTERS),  # a bridge that swallows CK_COND
        (told(status=0x00), Doubt.CONTRADICTION),  # a descriptor of zeros
        (told(status=0xD0), Doubt.CONTRADICTION),  # still busy
        (told(status=0x58), Doubt.CONTRADICTION),  # data request
        (ScsiReply(status=2), Doubt.MALFORMED),
        (ScsiReply(status=0, host_status=3), Doubt.LOST),
        (ScsiReply(status=2, sense=descriptor_sense(4, 0x44, 0, ata_return())), Doubt.CONTRADICTION),
        (ScsiReply(status=2, sense=b"\x73\x04\x44" + bytes(5)), Doubt.CONTRADICTION),
    ],
)
def test_what_does_not_answer_is_unclear(reply: ScsiReply, doubt: Doubt) -> None:
    outcome = sat.interpret(STATUS, reply)
    assert isinstance(outcome, Unclear)
    assert outcome.doubt is doubt


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (aborted(), Why.ABORTED),
        (aborted(lba=1), Why.SANITIZE_FAILED),
        (aborted(lba=3), Why.SANITIZE_FROZEN),
        (ScsiReply(status=2, sense=fixed_sense(0xB, 0, 0, b0=0xF0, b3=0x04, b4=0x51, b9=3)), Why.SANITIZE_FROZEN),
        (aborted(error=0x10), Why.OUT_OF_RANGE),
        (UNKNOWN_OPCODE, Why.UNSUPPORTED),
        (ScsiReply(status=0, sense=descriptor_sense(0, 0, 0, ata_return(status=0x51, error=4))), Why.ABORTED),
        (ScsiReply(status=2, sense=descriptor_sense(4, 0, 0, ata_return(status=0x70))), Why.HARDWARE),
    ],
)
def test_refusals_have_reasons(reply: ScsiReply, why: Why) -> None:
    outcome = sat.interpret(STATUS, reply)
    assert isinstance(outcome, Refused)
    assert outcome.why is why


def test_a_reason_of_sanitize_is_no_reason_of_other_commands() -> None:
    outcome = sat.interpret(ata.erase_prepare(), aborted(lba=3))
    assert isinstance(outcome, Refused)
    assert outcome.why is Why.ABORTED


def test_short_data_are_unclear() -> None:
    outcome = sat.interpret(ata.identify_device(), good(bytes(511)))
    assert isinstance(outcome, Unclear)
    assert sat.interpret(ata.identify_device(), good(bytes(512))) == Done(
        value=AtaReply(registers=None, data=bytes(512))
    )


def test_a_transport_error_is_unclear_and_keeps_its_number() -> None:
    drive = ScriptedDrive({"ata-ec": TransportError("gone", 19)})
    assert sat.send(drive, ata.identify_device()) == Unclear(doubt=Doubt.LOST, detail="gone", errno=19)


def test_a_question_is_asked_again_after_a_unit_attention_but_an_order_is_not_given_again() -> None:
    replies = iter([ATTENTION, good(bytes(512))])
    drive = ScriptedDrive({"ata-ec": lambda _: next(replies), "ata-f4": ATTENTION})
    assert isinstance(sat.ask(drive, ata.identify_device()), Done)
    order = sat.send(drive, ata.erase_unit(b"x", enhanced=False, timeout=1))
    assert isinstance(order, Refused)
    assert (order.why, drive.seen.count("ata-f4")) == (Why.ATTENTION, 1)


@pytest.mark.parametrize(
    ("count", "lba", "state", "progress"),
    [
        (0x0000, 0xFFFF, ErasureState.NEVER, None),
        (0x8000, 0xFFFF, ErasureState.DONE, None),
        (0x4000, 0x8000, ErasureState.RUNNING, 500),
        (0xA000, 0xFFFF, ErasureState.DONE, None),
        (0xC000, 0x0000, ErasureState.UNKNOWN, None),  # done and running at once
    ],
)
def test_sanitize_states(count: int, lba: int, state: ErasureState, progress: int | None) -> None:
    found = ata_sanitize.read_status(sat.interpret(STATUS, told(count=count, lba=lba)))
    assert (found.state, found.progress) == (state, progress)
    if state is not ErasureState.UNKNOWN:
        assert found.frozen is Answer.of(holds=bool(count & 0x2000))


def test_a_failed_sanitize_is_told_by_an_error() -> None:
    assert ata_sanitize.read_status(sat.interpret(STATUS, aborted(lba=1))).state is ErasureState.FAILED
    for other in (aborted(), aborted(lba=2), UNKNOWN_OPCODE, good()):
        assert ata_sanitize.read_status(sat.interpret(STATUS, other)).state is ErasureState.UNKNOWN


@given(st.integers(0, 255), st.integers(0, 255), st.integers(0, 0xFFFFFF))
def test_fixed_format_never_shows_that_a_sanitize_is_done(count: int, flags: int, lba: int) -> None:
    low = {"b4": 0x50, "b6": count, "b8": flags, "b9": lba & 255, "b10": lba >> 8 & 255, "b11": lba >> 16}
    reply = ScsiReply(status=2, sense=fixed_sense(1, 0, 0x1D, **low))
    found = ata_sanitize.read_status(sat.interpret(STATUS, reply))
    assert found.state is ErasureState.UNKNOWN
    assert found.frozen is Answer.INDETERMINATE


def _registers(**fields: int) -> AtaReply:
    return AtaReply(registers=Registers(status=0x50, error=0, device=fields.pop("device", 0x40), count=0, **fields))


def test_native_addresses() -> None:
    assert ata_replies.native_address_48(_registers(lba=0x445566, lba_high=0x112233)) == 0x112233445566
    assert ata_replies.native_address_28(_registers(lba=0x123456, device=0x4A)) == 0xA123456
    for reply in (_registers(lba=5), _registers(lba=0, lba_high=0), _registers(lba=0xFFFFFF, lba_high=0xFFFFFF)):
        with pytest.raises(MalformedError):
            ata_replies.native_address_48(reply)
    with pytest.raises(MalformedError):
        ata_replies.native_address_28(_registers(lba=0xFFFFFF, device=0x4F))


def _overlay(last: int, revision: int = 2) -> bytes:
    head = revision.to_bytes(2, "little") + bytes(4) + last.to_bytes(8, "little") + bytes(496) + b"\xa5"
    return head + bytes((-sum(head) & 255,))


def test_overlay_needs_its_checksum() -> None:
    data = _overlay(999_999)
    assert ata_replies.overlay(AtaReply(registers=None, data=data)).last == 999_999
    for wrong in (data[:-1] + b"\0", bytes(512), _overlay(999_999, revision=9), _overlay(0), data[:100]):
        with pytest.raises(MalformedError):
            ata_replies.overlay(AtaReply(registers=None, data=wrong))


def test_depopulation_is_declared_with_all_its_marks() -> None:
    page = bytearray(512)
    page[0:8] = ((1 << 63) | 3 << 16 | 1).to_bytes(8, "little")
    assert not ata_replies.depopulates(AtaReply(registers=None, data=bytes(page)))
    page[152:160] = (3).to_bytes(8, "little")
    assert not ata_replies.depopulates(AtaReply(registers=None, data=bytes(page)))
    page[152:160] = (1 << 63 | 3).to_bytes(8, "little")
    assert ata_replies.depopulates(AtaReply(registers=None, data=bytes(page)))
    with pytest.raises(MalformedError):
        ata_replies.depopulates(AtaReply(registers=None, data=bytes(512)))
