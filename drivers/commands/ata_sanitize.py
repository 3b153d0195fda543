"""SANITIZE DEVICE (B4h): its commands, and the registers in which a drive says how far it is.

Source: ACS-4 7.36 and 9.9 (tables 112 to 123). All are 48-bit commands without data; all answer in registers.
"""

from __future__ import annotations

from dataclasses import dataclass

from bench.capabilities import Answer
from bench.techniques import ErasureState, Technique
from drivers.commands.fields import thousandths
from drivers.commands.outcome import Done, Outcome, Refused, Why
from drivers.commands.sat import AtaCommand, AtaReply

_FAILURE_MODE, _INVERT = 1 << 4, 1 << 7


def status(*, clear_failure: bool = False) -> AtaCommand:
    """SANITIZE STATUS EXT (0000h). `clear_failure` leaves the failed state: only where the plan goes on."""
    return _command("STATUS", 0x0000, 0, int(clear_failure))


def crypto(*, failure_mode: bool = False) -> AtaCommand:
    """CRYPTO SCRAMBLE EXT (0011h)."""
    return _command("CRYPTO SCRAMBLE", 0x0011, 0x43727970, _FAILURE_MODE if failure_mode else 0)


def block(*, failure_mode: bool = False) -> AtaCommand:
    """BLOCK ERASE EXT (0012h)."""
    return _command("BLOCK ERASE", 0x0012, 0x426B4572, _FAILURE_MODE if failure_mode else 0)


def overwrite(pattern: int = 0, *, passes: int = 1, invert: bool = False, failure_mode: bool = False) -> AtaCommand:
    """OVERWRITE EXT (0014h): 32 bits of pattern, 1 to 16 passes (sixteen are written as 0)."""
    if not 1 <= passes <= 16 or pattern >> 32:
        raise ValueError(f"{passes} passes of pattern {pattern:X}h")
    count = passes & 0x0F | (_INVERT if invert else 0) | (_FAILURE_MODE if failure_mode else 0)
    return _command("OVERWRITE", 0x0014, 0x4F57 << 32 | pattern, count)


def freeze() -> AtaCommand:
    """SANITIZE FREEZE LOCK EXT (0020h): no sanitize until the next power cycle."""
    return _command("FREEZE LOCK", 0x0020, 0x46724C6B, 0)


def antifreeze() -> AtaCommand:
    """SANITIZE ANTIFREEZE LOCK EXT (0040h): no freezing until the next power cycle."""
    return _command("ANTIFREEZE LOCK", 0x0040, 0x416E7469, 0)


def _command(name: str, feature: int, key: int, count: int) -> AtaCommand:
    return AtaCommand(
        name=f"SANITIZE {name}", command=0xB4, feature=feature, count=count, lba=key, extended=True, tells=True
    )


TECHNIQUES = (Technique.ATA_SANITIZE_CRYPTO, Technique.ATA_SANITIZE_BLOCK, Technique.ATA_SANITIZE_OVERWRITE)


@dataclass(frozen=True, slots=True, kw_only=True)
class SanitizeStatus:
    """Where the most recent sanitize stands. `progress` in thousandths while it runs."""

    state: ErasureState
    progress: int | None = None
    frozen: Answer = Answer.INDETERMINATE
    antifrozen: Answer = Answer.INDETERMINATE


UNKNOWN = SanitizeStatus(state=ErasureState.UNKNOWN)


def read_status(outcome: Outcome[AtaReply]) -> SanitizeStatus:
    """The registers of SANITIZE STATUS EXT, or of any other sanitize command (ACS-4 table 116).

    Done, running and frozen are COUNT(15:13): without its upper half, nothing is known but a reported failure.
    """
    if isinstance(outcome, Refused) and outcome.why is Why.SANITIZE_FAILED:
        return SanitizeStatus(state=ErasureState.FAILED)
    registers = outcome.value.registers if isinstance(outcome, Done) else None
    if registers is None or registers.count16 is None:
        return UNKNOWN
    count = registers.count16
    done, running = bool(count & 0x8000), bool(count & 0x4000)
    if done and running:
        return UNKNOWN
    state = ErasureState.RUNNING if running else ErasureState.DONE if done else ErasureState.NEVER
    return SanitizeStatus(
        state=state,
        progress=thousandths(registers.lba & 0xFFFF) if running else None,
        frozen=Answer.of(holds=bool(count & 0x2000)),
        antifrozen=Answer.of(holds=bool(count & 0x1000)),
    )
