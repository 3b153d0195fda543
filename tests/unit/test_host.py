"""What the program says of itself: the commit of its checkout, asked once and never waited for long."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from drivers import host


@pytest.fixture
def git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program called git, found before any other; what it does is the test's to write."""
    where = tmp_path / "bin" / "git"
    where.parent.mkdir()
    where.touch(mode=0o755)
    monkeypatch.setenv("PATH", f"{where.parent}:{os.environ['PATH']}")
    (tmp_path / ".git").mkdir()
    return where


def test_a_git_that_takes_too_long_says_nothing(git: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git.write_text("#!/bin/sh\nexec sleep 30\n")
    monkeypatch.setattr(host, "_GIT_S", 0.1)
    assert host._commit(tmp_path) == ""


def test_git_is_asked_once(git: Path, tmp_path: Path) -> None:
    git.write_text(f"#!/bin/sh\necho asked >> {tmp_path}/asked\necho 0123abcd+\n")
    assert [host._commit(tmp_path) for _ in range(3)] == ["0123abcd+"] * 3
    assert (tmp_path / "asked").read_text() == "asked\n"
