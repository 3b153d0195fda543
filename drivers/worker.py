"""The erase worker: one process that overwrites and reads back one drive. A copy of `drivers.fork_server`.

It holds one open descriptor and knows no database. It gives up every right it does not need, ignores the terminal's
interrupt (the station decides), and ends when its input ends or its parent dies. It imports the standard library and
`cryptography` only.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
from queue import SimpleQueue

from bench.work import Algorithm, Content, Report, SampleTask, Task, VerifyTask, WriteTask
from drivers import engine
from drivers.medium import open_medium
from drivers.meter import Hooks
from drivers.streams import KEY_BYTES, source_for
from drivers.worker_protocol import StopRequest, WorkerSetup, decode, encode

_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
_NOBODY = 65534
EXIT_ORPHANED = 3
NICENESS = 10
"""While there is work: the bench, its screen and workers that only start do not wait for those that generate."""


def _prctl(option: int, value: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(option, value, 0, 0, 0) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def warm_up() -> None:
    """Load everything the engine will need: after the rights are gone, imports may no longer be readable."""
    scratch = memoryview(bytearray(64))
    for algorithm in Algorithm:
        source_for(Content(algorithm=algorithm, key="00" * KEY_BYTES), 64).at(0, scratch)


def _confine(parent: int) -> None:
    """Drop root, and die with the parent. The death signal comes last: changing the user clears it."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(_NOBODY, _NOBODY, _NOBODY)
        os.setresuid(_NOBODY, _NOBODY, _NOBODY)
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(EXIT_ORPHANED)


class _Orders:
    """Reads the input in a thread: tasks are queued, a stop request is noted, its end ends the process."""

    def __init__(self) -> None:
        self.tasks: SimpleQueue[Task] = SimpleQueue()
        self._stop = threading.Event()

    def start(self) -> None:
        """Begin reading."""
        threading.Thread(target=self._read, name="orders", daemon=True).start()

    def stopping(self) -> bool:
        """Whether the station asked the running task to stop."""
        return self._stop.is_set()

    def _read(self) -> None:
        try:
            for line in sys.stdin.buffer:
                match decode(line):
                    case StopRequest():
                        self._stop.set()
                    case WriteTask() | VerifyTask() | SampleTask() as task:
                        # Orders come in order: a stop request seen so far was meant for an earlier task.
                        self._stop.clear()
                        self.tasks.put(task)
                    case other:
                        raise ValueError(f"not an order for a running worker: {other}")
        finally:
            # Nobody is left to report to. What is in flight in the kernel ends there; nothing new is started.
            os._exit(0)


def main() -> None:
    """Read the setup, then do tasks until the input ends. To be called after `warm_up`."""
    line = sys.stdin.buffer.readline()
    if not line:
        return
    setup = decode(line)
    if not isinstance(setup, WorkerSetup):
        raise TypeError("the first line must be the setup")
    medium = open_medium(setup.medium)
    _confine(setup.parent)
    out = sys.stdout.buffer

    def report(value: Report) -> None:
        out.write(encode(value))
        out.flush()

    orders = _Orders()
    orders.start()
    hooks = Hooks(report=report, stop=orders.stopping)
    os.nice(NICENESS)
    while True:
        match orders.tasks.get():
            case WriteTask() as task:
                engine.write(task, medium, hooks)
            case VerifyTask() as task:
                engine.verify(task, medium, hooks)
            case SampleTask() as task:
                engine.sample(task, medium, hooks)
