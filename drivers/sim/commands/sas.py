"""A virtual SAS drive: SANITIZE and FORMAT UNIT (SBC-4 5.30, 5.4), and its answers while they run or have failed."""

from __future__ import annotations

import errno
import struct
from collections.abc import Mapping

from drivers.commands.transport import ScsiRequest
from drivers.sim.commands import tcg_session
from drivers.sim.commands.core import Core
from drivers.sim.commands.memory import WHOLE, EraseKind, Erasure, SanitizeState
from drivers.sim.commands.scsi import Answer, ScsiTarget
from drivers.sim.commands.sense import (
    ACCESS_DENIED,
    FORMAT_CORRUPT,
    FORMATTING,
    INVALID_FIELD_IN_CDB,
    INVALID_FIELD_IN_PARAMETERS,
    SANITIZE_FAILED,
    SANITIZING,
    CheckCondition,
    sense,
)

_OVERWRITE, _BLOCK, _CRYPTO, _EXIT = 1, 2, 3, 0x1F
_KINDS = {_OVERWRITE: EraseKind.OVERWRITE, _BLOCK: EraseKind.BLOCK, _CRYPTO: EraseKind.CRYPTO}
_NAMES = {_OVERWRITE: "overwrite", _BLOCK: "block", _CRYPTO: "crypto"}
_ALWAYS = {0x03, 0x12, 0xA0, 0x4D}
"""REQUEST SENSE, INQUIRY, REPORT LUNS, LOG SENSE."""
_MEDIUM = {0x25, 0x28, 0x2A, 0x35, 0x88, 0x8A, 0x91, 0x9E, 0x00}
_IMMEDIATE = 0x80
_AUSE = 0x20
_INC_512 = 0x80
_HOURS = 12345
_NO_LBA = (1 << 64) - 1


