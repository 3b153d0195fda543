"""Bays in which QEMU's own devices stand: those of its AHCI controller are soldered in, the PCIe one comes and goes."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

from rig import devices
from rig.guest.bays import BayError
from rig.hand import BayHand, HandClient
from rig.layout import BaySpec, Front

_BY_ID = Path("/dev/disk/by-id")
_PREFIX = {Front.PCIE: "nvme-", Front.AHCI: "ata-", Front.THROTTLED: "ata-", Front.NULL: "ata-"}
_WITHIN_S = 30.0
_LOOK_EVERY_S = 0.1


class QemuBay:
    """See `rig.guest.bays.Bay`. The drive has no power and no back channel of its own: `sim` finds traces at most."""

    def __init__(self, spec: BaySpec, hand: HandClient) -> None:
        self._spec = spec
        self._hand = hand
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
        """See `Bay.plug`. The AHCI controller's disks are always there."""
        if self.kind is Front.PCIE:
            self._hand.qmp("device_add", **devices.hot_plug(self._spec))
        else:
            subprocess.run(["modprobe", "-a", "ahci", "sd_mod"], check=True)
        self.node()

    def unplug(self) -> None:
        """See `Bay.unplug`. QEMU presses the slot's button, and the kernel lets go within seconds."""
        if self.kind is not Front.PCIE:
            raise BayError(f"{self.name}: what stands at QEMU's AHCI controller cannot be pulled out")
        self._hand.qmp("device_del", id=devices.hot_plug(self._spec)["id"])
        deadline = time.monotonic() + _WITHIN_S
        while self._link() is not None:
            if time.monotonic() > deadline:
                raise BayError(f"{self.name}: still at {self._link()} after {_WITHIN_S:.0f} s")
            time.sleep(_LOOK_EVERY_S)
        _settle()

    def power_cycle(self) -> None:
        """See `Bay.power_cycle`."""
        self.unplug()
        self.plug()

    def node(self) -> Path:
        """See `Bay.node`."""
        deadline = time.monotonic() + _WITHIN_S
        while (link := self._link()) is None:
            if time.monotonic() > deadline:
                seen = sorted(path.name for path in _BY_ID.glob("*")) if _BY_ID.exists() else []
                raise BayError(f"{self.name}: no link of {self._spec.drive.serial} in {_BY_ID}; there are {seen}")
            time.sleep(_LOOK_EVERY_S)
        _settle()
        return link.resolve()

    def _link(self) -> Path | None:
        """udev's name for the whole disk, made of what the drive tells of itself."""
        ending = f"_{self._spec.drive.serial}"
        links = _BY_ID.glob(f"{_PREFIX[self.kind]}*{ending}")
        return next((link for link in links if link.exists()), None)


def _settle() -> None:
    subprocess.run(["udevadm", "settle", "--timeout=20"], check=True)
