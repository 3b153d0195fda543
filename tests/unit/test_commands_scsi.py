"""SCSI commands byte for byte, and what disks answer to them."""

from __future__ import annotations

import pytest

from drivers.commands import opal, scsi, scsi_replies
from drivers.commands.fields import MalformedError
from drivers.commands.scsi import SanitizeAction
from drivers.commands.scsi_replies import BlockDescriptor, Capacity, Support
from drivers.commands.transport import ScsiRequest
from support.scripted import capacity_16, inquiry_data, vpd_page


@pytest.mark.parametrize(
    ("request_", "cdb", "data"),
    [
        (scsi.test_unit_ready(), "000000000000", ""),
        (scsi.request_sense(), "03010000fc00", ""),
        (scsi.inquiry(), "120000006000", ""),
        (scsi.vpd(0xB1), "1201b100fc00", ""),
        (scsi.read_capacity_16(), "9e100000000000000000000000200000", ""),
        (scsi.mode_sense_10(), "5a103f0000000000fc00", ""),
        (scsi.mode_select_blocks(512), "55110000000000001000", "0000000000000008ffffffff00000200"),
        (scsi.mode_select_blocks(4096, save=False), "55100000000000001000", "0000000000000008ffffffff00001000"),
        (scsi.format_unit(timeout=9), "041000000000", "00020000"),
        (scsi.format_unit(timeout=9, immediate=False), "041000000000", "00000000"),
        (scsi.format_unit(timeout=9, protection=1), "049000000000", "00020000"),
        (scsi.format_unit(timeout=9, protection=3), "04d000000000", "01020000"),
        (scsi.sanitize(SanitizeAction.BLOCK_ERASE), "48820000000000000000", ""),
        (scsi.sanitize(SanitizeAction.CRYPTO_ERASE, immediate=False), "48030000000000000000", ""),
        (scsi.sanitize(SanitizeAction.EXIT_FAILURE_MODE), "489f0000000000000000", ""),
        (scsi.sanitize(SanitizeAction.BLOCK_ERASE, unrestricted_exit=True), "48a20000000000000000", ""),
        (scsi.sanitize_overwrite(b"\xaa\x55", passes=3, invert=True), "48810000000000000600", "83000002aa55"),
        (scsi.report_operation_code(0x04), "a30c0104000000000040 0000".replace(" ", ""), ""),
        (scsi.report_operation_code(0x48, 3), "a30c02480003000000400000", ""),
        (scsi.security_protocol_in(1, 1, 2048), "a20100010000000008000000", ""),
        (scsi.security_protocol_out(1, 0x07FE, b"xy"), "b50107fe0000000000020000", "7879"),
        (scsi.synchronize_cache(), "35000000000000000000", ""),
        (scsi.element_status(), "9e170000000000000000000010000000", ""),
    ],
)
def test_the_bytes_of_commands(request_: ScsiRequest, cdb: str, data: str) -> None:
    assert (request_.cdb.hex(), request_.data.hex()) == (cdb, data)


def test_sanitize_has_limits() -> None:
    for passes in (0, 32):
        with pytest.raises(ValueError, match="passes"):
            scsi.sanitize_overwrite(b"\0", passes=passes)
    with pytest.raises(ValueError, match="pattern"):
        scsi.sanitize_overwrite(b"")
    with pytest.raises(ValueError, match="parameter list"):
        scsi.sanitize(SanitizeAction.OVERWRITE)
    with pytest.raises(ValueError, match="protection"):
        scsi.format_unit(timeout=1, protection=4)


def test_inquiry() -> None:
    found = scsi_replies.inquiry(inquiry_data(vendor="SEAGATE", product="ST600MM0006"))
    assert (found.vendor, found.product, found.revision, found.is_disk) == ("SEAGATE", "ST600MM0006", "1.0", True)
    assert not scsi_replies.inquiry(inquiry_data(kind=0x05)).is_disk
    assert not scsi_replies.inquiry(inquiry_data(kind=0x20)).is_disk  # nothing connected
    assert scsi_replies.inquiry(inquiry_data(kind=0x14)).is_disk
    for wrong in (b"", inquiry_data()[:35], bytes(96)):
        with pytest.raises(MalformedError):
            scsi_replies.inquiry(wrong)


def test_pages_must_be_the_ones_asked_for_and_whole() -> None:
    assert scsi_replies.vpd_pages(vpd_page(0, b"\x00\x80\x83")) == {0x00, 0x80, 0x83}
    assert scsi_replies.unit_serial(vpd_page(0x80, b"  ABC ")) == "ABC"
    for wrong in (vpd_page(0x83, b"\x00"), vpd_page(0, b"\x00\x80\x83")[:-1], vpd_page(0, b"\x80\x00"), bytes(4)):
        with pytest.raises(MalformedError):
            scsi_replies.vpd_pages(wrong)
    with pytest.raises(MalformedError):
        scsi_replies.unit_serial(inquiry_data())  # a device that ignores EVPD


