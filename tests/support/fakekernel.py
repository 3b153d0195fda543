"""Builds /sys, /proc and /dev of machines that are not here, in a folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from drivers.block.mounts import parse_mountinfo
from drivers.block.sysfs import DeviceNumber, KernelTree
from drivers.block.topology import Topology

QUEUE = {"queue/logical_block_size": "512", "queue/physical_block_size": "4096", "queue/zoned": "none", "ro": "0"}


class FakeKernel:
    """A machine with no devices yet and nothing mounted."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.mountinfo: list[str] = []
        self.swaps: list[str] = []
        self._nodes: dict[str, DeviceNumber] = {}
        for folder in ("sys/block", "sys/class/block", "sys/dev/block", "sys/fs/btrfs", "dev", "proc/self"):
            (root / folder).mkdir(parents=True)

    @property
    def tree(self) -> KernelTree:
        """The tree, with the files of /proc as they are now."""
        (self.root / "proc/self/mountinfo").write_text("".join(line + "\n" for line in self.mountinfo))
        (self.root / "proc/swaps").write_text("Filename\tType\n" + "".join(line + "\n" for line in self.swaps))
        return KernelTree(root=self.root, number_of=self._number_of)

    @property
    def topology(self) -> Topology:
        """What lies beneath what, by the mounts so far."""
        tree = self.tree
        return Topology(tree=tree, mounts=parse_mountinfo(tree.process_file("self/mountinfo")))

    def disk(self, name: str, number: DeviceNumber, *, bus: str = "pci0000:00/ata1/host0/0:0:0:0") -> Path:
        """Add a whole drive; `bus` is its way through sysfs. Returns its folder."""
        hardware = self.root / "sys/devices" / bus
        folder = self._device(name, number, hardware / "block" / name)
        (folder / "device").symlink_to(hardware)
        (self.root / "sys/block" / name).symlink_to(folder)
        return folder

    def namespace(self, name: str, number: DeviceNumber, folder: str, nsid: int) -> Path:
        """Add an NVMe namespace in the `folder` of its controller or, with multipath, of its subsystem."""
        home = self.root / "sys/devices" / folder
        made = self._device(name, number, home / name)
        (made / "device").symlink_to(home)
        (self.root / "sys/block" / name).symlink_to(made)
        self.write(home, {"model": "Example NVMe", "serial": "E-1", "firmware_rev": "1"})
        self.write(made, {"nsid": str(nsid), "wwid": f"eui.00000000000000{nsid:02x}"})
        return made

    def subsystem(self, name: str, *controllers: str) -> None:
        """Add an NVMe subsystem with the controllers in these folders."""
        home = self.root / "sys/devices/virtual/nvme-subsystem" / name
        for folder in controllers:
            self._link(home / Path(folder).name, self.root / "sys/devices" / folder)
        self._link(self.root / "sys/class/nvme-subsystem" / name, home)

    def partition(self, name: str, number: DeviceNumber, disk: str) -> Path:
        """Add a partition to a disk that is there."""
        folder = self._device(name, number, (self.root / "sys/class/block" / disk).resolve() / name)
        self.write(folder, {"partition": "1"})
        return folder

    def virtual(self, name: str, number: DeviceNumber, slaves: Sequence[str] = (), **attributes: str) -> Path:
        """Add a device of the kernel's own, on top of `slaves`; a double underscore in an attribute is a slash."""
        folder = self._device(name, number, self.root / "sys/devices/virtual/block" / name)
        (self.root / "sys/block" / name).symlink_to(folder)
        self.write(folder, {key.replace("__", "/"): value for key, value in attributes.items()})
        for slave in slaves:
            beneath = (self.root / "sys/class/block" / slave).resolve()
            self._link(folder / "slaves" / slave, beneath)
            self._link(beneath / "holders" / name, folder)
        return folder

    def btrfs(self, uuid: str, members: Sequence[str]) -> None:
        """Add a mounted btrfs to /sys/fs/btrfs."""
        for name in members:
            self._link(self.root / "sys/fs/btrfs" / uuid / "devices" / name, self.root / "sys/class/block" / name)

    def alias(self, path: str, name: str) -> None:
        """Let `path` lead to the node of `name`."""
        self._nodes[path] = self._nodes[f"/dev/{name}"]

    def file(self, path: str) -> None:
        """Let there be something at `path`."""
        place = self.root / path.lstrip("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch()

    def write(self, folder: Path, attributes: Mapping[str, str | bytes]) -> None:
        """Write attributes as sysfs shows them: text with an end of line, bytes as they are."""
        for name, value in attributes.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(value if isinstance(value, bytes) else f"{value}\n".encode())

    def _device(self, name: str, number: DeviceNumber, folder: Path) -> Path:
        folder.mkdir(parents=True)
        self.write(folder, {"dev": f"{number[0]}:{number[1]}", "size": "204800", **QUEUE})
        (self.root / "sys/class/block" / name).symlink_to(folder)
        (self.root / "sys/dev/block" / f"{number[0]}:{number[1]}").symlink_to(folder)
        self._nodes[f"/dev/{name}"] = number
        return folder

    def _number_of(self, path: Path) -> DeviceNumber | None:
        return self._nodes.get("/" + str(path.relative_to(self.root)))

    @staticmethod
    def _link(link: Path, target: Path) -> None:
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(target)
