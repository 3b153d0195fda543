"""What every `Transport` promises: virtual drives, and a real one where TABLERASE_REAL_DRIVE names its node.

Only commands that change nothing are sent.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TypeAlias

import pytest

from drivers.commands import ata, nvme, sat, scsi, scsi_replies
from drivers.commands.nvme import Structure
from drivers.commands.nvme_ioctl import NvmeTransport
from drivers.commands.outcome import Done, Refused, Why, read
from drivers.commands.sgio import SgTransport
from drivers.commands.transport import ScsiRequest, Transport, TransportError
from drivers.sim.commands.spec import CommandSpec, Personality
from drivers.sim.transport import SimTransport
from support.virtual_drives import virtual_drive

Opened: TypeAlias = AbstractContextManager[Transport]
Opener: TypeAlias = Callable[[Path], Opened]


def simulated(personality: Personality) -> Opener:
    @contextmanager
    def opened(where: Path) -> Iterator[Transport]:
        with virtual_drive(where / "drive", commands=CommandSpec(personality=personality)) as drive:
            transport = SimTransport.connect(drive)
            try:
                yield transport
            finally:
                transport.close()

    return opened


def real(node: str) -> Opener:
    @contextmanager
    def opened(_: Path) -> Iterator[Transport]:
        fd = os.open(node, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        try:
            yield NvmeTransport(fd) if "nvme" in node else SgTransport(fd)
        finally:
            os.close(fd)

    return opened


SCSI: dict[str, Opener] = {
    item.value: simulated(item) for item in (Personality.ATA_DISK, Personality.ATA_SSD, Personality.SAS_DISK)
}
NVME: dict[str, Opener] = {Personality.NVME.value: simulated(Personality.NVME)}
if REAL := os.environ.get("TABLERASE_REAL_DRIVE"):
    (NVME if "nvme" in REAL else SCSI)[REAL] = real(REAL)


@pytest.fixture(params=sorted(SCSI))
def scsi_drive(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Transport]:
    with SCSI[request.param](tmp_path) as transport:
        yield transport


@pytest.fixture(params=sorted(NVME))
def nvme_drive(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Transport]:
    with NVME[request.param](tmp_path) as transport:
        yield transport


def test_scsi_data_come_without_the_residual(scsi_drive: Transport) -> None:
    reply = scsi_drive.scsi(scsi.inquiry(length=96))
    assert (reply.status, reply.host_status, reply.driver_status) == (0, 0, 0)
    assert 36 <= len(reply.data) <= 96
    assert len(scsi_drive.scsi(scsi.inquiry(length=36)).data) == 36
    page = scsi_drive.scsi(scsi.vpd(0x00, 252)).data
    assert len(page) == 4 + int.from_bytes(page[2:4], "big")


def test_a_scsi_refusal_is_a_reply_with_sense(scsi_drive: Transport) -> None:
    outcome = scsi.ask(scsi_drive, ScsiRequest(cdb=b"\xff" + bytes(9)))
    assert isinstance(outcome, Refused)
    assert outcome.why is Why.UNSUPPORTED


def test_scsi_drives_say_what_they_are(scsi_drive: Transport) -> None:
    assert isinstance(read(scsi.ask(scsi_drive, scsi.inquiry()), scsi_replies.inquiry), Done)
    assert isinstance(read(scsi.ask(scsi_drive, scsi.read_capacity_16()), scsi_replies.capacity), Done)
    identified = sat.ask(scsi_drive, ata.identify_device())
    assert isinstance(identified, (Done, Refused))


def test_registers_come_back_where_they_are_asked_for(tmp_path: Path) -> None:
    with SCSI[Personality.ATA_DISK.value](tmp_path) as transport:
        outcome = sat.ask(transport, ata.check_power_mode())
    assert isinstance(outcome, Done)
    assert outcome.value.registers is not None
    assert outcome.value.registers.count == 0xFF


def test_the_other_kind_of_command_is_a_transport_error(scsi_drive: Transport) -> None:
    with pytest.raises(TransportError):
        scsi_drive.nvme(nvme.sanitize_log())


def test_nvme_data_have_the_length_asked_for(nvme_drive: Transport) -> None:
    reply = nvme_drive.nvme(nvme.identify(Structure.CONTROLLER))
    assert (reply.status, len(reply.data)) == (0, 4096)
    assert len(nvme_drive.nvme(nvme.smart_log()).data) == 512


def test_an_nvme_refusal_is_a_status(nvme_drive: Transport) -> None:
    unknown = nvme.get_log(0xBF, 512)
    assert nvme_drive.nvme(unknown).status & 0x7FF in {0x002, 0x109}
    outcome = nvme.send(nvme_drive, unknown)
    assert isinstance(outcome, Refused)
    assert outcome.why in {Why.UNSUPPORTED, Why.INVALID}


def test_scsi_to_an_nvme_drive_is_a_transport_error(nvme_drive: Transport) -> None:
    with pytest.raises(TransportError):
        nvme_drive.scsi(scsi.inquiry())


def test_a_drive_that_passes_no_commands_is_a_transport_error(tmp_path: Path) -> None:
    with simulated(Personality.NONE)(tmp_path) as transport, pytest.raises(TransportError) as error:
        transport.scsi(scsi.inquiry())
    assert error.value.errno == errno.EOPNOTSUPP
