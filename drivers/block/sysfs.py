"""Block devices as /sys, /proc and /dev show them. The root folder can be another one, so that tests build theirs."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

DeviceNumber: TypeAlias = tuple[int, int]
"""Major and minor."""

_LARGEST_ATTRIBUTE = 64 * 1024


def block_number(path: Path) -> DeviceNumber | None:
    """The device number behind `path`, symbolic links followed; None where it is no block device or not there."""
    try:
        status = path.stat()
    except OSError:
        return None
    return (os.major(status.st_rdev), os.minor(status.st_rdev)) if stat.S_ISBLK(status.st_mode) else None


def printable(text: str | bytes) -> str:
    """Text from a drive or a path, fit for records: no NUL, no control or undecodable bytes, no outer spaces."""
    raw = os.fsencode(text) if isinstance(text, str) else text
    decoded = raw.replace(b"\0", b"").decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in decoded.strip())


def natural(name: str) -> tuple[tuple[str, int], ...]:
    """Sort key that puts sd2 before sd10, and sdz before sdaa."""
    lettered = re.fullmatch(r"(x?[hsv]d)([a-z]+)(\d*)", name)
    if lettered:
        kind, letters, digits = lettered.groups()
        return (kind, 0), (f"{len(letters)}{letters}", int(digits or -1))
    return tuple((text, int(digits or -1)) for text, digits in re.findall(r"(\D*)(\d*)", name))


def names_in(folder: Path) -> tuple[str, ...]:
    """What a folder of sysfs lists, in natural order; nothing where the kernel does not have that folder."""
    try:
        return tuple(sorted((entry.name for entry in folder.iterdir()), key=natural))
    except FileNotFoundError:
        return ()


def _resolved(path: Path) -> Path | None:
    """The path without symbolic links; None where one vanishes meanwhile, as those of a drive being pulled out do."""
    try:
        return path.resolve()
    except FileNotFoundError:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """One block device, whole or partition: the kernel's `name` for it and its `folder` in sysfs, links resolved."""

    name: str
    folder: Path

    def text(self, attribute: str) -> str | None:
        """An attribute without its end of line (undecodable bytes as surrogates); None if the kernel gives none."""
        raw = self.binary(attribute)
        return None if raw is None else os.fsdecode(raw).removesuffix("\n")

    def binary(self, attribute: str) -> bytes | None:
        """An attribute's bytes; None where the kernel does not have it or cannot read it."""
        try:
            with (self.folder / attribute).open("rb") as file:
                return file.read(_LARGEST_ATTRIBUTE)
        except OSError:
            return None

    def integer(self, attribute: str) -> int | None:
        """A decimal attribute; None where it is missing or no number."""
        text = (self.text(attribute) or "").strip()
        return int(text) if text.isascii() and text.isdigit() else None

    @property
    def whole(self) -> Device | None:
        """The disk that this is a partition or a hardware area (mmcblk0boot0) of; None for a whole disk."""
        if (self.folder / "partition").exists():
            return Device(name=self.folder.parent.name, folder=self.folder.parent)
        owner = _resolved(self.folder / "device")
        if owner and (owner / "device").is_symlink() and (owner / "queue").is_dir():
            return Device(name=owner.name, folder=owner)
        return None

    def partitions(self) -> tuple[Device, ...]:
        """The partitions that the kernel knows on this disk, in natural order."""
        names = (name for name in names_in(self.folder) if (self.folder / name / "partition").exists())
        return tuple(Device(name=name, folder=self.folder / name) for name in names)

    @property
    def is_loop(self) -> bool:
        """Whether this is a loop device, attached or not."""
        return re.fullmatch(r"loop\d+", self.name) is not None

    @property
    def node(self) -> str:
        """The usual path of its node: /dev/sda (sysfs writes a slash in a name as an exclamation mark)."""
        return "/dev/" + self.name.replace("!", "/")


@dataclass(frozen=True, slots=True, kw_only=True)
class KernelTree:
    """Where sysfs, procfs and device nodes are found, and how a node's number is read."""

    root: Path = Path("/")
    number_of: Callable[[Path], DeviceNumber | None] = block_number

    def place(self, path: str) -> Path:
        """An absolute path of the running system, below this tree's root."""
        return self.root / path.lstrip("/")

    def resolve(self, path: str) -> str:
        """Follow symbolic links as far as the path exists. Raises `OSError` or, for a loop of links, `RuntimeError`."""
        resolved = self.place(path).resolve()
        return "/" + "/".join(resolved.relative_to(self.root.resolve()).parts)

    def exists(self, path: str) -> bool:
        """Whether there is anything at `path` that this process may reach."""
        try:
            os.stat(self.place(path))  # noqa: PTH116 - keeps a trailing "/.", which wakes an automount
        except (OSError, ValueError):
            return False
        return True

    def device(self, name: str) -> Device | None:
        """The device with this kernel name, whole or partition."""
        return self._linked(f"/sys/class/block/{name}")

    def numbered(self, number: DeviceNumber) -> Device | None:
        """The device with this number."""
        return self._linked(f"/sys/dev/block/{number[0]}:{number[1]}")

    def at(self, path: str) -> Device | None:
        """The device behind a node; None where `path` is no block device that sysfs knows."""
        if not path.startswith("/"):
            return None
        number = self.number_of(self.place(path))
        return None if number is None else self.numbered(number)

    def whole_disks(self) -> tuple[Device, ...]:
        """Everything in /sys/block, in natural order. Raises `OSError` where sysfs is not mounted."""
        found = (self._linked(f"/sys/block/{entry.name}") for entry in self.place("/sys/block").iterdir())
        return tuple(sorted((device for device in found if device), key=lambda device: natural(device.name)))

    def process_file(self, name: str) -> str:
        """A file of /proc, undecodable bytes as surrogates. Raises `OSError`."""
        return os.fsdecode(self.place(f"/proc/{name}").read_bytes())

    def _linked(self, path: str) -> Device | None:
        folder = _resolved(self.place(path))
        return Device(name=folder.name, folder=folder) if folder and (folder / "dev").exists() else None
