"""What a task tells about itself: progress, checkpoints, measurements, and how it ended."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from bench.work import Checkpointed, Finished, Progress, Report, StopCause, Stopped
from drivers.ahead import Chunk
from drivers.salvage import Transfer
from drivers.timed import TimedMedium

PROGRESS_SECONDS = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Hooks:
    """The engine's way out: where reports go, whether to stop, and two clocks in seconds.

    `cpu` counts the processor time of the thread that asks.
    """

    report: Callable[[Report], None]
    stop: Callable[[], bool]
    clock: Callable[[], float] = time.monotonic
    cpu: Callable[[], float] = time.thread_time


class EndError(Exception):
    """The task ends before its end."""

    def __init__(self, cause: StopCause) -> None:
        super().__init__(cause.value)
        self.cause = cause


def check_stop(hooks: Hooks) -> None:
    """Raise `EndError` if the station asked for a stop."""
    if hooks.stop():
        raise EndError(StopCause.ASKED)


class Meter:
    """Counts what a task has moved, says when to report and when to checkpoint, and reports its end."""

    def __init__(self, start: int, checkpoint_ms: int, hooks: Hooks, medium: TimedMedium) -> None:
        self.offset = start
        self.safe = start
        self._moved = 0
        self._missed = 0
        self._hooks = hooks
        self._medium = medium
        self._interval = checkpoint_ms / 1000
        self._began = self._last_report = self._last_checkpoint = hooks.clock()

    def moved(self, chunk: Chunk, count: int) -> None:
        """A chunk was finished, with `count` of its bytes written or compared."""
        self.offset = chunk.end
        self._moved += count
        self._missed += len(chunk.data) - count
        self._beat()

    def beating(self, transfer: Transfer) -> Transfer:
        """The same transfer, reported as a sign of life: a drive that answers with errors is not one that hangs.

        Settling what is bad can take minutes, so a stop that was asked for ends it.
        """

        def transferred(offset: int, data: memoryview) -> int:
            check_stop(self._hooks)
            try:
                return transfer(offset, data)
            finally:
                self._beat()

        return transferred

    def _beat(self) -> None:
        now = self._hooks.clock()
        if now - self._last_report >= PROGRESS_SECONDS:
            self._last_report = now
            self._hooks.report(Progress(offset=self.offset, moved=self._moved, busy_us=self._medium.busy_us))

    @property
    def checkpoint_due(self) -> bool:
        """Whether the time since the last checkpoint is up."""
        return self._hooks.clock() - self._last_checkpoint >= self._interval

    def checkpoint(self) -> None:
        """Everything up to here is done for good."""
        self._last_checkpoint = self._hooks.clock()
        if self.offset > self.safe:
            self.safe = self.offset
            self._hooks.report(Checkpointed(offset=self.offset))
        self._measured(self.offset)

    def finished(self, places: int = 0) -> None:
        """Report that the task reached its end."""
        self._measured()
        self._hooks.report(Finished(moved=self._moved, busy_ms=self._busy_ms(), missed=self._missed, places=places))

    def stopped(self, cause: StopCause) -> None:
        """Report that the task ended before its end."""
        self._measured()
        self._hooks.report(Stopped(offset=self.safe, moved=self._moved, busy_ms=self._busy_ms(), cause=cause))

    def _measured(self, upto: int | None = None) -> None:
        """Report the zones before `upto`, or all."""
        measured = self._medium.zones.measured(upto)
        if measured is not None:
            self._hooks.report(measured)

    def _busy_ms(self) -> int:
        return round((self._hooks.clock() - self._began) * 1000)
