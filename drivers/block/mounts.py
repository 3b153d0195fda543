"""What is mounted and what is swapped to: /proc/self/mountinfo and /proc/swaps, in this process's namespace.

Format: proc_pid_mountinfo(5). The kernel writes space, tab, newline and backslash as three octal digits.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

_OCTAL = re.compile(r"\\([0-3][0-7]{2})")


class MountTableError(ValueError):
    """A line that this program cannot read: nothing may be concluded from the table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mount:
    """One line of mountinfo. `number` has major 0 where no single block device stands behind the file system.

    `super_options` are still escaped: an escaped comma is part of a value, a plain one ends it.
    """

    id: int
    parent: int
    number: tuple[int, int]
    point: str
    kind: str
    source: str
    super_options: str

    def options(self, *names: str) -> tuple[str, ...]:
        """The values of these super options, in order of appearance."""
        pairs = (option.partition("=") for option in self.super_options.split(","))
        return tuple(unescape(value) for name, equals, value in pairs if equals and name in names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Swap:
    """One active swap area; `path` is the node or file, as the kernel names it."""

    path: str
    deleted: bool


def unescape(text: str) -> str:
    r"""Turn `\040` and its like into the characters they stand for."""
    return _OCTAL.sub(lambda match: chr(int(match[1], 8)), text)


def parse_mountinfo(text: str) -> tuple[Mount, ...]:
    """All mounts, in the kernel's order. Raises `MountTableError`."""
    # Only newline ends a line here: other separators may stand unescaped in a path.
    return tuple(_mount(line) for line in text.split("\n") if line)


def _mount(line: str) -> Mount:
    fields = line.split(" ")
    try:
        dash = fields.index("-", 6)
        kind, source, super_options = fields[dash + 1 : dash + 4]
        major, minor = fields[2].split(":")
        return Mount(
            id=int(fields[0]),
            parent=int(fields[1]),
            number=(int(major), int(minor)),
            point=unescape(fields[4]),
            kind=unescape(kind),
            source=unescape(source),
            super_options=super_options,
        )
    except (ValueError, IndexError) as error:
        raise MountTableError(f"not a line of mountinfo: {line!r}") from error


def parse_swaps(text: str) -> tuple[Swap, ...]:
    """All active swap areas. Raises `MountTableError`."""
    header, *lines = text.split("\n")
    if header and not header.startswith("Filename"):
        raise MountTableError(f"not the header of /proc/swaps: {header!r}")
    return tuple(_swap(line) for line in lines if line)


def _swap(line: str) -> Swap:
    name, _, rest = line.partition(" ")
    if not name.startswith("/") or not rest.strip():
        raise MountTableError(f"not a line of /proc/swaps: {line!r}")
    path = unescape(name)
    return Swap(path=path.removesuffix(" (deleted)"), deleted=path.endswith(" (deleted)"))


def mount_of(mounts: Sequence[Mount], path: str) -> Mount | None:
    """The mount that `path` (absolute, without links or `..`) is on; None where the table does not reach it.

    Walks from the root as the kernel does, so that a mount hidden beneath a later one is never taken for it.
    """
    known = {mount.id for mount in mounts}
    children = {(mount.parent, mount.point): mount for mount in mounts if mount.id != mount.parent}
    roots = [m for m in mounts if m.point == "/" and (m.parent == m.id or m.parent not in known)]
    if len(roots) != 1:
        return None
    current = roots[0]
    pure = PurePosixPath(path)
    for step in [*reversed(pure.parents), pure]:
        # A later mount on the same point has the earlier one as its parent; ids are unique, so this ends.
        while (child := children.pop((current.id, str(step)), None)) is not None:
            current = child
    return current
