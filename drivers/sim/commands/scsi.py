"""What every SCSI target answers: INQUIRY and its pages, capacity, modes, supported commands (SPC-5, SBC-4)."""

from __future__ import annotations

import errno
import struct
from collections.abc import Callable, Mapping
from typing import TypeAlias

from drivers.commands.transport import ScsiReply, ScsiRequest
from drivers.sim.command_faults import HiddenCache, MadeUpSerial
from drivers.sim.commands.core import Core
from drivers.sim.commands.sense import (
    INVALID_FIELD_IN_CDB,
    INVALID_OPCODE,
    LBA_OUT_OF_RANGE,
    READ_ERROR,
    WRITE_ERROR,
    CheckCondition,
)

CHECK_CONDITION = 2
DID_TIME_OUT = 3
_CHANGEABLE = 1
_CACHING = 8
_FUA = 0x08
Answer: TypeAlias = Callable[[ScsiRequest], bytes]


class ScsiTarget:
    """The part that does not depend on what is behind it; the kinds of targets add to it."""

    vendor = "TABLERAS"
    version = 7
    """SPC-5."""
    forces_unit_access = True
    """Whether it says that it knows FUA."""
    reporting_options = frozenset({0, 1, 2, 3})
    """How it can be asked for its supported commands."""
    descriptor_sense = False

    def __init__(self, core: Core) -> None:
        self.core = core

    @property
    def block(self) -> int:
        """Bytes of a logical block."""
        return self.core.drive.logical_sector

    @property
    def kept(self) -> int:
        """Bytes of a block that lie on the medium: what 520 has over 512 is protection or padding, and is not kept."""
        return self.block if self.block in {512, 4096} else self.core.drive.logical_sector

    @property
    def told_size(self) -> int:
        """Bytes by READ CAPACITY."""
        raise NotImplementedError

    def answers(self) -> Mapping[int, Answer]:
        """What is supported, by operation code."""
        return {
            0x00: lambda _: b"",
            0x03: self.request_sense,
            0x12: self._inquiry,
            0x1A: self._mode_sense,
            0x25: self._read_capacity_10,
            0x28: self._read,
            0x2A: self._write,
            0x35: self._synchronize,
            0x5A: self._mode_sense,
            0x88: self._read,
            0x8A: self._write,
            0x91: self._synchronize,
            0x9E: self.service_action_in,
            0xA0: lambda _: struct.pack(">I12x", 8),
            0xA3: self._maintenance_in,
        }

    def changes(self, request: ScsiRequest) -> bool:
        """Whether a command may change data or settings; one that is not known changes nothing."""
        reading = {0x00, 0x03, 0x12, 0x1A, 0x25, 0x28, 0x35, 0x5A, 0x88, 0x91, 0x9E, 0xA0, 0xA3}
        return request.cdb[0] in self.answers() and request.cdb[0] not in reading

    def check_state(self, request: ScsiRequest) -> None:
        """Raise `CheckCondition` where the drive's state forbids this command."""

    def execute(self, request: ScsiRequest) -> ScsiReply:
        """Perform a command. Raises `HostResetError`."""
        answer = self.answers().get(request.cdb[0], _unknown)
        try:
            self.check_state(request)
            return ScsiReply(status=0, data=answer(request)[: request.length])
        except CheckCondition as check:
            return ScsiReply(status=CHECK_CONDITION, sense=check.sense(descriptor=self.descriptor_sense))

    def services(self) -> dict[int, tuple[int, ...]]:
        """The service actions of each operation code that has any."""
        return {0x9E: (0x10,), 0xA3: (0x0C,)}

    def supports(self, opcode: int, service: int) -> bool:
        """For REPORT SUPPORTED OPERATION CODES."""
        return opcode in self.answers() and service in self.services().get(opcode, (service,))

    def request_sense(self, request: ScsiRequest) -> bytes:
        """REQUEST SENSE: nothing to report."""
        return CheckCondition((0, 0, 0)).sense(descriptor=bool(request.cdb[1] & 1))

    def names(self) -> tuple[str, str, str]:
        """Vendor, product and revision of the standard INQUIRY data."""
        return self.vendor, self.core.drive.model, self.core.drive.firmware

    def pages(self) -> dict[int, bytes]:
        """Vital product data, without the headers."""
        spec, made_up = self.core.spec, self.core.health.find(MadeUpSerial)
        serial = (made_up.serial if made_up else self.core.drive.serial).encode()
        wwn = bytes.fromhex(self.core.drive.wwn.rjust(16, "0")) if self.core.drive.wwn and not made_up else b""
        flash = spec.personality.is_flash
        return {
            0x80: serial.rjust(20),
            0x83: b"\x01\x03\x00\x08" + wwn if wwn else b"\x02\x01\x00" + bytes([len(serial)]) + serial,
            0xB0: bytes(60),
            0xB1: struct.pack(">HBBB55x", 1 if flash else 7200, 0, 3 if flash else 2, 0x10 if spec.zoned else 0),
            0xB2: bytes(4),  # neither UNMAP nor WRITE SAME
        }

    def service_action_in(self, request: ScsiRequest) -> bytes:
        """READ CAPACITY(16)."""
        if request.cdb[1] & 0x1F != 0x10:
            raise CheckCondition(INVALID_FIELD_IN_CDB)
        physical = (self.core.drive.physical_sector // self.block).bit_length() - 1 if self.block in {512, 4096} else 0
        last = self.told_size // self.block - 1
        data = struct.pack(">QIBB18x", last, self.block, 0, max(0, physical))
        return data[: int.from_bytes(request.cdb[10:14], "big")]

    def _inquiry(self, request: ScsiRequest) -> bytes:
        cdb = request.cdb
        length = int.from_bytes(cdb[3:5], "big")
        if not cdb[1] & 1:
            if cdb[2]:
                raise CheckCondition(INVALID_FIELD_IN_CDB)
            vendor, product, revision = (text.encode("ascii", "replace") for text in self.names())
            head = bytes([0, 0, self.version, 2, 91, 0, 0, 2])
            return (head + vendor.ljust(8)[:8] + product.ljust(16)[:16] + revision.ljust(4)[:4]).ljust(96, b"\0")[
                :length
            ]
        pages = self.pages()
        pages[0] = bytes(sorted({0, *pages}))
        if cdb[2] not in pages:
            raise CheckCondition(INVALID_FIELD_IN_CDB)
        return (struct.pack(">BBH", 0, cdb[2], len(pages[cdb[2]])) + pages[cdb[2]])[:length]

    def mode_pages(self) -> dict[int, bytes]:
        """Mode pages without their headers; nothing in them can be changed."""
        return {1: bytes(10), 8: b"\x04" + bytes(17), 0x0A: bytes(10), 0x1C: bytes(10)}

    def _mode_sense(self, request: ScsiRequest) -> bytes:
        cdb, wanted, known = request.cdb, request.cdb[2] & 0x3F, self.mode_pages()
        if self.core.health.find(HiddenCache):
            known.pop(_CACHING)
        if wanted not in {*known, 0x3F} or cdb[3] not in {0, 0xFF}:
            raise CheckCondition(INVALID_FIELD_IN_CDB)
        if cdb[2] >> 6 == _CHANGEABLE:
            known = {code: bytes(len(page)) for code, page in known.items()}
        pages = b"".join(bytes([code, len(page)]) + page for code, page in known.items() if wanted in {code, 0x3F})
        device = 0x10 if self.forces_unit_access else 0  # DPOFUA
        blocks = min(self.told_size // self.block, 0xFFFFFFFF)
        descriptor = b"" if cdb[1] & 8 else struct.pack(">II", blocks, self.block)
        if cdb[0] == 0x1A:
            head = bytes([3 + len(descriptor) + len(pages), 0, device, len(descriptor)])
            return (head + descriptor + pages)[: cdb[4]]
        head = struct.pack(">HBBBBH", 6 + len(descriptor) + len(pages), 0, device, 0, 0, len(descriptor))
        return (head + descriptor + pages)[: int.from_bytes(cdb[7:9], "big")]

    def _read_capacity_10(self, _: ScsiRequest) -> bytes:
        return struct.pack(">II", min(self.told_size // self.block - 1, 0xFFFFFFFF), self.block)

    def _read(self, request: ScsiRequest) -> bytes:
        lba, count = _range(request.cdb)
        try:
            kept = self.kept
            data = self.core.io.read(lba * kept, count * kept) if count else b""
        except OSError as error:
            raise CheckCondition(LBA_OUT_OF_RANGE if error.errno == errno.EINVAL else READ_ERROR) from error
        if self.block == kept:
            return data
        extra = bytes(self.block - kept)
        return b"".join(data[at : at + kept] + extra for at in range(0, len(data), kept))

    def _write(self, request: ScsiRequest) -> bytes:
        (lba, count), kept = _range(request.cdb), self.kept
        if len(request.data) != count * self.block:
            raise CheckCondition(INVALID_FIELD_IN_CDB)
        data = b"".join(request.data[at : at + kept] for at in range(0, len(request.data), self.block))
        try:
            if count:
                self.core.io.write(lba * kept, data)
                if request.cdb[1] & _FUA:
                    self.core.io.flush()
        except OSError as error:
            raise CheckCondition(LBA_OUT_OF_RANGE if error.errno == errno.EINVAL else WRITE_ERROR) from error
        return b""

    def _synchronize(self, _: ScsiRequest) -> bytes:
        self.core.io.flush()
        return b""

    def _maintenance_in(self, request: ScsiRequest) -> bytes:
        """REPORT SUPPORTED OPERATION CODES (SPC-5 6.35), all at once or one command at a time."""
        cdb, options, room = request.cdb, request.cdb[2] & 7, int.from_bytes(request.cdb[6:10], "big")
        if cdb[1] & 0x1F != 0x0C or options not in self.reporting_options:
            raise CheckCondition(INVALID_FIELD_IN_CDB)
        if options == 0:
            return self._all_commands()[:room]
        service, has_services = int.from_bytes(cdb[4:6], "big"), cdb[3] in self.services()
        if (options == 1 and has_services) or (options == 2 and not has_services and self.supports(cdb[3], 0)):
            raise CheckCondition(INVALID_FIELD_IN_CDB)
        if not self.supports(cdb[3], service):
            return bytes([0, 1, 0, 0])[:room]
        size = _cdb_size(cdb[3])
        return (struct.pack(">BBH", 0, 3, size) + bytes([cdb[3]]) + b"\xff" * (size - 1))[:room]

    def _all_commands(self) -> bytes:
        """Every operation code, and where it has them its service actions (SPC-5 6.35.2)."""
        services = self.services()
        commands = [(code, service) for code in sorted(self.answers()) for service in services.get(code, (None,))]
        rows = [struct.pack(">BxHxBH", code, at or 0, at is not None, _cdb_size(code)) for code, at in commands]
        return struct.pack(">I", 8 * len(rows)) + b"".join(rows)


def _unknown(_: ScsiRequest) -> bytes:
    raise CheckCondition(INVALID_OPCODE)


def _range(cdb: bytes) -> tuple[int, int]:
    if cdb[0] in {0x28, 0x2A}:
        return int.from_bytes(cdb[2:6], "big"), int.from_bytes(cdb[7:9], "big")
    return int.from_bytes(cdb[2:10], "big"), int.from_bytes(cdb[10:14], "big")


def _cdb_size(opcode: int) -> int:
    """Bytes of a command descriptor block (SPC-5 4.2.5.1)."""
    return {0: 6, 1: 10, 2: 10, 4: 16, 5: 12}.get(opcode >> 5, 10)
