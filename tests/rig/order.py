"""What one boot is told to do: written by the host into the share, read by the guest's runner."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from rig import layout
from rig.layout import Layout

_FILE = "order.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """The bench as this boot finds it, and what to do with it.

    `attach` names the bays that are plugged in before anything else. Then `scenarios` (pytest's ids, relative to the
    checkout) are run, and with `cut` the bench's power is cut after them; or `command` (for bash) is, where there is
    one. With neither, the console is a shell of `terminal` (TERM, rows, columns).
    """

    layout: Layout
    attach: tuple[str, ...] = ()
    scenarios: tuple[str, ...] = ()
    cut: bool = False
    command: str = ""
    terminal: tuple[str, int, int] = field(default=("linux", 24, 80))

    def save(self, share: Path) -> None:
        """Write it where the guest finds it."""
        document = {
            "layout": layout.to_document(self.layout),
            "attach": self.attach,
            "scenarios": self.scenarios,
            "cut": self.cut,
            "command": self.command,
            "terminal": self.terminal,
        }
        (share / _FILE).write_text(json.dumps(document, indent=1) + "\n")

    @classmethod
    def load(cls, share: Path) -> Order:
        """Read it."""
        document = json.loads((share / _FILE).read_text())
        name, rows, columns = document["terminal"]
        return cls(
            layout=layout.from_document(document["layout"]),
            attach=tuple(document["attach"]),
            scenarios=tuple(document["scenarios"]),
            cut=document["cut"],
            command=document["command"],
            terminal=(name, rows, columns),
        )
