"""The process that erase workers are copied from. Run as `python -I -m drivers.fork_server`, a socket as its input.

An interpreter with all that a worker needs takes time to start, and memory, for each drive again. This process has it
loaded, waits, and forks: copies start at once and share its memory. It touches no drive, and ends with its input.

Each copy is the bench's own child, as if the bench had forked: between the two stands a process that ends at once. What
such a process leaves behind goes to the nearest subreaper (PR_SET_CHILD_SUBREAPER in prctl(2)), which the bench is for
that moment. So the bench learns of a copy's end, the copy dies with the bench, and neither depends on this process any
more.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import sys
import traceback
from contextlib import ExitStack
from typing import NoReturn

from drivers import worker
from drivers.worker_protocol import Copied, encode

REQUEST = b"copy"
"""Comes with two descriptors: the worker's channel, and what gives access to its medium."""
MEDIUM_FD = 3
"""Under this number the copy has its medium; 0 and 1 are its channel, 2 is where the bench writes errors."""
_FEW = 64
"""This process never has more open."""
_FAILED = 1


def main() -> None:
    """Load all that a worker needs, then make copies until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    worker.warm_up()
    gc.collect()
    gc.freeze()  # what the collector does not touch stays shared
    with socket.socket(fileno=0) as requests:
        while True:
            message, descriptors, _, _ = socket.recv_fds(requests, len(REQUEST), 2)
            if not message:
                return
            try:
                _serve(descriptors)
            except (OSError, ValueError):
                traceback.print_exc()


def _serve(descriptors: list[int]) -> None:
    """Make a copy and announce it on its own channel: where this fails, the channel's end says so.

    By then the drive is let go of here: the worker's end is to be the end of its being held. Raises `OSError`,
    `ValueError`.
    """
    with ExitStack() as closing:
        for descriptor in descriptors:
            closing.callback(os.close, descriptor)
        channel, medium = descriptors
        copy = _copy(channel, medium)
        closing.pop_all()
        os.close(medium)
        try:
            os.write(channel, encode(Copied(pid=copy)))
        finally:
            os.close(channel)


def _copy(channel: int, medium: int) -> int:
    """Make a copy; its process id. It is then the bench's child. Raises `OSError`, `ValueError`."""
    told, telling = os.pipe()
    between = os.fork()
    if between == 0:
        _make_copy_and_end(channel, medium, telling)
    os.close(telling)
    with os.fdopen(told, "rb") as pipe:
        answer = pipe.read()
    os.waitpid(between, 0)
    return int(answer)


def _make_copy_and_end(channel: int, medium: int, telling: int) -> NoReturn:
    try:
        copy = os.fork()
        if copy == 0:
            _work(channel, medium)
        os.write(telling, str(copy).encode())
    finally:
        os._exit(0)


def _work(channel: int, medium: int) -> NoReturn:
    """What the copy does. Nothing of it returns to the code above."""
    try:
        # Not the terminal's process group: an interrupt is for the station to handle. But no session of its own:
        # kernels that schedule by session (autogroup) change between workers more often then, and a worker's niceness
        # counts only within its session.
        os.setpgid(0, 0)
        os.dup2(channel, 0)
        os.dup2(channel, 1)
        os.dup2(medium, MEDIUM_FD)
        os.closerange(MEDIUM_FD + 1, _FEW)
        worker.main()
    except BaseException:  # noqa: BLE001 - whatever it is, it is this process's end
        traceback.print_exc()
        sys.stderr.flush()
    finally:
        os._exit(_FAILED)


if __name__ == "__main__":
    main()
