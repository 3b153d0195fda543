"""The rig by hand: a shell or a command in the guest, or scenarios with their log at once."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from rig import found, layout, machine, session
from rig.boots import course_of
from rig.kernel import Flavour, KernelError
from rig.results import Outcome


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit status."""
    options = _parser().parse_args(arguments)
    if reason := machine.obstacle():
        sys.stderr.write(f"{reason}\n")
        return 2
    standard = layout.standard()
    try:
        bench = standard if options.bays is None else standard.only([name for name in options.bays.split(",") if name])
        return int(options.work(options, bench))
    except (LookupError, KernelError) as error:
        sys.stderr.write(f"{error}\n")
        return 2


def _shell(options: argparse.Namespace, bench: layout.Layout) -> int:
    return session.run_shell(_names(bench), options.kernel, bench)


def _run(options: argparse.Namespace, bench: layout.Layout) -> int:
    return session.run_command(options.command, _names(bench), options.kernel, bench)


def _test(options: argparse.Namespace, bench: layout.Layout) -> int:
    chosen = [scenario for scenario in found.scenarios() if options.part in scenario.name]
    if not chosen:
        raise LookupError(f"no scenario has {options.part!r} in its name")
    status = 0
    for course in dict.fromkeys(course_of(scenario.boot) for scenario in chosen):
        for name, result in session.run_course(course, chosen, options.kernel, bench).items():
            sys.stdout.write(f"{result.outcome.value:8} {name}\n{result.text and result.text + chr(10)}")
            status |= result.outcome in {Outcome.FAILED, Outcome.WITHOUT_KERNEL}
    return status


def _names(bench: layout.Layout) -> list[str]:
    return [bay.name for bay in bench.bays]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m rig", description="The emulated bench; see docs/rig.md.")
    parser.add_argument("--kernel", type=Flavour, default=Flavour.STABLE, help="stable or backports")
    parser.add_argument("--bays", help="only these, with commas between; all where not given, none for ''")
    parts = parser.add_subparsers(required=True)
    parts.add_parser("shell", help="a shell in the guest, all bays plugged in").set_defaults(work=_shell)
    run = parts.add_parser("run", help="a bash command in the guest, all bays plugged in; its output and exit status")
    run.add_argument("command")
    run.set_defaults(work=_run)
    test = parts.add_parser("test", help="the scenarios with this in their name")
    test.add_argument("part")
    test.set_defaults(work=_test)
    return parser
