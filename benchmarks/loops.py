"""Loop devices over files in memory: the fastest drives there are, so that nothing but the erasing is measured."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

MIB = 1 << 20
SECTOR = 512
_MEMORY = Path("/dev/shm")  # noqa: S108 - a tmpfs is the point; the folder made in it is private


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopDrive:
    """A loop device: its node and its size in bytes."""

    node: str
    size: int

    def written(self) -> int:
        """Bytes written to it since it was attached, as the kernel counts them."""
        stat = Path("/sys/block") / Path(self.node).name / "stat"
        return parse_written(stat.read_text(encoding="ascii"))


def parse_written(text: str) -> int:
    """Bytes written, from a disk's `stat` file in sysfs: its seventh field, in sectors of 512 bytes."""
    return int(text.split()[6]) * SECTOR


@contextmanager
def loop_drives(count: int, size: int, *, filled: bool) -> Iterator[tuple[LoopDrive, ...]]:
    """`count` drives of `size` bytes, detached and deleted at the end.

    `filled` ones have all their memory already, so that the first to write does not pay for it.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tablerase-bench-", dir=_MEMORY)))
        drives = []
        for number in range(count):
            backing = folder / f"drive-{number}"
            _make(backing, size, filled=filled)
            command = ["losetup", "--find", "--show", "--nooverlap", str(backing)]
            node = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
            stack.callback(subprocess.run, ["losetup", "--detach", node], check=True)
            drives.append(LoopDrive(node=node, size=size))
        yield tuple(drives)


def _make(backing: Path, size: int, *, filled: bool) -> None:
    block = b"\xa5" * MIB
    with backing.open("xb") as file:
        if filled:
            for _ in range(size // MIB):
                file.write(block)
        file.truncate(size)
