"""NVMe/TCP targets over virtual drives: `python -m drivers.sim.kernel.nvme_tcp PORT=FOLDER …`.

Each target listens on a port of 127.0.0.1 and shows one drive as a controller with its namespaces, under the name
(NQN) that Identify Controller has. It holds the drive while a host is connected. Where the drive is off, connections
are closed at once; where it loses its power, all of them are, and the host's kernel loses the controller.
"""

from __future__ import annotations

import argparse
import socket
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from drivers.sim.folder import is_running
from drivers.sim.kernel import nvme_association, nvme_fabrics, nvme_pdu
from drivers.sim.kernel.listening import Listener, receive
from drivers.sim.kernel.nvme_association import Association, Queue
from drivers.sim.kernel.nvme_blocks import Ended
from drivers.sim.kernel.nvme_fabrics import FabricsError
from drivers.sim.kernel.nvme_pdu import Capsule, Connecting, Data, Entry, PduError, Terminated, Transfer, Unit

_CONNECT = 0x01
_SEQUENCE_ERROR = 5


class NvmeTarget:
    """A target for one drive. Port 0 is any that is free."""

    def __init__(self, where: Path, port: int = 0) -> None:
        self._where = where
        self._lock = threading.Lock()
        self._association: Association | None = None
        self._listener = Listener(port, self._serve)

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._listener.port

    def close(self) -> None:
        """End all connections, and listen no more."""
        self._listener.close()
        self.replace(None)

    def replace(self, association: Association | None) -> None:
        """One host at a time: the one before, which may have died, loses the drive."""
        with self._lock:
            before, self._association = self._association, association
        if before:
            before.end()

    def begin(self) -> Association:
        """For a host that connects its admin queue. Raises `OSError`."""
        self.replace(None)
        association = Association(self._where)
        self.replace(association)
        return association

    def running(self) -> Association:
        """For a host that connects one more queue. Raises `FabricsError` where no admin queue is connected."""
        with self._lock:
            if self._association is None:
                raise FabricsError(nvme_fabrics.CONNECT_INVALID, 1 << 16 | 16)
            return self._association

    def _serve(self, connection: socket.socket) -> None:
        if is_running(self._where):
            _Connection(self, connection).serve()


class _Connection:
    """One TCP connection: becomes a queue with its Connect command."""

    def __init__(self, target: NvmeTarget, connection: socket.socket) -> None:
        self._target = target
        self._connection = connection
        self._sending = threading.Lock()
        self._greeted = False
        self._association: Association | None = None
        self._queue: Queue | None = None
        self._transfers: dict[int, Transfer] = {}
        self._tag = 0

    def serve(self) -> None:
        """Until either side ends. Raises `EOFError` and `OSError`."""
        try:
            while True:
                header = receive(self._connection, nvme_pdu.HEADER_SIZE)
                try:
                    rest = receive(self._connection, nvme_pdu.size(header) - len(header))
                    self._unit(nvme_pdu.parse(header + rest))
                except PduError as error:
                    self._send(nvme_pdu.terminate(error, header))
                    return
        finally:
            if self._queue:
                self._queue.close()
            if self._queue and self._queue.number == 0 and self._association:
                self._association.end()

    def _unit(self, unit: Unit) -> None:
        match unit:
            case Connecting(version=0) if not self._greeted:
                self._greeted = True
                self._send(nvme_pdu.accepted())
            case Capsule() if self._greeted:
                self._capsule(unit)
            case Data() if unit.tag in self._transfers:
                transfer = self._transfers[unit.tag]
                if (data := transfer.take(unit)) is not None:
                    del self._transfers[unit.tag]
                    self._command(transfer.entry, data)
            case Terminated():
                raise EOFError
            case _:
                raise PduError(f"not now: {unit!r}", _SEQUENCE_ERROR)

    def _capsule(self, unit: Capsule) -> None:
        entry = unit.entry
        if not entry.to_controller or not entry.length:
            self._command(entry, b"")
        elif entry.in_capsule:
            self._command(entry, unit.data[: entry.length])
        elif entry.length > nvme_pdu.MAX_PDU:
            raise PduError(f"{entry.length} bytes for one command", _SEQUENCE_ERROR)
        else:
            self._tag = (self._tag + 1) % 0x10000
            self._transfers[self._tag] = Transfer(entry)
            self._send(nvme_pdu.ready(entry.cid, self._tag, entry.length))

    def _command(self, entry: Entry, data: bytes) -> None:
        if self._queue:
            self._queue.take(entry, data)
        elif entry.opcode == nvme_pdu.FABRICS and entry.raw[4] == _CONNECT:
            self._connect(entry, data)
        else:
            raise PduError("a command before Connect", _SEQUENCE_ERROR)

    def _connect(self, entry: Entry, data: bytes) -> None:
        try:
            asked = nvme_fabrics.connect(entry.raw, data)
            association = self._target.begin() if asked.queue == 0 else self._target.running()
            association.add(self._connection)
            self._association = association
            self._queue = nvme_association.connect(association, asked, self._send)
        except FabricsError as error:
            self._send(nvme_pdu.response(entry.cid, error.status, error.result, 0, 0))
            return
        self._queue.answer(entry, Ended(status=0, result=nvme_fabrics.CONTROLLER))

    def _send(self, data: bytes) -> None:
        with self._sending:
            self._connection.sendall(data)


def _target(text: str) -> tuple[int, Path]:
    port, _, where = text.partition("=")
    return int(port), Path(where)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line: serve until ended by a signal. Prints `PORT FOLDER` for each target once it listens."""
    parser = argparse.ArgumentParser(prog="drivers.sim.kernel.nvme_tcp", description="NVMe/TCP over virtual drives.")
    parser.add_argument("targets", nargs="+", type=_target, metavar="PORT=FOLDER")
    for port, where in parser.parse_args(arguments).targets:
        sys.stdout.write(f"{NvmeTarget(where, port).port} {where}\n")
    sys.stdout.flush()
    threading.Event().wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
