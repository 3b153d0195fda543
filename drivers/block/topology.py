"""From a path, mount or device down to every device beneath it: partitions, dm, md, bcache, loop, zram, btrfs, overlay.

A device that a file system stands on, however indirectly, must not be erased, and what cannot be traced is reported
as such, never left out. Sources: Documentation/ABI/*/sysfs-block, sysfs-fs-btrfs and overlayfs of the Linux kernel.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from drivers.block.mounts import Mount, Swap, mount_of
from drivers.block.sysfs import Device, KernelTree, names_in, printable

_IN_MEMORY = frozenset({
    "autofs", "binfmt_misc", "bpf", "cgroup", "cgroup2", "configfs", "debugfs", "devpts", "devtmpfs", "efivarfs",
    "fusectl", "hugetlbfs", "mqueue", "nsfs", "proc", "pstore", "ramfs", "rootfs", "rpc_pipefs", "securityfs",
    "selinuxfs", "sysfs", "tmpfs", "tracefs",
})  # fmt: skip
_OVER_A_NETWORK = frozenset({
    "9p", "afs", "ceph", "cifs", "fuse.glusterfs", "fuse.sshfs", "nfs", "nfs4", "smb3", "virtiofs",
})  # fmt: skip
_DISKLESS = _IN_MEMORY | _OVER_A_NETWORK


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """Kernel names of every device passed through, top to bottom, and what could not be traced further."""

    devices: frozenset[str]
    unclear: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Topology:
    """Answers what lies beneath, for one reading of the mount table."""

    tree: KernelTree
    mounts: Sequence[Mount]

    def beneath_path(self, path: str) -> Trace:
        """Everything beneath a file or folder, which need not exist yet."""
        walk = _Walk(self.tree, self.mounts)
        walk.path(path)
        return walk.trace()

    def beneath_swap(self, swap: Swap) -> Trace:
        """Everything beneath an active swap area."""
        walk = _Walk(self.tree, self.mounts)
        walk.node_or_file(swap.path, f"swap {swap.path}")
        return walk.trace()

    def beneath_mount(self, mount: Mount) -> Trace:
        """The block devices that a mount keeps in use, without those beneath another file system's files.

        A file system on such files is a mount, too, or else an open loop device: both are found by themselves.
        """
        walk = _BlockWalk(self.tree, self.mounts)
        walk.mount(mount)
        return walk.trace()


class _Walk:
    """One way down, collecting as it goes; every device and mount is visited once."""

    def __init__(self, tree: KernelTree, mounts: Sequence[Mount]) -> None:
        self._tree = tree
        self._mounts = mounts
        self._devices: set[str] = set()
        self._unclear: list[str] = []
        self._open_mounts: set[int] = set()

    def trace(self) -> Trace:
        return Trace(devices=frozenset(self._devices), unclear=tuple(dict.fromkeys(self._unclear)))

    def path(self, path: str) -> None:
        mount = mount_of(self._mounts, self._tree.resolve(path))
        if mount is None:
            self._doubt(path)
        else:
            self.mount(mount)

    def node_or_file(self, path: str, what: str) -> None:
        """Go on with a path that the kernel names, which may lie in another namespace: it must exist in ours."""
        device = self._tree.at(path)
        if device is not None:
            self.device(device)
        elif path.startswith("/") and self._tree.exists(path):
            self.file(path)
        else:
            self._doubt(what)

    def file(self, path: str) -> None:
        self.path(path)

    def mount(self, mount: Mount) -> None:
        if mount.id in self._open_mounts:
            # A file system beneath itself: its options name paths that mean something else in this namespace.
            self._doubt(f"{mount.kind} {mount.source}")
            return
        self._open_mounts.add(mount.id)
        if mount.number[0] != 0:
            self._numbered(mount)
        elif mount.kind == "overlay":
            self._overlay(mount)
        elif mount.kind == "btrfs":
            self._btrfs(mount)
        elif mount.kind not in _DISKLESS:
            self._named_by_source(mount)
        self._open_mounts.discard(mount.id)

    def device(self, device: Device) -> None:
        if device.name in self._devices:
            return
        self._devices.add(device.name)
        whole = device.whole
        if whole is not None:
            self.device(whole)
        for name in names_in(device.folder / "slaves"):
            slave = self._tree.device(name)
            if slave is None:
                self._doubt(f"{device.name} {name}")
            else:
                self.device(slave)
        backing = device.text("loop/backing_file") if device.is_loop else device.text("backing_dev")
        if backing and backing != "none":
            self.node_or_file(backing, f"{device.name} {backing}")

    def _doubt(self, what: str) -> None:
        self._unclear.append(printable(what))

    def _numbered(self, mount: Mount) -> None:
        device = self._tree.numbered(mount.number)
        if device is None:
            self._doubt(f"{mount.kind} {mount.source} {mount.number[0]}:{mount.number[1]}")
        else:
            self.device(device)

    def _overlay(self, mount: Mount) -> None:
        layers = [
            layer.replace("\\:", ":")
            for value in mount.options("lowerdir")
            for layer in re.split(r"(?<!\\):", value)
            if layer
        ]
        layers += mount.options("lowerdir+", "datadir+", "upperdir", "workdir")
        if not layers:
            self._doubt(f"overlay {mount.source}")
        for layer in layers:
            self.node_or_file(layer, f"overlay {layer}")

    def _btrfs(self, mount: Mount) -> None:
        folder = self._tree.place("/sys/fs/btrfs")
        sets = [members for name in names_in(folder) if (members := names_in(folder / name / "devices"))]
        source = self._tree.at(mount.source)
        # A source such as /dev/root may be no node any more; a single file system in sysfs must then be this one.
        ours = [names for names in sets if source is not None and source.name in names] or sets
        if len(ours) != 1:
            self._doubt(f"btrfs {mount.source}")
            return
        for name in ours[0]:
            device = self._tree.device(name)
            if device is None:
                self._doubt(f"btrfs {name}")
            else:
                self.device(device)

    def _named_by_source(self, mount: Mount) -> None:
        """Other file systems without a number of their own: bcachefs writes all its devices into the source."""
        devices = [self._tree.at(part) for part in mount.source.split(":")]
        for device in devices:
            if device is None:
                self._doubt(f"{mount.kind} {mount.source}")
            else:
                self.device(device)


class _BlockWalk(_Walk):
    """Stays among block devices: does not go on beneath the file systems that hold files it meets."""

    def file(self, path: str) -> None:
        """A file is beneath a file system, and that one's mount is looked at by itself."""
