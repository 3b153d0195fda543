"""A held block device as its commander needs it, and the signs by which a power cycle of it is seen."""

from __future__ import annotations

import contextlib
import mmap
import os
import re
from collections.abc import Mapping
from dataclasses import replace

from bench.canaries import Place
from bench.capabilities import CommandSet
from bench.drive import DriveFacts, DriveIdentity, Interface
from bench.kinship import as_planned
from bench.messages import say
from bench.ports import DriveGoneError
from drivers.block.opening import OpenDrive, explain
from drivers.block.survey import BlockSurveyor
from drivers.block.sysfs import Device
from drivers.command_protocol import Reach, Target
from drivers.commands.bridges import UsbId
from drivers.commands.nvme_ioctl import NvmeTransport
from drivers.commands.sgio import SgTransport
from drivers.commands.transport import Transport
from drivers.erase import power

_SECTOR = 512
_USB_ID = re.compile(r"[0-9a-fA-F]{4}")


class HeldBlockDrive:
    """Implements `drivers.commander.Held` over the descriptor that holds the drive."""

    def __init__(
        self, surveyor: BlockSurveyor, drive: OpenDrive, facts: DriveFacts, beside: Mapping[int, OpenDrive]
    ) -> None:
        """`beside` are the NVMe namespaces that are held with the drive, by their identifiers."""
        self._surveyor = surveyor
        self._drive = drive
        self._facts = facts
        self._beside = beside

    @property
    def identity(self) -> DriveIdentity:
        """See `Held`."""
        return self._facts.identity

    @property
    def interface(self) -> Interface:
        """See `Held`."""
        return self._facts.interface

    @property
    def usb(self) -> UsbId | None:
        """See `Held`: the first folder above the device in sysfs that names vendor and product."""
        device = self._surveyor.tree.numbered(self._drive.number)
        return _usb_id(device) if device is not None and self.interface is Interface.USB else None

    def transport(self) -> Transport:
        """See `Held`."""
        self._drive.ensure_present()
        return NvmeTransport(self._drive.fd) if self._is_nvme else SgTransport(self._drive.fd)

    def target(self) -> Target:
        """See `Held`."""
        self._drive.ensure_present()
        reach = Reach.NVME if self._is_nvme else Reach.SCSI
        beside = tuple(drive.fd for drive in self._beside.values())
        return Target(reach=reach, where=self._drive.node, fd=self._drive.fd, beside=beside)

    def write(self, blocks: Mapping[Place, bytes]) -> None:
        """See `Held`."""
        for place, data in blocks.items():
            drive = self._require_held(place)
            try:
                taken = _write(drive, place, data)
            except OSError as error:
                raise DriveGoneError(explain(drive.node, error)) from error
            if taken != len(data):
                raise DriveGoneError(say("erase-plant-failed", offset=place.offset, why=f"{taken} / {len(data)}"))
        for drive in (self._drive, *self._beside.values()):
            try:
                os.fsync(drive.fd)
            except OSError as error:
                raise DriveGoneError(explain(drive.node, error)) from error

    def read(self, where: Place) -> bytes | None:
        """See `Held`."""
        drive = self._holding(where)
        if drive is None:
            return None
        with mmap.mmap(-1, where.length) as aligned:
            try:
                if not drive.direct_io:
                    os.posix_fadvise(drive.fd, where.offset, where.length, os.POSIX_FADV_DONTNEED)
                got = os.preadv(drive.fd, [aligned], where.offset)
            except OSError:
                return None  # the drive does not give it: that is an answer here
            return bytes(aligned[:]) if got == where.length else None

    @property
    def _is_nvme(self) -> bool:
        return self._facts.interface is Interface.NVME

    def _holding(self, place: Place) -> OpenDrive | None:
        """What reaches it; None for namespaces that are not held, and for sectors of 520 bytes."""
        if place.length % _SECTOR or place.length <= 0:
            return None
        return self._drive if place.nsid in {0, self._namespace()} else self._beside.get(place.nsid)

    def _require_held(self, place: Place) -> OpenDrive:
        if place.length % _SECTOR:
            raise DriveGoneError(say("erase-block-odd", length=place.length))
        drive = self._holding(place)
        if drive is None:
            raise DriveGoneError(say("erase-namespace-out-of-reach", nsid=place.nsid))
        return drive

    def _namespace(self) -> int:
        device = self._surveyor.tree.numbered(self._drive.number)
        return (device.integer("nsid") or 0) if device is not None and self._is_nvme else 0


class BlockPresence:
    """Implements `drivers.power_hand.Presence` for a drive that is held, and loses its power all the same."""

    def __init__(self, surveyor: BlockSurveyor, drive: OpenDrive, facts: DriveFacts) -> None:
        self._surveyor = surveyor
        self._drive = drive
        self._facts = facts

    def is_here(self) -> bool:
        """See `Presence`."""
        with contextlib.suppress(DriveGoneError):
            self._drive.ensure_present()
            return True
        return False

    def is_back(self) -> bool:
        """See `Presence`."""
        return self._node() is not None

    def count(self) -> int | None:
        """See `Presence`."""
        node = self._node()
        if node is None:
            return None
        try:
            fd = os.open(node, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError:
            return None
        try:
            if self._facts.interface is Interface.NVME:
                return power.cycles(NvmeTransport(fd), CommandSet.NVME)
            return power.cycles(SgTransport(fd), CommandSet.ATA)
        finally:
            os.close(fd)

    def stranger(self) -> str:
        """See `Presence`: at the node where the drive was, which the next one in its dock gets."""
        found = self._surveyor.survey(self._drive.node).identity
        same = replace(found, size=self._facts.identity.size) == self._facts.identity
        return "" if same or not found.source else found.serial or found.model

    def _node(self) -> str | None:
        """Where the drive is now, whatever its size: opening a hidden area shows after the power cycle."""
        with contextlib.suppress(DriveGoneError):
            node = self._surveyor.find(self._facts.identity, self._drive.node)
            return None if self._is_incomplete(node) else node
        return None

    def _is_incomplete(self, node: str) -> bool:
        """Whether a namespace that goes with the drive has not appeared again: the kernel brings them one by one."""
        wanted = self._facts.together
        return bool(wanted) and len(as_planned(self._surveyor.survey(node), self._facts).together) < len(wanted)


def _write(drive: OpenDrive, place: Place, data: bytes) -> int:
    with mmap.mmap(-1, place.length) as aligned:
        aligned[:] = data
        return os.pwritev(drive.fd, [aligned], place.offset)


def _usb_id(device: Device) -> UsbId | None:
    for folder in device.folder.parents:
        found = [_hexadecimal(Device(name=folder.name, folder=folder), name) for name in ("idVendor", "idProduct")]
        if found[0] is not None and found[1] is not None:
            return UsbId(vendor=found[0], product=found[1])
    return None


def _hexadecimal(device: Device, attribute: str) -> int | None:
    text = (device.text(attribute) or "").strip()
    return int(text, 16) if _USB_ID.fullmatch(text) else None
