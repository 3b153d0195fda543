"""How long whole programs take from their start to the first byte on every drive."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import peers
from benchmarks.loops import MIB, LoopDrive
from benchmarks.workers import UnexpectedError

COMMAND = Path(sys.executable).with_name("tablerase")
LIMIT_SECONDS = 120.0
INTERRUPTED = 3
"""The command's exit status when it was asked to stop and can resume."""
MANY_PASSES = "gutmann"
"""A method that still writes to the first drive when the last of many has begun."""
CHECKPOINT_SECONDS = 0.25
WRITTEN = 640 * MIB
"""Written to each drive before it is interrupted: enough for a resume to go back as far as it wants (512 MiB), and to
read back the window before that (64 MiB)."""
_POLL_SECONDS = 0.001


class Station:
    """The public command over one state folder, on a disk: what it syncs is synced."""

    def __init__(self, state: Path) -> None:
        self._state = state

    def erase_to_end(self, drive: LoopDrive) -> None:
        """A whole run of the command, one random pass read back in full: certificate, page and all."""
        peers.run(self._erase((drive,), "random"))

    def first_byte(self, drive: LoopDrive) -> float:
        """Seconds from starting the command to the first byte written. It then runs to its end."""
        watch = Watch((drive,))
        with started(self._erase((drive,), "random")) as process:
            seconds = watch.until(process, 1)
            _expect(process, 0)
        return seconds

    def resume_all(self, drives: tuple[LoopDrive, ...]) -> float:
        """Interrupt an erasure of all drives; seconds from starting `resume` until all are being written again.

        Every drive has then answered for its identity, and the window before its checkpoint was read back. Drives
        of less than 1 GiB are interrupted too early for that window, and are written again from their start.
        """
        watch = Watch(drives)
        with started(self._erase(drives, MANY_PASSES, f"--checkpoint={CHECKPOINT_SECONDS}")) as process:
            watch.until(process, min(WRITTEN, drives[0].size // 2))
            time.sleep(2 * CHECKPOINT_SECONDS)
            process.send_signal(signal.SIGINT)
            _expect(process, INTERRUPTED)
        watch = Watch(drives)
        with started(self._line("resume", "--json")) as process:
            seconds = watch.until(process, 1)
            process.send_signal(signal.SIGINT)
            _expect(process, INTERRUPTED)
        return seconds

    def _erase(self, drives: tuple[LoopDrive, ...], method: str, *options: str) -> list[str]:
        nodes = [drive.node for drive in drives]
        return self._line("erase", *nodes, "--method", method, "--operator", "BENCH", "--yes", "--json", *options)

    def _line(self, *arguments: str) -> list[str]:
        return [str(COMMAND), "--state", str(self._state), "--lang", "en", *arguments]


class Watch:
    """Waits for drives to be written to. Its time counts from when it was made: before the program is started."""

    def __init__(self, drives: tuple[LoopDrive, ...]) -> None:
        self._before = {drive: drive.written() for drive in drives}
        self._began = time.monotonic()

    def until(self, process: subprocess.Popen[bytes], size: int) -> float:
        """Seconds until `size` bytes were written to every drive. `UnexpectedError` if the program ends before."""
        while waiting := [drive for drive, before in self._before.items() if drive.written() < before + size]:
            elapsed = time.monotonic() - self._began
            if process.poll() is not None or elapsed > LIMIT_SECONDS:
                left = f"{len(waiting)} of {len(self._before)} drives"
                raise UnexpectedError(f"after {elapsed:.1f} s too little was written to {left}: {process.args!r}")
            time.sleep(_POLL_SECONDS)
        return time.monotonic() - self._began


def nwipe_first_byte(drives: tuple[LoopDrive, ...], generator: str) -> float:
    """Seconds from starting nwipe to the first byte on every drive; it is then ended."""
    with tempfile.TemporaryDirectory() as folder:
        watch = Watch(drives)
        with started(peers.nwipe_line(drives, generator, Path(folder) / "log")) as process:
            return watch.until(process, 1)


@contextmanager
def started(line: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    """A program that runs in the background, and is ended if it still runs at the end."""
    process = subprocess.Popen(
        line,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=peers.environment(),
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _expect(process: subprocess.Popen[bytes], status: int) -> None:
    found = process.wait(LIMIT_SECONDS)
    if found != status:
        raise UnexpectedError(f"{process.args!r} ended with status {found}, not {status}")
