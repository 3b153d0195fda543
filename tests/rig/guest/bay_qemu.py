"""Bays in which QEMU's own devices stand: those of its AHCI controller are soldered in, the PCIe one comes and goes."""

from __future__ import annotations

import subprocess
from pathlib import Path

from rig import devices
from rig.guest.bays import Bay, BayError
from rig.layout import Front

_BY_ID = Path("/dev/disk/by-id")
_PREFIX = {Front.PCIE: "nvme-", Front.AHCI: "ata-", Front.THROTTLED: "ata-", Front.NULL: "ata-"}


class QemuBay(Bay):
    """See `rig.guest.bays.Bay`. The drive has no power and no back channel of its own: `sim` finds traces at most."""

    def plug(self) -> None:
        """See `Bay.plug`. The AHCI controller's disks are always there."""
        if self.kind is Front.PCIE:
            self._hand.qmp("device_add", **devices.hot_plug(self._spec))
        else:
            subprocess.run(["modprobe", "-a", "ahci", "sd_mod"], check=True)
        self.node()

    def power_cycle(self) -> None:
        """See `Bay.power_cycle`: its power comes and goes with the slot's."""
        self.unplug()
        self.plug()

    def _pull_out(self) -> None:
        """QEMU presses the slot's button, and the kernel lets go within seconds."""
        if self.kind is not Front.PCIE:
            raise BayError(f"{self.name}: what stands at QEMU's AHCI controller cannot be pulled out")
        self._hand.qmp("device_del", id=devices.hot_plug(self._spec)["id"])

    def _is_gone(self) -> bool:
        return self._link() is None

    def _node(self) -> Path | None:
        link = self._link()
        return None if link is None else link.resolve()

    def _seen(self) -> str:
        links = sorted(path.name for path in _BY_ID.glob("*")) if _BY_ID.exists() else []
        return f"no link of {self._spec.drive.serial} in {_BY_ID}, or one that stays; there are {links}"

    def _link(self) -> Path | None:
        """udev's name for the whole disk, made of what the drive tells of itself."""
        ending = f"_{self._spec.drive.serial}"
        links = _BY_ID.glob(f"{_PREFIX[self.kind]}*{ending}")
        return next((link for link in links if link.exists()), None)
