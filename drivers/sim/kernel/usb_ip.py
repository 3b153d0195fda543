"""The stream between a host's vhci-hcd and a USB device (usbip): requests (URBs) in, results out; big-endian.

Source: Documentation/usb/usbip_protocol.rst of the Linux kernel. The stream begins behind the import handshake: the
guest hands the connected socket to vhci-hcd itself.
"""

from __future__ import annotations

import errno
import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeAlias

HEADER_SIZE = 48
MAX_TRANSFER = 16 * 1024 * 1024
"""Bytes of one request; usb-storage asks for much less."""
_BASE = struct.Struct(">5I")
_SUBMIT = struct.Struct(">5i8s")
_RETURN = struct.Struct(">5I5i8x")
_UNLINKED = struct.Struct(">5Ii24x")
_RET_SUBMIT, _RET_UNLINK = 3, 4


class Command(IntEnum):
    """What a header asks for."""

    SUBMIT = 1
    UNLINK = 2


class UsbIpError(Exception):
    """Bytes that are no request of this protocol."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Urb:
    """A transfer asked for. `endpoint` is a number without its direction, `setup` eight bytes for endpoint 0."""

    number: int
    endpoint: int
    to_host: bool
    length: int
    setup: bytes
    data: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlink:
    """A transfer is wanted no more. `number` is this request's own, `victim` the transfer's."""

    number: int
    victim: int


Request: TypeAlias = Urb | Unlink


def parse(header: bytes) -> Request:
    """Read `HEADER_SIZE` bytes; `length` bytes of an `Urb` that is not `to_host` follow. Raises `UsbIpError`."""
    command, number, _device, direction, endpoint = _BASE.unpack_from(header)
    match command:
        case Command.SUBMIT:
            _flags, length, _start, _packets, _interval, setup = _SUBMIT.unpack_from(header, _BASE.size)
            if not 0 <= length <= MAX_TRANSFER or endpoint > 15 or direction > 1:
                raise UsbIpError(f"a transfer that cannot be: {header.hex()}")
            return Urb(number=number, endpoint=endpoint, to_host=direction == 1, length=length, setup=setup)
        case Command.UNLINK:
            (victim,) = struct.unpack_from(">I", header, _BASE.size)
            return Unlink(number=number, victim=victim)
        case _:
            raise UsbIpError(f"no request: {header.hex()}")


def done(urb: Urb, data: bytes = b"") -> bytes:
    """The result of a transfer that went well, with the data that goes to the host."""
    moved = len(data) if urb.to_host else urb.length
    return _RETURN.pack(_RET_SUBMIT, urb.number, 0, 0, 0, 0, moved, 0, 0, 0) + data


def stalled(urb: Urb) -> bytes:
    """The result of a transfer on a halted endpoint, or of a control request that the device does not know."""
    return _RETURN.pack(_RET_SUBMIT, urb.number, 0, 0, 0, -errno.EPIPE, 0, 0, 0, 0)


def unlinked(unlink: Unlink, *, was_pending: bool) -> bytes:
    """The answer to an unlink. A transfer that was pending gets no other; one that was not has its result already."""
    return _UNLINKED.pack(_RET_UNLINK, unlink.number, 0, 0, 0, -errno.ECONNRESET if was_pending else 0)
