"""What every kind of firmware has: its drive, its memory, its eraser, and a way to the medium."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from drivers.sim.command_faults import LockedRefusesErase, Says, StaleSuccess, SwallowedCommand, WrongStatus
from drivers.sim.commands.eraser import Eraser
from drivers.sim.commands.memory import EraseKind, Erasure, Memory, SanitizeState
from drivers.sim.commands.spec import CommandSpec
from drivers.sim.folder import DriveSpec
from drivers.sim.health import Health


class Io(Protocol):
    """Reads and writes on behalf of a command, bytes at offsets. Raise `OSError` as a block request does."""

    def read(self, offset: int, length: int) -> bytes:
        """Read."""
        ...

    def write(self, offset: int, data: bytes) -> None:
        """Write."""
        ...

    def flush(self) -> None:
        """Empty the write cache."""
        ...


class HostResetError(Exception):
    """A command took longer than the host had patience: it was aborted by a reset, and has no answer."""


@dataclass(slots=True, kw_only=True)
class TcgState:
    """TCG locking as it is now; and a conversation, all of it forgotten without power.

    `session` and `host` number the open session, 0 where there is none; `sessions` counts them; `answer` waits to be
    fetched; `wrong_psids` came one after another.
    """

    enabled: bool = False
    locked: bool = False
    shadow: bool = False
    session: int = 0
    host: int = 0
    sessions: int = 0
    answer: bytes = b""
    wrong_psids: int = 0


@dataclass(slots=True, kw_only=True)
class Core:
    """One drive's innards, shared by the parts of its firmware. `power_cycles` counts this power-on."""

    drive: DriveSpec
    memory: Memory
    health: Health
    eraser: Eraser
    io: Io
    power_cycles: int
    tcg: TcgState = field(default_factory=TcgState)

    @property
    def spec(self) -> CommandSpec:
        """The firmware's options."""
        return self.drive.commands

    @property
    def swallows(self) -> bool:
        """Whether an erasure asked for now will never begin."""
        return bool(self.health.find(SwallowedCommand) or self.health.find(StaleSuccess))

    @property
    def refuses_while_locked(self) -> bool:
        """Whether TCG locking forbids an erasure now."""
        return self.tcg.locked and self.health.find(LockedRefusesErase) is not None

    def begin(self, erasure: Erasure) -> None:
        """Start an erasure in the background."""
        if not self.swallows:
            self.eraser.begin(erasure)

    def run(self, erasure: Erasure, timeout: float) -> None:
        """Run an erasure to its end, seconds `timeout` at most. Raises `HostResetError`."""
        if not self.swallows and not self.eraser.run(erasure, timeout):
            raise HostResetError

    def sanitize(self, kind: EraseKind, pattern: str = "", *, passes: int = 1, wait: float | None = None) -> None:
        """Start a sanitize of the whole medium, or run it for `wait` seconds. Raises `HostResetError`."""
        duration = self.spec.crypto_ms if kind is EraseKind.CRYPTO else self.spec.erase_ms * passes
        erasure = Erasure(kind=kind, end=self.drive.medium_size, pattern=pattern, ms=duration)
        if wait is None:
            self.begin(erasure)
        else:
            self.run(erasure, wait)

    @property
    def sanitize_state(self) -> SanitizeState:
        """As a status is to tell it; `Says.NONSENSE` is for the one who tells."""
        says = self.health.find(WrongStatus)
        told = {Says.DONE: SanitizeState.DONE, Says.NEVER: SanitizeState.IDLE, Says.FAILED: SanitizeState.FAILED}
        if says and says.says in told:
            return told[says.says]
        if self.health.find(StaleSuccess) and self.memory.sanitize.state is SanitizeState.IDLE:
            return SanitizeState.DONE
        return self.memory.sanitize.state

    @property
    def talks_nonsense(self) -> bool:
        """Whether a status is to be one that no standard defines."""
        says = self.health.find(WrongStatus)
        return says is not None and says.says is Says.NONSENSE
