"""Signals that a sick drive sends to those who talk to it."""

from __future__ import annotations

import contextlib
import os
import select
import signal
from dataclasses import dataclass

from drivers.sim import faults

_GONE_WITHIN_MS = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Process ids of a request: who opened the connection, who sent the bytes."""

    client: int
    sender: int


def kills_sender(kill: faults.Kill, origin: Origin) -> bool:
    """Send the signal; whether the request's own sender is dead of it. Raises `OSError`."""
    victim = _victim(kill, origin)
    _signal(victim, kill.signal)
    return (victim, kill.signal) == (origin.sender, signal.SIGKILL)


def _victim(kill: faults.Kill, origin: Origin) -> int:
    match kill.target:
        case faults.Target.PROCESS:
            return kill.pid
        case faults.Target.CLIENT:
            return origin.client
        case faults.Target.SENDER:
            return origin.sender


def _signal(pid: int, number: int) -> None:
    """Signal a process and, after SIGKILL, wait until it is gone. Raises `OSError`."""
    # A pidfd cannot come to mean another process; a process that has already ended needs no signal.
    with contextlib.suppress(ProcessLookupError):
        descriptor = os.pidfd_open(pid)
        try:
            signal.pidfd_send_signal(descriptor, number)
            if number == signal.SIGKILL:
                ended = select.poll()
                ended.register(descriptor, select.POLLIN)
                ended.poll(_GONE_WITHIN_MS)
        finally:
            os.close(descriptor)
