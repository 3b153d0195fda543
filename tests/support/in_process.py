"""The `tablerase` command in this process: the same entry as the real one, without the second that its start takes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from support.command import Done
from ui.cli.main import main


@dataclass(frozen=True)
class InProcess:
    """Runs commands with one state folder and one language."""

    state: Path
    capture: pytest.CaptureFixture[str]
    language: str = "fr"

    def __call__(self, *arguments: str | Path) -> Done:
        """Run without a terminal."""
        self.capture.readouterr()
        status = main(["--state", str(self.state), "--lang", self.language, *map(str, arguments)])
        out, err = self.capture.readouterr()
        return Done(status, out, err)

    def speaking(self, language: str) -> InProcess:
        """The same in another language."""
        return replace(self, language=language)

    def at(self, state: Path) -> InProcess:
        """The same with another state folder."""
        return replace(self, state=state)


def said(done: Done) -> str:
    """All that a command told people, unbroken, with ordinary spaces."""
    return " ".join(f"{done.out} {done.err}".replace("\u00a0", " ").replace("\u202f", " ").split())
