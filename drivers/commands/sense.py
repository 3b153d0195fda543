"""Sense data in descriptor and in fixed format, and the ATA registers that come inside them.

Sources: SPC-5 4.4 (formats, sense keys), SAT-4 12.2.2.6 and 12.2.2.7 (ATA Status Return descriptor, fixed format).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from drivers.commands.fields import MalformedError, big, need

_ATA_RETURN, _SENSE_KEY_SPECIFIC, _INFORMATION = 0x09, 0x02, 0x00
_PROGRESS_KEYS = (0x0, 0x2)


class Key(IntEnum):
    """Sense keys (SPC-5 table 48)."""

    NO_SENSE = 0x0
    RECOVERED = 0x1
    NOT_READY = 0x2
    MEDIUM = 0x3
    HARDWARE = 0x4
    ILLEGAL_REQUEST = 0x5
    UNIT_ATTENTION = 0x6
    DATA_PROTECT = 0x7
    BLANK_CHECK = 0x8
    VENDOR = 0x9
    COPY_ABORTED = 0xA
    ABORTED = 0xB
    RESERVED = 0xC
    OVERFLOW = 0xD
    MISCOMPARE = 0xE
    COMPLETED = 0xF


@dataclass(frozen=True, slots=True, kw_only=True)
class Registers:
    """The ATA registers after a command. `count` is COUNT(7:0), `lba` LBA(23:0).

    The upper halves are None where they did not come with the reply: fixed format has no room for them, and a
    translator that clears EXTEND says that they mean nothing.
    """

    status: int
    error: int
    device: int
    count: int
    lba: int
    count_high: int | None = None
    lba_high: int | None = None

    @property
    def failed(self) -> bool:
        """Whether the drive says so: ERR or DF."""
        return bool(self.status & 0x21)

    @property
    def settled(self) -> bool:
        """Whether these are registers of a finished command: DRDY, and neither BSY nor DRQ."""
        return self.status & 0xC8 == 0x40

    @property
    def count16(self) -> int | None:
        """COUNT(15:0), None where its upper half did not come."""
        return None if self.count_high is None else self.count_high << 8 | self.count

    @property
    def lba48(self) -> int | None:
        """LBA(47:0), None where its upper half did not come."""
        return None if self.lba_high is None else self.lba_high << 24 | self.lba

    @property
    def lba28(self) -> int:
        """LBA(27:0) of a 28-bit command: its top four bits are in the DEVICE register."""
        return (self.device & 0x0F) << 24 | self.lba


@dataclass(frozen=True, slots=True, kw_only=True)
class Sense:
    """Sense data. `progress` is in 65536ths. `deferred` ones belong to an earlier command, not to this one."""

    key: Key
    asc: int
    ascq: int
    deferred: bool
    fixed: bool
    progress: int | None = None
    information: int | None = None
    registers: Registers | None = None

    @property
    def code(self) -> str:
        """Key and additional codes as the standards write them: `5h/20h/00h`."""
        return f"{self.key:X}h/{self.asc:02X}h/{self.ascq:02X}h"

    @property
    def tells_registers(self) -> bool:
        """ATA PASS-THROUGH INFORMATION AVAILABLE: the registers were asked for, and are there."""
        return (self.asc, self.ascq) == (0x00, 0x1D)


def parse(raw: bytes) -> Sense:
    """Read sense data of either format. Raises `MalformedError`."""
    need(raw, 1, "sense data")
    code = raw[0] & 0x7F
    if code in {0x72, 0x73}:
        return _descriptors(raw)
    if code in {0x70, 0x71}:
        return _fixed(raw)
    raise MalformedError(f"sense data of unknown format {raw[0]:02X}h")


def _descriptors(raw: bytes) -> Sense:
    need(raw, 8, "sense data")
    key = Key(raw[1] & 0x0F)
    progress = information = registers = None
    place, end = 8, min(len(raw), 8 + raw[7])
    while place + 2 <= end:
        kind, length = raw[place], raw[place + 1]
        body = raw[place : place + 2 + length]
        place += 2 + length
        if place > end:
            break  # cut off: what it says is not all there
        if kind == _ATA_RETURN and length == 12:
            registers = _returned(body)
        elif kind == _SENSE_KEY_SPECIFIC and length == 6 and body[4] & 0x80 and key in _PROGRESS_KEYS:
            progress = big(body, 5, 2)
        elif kind == _INFORMATION and length == 10 and body[2] & 0x80:
            information = big(body, 4, 8)
    return Sense(
        key=key,
        asc=raw[2],
        ascq=raw[3],
        deferred=raw[0] & 0x7F == 0x73,
        fixed=False,
        progress=progress,
        information=information,
        registers=registers,
    )


def _returned(body: bytes) -> Registers:
    """The ATA Status Return descriptor: low halves in odd bytes, high halves before them where EXTEND is set."""
    extended = bool(body[2] & 1)
    return Registers(
        error=body[3],
        status=body[13],
        device=body[12],
        count=body[5],
        lba=body[11] << 16 | body[9] << 8 | body[7],
        count_high=body[4] if extended else None,
        lba_high=body[10] << 16 | body[8] << 8 | body[6] if extended else None,
    )


def _fixed(raw: bytes) -> Sense:
    need(raw, 3, "sense data")
    # Old bridges send only the first few bytes; what is missing reads as "no additional information".
    told = min(len(raw), 8 + raw[7]) if len(raw) > 7 else len(raw)
    whole = raw[:told].ljust(18, b"\0")
    key = Key(whole[2] & 0x0F)
    specific = told >= 18 and bool(whole[15] & 0x80) and key in _PROGRESS_KEYS
    valid = bool(whole[0] & 0x80)
    return Sense(
        key=key,
        asc=whole[12],
        ascq=whole[13],
        deferred=whole[0] & 0x7F == 0x71,
        fixed=True,
        progress=big(whole, 16, 2) if specific else None,
        information=big(whole, 3, 4) if valid else None,
        registers=_squeezed(whole) if told >= 14 else None,
    )


def _squeezed(raw: bytes) -> Registers | None:
    """Registers in the INFORMATION and COMMAND-SPECIFIC fields, of which only the low halves fit.

    They are there if the codes say so, or if an aborted command's INFORMATION is valid and its second byte can be
    nothing but a STATUS register with ERR or DF: that is how Linux reports a failed pass-through.
    """
    status = raw[4]
    announced = (raw[12], raw[13]) == (0x00, 0x1D)
    failure = bool(raw[0] & 0x80) and raw[2] & 0x0F == Key.ABORTED and status & 0xC8 == 0x40 and bool(status & 0x21)
    if not announced and not failure:
        return None
    lba = raw[11] << 16 | raw[10] << 8 | raw[9]
    return Registers(error=raw[3], status=status, device=raw[5], count=raw[6], lba=lba)
