"""Lending an open drive to a bench that was started again, while a command worker still holds it with `O_EXCL`.

The kernel lets nobody else open the drive then, not even for reading back. So the worker gives copies of its own
descriptors (the drive's, then those of the namespaces that go with it) away, over a socket in its folder, which only
its owner can enter.
"""

from __future__ import annotations

import fcntl
import os
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

_NAME = "hold"
_PATIENCE_S = 2.0
MOST = 250
"""Descriptors that one message can carry: the kernel's limit (SCM_MAX_FD) is 253."""


def lend(folder: Path, fds: Sequence[int]) -> None:
    """Give copies of `fds` to whoever asks, in a thread, for as long as this process lives."""
    (folder / _NAME).unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    with _short(folder) as path:
        listener.bind(path)
    (folder / _NAME).chmod(0o600)
    listener.listen()
    threading.Thread(target=_serve, args=(listener, tuple(fds)), name="lending", daemon=True).start()


def borrow(folder: Path) -> tuple[int, ...]:
    """Copies of the descriptors that the process of this folder holds; none where nobody lends."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as asking:
        asking.settimeout(_PATIENCE_S)
        try:
            with _short(folder) as path:
                asking.connect(path)
            _, fds, _, _ = socket.recv_fds(asking, 1, MOST)
        except OSError:
            return ()
    for fd in fds:
        fcntl.fcntl(fd, fcntl.F_SETFD, fcntl.FD_CLOEXEC)  # before Python 3.13 the call above takes no flags
    return tuple(fds)


def _serve(listener: socket.socket, fds: tuple[int, ...]) -> None:
    while True:
        asking, _ = listener.accept()
        with asking:
            try:
                socket.send_fds(asking, [b"!"], fds)
            except OSError:
                continue  # who asked is gone


@contextmanager
def _short(folder: Path) -> Iterator[str]:
    """A short path to the socket: socket addresses end at 107 bytes."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{descriptor}/{_NAME}"
    finally:
        os.close(descriptor)
