"""Loop devices over files in memory: the fastest drives there are, so that nothing but the erasing is measured."""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

MIB = 1 << 20
SECTOR = 512
_DETACH_SECONDS = 10.0


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
def memory_folder(size: int, *, huge: bool) -> Iterator[Path]:
    """A tmpfs of `size` bytes, in `huge` pages or in ordinary ones, gone at the end.

    With ordinary pages a loop device's kernel thread looks up one page for every 4 KiB: a cost of this stand-in that
    no disk has.
    """
    pages = "always" if huge else "never"
    with tempfile.TemporaryDirectory(prefix="tablerase-bench-") as folder:
        options = f"size={size},mode=0700,huge={pages}"
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], check=True)
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", folder], check=True)


@contextmanager
def loop_drives(memory: Path, count: int, size: int, *, filled: bool) -> Iterator[tuple[LoopDrive, ...]]:
    """`count` drives of `size` bytes over files in `memory`, detached and deleted at the end.

    `filled` ones have all their memory already, so that the first to write does not pay for it.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=memory)))
        drives = []
        for number in range(count):
            backing = folder / f"drive-{number}"
            _make(backing, size, filled=filled)
            command = ["losetup", "--find", "--show", "--nooverlap", str(backing)]
            node = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
            stack.callback(_detach, node)
            drives.append(LoopDrive(node=node, size=size))
        yield tuple(drives)


def _detach(node: str) -> None:
    """Detach, and wait until it is: losetup only asks for it if something else looks at the device just then."""
    subprocess.run(["losetup", "--detach", node], check=True)
    backing = Path("/sys/block") / Path(node).name / "loop" / "backing_file"
    give_up = time.monotonic() + _DETACH_SECONDS
    while backing.exists() and time.monotonic() < give_up:
        time.sleep(0.01)


def _make(backing: Path, size: int, *, filled: bool) -> None:
    block = b"\xa5" * MIB
    with backing.open("xb") as file:
        if filled:
            for _ in range(size // MIB):
                file.write(block)
        file.truncate(size)
