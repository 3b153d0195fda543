"""Finding out everything about a block device without writing to it: the reading half of the `Drives` port."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from bench.drive import DriveFacts, DriveIdentity, Interface, Kin, Sibling, unreached
from bench.guard import size_objections
from bench.messages import Message, say
from bench.ports import DriveGoneError, DriveSickError
from drivers.block import bridged, identity, ioctl, obstacles, siblings, sizes, udev
from drivers.block.identity import Reading
from drivers.block.ioctl import LoopStatus
from drivers.block.mounts import parse_mountinfo, parse_swaps
from drivers.block.opening import OpenDrive, explain
from drivers.block.sysfs import Device, KernelTree, printable
from drivers.block.system import Foundation, foundations, needed_places
from drivers.block.topology import Topology
from drivers.command_protocol import COMMANDS
from drivers.commands.sgio import SgTransport
from drivers.commands_at_work import node_must_not_be_disturbed
from drivers.turns import turn_at


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockSurveyor:
    """Surveys block devices for a bench that keeps its records in the folder `state`.

    A survey asks the kernel and may wait for a drive that is slow to open: call it off the event loop.
    """

    state: Path
    tree: KernelTree = field(default_factory=KernelTree)

    def discover(self) -> list[str]:
        """Nodes of all whole drives and attached loop devices, in natural order. Raises `OSError` without sysfs."""
        return [device.node for device in self.tree.whole_disks() if _worth_listing(device)]

    def survey(self, address: str) -> DriveFacts:
        """Everything about the device at `address`. Never raises: what fails is in the facts."""
        try:
            return self._survey(address, ours=None)
        except (OSError, RuntimeError, ValueError) as error:
            return unreached(address, undetermined=(_failed(address, error),))

    def resurvey(self, drive: OpenDrive) -> DriveFacts:
        """Survey a drive that we hold ourselves. Raises `DriveGoneError` if it is not the same disk any more.

        `DriveSickError` if it is, and cannot be surveyed.
        """
        drive.ensure_present()
        try:
            facts = self._survey(drive.node, ours=drive)
        except (OSError, RuntimeError, ValueError) as error:
            drive.ensure_present()
            raise DriveSickError(_failed(drive.node, error)) from error
        drive.ensure_present()
        return facts

    def look_again(self, drive: OpenDrive) -> DriveFacts:
        """As `resurvey`, after the kernel asked a held SCSI drive for its capacity (sysfs `device/rescan`).

        While a drive is held, the kernel takes no notice of another format.
        """
        device = self.tree.numbered(drive.number)
        if device is not None:
            try:
                (device.folder / "device" / "rescan").write_text("1")
            except OSError as error:
                raise DriveSickError(_failed(drive.node, error)) from error
        return self.resurvey(drive)

    def find(self, wanted: DriveIdentity, hint: str) -> str:
        """The node of this very drive, `hint` first. Raises `DriveGoneError` if it is gone or found twice.

        Where none has its size, one of another size is meant: opening a hidden area changes it. Who looks compares it.
        """
        try:
            hinted = self.tree.at(hint)
            nodes = dict.fromkeys([*([hinted.node] if hinted else []), *self.discover()])
            known = {node: self._identity(node) for node in nodes}
            found = [node for node, here in known.items() if here == wanted] or [
                node for node, here in known.items() if here is not None and replace(here, size=wanted.size) == wanted
            ]
        except OSError as error:
            raise DriveGoneError(explain(hint, error)) from error
        if not found:
            gone = say("guard-not-found", model=wanted.model, serial=wanted.serial, hint=printable(hint))
            raise DriveGoneError(gone)
        if len(found) > 1:
            raise DriveGoneError(say("guard-may-be-same", node=found[0], other=found[1], serial=wanted.serial))
        return found[0]

    def _identity(self, node: str) -> DriveIdentity | None:
        """The identity at a node; None where sysfs has no such device (any more)."""
        device = self.tree.at(node)
        if device is None:
            return None
        with _opened(self.tree, device) as opened:
            reading = self._reading(device, opened.fd, _loop_status(device, opened.fd))
            return reading.identity(sizes.read(device, opened.fd, reading.size).size)

    def _survey(self, address: str, *, ours: OpenDrive | None) -> DriveFacts:
        device = self.tree.at(str(Path(address).absolute()))
        if device is None:
            return self._no_device(address)
        if self.tree.at(device.node) != device:
            return unreached(address, undetermined=(say("guard-node-missing", address=address, node=device.node),))
        with _opened(self.tree, device) as opened:
            return self._facts(address, device, opened, ours)

    def _facts(self, address: str, device: Device, opened: _Opened, ours: OpenDrive | None) -> DriveFacts:
        topology, standing = self._machine()
        loop = _loop_status(device, opened.fd)
        reading = self._reading(device, opened.fd, loop)
        measured = sizes.read(device, opened.fd, reading.size)
        used = (*obstacles.in_use(topology, device), *obstacles.needed(device, standing))
        found = [*obstacles.kind(self.tree, device), *used]
        unknown = [*opened.refused, *measured.undetermined, *reading.undetermined]
        if opened.fd is not None:
            if device.is_loop:
                found += obstacles.loop_backing(self.tree, device, loop, str(self.state.absolute()))
            found += obstacles.writability(device, opened.fd)
            # Where it is known who uses the drive, a second sentence about someone holding it would mislead.
            if ours is None and not used:
                with turn_at(device.node):
                    found += obstacles.held(str(self.tree.place(device.node)), device.node)
        found += size_objections(device.node, measured.readings)
        disk = device.whole or device
        unit, related = self._siblings(device, reading.interface)
        found += obstacles.geometry(disk, measured.size)
        unknown += obstacles.missing_attributes(disk)
        if not device.is_loop:
            unknown += obstacles.untraceable(device, standing)
        return DriveFacts(
            address=address,
            node=device.node,
            identity=reading.identity(measured.size),
            sizes=measured.readings,
            logical_sector=disk.integer("queue/logical_block_size") or 0,
            physical_sector=disk.integer("queue/physical_block_size") or 0,
            interface=reading.interface,
            medium=reading.medium,
            vendor=reading.vendor,
            firmware=reading.firmware,
            simulated=False,
            obstacles=tuple(dict.fromkeys(found)),
            undetermined=tuple(dict.fromkeys(unknown)),
            notes=(*reading.notes, *udev.difference(self.tree, device, reading.serial)),
            unit=unit,
            siblings=related,
        )

    def _siblings(self, device: Device, interface: Interface) -> tuple[int, tuple[Sibling, ...]]:
        """Which address of its hardware this is, and the others; 0 and nothing where there is one only."""
        kin, unit, others = siblings.of(self.tree, device, interface)
        found = tuple(self._sibling(kin, other) for other in others)
        return (unit, found) if found else (0, ())

    def _sibling(self, kin: Kin, device: Device) -> Sibling:
        with _opened(self.tree, device) as opened:
            reading = identity.read(device)
            size = sizes.read(device, opened.fd, reading.size).size
        return Sibling(
            kin=kin,
            node=device.node,
            unit=siblings.unit_of(device, kin),
            identity=reading.identity(size),
            sector=device.integer("queue/logical_block_size") or 0,
        )

    def _reading(self, device: Device, fd: int | None, loop: LoopStatus | None) -> Reading:
        """The identity. A drive behind a USB bridge is asked, unless a command of ours may not be disturbed there."""
        reading = identity.read(device, loop)
        if fd is None or reading.interface is not Interface.USB or not bridged.hides(device):
            return reading
        if node_must_not_be_disturbed(self.state / COMMANDS, device.node):
            return replace(reading, undetermined=(say("guard-command-at-work", node=device.node),))
        return identity.read(device, loop, bridged.ask(SgTransport(fd)))

    def _machine(self) -> tuple[Topology, tuple[Foundation, ...]]:
        """What is mounted now, and what this machine stands on. Raises `OSError` or `MountTableError`."""
        places = needed_places(self.state)
        for place in places:
            self.tree.exists(f"{place.path}/.")  # a file system that mounts itself on use does so here
        topology = Topology(tree=self.tree, mounts=parse_mountinfo(self.tree.process_file("self/mountinfo")))
        return topology, foundations(topology, places, parse_swaps(self.tree.process_file("swaps")))

    def _no_device(self, address: str) -> DriveFacts:
        path = str(Path(address).absolute())
        shown = printable(address)
        if self.tree.number_of(self.tree.place(path)) is not None:
            return unreached(address, undetermined=(say("guard-not-in-sysfs", node=shown),))
        if self.tree.exists(path):
            return unreached(address, obstacles=(say("guard-not-block-device", node=shown),))
        return unreached(address, obstacles=(say("guard-not-there", node=shown),))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    """A descriptor for asking only, or why there is none."""

    fd: int | None = None
    refused: tuple[Message, ...] = ()


@contextmanager
def _opened(tree: KernelTree, device: Device) -> Iterator[_Opened]:
    """Open a device for asking: without waiting for a medium, and without keeping anyone else from it."""
    try:
        fd = os.open(tree.place(device.node), os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as error:
        yield _Opened(refused=(explain(device.node, error),))
        return
    try:
        yield _Opened(fd=fd)
    finally:
        os.close(fd)


def _loop_status(device: Device, fd: int | None) -> LoopStatus | None:
    """What a loop device stands on; None for other devices, an unopened one, and one with nothing attached."""
    if fd is None or not device.is_loop:
        return None
    try:
        return ioctl.loop_status(fd)
    except OSError as error:
        if error.errno != errno.ENXIO:
            raise
        return None


def _failed(address: str, error: Exception) -> Message:
    return say("guard-survey-failed", node=printable(address), what=printable(f"{type(error).__name__}: {error}"))


def _worth_listing(device: Device) -> bool:
    """Whole drives; no loop device without a file, and no slot of a card reader without a card."""
    if device.is_loop:
        return bool(device.text("loop/backing_file"))
    empty_slot = device.integer("removable") == 1 and device.integer("size") == 0
    return obstacles.is_drive(device) and not empty_slot
