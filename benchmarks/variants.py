"""`python -m benchmarks.variants`, as root: what else the hot loop was tried with. Ratios against how it is made now.

One thread generates a keystream and hands it to a loop device in memory; only the way of handing it over differs.
"""

from __future__ import annotations

import fcntl
import mmap
import os
import statistics
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import click
from rich.console import Console
from rich.table import Table

from bench.work import Content
from benchmarks import peers
from benchmarks.findings import per_gib
from benchmarks.loops import MIB, LoopDrive, loop_drives, memory_folder
from benchmarks.machine import Meter
from drivers.ahead import BUFFERS, CHUNK
from drivers.buffers import aligned_buffers
from drivers.host import fastest_stream
from drivers.streams import source_for

_PATIENCE_SECONDS = 60.0
_PIPE_BYTES = MIB


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One way: how it hands over, in chunks of how many bytes, through how many buffers, in huge pages or not."""

    name: str
    write: Callable[[int, memoryview, int], None]
    chunk: int = CHUNK
    buffers: int = BUFFERS
    huge: bool = True
    direct: bool = True


def _pwrite(device: int, data: memoryview, offset: int) -> None:
    if os.pwritev(device, [data], offset) != len(data):
        raise OSError(f"short write at {offset}")


def _spliced() -> Callable[[int, memoryview, int], None]:
    """Through a pipe: splice(2) takes pages over without copying, but a block device only through the page cache."""
    reader, writer = os.pipe()
    room = fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)

    def write(device: int, data: memoryview, offset: int) -> None:
        for at in range(0, len(data), room):
            size = os.writev(writer, [data[at : at + room]])
            os.splice(reader, device, size, offset_dst=offset + at)

    return write


def variants() -> tuple[Variant, ...]:
    """The first is how it is made now."""
    return (
        Variant(name="as it is: 1 MiB, 2 buffers, huge pages", write=_pwrite),
        Variant(name="ordinary pages", write=_pwrite, huge=False),
        Variant(name="4 buffers", write=_pwrite, buffers=4),
        Variant(name="chunks of 256 KiB", write=_pwrite, chunk=MIB // 4),
        Variant(name="chunks of 4 MiB", write=_pwrite, chunk=4 * MIB),
        Variant(name="through the page cache", write=_pwrite, direct=False),
        Variant(name="splice", write=_spliced(), direct=False),
    )


def overwrite(variant: Variant, drive: LoopDrive) -> None:
    """Write the whole drive and sync, as `variant` does."""
    source = source_for(Content(algorithm=fastest_stream(), key="5a" * 32), variant.chunk)
    buffers = aligned_buffers(variant.buffers, variant.chunk) if variant.huge else _ordinary(variant)
    device = os.open(drive.node, os.O_WRONLY | os.O_EXCL | (os.O_DIRECT if variant.direct else 0))
    try:
        for number, offset in enumerate(range(0, drive.size, variant.chunk)):
            variant.write(device, source.at(offset, buffers[number % variant.buffers]), offset)
        os.fsync(device)
    finally:
        os.close(device)


def _ordinary(variant: Variant) -> list[memoryview]:
    buffers = []
    for _ in range(variant.buffers):
        space = mmap.mmap(-1, variant.chunk)
        space.madvise(mmap.MADV_NOHUGEPAGE)
        buffers.append(memoryview(space))
    return buffers


def fio(drive: LoopDrive, engine: str) -> None:
    """The device alone, one request of 1 MiB at a time, by one of fio's engines."""
    job = ["--name=device", "--rw=write", "--bs=1M", "--direct=1", f"--ioengine={engine}", "--iodepth=1"]
    peers.run([peers.FIO, *job, f"--filename={drive.node}", "--output-format=json"])


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--size", "mib", default=1024, show_default=True, metavar="MIB", help="Size of the drive.")
@click.option("--rounds", default=5, show_default=True, help="Each is measured so often; the median counts.")
def main(mib: int, rounds: int) -> None:
    """Compare ways of handing a keystream to a drive, by the whole machine's CPU time."""
    if os.geteuid() != 0:
        raise click.ClickException("loop devices need root")
    meter, size = Meter(_PATIENCE_SECONDS), mib * MIB
    with memory_folder(size + 64 * MIB, huge=True) as memory, loop_drives(memory, 1, size, filled=True) as (drive,):
        works: dict[str, Callable[[], None]] = {
            variant.name: partial(overwrite, variant, drive) for variant in variants()
        }
        for engine in ("psync", "libaio", "io_uring"):
            works[f"fio alone, {engine}"] = partial(fio, drive, engine)
        samples: dict[str, list[float]] = {name: [] for name in works}
        for _ in range(rounds):
            for name, work in works.items():
                samples[name].append(per_gib(meter.measure(work)[0].cpu, size))
    _show({name: statistics.median(found) for name, found in samples.items()})


def _show(medians: dict[str, float]) -> None:
    table = Table("way", "CPU s/GiB", "ratio")
    now = next(iter(medians.values()))
    device = medians["fio alone, psync"]
    for name, seconds in medians.items():
        peer = device if name.startswith("fio") else now
        table.add_row(name, f"{seconds:.3f}", f"{seconds / peer:.2f}")
    Console(file=sys.stdout, highlight=False).print(table)


if __name__ == "__main__":
    main()
