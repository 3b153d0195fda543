"""What stands on the emulated bench: plain data that the host writes and the guest reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from bench.drive import Medium
from drivers.sim.command_faults import MadeUpSerial
from drivers.sim.commands.spec import Bridge, CommandSpec, Personality
from drivers.sim.faults import Sickness
from drivers.sim.folder import MIB, DriveSpec, parse_spec, spec_document

HOST = "10.0.2.2"
"""How the guest calls the host's 127.0.0.1 (QEMU's user networking)."""
DRIVE_SIZE = 16 * MIB
HUGE_SIZE = 4 << 40
CARD_SIZE = 64 * MIB


class Front(StrEnum):
    """How a bay's drive reaches the guest's kernel."""

    TCMU = "tcmu"
    USB = "usb"
    NVME_TCP = "nvme-tcp"
    AHCI = "ahci"
    PCIE = "pcie"
    THROTTLED = "throttled"
    NULL = "null"

    @property
    def is_qemu(self) -> bool:
        """Whether QEMU's own device stands there, and no virtual drive."""
        return self in {Front.AHCI, Front.PCIE, Front.THROTTLED, Front.NULL}


@dataclass(frozen=True, slots=True, kw_only=True)
class BaySpec:
    """A bay. `port` is where its front end or relay listens on the host, 0 for QEMU's own; `drive` is what lies in it.

    For QEMU's own devices only the drive's size, model and serial count. Bays of one `dock` share its port, and each is
    a logical unit of it.
    """

    name: str
    front: Front
    drive: DriveSpec
    port: int = 0
    dock: str = ""
    lun: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The bench, and the port at which the hand listens."""

    bays: tuple[BaySpec, ...]
    hand: int = 0

    def bay(self, name: str) -> BaySpec:
        """The bay of that name. Raises `LookupError`."""
        for bay in self.bays:
            if bay.name == name:
                return bay
        raise LookupError(f"no bay {name!r} on this bench; there are {', '.join(bay.name for bay in self.bays)}")

    def only(self, names: Sequence[str]) -> Layout:
        """A bench with these bays alone. Raises `LookupError`."""
        return replace(self, bays=tuple(self.bay(name) for name in names))


def standard() -> Layout:
    """The whole bench, its ports still to be given."""
    return Layout(bays=(*_ata(), *_sas(), *_usb(), *_nvme(), _card(), *_qemu()))


def _ata() -> tuple[BaySpec, ...]:
    """Two disks, two SSDs of which the second takes ten minutes to erase, and a disk that is frozen at power-on."""
    disk, ssd = CommandSpec(personality=Personality.ATA_DISK), CommandSpec(personality=Personality.ATA_SSD)
    frozen = CommandSpec(personality=Personality.ATA_DISK, frozen_at_power_on=True)
    return tuple(
        BaySpec(name=f"ata-{n}", front=Front.TCMU, drive=_drive("RIG-ATA", n, commands))
        for n, commands in enumerate((disk, disk, ssd, replace(ssd, erase_ms=600_000), frozen), 1)
    )


def _sas() -> tuple[BaySpec, ...]:
    """Two disks, of which the second takes ten minutes for everything, and an SSD."""
    disk, ssd = CommandSpec(personality=Personality.SAS_DISK), CommandSpec(personality=Personality.SAS_SSD)
    kinds = (disk, replace(disk, erase_ms=600_000, crypto_ms=600_000), ssd)
    return tuple(
        BaySpec(name=f"sas-{n}", front=Front.TCMU, drive=_drive("RIG-SAS", n, kind)) for n, kind in enumerate(kinds, 1)
    )


def _usb() -> tuple[BaySpec, ...]:
    """A dock that passes everything, one with two bays and one made-up serial, and one that passes no ATA command."""
    clash = (MadeUpSerial(serial="DB9876543211160"),)
    return (
        BaySpec(name="usb-1", front=Front.USB, drive=_usb_drive(1, Bridge.DESCRIPTOR)),
        BaySpec(name="usb-2", front=Front.USB, drive=_usb_drive(2, Bridge.FIXED, clash), dock="dual", lun=0),
        BaySpec(name="usb-3", front=Front.USB, drive=_usb_drive(3, Bridge.FIXED, clash), dock="dual", lun=1),
        BaySpec(name="usb-4", front=Front.USB, drive=_usb_drive(4, Bridge.DEAF)),
    )


def _usb_drive(number: int, bridge: Bridge, sicknesses: tuple[Sickness, ...] = ()) -> DriveSpec:
    commands = CommandSpec(personality=Personality.ATA_DISK, bridge=bridge)
    return replace(_drive("RIG-USB", number, commands), sicknesses=sicknesses)


def _nvme() -> tuple[BaySpec, ...]:
    """The first can do every sanitize. The second takes ten minutes for one, on its own clock: time to look at it."""
    quick = CommandSpec(personality=Personality.NVME)
    kinds = (replace(quick, sanitize="crypto,block,overwrite"), replace(quick, erase_ms=600_000))
    return tuple(
        BaySpec(name=f"nvme-{n}", front=Front.NVME_TCP, drive=_drive("RIG-NVME", n, kind))
        for n, kind in enumerate(kinds, 1)
    )


def _card() -> BaySpec:
    """The station's own disk, with a cache that holds more than a kernel leaves unflushed."""
    drive = _drive("RIG-CARD", 1, CommandSpec(personality=Personality.NVME), size=CARD_SIZE)
    return BaySpec(name="card-1", front=Front.NVME_TCP, drive=drive)


