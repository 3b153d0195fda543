"""The ATA Sanitize Device feature set: command B4h and the states SD0 to SD4 of ACS-4 4.17."""

from __future__ import annotations

from drivers.sim.command_faults import FrozenForever
from drivers.sim.commands.ata_registers import ABORTED, AtaError, Handlers, Outcome, Taskfile
from drivers.sim.commands.core import Core
from drivers.sim.commands.memory import EraseKind, SanitizeState

SANITIZE = 0xB4
STATUS, CRYPTO, BLOCK, OVERWRITE, FREEZE, ANTIFREEZE = 0x00, 0x11, 0x12, 0x14, 0x20, 0x40
_FREEZE_KEY, _ANTIFREEZE_KEY = 0x46724C6B, 0x416E7469
_KEYS = {CRYPTO: 0x43727970, BLOCK: 0x426B4572}
_KINDS = {"crypto": CRYPTO, "block": BLOCK, "overwrite": OVERWRITE}
_FAILED, _UNSUPPORTED, _FROZEN, _ANTIFROZEN = 1, 2, 3, 4
"""SANITIZE DEVICE ERROR, in LBA(7:0)."""
_NOT_RUNNING = 0xFFFF


class Sanitize:
    """Frozen and anti-frozen end with the power; a sanitize and its outcome do not."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._memory = core.memory.sanitize
        self._frozen = False
        self._antifrozen = False

    @property
    def frozen(self) -> bool:
        """SD1."""
        return self._frozen or self._core.health.find(FrozenForever) is not None

    @property
    def features(self) -> int:
        """IDENTIFY word 59, bits 15:10 (ACS-4 7.13.6.21)."""
        able = self._core.spec.sanitizes
        bits = {"block": 15, "overwrite": 14, "crypto": 13}
        return sum(1 << bits[kind] for kind in able) | (0x1C00 if able else 0)

    def handlers(self) -> Handlers:
        """The one command."""
        return {SANITIZE: self._sanitize} if self._core.spec.sanitizes else {}

    def is_status(self, task: Taskfile) -> bool:
        """SANITIZE STATUS EXT, which is always allowed."""
        return task.command == SANITIZE and task.feature & 0xFF == STATUS

    def _sanitize(self, task: Taskfile) -> Outcome:
        match task.feature:
            case 0x00:
                return self._status(task)
            case 0x20:
                return self._freeze(task)
            case 0x40:
                return self._antifreeze(task)
            case feature if feature in {_KINDS[kind] for kind in self._core.spec.sanitizes}:
                return self._start(task)
            case _:
                raise AtaError(ABORTED, _UNSUPPORTED)

    def _status(self, task: Taskfile) -> Outcome:
        if self._core.sanitize_state is SanitizeState.FAILED:
            if not (task.count & 1 and self._memory.may_leave_failure):
                raise AtaError(ABORTED, _FAILED)
            self._memory.state = SanitizeState.IDLE
        return self._told()

    def _start(self, task: Taskfile) -> Outcome:
        if self.frozen:
            raise AtaError(ABORTED, _FROZEN)
        if self._core.refuses_while_locked:
            raise AtaError
        pattern, passes = "", 1
        if task.feature == OVERWRITE:
            if task.lba >> 32 != 0x4F57:
                raise AtaError(ABORTED, _UNSUPPORTED)
            passes = task.count & 0xF or 16
            word = task.lba & 0xFFFFFFFF
            if task.count & 0x80 and passes % 2 == 0:
                word ^= 0xFFFFFFFF  # inverted between passes: the last of an even number is the complement
            pattern = word.to_bytes(4, "big").hex()
        elif task.lba != _KEYS[task.feature]:
            raise AtaError(ABORTED, _UNSUPPORTED)
        if not self._core.swallows:
            self._memory.may_leave_failure = bool(task.count & 0x10)
        self._core.sanitize(_ERASES[task.feature], pattern, passes=passes)
        return self._told()

    def _freeze(self, task: Taskfile) -> Outcome:
        if task.lba & 0xFFFFFFFF != _FREEZE_KEY:
            raise AtaError(ABORTED, _UNSUPPORTED)
        if self._antifrozen:
            raise AtaError(ABORTED, _ANTIFROZEN)
        self._frozen = True
        return self._told()

    def _antifreeze(self, task: Taskfile) -> Outcome:
        if task.lba & 0xFFFFFFFF != _ANTIFREEZE_KEY:
            raise AtaError(ABORTED, _UNSUPPORTED)
        if self.frozen:
            raise AtaError(ABORTED, _FROZEN)
        self._antifrozen = True
        return self._told()

    def _told(self) -> Outcome:
        """The outputs of every SANITIZE DEVICE command (ACS-4 7.36.2.4)."""
        if self._core.talks_nonsense:
            return Outcome(count=0xC0FF, lba=0x1234)
        state = self._core.sanitize_state
        job = self._core.eraser.running
        bits = {15: state is SanitizeState.DONE, 14: state is SanitizeState.RUNNING, 13: self.frozen}
        count = sum(1 << place for place, bit in {**bits, 12: self._antifrozen}.items() if bit)
        progress = min(job.done, _NOT_RUNNING - 1) if job and state is SanitizeState.RUNNING else _NOT_RUNNING
        return Outcome(count=count, lba=progress)


_ERASES = {CRYPTO: EraseKind.CRYPTO, BLOCK: EraseKind.BLOCK, OVERWRITE: EraseKind.OVERWRITE}
