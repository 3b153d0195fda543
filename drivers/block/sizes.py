"""How big a drive is, by every way of asking: ioctl, end of file, sysfs, and the drive's own word."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from dataclasses import dataclass

from bench.drive import SizeReading
from bench.messages import Message, say
from drivers.block import ioctl
from drivers.block.sysfs import Device

_SYSFS_UNIT = 512  # whatever the drive's sector is


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """The answers, and the ways of asking that gave none."""

    readings: tuple[SizeReading, ...]
    undetermined: tuple[Message, ...]

    @property
    def size(self) -> int:
        """The first answer in bytes, 0 where there is none; `bench.guard` sees to it that the others agree."""
        return self.readings[0].size if self.readings else 0


def read(device: Device, fd: int | None, own_word: int) -> Sizes:
    """Ask the kernel through `fd` (None if the node could not be opened) and sysfs; add the drive's `own_word`.

    `own_word` is bytes, 0 where this kind of drive gives none. The descriptor's offset is moved.
    """
    readings: list[SizeReading] = []
    undetermined: list[Message] = []
    ways: dict[str, Callable[[int], int]] = {"BLKGETSIZE64": ioctl.size_in_bytes, "lseek": _end}
    if fd is not None:
        for source, ask in ways.items():
            try:
                readings.append(SizeReading(source=source, size=ask(fd)))
            except OSError as error:
                undetermined.append(_unread(device, source, errno.errorcode.get(error.errno or 0, str(error.errno))))
    sectors = device.integer("size")
    if sectors is None:
        undetermined.append(_unread(device, "sysfs", "size"))
    else:
        readings.append(SizeReading(source="sysfs", size=sectors * _SYSFS_UNIT))
    if own_word:
        readings.append(SizeReading(source="ATA IDENTIFY", size=own_word))
    return Sizes(readings=tuple(readings), undetermined=tuple(undetermined))


def _end(fd: int) -> int:
    return os.lseek(fd, 0, os.SEEK_END)


def _unread(device: Device, source: str, error: str) -> Message:
    return say("guard-size-unread", node=device.node, source=source, error=error)
