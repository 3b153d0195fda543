"""`python -m benchmarks.paper`: what certificates cost, against typst and openssl doing their part of it alone.

One virtual drive is erased by the public command; its record is then corrected again and again, each time a record of
its own with documents of its own, and all documents are lost and written again.
"""

from __future__ import annotations

import asyncio
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import click
import typst
from rich.console import Console
from rich.table import Table

from bench import key_ring
from bench.correction import Change
from bench.settings import Settings
from benchmarks.peers import run
from benchmarks.starts import COMMAND
from drivers.sim import launch
from drivers.sim.folder import DriveSpec
from ui.compose import open_bench
from ui.formats import Language
from ui.paper import seal
from ui.paper.pdf import render_pdf
from ui.paper.seal import SealWords

_DRIVE = 64 << 20
_WORDS = SealWords(field="Seal", reason="measured", location="here")
_ROUNDS = 20


def issue(folder: Path) -> tuple[Path, str]:
    """A state folder with one certificate; the folder and the certificate's number."""
    drive, state = folder / "drive", folder / "state"
    spec = DriveSpec(size=_DRIVE, model="Virtual HDD", serial="MEASURED", wwn="5000c500a1b2c3d4")
    launch.create(drive, spec)
    launch.start(drive)
    try:
        run([str(COMMAND), "--state", str(state), "erase", f"sim:{drive}", "--method", "random", "--yes"])
    finally:
        launch.stop(drive)
    (document,) = (state / "certificates").glob("*.json")
    return state, document.stem


async def correct(state: Path, number: str, times: int) -> None:
    """Issue so many more records, each in the place of the one before."""
    bench = await open_bench(state, settings=Settings())
    for turn in range(times):
        number = (await bench.correct(number, Change(reason="measured", operator=f"OP-{turn}"))).number
    await bench.close()


def cpu(work: Callable[[], object]) -> float:
    """CPU seconds of this process and its children: the median of several times, the first of which is not counted."""
    work()
    return statistics.median(_once(work) for _ in range(_ROUNDS))


def _once(work: Callable[[], object]) -> float:
    before = _spent()
    work()
    return _spent() - before


def _spent() -> float:
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def sealed(document: bytes, key: seal.StationSealer) -> bytes:
    """One language's PDF, from record to seal."""
    page = seal.prepare(render_pdf(document, Language.FR), at=datetime.now(UTC), words=_WORDS)
    return page.filled(key.sign(page.digest))


def openssl_sign(folder: Path, pdf: bytes, keys: Path) -> Callable[[], object]:
    """The same bytes signed by the openssl command, in a file beside them."""
    (folder / "page.pdf").write_bytes(pdf)
    files = ["-in", str(folder / "page.pdf"), "-out", str(folder / "page.p7s")]
    line = ["openssl", "cms", "-sign", "-binary", "-outform", "DER", *files]
    line += ["-signer", str(keys / "seal.crt"), "-inkey", str(keys / "seal.key")]
    return lambda: subprocess.run(line, check=True, capture_output=True)


def rebuild(state: Path) -> tuple[float, float]:
    """Lose all documents and have the public command write them again; wall and CPU seconds."""
    for path in (state / "certificates").iterdir():
        path.unlink()
    began, before = time.monotonic(), _spent()
    run_long([str(COMMAND), "--state", str(state), "certificate", "rebuild", "--jobs", str(os.cpu_count() or 1)])
    return time.monotonic() - began, _spent() - before


def run_long(line: list[str]) -> None:
    """Run a program that may take minutes."""
    subprocess.run(line, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--records", default=1200, show_default=True, help="How many certificates are written again.")
def main(records: int) -> None:
    """Measure one certificate, and a whole lot of them."""
    with tempfile.TemporaryDirectory(prefix="tablerase-paper-") as name:
        folder = Path(name)
        state, number = issue(folder)
        document = (state / "certificates" / f"{number}.json").read_bytes()
        keys = state / "keys"
        ring = key_ring.load_or_create(keys, station="measured", organisation="", at=datetime.now(UTC))
        sealer = seal.StationSealer(key=ring.seal)
        pdf = sealed(document, sealer)
        page = b"#lorem(600)"
        works: dict[str, Callable[[], object]] = {
            "record to sealed PDF": lambda: sealed(document, sealer),
            "typst alone, two pages of text": lambda: typst.compile(page, format="pdf", ignore_system_fonts=True),
            "openssl cms -sign alone": openssl_sign(folder, pdf, keys),
        }
        times = {what: cpu(work) for what, work in works.items()}
        asyncio.run(correct(state, number, records - 1))
        wall, spent = rebuild(state)
    _show(times, len(pdf), records, wall, spent)


def _show(times: dict[str, float], size: int, records: int, wall: float, spent: float) -> None:
    ours = next(iter(times.values()))
    table = Table("what", "CPU s", "ours against it")
    for what, seconds in times.items():
        table.add_row(what, f"{seconds:.3f}", f"{ours / seconds:.1f}")
    out = Console(file=sys.stdout, highlight=False)
    out.print(table)
    out.print(f"size of the PDF: {size} bytes")
    out.print(f"{records} records, two PDFs each, written again: {wall:.0f} s, {spent / records:.3f} CPU s each")


if __name__ == "__main__":
    main()
