"""The bench's end of the fork server: one for the whole process, started when first needed, and anew if it is lost."""

from __future__ import annotations

import atexit
import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from drivers.fork_server import REQUEST

_PR_SET_CHILD_SUBREAPER = 36


class Child:
    """A process that this one is the parent of, without having started it."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._status: int | None = None

    def poll(self) -> int | None:
        """The exit status, or the negative number of the signal that ended it; None while it lives."""
        if self._status is None:
            found, status = os.waitpid(self.pid, os.WNOHANG)
            if found:
                self._status = os.waitstatus_to_exitcode(status)
        return self._status

    def kill(self) -> None:
        """SIGKILL, where it still lives. Until it was waited for, its number is no other process's."""
        if self.poll() is None:
            os.kill(self.pid, signal.SIGKILL)


@dataclass(frozen=True, slots=True)
class _Server:
    process: subprocess.Popen[bytes]
    requests: socket.socket
    owner: int
    """The process that started it: what was forked from that needs one of its own."""


class ForkServer:
    """Starts the server and hands it requests. From any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._server: _Server | None = None
        self._adopting = 0

    @property
    def pid(self) -> int | None:
        """The server's process id; None where there is none."""
        server = self._server
        return None if server is None else server.process.pid

    def prepare(self) -> None:
        """Have a server on its way, so that it has loaded everything when it is needed. Raises `OSError`."""
        with self._lock:
            self._running()

    def request(self, channel: int, medium: int) -> None:
        """Ask for a copy with this channel and this medium (descriptors). Raises `OSError`.

        The copy is announced on the channel, or the channel ends. Meanwhile `adopting` must last.
        """
        with self._lock:
            try:
                socket.send_fds(self._running().requests, [REQUEST], [channel, medium])
            except ConnectionError:
                # It ended since it was last looked at.
                self._discard()
                socket.send_fds(self._running().requests, [REQUEST], [channel, medium])

    def discard(self) -> None:
        """Do without this server: the next copy is made by another one. What it has made lives on."""
        with self._lock:
            self._discard()

    @contextmanager
    def adopting(self) -> Iterator[None]:
        """While this lasts, what a process started from here leaves behind becomes this process's child. Nests."""
        self._adopt(+1)
        try:
            yield
        finally:
            self._adopt(-1)

    def _adopt(self, more: int) -> None:
        with self._lock:
            self._adopting += more
            libc = ctypes.CDLL(None, use_errno=True)
            if libc.prctl(_PR_SET_CHILD_SUBREAPER, int(self._adopting > 0), 0, 0, 0) != 0:
                number = ctypes.get_errno()
                raise OSError(number, os.strerror(number))

    def _running(self) -> _Server:
        server = self._server
        if server is not None and (server.owner != os.getpid() or server.process.poll() is not None):
            self._discard()
        if self._server is None:
            ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with theirs:
                process = subprocess.Popen(
                    [sys.executable, "-I", "-m", "drivers.fork_server"],
                    stdin=theirs.fileno(),
                    stdout=subprocess.DEVNULL,
                    process_group=0,
                )
            self._server = _Server(process, ours, os.getpid())
        return self._server

    def _discard(self) -> None:
        server, self._server = self._server, None
        if server is None:
            return
        server.requests.close()
        if server.owner == os.getpid():
            server.process.kill()
            server.process.wait()


FORK_SERVER = ForkServer()
"""This process's."""
atexit.register(FORK_SERVER.discard)
