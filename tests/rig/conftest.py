"""The scenarios are the guest's to import; here they are one item each of test_rig.py."""

from __future__ import annotations

import pytest

from rig.results import SECONDS

collect_ignore = ["scenarios"]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Where the rig's time went: its items themselves wait for a whole course, or for nothing."""
    reports = [report for found in terminalreporter.stats.values() for report in found]
    times = [
        (seconds, report.nodeid.partition("[")[2].rstrip("]"))
        for report in reports
        if isinstance(report, pytest.TestReport) and report.when == "call"
        for name, seconds in report.user_properties
        if name == SECONDS
    ]
    if times:
        terminalreporter.section("the ten longest scenarios, in seconds of the guest")
        for seconds, name in sorted(times, reverse=True)[:10]:
            terminalreporter.write_line(f"{seconds:7.1f}  {name}")
