"""What outlives the guest: the drives, their front ends and the hand that works on them.

Everything listens on 127.0.0.1. A killed guest leaves all of it as it is: that is a power cut of the bench.
"""

from __future__ import annotations

import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from drivers.sim import launch
from drivers.sim.client import SimConnection
from drivers.sim.folder import MEDIUM, is_running
from rig import devices, exchange, hand, monitor
from rig.layout import BaySpec, Front, Layout
from rig.machine import Machine
from rig.places import CHECKOUT

_PROGRAMS = {
    Front.TCMU: "drivers.sim.kernel.relay",
    Front.USB: "drivers.sim.kernel.usb_dock",
    Front.NVME_TCP: "drivers.sim.kernel.nvme_tcp",
}
"""What is started once for all bays of a kind, with PORT=FOLDER for each."""
_UP_WITHIN_S = 20.0
_DOWN_WITHIN_S = 10.0


class OutsideError(Exception):
    """Something outside of the guest did not come up; the text says what and why."""


class Outside:
    """Drives and front ends in a folder. `machine` is the guest that runs now, if one does."""

    def __init__(self, folder: Path, layout: Layout) -> None:
        self._folder = folder
        self._tokens: dict[str, bytes] = {}
        self.layout = layout
        self.machine: Machine | None = None

    @contextmanager
    def standing(self) -> Iterator[None]:
        """All drives on, all front ends listening, and the hand ready, inside the `with`."""
        with ExitStack() as stack:
            self._folder.mkdir()
            self._make()
            stack.callback(self._switch_off)
            self._each(self._virtual(), lambda bay: launch.start(self._of(bay)))
            for front, program in _PROGRAMS.items():
                stack.enter_context(self._front(front, program))
            port = stack.enter_context(hand.serving(self._tasks()))
            self.layout = replace(self.layout, hand=port)
            yield

    def qemu_arguments(self) -> list[str]:
        """What QEMU is told of the bays that are its own."""
        return [word for bay in self.layout.bays for word in devices.arguments(bay, self._of(bay))]

    def _of(self, bay: BaySpec) -> Path:
        return self._folder / bay.name

    def _virtual(self) -> list[BaySpec]:
        return [bay for bay in self.layout.bays if not bay.front.is_qemu]

    @staticmethod
    def _each(bays: Sequence[BaySpec], work: Any) -> None:
        with ThreadPoolExecutor(max_workers=2) as pool:
            list(pool.map(work, bays))

    def _make(self) -> None:
        self.layout = replace(self.layout, bays=tuple(_with_ports(self.layout.bays)))
        for bay in self.layout.bays:
            if bay.front.is_qemu:
                devices.make(bay, self._of(bay))
            else:
                launch.create(self._of(bay), bay.drive)

    def _switch_off(self) -> None:
        running = [bay for bay in self._virtual() if is_running(self._of(bay))]
        self._each(running, lambda bay: launch.power_cut(self._of(bay)))

    @contextmanager
    def _front(self, front: Front, program: str) -> Iterator[None]:
        """One process for all bays of a kind."""
        bays = [bay for bay in self.layout.bays if bay.front is front]
        if not bays:
            yield
            return
        log = self._folder / f"{front}.log"
        command = [sys.executable, "-m", program, *(f"{bay.port}={self._of(bay)}" for bay in bays)]
        with log.open("wb") as output:
            process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "TERM", "--", *command],
                cwd=CHECKOUT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        try:
            _await_listening(bays, process, log)
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                process.wait(_DOWN_WITHIN_S)
            process.kill()
            process.wait()

    def _tasks(self) -> dict[str, hand.Task]:
        return {
            "start": lambda bay: launch.start(self._named(bay)),
            "stop": lambda bay: launch.stop(self._named(bay)),
            "cut": lambda bay: launch.power_cut(self._named(bay)),
            "cycle": lambda bay: launch.power_cycle(self._named(bay)),
            "swap": self._swap,
            "renew": self._renew,
            "control": self._control,
            "plant": self._plant,
            "traces": self._traces,
            "qmp": self._qmp,
            "kill-bench": self._kill_bench,
        }

    def _named(self, bay: str) -> Path:
        return self._of(self.layout.bay(bay))

    def _swap(self, bay: str, other: str) -> None:
        exchange.swap(self.layout.bay(bay), self.layout.bay(other), self._of)
        planted = {bay: self._tokens.pop(other, b""), other: self._tokens.pop(bay, b"")}
        self._tokens |= {name: token for name, token in planted.items() if token}

    def _renew(self, bay: str, changes: dict[str, Any]) -> None:
        exchange.renew(self.layout.bay(bay), self._named(bay), changes)
        self._tokens.pop(bay, None)

    def _control(self, bay: str, request: dict[str, Any]) -> Any:
        with SimConnection.connect(self._named(bay)) as connection:
            return connection.control(**request)

    def _plant(self, bay: str) -> None:
        where = self._named(bay)
        if is_running(where):
            raise OutsideError(f"{bay} is on: what is planted behind its back would be lost in its cache")
        token = self._tokens.setdefault(bay, f"<{secrets.token_hex(12)}>".encode())
        line = b"Personnel et confidentiel / personal and confidential " + token + b"\n"
        with (where / MEDIUM).open("r+b") as file:
            size = file.seek(0, 2)
            file.seek(0)
            file.write((line * (size // len(line) + 1))[:size])

    def _traces(self, bay: str) -> int:
        if bay not in self._tokens:
            raise OutsideError(f"nothing was planted on {bay}")
        return (self._named(bay) / MEDIUM).read_bytes().count(self._tokens[bay])

    def _machine(self) -> Machine:
        if self.machine is None:
            raise OutsideError("no guest runs")
        return self.machine

    def _qmp(self, command: str, arguments: dict[str, Any]) -> Any:
        return monitor.execute(self._machine().monitor, command, arguments)

    def _kill_bench(self, drives: Sequence[str]) -> None:
        self._machine().cut()
        for drive in drives:
            launch.power_cut(self._named(drive))


def _with_ports(bays: Sequence[BaySpec]) -> Iterator[BaySpec]:
    """Ports that are free now, for what front ends will listen on: one for each bay, or dock of bays."""
    docks: dict[str, int] = {}
    for bay in bays:
        if bay.front.is_qemu:
            yield bay
        else:
            yield replace(bay, port=docks.setdefault(bay.dock or bay.name, _free_port()))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await_listening(bays: Sequence[BaySpec], process: subprocess.Popen[bytes], log: Path) -> None:
    """Until every port is bound: connecting to try would count as a host's connection."""
    ports = {bay.port for bay in bays}
    deadline = time.monotonic() + _UP_WITHIN_S
    while not ports <= _listening():
        if process.poll() is not None or time.monotonic() > deadline:
            raise OutsideError(f"the front end does not listen: {log.read_text(errors='replace').strip() or log}")
        time.sleep(0.1)


def _listening() -> set[int]:
    """TCP ports that are listened on here (proc(5), /proc/net/tcp: state 0A)."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return {int(row[1].rpartition(":")[2], 16) for row in rows if row[3] == "0A"}
