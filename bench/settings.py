"""How a bench works, as far as a workshop may choose."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Times in seconds, sizes in bytes.

    `checkpoint` is the time between syncs; `window` how far before a checkpoint a resume reads back; `stall` how
    long a drive may stay silent before it is given up; `worker_restarts` how often a lost worker is replaced in one
    run of a job.
    """

    checkpoint: float = 30.0
    window: int = 64 * MIB
    stall: float = 180.0
    worker_restarts: int = 3