def test_designators_are_the_units_own() -> None:
    unit = b"\x01\x03\x00\x08" + bytes.fromhex("5000c50012345678")
    port = b"\x61\x93\x00\x08" + bytes.fromhex("5000c50012345679")
    text = b"\x02\x01\x00\x04ABCD"
    assert scsi_replies.designators(vpd_page(0x83, text + unit + port)) == ("naa.5000c50012345678",)
    with pytest.raises(MalformedError):
        scsi_replies.designators(vpd_page(0x83, unit[:-1]))


@pytest.mark.parametrize(
    ("body", "rotation", "zoned"),
    [
        ("1c20000000", 7200, None),
        ("0001000000", 0, None),
        ("0000000000", None, None),
        ("0400000000", None, None),
        ("1c20000010", 7200, "host-aware"),
        ("1c20000020", 7200, "device-managed"),
    ],
)
def test_characteristics(body: str, rotation: int | None, zoned: str | None) -> None:
    found = scsi_replies.characteristics(vpd_page(0xB1, bytes.fromhex(body)))
    assert (found.rotation, found.zoned) == (rotation, zoned)


def test_block_lengths() -> None:
    body = bytes.fromhex("0000020000000000" + "0000020800000000" + "0000100000000000")
    assert scsi_replies.block_lengths(vpd_page(0xB4, body)) == ((512, False), (520, False), (4096, False))
    assert scsi_replies.block_lengths(vpd_page(0xB4, bytes.fromhex("0000020000020000"))) == ((512, True),)
    for wrong in (body[:-1], bytes(8)):
        with pytest.raises(MalformedError):
            scsi_replies.block_lengths(vpd_page(0xB4, wrong))


def test_capacity() -> None:
    assert scsi_replies.capacity(capacity_16(1000, 520)) == Capacity(blocks=1000, block=520, protection=False)
    assert scsi_replies.capacity(bytes(32)).size == 0  # some disks while a sanitize runs
    protected = capacity_16(1000)[:12] + b"\x01" + bytes(19)
    assert scsi_replies.capacity(protected).protection
    for wrong in (capacity_16(1000)[:12], b"\xff" * 32, capacity_16(1000, 100), capacity_16(1000, 513)):
        with pytest.raises(MalformedError):
            scsi_replies.capacity(wrong)


def test_block_descriptors() -> None:
    short = bytes.fromhex("0000000000000008" + "000f4240" + "00" + "000208")
    assert scsi_replies.block_descriptor(short) == BlockDescriptor(blocks=1_000_000, block=520)
    long = bytes.fromhex("0000000001000010" + "0000000100000000" + "00000000" + "00000200")
    assert scsi_replies.block_descriptor(long) == BlockDescriptor(blocks=1 << 32, block=512)
    full = bytes.fromhex("0000000000000008" + "ffffffff" + "00" + "000200")
    assert scsi_replies.block_descriptor(full) == BlockDescriptor(blocks=None, block=512)
    assert scsi_replies.block_descriptor(bytes(8)) is None
    for wrong in (short[:-1], bytes.fromhex("0000000001000008") + bytes(8), short[:-3] + bytes(3), bytes(7)):
        with pytest.raises(MalformedError):
            scsi_replies.block_descriptor(wrong)


def test_operation_support() -> None:
    usage = bytes(10)
    assert scsi_replies.operation_support(b"\x00\x03\x00\x0a" + usage) is Support.STANDARD
    assert scsi_replies.operation_support(b"\x00\x05\x00\x0a" + usage) is Support.VENDOR
    assert scsi_replies.operation_support(b"\x00\x01\x00\x00") is Support.NO
    assert scsi_replies.operation_support(bytes(4)) is Support.UNAVAILABLE
    for wrong in (b"\x00\x03\x00\x0a", b"\x00\x03\x00\x00", b"\x00\x02\x00\x00", b"\x00\x07\x00\x00", b"\x00"):
        with pytest.raises(MalformedError):
            scsi_replies.operation_support(wrong)


def elements(*health: int, order: str = "big", total: int | None = None) -> bytes:
    count = len(health)
    numbers = (total if total is not None else count, count)
    head = b"".join(number.to_bytes(4, "big" if order == "big" else "little") for number in numbers)
    return head.ljust(32, b"\0") + b"".join(bytes(15) + bytes((value,)) + bytes(16) for value in health)


def test_depopulated_elements() -> None:
    assert not scsi_replies.depopulated(scsi_replies.elements(elements(0, 0x64, 0xCF), "big"))
    for out in (0xFB, 0xFC, 0xFD, 0xFE, 0xFF):
        assert scsi_replies.depopulated(scsi_replies.elements(elements(0, out, order="little"), "little"))
    for wrong in (elements(), elements(1, 2)[:-1], elements(1, total=9), bytes(31)):
        with pytest.raises(MalformedError):
            scsi_replies.elements(wrong, "big")


def test_level_0_is_asked_by_its_protocol() -> None:
    request = scsi.security_protocol_in(opal.PROTOCOL, opal.COMID, opal.LENGTH)
    assert (request.cdb[1], request.cdb[2:4], request.length) == (1, b"\x00\x01", 2048)
