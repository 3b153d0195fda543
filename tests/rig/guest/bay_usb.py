"""Bays in USB docks outside, on vhci-hcd's virtual root hub: the kernel has a USB device like any other."""

from __future__ import annotations

import errno
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rig.guest.bays import Bay, BayError
from rig.layout import HOST

_HUB = Path("/sys/devices/platform/vhci_hcd.0")
_FREE = "004"
"""VDEV_ST_NULL, in vhci-hcd's `status`."""
_HIGH_SPEED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class _Port:
    """A row of `status`: a port of the virtual hub, and the bus id of the device at it."""

    speed: str
    number: int
    state: str
    socket: int
    bus_id: str


class UsbBay(Bay):
    """See `rig.guest.bays.Bay`. The bays of one dock are plugged in and pulled out together."""

    _docks: dict[int, int] = {}  # noqa: RUF012 - shared by the bays of a dock: its port outside, its port at the hub

    def plug(self) -> None:
        """See `Bay.plug`. A dock that is plugged in already stays so."""
        subprocess.run(["modprobe", "-a", "vhci-hcd", "sd_mod", "sg"], check=True)
        subprocess.run(["modprobe", "usb-storage", "delay_use=0"], check=True)
        if self._port() is None:
            self._connect()
        self.node()

    def _pull_out(self) -> None:
        """As when the cable is pulled: the hub tells the kernel that the device is gone."""
        port = self._port()
        if port is not None:
            try:
                (_HUB / "detach").write_text(f"{port.number}\n")
            except OSError as error:
                if error.errno != errno.EINVAL:  # a port whose device has just gone by itself
                    raise

    def _is_gone(self) -> bool:
        if self._port() is not None or self._disk() is not None:
            return False
        self._docks.pop(self._spec.port, None)
        return True

    def _node(self) -> Path | None:
        disk = self._disk()
        return Path("/dev", disk.name) if disk is not None and Path("/dev", disk.name).exists() else None

    def _seen(self) -> str:
        return " | ".join(f"{row}" for row in _ports() if row.state != _FREE) or "nothing at the hub"

    def _connect(self) -> None:
        port = next((row for row in _ports() if row.state == _FREE and row.speed == "hs"), None)
        if port is None:
            raise BayError(f"{self.name}: no port left at the virtual hub: {self._seen()}")
        with socket.create_connection((HOST, self._spec.port)) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            device = 1 << 16 | port.number + 2
            (_HUB / "attach").write_text(f"{port.number} {connection.fileno()} {device} {_HIGH_SPEED}\n")
        self._docks[self._spec.port] = port.number

    def _port(self) -> _Port | None:
        """The dock's port at the hub, while there is a device at it."""
        number = self._docks.get(self._spec.port)
        return next((row for row in _ports() if row.number == number and row.state != _FREE), None)

    def _disk(self) -> Path | None:
        """Its folder in /sys/block: the dock's logical unit of this bay."""
        number = self._docks.get(self._spec.port)
        if number is None:
            return None
        for disk in Path("/sys/block").glob("sd*"):
            place = disk.resolve()
            at_port = f"-{number + 1}:1.0/" in f"{place}" and _HUB in place.parents
            if at_port and (place / "device").resolve().name.endswith(f":{self._spec.lun}"):
                return disk
        return None


def _ports() -> Iterator[_Port]:
    try:
        lines = (_HUB / "status").read_text().splitlines()[1:]
    except FileNotFoundError:
        return
    for line in lines:
        speed, number, state, _, _, descriptor, bus_id = line.split()
        yield _Port(speed=speed, number=int(number), state=state, socket=int(descriptor), bus_id=bus_id)
