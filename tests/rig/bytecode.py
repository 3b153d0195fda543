"""The checkout's compiled files, which the guest reads: compiling there would take the emulated processor a minute."""

from __future__ import annotations

import compileall
import os
from functools import cache

from rig.places import CHECKOUT

_FOLDERS = ("bench", "config", "drivers", "tests", "ui")


@cache
def compile_checkout() -> None:
    """Bring every `__pycache__` of the project up to date, unless the checkout is somebody else's."""
    if CHECKOUT.stat().st_uid == os.geteuid():
        for name in _FOLDERS:
            compileall.compile_dir(CHECKOUT / name, quiet=2)
