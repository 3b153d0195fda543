"""An erasure at work: what it does to the medium as its progress reaches there, and what interrupts it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from drivers.sim.cache import MediumFile, WriteCache
from drivers.sim.command_faults import CapacityChange, ErasePowerCut, LyingErase, SanitizeFailure
from drivers.sim.commands.memory import WHOLE, EraseKind, Erasure, Memory, SanitizeState
from drivers.sim.commands.spec import Leaves
from drivers.sim.health import Health
from drivers.sim.turns import Turns

_ALIGNED = 4096


class Eraser:
    """Moves the erasure in the drive's memory on as its clock does. Every method wants the drive's lock held.

    `power_fails` does not return. After an erasure's end `on_end` is called with it.
    """

    def __init__(
        self, memory: Memory, medium: MediumFile, cache: WriteCache, turns: Turns, health: Health, leaves: Leaves
    ) -> None:
        self._memory = memory
        self._medium = medium
        self._cache = cache
        self._turns = turns
        self._health = health
        self._leaves = leaves
        self._since = turns.now()
        self._done_then = memory.erasure.done
        self.power_fails: Callable[[], None] = lambda: None
        self.on_end: Callable[[Erasure], None] = lambda _: None

    @property
    def running(self) -> Erasure | None:
        """The erasure at work."""
        return None if self._memory.erasure.kind is EraseKind.NONE else self._memory.erasure

    def power_on(self) -> None:
        """A sanitize goes on where it stood; anything else was interrupted for good."""
        if self.running and not self._memory.erasure.kind.is_sanitize:
            self._interrupted()

    def begin(self, erasure: Erasure) -> None:
        """Start, in the background. Raises `OSError` of the host."""
        self._cache.flush()
        self._memory.erasure = erasure
        self._since, self._done_then = self._turns.now(), 0
        if erasure.kind.is_sanitize:
            self._memory.sanitize.state = SanitizeState.RUNNING
            self._memory.sanitize.untouched = False

    def run(self, erasure: Erasure, timeout: float) -> bool:
        """Start and be busy until the end; False where the host's patience ended first and the drive was reset."""
        self.begin(erasure)
        finished = self._turns.work(self._left, timeout)
        if not finished:
            self._interrupted()
        return finished

    def tick(self) -> None:
        """Do what is due by now."""
        if not self.running:
            return
        job = self._memory.erasure
        passed = (self._turns.now() - self._since) * 1000 / job.ms
        done = min(WHOLE, self._done_then + int(passed * WHOLE))
        cut, failure = self._health.find(ErasePowerCut), self._health.find(SanitizeFailure)
        if cut and done >= cut.progress * WHOLE // 1000:
            self._health.forget(cut)
            self._reach(cut.progress * WHOLE // 1000)
            # The clock ran on before anybody asked: nothing of that was done.
            self._since, self._done_then = self._turns.now(), self._memory.erasure.done
            self.power_fails()
        if failure and job.kind.is_sanitize and done >= failure.progress * WHOLE // 1000:
            self._reach(failure.progress * WHOLE // 1000)
            self._memory.erasure = Erasure()
            self._memory.sanitize.state = SanitizeState.FAILED
            self._memory.sanitize.may_leave_failure |= failure.opens
            return
        self._reach(done)
        if done == WHOLE:
            self._finish(job)

    def _left(self) -> float:
        self.tick()
        if not self.running:
            return 0
        return self._memory.erasure.ms * (WHOLE - self._memory.erasure.done) / WHOLE / 1000 + 1e-6

    def _reach(self, done: int) -> None:
        job = self._memory.erasure
        if done <= job.done:
            return
        touches = not job.kind.changes_key and job.kind is not EraseKind.FORMAT_NOTHING
        if touches:
            self._fill(self._place(job.done), self._place(done), job.pattern)
        self._memory.erasure = replace(job, done=done)

    def _fill(self, first: int, end: int, pattern: str = "") -> None:
        """Fill, as far as the drive does what it says."""
        lie = self._health.find(LyingErase)
        end = end if lie is None else min(end, lie.stays_from)
        if first < end:
            self._medium.fill(first, end, bytes.fromhex(pattern))

    def _place(self, done: int) -> int:
        job = self._memory.erasure
        place = job.first + (job.end - job.first) * done // WHOLE
        return place if done == WHOLE else max(job.first, place - place % _ALIGNED)

    def _finish(self, job: Erasure) -> None:
        memory = self._memory
        if not self._health.find(LyingErase):
            self._lose_data(job)
        elif job.kind.changes_key:
            self._fill(job.first, job.end)
        memory.erasure = Erasure()
        if job.kind.is_sanitize:
            memory.sanitize.state = SanitizeState.DONE
            memory.sanitize.untouched = True
            memory.format.corrupt = False
        elif job.kind is not EraseKind.SECURITY:
            memory.format.corrupt = False
            memory.format.block = job.block or memory.format.block
        if change := self._health.find(CapacityChange):
            memory.size = change.size
        self.on_end(job)

    def _lose_data(self, job: Erasure) -> None:
        """What comes at the end only: the media key."""
        whole = (job.first, job.end) == (0, self._medium.size)
        if job.kind.changes_key and not whole:
            self._medium.fill(job.first, job.end)
        elif job.kind.changes_key:
            self._memory.generation = self._memory.generation + 1 if self._leaves is Leaves.NOISE else 0
            self._medium.change_key(self._memory.generation)
        elif whole and not any(bytes.fromhex(job.pattern)) and job.kind is not EraseKind.FORMAT_NOTHING:
            # Zeros as they are, where they had to be written through the noise of a key.
            self._memory.generation = 0
            self._medium.change_key(0)

    def _interrupted(self) -> None:
        job = self._memory.erasure
        self._memory.erasure = Erasure()
        if job.kind in {EraseKind.FORMAT, EraseKind.FORMAT_CRYPTO, EraseKind.FORMAT_NOTHING}:
            self._memory.format.corrupt = True
