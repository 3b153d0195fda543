"""Raw commands for virtual drives, built from the standards' tables byte by byte, without the product's builders."""

from __future__ import annotations

import contextlib
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from drivers.commands.transport import Direction, NvmeReply, NvmeRequest, ScsiReply, ScsiRequest, TransportError
from drivers.sim import controls, launch
from drivers.sim.client import SimConnection
from drivers.sim.commands.spec import CommandSpec, Personality
from drivers.sim.faults import Sickness
from drivers.sim.transport import SimTransport
from support.virtual_drives import MIB, read, virtual_drive, write

SECTOR = 512
HOUR = 3600.0
PASSWORD = b"table rase".ljust(32, b"\0")
OTHER = b"another".ljust(32, b"\0")
SANITIZE_KEYS = {0x11: 0x43727970, 0x12: 0x426B4572, 0x14: 0x4F57 << 32}
SECRET = b"confidential: do not pass on! ".ljust(32, b".") * 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Ata:
    """An ATA command's outcome, as the return descriptor tells it; `ok` is ERR clear."""

    ok: bool
    error: int
    count: int
    lba: int
    data: bytes

    def word(self, number: int) -> int:
        """A word of the data."""
        return int(struct.unpack_from("<H", self.data, 2 * number)[0])


class Drive:
    """A running virtual drive, claimed, with its commands and its block requests on one connection."""

    def __init__(self, where: Path) -> None:
        self.where = where
        self._connect()

    def _connect(self) -> None:
        self.connection = SimConnection.connect(self.where)
        self.connection.claim()
        self.transport = SimTransport(self.connection)

    def cycle(self, *, cut: bool = False) -> None:
        """Off and on again: in good order, or by a power cut."""
        if launch.is_running(self.where):
            (launch.power_cut if cut else launch.stop)(self.where)
        self.connection.close()  # not before: a thread may be waiting on it, and is woken by the drive's end only
        launch.start(self.where)
        self._connect()

    def skip(self, seconds: float) -> None:
        """Let the drive's clock run ahead."""
        controls.skip(self.connection, seconds)

    def arm(self, *items: Sickness) -> None:
        """Make it sick."""
        controls.arm(self.connection, *items)

    def plant(self, *sectors: int) -> None:
        """Put the secret there, past the write cache."""
        for sector in sectors:
            write(self.connection, sector * SECTOR, SECRET)
        self.connection.flush()

    def sector(self, number: int) -> bytes:
        """What a block request reads there."""
        return read(self.connection, number * SECTOR, SECTOR)

    @property
    def medium(self) -> bytes:
        """All that lies in the medium's file."""
        return (self.where / "medium").read_bytes()

    def scsi(self, cdb: bytes, data: bytes = b"", *, length: int = 4096, timeout: float = 15.0) -> ScsiReply:
        """A SCSI command."""
        way = Direction.OUT if data else Direction.IN
        return self.transport.scsi(
            ScsiRequest(cdb=cdb, direction=way, length=0 if data else length, data=data, timeout=timeout)
        )

    def ata(
        self,
        command: int,
        *,
        feature: int = 0,
        count: int = 0,
        lba: int = 0,
        data: bytes = b"",
        into: int = 0,
        timeout: float = 15.0,
    ) -> Ata:
        """An ATA command by ATA PASS-THROUGH(16), EXTEND and CK_COND set, on a drive that answers by descriptor."""
        reply = self.scsi(
            passed16(command, feature, count, lba, out=bool(data), into=bool(into)), data, length=into, timeout=timeout
        )
        assert reply.host_status == 0
        assert reply.status == 2
        assert reply.sense[0] == 0x72
        assert reply.sense[8:10] == b"\x09\x0c"
        d = reply.sense[8:]
        found = d[7] | d[9] << 8 | d[11] << 16 | d[6] << 24 | d[8] << 32 | d[10] << 40
        return Ata(ok=not d[13] & 1, error=d[3], count=d[4] << 8 | d[5], lba=found, data=reply.data)

    def identify(self) -> Ata:
        """IDENTIFY DEVICE."""
        return self.ata(0xEC, into=SECTOR)

    @property
    def security(self) -> set[str]:
        """The bits of IDENTIFY word 128."""
        names = ("supported", "enabled", "locked", "frozen", "expired", "enhanced")
        word = self.identify().word(128)
        return {name for place, name in enumerate(names) if word >> place & 1}

    def password(self, command: int, password: bytes = PASSWORD, *, flags: int = 0, timeout: float = 15.0) -> Ata:
        """SET PASSWORD F1h, UNLOCK F2h, ERASE UNIT F4h or DISABLE F6h."""
        data = struct.pack("<H32s", flags, password).ljust(SECTOR, b"\0")
        return self.ata(command, data=data, timeout=timeout)

    def sanitize_ata(self, feature: int, *, count: int = 0, pattern: int = 0) -> Ata:
        """SANITIZE DEVICE; 0 asks for the status."""
        return self.ata(0xB4, feature=feature, count=count, lba=SANITIZE_KEYS.get(feature, 0) | pattern)

    def nvme(
        self, opcode: int, *cdw: int, nsid: int = 0, length: int = 0, data: bytes = b"", timeout: float = 15.0
    ) -> NvmeReply:
        """An admin command."""
        a, b, c, d, e, f = (*cdw, *(0,) * (6 - len(cdw)))
        words = (a, b, c, d, e, f)
        return self.transport.nvme(
            NvmeRequest(opcode=opcode, nsid=nsid, cdw=words, length=length, data=data, timeout=timeout)
        )

    def sanitize_log(self) -> tuple[int, int, int]:
        """Log page 81h: progress, status, and the SCDW10 of the latest sanitize."""
        progress, status, mark = struct.unpack_from("<HHI", self.nvme(0x02, 0x81 | 4 << 16, length=20).data)
        return progress, status, mark


