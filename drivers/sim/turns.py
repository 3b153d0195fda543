"""Whose turn it is on a drive: one request at a time, and a clock that the back channel may put forward."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_STEP_S = 0.02


class WaitedTooLongError(Exception):
    """The drive was busy with a command for longer than this request could wait: the host has reset it."""


class Turns:
    """The drive's lock. It is free while a long command works, for the power and the back channel only.

    All times are seconds on the drive's own clock, which `skip` puts forward.
    """

    def __init__(self) -> None:
        self.lock = threading.RLock()  # reentrant: a power cut strikes within a request
        self._changed = threading.Condition(self.lock)
        self._busy = False
        self._reset = False
        self._skipped = 0.0

    def now(self) -> float:
        """The drive's clock."""
        return time.monotonic() + self._skipped

    def skip(self, seconds: float) -> None:
        """Let so much time pass at once."""
        with self._changed:
            self._skipped += seconds
            self._changed.notify_all()

    @property
    def busy(self) -> bool:
        """Whether a long command is at work. Ask while holding the lock."""
        return self._busy

    @contextmanager
    def mine(self, timeout: float | None = None) -> Iterator[None]:
        """Hold the lock with no command at work. Raises `WaitedTooLongError`, having reset the drive."""
        with self._changed:
            give_up = None if timeout is None else self.now() + timeout
            while self._busy:
                if give_up is not None and self.now() >= give_up:
                    self._reset = True
                    self._changed.notify_all()
                    raise WaitedTooLongError
                self._changed.wait(_STEP_S if give_up is not None else None)
            yield

    def work(self, left: Callable[[], float], timeout: float) -> bool:
        """Be busy, with the lock held by the caller, until no seconds are `left`.

        False where the host's patience ended first, or another request's did: the drive was reset in the middle.
        """
        give_up = self.now() + timeout
        self._busy, self._reset = True, False
        try:
            while (rest := left()) > 0:
                if self._reset or self.now() >= give_up:
                    return False
                self._changed.wait(min(rest, _STEP_S))
            return True
        finally:
            self._busy = False
            self._changed.notify_all()
