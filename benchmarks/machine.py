"""The whole machine's CPU time, kernel threads included, and whether anybody else is using it."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

Result = TypeVar("Result")

QUIET = 0.1
"""Processors in use by others, below which the machine counts as quiet."""
STOLEN = 0.05
"""Processors taken away by the hypervisor, up to which a measurement counts."""
_BASELINE_SECONDS = 0.3
_ATTEMPTS = 3
_STAT = Path("/proc/stat")
_CPUINFO = Path("/proc/cpuinfo")
_MEMINFO = Path("/proc/meminfo")


@dataclass(frozen=True, slots=True, kw_only=True)
class CpuTimes:
    """Seconds since boot, summed over all processors: at work, and taken away by the hypervisor."""

    busy: float
    stolen: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a piece of work took, in seconds.

    `cpu` is the whole machine's CPU time minus what it spends when left alone; `own` what the kernel charged to our
    processes alone, which is blind to kernel threads; `others` the processors in use by others around it.
    """

    wall: float
    cpu: float
    own: float
    stolen: float
    others: float

    @property
    def disturbed(self) -> bool:
        """Whether others, on this machine or beside it, used so much that the rest is no measurement."""
        return self.others >= QUIET or self.stolen > STOLEN * self.wall


def parse_stat(text: str, ticks: int) -> CpuTimes:
    """Read /proc/stat, which counts `ticks` a second. `ValueError` if its first line is not the sum of processors.

    Guest time is part of user time there and is not counted twice; idle and waiting for a device are no work.
    """
    fields = text.partition("\n")[0].split()
    if fields[:1] != ["cpu"] or len(fields) < 9:
        raise ValueError(f"not /proc/stat: {text[:80]!r}")
    user, nice, system, _idle, _waiting, interrupt, soft_interrupt, stolen = map(int, fields[1:9])
    return CpuTimes(busy=(user + nice + system + interrupt + soft_interrupt) / ticks, stolen=stolen / ticks)


def parse_process_stat(text: str, ticks: int) -> float:
    """CPU seconds of a process, from /proc/PID/stat; its name may hold spaces and brackets."""
    fields = text.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / ticks


def cpu_times() -> CpuTimes:
    """The machine's CPU times now."""
    return parse_stat(_STAT.read_text(encoding="ascii"), _ticks())


def process_cpu(pid: int) -> float:
    """CPU seconds of a living process."""
    return parse_process_stat(Path(f"/proc/{pid}/stat").read_text(encoding="utf-8"), _ticks())


def processor() -> str:
    """The processor's name (x86), or the board's (Raspberry Pi); empty if the kernel gives neither."""
    text = _CPUINFO.read_text(encoding="utf-8", errors="replace")
    names = dict(line.split(":", 1) for line in text.splitlines() if ":" in line)
    found = {key.strip(): value.strip() for key, value in names.items()}
    return found.get("model name") or found.get("Model", "")


def available_memory() -> int:
    """Bytes of memory that programs may still take without swapping."""
    return parse_available_memory(_MEMINFO.read_text(encoding="ascii"))


def parse_available_memory(text: str) -> int:
    """Bytes, from /proc/meminfo. `ValueError` if it does not say."""
    for line in text.splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    raise ValueError(f"no MemAvailable line: {text[:200]!r}")


class TooBusyError(Exception):
    """Others used the machine so much, or the work was so short, that its cost cannot be told."""


class Meter:
    """Measures work. Waits for a quiet machine first, and tries again if others used it meanwhile.

    `patience` is the time in seconds it may spend waiting, all in all: a machine that is never quiet is measured as
    it is, and `Cost.others` says so.
    """

    def __init__(self, patience: float) -> None:
        self._patience = patience

    def measure(self, work: Callable[[], Result], pids: tuple[int, ...] = ()) -> tuple[Cost, Result]:
        """Do the work, which must bear repeating; cost and result of the least disturbed attempt, or `TooBusyError`.

        `pids` are living processes that work for us and are counted as ours, besides those we start and wait for.
        """
        attempts = []
        for _ in range(_ATTEMPTS):
            attempts.append(self._once(work, pids))
            if not attempts[-1][0].disturbed or self._patience <= 0:
                break
        cost, result = min(attempts, key=lambda attempt: attempt[0].others)
        if cost.cpu <= 0:
            raise TooBusyError(f"others used {cost.others:.1f} processors, and our share cannot be told from theirs")
        return cost, result

    def _once(self, work: Callable[[], Result], pids: tuple[int, ...]) -> tuple[Cost, Result]:
        before = self._wait_for_quiet()
        own, start, began = _own(pids), cpu_times(), time.monotonic()
        result = work()
        wall, end, own = time.monotonic() - began, cpu_times(), _own(pids) - own
        others = (before + _busy_processors()) / 2
        cpu = end.busy - start.busy - others * wall
        return Cost(wall=wall, cpu=cpu, own=own, stolen=end.stolen - start.stolen, others=others), result

    def _wait_for_quiet(self) -> float:
        """Processors in use, once that is next to nothing or patience has run out."""
        while True:
            began = time.monotonic()
            busy = _busy_processors()
            if busy < QUIET or self._patience <= 0:
                return busy
            time.sleep(1)
            self._patience -= time.monotonic() - began


def _busy_processors() -> float:
    start, began = cpu_times(), time.monotonic()
    time.sleep(_BASELINE_SECONDS)
    return (cpu_times().busy - start.busy) / (time.monotonic() - began)


def _own(pids: tuple[int, ...]) -> float:
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages) + sum(map(process_cpu, pids))


def _ticks() -> int:
    return os.sysconf("SC_CLK_TCK")
