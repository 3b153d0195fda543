"""Loop devices for tests that run as root: attached while a `with` lasts."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def loop_device(backing: Path, size: int, sector: int = 512) -> Iterator[str]:
    """A loop device over a new sparse file of `size` bytes; its node."""
    with backing.open("xb") as file:
        file.truncate(size)
    command = ["losetup", "--find", "--show", "--sector-size", str(sector), str(backing)]
    node = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    try:
        yield node
    finally:
        subprocess.run(["losetup", "--detach", node], check=True)
        backing.unlink()
