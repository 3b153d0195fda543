"""One course after another: the outside is set up, each boot is run, its results are read."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rig import bytecode, kernel, results, runs
from rig.boots import Boot, Course
from rig.found import Scenario
from rig.kernel import Flavour, KernelError
from rig.layout import Layout
from rig.machine import Ending, Limits, Machine
from rig.order import Order
from rig.outside import Outside
from rig.results import Outcome, Result
from rig.runs import Run

_PATIENT = Limits(silence=float("inf"), boot=float("inf"))
"""For somebody who thinks at the keyboard."""


_ATTEMPTS = 3
_DIED = 125
"""Exit status of a command whose guest did not live to tell; as other programs that run commands elsewhere."""


def run_course(course: Course, scenarios: Sequence[Scenario], flavour: Flavour, bench: Layout) -> dict[str, Result]:
    """Results by the scenarios' ids. Raises what keeps the outside from standing: `OutsideError`, `KernelError`.

    A kernel that only this course wants, and that Debian does not have, is its scenarios' result.
    """
    if course.kernel is not None:
        try:
            kernel.fetch(course.kernel)
        except KernelError as error:
            absent = Result(outcome=Outcome.WITHOUT_KERNEL, text=str(error))
            return {scenario.id: absent for scenario in scenarios}
    found: dict[str, Result] = {}
    with _outside(course.name, bench) as (outside, run):
        for boot in course.boots:
            chosen = [scenario for scenario in scenarios if scenario.boot == boot.name]
            if chosen:
                found |= _boot(boot, chosen, outside, run.folder / boot.name, course.kernel or flavour)
        run.failed = any(result.outcome is Outcome.FAILED for result in found.values())
    return found


def _boot(
    boot: Boot, scenarios: Sequence[Scenario], outside: Outside, folder: Path, flavour: Flavour
) -> dict[str, Result]:
    """Results of one boot. A scenario that kills the guest costs the others nothing: these are given another one."""
    found: dict[str, Result] = {}
    left = list(scenarios)
    for attempt in range(1, _ATTEMPTS + 1):
        machine = Machine(folder.with_name(f"{folder.name}-{attempt}") if attempt > 1 else folder)
        ids = tuple(scenario.id for scenario in left)
        Order(layout=outside.layout, scenarios=ids, cut=boot.cut).save(machine.share)
        ending = _powered(machine, outside, flavour, boot.limits, interactive=False)
        found |= results.read(boot, left, machine, ending)
        left = results.never_begun(left, machine)
        if boot.cut or len(left) in {0, len(ids)}:
            break
    return found


def run_command(command: str, attach: Sequence[str], flavour: Flavour, bench: Layout) -> int:
    """Run a bash command in the guest, its output here; its exit status, 125 if the guest died."""
    with _outside("command", bench) as (outside, run):
        machine = Machine(run.folder / "command")
        Order(layout=outside.layout, attach=tuple(attach), command=command).save(machine.share)
        ending = _powered(machine, outside, flavour, Limits(), interactive=False)
        sys.stdout.write(machine.log.read_text(errors="replace") if machine.log.exists() else "")
        status = machine.result()
        if status is None:
            run.failed = True
            sys.stderr.write(f"the guest died ({ending})\n{machine.last_words()}\n")
            return _DIED
        return status


def run_shell(attach: Sequence[str], flavour: Flavour, bench: Layout) -> int:
    """A shell on this terminal."""
    with _outside("shell", bench) as (outside, run):
        machine = Machine(run.folder / "shell")
        size = shutil.get_terminal_size()
        terminal = (os.environ.get("TERM", "linux"), size.lines, size.columns)
        Order(layout=outside.layout, attach=tuple(attach), terminal=terminal).save(machine.share)
        _powered(machine, outside, flavour, _PATIENT, interactive=True)
        status = machine.result()
        run.failed = status != 0
        return _DIED if status is None else status


def _powered(machine: Machine, outside: Outside, flavour: Flavour, limits: Limits, *, interactive: bool) -> Ending:
    """One boot, from power-on to its end."""
    bytecode.compile_checkout()
    outside.machine = machine
    try:
        with machine.powered(kernel.fetch(flavour), tuple(outside.qemu_arguments()), interactive=interactive):
            return machine.wait(limits)
    finally:
        outside.machine = None


@contextmanager
def _outside(name: str, bench: Layout) -> Iterator[tuple[Outside, Run]]:
    with runs.beginning(name) as run:
        outside = Outside(run.folder / "outside", bench)
        with outside.standing():
            yield outside, run
