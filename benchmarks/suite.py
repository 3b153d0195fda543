"""The order of measuring: everything once a round, so that whatever drifts meanwhile drifts for all alike."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bench.work import Content
from benchmarks import memory, peers, starts
from benchmarks.comparisons import MANY, NWIPE_CPU
from benchmarks.findings import GIB, Findings, per_gib
from benchmarks.loops import MIB, LoopDrive, loop_drives, memory_folder
from benchmarks.machine import QUIET, Cost, Meter
from benchmarks.workers import Workers
from drivers.host import fastest_stream

ZEROS = Content(pattern="00")
STOLEN = 0.05
"""Processors taken away by the hypervisor, above which a measurement counts as disturbed."""
_SMALL = 64 * MIB
_SPARE = 64 * MIB


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`size` bytes are written to one drive, a quarter to each of many; everything is measured `rounds` times.

    `huge` is about the pages of the drives' memory (`loops.memory_folder`); the station lives in `state`.
    """

    size: int
    rounds: int
    huge: bool
    state: Path

    @property
    def share(self) -> int:
        """The size of each of many drives."""
        return self.size // 4

    @property
    def drives(self) -> int:
        """Bytes of memory that the drives take at most: those that are interrupted and resumed take the most."""
        return MANY * self.size + _SPARE

    @property
    def memory(self) -> int:
        """Bytes of memory that everything takes at most."""
        return self.drives + _SPARE


class Suite:
    """Measures everything into `findings`; `say` is told what is being measured."""

    def __init__(self, settings: Settings, meter: Meter, say: Callable[[str], None]) -> None:
        self.findings = Findings()
        self.disturbed: list[str] = []
        self._settings = settings
        self._meter = meter
        self._say = say
        self._stream = fastest_stream()
        self._content = Content(algorithm=self._stream, key="a7" * 32)
        self._station = starts.Station(settings.state)

    def run(self) -> None:
        """All rounds. `UnexpectedError` if a program did not do what it was asked to."""
        with memory_folder(self._settings.drives, huge=self._settings.huge) as folder:
            self._throughput(folder, peers.generators())
            fastest = self.findings.least(NWIPE_CPU)[0]
            for _ in range(self._settings.rounds):
                self._starts(folder, fastest)

    def _throughput(self, folder: Path, generators: tuple[str, ...]) -> None:
        with ExitStack() as stack:
            (one,) = stack.enter_context(loop_drives(folder, 1, self._settings.size, filled=True))
            many = stack.enter_context(loop_drives(folder, MANY, self._settings.share, filled=True))
            # The first run of the command founds its station and compiles its code.
            self._station.erase_to_end(many[0])
            for _ in range(self._settings.rounds):
                self._in_memory()
                self._overwriting(one)
                self._peers(one, generators)
                self._many(many)
                self._cpu("command", one.size, partial(self._station.erase_to_end, one))

    def _in_memory(self) -> None:
        size = self._settings.size
        made = self._measure("generator", memory.generate(self._stream, size))
        self.findings.add("generator rate", size / GIB / made.wall)
        self._cpu("floor", size, memory.floor(self._stream, size))
        self._cpu("busy floor", size, memory.floor(self._stream, size, threads=os.cpu_count() or 1))

    def _overwriting(self, drive: LoopDrive) -> None:
        with Workers((drive,)) as worker:
            zero = self._measure("zero", lambda: worker.write(ZEROS, drive.size), worker.pids)
            write = self._cpu("random", drive.size, lambda: worker.write(self._content, drive.size), worker.pids)
            verify = self._measure("verify", lambda: worker.verify(self._content, drive.size), worker.pids)
        self.findings.add("zero rate", drive.size / GIB / zero.wall)
        self.findings.add("random rate", drive.size / GIB / write.wall)
        self.findings.add("verify rate", drive.size / GIB / verify.wall)
        self.findings.add("random+verify cpu", per_gib(write.cpu + verify.cpu, drive.size))
        self.findings.add("random+verify own cpu", per_gib(write.own + verify.own, drive.size))

    def _peers(self, drive: LoopDrive, generators: tuple[str, ...]) -> None:
        written = self._measure("dd", lambda: peers.dd(drive))
        self.findings.add("dd rate", drive.size / GIB / written.wall)
        self._say("fio")
        self.findings.add("fio rate", peers.fio(drive) / GIB)
        self._cpu("shred", drive.size, lambda: peers.shred(drive))
        for generator in generators:
            cost = self._measure(f"nwipe {generator}", partial(peers.nwipe, drive, generator))
            self.findings.add(NWIPE_CPU + generator, per_gib(cost.cpu, drive.size))
            self.findings.add(f"nwipe own cpu, {generator}", per_gib(cost.own, drive.size))

    def _many(self, drives: tuple[LoopDrive, ...]) -> None:
        share = self._settings.share
        with Workers(drives) as workers:
            write = self._measure("many write", lambda: workers.write(self._content, share), workers.pids)
            verify = self._measure("many verify", lambda: workers.verify(self._content, share), workers.pids)
            self.findings.add("many pss", max(workers.peak_memory(self._content, share)) / MIB)
        self.findings.add("many cpu", per_gib(write.cpu + verify.cpu, share * len(drives)))
        with Workers(drives[:1]) as worker:
            self.findings.add("one pss", max(worker.peak_memory(self._content, share)) / MIB)

    def _starts(self, folder: Path, generator: str) -> None:
        self._say("starting and resuming")
        with loop_drives(folder, 1, _SMALL, filled=True) as (drive,):
            self.findings.add("first byte", self._station.first_byte(drive))
            self.findings.add("nwipe first byte", starts.nwipe_first_byte((drive,), generator))
        with loop_drives(folder, MANY, self._settings.size, filled=False) as drives:
            self.findings.add("resume", self._station.resume_all(drives))
        with loop_drives(folder, MANY, _SMALL, filled=False) as drives:
            self.findings.add("nwipe first bytes", starts.nwipe_first_byte(drives, generator))

    def _cpu(self, name: str, size: int, work: Callable[[], object], pids: tuple[int, ...] = ()) -> Cost:
        cost = self._measure(name, work, pids)
        self.findings.add(f"{name} cpu", per_gib(cost.cpu, size))
        return cost

    def _measure(self, name: str, work: Callable[[], object], pids: tuple[int, ...] = ()) -> Cost:
        self._say(name)
        cost = self._meter.measure(work, pids)
        if cost.others >= QUIET or cost.stolen > STOLEN * cost.wall:
            self.disturbed.append(name)
        return cost
