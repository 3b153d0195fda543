"""A station that writes what its outbox holds, to be killed: `python outbox_station.py STATE KILL_AT [TSA]`.

It kills itself (SIGKILL) before its n-th effect: a commit, a question to the authority, a sync, a rename. With 0 it
runs to the end and says how many there were.
"""

from __future__ import annotations

import asyncio
import os
import pathlib
import signal
import sys
from collections.abc import Callable
from typing import Any

from bench.journal.journal import Journal
from bench.settings import Settings
from bench.stamping import StampSettings
from bench.state import StateFolder
from drivers.time_authority import HttpTimeAuthority
from ui.compose import open_bench


class Fuse:
    """Counts effects and kills this process before the n-th."""

    def __init__(self, at: int) -> None:
        self._at = at
        self.count = 0

    def before(self, effect: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*arguments: Any, **named: Any) -> Any:
            self.count += 1
            if self.count == self._at:
                os.kill(os.getpid(), signal.SIGKILL)
            return effect(*arguments, **named)

        return wrapped


def arm(fuse: Fuse) -> None:
    for owner, name in (
        (Journal, "do"),
        (HttpTimeAuthority, "stamp"),
        (os, "fsync"),
        (pathlib.Path, "replace"),
    ):
        setattr(owner, name, fuse.before(getattr(owner, name)))


async def main(state: pathlib.Path, tsa: str) -> None:
    settings = Settings(paper=StampSettings(tsa=tsa, tsa_timeout=10.0, tsa_wait=10_000_000.0))
    bench = await open_bench(StateFolder(state).root, settings=settings)
    await bench.close()


if __name__ == "__main__":
    given = Fuse(int(sys.argv[2]))
    arm(given)
    asyncio.run(main(pathlib.Path(sys.argv[1]), sys.argv[3] if len(sys.argv) > 3 else ""))
    sys.stdout.write(str(given.count))
