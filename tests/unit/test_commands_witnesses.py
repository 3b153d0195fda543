"""hdparm and sg3_utils as independent readers of the same bytes. They are witnesses here, no part of the product."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from bench.capabilities import Answer
from drivers.commands import identify, identify_features, scsi, sense
from drivers.commands.scsi import SanitizeAction
from support.identify import identify as sector
from support.scripted import ata_return, descriptor_sense, fixed_sense

needs_hdparm = pytest.mark.skipif(not shutil.which("hdparm"), reason="needs hdparm")
needs_sg3_utils = pytest.mark.skipif(not shutil.which("sg_decode_sense"), reason="needs sg3-utils")


def said(*command: str, given: str = "") -> str:
    return subprocess.run(command, input=given, capture_output=True, text=True, check=True).stdout


def hdparm(data: bytes) -> str:
    words = " ".join(f"{int.from_bytes(data[place : place + 2], 'little'):04x}" for place in range(0, 512, 2))
    return " ".join(said("hdparm", "--Istdin", given=words).split())


@needs_hdparm
@pytest.mark.parametrize("state", [0x21, 0x29, 0x25 | 2, 0x31, 0x01])
def test_hdparm_reads_the_same_security(state: int) -> None:
    data = sector({85: 0x7469 | state & 2, 128: state})
    found = identify_features.security(identify.parse(data))
    text = hdparm(data)
    for name, answer in (("enabled", found.enabled), ("locked", found.locked), ("frozen", found.frozen)):
        assert (f"not {name}" not in text) is (answer is Answer.YES)
    assert ("not supported: enhanced erase" not in text) is (found.enhanced is Answer.YES)
    assert f"{found.erase_minutes}min for SECURITY ERASE UNIT" in text


@needs_hdparm
@pytest.mark.parametrize("word", [0x0000, 0x3000, 0x5000, 0x9000, 0xF000])
def test_hdparm_reads_the_same_sanitize(word: int) -> None:
    data = sector({59: word})
    _, techniques = identify_features.sanitize(identify.parse(data))
    text = hdparm(data)
    names = {"crypto": "CRYPTO_SCRAMBLE_EXT", "block": "BLOCK_ERASE_EXT", "overwrite": "OVERWRITE_EXT"}
    for kind, name in names.items():
        assert (f"{name} command" in text) is any(technique.value.endswith(kind) for technique in techniques)


@needs_hdparm
def test_hdparm_reads_the_same_identity_and_size() -> None:
    data = sector(sectors=3_907_029_168)
    disk, text = identify.parse(data), hdparm(data)
    assert f"Model Number: {disk.model}" in text
    assert f"Serial Number: {disk.serial}" in text
    assert f"LBA48 user addressable sectors: {disk.sectors}" in text
    assert "Checksum: correct" in text


@needs_sg3_utils
@pytest.mark.parametrize(("count", "lba"), [(0x8000, 0xFFFF), (0x4012, 0x112233445566)])
def test_sg3_utils_reads_the_same_registers(count: int, lba: int) -> None:
    raw = descriptor_sense(1, 0, 0x1D, ata_return(count=count, lba=lba))
    registers = sense.parse(raw).registers
    assert registers is not None
    text = said("sg_decode_sense", *(f"{byte:02x}" for byte in raw))
    assert f"count=0x{registers.count16:x} lba=0x{registers.lba48:012x}" in text
    assert f"status=0x{registers.status:x}" in text


@needs_sg3_utils
def test_sg3_utils_reads_the_same_squeezed_registers() -> None:
    raw = fixed_sense(1, 0, 0x1D, b0=0xF0, b3=0x04, b4=0x51, b5=0x40, b6=0x12, b8=0xE0, b9=1, b10=2, b11=3)
    registers = sense.parse(raw).registers
    assert registers is not None
    text = said("sg_decode_sense", *(f"{byte:02x}" for byte in raw))
    assert f"error=0x{registers.error:x}, status=0x{registers.status:x}" in text
    assert f"count(7:0)=0x{registers.count:x}" in text


@needs_sg3_utils
@pytest.mark.parametrize(
    ("cdb", "name"),
    [
        (scsi.sanitize(SanitizeAction.BLOCK_ERASE).cdb, "Sanitize, block erase"),
        (scsi.sanitize(SanitizeAction.CRYPTO_ERASE).cdb, "Sanitize, cryptographic erase"),
        (scsi.sanitize_overwrite(b"\0").cdb, "Sanitize, overwrite"),
        (scsi.format_unit(timeout=1).cdb, "Format unit"),
        (scsi.read_capacity_16().cdb, "Read capacity(16)"),
        (scsi.element_status().cdb, "Get physical element status"),
        (scsi.report_operation_code(0x48, 1).cdb, "Report supported operation codes"),
        (scsi.mode_select_blocks(512).cdb, "Mode select(10)"),
        (scsi.security_protocol_in(1, 1).cdb, "Security protocol in"),
    ],
)
def test_sg3_utils_names_the_same_commands(cdb: bytes, name: str) -> None:
    assert said("sg_decode_sense", "--cdb", *(f"{byte:02x}" for byte in cdb)).strip().lower() == name.lower()
