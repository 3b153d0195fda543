"""Holding a block device: opened once, exclusively, past the page cache where the kernel allows it."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
from dataclasses import dataclass
from enum import Enum

from bench.guard import HELD
from bench.messages import Message, say
from bench.ports import DriveGoneError
from drivers.block import ioctl
from drivers.block.sysfs import DeviceNumber

_FLAGS = os.O_EXCL | os.O_CLOEXEC
_CAUSES = {
    errno.ENOENT: "guard-not-there",
    errno.ENXIO: "guard-not-there",
    errno.ENODEV: "guard-not-there",
    errno.EBUSY: HELD,
    errno.EACCES: "guard-permission",
    errno.EPERM: "guard-permission",
    errno.EROFS: "guard-read-only",
}


class Purpose(Enum):
    """What a drive is held for, with the flag for that."""

    ERASE = os.O_RDWR
    ASK = os.O_RDONLY
    """Commands pass as root all the same. When a node that was open for writing is closed, udev reads the drive again,
    and what assembles volumes by itself (mdadm) takes a drive that was taken out of one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDrive:
    """A drive held exclusively until `close`, and how it can be told from any other that takes its name.

    `sequence` is the kernel's disk sequence number, None where the kernel is too old to give one.
    """

    node: str
    fd: int
    direct_io: bool
    number: DeviceNumber
    sequence: int | None

    def close(self) -> None:
        """Let go of the drive. To be called once."""
        os.close(self.fd)

    def ensure_present(self) -> None:
        """Raises `DriveGoneError` unless the node still leads to the very disk that is held here."""
        try:
            fd = os.open(self.node, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        except OSError as error:
            raise DriveGoneError(explain(self.node, error)) from error
        try:
            there = (_number(self.node, fd), _sequence(fd))
        except OSError as error:
            raise DriveGoneError(explain(self.node, error)) from error
        finally:
            os.close(fd)
        if there != (self.number, self.sequence):
            raise DriveGoneError(say("guard-replaced", node=self.node))


def open_exclusive(node: str, purpose: Purpose = Purpose.ERASE) -> OpenDrive:
    """Hold the drive, for reading and writing or for questions only. Raises `DriveGoneError`.

    `direct_io` is false where the kernel refuses O_DIRECT for this device (EINVAL).
    """
    try:
        fd, direct_io = _open(node, _FLAGS | purpose.value)
    except OSError as error:
        raise DriveGoneError(explain(node, error)) from error
    try:
        return _checked(node, fd, direct_io=direct_io)
    except OSError as error:
        os.close(fd)
        raise DriveGoneError(explain(node, error)) from error
    except DriveGoneError:
        os.close(fd)
        raise


def taken_over(node: str, fd: int) -> OpenDrive:
    """A drive that another process of ours holds, by a copy of its descriptor. Raises `DriveGoneError`."""
    try:
        direct_io = bool(fcntl.fcntl(fd, fcntl.F_GETFL) & os.O_DIRECT)
        drive = _checked(node, fd, direct_io=direct_io)
        drive.ensure_present()
    except OSError as error:
        os.close(fd)
        raise DriveGoneError(explain(node, error)) from error
    except DriveGoneError:
        os.close(fd)
        raise
    return drive


def explain(node: str, error: OSError) -> Message:
    """The sentence for an errno that a drive's node gave."""
    code = error.errno or 0
    if code in _CAUSES:
        return say(_CAUSES[code], node=node)
    return say("guard-open-failed", node=node, error=errno.errorcode.get(code, str(code)))


def _open(node: str, flags: int) -> tuple[int, bool]:
    try:
        return os.open(node, flags | os.O_DIRECT), True
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
    return os.open(node, flags), False


def _checked(node: str, fd: int, *, direct_io: bool) -> OpenDrive:
    number = _number(node, fd)
    if ioctl.is_read_only(fd):
        # Not every driver refuses to open for writing: it would come out with the first write only.
        raise DriveGoneError(say("guard-read-only", node=node))
    return OpenDrive(node=node, fd=fd, direct_io=direct_io, number=number, sequence=_sequence(fd))


def _number(node: str, fd: int) -> DeviceNumber:
    status = os.fstat(fd)
    if not stat.S_ISBLK(status.st_mode):
        raise DriveGoneError(say("guard-not-block-device", node=node))
    return os.major(status.st_rdev), os.minor(status.st_rdev)


def _sequence(fd: int) -> int | None:
    try:
        return ioctl.disk_sequence(fd)
    except OSError as error:
        if error.errno not in {errno.ENOTTY, errno.EINVAL}:
            raise
        return None
