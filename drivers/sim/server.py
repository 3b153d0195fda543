"""The drive's side of a connection: frames in, requests to the device, replies out."""

from __future__ import annotations

import errno
import os
import socket
import struct

from drivers.sim.claims import Claims, hung_up
from drivers.sim.commands.frames import pack_reply, unpack_request
from drivers.sim.commands.nvme_identify import MAIN
from drivers.sim.device import Device, RequestDropped, RequestHung
from drivers.sim.protocol import REQUEST_SIZE, FrameError, Op, Reply, Request, decode, encode, send_all
from drivers.sim.signals import Origin

_CREDENTIALS = struct.Struct("3i")  # struct ucred: pid, uid, gid
_NOTHING = memoryview(b"")


class _SenderChanged(Exception):  # noqa: N818 - leads back to the start of a frame
    """Another process goes on in the middle of a frame: the first one was killed there."""


class FrameReader:
    """Takes requests from a connection that several processes may hold.

    The kernel never joins bytes of two processes in one receive. Where the sender changes inside a frame, the
    rest of that frame will never come, and what does come starts a new one.
    """

    def __init__(self, connection: socket.socket) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        self._connection = connection
        self._pushed_back = _NOTHING
        self._pushed_by = 0

    def next(self) -> tuple[Request, memoryview, int]:
        """The next request, its payload in a fresh buffer, and its sender's pid. Raises `FrameError`, `EOFError`."""
        while True:
            try:
                head = memoryview(bytearray(REQUEST_SIZE))
                sender = self._fill(head, None)
                request = Request.unpack(head)
                payload = memoryview(bytearray(request.payload))
                self._fill(payload, sender)
            except _SenderChanged:
                continue
            return request, payload, sender

    def _fill(self, buffer: memoryview, sender: int | None) -> int:
        while buffer:
            count, pid = self._receive(buffer)
            if sender not in {None, pid}:
                self._pushed_back, self._pushed_by = memoryview(bytes(buffer[:count])), pid
                raise _SenderChanged
            sender = pid
            buffer = buffer[count:]
        return sender or 0

    def _receive(self, buffer: memoryview) -> tuple[int, int]:
        if self._pushed_back:
            taken = self._pushed_back[: len(buffer)]
            buffer[: len(taken)] = taken
            self._pushed_back = self._pushed_back[len(taken) :]
            return len(taken), self._pushed_by
        # Without MSG_WAITALL, which would wait for the next process's bytes to fill the rest of a dead one's frame.
        space = socket.CMSG_SPACE(_CREDENTIALS.size)
        count, ancillary, _, _ = self._connection.recvmsg_into([buffer], space)
        if count == 0:
            raise EOFError
        for level, kind, data in ancillary:
            if (level, kind) == (socket.SOL_SOCKET, socket.SCM_CREDENTIALS):
                return count, int(_CREDENTIALS.unpack(data)[0])
        raise FrameError("bytes without their sender's credentials")


class Session:
    """Serves one connection until it closes, breaks the protocol or meets a hang."""

    def __init__(self, connection: socket.socket, device: Device, claims: Claims) -> None:
        self._connection = connection
        self._namespace = 0
        self._device = device
        self._claims = claims
        self._frames = FrameReader(connection)
        ucred = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
        self._client = int(_CREDENTIALS.unpack(ucred)[0])
        self._buffer = bytearray()

    def run(self) -> None:
        """Serve; the claim, if held, ends with the connection."""
        try:
            while True:
                self._serve_one()
        except (FrameError, EOFError, ConnectionError):
            pass
        except RequestHung:
            hung_up(self._connection, timeout_ms=None)
        finally:
            self._claims.drop(self._connection)
            self._connection.close()

    def _serve_one(self) -> None:
        request, payload, sender = self._frames.next()
        try:
            value, answer = self._perform(request, payload, Origin(client=self._client, sender=sender))
            reply = Reply(tag=request.tag, value=value, payload=len(answer))
        except RequestDropped:
            return
        except OSError as error:
            number = error.errno or errno.EIO
            text = error.strerror or ""
            answer = memoryview(b"" if text == os.strerror(number) else text.encode())
            reply = Reply(tag=request.tag, errno=number, payload=len(answer))
        except ValueError as error:
            answer = memoryview(str(error).encode())
            reply = Reply(tag=request.tag, errno=errno.EINVAL, payload=len(answer))
        send_all(self._connection, reply.pack(), answer)

    def _perform(self, request: Request, payload: memoryview, origin: Origin) -> tuple[int, memoryview]:
        namespace = request.namespace or self._namespace or MAIN
        match request.op:
            case Op.READ:
                if len(self._buffer) < request.length:
                    self._buffer = bytearray(request.length)
                buffer = memoryview(self._buffer)[: request.length]
                count = self._device.read(request.offset, buffer, origin, namespace)
                return count, buffer[:count]
            case Op.WRITE:
                return self._device.write(request.offset, payload, origin, namespace), _NOTHING
            case Op.FLUSH:
                self._device.flush(origin)
            case Op.INFO:
                return 0, encode(self._device.info().to_json())
            case Op.CLAIM:
                self._device.check_alive()
                self._device.check_namespace(namespace)
                self._claims.take(self._connection, namespace)
                self._namespace = self._namespace or namespace
            case Op.RELEASE:
                self._claims.drop(self._connection)
                self._namespace = 0
            case Op.SHARE:
                return 0, memoryview(self._claims.share(self._connection).encode())
            case Op.JOIN:
                self._device.check_alive()
                self._claims.join(self._connection, bytes(payload).decode(errors="replace"))
            case Op.COMMAND:
                may_change = self._claims.holds(self._connection)
                reply = self._device.command(unpack_request(payload), origin, may_change=may_change)
                return 0, pack_reply(reply)
            case Op.CONTROL:
                return 0, encode(self._device.control(decode(payload)))
        return 0, _NOTHING
