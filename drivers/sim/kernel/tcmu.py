"""All TCMU bays of a machine in one process, which outlives whoever uses them.

`python -m drivers.sim.kernel.tcmu SOCKET` needs the modules target_core_user and tcm_loop, and configfs. On the Unix
socket, JSON lines:

    {"do": "plug", "bay": "ata-1", "host": "10.0.2.2", "port": 5001}    {"ok": "3:0:1:0"}, the disk's SCSI address
    {"do": "unplug", "bay": "ata-1"}                                    {"ok": null}
    {"do": "bays"}                                                      {"ok": {"ata-1": true}}, whether plugged

or {"error": text}. A bay is made when it is first plugged. The kernel waits for this process: killing it leaves disks
that never answer. With SIGUSR1 it says on its standard error where each of its threads is.
"""

from __future__ import annotations

import faulthandler
import json
import signal
import socketserver
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from drivers.sim.client import Relayed
from drivers.sim.kernel.tcmu_device import TcmuBay

_TARGET = Path("/sys/kernel/config/target")


class Bays:
    """The bays by name, and what can be asked of them. Safe to call from several threads."""

    def __init__(self) -> None:
        self._bays: dict[str, TcmuBay] = {}
        self._lock = threading.Lock()

    def plug(self, bay: str, host: str, port: int) -> str:
        """Plug the relayed drive into the bay, made where there is none of this name; where its disk is."""
        with self._lock:
            if bay not in self._bays:
                self._bays[bay] = TcmuBay(bay, len(self._bays))
            found = self._bays[bay]
        found.plug(Relayed(host=host, port=port))
        return found.address

    def unplug(self, bay: str) -> None:
        """Unplug the drive, if there is one."""
        with self._lock:
            found = self._bays[bay]
        found.unplug()

    def plugged(self) -> dict[str, bool]:
        """Which bays there are, and whether a drive is in them."""
        with self._lock:
            return {name: bay.is_plugged for name, bay in self._bays.items()}


class _Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    tasks: dict[str, Callable[..., Any]]


class _Handler(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        for line in self.rfile:
            self.wfile.write(json.dumps(self._answer(line)).encode() + b"\n")

    def _answer(self, line: bytes) -> dict[str, Any]:
        try:
            request = json.loads(line)
            return {"ok": self.server.tasks[request.pop("do")](**request)}
        except Exception as error:  # noqa: BLE001 - whatever went wrong is the asker's to hear
            return {"error": f"{type(error).__name__}: {error}"}


def main(arguments: list[str]) -> int:
    """Serve until SIGTERM; the exit status."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m drivers.sim.kernel.tcmu SOCKET\n")
        return 2
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupted test must not take the drives along
    faulthandler.register(signal.SIGUSR1)
    for fabric in ("core", "loopback"):
        (_TARGET / fabric).mkdir(parents=True, exist_ok=True)
    bays = Bays()
    where = Path(arguments[0])
    with _Server(f"{where}.new", _Handler) as server:
        server.tasks = {"plug": bays.plug, "unplug": bays.unplug, "bays": bays.plugged}
        Path(f"{where}.new").rename(where)  # seen only once it listens
        server.serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
