"""Other addresses of the same hardware: namespaces of one NVMe subsystem, logical units of one SCSI target.

Sources: drivers/nvme/host/core.c and multipath.c of the Linux kernel (a namespace's disk lies in the folder of its
controller, or of the subsystem where several ways to it are possible; `nvme0c0n1` is one such way, and hidden), and the
SCSI addresses HOST:CHANNEL:TARGET:LUN of Documentation/ABI/testing/sysfs-bus-scsi.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from bench.drive import Interface, Kin
from drivers.block.sysfs import Device, KernelTree, names_in, natural

_NAMESPACE = re.compile(r"nvme\d+n\d+")
_CONTROLLER = re.compile(r"nvme\d+")
_UNIT = re.compile(r"(?P<target>\d+:\d+:\d+):(?P<lun>\d+)")


def of(tree: KernelTree, device: Device, interface: Interface) -> tuple[Kin, int, tuple[Device, ...]]:
    """What the other addresses are to this one, which of them it is itself, and their devices, in natural order."""
    if interface is Interface.NVME:
        listed = {name for folder in _subsystem(tree, device) for name in names_in(folder)}
        names = sorted((name for name in listed if _NAMESPACE.fullmatch(name)), key=natural)
        found = [other for name in names if name != device.name and (other := tree.device(name)) is not None]
        return Kin.NAMESPACE, device.integer("nsid") or 0, tuple(found)
    own = _UNIT.fullmatch((device.folder / "device").resolve().name)
    if own is None:
        return Kin.UNIT, 0, ()
    return Kin.UNIT, int(own["lun"]), tuple(_units(tree, device, own["target"]))


def unit_of(device: Device, kin: Kin) -> int:
    """Namespace identifier or LUN; 0 where it cannot be read."""
    if kin is Kin.NAMESPACE:
        return device.integer("nsid") or 0
    found = _UNIT.fullmatch((device.folder / "device").resolve().name)
    return int(found["lun"]) if found else 0


def _subsystem(tree: KernelTree, device: Device) -> tuple[Path, ...]:
    """The folders that disks of this subsystem lie in: its own, and those of its controllers."""
    for name in names_in(tree.place("/sys/class/nvme-subsystem")):
        folder = tree.place(f"/sys/class/nvme-subsystem/{name}").resolve()
        controllers = tuple((folder / one).resolve() for one in names_in(folder) if _CONTROLLER.fullmatch(one))
        folders = (folder, *controllers)
        if device.folder.parent in folders:
            return folders
    return (device.folder.parent,)


def _units(tree: KernelTree, device: Device, target: str) -> Iterator[Device]:
    for other in tree.whole_disks():
        found = _UNIT.fullmatch((other.folder / "device").resolve().name)
        if found and found["target"] == target and other.name != device.name:
            yield other
