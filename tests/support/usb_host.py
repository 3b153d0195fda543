"""A small USB host over usbip's stream: transfers, and Bulk-Only commands built from the standard's tables."""

from __future__ import annotations

import socket
import struct

STALL = -32


class Host:
    """The kernel's side: numbers its URBs, and takes results in whatever order they come."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.settimeout(20)
        self.number = 0
        self.tag = 7

    def submit(self, endpoint: int, *, out: bytes = b"", length: int = 0, setup: bytes = bytes(8)) -> int:
        self.number += 1
        size = len(out) or length
        head = struct.pack(">5I5i8s", 1, self.number, 0x10002, 0 if out else 1, endpoint, 0, size, 0, 0, 0, setup)
        self.socket.sendall(head + out)
        return self.number

    def result(self, number: int, *, to_host: bool = True) -> tuple[int, bytes]:
        """Status and data of this transfer, whose result is the next to come."""
        command, seen, *_, status, actual, _, _, _ = struct.unpack(">5I5i8x", self.take(48))
        assert (command, seen) == (3, number)
        return status, self.take(actual) if to_host else b""

    def take(self, length: int) -> bytes:
        data = b""
        while len(data) < length:
            piece = self.socket.recv(length - len(data))
            if not piece:
                raise EOFError
            data += piece
        return data

    def bulk_out(self, data: bytes) -> int:
        return self.result(self.submit(2, out=data), to_host=False)[0]

    def bulk_in(self, length: int) -> tuple[int, bytes]:
        return self.result(self.submit(1, length=length))

    def control(self, setup: bytes) -> tuple[int, bytes]:
        (length,) = struct.unpack_from("<H", setup, 6)
        return self.result(self.submit(0, length=length, setup=setup))

    def clear_halt(self, address: int) -> None:
        assert self.control(struct.pack("<BBHHH", 0x02, 1, 0, address, 0))[0] == 0

    def wrapper(self, cdb: bytes, length: int, *, to_host: bool, lun: int = 0) -> int:
        self.tag += 1
        head = struct.pack("<IIIBBB", 0x43425355, self.tag, length, 0x80 if to_host else 0, lun, len(cdb))
        return self.bulk_out(head + cdb.ljust(16, b"\0"))

    def status(self) -> tuple[int, int]:
        """bCSWStatus and residue; clears a halt in between, as usb-storage does."""
        told, data = self.bulk_in(13)
        if told == STALL:
            self.clear_halt(0x81)
            told, data = self.bulk_in(13)
        signature, tag, residue, status = struct.unpack("<IIIB", data)
        assert (told, signature, tag) == (0, 0x53425355, self.tag)
        return status, residue

    def get(self, cdb: bytes, length: int, lun: int = 0) -> tuple[int, bytes]:
        """A command with data for the host: its status, and what came."""
        assert self.wrapper(cdb, length, to_host=True, lun=lun) == 0
        told, data = self.bulk_in(length)
        if told == STALL:
            self.clear_halt(0x81)
        return self.status()[0], data

    def put(self, cdb: bytes, data: bytes) -> int:
        assert self.wrapper(cdb, len(data), to_host=False) == 0
        assert self.bulk_out(data) == 0
        return self.status()[0]
