"""A virtual ATA drive: which command does what, and which are refused in the state it is in (ACS-4)."""

from __future__ import annotations

import errno

from drivers.sim.commands import tcg_session
from drivers.sim.commands.ata_hidden import Hidden
from drivers.sim.commands.ata_identify import identify, identify_log
from drivers.sim.commands.ata_registers import (
    SECTOR,
    UNCORRECTABLE,
    AtaError,
    Handlers,
    Outcome,
    Taskfile,
)
from drivers.sim.commands.ata_sanitize import Sanitize
from drivers.sim.commands.ata_security import Security
from drivers.sim.commands.ata_smart import Smart
from drivers.sim.commands.core import Core
from drivers.sim.commands.memory import SanitizeState

_IDENTIFY, _CHECK_POWER = 0xEC, 0xE5
_NOTHING_TO_DO = {0xE0, 0xE1, 0xE2, 0xE3, 0xE6, 0xEF, 0x40, 0x42}  # power modes, SET FEATURES, READ VERIFY
_READS, _WRITES = {0x20, 0x24, 0x25, 0xC8}, {0x30, 0x34, 0x35, 0xCA}
_FLUSHES = {0xE7, 0xEA}
_TRUSTED_RECEIVE, _TRUSTED_SEND = {0x5C, 0x5D}, {0x5E, 0x5F}
_DURING_SANITIZE = {_IDENTIFY, _CHECK_POWER, 0xB0, 0x2F, 0x47, 0xE0, 0xE1}
_WHILE_LOCKED = {
    *(_IDENTIFY, _CHECK_POWER, 0xB0, 0x2F, 0x47, 0x27, 0xF8, 0xE0, 0xE1, 0xE2, 0xE3, 0xE6, 0xEF),
    *(0xF2, 0xF3, 0xF4),
    *_TRUSTED_RECEIVE,
    *_TRUSTED_SEND,
}
_READING = {_IDENTIFY, _CHECK_POWER, 0x2F, 0x47, 0x27, 0xF8, 0x40, 0x42, *_READS, *_FLUSHES, *_TRUSTED_RECEIVE}
_TAKING_A_SECTOR = {0xF1, 0xF2, 0xF4, 0xF6}
_READING_SMART = {0xD0, 0xD1, 0xD4, 0xD5, 0xDA}


class AtaDrive:
    """One drive, from power-on."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self.security = Security(core)
        self.sanitize = Sanitize(core)
        self.hidden = Hidden(core)
        self._capacity = self.hidden.shown
        self._smart = Smart(core, lambda page: identify_log(core, page, self.identify(), self.hidden))

    def identify(self) -> bytes:
        """IDENTIFY DEVICE data."""
        return identify(self._core, self.security, self.sanitize, self.hidden)

    @property
    def size(self) -> int:
        """What IDENTIFY says, in bytes."""
        return self._core.memory.size or self.hidden.shown

    @property
    def capacity(self) -> int:
        """What the host's kernel believes: as read at power-on, since when it has not looked again."""
        return self._core.memory.size or self._capacity

    @property
    def reach(self) -> int:
        """Bytes that reads and writes can reach."""
        return self.hidden.shown

    def changes(self, task: Taskfile) -> bool:
        """Whether a command may change data or settings."""
        if task.command == 0xB1:
            return task.feature & 0xFF != 0xC2
        if task.command == 0xB0:
            return task.feature & 0xFF not in _READING_SMART
        if task.command == 0x78:
            return task.feature & 0xFF != 0
        return task.command not in _READING and not self.sanitize.is_status(task)

    def refusal(self, *, write: bool) -> int:
        """The error number with which the kernel would end a read or write now, or 0."""
        if self.security.locked:
            return errno.EREMOTEIO
        if self._core.memory.sanitize.state in {SanitizeState.RUNNING, SanitizeState.FAILED}:
            return errno.EIO
        if self._core.tcg.locked and not (self._core.tcg.shadow and not write):
            return errno.EREMOTEIO
        return errno.EREMOTEIO if write and self._core.tcg.shadow else 0

    def execute(self, task: Taskfile) -> Outcome:
        """Perform a command. Raises `AtaError`, `HostResetError`."""
        self.security.before(task.command)
        native_just_read = self.hidden.before(task.command)
        self._check_state(task)
        handlers: Handlers = {
            **self.security.handlers(self.hidden.shown),
            **self.sanitize.handlers(),
            **self.hidden.handlers(native_just_read),
            **self._smart.handlers(),
        }
        handler = handlers.get(task.command)
        if task.command in _TAKING_A_SECTOR and len(task.data) != SECTOR:
            raise AtaError
        return handler(task) if handler else self._ordinary(task)

    def _check_state(self, task: Taskfile) -> None:
        if self.sanitize.is_status(task):
            return
        state = self._core.memory.sanitize.state
        if state is SanitizeState.RUNNING and task.command not in _DURING_SANITIZE:
            raise AtaError
        if state is SanitizeState.FAILED and task.command not in {*_DURING_SANITIZE, 0xB4}:
            raise AtaError
        if self.security.locked and task.command not in _WHILE_LOCKED:
            raise AtaError

    def _ordinary(self, task: Taskfile) -> Outcome:
        match task.command:
            case 0xEC:
                return Outcome(data=self.identify())
            case 0xE5:
                return Outcome(count=0xFF)
            case command if command in _FLUSHES:
                self._core.io.flush()
                return Outcome()
            case command if command in _TRUSTED_RECEIVE:
                return self._trusted_receive(task)
            case command if command in _TRUSTED_SEND:
                return self._trusted_send(task)
            case command if command in _READS | _WRITES:
                return self._transfer(task)
            case command if command in _NOTHING_TO_DO:
                return Outcome()
            case _:
                raise AtaError

    def _trusted_receive(self, task: Taskfile) -> Outcome:
        protocol, specific, length = _protocol(task)
        data = tcg_session.protocol_in(self._core, protocol, specific, length)
        if data is None:
            raise AtaError
        return Outcome(data=data[:length].ljust(length, b"\0"))

    def _trusted_send(self, task: Taskfile) -> Outcome:
        protocol, specific, length = _protocol(task)
        if not tcg_session.protocol_out(self._core, protocol, specific, task.data[:length], task.timeout):
            raise AtaError
        return Outcome()

    def _transfer(self, task: Taskfile) -> Outcome:
        sector = self._core.drive.logical_sector
        lba = task.lba if task.extended else task.lba & 0xFFFFFF | (task.device & 0xF) << 24
        count = task.count or (65536 if task.extended else 256)
        writes = task.command in _WRITES
        if self.refusal(write=writes) or (writes and len(task.data) != count * sector):
            raise AtaError
        try:
            if task.command in _READS:
                return Outcome(data=self._core.io.read(lba * sector, count * sector))
            self._core.io.write(lba * sector, task.data)
        except OSError as error:
            raise AtaError(UNCORRECTABLE if error.errno in {errno.EIO, errno.ENODATA} else 0x10, lba) from error
        return Outcome()


def _protocol(task: Taskfile) -> tuple[int, int, int]:
    """Security protocol, what is specific to it, and bytes (ACS-4, TRUSTED SEND and RECEIVE)."""
    return task.feature & 0xFF, task.lba >> 8 & 0xFFFF, (task.count & 0xFF | (task.lba & 0xFF) << 8) * SECTOR
