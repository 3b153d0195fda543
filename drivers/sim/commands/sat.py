"""The SCSI face of an ATA drive (SAT-4), as libata or a USB bridge shows it."""

from __future__ import annotations

from collections.abc import Mapping

from drivers.commands.transport import ScsiReply, ScsiRequest
from drivers.sim.command_faults import DroppedCount
from drivers.sim.commands.ata import AtaDrive
from drivers.sim.commands.ata_registers import ERROR, READY, AtaError, Outcome, Taskfile
from drivers.sim.commands.core import Core
from drivers.sim.commands.scsi import CHECK_CONDITION, Answer, ScsiTarget
from drivers.sim.commands.sense import (
    ABORTED,
    LBA_OUT_OF_RANGE,
    RECOVERED,
    CheckCondition,
    Registers,
    ata_descriptor,
    ata_fixed,
)
from drivers.sim.commands.spec import Bridge

PASS_THROUGH_12, PASS_THROUGH_16 = 0xA1, 0x85
_CHECK = 0x20
_TO_HOST = 0x08


class SatTarget(ScsiTarget):
    """One ATA drive behind a translation."""

    def __init__(self, core: Core) -> None:
        super().__init__(core)
        self.drive = AtaDrive(core)
        self.descriptor_sense = core.spec.bridge is Bridge.DESCRIPTOR
        self.forces_unit_access = False
        self.version = 6  # SPC-4
        if core.spec.bridge is Bridge.NONE:  # as libata
            self.version, self.reporting_options = 5, frozenset({1, 3})

    @property
    def told_size(self) -> int:
        """See `ScsiTarget`."""
        return self.drive.size

    def answers(self) -> Mapping[int, Answer]:
        """See `ScsiTarget`; pass-through is performed elsewhere, as it has a way of its own to answer."""
        passing = {} if self.core.spec.bridge is Bridge.DEAF else {PASS_THROUGH_12: _never, PASS_THROUGH_16: _never}
        return {**super().answers(), **passing}

    def changes(self, request: ScsiRequest) -> bool:
        """See `ScsiTarget`."""
        task = taskfile(request)
        return self.drive.changes(task) if task else super().changes(request)

    def names(self) -> tuple[str, str, str]:
        """See `ScsiTarget`."""
        if self.core.spec.bridge is Bridge.NONE:
            return "ATA", self.core.drive.model, self.core.drive.firmware
        return "USB-SATA", "Bridge", "1.0"

    def mode_pages(self) -> dict[int, bytes]:
        """See `ScsiTarget`; those that libata has, with AWRE."""
        return {1: b"\x80" + bytes(9), 8: b"\x04" + bytes(17), 0x0A: bytes(10)}

    def pages(self) -> dict[int, bytes]:
        """See `ScsiTarget`; page 89h is SAT-4 12.4.2."""
        pages = super().pages()
        if self.core.spec.bridge is Bridge.DEAF:
            return pages
        libata = self.core.spec.bridge is Bridge.NONE
        names = b"linux   libata          3.00" if libata else b"USB-SATABridge          1.00"
        signature = bytes([0x34, 0, 0x50, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1]).ljust(20, b"\0")
        pages[0x89] = bytes(4) + names + signature + b"\xec\0\0\0" + self.drive.identify()
        return pages

    def execute(self, request: ScsiRequest) -> ScsiReply:
        """See `ScsiTarget`."""
        task = taskfile(request)
        if task is None or self.core.spec.bridge is Bridge.DEAF:
            return super().execute(request)
        wants_registers = bool(request.cdb[2] & _CHECK)
        try:
            outcome = self.drive.execute(task)
        except AtaError as error:
            out = _registers(task, Outcome(lba=error.lba), status=ERROR, error=error.error)
            return ScsiReply(status=CHECK_CONDITION, sense=self._told((ABORTED, 0, 0), out))
        data = outcome.data[: request.length] if request.cdb[2] & _TO_HOST else b""
        if not wants_registers:
            return ScsiReply(status=0, data=data)
        sense = self._told((RECOVERED, 0, 0x1D), _registers(task, outcome, status=READY, error=0))
        return ScsiReply(status=CHECK_CONDITION, sense=sense, data=data)

    def check_state(self, request: ScsiRequest) -> None:
        """See `ScsiTarget`."""
        if request.cdb[0] in {0x28, 0x88, 0x2A, 0x8A} and self.drive.refusal(write=request.cdb[0] in {0x2A, 0x8A}):
            raise CheckCondition((ABORTED, 0, 0))
        if request.cdb[0] in {0x1A, 0x5A} and not self.told_size:
            raise CheckCondition(LBA_OUT_OF_RANGE)

    def _told(self, code: tuple[int, int, int], out: Registers) -> bytes:
        dropped = self.core.health.find(DroppedCount) is not None
        if dropped or self.core.spec.bridge is Bridge.FIXED:
            return ata_fixed(code, out, tells_upper=not dropped)
        return ata_descriptor(code, out)


def taskfile(request: ScsiRequest) -> Taskfile | None:
    """The ATA command in a pass-through CDB (SAT-4 12.2.2 and 12.2.3); None for any other CDB."""
    cdb = request.cdb
    if cdb[0] == PASS_THROUGH_16 and len(cdb) == 16:
        extended = bool(cdb[1] & 1)
        upper = extended * 0xFF
        return Taskfile(
            command=cdb[14],
            feature=(cdb[3] & upper) << 8 | cdb[4],
            count=(cdb[5] & upper) << 8 | cdb[6],
            lba=int.from_bytes(
                bytes([cdb[8], cdb[10], cdb[12], cdb[7] & upper, cdb[9] & upper, cdb[11] & upper]), "little"
            ),
            device=cdb[13],
            extended=extended,
            data=request.data,
            timeout=request.timeout,
        )
    if cdb[0] == PASS_THROUGH_12 and len(cdb) == 12:
        return Taskfile(
            command=cdb[9],
            feature=cdb[3],
            count=cdb[4],
            lba=int.from_bytes(cdb[5:8], "little"),
            device=cdb[8],
            extended=False,
            data=request.data,
            timeout=request.timeout,
        )
    return None


def _registers(task: Taskfile, outcome: Outcome, *, status: int, error: int) -> Registers:
    return Registers(
        status=status,
        error=error,
        count=task.count if outcome.count is None else outcome.count,
        lba=task.lba if outcome.lba is None else outcome.lba,
        device=task.device | 0x40,
        extended=task.extended,
    )


def _never(_: ScsiRequest) -> bytes:
    raise CheckCondition((ABORTED, 0, 0))  # a pass-through CDB of a wrong length
