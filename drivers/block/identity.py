"""Who a drive is, in its own words, and where they were read.

Everything comes from sysfs, except for loop devices and drives behind USB bridges (`bridged`). The kernel asked the
drive when it appeared and keeps the answers in its folder; a drive exchanged behind the same name gets a new folder,
and a disk sequence number that shows it (see `opening`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bench.drive import DriveIdentity, Interface, Medium
from bench.messages import Message, say
from drivers.block.ioctl import LoopStatus
from drivers.block.sysfs import Device, printable
from drivers.commands import identify

_NO_NAME = re.compile(r"[0\s.-]*|[fF]+")
"""Serials and WWNs that firmware writes where it has none: zeros, or all ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One reading of a drive's identity. `size` in bytes is the drive's own word on it, 0 where it says nothing."""

    source: str
    model: str = ""
    serial: str = ""
    wwn: str = ""
    size: int = 0
    vendor: str = ""
    firmware: str = ""
    interface: Interface
    medium: Medium = Medium.UNKNOWN
    undetermined: tuple[Message, ...] = ()
    notes: tuple[Message, ...] = ()

    def identity(self, size: int) -> DriveIdentity:
        """The identity, with the size that the kernel gives."""
        return DriveIdentity(model=self.model, serial=self.serial, wwn=self.wwn, size=size, source=self.source)


def read(device: Device, loop: LoopStatus | None = None, asked: identify.AtaIdentity | None = None) -> Reading:
    """Read a drive's identity. `loop` is what a loop device's ioctl says, None for others and where it failed.

    `asked` is what a drive behind a USB bridge says of itself, None for others and where it says nothing.
    """
    match interface(device):
        case Interface.LOOP:
            return _loop(device, loop)
        case Interface.NVME:
            return _nvme(device)
        case Interface.VIRTIO:
            return _virtio(device)
        case Interface.MMC:
            return _mmc(device)
        case Interface.UNKNOWN:
            return Reading(source="", interface=Interface.UNKNOWN)
        case Interface.USB as kind if asked is not None:
            return _ata(device, kind, asked, "ATA IDENTIFY")
        case kind:
            return _scsi(device, kind)


def interface(device: Device) -> Interface:
    """How the drive is attached, from its name and the buses on its path in sysfs."""
    if device.is_loop:
        return Interface.LOOP
    for pattern, kind in (
        (r"nvme\d+n\d+", Interface.NVME),
        (r"vd[a-z]+", Interface.VIRTIO),
        (r"mmcblk\d+", Interface.MMC),
    ):
        if re.fullmatch(pattern, device.name):
            return kind
    if not re.fullmatch(r"sd[a-z]+", device.name):
        return Interface.UNKNOWN
    path = "/".join(device.folder.parts)
    if re.search(r"/usb\d+/", path):
        return Interface.USB
    # An ATA disk behind a SAS controller is known by the vendor that SAT gives it.
    if re.search(r"/ata\d+/", path) or (device.text("device/vendor") or "").strip() == "ATA":
        return Interface.SATA
    return Interface.SAS if re.search(r"/end_device-[\d:]+/", path) else Interface.SCSI


def _attribute(device: Device, name: str) -> str:
    return printable(device.text(name) or "")


def _named(text: str) -> str:
    """A serial or WWN, or nothing where it is only a filler."""
    bare = text.partition(".")[2] if text.startswith(("naa.", "eui.")) else text.removeprefix("0x")
    return "" if _NO_NAME.fullmatch(bare) else text


def _medium(device: Device) -> Medium:
    """What the kernel learned about rotation; only for attachments that pass it on."""
    rotational = device.integer("queue/rotational")
    return Medium.UNKNOWN if rotational is None else Medium.ROTATING if rotational else Medium.FLASH


def _scsi(device: Device, kind: Interface) -> Reading:
    page = device.binary("device/vpd_pg89")
    if page:
        try:
            return _ata(device, kind, identify.from_vpd_page(page), "vpd_pg89")
        except identify.IdentifyError as error:
            damaged = say("guard-identify-damaged", node=device.node, what=str(error))
            return Reading(source="vpd_pg89", interface=kind, undetermined=(damaged,))
    model = _attribute(device, "device/model")
    vendor = _attribute(device, "device/vendor")
    if kind is Interface.USB:
        return Reading(
            source="usb bridge",
            model=model,
            vendor=vendor,
            interface=kind,
            undetermined=(say("guard-behind-bridge", node=device.node),),
            notes=_enclosure(device),
        )
    return Reading(
        source="vpd_pg80",
        model=model,
        serial=_named(_unit_serial(device)),
        wwn=_wwid(device, "device/wwid"),
        vendor=vendor,
        firmware=_attribute(device, "device/rev"),
        interface=kind,
        medium=_medium(device),
    )


def _ata(device: Device, kind: Interface, disk: identify.AtaIdentity, source: str) -> Reading:
    return Reading(
        source=source,
        model=disk.model,
        serial=_named(disk.serial),
        wwn=_named(disk.wwn),
        size=disk.size,
        firmware=disk.firmware,
        interface=kind,
        medium={0: Medium.UNKNOWN, 1: Medium.FLASH}.get(disk.rotation, Medium.ROTATING),
        notes=_enclosure(device) if kind is Interface.USB else (),
    )


def _unit_serial(device: Device) -> str:
    """VPD page 80h: four bytes of header, the last two of them the length of the text."""
    page = device.binary("device/vpd_pg80") or b""
    return printable(page[4 : 4 + int.from_bytes(page[2:4], "big")]) if len(page) > 4 and page[1] == 0x80 else ""


def _wwid(device: Device, attribute: str) -> str:
    """The world-wide name that the kernel chose from VPD page 83h or the namespace; vendor texts (t10.…) are none."""
    name = _attribute(device, attribute)
    return _named(name) if name.startswith(("naa.", "eui.", "uuid.")) else ""


def _enclosure(device: Device) -> tuple[Message, ...]:
    """The serial number of the USB device that the drive sits in: a hint for people, not an identity."""
    for folder in device.folder.parents:
        if (folder / "idVendor").exists():
            serial = _attribute(Device(name=folder.name, folder=folder), "serial")
            return (say("guard-note-enclosure", node=device.node, serial=serial),) if serial else ()
    return ()


def _nvme(device: Device) -> Reading:
    return Reading(
        source="nvme sysfs",
        model=_attribute(device, "device/model"),
        serial=_named(_attribute(device, "device/serial")),
        wwn=_wwid(device, "wwid"),
        firmware=_attribute(device, "device/firmware_rev"),
        interface=Interface.NVME,
        medium=Medium.FLASH,
    )


def _virtio(device: Device) -> Reading:
    # A virtual disk has no model and says nothing about rotation: the kernel's default would be a guess.
    return Reading(
        source="virtio sysfs",
        model="virtio-blk",
        serial=_named(_attribute(device, "serial")),
        vendor=_attribute(device, "device/vendor"),
        interface=Interface.VIRTIO,
    )


def _mmc(device: Device) -> Reading:
    cid = _attribute(device, "device/cid")
    return Reading(
        source="mmc sysfs",
        model=_attribute(device, "device/name"),
        serial=_named(_attribute(device, "device/serial")),
        wwn=f"cid.{cid}" if _named(cid) else "",
        vendor=_attribute(device, "device/manfid"),
        firmware=_attribute(device, "device/fwrev"),
        interface=Interface.MMC,
        medium=Medium.FLASH,
    )


def _loop(device: Device, status: LoopStatus | None) -> Reading:
    """A loop device is its backing file: the path in place of a serial, file system and inode in place of a WWN."""
    path = _attribute(device, "loop/backing_file")
    if status is None or not path:
        return Reading(source="loop", model="Loop device", serial=path, interface=Interface.LOOP, medium=Medium.FILE)
    major, minor = status.device
    return Reading(
        source="loop",
        model="Loop device",
        serial=f"{path}@{status.offset}" if status.offset else path,
        wwn=f"inode:{major}:{minor}:{status.inode}",
        interface=Interface.LOOP,
        medium=Medium.FILE,
    )
