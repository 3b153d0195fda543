"""The programs to compare with: nwipe with each of its generators, shred, dd and fio, as Debian ships them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.loops import LoopDrive
from benchmarks.workers import UnexpectedError

NWIPE, SHRED, DD, FIO = "nwipe", "shred", "dd", "fio"
LIMIT_SECONDS = 120.0
"""How long a peer may take before it is ended."""
_SAME = {"mersenne": "twister"}
"""Two names that nwipe takes for one generator."""


def generators() -> tuple[str, ...]:
    """The generators that this machine's nwipe knows."""
    return parse_generators(run([NWIPE, "--help"]))


def parse_generators(usage: str) -> tuple[str, ...]:
    """Read nwipe's help page: `--prng=METHOD  PRNG option (a|b|c)`, perhaps over several lines."""
    found = re.search(r"--prng=METHOD[^(]*\(([^)]*)\)", usage)
    if found is None:
        raise UnexpectedError("nwipe --help names no generators: its command line must have changed")
    names = [name.strip() for name in found[1].split("|")]
    return tuple(dict.fromkeys(_SAME.get(name, name) for name in names))


def nwipe_line(drives: tuple[LoopDrive, ...], generator: str, log: Path) -> list[str]:
    """One random pass and its reading back, without a screen or a question. Only the drives named are touched."""
    if not drives:
        raise ValueError("without a named drive nwipe would erase all there are")
    mode = ["--autonuke", "--nogui", "--nowait", "--noblank", f"--logfile={log}"]
    return [NWIPE, *mode, "--method=random", "--verify=last", f"--prng={generator}", *(drive.node for drive in drives)]


def nwipe(drives: tuple[LoopDrive, ...], generator: str) -> None:
    """Overwrite and read back, all at once. `UnexpectedError` unless nwipe's own log says that it did."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log"
        run(nwipe_line(drives, generator, path))
        log = path.read_text(encoding="utf-8", errors="replace")
        for drive in drives:
            if f"{drive.size} bytes read from {drive.node}" not in log:
                raise UnexpectedError(f"nwipe did not read {drive.node} back in full: {log}")


def shred(drive: LoopDrive) -> None:
    """One random pass, not read back: shred cannot."""
    run([SHRED, "--iterations=1", drive.node])


def dd(drives: tuple[LoopDrive, ...]) -> None:
    """Zeros, past the page cache, in blocks of 4 MiB: a process for each drive, all at once."""
    with ThreadPoolExecutor(max_workers=len(drives)) as pool:
        list(pool.map(_dd, drives))


def _dd(drive: LoopDrive) -> None:
    run([DD, "if=/dev/zero", f"of={drive.node}", "oflag=direct", "bs=4M", f"count={drive.size >> 22}", "status=none"])


def fio(drive: LoopDrive) -> float:
    """Write the drive once past the page cache, four requests of 1 MiB at a time; bytes a second, by fio's clock."""
    job = ["--name=device", "--rw=write", "--bs=1M", "--direct=1", "--ioengine=libaio", "--iodepth=4"]
    return parse_fio(run([FIO, *job, f"--filename={drive.node}", "--output-format=json"]))


def parse_fio(output: str) -> float:
    """Bytes a second of the only job's writes."""
    try:
        return float(json.loads(output)["jobs"][0]["write"]["bw_bytes"])
    except (ValueError, KeyError, IndexError) as error:
        raise UnexpectedError(f"fio's answer has no write bandwidth: {output[:200]!r}") from error


def versions() -> dict[str, str]:
    """What each peer says it is. nwipe answers with its upstream version, which may lag behind its package's."""
    first_lines = {name: run([name, "--version"]).partition("\n")[0].strip() for name in (NWIPE, SHRED, DD, FIO)}
    package = run(["dpkg-query", "--show", "--showformat=${Version}", NWIPE])
    return {**first_lines, f"{NWIPE} package": package}


def environment() -> dict[str, str]:
    """For every program measured: no translated answers, and Python may keep its compiled files, as in production."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "LC_ALL": "C.UTF-8"}


def run(line: list[str]) -> str:
    """Run a peer to its end; what it writes. `UnexpectedError` if it fails or takes too long."""
    try:
        done = subprocess.run(
            line,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=LIMIT_SECONDS,
            check=False,
            env=environment(),
        )
    except subprocess.TimeoutExpired:
        raise UnexpectedError(f"{line[0]} took longer than {LIMIT_SECONDS:.0f} s: {' '.join(line)}") from None
    if done.returncode != 0:
        raise UnexpectedError(f"{line[0]} ended with status {done.returncode}: {done.stderr.decode(errors='replace')}")
    return done.stdout.decode(errors="replace")
