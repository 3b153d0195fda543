"""Hidden capacity of an ATA drive: HPA and DCO (ACS-2), or AMA (ACS-4), each with the limits that drives keep."""

from __future__ import annotations

import struct

from drivers.sim.commands.ata_registers import (
    ABORTED,
    NOT_FOUND,
    SECTOR,
    AtaError,
    Handlers,
    Outcome,
    Taskfile,
    checked,
)
from drivers.sim.commands.core import Core
from drivers.sim.commands.spec import Hiding

READ_NATIVE_MAX, READ_NATIVE_MAX_EXT, SET_MAX, SET_MAX_EXT, DCO, AMA = 0xF8, 0x27, 0xF9, 0x37, 0xB1, 0x78
_RESTORE, _FREEZE, _IDENTIFY, _SET = 0xC0, 0xC1, 0xC2, 0xC3


class Hidden:
    """How much the drive shows. Freezes, and what may be done once per power-on, end with the power."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._memory = core.memory.hidden
        self._sector = core.drive.logical_sector
        self.size = core.drive.size
        """What the medium holds."""
        self.native = min(self._memory.dco or self.size, self.size)
        """What READ NATIVE MAX tells: until the next power-on, a changed overlay does not show."""
        self._shown = min(self._memory.hpa or self.native, self.native)
        self._native_read = False
        self._set_once = False
        self._restored = False
        self._frozen = self._dco_frozen = False

    @property
    def shown(self) -> int:
        """What IDENTIFY tells and reads reach, in bytes."""
        return self._shown

    def before(self, command: int) -> bool:
        """Whether READ NATIVE MAX was the command right before this one."""
        read, self._native_read = self._native_read, command in {READ_NATIVE_MAX, READ_NATIVE_MAX_EXT}
        return read

    def handlers(self, native_just_read: bool) -> Handlers:  # noqa: FBT001 - an answer of `before`
        """Commands of the feature sets this drive has."""
        match self._core.spec.hiding:
            case Hiding.NONE:
                return {}
            case Hiding.AMA:
                return {AMA: self._ama}
            case Hiding.HPA_DCO:
                return {
                    READ_NATIVE_MAX: self._read_native,
                    READ_NATIVE_MAX_EXT: self._read_native,
                    SET_MAX: lambda task: self._set_max(task, native_just_read=native_just_read),
                    SET_MAX_EXT: lambda task: self._set_max(task, native_just_read=native_just_read),
                    DCO: self._dco,
                }

    def _read_native(self, _: Taskfile) -> Outcome:
        return Outcome(lba=self.native // self._sector - 1)

    def _set_max(self, task: Taskfile, *, native_just_read: bool) -> Outcome:
        if task.command == SET_MAX and task.feature == 4:
            self._frozen = True
            return Outcome()
        wanted = (task.lba + 1) * self._sector
        lasting = bool(task.count & 1)
        if self._frozen or not native_just_read or (task.command == SET_MAX and task.feature):
            raise AtaError(ABORTED)
        if wanted > self.native or (lasting and self._set_once):
            raise AtaError(NOT_FOUND)
        self._shown = wanted
        if lasting:
            self._set_once = True
            self._memory.hpa = 0 if wanted == self.native else wanted
        return Outcome(lba=task.lba)

    def _dco(self, task: Taskfile) -> Outcome:
        if self._dco_frozen:
            raise AtaError
        match task.feature & 0xFF:
            case 0xC0:
                return self._restore()
            case 0xC1:
                self._dco_frozen = True
                return Outcome()
            case 0xC2:
                return Outcome(data=self._overlay())
            case 0xC3:
                return self._set(task)
            case _:
                raise AtaError

    def _restore(self) -> Outcome:
        # ACS-2 7.9.6: not while an HPA is set; once per power-on, as drives do, with IDENTIFY stale until the next.
        if self._restored or self._memory.hpa or self._shown != self.native:
            raise AtaError
        self._restored = True
        self._memory.dco = 0
        return Outcome()

    def _set(self, task: Taskfile) -> Outcome:
        if self._memory.dco or self._memory.hpa or self._shown != self.native or len(task.data) != SECTOR:
            raise AtaError
        wanted = (int(struct.unpack_from("<Q", task.data, 6)[0]) + 1) * self._sector
        if wanted > self.size:
            raise AtaError
        self._memory.dco = wanted if wanted < self.size else 0
        return Outcome()

    def _overlay(self) -> bytes:
        """DCO IDENTIFY data (ACS-2 table 27): what the drive could show at most."""
        sector = bytearray(SECTOR)
        # SMART, self-test, error log, security, HPA and 48 bits; for Serial ATA, NCQ, power management and SSP.
        struct.pack_into("<HHHQHH", sector, 0, 2, 7, 0x7F, self.size // self._sector - 1, 0x018F, 0x15)
        return checked(sector)

    def _ama(self, task: Taskfile) -> Outcome:
        match task.feature & 0xFF:
            case 0:
                return Outcome(lba=self.size // self._sector - 1)
            case 1:
                return self._set_accessible(task)
            case 2:
                self._frozen = True
                return Outcome()
            case _:
                raise AtaError

    def _set_accessible(self, task: Taskfile) -> Outcome:
        if self._frozen or self._set_once:
            raise AtaError  # ACS-4 7.2.3: once per power-on
        wanted = (task.lba + 1) * self._sector
        if wanted > self.size:
            raise AtaError(NOT_FOUND)
        self._set_once = True
        self._memory.hpa = 0 if wanted == self.size else wanted
        self._shown = wanted
        return Outcome(lba=task.lba)