def _qemu() -> tuple[BaySpec, ...]:
    nothing = CommandSpec()
    return (
        BaySpec(name="ahci-1", front=Front.AHCI, drive=_drive("RIG-AHCI", 1, nothing)),
        BaySpec(name="pcie-1", front=Front.PCIE, drive=_drive("RIG-PCIE", 1, nothing)),
        BaySpec(name="slow-1", front=Front.THROTTLED, drive=_drive("RIG-SLOW", 1, nothing)),
        BaySpec(name="huge-1", front=Front.NULL, drive=_drive("RIG-HUGE", 1, nothing, size=HUGE_SIZE)),
    )


_OUI = {"RIG-ATA": 0x50014EE2, "RIG-SAS": 0x5000C500, "RIG-USB": 0x500A0751}
"""The first half of a WWN, by family; drives without one tell none."""


def _drive(family: str, number: int, commands: CommandSpec, size: int = DRIVE_SIZE) -> DriveSpec:
    flash = commands.personality.is_flash
    wwn = f"{_OUI[family]:08x}{number:08x}" if family in _OUI else ""
    return DriveSpec(
        size=size,
        model=f"{family} {'SSD' if flash else 'HDD'}",
        serial=f"{family}-{number:04}",
        wwn=wwn,
        physical_sector=512,
        medium=Medium.FLASH if flash else Medium.ROTATING,
        seed=number,
        commands=commands,
    )


def to_document(layout: Layout) -> dict[str, Any]:
    """As JSON."""
    bays = [
        {
            "name": bay.name,
            "front": bay.front.value,
            "port": bay.port,
            "dock": bay.dock,
            "lun": bay.lun,
            "drive": spec_document(bay.drive),
        }
        for bay in layout.bays
    ]
    return {"hand": layout.hand, "bays": bays}


def from_document(document: dict[str, Any]) -> Layout:
    """The reverse; both sides run the same checkout, so what does not fit raises what it raises."""
    bays = tuple(
        BaySpec(
            name=bay["name"],
            front=Front(bay["front"]),
            port=bay["port"],
            dock=bay["dock"],
            lun=bay["lun"],
            drive=parse_spec(bay["drive"], f"bay {bay['name']}"),
        )
        for bay in document["bays"]
    )
    return Layout(bays=bays, hand=document["hand"])
