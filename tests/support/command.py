"""The real `tablerase` command as a process, over a state folder of its own."""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

COMMAND = Path(sys.executable).with_name("tablerase")
WITHIN_SECONDS = 30


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[Any]:
        """Its output as JSON, one value a line."""
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass(frozen=True)
class Command:
    """Runs commands with one state folder and one language."""

    state: Path
    language: str = "fr"

    def __call__(self, *arguments: str | Path) -> Done:
        """Run without a terminal."""
        done = subprocess.run(
            self._line(arguments),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=WITHIN_SECONDS,
            check=False,
            env=self._environment(),
        )
        return Done(done.returncode, done.stdout, done.stderr)

    def start(self, *arguments: str | Path) -> subprocess.Popen[str]:
        """Start without a terminal and do not wait."""
        return subprocess.Popen(
            self._line(arguments),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=self._environment(),
        )

    def on_terminal(self, *arguments: str | Path, answer: str, after: str) -> Done:
        """Run on a terminal of its own, typing `answer` once `after` is on the screen."""
        return self.conversation(*arguments, answers=[(after, answer)])

    def conversation(self, *arguments: str | Path, answers: Sequence[tuple[str, str]]) -> Done:
        """Run on a terminal of its own, typing each answer once what belongs before it is on the screen."""
        leader, follower = pty.openpty()
        # Its own session on its own terminal, so that Ctrl-C typed there reaches it and nobody else.
        line = ["setsid", "--ctty", *self._line(arguments)]
        environment = self._environment()
        process = subprocess.Popen(line, stdin=follower, stdout=follower, stderr=follower, env=environment)
        os.close(follower)
        try:
            seen = ""
            for after, answer in answers:
                seen += _read_until(leader, partial(_shows, after))
                _await_waiting(process.pid)
                os.write(leader, answer.encode())
            seen += _read_until(leader, lambda _: False)
            return Done(process.wait(WITHIN_SECONDS), seen, "")
        finally:
            process.kill()
            process.wait()
            os.close(leader)

    def _line(self, arguments: Sequence[str | Path]) -> list[str]:
        return [str(COMMAND), "--state", str(self.state), "--lang", self.language, *map(str, arguments)]

    def _environment(self) -> dict[str, str]:
        return {**os.environ, "LC_ALL": "C.UTF-8", "COLUMNS": "100", "LINES": "40", "TERM": "xterm"}


def _await_waiting(pid: int) -> None:
    """Until a program that has shown its question waits for the answer.

    Nobody types within the microseconds between the two, and Python notices an interrupt that comes there only once it
    has the answer. A program that has ended (Z) waits for nothing, and is told from its screen.
    """
    give_up, asleep = time.monotonic() + WITHIN_SECONDS, 0
    while asleep < 3:
        assert time.monotonic() < give_up, "the program never waits for its answer"
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        asleep = asleep + 1 if state in "SZ" else 0
        time.sleep(0.02)


def wait_for_line(process: subprocess.Popen[str], part: str) -> None:
    """Read a process's stderr until a line holds `part`."""
    assert process.stderr is not None
    for line in process.stderr:
        if part in line:
            return
    raise AssertionError(f"the process ended without saying {part!r}")


def finish(process: subprocess.Popen[str]) -> Done:
    """Wait for a started command."""
    out, err = process.communicate(timeout=WITHIN_SECONDS)
    return Done(process.returncode, out, err)


def _shows(part: str, text: str) -> bool:
    return part in text


def _read_until(leader: int, enough: Callable[[str], bool]) -> str:
    """What a terminal shows until that is enough, or its last user is gone."""
    seen, give_up = b"", time.monotonic() + WITHIN_SECONDS
    while time.monotonic() < give_up:
        if not select.select([leader], [], [], 0.1)[0]:
            continue
        try:
            part = os.read(leader, 65536)
        except OSError:  # EIO: nobody has the other end open any more
            return seen.decode(errors="replace")
        seen += part
        if not part or enough(seen.decode(errors="replace")):
            return seen.decode(errors="replace")
    raise AssertionError(f"the terminal shows only {seen.decode(errors='replace')!r}")
