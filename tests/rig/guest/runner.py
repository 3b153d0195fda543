"""The guest's work: plug the bays in, then run the scenarios, a command or a shell. Ends with its exit status.

All scenarios run in one process: starting Python with what the bench imports takes seconds on an emulated CPU.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from rig.guest import bays
from rig.hand import HandClient
from rig.layout import HOST
from rig.order import Order
from rig.places import CHECKOUT, GUEST_SHARE, RIG

JUNIT = "junit.xml"
_RCFILE = Path("/run/rig.bashrc")


def main() -> int:
    """The exit status."""
    order = Order.load(GUEST_SHARE)
    found = bays.attach(order.layout, order.attach)
    if order.scenarios:
        status = _scenarios(order.scenarios)
        if order.cut:
            HandClient(HOST, order.layout.hand).kill_bench()
        return status
    if order.command:
        for name, node in found:
            _say(f"{name}: {node}")
        return subprocess.run(["bash", "-c", order.command], check=False).returncode
    return _shell(order.terminal, found)


def _scenarios(ids: Sequence[str]) -> int:
    # Imported only here: a shell does without pytest's start.
    import pytest  # noqa: PLC0415

    from rig.guest.reporter import Reporter  # noqa: PLC0415

    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    paths = [str(CHECKOUT / name) for name in ids]
    options = ["-c", str(RIG / "guest" / "pytest.ini"), f"--rootdir={CHECKOUT}", f"--junit-xml={GUEST_SHARE / JUNIT}"]
    return int(pytest.main([*options, *paths], plugins=[Reporter(GUEST_SHARE)]))


def _shell(terminal: tuple[str, int, int], found: Iterable[tuple[str, str]]) -> int:
    """A shell on the console; it says what is plugged in."""
    name, rows, columns = terminal
    subprocess.run(["stty", "sane", "rows", str(rows), "cols", str(columns)], check=True)
    _say(f"The emulated bench, Linux {os.uname().release}; its drives are being plugged in.")
    for bay, node in found:
        _say(f"  {bay:8} {node}")
    _say(f"Only {GUEST_SHARE} reaches the host. Leaving this shell switches the machine off.")
    _RCFILE.write_text(f"PATH={Path(sys.executable).parent}:$PATH\nPS1='rig:\\w\\$ '\ncd {GUEST_SHARE}\n")
    environment = {**os.environ, "TERM": name}
    subprocess.run(["bash", "--rcfile", str(_RCFILE), "-i"], env=environment, check=False)
    return 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
