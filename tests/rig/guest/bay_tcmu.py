"""Bays whose drives the kernel reaches by TCMU: one handler for all of them, which outlives the tests."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from rig.guest.bays import BayError
from rig.hand import BayHand, HandClient
from rig.layout import HOST, BaySpec, Front
from rig.places import CHECKOUT, GUEST_SHARE

_SOCKET = Path("/run/tcmu.sock")
_LOG = GUEST_SHARE / "tcmu.log"
_MODULES = ("target_core_user", "tcm_loop", "sd_mod", "sg")
_WITHIN_S = 30.0
_STARTED_WITHIN_S = 120.0
"""Python starts slowly on an emulated CPU, several times so where the host's processors are busy."""
_LOOK_EVERY_S = 0.1
_SCSI = Path("/sys/bus/scsi/devices")


class TcmuBay:
    """See `rig.guest.bays.Bay`."""

    def __init__(self, spec: BaySpec, hand: HandClient) -> None:
        self._spec = spec
        self._address = ""
        self.sim = BayHand(hand, spec.name)

    @property
    def name(self) -> str:
        """As in the layout."""
        return self._spec.name

    @property
    def kind(self) -> Front:
        """How the drive reaches the kernel."""
        return self._spec.front

    def plug(self) -> None:
        """See `Bay.plug`."""
        self._address = ask("plug", bay=self.name, host=HOST, port=self._spec.port)
        self.node()

    def unplug(self) -> None:
        """See `Bay.unplug`."""
        ask("unplug", bay=self.name)
        self.await_gone()

    def power_cycle(self) -> None:
        """See `Bay.power_cycle`."""
        self.unplug()
        self.sim.cycle()
        self.plug()

    def node(self) -> Path:
        """See `Bay.node`."""
        deadline = time.monotonic() + _WITHIN_S
        while (found := self._disk()) is None:
            if time.monotonic() > deadline:
                there = sorted(path.name for path in _SCSI.iterdir()) if _SCSI.exists() else []
                raise BayError(f"{self.name}: no disk at {self._address!r}; SCSI devices are {there}; see {_LOG}")
            time.sleep(_LOOK_EVERY_S)
        _settle()
        return Path("/dev") / found

    def await_gone(self) -> None:
        """Until the kernel and udev have let go of the disk, also one whose drive lost its power. Raises `BayError`."""
        deadline = time.monotonic() + _WITHIN_S
        while (_SCSI / self._address).exists():
            if time.monotonic() > deadline:
                raise BayError(f"{self.name}: still at {self._address} after {_WITHIN_S:.0f} s")
            time.sleep(_LOOK_EVERY_S)
        _settle()

    def _disk(self) -> str | None:
        if not self._address:
            return None
        return next((path.name for path in (_SCSI / self._address / "block").glob("sd*")), None)


def ask(do: str, **fields: Any) -> Any:
    """Ask the handler, which is started by the first who asks. Raises `BayError`."""
    if not _SOCKET.exists():
        _start()
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(_SOCKET))
        connection.sendall(json.dumps({"do": do, **fields}).encode() + b"\n")
        with connection.makefile("rb") as lines:
            line = lines.readline()
    answer = json.loads(line) if line else {"error": f"the handler went away; see {_LOG}"}
    if "error" in answer:
        raise BayError(f"{do} {fields}: {answer['error']}")
    return answer["ok"]


def _start() -> None:
    subprocess.run(["modprobe", "-a", *_MODULES], check=True)
    with _LOG.open("wb") as log:
        # Nobody's child, as it outlives whoever starts it.
        subprocess.run(
            ["setsid", "--fork", sys.executable, "-m", "drivers.sim.kernel.tcmu", str(_SOCKET)],
            cwd=CHECKOUT,
            env={**os.environ, "PYTHONFAULTHANDLER": "1"},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            check=True,
        )
    deadline = time.monotonic() + _STARTED_WITHIN_S
    while not _SOCKET.exists():
        if time.monotonic() > deadline:
            raise BayError(f"the TCMU handler does not answer: {_LOG.read_text(errors='replace').strip()}")
        time.sleep(_LOOK_EVERY_S)


def _settle() -> None:
    subprocess.run(["udevadm", "settle", "--timeout=60"], check=True)
