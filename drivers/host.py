"""What this machine says of itself: its clock, kernel and processor, and which program is running."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import subprocess
import time
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from bench.context import ClockTrust, RunContext
from bench.work import Algorithm

PROGRAM = "tablerase"
_SYNCHRONISED = Path("/run/systemd/timesync/synchronized")
_RTC = Path("/sys/class/rtc/rtc0")
_CPUINFO = Path("/proc/cpuinfo")
_GIT_S = 10.0
"""How long git may take to look through a checkout."""


class SystemClock:
    """The machine's own time; implements `bench.context.Clock`."""

    def now(self) -> datetime:
        """See `Clock.now`."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """See `Clock.monotonic`. Goes on while the machine sleeps."""
        return time.clock_gettime(time.CLOCK_BOOTTIME)


def run_context(station: str) -> RunContext:
    """What a record says about this program on this machine, now."""
    trust, source = _clock()
    return RunContext(
        station=station,
        program=PROGRAM,
        version=importlib.metadata.version(PROGRAM),
        commit=_commit(Path(__file__).resolve().parent.parent),
        kernel=platform.release(),
        architecture=platform.machine(),
        python=platform.python_version(),
        clock=trust,
        clock_source=source,
    )


def fastest_stream() -> Algorithm:
    """AES where the processor has instructions for it (x86 `aes`, Arm `aes`: Pi 5), else ChaCha20 (Pi 4)."""
    for line in _CPUINFO.read_text(encoding="ascii", errors="replace").splitlines():
        name, _, words = line.partition(":")
        if name.strip() in {"flags", "Features"} and "aes" in words.split():
            return Algorithm.AES_256_CTR
    return Algorithm.CHACHA20


def _clock() -> tuple[ClockTrust, str]:
    """Whether systemd-timesyncd has set the clock since boot, and what keeps the time otherwise."""
    if _SYNCHRONISED.exists():
        return ClockTrust.SYNCHRONISED, "systemd-timesyncd"
    if Path("/run/systemd/system").is_dir():
        return ClockTrust.NOT_SYNCHRONISED, "rtc" if _RTC.exists() else "none"
    return ClockTrust.UNKNOWN, "rtc" if _RTC.exists() else ""


@cache
def _commit(checkout: Path) -> str:
    """The commit of a git checkout, with `+` if its files differ from it; empty outside of one, and without an answer.

    Asked once: what runs was loaded from the files as they were then, and looking at all of them can take seconds.
    """
    if not (checkout / ".git").exists():
        return ""
    # Of another user's checkout git says nothing: then neither do we.
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0"}
    command = ["git", "-C", str(checkout), "describe", "--always", "--abbrev=40", "--exclude=*", "--dirty=+"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_GIT_S, check=False, env=environment)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
