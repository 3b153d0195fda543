"""NVMe admin commands to real devices: the NVME_IOCTL_ADMIN_CMD ioctl of Linux, on an open namespace or controller.

Layout: struct nvme_passthru_cmd of linux/nvme_ioctl.h, 72 bytes everywhere.
"""

from __future__ import annotations

import ctypes
import fcntl
import os

from drivers.commands.sgio import milliseconds
from drivers.commands.transport import NvmeReply, NvmeRequest, ScsiReply, ScsiRequest, TransportError

NVME_IOCTL_ADMIN_CMD = 0xC0484E41


class NvmePassthrough(ctypes.Structure):
    """struct nvme_passthru_cmd."""

    _fields_ = (
        ("opcode", ctypes.c_uint8),
        ("flags", ctypes.c_uint8),
        ("rsvd1", ctypes.c_uint16),
        ("nsid", ctypes.c_uint32),
        ("cdw2", ctypes.c_uint32),
        ("cdw3", ctypes.c_uint32),
        ("metadata", ctypes.c_uint64),
        ("addr", ctypes.c_uint64),
        ("metadata_len", ctypes.c_uint32),
        ("data_len", ctypes.c_uint32),
        ("cdw10", ctypes.c_uint32),
        ("cdw11", ctypes.c_uint32),
        ("cdw12", ctypes.c_uint32),
        ("cdw13", ctypes.c_uint32),
        ("cdw14", ctypes.c_uint32),
        ("cdw15", ctypes.c_uint32),
        ("timeout_ms", ctypes.c_uint32),
        ("result", ctypes.c_uint32),
    )


class NvmeTransport:
    """Admin commands to the controller behind an open descriptor, which stays the caller's."""

    def __init__(self, fd: int) -> None:
        self._fd = fd

    def scsi(self, request: ScsiRequest) -> ScsiReply:
        """See `Transport.scsi`: this way is for NVMe."""
        raise TransportError(f"SCSI command {request.cdb[0]:02X}h cannot go through NVME_IOCTL_ADMIN_CMD")

    def nvme(self, request: NvmeRequest) -> NvmeReply:
        """See `Transport.nvme`. The kernel gives no count of bytes received: it is all that was asked for."""
        size = len(request.data) or request.length
        data = ctypes.create_string_buffer(max(1, size))
        ctypes.memmove(data, request.data, len(request.data))
        command = NvmePassthrough(
            opcode=request.opcode,
            nsid=request.nsid,
            addr=ctypes.addressof(data) if size else 0,
            data_len=size,
            timeout_ms=milliseconds(request.timeout),
        )
        for number, value in enumerate(request.cdw, start=10):
            setattr(command, f"cdw{number}", value)
        try:
            status = fcntl.ioctl(self._fd, NVME_IOCTL_ADMIN_CMD, command, True)  # noqa: FBT003 - positional only
        except OSError as error:
            code = error.errno or 0
            raise TransportError(f"NVME_IOCTL_ADMIN_CMD: {os.strerror(code)}", code) from error
        received = b"" if request.data or status else data.raw[: request.length]
        return NvmeReply(status=status, result=command.result, data=received)
