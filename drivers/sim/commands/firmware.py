"""The firmware of a virtual drive, whatever its kind, as the device and its connections use it."""

from __future__ import annotations

import errno
import os
from dataclasses import replace

from drivers.commands.transport import NvmeRequest, ScsiReply, ScsiRequest
from drivers.sim.command_faults import CommandHang
from drivers.sim.commands import tcg
from drivers.sim.commands.core import Core, HostResetError
from drivers.sim.commands.frames import OpalReply, OpalRequest, Reply, Request
from drivers.sim.commands.memory import Memory
from drivers.sim.commands.nvme import NvmeController
from drivers.sim.commands.nvme_identify import MAIN
from drivers.sim.commands.sas import SasTarget
from drivers.sim.commands.sat import SatTarget, taskfile
from drivers.sim.commands.scsi import DID_TIME_OUT
from drivers.sim.commands.spec import Personality, Tcg
from drivers.sim.folder import DriveSpec
from drivers.sim.protocol import DriveInfo


class Firmware:
    """One drive's firmware, from power-on. Every method wants the drive's lock held."""

    def __init__(self, core: Core) -> None:
        self._core = core
        kind, memory = core.spec.personality, core.memory
        core.tcg.enabled, core.tcg.locked, core.tcg.shadow = memory.tcg.enabled, memory.tcg.locked, memory.tcg.shadow
        core.eraser.power_on()
        self._scsi: SatTarget | SasTarget | None = None
        self._nvme: NvmeController | None = None
        if kind.is_ata:
            self._scsi = SatTarget(core)
        elif kind in {Personality.SAS_DISK, Personality.SAS_SSD}:
            self._scsi = SasTarget(core)
        elif kind is Personality.NVME:
            self._nvme = NvmeController(core)

    def check_kind(self, request: Request) -> None:
        """Raise EOPNOTSUPP for a command that cannot even reach this drive."""
        reaches = {ScsiRequest: self._scsi, NvmeRequest: self._nvme, OpalRequest: self._scsi or self._nvme}
        if reaches[type(request)] is None:
            raise OSError(errno.EOPNOTSUPP, f"a drive of personality {self._core.spec.personality.value} takes no such")
        if isinstance(request, ScsiRequest) and not 6 <= len(request.cdb) <= 32:
            raise OSError(errno.EINVAL, f"a command descriptor block of {len(request.cdb)} bytes")

    def changes(self, request: Request) -> bool:
        """Whether it may change data or settings, so that it needs the claim."""
        match request:
            case ScsiRequest() if self._scsi:
                return self._scsi.changes(request)
            case NvmeRequest() if self._nvme:
                return self._nvme.changes(request)
            case _:
                return True

    def hangs(self, request: Request) -> bool:
        """Whether this command is never to be answered."""
        opcodes = {item.opcode for item in self._core.health.sicknesses if isinstance(item, CommandHang)}
        match request:
            case ScsiRequest():
                task = taskfile(request)
                return (task.command if task else request.cdb[0]) in opcodes
            case NvmeRequest():
                return request.opcode in opcodes
            case OpalRequest():
                return False

    def answer(self, request: Request) -> Reply:
        """Perform a command. Raises `OSError`."""
        self._core.eraser.tick()
        try:
            match request:
                case ScsiRequest() if self._scsi:
                    return self._scsi.execute(request)
                case NvmeRequest() if self._nvme:
                    return self._nvme.execute(request)
                case OpalRequest():
                    return OpalReply(status=tcg.revert_by_psid(self._core, request.psid, request.timeout))
        except HostResetError:
            return self.given_up(request)
        raise OSError(errno.EOPNOTSUPP, os.strerror(errno.EOPNOTSUPP))

    def given_up(self, request: Request) -> Reply:
        """What the kernel answers after it has reset the drive for being late. Raises ETIMEDOUT but for SCSI."""
        if isinstance(request, ScsiRequest):
            return ScsiReply(status=0, host_status=DID_TIME_OUT)
        raise OSError(errno.ETIMEDOUT, "the drive took too long, and was reset")

    @property
    def block(self) -> int:
        """Bytes of a logical sector, as formatted."""
        if self._nvme:
            return self._nvme.block
        return self._scsi.block if self._scsi else self._core.drive.logical_sector

    @property
    def reach(self) -> int:
        """Bytes that block requests can reach: no more than the host believed when it saw the power come on."""
        match self._scsi:
            case SatTarget() as target:
                return min(target.drive.reach, target.drive.capacity)
            case _:
                return self.extent

    @property
    def extent(self) -> int:
        """Bytes that commands can reach, whose sender knows of a capacity that has changed since."""
        match self._scsi:
            case SatTarget() as target:
                return target.drive.reach
            case _:
                return self._core.memory.size or self._core.drive.size

    def area(self, nsid: int) -> tuple[int, int]:
        """First byte on the medium and reach of a namespace; there is one only but on NVMe drives. Raises ENXIO."""
        if self._nvme and nsid != MAIN:
            return self._nvme.area(nsid)
        if nsid != MAIN:
            raise OSError(errno.ENXIO, f"there is no namespace {nsid}")
        return 0, self.reach

    def refusal(self, *, write: bool) -> int:
        """The error number with which a block request ends now, or 0."""
        self._core.eraser.tick()
        match self._scsi or self._nvme:
            case SatTarget() as target:
                return target.drive.refusal(write=write)
            case SasTarget() | NvmeController() as other:
                return other.refusal(write=write)
            case _:
                return 0

    def is_absent(self) -> bool:
        """Whether the kernel sees a disk without any capacity, where reads end at once and without an error."""
        return isinstance(self._scsi, SasTarget) and self._scsi.size == 0

    def shadow(self, offset: int, length: int) -> bytes | None:
        """What is read instead of the data, if anything."""
        return tcg.shadow(self._core, offset, length)

    def written(self) -> None:
        """User data came after a sanitize."""
        self._core.memory.sanitize.untouched = False

    def info(self, plain: DriveInfo) -> DriveInfo:
        """What INFO says, with this firmware's sizes in it."""
        self._core.eraser.tick()
        sizes = dict(plain.sizes)
        other = sizes["identify"] if sizes["identify"] != plain.size else None
        match self._scsi or self._nvme:
            case SatTarget() as target:
                size, identify = target.drive.capacity, target.drive.size
            case SasTarget() as target:
                size = identify = target.size
            case NvmeController() as controller:
                size = identify = controller.size
            case _:
                return plain
        return replace(
            plain,
            size=size,
            sizes=(("capacity", size), ("identify", identify if other is None else other)),
            logical_sector=self.block,
            physical_sector=max(self.block, plain.physical_sector),
            personality=self._core.spec.personality,
            namespaces=self._nvme.listed() if self._nvme else (),
        )


def first_memory(drive: DriveSpec) -> Memory:
    """What a drive that has never run remembers."""
    memory, spec = Memory(set_up=True), drive.commands
    memory.hidden.hpa, memory.hidden.dco = spec.hpa_size, spec.dco_size
    if spec.personality is Personality.NVME:
        memory.format.block = 0 if drive.logical_sector == 512 else 1
    else:
        memory.format.block = spec.block or drive.logical_sector
    memory.tcg.enabled = spec.tcg is not Tcg.NONE and (spec.tcg_locked or spec.tcg_shadow)
    memory.tcg.locked, memory.tcg.shadow = spec.tcg_locked, spec.tcg_shadow
    return memory
