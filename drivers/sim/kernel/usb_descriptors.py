"""What a USB-SATA dock says of itself, and its answers to control requests.

Sources: USB 2.0 chapter 9 (standard requests and descriptors), Bulk-Only Transport 1.0 chapters 3 and 4 (class
requests and the interface). The two kinds have the ids and names of docks that are sold; their serials are made up, the
same for every dock of a kind, as those of many docks are.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from drivers.commands.transport import Direction
from drivers.sim.kernel.usb_bulk_only import PACKET, BulkOnly

_SETUP = struct.Struct("<BBHHH")
_DEVICE, _CONFIGURATION, _STRING, _QUALIFIER = 1, 2, 3, 6
_ENDPOINTS = {0x81: Direction.IN, 0x02: Direction.OUT}
_SELF_POWERED = b"\x01\x00"


@dataclass(frozen=True, slots=True, kw_only=True)
class DockKind:
    """A product: idVendor, idProduct, bcdDevice, and its three strings."""

    vendor: int
    product: int
    release: int
    maker: str
    name: str
    serial: str


SINGLE = DockKind(
    vendor=0x174C, product=0x55AA, release=0x0100, maker="ASMedia", name="ASM1153E", serial="123456789012"
)
DUAL = DockKind(
    vendor=0x152D, product=0x1561, release=0x0106, maker="JMicron", name="Dual Bay SATA Dock", serial="DB9876543211160"
)


class ControlPipe:
    """Endpoint 0 of a dock with so many logical units."""

    def __init__(self, kind: DockKind, bulk: BulkOnly, luns: int) -> None:
        self._kind = kind
        self._bulk = bulk
        self._luns = luns
        self._configuration = 0

    def request(self, setup: bytes) -> bytes | None:
        """The data for the host (for requests without any, empty); None for a stall. `setup` is eight bytes."""
        what, request, value, index, length = _SETUP.unpack(setup)
        match what, request:
            case 0x80, 6:
                found = self._descriptor(value >> 8, value & 0xFF)
                return None if found is None else found[:length]
            case 0x80, 8:
                return bytes([self._configuration])
            case 0x00, 9 if value <= 1:
                self._configuration = value
                self._bulk.configure()
                return b""
            case (0x80, 0) | (0x81, 0):
                return _SELF_POWERED if what == 0x80 else bytes(2)
            case (0x82, 0) if index in _ENDPOINTS:
                return bytes([self._bulk.is_halted(_ENDPOINTS[index]), 0])
            case (0x02, 1) if index in _ENDPOINTS and value == 0:
                self._bulk.clear_halt(_ENDPOINTS[index])
                return b""
            case 0x81, 10:
                return b"\0"
            case (0x01, 11) if value == 0:
                return b""
            case 0xA1, 0xFE:
                return bytes([self._luns - 1])
            case 0x21, 0xFF:
                self._bulk.reset()
                return b""
            case _:
                return None

    def _descriptor(self, kind: int, number: int) -> bytes | None:
        match kind:
            case _ if kind == _DEVICE:
                dock = self._kind
                ids = struct.pack("<HHH", dock.vendor, dock.product, dock.release)
                return struct.pack("<BBHBBBB", 18, _DEVICE, 0x0200, 0, 0, 0, 64) + ids + bytes([1, 2, 3, 1])
            case _ if kind == _QUALIFIER:
                return struct.pack("<BBHBBBBBB", 10, _QUALIFIER, 0x0200, 0, 0, 0, 64, 1, 0)
            case _ if kind == _CONFIGURATION and number == 0:
                return _configuration()
            case _ if kind == _STRING:
                return self._string(number)
            case _:
                return None

    def _string(self, number: int) -> bytes | None:
        if number == 0:
            return b"\x04\x03\x09\x04"  # one language: English (United States)
        texts = {1: self._kind.maker, 2: self._kind.name, 3: self._kind.serial}
        if number not in texts:
            return None
        text = texts[number].encode("utf-16-le")
        return bytes([2 + len(text), _STRING]) + text


def _configuration() -> bytes:
    """One configuration with one interface: mass storage (08h), SCSI commands (06h), bulk only (50h)."""
    interface = bytes([9, 4, 0, 0, len(_ENDPOINTS), 8, 6, 0x50, 0])
    endpoints = b"".join(struct.pack("<BBBBHB", 7, 5, address, 2, PACKET, 0) for address in _ENDPOINTS)
    body = interface + endpoints
    return struct.pack("<BBHBBBBB", 9, _CONFIGURATION, 9 + len(body), 1, 1, 0, 0xC0, 0) + body
