"""Whatever bytes a drive sends: no exception but the one that says so, no endless loop, no capability invented."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bench.capabilities import Answer, Capabilities, CommandSet, OpalKind
from bench.drive import Interface
from bench.techniques import ErasureState
from drivers.commands import (
    ata,
    ata_replies,
    ata_sanitize,
    identify,
    identify_features,
    nvme_replies,
    opal,
    sat,
    scsi,
    scsi_replies,
    sense,
)
from drivers.commands.fields import MalformedError
from drivers.commands.outcome import Done, Refused, Unclear
from drivers.commands.probe import MOST_COMMANDS, probe
from drivers.commands.sat import AtaReply
from drivers.commands.sense import Registers
from drivers.commands.transport import NvmeReply, NvmeRequest, ScsiReply, ScsiRequest, TransportError
from support.identify import identify as sector
from support.identify import seal
from support.nvme_pages import controller, namespace, number_list, sanitize_log
from support.scripted import ata_return, capacity_16, descriptor_sense, fixed_sense, inquiry_data, vpd_page

_COUNTED = settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
_LONG = settings(max_examples=200_000, suppress_health_check=list(HealthCheck))


def _overlay() -> bytes:
    head = b"\x02\0" + bytes(4) + (9_999).to_bytes(8, "little") + bytes(496) + b"\xa5"
    return head + bytes((-sum(head) & 255,))


def _page_89() -> bytes:
    head = bytearray(60)
    head[1:4], head[56] = b"\x89\x02\x38", 0xEC
    return bytes(head) + sector()


_LEVEL_0 = (
    (44 + 16 + 16).to_bytes(4, "big")
    + b"\0\0\0\x01"
    + bytes(40)
    + b"\x00\x01\x10\x0c"
    + bytes(12)
    + b"\x00\x02\x10\x0c\x0f"
    + bytes(11)
)
_SMART = bytes(2) + b"\x05" + bytes(4) + b"\x03" + bytes(503) + b"\xf8"
_DESCRIPTORS = bytes((1, 8, 0, 0)) + bytes(8) + bytes((4, 1, 0, 0, 2))


def _ata(parse: Callable[[AtaReply], object]) -> Callable[[bytes], object]:
    return lambda data: parse(AtaReply(registers=None, data=data))


PARSERS: dict[str, tuple[Callable[[bytes], object], bytes]] = {
    "sense, descriptors": (sense.parse, descriptor_sense(1, 0, 0x1D, ata_return(count=0x8000))),
    "sense, fixed": (sense.parse, fixed_sense(2, 4, 0x1B, b15=0x80)),
    "identify": (identify.parse, sector({59: 0xF000})),
    "page 89h": (identify.from_vpd_page, _page_89()),
    "overlay": (_ata(ata_replies.overlay), _overlay()),
    "reallocated": (_ata(ata_replies.reallocated), _SMART),
    "grown defects": (lambda data: scsi_replies.grown_defects(data, twelve=True), bytes((0, 8, 0, 0, 0, 0, 0, 8))),
    "capabilities page": (_ata(ata_replies.depopulates), (1 << 63 | 3 << 16 | 1).to_bytes(8, "little") + bytes(504)),
    "inquiry": (scsi_replies.inquiry, inquiry_data()),
    "vpd pages": (scsi_replies.vpd_pages, vpd_page(0, b"\x00\x80\xb1")),
    "unit serial": (scsi_replies.unit_serial, vpd_page(0x80, b"ABC")),
    "designators": (scsi_replies.designators, vpd_page(0x83, b"\x01\x03\0\x08" + bytes(range(8)))),
    "characteristics": (scsi_replies.characteristics, vpd_page(0xB1, b"\x1c\x20" + bytes(10))),
    "block lengths": (scsi_replies.block_lengths, vpd_page(0xB4, b"\0\0\x02\0" + bytes(4))),
    "capacity": (scsi_replies.capacity, capacity_16(1000)),
    "block descriptor": (scsi_replies.block_descriptor, bytes.fromhex("0000000000000008000f424000000208")),
    "operation": (scsi_replies.operation_support, b"\x00\x03\x00\x0a" + bytes(10)),
    "elements": (lambda data: scsi_replies.elements(data, "big"), (b"\0\0\0\1" * 2).ljust(64, b"\0")),
    "controller": (nvme_replies.controller, controller()),
    "namespaces": (nvme_replies.namespace_list, number_list(1, 2)),
    "controllers": (nvme_replies.controller_list, b"\x01\0\x01\0".ljust(4096, b"\0")),
    "namespace": (lambda data: nvme_replies.namespace(data, 1), namespace(blocks=9)),
    "command set": (nvme_replies.command_set, _DESCRIPTORS.ljust(4096, b"\0")),
    "sanitize log": (nvme_replies.sanitize_log, sanitize_log(status=1)),
    "smart": (nvme_replies.smart, b"\x01".ljust(512, b"\0")),
    "level 0": (opal.level_0, _LEVEL_0),
}


@st.composite
def damaged(draw: st.DrawFn, model: bytes) -> bytes:
    """Something like `model`: bytes changed, cut off, doubled; or nothing like it at all."""
    shape = draw(st.integers(0, 5))
    if shape == 0:
        return draw(st.binary(max_size=600))
    data = bytearray(model)
    for place, value in draw(st.lists(st.tuples(st.integers(0, len(data) - 1), st.integers(0, 255)), max_size=12)):
        data[place] = value
    if shape == 1:
        return bytes(data[: draw(st.integers(0, len(data)))])
    if shape == 2:
        return bytes(data) + draw(st.binary(max_size=64))
    if shape == 3 and len(data) == 512:
        return seal(data)
    return bytes(data)


def _parse(name: str, data: bytes) -> object:
    """What a parser makes of bytes; None where it says that it cannot. Anything else that it raises is a defect."""
    parser, _ = PARSERS[name]
    try:
        return parser(data)
    except MalformedError:
        return None


@pytest.mark.parametrize("name", sorted(PARSERS))
def test_models_are_understood(name: str) -> None:
    parser, model = PARSERS[name]
    parser(model)


@pytest.mark.parametrize("name", sorted(PARSERS))
@_COUNTED
@given(data=st.data())
def test_parsers_take_anything(name: str, data: st.DataObject) -> None:
    _parse(name, data.draw(damaged(PARSERS[name][1])))


@pytest.mark.soak
@pytest.mark.parametrize("name", sorted(PARSERS))
@_LONG
@given(data=st.data())
def test_parsers_take_anything_for_hours(name: str, data: st.DataObject) -> None:
    _parse(name, data.draw(damaged(PARSERS[name][1])))


@_COUNTED
@given(damaged(sector({59: 0xF000, 128: 0x0021})))
def test_identify_data_without_their_marks_claim_nothing(data: bytes) -> None:
    try:
        disk = identify.parse(data)
    except MalformedError:
        return
    supported, techniques = identify_features.sanitize(disk)
    security = identify_features.security(disk)
    if techniques:
        assert supported is Answer.YES
        assert data[510] == 0xA5
        assert sum(data) & 0xFF == 0
        assert disk.words[59] & 0x1000
    if security.supported is Answer.YES:
        assert disk.words[83] >> 14 == 1
        assert disk.words[82] & 2
        assert disk.words[128] & 1
    if security.enabled is Answer.YES:
        assert disk.words[128] & 2


@_COUNTED
@given(damaged(_LEVEL_0))
def test_discovery_without_its_marks_claims_nothing(data: bytes) -> None:
    try:
        found = opal.level_0(data)
    except MalformedError:
        return
    assert 48 < 4 + int.from_bytes(data[:4], "big") <= len(data)
    assert found.kind is not OpalKind.NONE
    if found.kind is OpalKind.PYRITE:
        assert found.encrypts is not Answer.YES


_REGISTERS = st.builds(
    Registers,
    status=st.integers(0, 255),
    error=st.integers(0, 255),
    device=st.integers(0, 255),
    count=st.integers(0, 255),
    lba=st.integers(0, 0xFFFFFF),
    count_high=st.none() | st.integers(0, 255),
    lba_high=st.none() | st.integers(0, 0xFFFFFF),
)


@given(_REGISTERS)
def test_a_sanitize_is_done_only_where_the_registers_say_exactly_that(registers: Registers) -> None:
    found = ata_sanitize.read_status(Done(value=AtaReply(registers=registers)))
    if found.state is ErasureState.DONE:
        assert registers.count_high is not None
        assert registers.count_high & 0xC0 == 0x80


@given(
    st.integers(0, 255),
    st.integers(0, 255),
    st.integers(0, 0xFFFF),
    st.integers(0, (1 << 48) - 1),
    st.integers(0, 255),
)
def test_registers_survive_the_way_through_sense(status: int, error: int, count: int, lba: int, device: int) -> None:
    raw = descriptor_sense(1, 0, 0x1D, ata_return(status=status, error=error, count=count, lba=lba, device=device))
    found = sense.parse(raw).registers
    assert found is not None
    assert (found.status, found.error, found.count16, found.lba48, found.device) == (status, error, count, lba, device)


@_COUNTED
@given(st.integers(0, 255), damaged(descriptor_sense(1, 0, 0x1D, ata_return())), st.binary(max_size=520))
def test_any_reply_is_an_outcome(status: int, raw: bytes, data: bytes) -> None:
    reply = ScsiReply(status=status, sense=raw, data=data)
    for command in (ata_sanitize.status(), ata.identify_device(), ata.erase_prepare()):
        outcome = sat.interpret(command, reply)
        assert isinstance(outcome, (Done, Refused, Unclear))
        if isinstance(outcome, Done) and command.tells:
            assert outcome.value.registers is not None
            assert not outcome.value.registers.failed
    assert isinstance(scsi.interpret(reply), (Done, Refused, Unclear))


class Chaos:
    """A drive that answers every request with something drawn."""

    def __init__(self, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        self._draw = draw
        self.asked = 0

    def scsi(self, request: ScsiRequest) -> ScsiReply:
        self.asked += 1
        shape = self._draw(st.integers(0, 7))
        if shape == 0:
            raise TransportError("lost", 5)
        if shape == 1:
            return ScsiReply(status=2, sense=self._draw(damaged(descriptor_sense(1, 0, 0x1D, ata_return()))))
        models = {0x12: inquiry_data(), 0x85: sector({59: 0xF000}), 0x9E: capacity_16(1000), 0xA2: _LEVEL_0}
        if request.cdb[0] == 0x12 and request.cdb[1] & 1:
            return ScsiReply(status=0, data=self._draw(damaged(vpd_page(request.cdb[2], b"\x00\x80\x89\xb1\xb4"))))
        model = models.get(request.cdb[0], b"\x00\x03\x00\x0a" + bytes(10))
        return ScsiReply(status=0, data=model if shape == 2 else self._draw(damaged(model)))

    def nvme(self, request: NvmeRequest) -> NvmeReply:
        self.asked += 1
        if self._draw(st.integers(0, 9)) == 0:
            return NvmeReply(status=self._draw(st.integers(0, 0x7FFF)))
        models = {0x01: controller(abilities=0x0B), 0x00: namespace(blocks=9), 0x81: sanitize_log(status=1)}
        model = models.get(request.cdw[0] & 0xFF, number_list(1, 2))
        return NvmeReply(status=0, data=self._draw(damaged(model)).ljust(request.length, b"\0")[: request.length])


def _sound(found: Capabilities, asked: int) -> None:
    assert found.commands == asked <= MOST_COMMANDS
    if found.command_set is CommandSet.NONE:
        assert found.firmware_erase == ()
        assert found.notes
    for technique in found.firmware_erase:
        prefix = {CommandSet.ATA: "ata-", CommandSet.SCSI: "scsi-", CommandSet.NVME: "nvme-"}[found.command_set]
        assert technique.value.startswith((prefix, "opal-"))
    assert set(found.sanitize.techniques) <= set(found.firmware_erase)


@_COUNTED
@given(data=st.data(), hint=st.sampled_from(list(Interface)))
def test_a_probe_of_anything_ends_and_is_sound(data: st.DataObject, hint: Interface) -> None:
    drive = Chaos(data.draw)
    _sound(probe(drive, hint), drive.asked)


@pytest.mark.soak
@_LONG
@given(data=st.data(), hint=st.sampled_from(list(Interface)))
def test_a_probe_of_anything_for_hours(data: st.DataObject, hint: Interface) -> None:
    drive = Chaos(data.draw)
    found = probe(drive, hint)
    assume(found.commands)
    _sound(found, drive.asked)
