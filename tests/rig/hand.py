"""The hand: whoever stands at the bench, switches its drives on and off, and looks at them from outside.

A server on the host's 127.0.0.1, JSON lines over TCP, one thread for each client; the guest reaches it by QEMU's user
networking. An answer is {"ok": value} or {"error": text}.
"""

from __future__ import annotations

import json
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from drivers.sim import faults

_PATIENCE_S = 60.0

Task = Callable[..., Any]
"""Takes the request's other fields by name; what it returns goes back as JSON, what it raises as its text."""


class HandError(Exception):
    """The hand could not do it; the text is what it said."""


@dataclass(frozen=True, slots=True)
class HandClient:
    """Asks the hand. Each request is a connection of its own, so threads and a killed host leave nothing behind."""

    host: str
    port: int

    def ask(self, do: str, **fields: Any) -> Any:
        """What the hand answers. Raises `HandError`, or `OSError` where nobody listens."""
        with socket.create_connection((self.host, self.port), timeout=_PATIENCE_S) as connection:
            connection.sendall(json.dumps({"do": do, **fields}).encode() + b"\n")
            with connection.makefile("rb") as lines:
                line = lines.readline()
        if not line:
            raise HandError(f"the hand went away while it was asked to {do}")
        answer = json.loads(line)
        if "error" in answer:
            raise HandError(f"{do}: {answer['error']}")
        return answer["ok"]

    def qmp(self, command: str, **arguments: Any) -> Any:
        """A QMP command to this machine's own QEMU; what it returns. Raises `HandError` with its error."""
        return self.ask("qmp", command=command, arguments=arguments)

    def kill_bench(self, *drives: str) -> None:
        """Cut this machine's power now, and with it that of the drives in these bays. Does not return."""
        self.ask("kill-bench", drives=drives)
        threading.Event().wait()


@dataclass(frozen=True, slots=True)
class BayHand:
    """The hand at one bay."""

    hand: HandClient
    bay: str

    def start(self) -> None:
        """Switch the drive on."""
        self.hand.ask("start", bay=self.bay)

    def stop(self) -> None:
        """Switch the drive off in good order."""
        self.hand.ask("stop", bay=self.bay)

    def cut(self) -> None:
        """Cut the drive's power: what is in its write cache is lost."""
        self.hand.ask("cut", bay=self.bay)

    def cycle(self) -> None:
        """Switch the drive off in good order, and on again."""
        self.hand.ask("cycle", bay=self.bay)

    def swap(self, other: str) -> None:
        """Put this bay's drive into the other bay, and that one's into this. Both bays are unplugged, and left so."""
        self.hand.ask("swap", bay=self.bay, other=other)

    def renew(self, **changes: Any) -> None:
        """Put a new drive into the bay, which is unplugged; `changes` are to the fields of its `DriveSpec`, as JSON."""
        self.hand.ask("renew", bay=self.bay, changes=changes)

    def control(self, do: str, **parameters: Any) -> Any:
        """Ask the drive's back channel."""
        return self.hand.ask("control", bay=self.bay, request={"do": do, **parameters})

    def arm(self, *items: faults.Sickness) -> None:
        """Make the drive sick; see `drivers.sim.controls.arm`."""
        self.control("arm", sicknesses=[faults.to_json(item) for item in items])

    def disarm(self, kind: str = "") -> None:
        """Cure it; see `drivers.sim.controls.disarm`."""
        self.control("disarm", kind=kind)

    def skip(self, seconds: float) -> None:
        """Put the drive's own clock forward."""
        self.control("skip", ms=round(seconds * 1000))

    def plant(self) -> None:
        """Fill the medium with data that can be recognised. The drive must be off."""
        self.hand.ask("plant", bay=self.bay)

    def traces(self) -> int:
        """How often the planted data still lies on the medium; what the drive has in its cache only is not seen."""
        return int(self.hand.ask("traces", bay=self.bay))


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    tasks: Mapping[str, Task]


class _Handler(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        with suppress(ConnectionError):  # a guest that was killed does not wait for its answer
            for line in self.rfile:
                self.wfile.write(json.dumps(self._answer(line)).encode() + b"\n")

    def _answer(self, line: bytes) -> dict[str, Any]:
        try:
            request = json.loads(line)
            do = request.pop("do")
            if do not in self.server.tasks:
                return {"error": f"unknown; known are {', '.join(sorted(self.server.tasks))}"}
            return {"ok": self.server.tasks[do](**request)}
        except Exception as error:  # noqa: BLE001 - whatever went wrong is the asker's to hear
            return {"error": f"{type(error).__name__}: {error}"}


@contextmanager
def serving(tasks: Mapping[str, Task]) -> Iterator[int]:
    """The hand answers at the port inside the `with`."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.tasks = tasks
        thread = threading.Thread(target=server.serve_forever, name="hand", daemon=True)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()
