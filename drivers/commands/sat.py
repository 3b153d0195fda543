"""ATA commands inside SCSI ones: ATA PASS-THROUGH(12) and (16) built, and what became of them found out.

Source: SAT-4 12.2.2 (commands), table 178 (protocols); 12.2.2.6 and 12.2.2.7 (registers in sense data).

A bridge may drop registers, or half of them. Where the answer is in registers, a command whose registers did not
come back whole is `Unclear`, whatever the SCSI status says.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from drivers.commands import scsi, sense
from drivers.commands.fields import MalformedError
from drivers.commands.outcome import Done, Doubt, Outcome, Refused, Unclear, Why, lost, refused_by_sense
from drivers.commands.sense import Registers, Sense
from drivers.commands.transport import Direction, ScsiReply, ScsiRequest, Transport, TransportError

BLOCK = 512
"""Transfers are counted in blocks of 512 bytes, whatever the sectors of the disk are."""


class Protocol(IntEnum):
    """PROTOCOL field."""

    NON_DATA = 3
    PIO_IN = 4
    PIO_OUT = 5
    DMA = 6


class Through(IntEnum):
    """Which of the two commands carries it, by operation code. Some old bridges know only the short one."""

    TWELVE = 0xA1
    SIXTEEN = 0x85


@dataclass(frozen=True, slots=True, kw_only=True)
class AtaCommand:
    """One ATA command. `blocks` to receive, or `data` to send (whole blocks). Seconds to wait.

    `extended` says that it is a 48-bit command. `tells` says that its answer is in the registers.
    """

    name: str
    command: int
    feature: int = 0
    count: int = 0
    lba: int = 0
    device: int = 0x40
    extended: bool = False
    protocol: Protocol = Protocol.NON_DATA
    blocks: int = 0
    data: bytes = b""
    tells: bool = False
    timeout: float = 15.0

    def __post_init__(self) -> None:
        """Raises `ValueError` where a field does not fit: what is cut off would be another command."""
        wide = 16 if self.extended else 8
        if self.feature >> wide or self.count >> wide or self.lba >> (48 if self.extended else 24):
            raise ValueError(f"{self.name}: a field is too large for its registers")
        if min(self.feature, self.count, self.lba) < 0 or len(self.data) % BLOCK:
            raise ValueError(f"{self.name}: negative field, or data in no whole blocks")

    @property
    def moves_data(self) -> bool:
        """Whether anything but registers is exchanged."""
        return self.protocol is not Protocol.NON_DATA


@dataclass(frozen=True, slots=True, kw_only=True)
class AtaReply:
    """What came back: registers, where they did, and the blocks read."""

    registers: Registers | None
    data: bytes = b""


def wrap(command: AtaCommand, through: Through = Through.SIXTEEN) -> ScsiRequest:
    """The SCSI request. Raises `ValueError` for a 48-bit command in the short one."""
    cdb = _sixteen(command) if through is Through.SIXTEEN else _twelve(command)
    direction = Direction.NONE
    if command.moves_data:
        direction = Direction.OUT if command.data else Direction.IN
    return ScsiRequest(
        cdb=cdb, direction=direction, length=command.blocks * BLOCK, data=command.data, timeout=command.timeout
    )


def _transfer(command: AtaCommand) -> int:
    """CK_COND, T_DIR, BYT_BLOK and T_LENGTH. Registers are asked for where no data say that all went well."""
    if not command.moves_data:
        return 0x20
    return (0x00 if command.data else 0x08) | 0x04 | 0x02


def _sixteen(command: AtaCommand) -> bytes:
    lba = command.lba.to_bytes(6, "little")
    return bytes(
        (
            Through.SIXTEEN,
            command.protocol << 1 | int(command.extended),
            _transfer(command),
            command.feature >> 8,
            command.feature & 0xFF,
            command.count >> 8,
            command.count & 0xFF,
            *(lba[3], lba[0], lba[4], lba[1], lba[5], lba[2]),
            command.device,
            command.command,
            0,
        )
    )


def _twelve(command: AtaCommand) -> bytes:
    if command.extended:
        raise ValueError(f"{command.name} does not fit into ATA PASS-THROUGH(12)")
    return bytes(
        (
            Through.TWELVE,
            command.protocol << 1,
            _transfer(command),
            command.feature,
            command.count,
            *command.lba.to_bytes(3, "little"),
            command.device,
            command.command,
            0,
            0,
        )
    )


def send(transport: Transport, command: AtaCommand, through: Through = Through.SIXTEEN) -> Outcome[AtaReply]:
    """Send once."""
    try:
        reply = transport.scsi(wrap(command, through))
    except TransportError as error:
        return lost(error)
    return interpret(command, reply)


def ask(transport: Transport, command: AtaCommand, through: Through = Through.SIXTEEN) -> Outcome[AtaReply]:
    """Send a command that changes nothing, once more where a unit attention was reported in its place."""
    outcome = send(transport, command, through)
    if isinstance(outcome, Refused) and outcome.why is Why.ATTENTION:
        return send(transport, command, through)
    return outcome


def interpret(command: AtaCommand, reply: ScsiReply) -> Outcome[AtaReply]:
    """What a reply means for this command."""
    failed = scsi.way_failed(reply)
    if failed is not None:
        return failed
    if not reply.sense:
        plain = scsi.interpret(reply)
        return _ended(command, None, plain.value) if isinstance(plain, Done) else plain
    try:
        found = sense.parse(reply.sense)
    except MalformedError as error:
        return Unclear(doubt=Doubt.MALFORMED, detail=f"{command.name}: {error}")
    if found.deferred:
        return Unclear(doubt=Doubt.CONTRADICTION, detail=f"{command.name}: deferred error {found.code}")
    return _told(command, reply, found)


def _told(command: AtaCommand, reply: ScsiReply, found: Sense) -> Outcome[AtaReply]:
    """The meaning of a reply with sense data: registers, where there are any, have the last word."""
    registers = found.registers
    if registers is None:
        if reply.status == 0 or found.key == sense.Key.RECOVERED:
            return _ended(command, None, reply.data)
        return refused_by_sense(found)
    if not registers.settled and not registers.failed:
        detail = f"{command.name}: STATUS register {registers.status:02X}h"
        return Unclear(doubt=Doubt.CONTRADICTION, detail=detail)
    if registers.failed:
        return _failed(command, found, registers)
    if reply.status and found.key not in {sense.Key.RECOVERED, sense.Key.NO_SENSE}:
        detail = f"{command.name}: sense {found.code}, STATUS register {registers.status:02X}h"
        return Unclear(doubt=Doubt.CONTRADICTION, detail=detail)
    return _ended(command, registers, reply.data)


def _ended(command: AtaCommand, registers: Registers | None, data: bytes) -> Outcome[AtaReply]:
    if command.tells and registers is None:
        return Unclear(doubt=Doubt.NO_REGISTERS, detail=command.name)
    wanted = command.blocks * BLOCK
    if len(data) != wanted:
        return Unclear(doubt=Doubt.MALFORMED, detail=f"{command.name}: {len(data)} bytes instead of {wanted}")
    return Done(value=AtaReply(registers=registers, data=data))


_SANITIZE = 0xB4
_SANITIZE_REASONS = {1: Why.SANITIZE_FAILED, 2: Why.UNSUPPORTED, 3: Why.SANITIZE_FROZEN, 4: Why.ABORTED}
"""SANITIZE DEVICE ERROR REASON in LBA(7:0) (ACS-4 table 117)."""


def _failed(command: AtaCommand, found: Sense, registers: Registers) -> Refused:
    """The ERROR register's meaning (ACS-4 6.2): ABRT says no more than that the command was not executed."""
    why = Why.OTHER
    if command.command == _SANITIZE and registers.error & 0x04 and registers.lba & 0xFF in _SANITIZE_REASONS:
        why = _SANITIZE_REASONS[registers.lba & 0xFF]
    elif registers.status & 0x20:
        why = Why.HARDWARE
    elif registers.error & 0x40:
        why = Why.MEDIUM
    elif registers.error & 0x10:
        why = Why.OUT_OF_RANGE
    elif registers.error & 0x04:
        why = Why.ABORTED
    code = f"ATA status {registers.status:02X}h, error {registers.error:02X}h"
    return Refused(why=why, code=code, registers=registers, sense=found)
