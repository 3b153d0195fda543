"""A small NVMe/TCP host, built from the standard's tables: one queue over one connection."""

from __future__ import annotations

import socket
import struct

SECTOR = 512
WRITE, READ = 1, 2
opened: list[socket.socket] = []
"""Every connection made, for whoever closes them in the end."""


class Queue:
    """One queue of a host: commands go one at a time, unless `submit` and `completion` are used."""

    def __init__(self, port: int, number: int, subsystem: str) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.settimeout(20)
        opened.append(self.socket)
        self.cid = self.result = 0
        self.socket.sendall(struct.pack("<BBBBIHBBI", 0, 0, 128, 0, 128, 0, 0, 0, 0).ljust(128, b"\0"))
        reply = self.take(128)
        assert (reply[0], reply[2], struct.unpack_from("<I", reply, 12)[0]) == (1, 128, 128 * 1024)
        cntlid = 0xFFFF if number == 0 else 1
        data = bytes(16) + struct.pack("<H", cntlid) + bytes(238) + subsystem.encode().ljust(256, b"\0")
        self.connected = self.command(
            0x7F, nsid=1, cdw=(number << 16, 31, 0, 0, 0, 0), out=data.ljust(1024, b"\0"), length=1024
        )

    def take(self, length: int) -> bytes:
        data = b""
        while len(data) < length:
            piece = self.socket.recv(length - len(data))
            if not piece:
                raise EOFError
            data += piece
        return data

    def unit(self) -> tuple[int, bytes]:
        head = self.take(8)
        return head[0], head + self.take(struct.unpack_from("<I", head, 4)[0] - 8)

    def submit(
        self,
        opcode: int,
        nsid: int = 0,
        cdw: tuple[int, ...] = (),
        *,
        out: bytes = b"",
        length: int = 0,
        in_capsule: bool = True,
    ) -> int:
        self.cid += 1
        words = struct.pack("<6I", *(*cdw, *(0,) * (6 - len(cdw))))
        comes_along = bool(out) and in_capsule
        sgl = struct.pack("<QI3xB", 0, length, 0x01 if comes_along else 0x5A)
        entry = struct.pack("<BBHI16x", opcode, 0x40, self.cid, nsid) + sgl + words
        data = out if comes_along else b""
        self.socket.sendall(struct.pack("<BBBBI", 4, 0, 72, 72 if data else 0, 72 + len(data)) + entry + data)
        return self.cid

    def completion(self, out: bytes = b"") -> tuple[int, int, bytes]:
        """Command id, status and the data that came before; gives data when asked for."""
        data = b""
        while True:
            kind, unit = self.unit()
            if kind == 9:
                cid, tag, offset, length = struct.unpack_from("<HHII", unit, 8)
                for place in range(offset, offset + length, 65536):
                    piece = out[place : min(place + 65536, offset + length)]
                    head = struct.pack("<BBBBI", 6, 4, 24, 24, 24 + len(piece))
                    self.socket.sendall(head + struct.pack("<HHII4x", cid, tag, place, len(piece)) + piece)
            elif kind == 7:
                data += unit[24:]
            else:
                assert kind == 5
                cid, status = struct.unpack_from("<HH", unit, 20)
                self.result = int(struct.unpack_from("<Q", unit, 8)[0])
                return cid, status >> 1, data

    def command(
        self,
        opcode: int,
        nsid: int = 0,
        cdw: tuple[int, ...] = (),
        *,
        out: bytes = b"",
        length: int = 0,
        in_capsule: bool = True,
    ) -> tuple[int, bytes]:
        sent = self.submit(opcode, nsid, cdw, out=out, length=length, in_capsule=in_capsule)
        cid, status, data = self.completion(out)
        assert cid == sent
        return status, data

    def property(self, offset: int, *, wide: bool = False) -> int:
        assert self.command(0x7F, 4, (int(wide), offset))[0] == 0
        return self.result

    def read(self, lba: int, count: int = 1, nsid: int = 1) -> tuple[int, bytes]:
        return self.command(READ, nsid, (lba, 0, count - 1), length=count * SECTOR)

    def write(self, lba: int, data: bytes, *, in_capsule: bool = True, nsid: int = 1) -> int:
        count = len(data) // SECTOR
        return self.command(WRITE, nsid, (lba, 0, count - 1), out=data, length=len(data), in_capsule=in_capsule)[0]
