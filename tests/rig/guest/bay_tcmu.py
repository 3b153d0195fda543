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

from rig.guest.bays import Bay, BayError
from rig.hand import HandClient
from rig.layout import HOST, BaySpec
from rig.places import CHECKOUT, GUEST_SHARE

_SOCKET = Path("/run/tcmu.sock")
_LOG = GUEST_SHARE / "tcmu.log"
_MODULES = ("target_core_user", "tcm_loop", "sd_mod", "sg")
_STARTED_WITHIN_S = 120.0
"""Python starts slowly on an emulated CPU, several times so where the host's processors are busy."""
_LOOK_EVERY_S = 0.1
_SCSI = Path("/sys/bus/scsi/devices")


class TcmuBay(Bay):
    """See `rig.guest.bays.Bay`."""

    def __init__(self, spec: BaySpec, hand: HandClient) -> None:
        super().__init__(spec, hand)
        self._address = ""

    def plug(self) -> None:
        """See `Bay.plug`."""
        self._address = ask("plug", bay=self.name, host=HOST, port=self._spec.port)
        self.node()

    def _pull_out(self) -> None:
        ask("unplug", bay=self.name)

    def _is_gone(self) -> bool:
        """Also where the drive only lost its power."""
        return not (_SCSI / self._address).exists()

    def _node(self) -> Path | None:
        disks = (_SCSI / self._address / "block").glob("sd*") if self._address else ()
        return next((Path("/dev", disk.name) for disk in disks), None)

    def _seen(self) -> str:
        there = sorted(path.name for path in _SCSI.iterdir()) if _SCSI.exists() else []
        return f"its address is {self._address!r}; SCSI devices are {there}; see {_LOG}"


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
