"""The floor of `benchmarks.memory` in company: processes that each do it to memory of their own, all at once."""

from __future__ import annotations

import socket
import subprocess
import sys
from contextlib import ExitStack
from types import TracebackType
from typing import Self, TextIO

import click

from bench.work import Algorithm
from benchmarks import memory
from benchmarks.workers import UnexpectedError

_READY = "ready\n"


class Company:
    """Processes that have taken their memory and wait, while a `with` lasts."""

    def __init__(self, count: int, algorithm: Algorithm, size: int) -> None:
        self._line = [sys.executable, "-m", __name__, algorithm.value, str(size)]
        self._count = count
        self._processes: list[subprocess.Popen[bytes]] = []
        self._talks: list[TextIO] = []

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            for _ in range(self._count):
                self._start(stack)
            self._all_ready()
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def _start(self, stack: ExitStack) -> None:
        ours, theirs = socket.socketpair()
        with ours, theirs:
            process = subprocess.Popen(self._line, stdin=theirs.fileno(), stdout=theirs.fileno(), process_group=0)
            stack.callback(process.wait)
            stack.callback(process.kill)
            self._processes.append(process)
            self._talks.append(stack.enter_context(ours.makefile("rw")))

    @property
    def pids(self) -> tuple[int, ...]:
        """Their process ids."""
        return tuple(process.pid for process in self._processes)

    def work(self) -> None:
        """All do the floor once. `UnexpectedError` if one ends instead."""
        for talk in self._talks:
            talk.write("\n")
            talk.flush()
        self._all_ready()

    def _all_ready(self) -> None:
        for talk in self._talks:
            if talk.readline() != _READY:
                raise UnexpectedError(f"{self._line} ended")


@click.command()
@click.argument("algorithm", type=Algorithm)
@click.argument("size", type=int)
def main(algorithm: Algorithm, size: int) -> None:
    """Do the floor over SIZE bytes for each line that comes in."""
    work = memory.floor(algorithm, size)
    while True:
        sys.stdout.write(_READY)
        sys.stdout.flush()
        if not sys.stdin.readline():
            return
        work()


if __name__ == "__main__":
    main()