class SasTarget(ScsiTarget):
    """One SAS drive, from power-on."""

    vendor = "TABLERAS"

    def __init__(self, core: Core) -> None:
        super().__init__(core)
        self._selected = 0
        self._last_test = 0

    @property
    def block(self) -> int:
        """See `ScsiTarget`."""
        return self.core.memory.format.block

    @property
    def told_size(self) -> int:
        """See `ScsiTarget`. The number of blocks stays when sectors grow by a few bytes."""
        held = self.core.memory.size or self.core.drive.size
        return held // self.kept * self.block

    @property
    def size(self) -> int:
        """As far as the kernel reads this drive: nothing while it is not ready, or formatted with odd sectors."""
        unready = self.core.eraser.running or self.core.memory.sanitize.state is SanitizeState.FAILED
        return 0 if unready or self.core.memory.format.corrupt or self.block not in {512, 4096} else self.told_size

    def answers(self) -> Mapping[int, Answer]:
        """See `ScsiTarget`."""
        return {
            **super().answers(),
            0x04: self._format,
            0x15: self._mode_select,
            0x1D: self._send_diagnostic,
            0x37: lambda request: self._defects(request, twelve=False),
            0x48: self._sanitize,
            0x4D: self._log_sense,
            0x55: self._mode_select,
            0xA2: self._protocol_in,
            0xB5: self._protocol_out,
            0xB7: lambda request: self._defects(request, twelve=True),
        }

    def changes(self, request: ScsiRequest) -> bool:
        """See `ScsiTarget`."""
        return super().changes(request) and request.cdb[0] not in {0x1D, 0x37, 0x4D, 0xA2, 0xB7}

    def services(self) -> dict[int, tuple[int, ...]]:
        """See `ScsiTarget`."""
        kinds = tuple(service for service, name in _NAMES.items() if name in self.core.spec.sanitizes)
        return {**super().services(), 0x48: (*kinds, _EXIT), 0x9E: (0x10, 0x17)}

    def pages(self) -> dict[int, bytes]:
        """See `ScsiTarget`; SAS drives name their ports too (SPC-5 7.7.6, PROTOCOL IDENTIFIER 6)."""
        pages = super().pages()
        if self.core.drive.wwn:
            port = int(self.core.drive.wwn, 16) ^ 1
            pages[0x83] += b"\x61\x93\x00\x08" + port.to_bytes(8, "big")
        return pages

    def refusal(self, *, write: bool) -> int:
        """The error number with which the kernel would end a read or write now, or 0."""
        if self.core.tcg.locked and not (self.core.tcg.shadow and not write):
            return errno.EREMOTEIO
        if write and self.core.tcg.shadow:
            return errno.EREMOTEIO
        if not self.size:
            return errno.ENOSPC if write else 0
        return 0

    def check_state(self, request: ScsiRequest) -> None:
        """See `ScsiTarget`."""
        opcode, memory, job = request.cdb[0], self.core.memory, self.core.eraser.running
        if opcode in _ALWAYS:
            return
        if job:
            raise CheckCondition(SANITIZING if job.kind.is_sanitize else FORMATTING, min(job.done, WHOLE - 1))
        if memory.sanitize.state is SanitizeState.FAILED and opcode != 0x48:
            raise CheckCondition(SANITIZE_FAILED)
        if memory.format.corrupt and opcode in _MEDIUM:
            raise CheckCondition(FORMAT_CORRUPT)
        if opcode in {0x28, 0x2A, 0x88, 0x8A} and self.refusal(write=opcode in {0x2A, 0x8A}) == errno.EREMOTEIO:
            raise CheckCondition(ACCESS_DENIED)

    def request_sense(self, request: ScsiRequest) -> bytes:
        """See `ScsiTarget`: what runs, with its progress, or what has failed (SPC-5 6.39, SBC-4 5.30.2)."""
        descriptor = bool(request.cdb[1] & 1)
        job, state = self.core.eraser.running, self.core.sanitize_state
        if self.core.talks_nonsense:
            return sense((0x9, 0x80, 0x01), descriptor=descriptor)
        if job and (state is SanitizeState.RUNNING or not job.kind.is_sanitize):
            code = SANITIZING if job.kind.is_sanitize else FORMATTING
            return sense(code, min(job.done, WHOLE - 1), descriptor=descriptor)
        if state is SanitizeState.FAILED:
            return sense(SANITIZE_FAILED, descriptor=descriptor)
        code = FORMAT_CORRUPT if self.core.memory.format.corrupt else (0, 0, 0)
        return sense(code, descriptor=descriptor)

    def service_action_in(self, request: ScsiRequest) -> bytes:
        """See `ScsiTarget`; also GET PHYSICAL ELEMENT STATUS (SBC-4 5.8)."""
        if request.cdb[1] & 0x1F != 0x17:
            return super().service_action_in(request)
        health = 0xFF if self.core.spec.depopulated else 0
        elements = b"".join(struct.pack(">4xI6xBBQ8x", number, 1, state, 0) for number, state in ((1, 0), (2, health)))
        return struct.pack(">III20x", 2, 2, 0) + elements

    def _defects(self, request: ScsiRequest, *, twelve: bool) -> bytes:
        """READ DEFECT DATA(12) and (10) (SBC-4 5.16, 5.17): the grown list, of short blocks."""
        flags = request.cdb[1 if twelve else 2]
        if flags & 7:
            raise CheckCondition(INVALID_FIELD_IN_CDB)
        grown = b"".join(
            struct.pack(">I", 1000 + number) for number in range(self.core.spec.retired if flags & 8 else 0)
        )
        head = (
            struct.pack(">xBHI", flags & 0x18, 0, len(grown))
            if twelve
            else struct.pack(">xBH", flags & 0x18, len(grown))
        )
        length = int.from_bytes(request.cdb[6:10] if twelve else request.cdb[7:9], "big")
        return (head + grown)[:length]

    def _sanitize(self, request: ScsiRequest) -> bytes:
        cdb = request.cdb
        service, memory = cdb[1] & 0x1F, self.core.memory.sanitize
        if service == _EXIT:
            return self._leave_failure()
        if _NAMES.get(service) not in self.core.spec.sanitizes:
            raise CheckCondition(INVALID_FIELD_IN_CDB)
        if self.core.refuses_while_locked:
            raise CheckCondition(ACCESS_DENIED)
        length = int.from_bytes(cdb[7:9], "big")
        if length != len(request.data) or (length == 0) == (service == _OVERWRITE):
            raise CheckCondition(INVALID_FIELD_IN_CDB)
        pattern, passes = self._overwrite_parameters(request.data) if service == _OVERWRITE else ("", 1)
        if not self.core.swallows:
            memory.may_leave_failure = bool(cdb[1] & _AUSE)
        wait = None if cdb[1] & _IMMEDIATE else request.timeout
        self.core.sanitize(_KINDS[service], pattern, passes=passes, wait=wait)
        if memory.state is SanitizeState.FAILED:
            raise CheckCondition(SANITIZE_FAILED)
        return b""

    def _overwrite_parameters(self, data: bytes) -> tuple[str, int]:
        """The pattern as the last pass leaves it, and the number of passes (SBC-4 table 107)."""
        length = int.from_bytes(data[2:4], "big")
        passes = data[0] & 0x1F
        if len(data) < 5 or not 1 <= length <= self.block or len(data) != 4 + length or not passes:
            raise CheckCondition(INVALID_FIELD_IN_PARAMETERS)
        pattern = data[4:]
        if data[0] & 0x80 and passes % 2 == 0:
            pattern = bytes(byte ^ 0xFF for byte in pattern)
        return pattern.hex(), passes

    def _leave_failure(self) -> bytes:
        memory = self.core.memory.sanitize
        if memory.state is SanitizeState.FAILED:
            if not memory.may_leave_failure:
                raise CheckCondition(INVALID_FIELD_IN_CDB)
            memory.state = SanitizeState.IDLE
        return b""

    def _format(self, request: ScsiRequest) -> bytes:
        if self.core.refuses_while_locked:
            raise CheckCondition(ACCESS_DENIED)
        immediate = False
        if request.cdb[1] & 0x10:  # FMTDATA
            if len(request.data) < 4 or request.data[1] & 0x08:
                raise CheckCondition(INVALID_FIELD_IN_PARAMETERS)
            immediate = bool(request.data[1] & 2)
        size, spec = self.core.drive.size, self.core.spec
        erasure = Erasure(kind=EraseKind.FORMAT, end=size, ms=spec.erase_ms, block=self._selected or self.block)
        if immediate:
            self.core.begin(erasure)
        else:
            self.core.run(erasure, request.timeout)
        return b""

    def _mode_select(self, request: ScsiRequest) -> bytes:
        """A block descriptor's length takes effect with the next FORMAT UNIT (SBC-4 6.5.2).

        Pages must be as they are.
        """
        short = request.cdb[0] == 0x15
        head = 4 if short else 8
        if len(request.data) < head:
            raise CheckCondition(INVALID_FIELD_IN_PARAMETERS)
        length = request.data[3] if short else int.from_bytes(request.data[6:8], "big")
        self._check_unchanged(request.data[head + length :])
        if length:
            block = int.from_bytes(request.data[head + 5 : head + 8], "big")
            if length != 8 or len(request.data) < head + 8 or block not in {512, 520, 528, 4096}:
                raise CheckCondition(INVALID_FIELD_IN_PARAMETERS)
            self._selected = block
        return b""

    def _check_unchanged(self, pages: bytes) -> None:
        """Raise `CheckCondition` for mode pages that would change something."""
        known = self.mode_pages()
        while pages:
            code, length = pages[0] & 0x3F, pages[1] if len(pages) > 1 else 0
            if pages[2 : 2 + length] != known.get(code):
                raise CheckCondition(INVALID_FIELD_IN_PARAMETERS)
            pages = pages[2 + length :]

    def _send_diagnostic(self, request: ScsiRequest) -> bytes:
        """SEND DIAGNOSTIC: a self-test ends as soon as it begins (SPC-5 6.42)."""
        if code := request.cdb[1] >> 5:
            self.core.memory.self_tests += 1
            self._last_test = code
        return b""

    def _log_sense(self, request: ScsiRequest) -> bytes:
        """Counters, temperature, self-tests and scans of a healthy drive, and which pages there are."""
        counters = b"".join(struct.pack(">HBBQ", number, 3, 8, 0) for number in range(7))
        pages = {
            0x02: counters,
            0x03: counters,
            0x05: counters,
            0x0D: bytes([0, 0, 3, 2, 0, 31]),
            0x10: self._self_tests(),
            0x15: struct.pack(">HBBI8x", 0, 3, 12, _HOURS * 60),  # background scans: idle, none so far
            0x2F: bytes([0, 0, 3, 4, 0, 0, 31, 0]),
        }
        pages[0x00] = bytes(sorted({0, *pages}))
        page = request.cdb[2] & 0x3F
        if page not in pages or request.cdb[3]:
            raise CheckCondition(INVALID_FIELD_IN_CDB)
        data = struct.pack(">BBH", page, 0, len(pages[page])) + pages[page]
        return data[: int.from_bytes(request.cdb[7:9], "big")]

    def _self_tests(self) -> bytes:
        """Log page 10h (SPC-5 7.3.20): 20 results, of which the first is the last test's since power-on."""
        empty = bytes(16)
        last = struct.pack(">BBHQ4x", self._last_test << 5, 0, _HOURS, _NO_LBA) if self._last_test else empty
        return b"".join(
            struct.pack(">HBB", number, 3, 16) + (last if number == 1 else empty) for number in range(1, 21)
        )

    def _protocol_in(self, request: ScsiRequest) -> bytes:
        protocol, specific, length = _protocol(request.cdb)
        data = tcg_session.protocol_in(self.core, protocol, specific, length)
        if data is None:
            raise CheckCondition(INVALID_FIELD_IN_CDB)
        return data[:length].ljust(length, b"\0") if request.cdb[4] & _INC_512 else data[:length]

    def _protocol_out(self, request: ScsiRequest) -> bytes:
        protocol, specific, length = _protocol(request.cdb)
        data = request.data[:length]
        if not tcg_session.protocol_out(self.core, protocol, specific, data, request.timeout):
            raise CheckCondition(INVALID_FIELD_IN_CDB)
        return b""


def _protocol(cdb: bytes) -> tuple[int, int, int]:
    """Security protocol, what is specific to it, and bytes (SPC-5 6.40, 6.41)."""
    unit = 512 if cdb[4] & _INC_512 else 1
    return cdb[1], int.from_bytes(cdb[2:4], "big"), int.from_bytes(cdb[6:10], "big") * unit
