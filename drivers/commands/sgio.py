"""SCSI commands to real devices: the SG_IO ioctl of Linux, on an open block device or /dev/sg node.

Layout: struct sg_io_hdr of scsi/sg.h, version 3 of the interface, 88 bytes where pointers have eight.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
from typing import NoReturn

from drivers.commands.transport import Direction, NvmeReply, NvmeRequest, ScsiReply, ScsiRequest, TransportError

SG_IO = 0x2285
SENSE_LENGTH = 252
_DIRECTIONS = {Direction.NONE: -1, Direction.OUT: -2, Direction.IN: -3}
_LONGEST = 0xFFFFFFFF


class SgIoHeader(ctypes.Structure):
    """struct sg_io_hdr. Times are milliseconds."""

    _fields_ = (
        ("interface_id", ctypes.c_int),
        ("dxfer_direction", ctypes.c_int),
        ("cmd_len", ctypes.c_ubyte),
        ("mx_sb_len", ctypes.c_ubyte),
        ("iovec_count", ctypes.c_ushort),
        ("dxfer_len", ctypes.c_uint),
        ("dxferp", ctypes.c_void_p),
        ("cmdp", ctypes.c_void_p),
        ("sbp", ctypes.c_void_p),
        ("timeout", ctypes.c_uint),
        ("flags", ctypes.c_uint),
        ("pack_id", ctypes.c_int),
        ("usr_ptr", ctypes.c_void_p),
        ("status", ctypes.c_ubyte),
        ("masked_status", ctypes.c_ubyte),
        ("msg_status", ctypes.c_ubyte),
        ("sb_len_wr", ctypes.c_ubyte),
        ("host_status", ctypes.c_ushort),
        ("driver_status", ctypes.c_ushort),
        ("resid", ctypes.c_int),
        ("duration", ctypes.c_uint),
        ("info", ctypes.c_uint),
    )


def milliseconds(timeout: float) -> int:
    """Seconds as the kernel wants them. Raises `ValueError` for none: the kernel would take its own default."""
    if timeout <= 0:
        raise ValueError(f"a timeout of {timeout} s")
    return min(max(1, round(timeout * 1000)), _LONGEST)


class SgTransport:
    """Commands to the device behind an open descriptor, which stays the caller's."""

    def __init__(self, fd: int) -> None:
        self._fd = fd

    def scsi(self, request: ScsiRequest) -> ScsiReply:
        """See `Transport.scsi`."""
        outgoing = request.direction is Direction.OUT
        size = len(request.data) if outgoing else request.length
        command = ctypes.create_string_buffer(request.cdb, len(request.cdb))
        sense = ctypes.create_string_buffer(SENSE_LENGTH)
        data = ctypes.create_string_buffer(max(1, size))
        if outgoing:
            ctypes.memmove(data, request.data, size)
        header = SgIoHeader(
            interface_id=ord("S"),
            dxfer_direction=_DIRECTIONS[request.direction],
            cmd_len=len(request.cdb),
            mx_sb_len=SENSE_LENGTH,
            dxfer_len=0 if request.direction is Direction.NONE else size,
            dxferp=ctypes.addressof(data),
            cmdp=ctypes.addressof(command),
            sbp=ctypes.addressof(sense),
            timeout=milliseconds(request.timeout),
        )
        try:
            fcntl.ioctl(self._fd, SG_IO, header, True)  # noqa: FBT003 - positional only
        except OSError as error:
            code = error.errno or 0
            raise TransportError(f"SG_IO: {os.strerror(code)}", code) from error
        received = max(0, size - max(0, header.resid)) if request.direction is Direction.IN else 0
        return ScsiReply(
            status=header.status,
            sense=sense.raw[: header.sb_len_wr],
            data=data.raw[:received],
            host_status=header.host_status,
            driver_status=header.driver_status,
        )

    def nvme(self, request: NvmeRequest) -> NvmeReply:
        """See `Transport.nvme`: this way is for SCSI."""
        _wrong_way(request)


def _wrong_way(request: NvmeRequest) -> NoReturn:
    raise TransportError(f"NVMe admin command {request.opcode:02X}h cannot go through SG_IO")
