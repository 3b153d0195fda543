"""`tablerase drives` over all bays, as a person reads it: the real command, in French and in English."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from rig.devices import NVME_MODEL
from rig.guest.bays import Bay
from rig.layout import Front, Layout

Plug = Callable[[str], Bay]
Row = tuple[str, ...]
PATIENCE_S = 150
HIDDEN = "usb-4"
"""Its bridge passes no ATA command: nobody knows what drive that is."""
KINDS = {
    "fr": ("n°", "16,8 Mo", "4,4 To", "disque à plateaux", "mémoire flash", "Peut être effacé", "Ne peut pas"),
    "en": ("no.", "16.8 MB", "4.4 TB", "spinning disk", "flash", "May be erased", "May not"),
}


def tablerase(language: str, *arguments: str) -> str:
    """What the command prints, 100 columns wide; it must succeed."""
    command = [str(Path(sys.executable).with_name("tablerase")), "--lang", language, *arguments]
    environment = {**os.environ, "COLUMNS": "100", "TABLERASE_STATE": "/run/tmp/no-state"}
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=PATIENCE_S, check=False, env=environment, encoding="utf-8"
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def rows(table: str) -> dict[str, str]:
    """The rows of the first table by their device, each as one text without line breaks."""
    parts = re.split(r"^ ─+ *$", table, flags=re.MULTILINE)
    texts = [" ".join(part.replace("\N{NO-BREAK SPACE}", " ").split()) for part in parts]
    return {text.split()[0]: text for text in texts if text.startswith("/dev/")}
