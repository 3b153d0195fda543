"""What forbids erasing a block device. Each function looks at one subject and returns a sentence for all it found."""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from pathlib import PurePosixPath

from bench.guard import HELD
from bench.messages import Message, say
from drivers.block import ioctl
from drivers.block.ioctl import LoopStatus
from drivers.block.sysfs import Device, KernelTree, names_in, printable
from drivers.block.system import Foundation, Role
from drivers.block.topology import Topology

_SECTORS = (512, 4096)
_NEVER_DRIVES = ("sr", "fd", "mtdblock", "ram", "zram", "nbd", "zd")
_ROLES = {
    Role.SYSTEM: "guard-system",
    Role.SWAP: "guard-swap",
    Role.STATE: "guard-state",
    Role.PROGRAM: "guard-program",
}


def is_drive(device: Device) -> bool:
    """Whether this is a whole drive: hardware that the kernel drives directly, or a loop device."""
    if device.whole is not None or device.name.rstrip("0123456789") in _NEVER_DRIVES:
        return False
    return device.is_loop or (device.folder / "device").exists()


def kind(tree: KernelTree, device: Device) -> tuple[Message, ...]:
    """A partition, a device made of others, or no drive at all."""
    if device.whole is not None:
        return (say("guard-partition", node=device.node, disk=device.whole.node),)
    beneath = [slave.node for name in names_in(device.folder / "slaves") if (slave := tree.device(name))]
    if beneath:
        return (say("guard-stacked", node=device.node, beneath=", ".join(beneath)),)
    return () if is_drive(device) else (say("guard-not-a-drive", node=device.node),)


def in_use(topology: Topology, device: Device) -> tuple[Message, ...]:
    """Mounted, or held by dm, md, bcache and the like: the disk itself or a partition of it."""
    found: list[Message] = []
    for part in (device, *device.partitions()):
        holders = [_with_title(topology.tree, name) for name in names_in(part.folder / "holders")]
        if holders:
            found.append(say("guard-holder", node=part.node, holders=", ".join(holders)))
    points: dict[str, list[str]] = {}
    for mount in topology.mounts:
        devices = topology.beneath_mount(mount).devices
        if device.name in devices:
            points.setdefault(_mounted_part(device, devices), []).append(printable(mount.point))
    for node, where in points.items():
        found.append(say("guard-mounted", node=node, where=", ".join(dict.fromkeys(where))))
    return tuple(found)


def _with_title(tree: KernelTree, name: str) -> str:
    """A holder's kernel name, with the name that people gave it where there is one: dm-0 (vg-root)."""
    holder = tree.device(name)
    title = holder.text("dm/name") if holder else None
    return f"{name} ({printable(title)})" if title else name


def _mounted_part(device: Device, devices: frozenset[str]) -> str:
    """The partition through which a mount stands on the disk, or the disk itself."""
    return next((part.node for part in device.partitions() if part.name in devices), device.node)


def needed(device: Device, foundations: Sequence[Foundation]) -> tuple[Message, ...]:
    """The machine's system, swap, state folder or program stands on it."""
    where: dict[Role, list[str]] = {}
    for foundation in foundations:
        if device.name in foundation.trace.devices:
            where.setdefault(foundation.place.role, []).append(printable(foundation.place.path))
    return tuple(say(_ROLES[role], node=device.node, where=", ".join(paths)) for role, paths in where.items())


def untraceable(device: Device, foundations: Sequence[Foundation]) -> tuple[Message, ...]:
    """Places of which it is not known what they stand on: on any disk, this one too."""
    where: dict[str, list[str]] = {}
    for foundation in foundations:
        for found in foundation.trace.unclear:
            where.setdefault(found, []).append(printable(foundation.place.path))
    return tuple(
        say("guard-untraceable", node=device.node, where=", ".join(paths), found=found)
        for found, paths in where.items()
    )


def loop_backing(tree: KernelTree, device: Device, status: LoopStatus | None, state: str) -> tuple[Message, ...]:
    """What speaks against a loop device's backing file. Raises `OSError`."""
    backing = device.text("loop/backing_file")
    if not backing:
        return (say("guard-loop-empty", node=device.node),)
    over = tree.numbered(status.over) if status and status.over else tree.at(backing)
    if over is not None:
        return (say("guard-loop-over-device", node=device.node, disk=(over.whole or over).node),)
    file = printable(backing)
    if status is None or not _is_that_file(tree, backing, status):
        return (say("guard-loop-file-missing", node=device.node, file=file),)
    folders = [PurePosixPath(tree.resolve(backing)), *PurePosixPath(tree.resolve(backing)).parents]
    home = tree.place(state)
    if home.exists() and any(tree.place(str(folder)).samefile(home) for folder in folders):
        return (say("guard-loop-in-state", node=device.node, file=file, where=printable(state)),)
    return ()


def _is_that_file(tree: KernelTree, path: str, status: LoopStatus) -> bool:
    """Whether `path` leads to the very file that the loop device has open: not deleted, replaced or out of sight."""
    try:
        there = tree.place(path).stat()
    except OSError:
        return False
    return (os.major(there.st_dev), os.minor(there.st_dev), there.st_ino) == (*status.device, status.inode)


def writability(device: Device, fd: int) -> tuple[Message, ...]:
    """Read-only, by ioctl or by sysfs. Raises `OSError`."""
    if ioctl.is_read_only(fd) or device.integer("ro") == 1:
        return (say("guard-read-only", node=device.node),)
    return ()


def geometry(device: Device, size: int) -> tuple[Message, ...]:
    """Sectors and zones that the engine cannot write."""
    found: list[Message] = []
    sector = device.integer("queue/logical_block_size")
    if sector is not None and sector not in _SECTORS:
        found.append(say("guard-sector-size", node=device.node, sector=sector))
    elif sector is not None and size % sector:
        found.append(say("guard-size-not-sectors", node=device.node, size=size, sector=sector))
    if device.text("queue/zoned") == "host-managed":
        found.append(say("guard-zoned", node=device.node))
    return tuple(found)


def missing_attributes(device: Device) -> tuple[Message, ...]:
    """Attributes without which a drive is not understood; every kernel that this program runs on has them."""
    return tuple(
        say("guard-attribute-missing", node=device.node, attribute=name)
        for name in ("queue/logical_block_size", "queue/zoned", "ro")
        if not device.text(name)
    )


def held(path: str, node: str) -> tuple[Message, ...]:
    """Whether someone has the drive at `path` open exclusively: tried by holding it for an instant, reading only.

    Raises `OSError` for anything but EBUSY.
    """
    try:
        os.close(os.open(path, os.O_RDONLY | os.O_EXCL | os.O_CLOEXEC | os.O_NONBLOCK))
    except OSError as error:
        if error.errno != errno.EBUSY:
            raise
        return (say(HELD, node=node),)
    return ()
