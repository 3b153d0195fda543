"""One host's use of an NVMe/TCP target: the drive it holds, its controller's registers, and its queues."""

from __future__ import annotations

import queue
import socket
import threading
from collections.abc import Callable
from pathlib import Path

from drivers.sim.kernel import nvme_fabrics, nvme_pdu
from drivers.sim.kernel.attachment import Attachment, Lane
from drivers.sim.kernel.listening import hang_up
from drivers.sim.kernel.nvme_admin import IO_QUEUES, Admin, identify_controller
from drivers.sim.kernel.nvme_blocks import Blocks, Ended
from drivers.sim.kernel.nvme_fabrics import Connect, FabricsError, Properties
from drivers.sim.kernel.nvme_pdu import Entry


class Association:
    """A controller from the admin queue's Connect until the drive, the host or the target ends it.

    Raises `OSError` where the drive cannot be held, or is no NVMe drive.
    """

    def __init__(self, where: Path) -> None:
        self._connections: list[socket.socket] = []
        self._lock = threading.Lock()
        self._ended = False
        self._attachment = Attachment(where, self.end)
        try:
            with self._attachment.lane() as lane:
                identify = identify_controller(lane)
        except BaseException:
            self._attachment.close()
            raise
        self.subsystem = nvme_fabrics.subsystem_of(identify)
        self.properties = Properties(nvme_fabrics.version_of(identify))
        self.blocks: list[Blocks] = []

    def lane(self) -> Lane:
        """One more way to the drive. Raises `OSError`."""
        return self._attachment.lane()

    def add(self, connection: socket.socket) -> None:
        """A queue's connection, to be ended with the association. Raises `ConnectionError` where that has ended."""
        with self._lock:
            if self._ended:
                raise ConnectionAbortedError("the association has ended")
            self._connections.append(connection)

    def formatted(self) -> None:
        """The drive's formats may have changed."""
        for blocks in self.blocks:
            blocks.forget_formats()

    def end(self) -> None:
        """End all queues and let the drive go. Idempotent."""
        with self._lock:
            self._ended = True
            connections, self._connections = self._connections, []
        for connection in connections:
            hang_up(connection)
        self._attachment.close()


class Queue:
    """A connected queue: its commands are performed one after another, in a thread of their own."""

    def __init__(self, association: Association, asked: Connect, send: Callable[[bytes], None]) -> None:
        self.number = asked.queue
        self._association = association
        self._send = send
        self._size = asked.size
        self._head = 0
        self._lane = association.lane()
        self._work: queue.SimpleQueue[tuple[Entry, bytes] | None] = queue.SimpleQueue()
        if asked.queue == 0:
            self._admin: Admin | None = Admin(self._lane, association.formatted)
            self._perform = self._admin.perform
        else:
            blocks = Blocks(self._lane)
            association.blocks.append(blocks)
            self._admin, self._perform = None, blocks.perform
        threading.Thread(target=self._run, daemon=True, name=f"queue {asked.queue}").start()

    def take(self, entry: Entry, data: bytes) -> None:
        """A command, with all its data. Answered at once, later or never."""
        if entry.opcode == nvme_pdu.FABRICS:
            self.answer(entry, self._fabrics(entry))
        elif self._admin and self._admin.is_kept(entry):
            pass
        elif self._admin and (ended := self._admin.at_once(entry)):
            self.answer(entry, ended)
        else:
            self._work.put((entry, data))

    def answer(self, entry: Entry, ended: Ended) -> None:
        """Send what a command ended with. Raises `OSError` where the host is gone."""
        if ended.data and not ended.status:
            # A controller moves exactly as much as it was asked for.
            self._send(nvme_pdu.to_host(entry.cid, ended.data[: entry.length].ljust(entry.length, b"\0")))
        self._head = (self._head + 1) % self._size
        self._send(nvme_pdu.response(entry.cid, ended.status, ended.result, self._head, self.number))

    def close(self) -> None:
        """The connection has ended: no more work."""
        self._work.put(None)

    def _fabrics(self, entry: Entry) -> Ended:
        """A property of the controller, on the admin queue."""
        try:
            match entry.raw[4]:
                case 0x00 if self._admin:
                    self._association.properties.set(entry.raw)
                    return Ended(status=0)
                case 0x04 if self._admin:
                    return Ended(status=0, result=self._association.properties.get(entry.raw))
                case _:
                    return Ended(status=nvme_fabrics.INVALID_OPCODE)
        except FabricsError as error:
            return Ended(status=error.status, result=error.result)

    def _run(self) -> None:
        with self._lane:
            while (work := self._work.get()) is not None:
                try:
                    self.answer(work[0], self._perform(*work))
                except OSError:
                    self._association.end()  # the drive or the host went away
                    return


def connect(association: Association, asked: Connect, send: Callable[[bytes], None]) -> Queue:
    """Connect one more queue. Raises `FabricsError`, and `OSError` where the drive went away."""
    if asked.subsystem != association.subsystem:
        raise FabricsError(nvme_fabrics.CONNECT_INVALID, 1 << 16 | 256)
    if asked.queue > IO_QUEUES:
        raise FabricsError(nvme_fabrics.CONNECT_INVALID, 42)
    return Queue(association, asked, send)
