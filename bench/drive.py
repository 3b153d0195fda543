"""One drive, one identity: what a drive says of itself, and what the bench knows about it before erasing.

The address (`/dev/sda`, `sim:PATH`) is where a drive is reached; it is never what it *is*.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum

from bench.messages import Message

SIM_PREFIX = "sim:"
OWN_SIZE = "READ CAPACITY(16)"
"""Source of the size of a drive whose sectors the host cannot read, and of which it therefore says zero."""


class Interface(StrEnum):
    """How the drive is attached, as far as the kernel says."""

    SATA = "sata"
    SAS = "sas"
    SCSI = "scsi"
    NVME = "nvme"
    USB = "usb"
    VIRTIO = "virtio"
    MMC = "mmc"
    LOOP = "loop"
    SIMULATED = "simulated"
    UNKNOWN = "unknown"


class Medium(StrEnum):
    """What holds the data; `UNKNOWN` is an answer."""

    ROTATING = "rotating"
    FLASH = "flash"
    FILE = "file"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class DriveIdentity:
    """Serial, model, WWN / EUI and size in bytes, as the drive itself gives them, and where they were read.

    An empty string means the drive did not say. `source` names the reading (`vpd_pg89`, `nvme sysfs`, …) and
    is part of the identity: the same drive is read the same way each time.
    """

    model: str
    serial: str
    wwn: str
    size: int
    source: str

    @property
    def digest(self) -> str:
        """SHA-256 (hex) over all fields, stored with each destructive step as the identity read before it."""
        fields = [self.model, self.serial, self.wwn, self.size, self.source]
        return hashlib.sha256(json.dumps(fields).encode()).hexdigest()

    def missing(self) -> tuple[str, ...]:
        """Names of the fields without which the drive cannot be told from another (WWN may be absent)."""
        absent = [name for name in ("model", "serial") if not getattr(self, name).strip()]
        return (*absent, *(() if self.size > 0 else ("size",)))

    def may_be_same_drive(self, other: DriveIdentity) -> bool:
        """Whether two readings could be one drive: equal serial and model, or equal WWN."""
        same_serial = bool(self.serial) and (self.serial, self.model) == (other.serial, other.model)
        same_wwn = bool(self.wwn) and self.wwn == other.wwn
        return same_serial or same_wwn


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeReading:
    """One answer to "how big is this drive?": who was asked, and the bytes they said."""

    source: str
    size: int


class Kin(StrEnum):
    """In what two addresses are parts of one whole."""

    NAMESPACE = "namespace"
    """Of one NVMe subsystem: a sanitize of one is a sanitize of all."""
    UNIT = "unit"
    """Logical units of one SCSI target: how far a sanitize of one reaches, no standard says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sibling:
    """Another address of the same hardware, which a firmware erasure may reach too. Bytes.

    `unit` is its namespace identifier or LUN. `named` says that it goes with the drive: the operator named it in the
    same order, and it is held, erased and looked at together with it.
    """

    kin: Kin
    node: str
    unit: int
    identity: DriveIdentity
    sector: int
    named: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DriveFacts:
    """Everything found out about a drive without writing to it.

    `address` is what the operator typed, `node` where that leads (`/dev/sda`, `sim:/path`). `obstacles` are
    facts that forbid erasing (mounted, a partition, read-only, the system's own disk, …), each a sentence saying
    what was found and what to do; `undetermined` are facts that could not be found out and therefore forbid it
    too. Sector sizes are bytes. Where the hardware has other addresses, `siblings` are these and `unit` is which of
    them this one is.
    """

    address: str
    node: str
    identity: DriveIdentity
    sizes: tuple[SizeReading, ...]
    logical_sector: int
    physical_sector: int
    interface: Interface
    medium: Medium
    vendor: str
    firmware: str
    simulated: bool
    obstacles: tuple[Message, ...] = ()
    undetermined: tuple[Message, ...] = ()
    notes: tuple[Message, ...] = ()
    unit: int = 0
    siblings: tuple[Sibling, ...] = ()

    @property
    def together(self) -> tuple[Sibling, ...]:
        """The siblings that go with this drive."""
        return tuple(item for item in self.siblings if item.named)

    @property
    def tells_own_size(self) -> bool:
        """Whether the size is the drive's own word alone."""
        return any(reading.source == OWN_SIZE for reading in self.sizes)


def unreached(
    address: str, *, obstacles: tuple[Message, ...] = (), undetermined: tuple[Message, ...] = ()
) -> DriveFacts:
    """The facts about an address at which no drive could be surveyed: nothing but why."""
    simulated = address.startswith(SIM_PREFIX)
    return DriveFacts(
        address=address,
        node=address,
        identity=DriveIdentity(model="", serial="", wwn="", size=0, source=""),
        sizes=(),
        logical_sector=0,
        physical_sector=0,
        interface=Interface.SIMULATED if simulated else Interface.UNKNOWN,
        medium=Medium.UNKNOWN,
        vendor="",
        firmware="",
        simulated=simulated,
        obstacles=obstacles,
        undetermined=undetermined,
    )
