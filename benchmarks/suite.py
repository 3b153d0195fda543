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
from benchmarks.company import Company
from benchmarks.comparisons import MANY, NWIPE_CPU
from benchmarks.findings import GIB, Findings, per_gib
from benchmarks.loops import MIB, LoopDrive, loop_drives, memory_folder
from benchmarks.machine import Cost, Meter, Result
from benchmarks.workers import Workers
from drivers.host import fastest_stream

ZEROS = Content(pattern="00")
_SMALL = 64 * MIB
_SPARE = 64 * MIB
AGAIN = 4
"""How often a short task is repeated in one measurement: the kernel counts a machine's CPU time by its ticks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`size` bytes are written to one drive, half of that to each of many; everything is measured `rounds` times.

    `huge` is about the pages of the drives' memory (`loops.memory_folder`); the station lives in `state`.
    """

    size: int
    rounds: int
    huge: bool
    state: Path

    @property
    def share(self) -> int:
        """The size of each of many drives."""
        return self.size // 2

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
            fastest = self.findings.cheapest(NWIPE_CPU)[0]
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
                self._peers_of_many(many)
                self._cpu("command", one.size, self._measure("command", partial(self._station.erase_to_end, one)))

    def _in_memory(self) -> None:
        size = self._settings.size
        self._rate("generator", size, self._measure("generator", memory.generate(self._stream, size)))
        self._cpu("floor", size, self._measure("floor", memory.floor(self._stream, size)))
        busy = memory.floor(self._stream, size, threads=os.cpu_count() or 1)
        self._cpu("busy floor", size, self._measure("busy floor", busy))

    def _overwriting(self, drive: LoopDrive) -> None:
        size = drive.size
        with Workers((drive,)) as worker:
            zero = self._measure("zero", lambda: worker.write(ZEROS, size), worker.pids)
            write = self._measure("random", lambda: worker.write(self._content, size), worker.pids)
            verify = self._measure("verify", lambda: worker.verify(self._content, size), worker.pids)
        self._rate("zero", size, zero)
        self._rate("random", size, write)
        self._rate("verify", size, verify)
        self._cpu("random", size, write)
        self._cpu("random+verify", size, write, verify)

    def _peers(self, drive: LoopDrive, generators: tuple[str, ...]) -> None:
        size = drive.size
        self._rate("dd", size, self._measure("dd", lambda: peers.dd((drive,))))
        cost, rate = self._measured("fio", lambda: peers.fio(drive))
        self.findings.add("fio rate", rate / GIB, disturbed=cost.disturbed)
        self._cpu("shred", size, self._measure("shred", lambda: peers.shred(drive)))
        for generator in generators:
            cost = self._measure(f"nwipe {generator}", partial(peers.nwipe, (drive,), generator))
            self.findings.add(NWIPE_CPU + generator, per_gib(cost.cpu, size), disturbed=cost.disturbed)

    def _many(self, drives: tuple[LoopDrive, ...]) -> None:
        share = self._settings.share
        with Workers(drives) as workers:
            write = self._measure("many write", lambda: workers.write(self._content, share), workers.pids)
            verify = self._measure("many verify", lambda: workers.verify(self._content, share), workers.pids)
            self._memory("many pss", workers)
        self._cpu("many", share * len(drives), write, verify)
        with Workers(drives[:1]) as worker:
            write = self._measure("one write", partial(_again, worker.write, self._content, share), worker.pids)
            verify = self._measure("one verify", partial(_again, worker.verify, self._content, share), worker.pids)
            self._memory("one pss", worker)
        # What a task costs however short it is must not pass for the cost of company.
        self._cpu("one of many", share * AGAIN, write, verify)
        with Company(MANY, self._stream, share) as company:
            self._cpu("floor many", share * MANY, self._measure("floor many", company.work, company.pids))

    def _peers_of_many(self, drives: tuple[LoopDrive, ...]) -> None:
        """What company costs others: the kernel's copying alone, and nwipe, which also takes many drives at once."""
        share = self._settings.share
        self._cpu("dd many", share * len(drives), self._measure("dd many", lambda: peers.dd(drives)))
        self._cpu("dd one of many", share, self._measure("dd one", lambda: peers.dd(drives[:1])))
        fastest = self.findings.cheapest(NWIPE_CPU)[0]
        nwipe = self._measure("nwipe many", partial(peers.nwipe, drives, fastest))
        self._cpu("nwipe many", share * len(drives), nwipe)

    def _memory(self, name: str, workers: Workers) -> None:
        """Who else is running does not change how much memory our workers take."""
        self.findings.add(name, max(workers.peak_memory(self._content, self._settings.share)) / MIB, disturbed=False)

    def _starts(self, folder: Path, generator: str) -> None:
        def nwipe(drives: tuple[LoopDrive, ...]) -> float:
            return starts.nwipe_first_byte(drives, generator)

        size = self._settings.size
        self._start("first byte", folder, 1, _SMALL, lambda drives: self._station.first_byte(drives[0]))
        self._start("nwipe first byte", folder, 1, _SMALL, nwipe)
        self._start("resume", folder, MANY, size, self._station.resume_all)
        self._start("nwipe first bytes", folder, MANY, _SMALL, nwipe)

    def _start(
        self, name: str, folder: Path, count: int, size: int, start: Callable[[tuple[LoopDrive, ...]], float]
    ) -> None:
        def work() -> float:
            with loop_drives(folder, count, size, filled=False) as drives:
                return start(drives)

        cost, seconds = self._measured(name, work)
        self.findings.add(name, seconds, disturbed=cost.disturbed)

    def _rate(self, name: str, size: int, cost: Cost) -> None:
        self.findings.add(f"{name} rate", size / GIB / cost.wall, disturbed=cost.disturbed)

    def _cpu(self, name: str, size: int, *costs: Cost) -> None:
        disturbed = any(cost.disturbed for cost in costs)
        self.findings.add(f"{name} cpu", per_gib(sum(cost.cpu for cost in costs), size), disturbed=disturbed)
        self.findings.add(f"{name} own cpu", per_gib(sum(cost.own for cost in costs), size), disturbed=disturbed)

    def _measure(self, name: str, work: Callable[[], object], pids: tuple[int, ...] = ()) -> Cost:
        return self._measured(name, work, pids)[0]

    def _measured(self, name: str, work: Callable[[], Result], pids: tuple[int, ...] = ()) -> tuple[Cost, Result]:
        self._say(name)
        return self._meter.measure(work, pids)


def _again(task: Callable[[Content, int], None], content: Content, end: int) -> None:
    for _ in range(AGAIN):
        task(content, end)
