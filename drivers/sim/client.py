"""The bench's side of a virtual drive: one connection, used much like an open block device.

Standard library only: the erase worker imports this.
"""

from __future__ import annotations

import errno
import os
import select
import socket
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, TypeAlias

from drivers.sim import folder
from drivers.sim.documents import DocumentError
from drivers.sim.protocol import (
    MAX_PAYLOAD,
    REPLY_SIZE,
    DriveInfo,
    FrameError,
    Op,
    Reply,
    Request,
    decode,
    encode,
    reply_mark,
    send_all,
)

_NOTHING = memoryview(b"")
_GRACE_S = 2.0
"""Beyond a command's own time-out, which the drive itself keeps: what is late then never comes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relayed:
    """Where a relay (`drivers.sim.kernel.relay`) answers for one drive: a host and a TCP port."""

    host: str
    port: int


Place: TypeAlias = Path | Relayed
"""A drive's folder on this machine, or its relay on another."""


class SimConnection:
    """A connection to a virtual drive. All requests raise `OSError` with the drive's error number.

    A drive that goes away raises ENODEV. The descriptor may be passed to another process, which continues with
    `from_fd`; one process talks at a time, and if it is killed in the middle of a request the next one can carry
    on. Threads may share a connection.
    """

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        self._turn = threading.Lock()
        # Random, so that a reply to a process that held this connection before is never taken for one's own.
        self._tag = int.from_bytes(os.urandom(8), "big")

    @classmethod
    def connect(cls, where: Path) -> Self:
        """Connect to the drive of this folder.

        Raises `FileNotFoundError` where there is no drive and `ConnectionRefusedError` where it is switched off.
        """
        if not (where / folder.SPEC).is_file():
            raise FileNotFoundError(errno.ENOENT, "there is no virtual drive in this folder", str(where))
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            with folder.socket_path(where) as path:
                connection.connect(path)
        except (FileNotFoundError, ConnectionRefusedError):
            connection.close()
            raise ConnectionRefusedError(
                errno.ECONNREFUSED, "the virtual drive is switched off; start it first", str(where)
            ) from None
        except BaseException:
            connection.close()
            raise
        return cls(connection)

    @classmethod
    def connect_to(cls, place: Place) -> Self:
        """Connect to a drive wherever it is, as `connect`. Behind a relay, one that is off raises ENODEV when asked.

        Raises `OSError` where no relay answers.
        """
        if isinstance(place, Path):
            return cls.connect(place)
        connection = socket.create_connection((place.host, place.port))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return cls(connection)

    @classmethod
    def from_fd(cls, descriptor: int) -> Self:
        """Take over a connection's descriptor, as inherited from another process. Raises `OSError`."""
        return cls(socket.socket(fileno=descriptor))

    def fileno(self) -> int:
        """The descriptor to pass on; -1 once closed."""
        return self._socket.fileno()

    def detach(self) -> int:
        """Give the descriptor away, open; this object is of no more use."""
        return self._socket.detach()

    def close(self) -> None:
        """Close this copy; the claim ends with the last one. Idempotent."""
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def info(self) -> DriveInfo:
        """What the drive says of itself, asked anew."""
        try:
            return DriveInfo.parse(decode(self._exchange(Op.INFO)[1]))
        except DocumentError as error:
            raise OSError(errno.EPROTO, str(error)) from error

    def claim(self, namespace: int = 0) -> None:
        """Hold the drive, or one of its NVMe namespaces, as `O_EXCL` does. Raises EBUSY while another connection does.

        What is claimed first is what reads and writes go to.
        """
        self._exchange(Op.CLAIM, namespace=namespace)

    def release(self) -> None:
        """End this connection's claims, for all its copies."""
        self._exchange(Op.RELEASE)

    def read_into(self, offset: int, buffer: memoryview, namespace: int = 0) -> int:
        """Read into the buffer (at most 32 MiB, whole sectors); the number of bytes read, seldom fewer than asked."""
        return self._exchange(Op.READ, offset=offset, into=buffer, namespace=namespace)[0]

    def write(self, offset: int, data: memoryview, namespace: int = 0) -> int:
        """Write the data (at most 32 MiB, whole sectors); the number of bytes taken, seldom fewer than given."""
        return self._exchange(Op.WRITE, offset=offset, data=data, namespace=namespace)[0]

    def flush(self) -> None:
        """Return once everything answered so far is on the medium."""
        self._exchange(Op.FLUSH)

    def share(self) -> str:
        """A token with which another connection may join this one's claims. Raises EACCES without any."""
        return self._exchange(Op.SHARE)[1].decode()

    def join(self, token: str) -> None:
        """Hold the drive together with those who share their claim: it ends with the last. Raises EACCES."""
        self._exchange(Op.JOIN, data=memoryview(token.encode()))

    def command(self, payload: memoryview, *, timeout: float) -> bytes:
        """A firmware command, see `drivers.sim.commands.frames`; raises ETIMEDOUT if nothing comes back.

        EOPNOTSUPP: the drive takes none, or none of this kind. EACCES: it changes something and needs the claim.
        """
        return self._exchange(Op.COMMAND, data=payload, timeout=timeout + _GRACE_S)[1]

    def control(self, do: str, **parameters: Any) -> Any:  # noqa: ANN401 - JSON; typed in drivers.sim.controls
        """Ask the back channel, see `drivers.sim.controls`. Raises EINVAL, with the reason, for what it refuses."""
        return decode(self._exchange(Op.CONTROL, data=encode({"do": do, **parameters}))[1])

    def _exchange(
        self,
        op: Op,
        *,
        offset: int = 0,
        data: memoryview = _NOTHING,
        into: memoryview = _NOTHING,
        timeout: float | None = None,
        namespace: int = 0,
    ) -> tuple[int, bytes]:
        """One request and its reply: its value, and its payload unless that went `into` a buffer."""
        if max(len(data), len(into)) > MAX_PAYLOAD or not 0 <= offset < 1 << 63:
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        with self._turn:
            self._tag = (self._tag + 1) % (1 << 64)
            request = Request(
                op=op, tag=self._tag, offset=offset, length=len(into), payload=len(data), namespace=namespace
            )
            try:
                send_all(self._socket, request.pack(), data)
                self._await_reply(timeout)
                reply = self._reply_head()
                text = self._reply_payload(reply, into if op is Op.READ else _NOTHING)
            except (ConnectionError, EOFError) as error:
                self.close()
                raise OSError(errno.ENODEV, "the virtual drive went away without an answer") from error
            except FrameError as error:
                self.close()
                raise OSError(errno.EPROTO, str(error)) from error
            except TimeoutError:
                raise  # its reply, should it come, is recognised by its tag and passed over
            except BaseException:
                self.close()  # interrupted in mid-frame, this process can no longer tell frames apart
                raise
        if reply.errno:
            raise OSError(reply.errno, text.decode(errors="replace") or os.strerror(reply.errno))
        return reply.value, text

    def _await_reply(self, timeout: float | None) -> None:
        if timeout is None:
            return
        # Not the socket's own time-out: that is shared with every process that holds a copy.
        poll = select.poll()
        poll.register(self._socket, select.POLLIN)
        if not poll.poll(int(timeout * 1000)):
            raise TimeoutError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT))

    def _reply_head(self) -> Reply:
        """The head of the reply to the latest request, past all that a killed process left unread."""
        mark = reply_mark(self._tag)
        window = self._receive(REPLY_SIZE)
        while not window.startswith(mark):
            start = window.find(mark[:1], 1)
            del window[: start if start > 0 else len(window)]
            window += self._receive(REPLY_SIZE - len(window))
        return Reply.unpack(window)

    def _reply_payload(self, reply: Reply, into: memoryview) -> bytes:
        if reply.errno == 0 and into:
            if not reply.payload == reply.value <= len(into):
                raise FrameError(f"{reply.payload} bytes in answer to a read of {len(into)}")
            self._fill(into[: reply.payload])
            return b""
        return bytes(self._receive(reply.payload))

    def _receive(self, length: int) -> bytearray:
        data = bytearray(length)
        self._fill(memoryview(data))
        return data

    def _fill(self, buffer: memoryview) -> None:
        while buffer:
            count = self._socket.recv_into(buffer, 0, socket.MSG_WAITALL)
            if count == 0:
                raise EOFError
            buffer = buffer[count:]
