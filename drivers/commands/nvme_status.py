"""What NVMe status codes mean, by name.

Source: NVM Express Base 2.0 figures 93 to 96. A status field here is without its phase bit: code type in bits 10:8,
code in 7:0; bits above are retry hints.
"""

from __future__ import annotations

from dataclasses import dataclass

from drivers.commands.outcome import Why

_TYPE = 0x700
_NAMES: dict[int, tuple[Why, str]] = {
    0x001: (Why.UNSUPPORTED, "Invalid Command Opcode"),
    0x002: (Why.INVALID, "Invalid Field in Command"),
    0x004: (Why.HARDWARE, "Data Transfer Error"),
    0x005: (Why.ABORTED, "Aborted due to Power Loss Notification"),
    0x006: (Why.HARDWARE, "Internal Error"),
    0x007: (Why.ABORTED, "Command Abort Requested"),
    0x008: (Why.ABORTED, "Aborted due to SQ Deletion"),
    0x00B: (Why.INVALID, "Invalid Namespace or Format"),
    0x00C: (Why.ABORTED, "Command Sequence Error"),
    0x015: (Why.LOCKED, "Operation Denied"),
    0x01C: (Why.SANITIZE_FAILED, "Sanitize Failed"),
    0x01D: (Why.SANITIZE_RUNNING, "Sanitize In Progress"),
    0x020: (Why.PROTECTED, "Namespace is Write Protected"),
    0x021: (Why.NOT_READY, "Command Interrupted"),
    0x022: (Why.NOT_READY, "Transient Transport Error"),
    0x023: (Why.PROTECTED, "Command Prohibited by Command and Feature Lockdown"),
    0x024: (Why.NOT_READY, "Admin Command Media Not Ready"),
    0x080: (Why.OUT_OF_RANGE, "LBA Out of Range"),
    0x081: (Why.OUT_OF_RANGE, "Capacity Exceeded"),
    0x082: (Why.NOT_READY, "Namespace Not Ready"),
    0x083: (Why.RESERVED, "Reservation Conflict"),
    0x084: (Why.FORMAT_RUNNING, "Format In Progress"),
    0x109: (Why.UNSUPPORTED, "Invalid Log Page"),
    0x10A: (Why.INVALID, "Invalid Format"),
    0x10B: (Why.NOT_READY, "Firmware Activation Requires Conventional Reset"),
    0x123: (Why.PROTECTED, "Sanitize Prohibited While Persistent Memory Region is Enabled"),
    0x281: (Why.MEDIUM, "Unrecovered Read Error"),
    0x286: (Why.LOCKED, "Access Denied"),
    0x287: (Why.MEDIUM, "Deallocated or Unwritten Logical Block"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusName:
    """A status: the reason it stands for, and its code and name for records and experts."""

    why: Why
    code: str


def name(status: int) -> StatusName:
    """Name a status field other than 0."""
    kind, code = (status & _TYPE) >> 8, status & 0xFF
    known = _NAMES.get(status & (_TYPE | 0xFF))
    if known is None:
        return StatusName(why=Why.OTHER, code=f"NVMe {kind}h/{code:02X}h")
    return StatusName(why=known[0], code=f"NVMe {kind}h/{code:02X}h {known[1]}")


def succeeded(status: int) -> bool:
    """Whether the status is Successful Completion; retry hints do not count."""
    return not status & (_TYPE | 0xFF)
