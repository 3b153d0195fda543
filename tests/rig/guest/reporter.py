"""Tells the host what became of each test at once: a guest that dies takes no result with it.

One JSON object a line: {"begun": id}, then {"ended": id, "outcome": …, "text": …, "seconds": …};
{"broken": module, "text": …} for a module that could not be loaded.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from rig.results import RESULTS


class Reporter:
    """A pytest plugin."""

    def __init__(self, share: Path) -> None:
        self._lines = (share / RESULTS).open("w", encoding="utf-8")
        self._reports: list[pytest.TestReport] = []

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A module that does not load has no tests to tell of it."""
        if report.failed:
            self._tell(broken=report.nodeid, text=report.longreprtext)

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Before a test's fixtures are made."""
        self._reports.clear()
        self._tell(begun=nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """After each of its three phases."""
        self._reports.append(report)

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        """After its fixtures were undone."""
        odd = [report for report in self._reports if report.outcome != "passed"]
        failed = any(report.failed for report in odd)
        outcome = "failed" if failed else "skipped" if odd else "passed"
        text = "\n".join(_text(report) for report in odd)
        self._tell(ended=nodeid, outcome=outcome, text=text, seconds=sum(report.duration for report in self._reports))

    def _tell(self, **fields: str | float) -> None:
        self._lines.write(json.dumps(fields) + "\n")
        self._lines.flush()
        os.fsync(self._lines.fileno())


def _text(report: pytest.TestReport) -> str:
    """What pytest would show: the error and what was printed."""
    sections = "\n".join(f"--- {name}\n{content}" for name, content in report.sections)
    return f"{report.longreprtext}\n{sections}".strip()