def passed16(command: int, feature: int, count: int, lba: int, *, out: bool, into: bool, check: bool = True) -> bytes:
    """ATA PASS-THROUGH(16), 48-bit."""
    protocol = 5 if out else 4 if into else 3
    flags = (0x20 if check else 0) | (0x0E if into else 0x06 if out else 0)
    low = lba.to_bytes(6, "little")
    registers = struct.pack(">HH", feature, count) + bytes([low[3], low[0], low[4], low[1], low[5], low[2]])
    return bytes([0x85, protocol << 1 | 1, flags]) + registers + bytes([0x40, command, 0])


def sense_of(reply: ScsiReply) -> tuple[int, int, int, int]:
    """Key, code, qualifier and progress of fixed sense data that came with a command."""
    assert reply.status == 2
    return fixed_sense(reply.sense)


def fixed_sense(sense: bytes) -> tuple[int, int, int, int]:
    """Key, code, qualifier, and progress or 0."""
    assert sense[0] & 0x7F == 0x70
    return sense[2] & 0xF, sense[12], sense[13], int.from_bytes(sense[16:18], "big") if sense[15] & 0x80 else 0


def secure_erase_in_background(drive: Drive, *, flags: int = 0) -> threading.Thread:
    """ERASE PREPARE, then ERASE UNIT in a thread, where it blocks until its end or the drive's."""

    def erase() -> None:
        with contextlib.suppress(TransportError, AssertionError):  # the power goes, or the drive is reset
            drive.password(0xF4, flags=flags, timeout=1e6)

    assert drive.ata(0xF3).ok
    thread = threading.Thread(target=erase, daemon=True)
    thread.start()
    return thread


def wait_until_at_work(where: Path) -> None:
    """Return once an erasure runs."""
    with SimConnection.connect(where) as other:
        give_up = time.monotonic() + 10
        while controls.erasure(other).kind == "none":
            assert time.monotonic() < give_up
            time.sleep(0.005)


@contextmanager
def commanded(
    where: Path, personality: Personality, *sicknesses: Sickness, spec: CommandSpec | None = None, size: int = MIB
) -> Iterator[Drive]:
    """A running drive of this personality; its erasures take an hour on its own clock unless `spec` says otherwise."""
    wanted = spec or CommandSpec(personality=personality, erase_ms=3_600_000, crypto_ms=60_000)
    assert wanted.personality is personality
    with virtual_drive(where, *sicknesses, size=size, commands=wanted):
        drive = Drive(where)
        try:
            yield drive
        finally:
            drive.connection.close()
