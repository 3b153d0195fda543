"""The ATA Security feature set: the states SEC0 to SEC6 of ACS-4 4.18, and a counter of wrong passwords."""

from __future__ import annotations

from drivers.sim.command_faults import FrozenForever
from drivers.sim.commands.ata_registers import AtaError, Handlers, Outcome, Taskfile
from drivers.sim.commands.core import Core
from drivers.sim.commands.memory import EraseKind, Erasure

_TRIES = 5
SET_PASSWORD, UNLOCK, ERASE_PREPARE, ERASE_UNIT, FREEZE_LOCK, DISABLE = 0xF1, 0xF2, 0xF3, 0xF4, 0xF5, 0xF6
ENHANCED_PATTERN = "a55a"


class Security:
    """Frozen, locked, prepared and the tries left end with the power; passwords do not."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._memory = core.memory.security
        self._frozen = core.spec.frozen_at_power_on
        self.locked = self._memory.enabled
        self.tries = _TRIES
        self._prepared = False

    @property
    def frozen(self) -> bool:
        """Nothing of it can be changed until the next power-on."""
        return self._frozen or self._core.health.find(FrozenForever) is not None

    @property
    def expired(self) -> bool:
        """Too many wrong passwords."""
        return self.tries == 0

    @property
    def status(self) -> int:
        """IDENTIFY word 128 (ACS-4 7.13.6.60)."""
        if not self._core.spec.security:
            return 0
        bits = (True, self._memory.enabled, self.locked, self.frozen, self.expired, self._core.spec.enhanced)
        return sum(1 << place for place, bit in enumerate(bits) if bit) | (self._memory.maximum << 8)

    def handlers(self, visible: int) -> Handlers:
        """Commands of this feature set; `visible` bytes are what ERASE UNIT reaches."""
        if not self._core.spec.security:
            return {}
        return {
            SET_PASSWORD: self._set_password,
            UNLOCK: self._unlock,
            ERASE_PREPARE: self._prepare,
            ERASE_UNIT: lambda task: self._erase(task, visible),
            FREEZE_LOCK: self._freeze,
            DISABLE: self._disable,
        }

    def before(self, command: int) -> None:
        """ERASE PREPARE holds for the very next command only."""
        if command != ERASE_UNIT:
            self._prepared = False

    def _set_password(self, task: Taskfile) -> Outcome:
        if self.locked or self.frozen:
            raise AtaError
        identifier, level, password = task.data[0] & 1, task.data[1] & 1, task.data[2:34].hex()
        if identifier:
            self._memory.master = password
            self._memory.revision = int.from_bytes(task.data[34:36], "little")
        else:
            self._memory.user, self._memory.enabled, self._memory.maximum = password, True, bool(level)
        return Outcome()

    def _unlock(self, task: Taskfile) -> Outcome:
        if self.frozen or self.expired or not self._memory.enabled:
            raise AtaError
        master = task.data[0] & 1
        if (master and self._memory.maximum) or not self._fits(task):
            if self.locked:
                self.tries -= 1
            raise AtaError
        self.locked = False
        return Outcome()

    def _prepare(self, _: Taskfile) -> Outcome:
        if self.frozen:
            raise AtaError
        self._prepared = True
        return Outcome()

    def _erase(self, task: Taskfile, visible: int) -> Outcome:
        prepared, self._prepared = self._prepared, False
        enhanced = bool(task.data[0] & 2)
        if self.frozen or self.expired or not prepared or not self._fits(task):
            raise AtaError
        if enhanced and not self._core.spec.enhanced:
            raise AtaError
        end = self._core.drive.size if enhanced else visible
        erasure = Erasure(
            kind=EraseKind.SECURITY,
            end=end,
            pattern=ENHANCED_PATTERN if enhanced else "",
            ms=self._core.spec.erase_ms,
        )
        self._core.run(erasure, task.timeout)
        self._memory.user, self._memory.enabled, self._memory.maximum = "", False, False
        self.locked = False
        return Outcome()

    def _freeze(self, _: Taskfile) -> Outcome:
        if self.locked:
            raise AtaError
        self._frozen = True
        return Outcome()

    def _disable(self, task: Taskfile) -> Outcome:
        master = task.data[0] & 1
        if self.locked or self.frozen or (master and self._memory.maximum) or not self._fits(task):
            raise AtaError
        self._memory.user, self._memory.enabled, self._memory.maximum = "", False, False
        return Outcome()

    def _fits(self, task: Taskfile) -> bool:
        password = self._memory.master if task.data[0] & 1 else self._memory.user
        return password != "" and task.data[2:34].hex() == password
