"""A TCP listener on this machine's own address, which hands each connection to a thread."""

from __future__ import annotations

import contextlib
import socket
import sys
import threading
import traceback
from collections.abc import Callable
from typing import Self

LOOPBACK = "127.0.0.1"


class Listener:
    """Listens from construction to `close` on `port`, 0 for any that is free; `serve` owns the socket it is given.

    Raises `OSError` where the port is taken. A guest of QEMU's user networking reaches it as 10.0.2.2.
    """

    def __init__(self, port: int, serve: Callable[[socket.socket], None]) -> None:
        self._serve = serve
        self._listening = socket.create_server((LOOPBACK, port))
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self.port: int = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True, name=f"port {self.port}").start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Listen no more, and end all connections. Idempotent."""
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)  # wakes accept()
        self._listening.close()
        with self._lock:
            for connection in self._open:
                hang_up(connection)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return  # closed
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self._open.add(connection)
            threading.Thread(target=self._run, args=(connection,), daemon=True, name=f"port {self.port}").start()

    def _run(self, connection: socket.socket) -> None:
        try:
            self._serve(connection)
        except (EOFError, ConnectionError):
            pass  # the other side is gone
        except Exception:  # noqa: BLE001 - one connection's failure must not end the others; it is told in full
            sys.stderr.write(f"port {self.port}: {traceback.format_exc()}")
            sys.stderr.flush()
        finally:
            with self._lock:
                self._open.discard(connection)
            connection.close()


def hang_up(connection: socket.socket) -> None:
    """End a connection that another thread may be reading: it sees the end at once."""
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


def receive(connection: socket.socket, length: int) -> bytes:
    """Exactly so many bytes. Raises `EOFError` where the other side ends first, and `OSError`."""
    data = bytearray(length)
    view = memoryview(data)
    while view:
        count = connection.recv_into(view, 0, socket.MSG_WAITALL)
        if not count:
            raise EOFError
        view = view[count:]
    return bytes(data)
