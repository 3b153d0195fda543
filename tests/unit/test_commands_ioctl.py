"""The two ioctls: their structures as the kernel's headers lay them out, and what real descriptors answer."""

from __future__ import annotations

import ctypes
import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.commands import nvme, scsi
from drivers.commands.nvme_ioctl import NVME_IOCTL_ADMIN_CMD, NvmePassthrough, NvmeTransport
from drivers.commands.sgio import SG_IO, SgIoHeader, SgTransport, milliseconds
from drivers.commands.transport import TransportError
from support.loops import loop_device

# Sizes and offsets that a C compiler gives for scsi/sg.h and linux/nvme_ioctl.h on x86-64 and aarch64.
SG_FIELDS = {"dxferp": 16, "sbp": 32, "timeout": 40, "usr_ptr": 56, "status": 64, "host_status": 68, "resid": 72}
NVME_FIELDS = {"nsid": 4, "addr": 24, "data_len": 36, "cdw10": 40, "cdw15": 60, "timeout_ms": 64, "result": 68}


@pytest.mark.skipif(ctypes.sizeof(ctypes.c_void_p) != 8, reason="the layout of pointers with four bytes differs")
def test_sg_io_has_the_kernels_layout() -> None:
    assert ctypes.sizeof(SgIoHeader) == 88
    assert {name: getattr(SgIoHeader, name).offset for name in SG_FIELDS} == SG_FIELDS
    assert SG_IO == 0x2285


def test_nvme_passthrough_has_the_kernels_layout() -> None:
    assert ctypes.sizeof(NvmePassthrough) == 72
    assert {name: getattr(NvmePassthrough, name).offset for name in NVME_FIELDS} == NVME_FIELDS
    # The number is _IOWR('N', 0x41, struct nvme_passthru_cmd): the size is a part of it.
    number = 3 << 30 | ctypes.sizeof(NvmePassthrough) << 16 | ord("N") << 8 | 0x41
    assert number == NVME_IOCTL_ADMIN_CMD


def test_time_outs_are_milliseconds_and_never_none() -> None:
    assert milliseconds(24 * 3600) == 86_400_000
    assert milliseconds(0.0001) == 1
    assert milliseconds(1e9) == 0xFFFFFFFF
    for wrong in (0, -1):
        with pytest.raises(ValueError, match="timeout"):
            milliseconds(wrong)


@pytest.fixture
def null() -> Iterator[int]:
    fd = os.open("/dev/null", os.O_RDWR)
    try:
        yield fd
    finally:
        os.close(fd)


def test_what_is_no_drive_refuses_both(null: int) -> None:
    with pytest.raises(TransportError, match="SG_IO") as scsi_error:
        SgTransport(null).scsi(scsi.inquiry())
    assert scsi_error.value.errno == errno.ENOTTY
    with pytest.raises(TransportError, match="ADMIN") as nvme_error:
        NvmeTransport(null).nvme(nvme.sanitize_log())
    assert nvme_error.value.errno == errno.ENOTTY


def test_each_way_takes_its_own_kind_only(null: int) -> None:
    with pytest.raises(TransportError, match="SG_IO"):
        SgTransport(null).nvme(nvme.sanitize_log())
    with pytest.raises(TransportError, match="12h"):
        NvmeTransport(null).scsi(scsi.inquiry())


def test_a_closed_descriptor_is_a_transport_error(null: int) -> None:
    closed = os.dup(null)
    os.close(closed)
    for attempt in (
        lambda: SgTransport(closed).scsi(scsi.inquiry()),
        lambda: NvmeTransport(closed).nvme(nvme.smart_log()),
    ):
        with pytest.raises(TransportError) as error:
            attempt()
        assert error.value.errno == errno.EBADF


@pytest.mark.root
def test_a_loop_device_takes_no_commands(tmp_path: Path) -> None:
    with loop_device(tmp_path / "disk", 1024 * 1024) as node:
        fd = os.open(node, os.O_RDWR)
        try:
            with pytest.raises(TransportError) as error:
                SgTransport(fd).scsi(scsi.sanitize_overwrite(b"\0"))
            assert error.value.errno in {errno.ENOTTY, errno.EINVAL}
            with pytest.raises(TransportError) as error:
                NvmeTransport(fd).nvme(nvme.security_send(1, 1, bytes(512)))
            assert error.value.errno in {errno.ENOTTY, errno.EINVAL}
        finally:
            os.close(fd)
