"""Which tests run where, and what is said about those that did not.

Plain `pytest` runs what is quick and possible here. `--slow` adds the gate's long tests, `--soak` selects the
hours-long ones alone. With TABLERASE_NO_SKIP set, a skipped test is a failed one: a gate has no holes.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path

import hypothesis
import pytest

from rig import machine

_NO_SKIP = "TABLERASE_NO_SKIP"
_SLOW = "takes long"
# A slow machine is no defect, so examples have no deadline. In a gate they are the same each time: what it says
# about a change depends on the change alone. Elsewhere every run looks further.
hypothesis.settings.register_profile("explore", deadline=None, print_blob=True)
hypothesis.settings.register_profile("gate", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("gate" if os.environ.get(_NO_SKIP) else "explore")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Two options of this project."""
    group = parser.getgroup("table rase")
    group.addoption("--slow", action="store_true", help="run the gate's long tests as well")
    group.addoption("--soak", action="store_true", help="run only the tests that take hours")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what was not asked for, and skip what this machine cannot do."""
    soak = config.getoption("--soak")
    left_out = [item for item in items if bool(item.get_closest_marker("soak")) != soak]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if bool(item.get_closest_marker("soak")) == soak]
    skips = {
        "root": _obstacle_to_root_tests(),
        "rig": machine.obstacle(),
        "slow": "" if config.getoption("--slow") else _SLOW,
    }
    for item in items:
        for marker, reason in skips.items():
            if reason and item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=reason))


def _obstacle_to_root_tests() -> str:
    """What keeps tests with real block devices from running here; empty if nothing does."""
    if os.geteuid() != 0:
        return "needs root"
    if not Path("/dev/loop-control").exists():
        return "needs loop devices: /dev/loop-control is missing, try modprobe loop"
    return ""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A skip is a failure where skips are fatal; an expected failure is no skip."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        _fail_if_fatal(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for files that skip themselves as a whole."""
    report = yield
    if report.skipped:
        _fail_if_fatal(report)
    return report


def _fail_if_fatal(report: pytest.TestReport | pytest.CollectReport) -> None:
    if os.environ.get(_NO_SKIP):
        report.outcome = "failed"
        report.longrepr = f"{_reason(report)}, and {_NO_SKIP} is set"


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    return str(report.longrepr[2]) if isinstance(report.longrepr, tuple) else str(report.longrepr)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """At the end: how many tests did not run, and the command that runs them."""
    skipped = terminalreporter.stats.get("skipped", [])
    slow = sum(_SLOW in _reason(report) for report in skipped)
    if not skipped:
        return
    terminalreporter.section("not run here")
    if len(skipped) > slow:
        terminalreporter.line(
            f"{len(skipped) - slow} skipped for the reasons below. As root, `make test` installs what they need and "
            "runs them."
        )
    if slow:
        terminalreporter.line(f"{slow} skipped because they take long. As root, `make gate` runs everything.")
