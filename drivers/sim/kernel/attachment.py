"""A virtual drive as a front end holds it for a host's kernel: one claim, and as many connections as it needs."""

from __future__ import annotations

import contextlib
import errno
import os
import select
import socket
import threading
import time
from collections.abc import Callable
from typing import Self

from drivers.sim.client import Place, SimConnection
from drivers.sim.commands.frames import Reply, Request, pack_request, unpack_reply
from drivers.sim.documents import DocumentError
from drivers.sim.protocol import DriveInfo

_CLAIM_WITHIN_S = 5.0
"""A host that has just died may still hold the drive: its last requests are being served."""
_CLAIM_AGAIN_S = 0.05
FOREVER_S = 7 * 86400.0
"""The patience of a command: it is the host's kernel that loses it, on its side of the front end."""


class Attachment:
    """Holds one drive from construction to `close`. `lane` gives connections that share its claim.

    `lost` is called once, in a thread of its own, when the drive loses its power or this is closed. Raises `OSError`
    where the drive is off (ECONNREFUSED, or ENODEV behind a relay), is not there (ENOENT) or is held by others (EBUSY).
    """

    def __init__(self, place: Place, lost: Callable[[], None]) -> None:
        self._place = place
        self._lost = lost
        self._lock = threading.Lock()
        self._lanes: list[SimConnection] = []
        self._holder = SimConnection.connect_to(place)
        try:
            _claim(self._holder)
            self._token = self._holder.share()
            self.info: DriveInfo = self._holder.info()
        except BaseException:
            self._holder.close()
            raise
        threading.Thread(target=self._watch, daemon=True, name=f"power of {place}").start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def lane(self) -> Lane:
        """One more connection, for one command at a time. Raises `OSError`, ENODEV once closed."""
        connection = SimConnection.connect_to(self._place)
        try:
            connection.join(self._token)
        except OSError:
            connection.close()
            raise
        with self._lock:
            self._lanes.append(connection)
        return Lane(connection)

    def close(self) -> None:
        """Let the drive go; whoever waits for an answer on a lane gets ENODEV. Idempotent."""
        with self._lock:
            for connection in (*self._lanes, self._holder):
                hang_up(connection)
            self._lanes.clear()

    def _watch(self) -> None:
        poll = select.poll()
        poll.register(self._holder, select.POLLIN)  # the holder asks nothing more: only an end can come
        poll.poll()
        self._lost()
        self._holder.close()


class Lane:
    """A connection to an attached drive. Requests raise `OSError` with the drive's error number.

    Its user closes it, also after the attachment was closed.
    """

    def __init__(self, connection: SimConnection) -> None:
        self.connection = connection

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def command(self, request: Request) -> Reply:
        """Perform a firmware command. Raises `OSError`, EPROTO for an unreadable answer, ETIMEDOUT for a late one."""
        try:
            return unpack_reply(self.connection.command(pack_request(request), timeout=request.timeout))
        except DocumentError as error:
            raise OSError(errno.EPROTO, str(error)) from error

    def read(self, offset: int, length: int, namespace: int = 0) -> bytes:
        """Read whole sectors; shorter where the drive gives less."""
        buffer = bytearray(length)
        return bytes(buffer[: self.connection.read_into(offset, memoryview(buffer), namespace)])

    def write(self, offset: int, data: bytes, namespace: int = 0) -> int:
        """Write whole sectors; the number of bytes taken."""
        return self.connection.write(offset, memoryview(data), namespace)

    def flush(self) -> None:
        """Return once everything written so far is on the medium."""
        self.connection.flush()


def _claim(connection: SimConnection) -> None:
    give_up = time.monotonic() + _CLAIM_WITHIN_S
    while True:
        try:
            connection.claim()
        except OSError as error:
            if error.errno != errno.EBUSY or time.monotonic() >= give_up:
                raise
            time.sleep(_CLAIM_AGAIN_S)
        else:
            return


def hang_up(connection: SimConnection) -> None:
    """End a connection that another thread may be waiting on: a close alone would not wake that thread."""
    if connection.fileno() < 0:
        return
    with contextlib.suppress(OSError), socket.socket(fileno=os.dup(connection.fileno())) as copy:
        copy.shutdown(socket.SHUT_RDWR)
