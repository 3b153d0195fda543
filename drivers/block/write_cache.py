"""Making the kernel send flushes: to a drive that it takes as write-through, fsync(2) sends none.

Many USB bridges answer so whatever cache is behind them. While such a drive is held the kernel is told that there is a
cache, where it lets itself be told: `cache_type` for SCSI disks (with "temporary", which sends nothing to the drive),
else `queue/write_cache`; Documentation/ABI/stable/sysfs-block and testing/sysfs-class-scsi_disk of the kernel.

The kernel waits for a drive's requests before it changes this, so a hanging drive would hang whoever asks: a child
process asks, and is left behind after `_WITHIN` seconds.
"""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from bench.messages import Message, say
from drivers.block.sysfs import Device, names_in, printable

_ATTRIBUTE = "queue/write_cache"
_CACHED = "write back"
_WITHIN = 2.0
_STORE = "import sys\nwith open(sys.argv[1], 'w') as file: file.write(sys.argv[2])"

_left_behind: list[subprocess.Popen[str]] = []
"""Killed, but perhaps waiting in the kernel for as long as their drive hangs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlushSetting:
    """What was done to have flushes sent, told in `notes`, and what undoes it: `before` written to `attribute`."""

    notes: tuple[Message, ...] = ()
    attribute: Path | None = None
    before: str = ""

    def restore(self) -> None:
        """Set back what was changed. A drive that hangs or is gone keeps its setting until it is plugged in again."""
        if self.attribute is not None:
            _store(self.attribute, self.before)


def have_flushes_sent(device: Device, fd: int) -> FlushSetting:
    """Tell the kernel that this drive, open at `fd`, has a write cache, unless it knows; try one flush then.

    Not so where the drive has no capacity now: there is nothing to write to yet.
    """
    found = device.text(_ATTRIBUTE)
    if found is None:
        return FlushSetting(notes=(say("write-cache-unknown", node=device.node),))
    if found == _CACHED:
        return FlushSetting()
    setting = _setting(device, found)
    closed = _is_closed(device)
    why = _change(device, setting) or ("" if closed else _flush(fd))
    if why:
        setting.restore()
        return FlushSetting(notes=(say("write-cache-not-flushed", node=device.node, found=printable(found), why=why),))
    note = say("write-cache-untried" if closed else "write-cache-flushed", node=device.node, found=printable(found))
    return FlushSetting(notes=(note,), attribute=setting.attribute, before=setting.before)


def _setting(device: Device, found: str) -> FlushSetting:
    """Where a drive's cache is set, and what is there now."""
    for name in names_in(device.folder / "device/scsi_disk"):
        attribute = device.folder / "device/scsi_disk" / name / "cache_type"
        disk = Device(name=name, folder=attribute.parent)
        if before := disk.text(attribute.name):
            return FlushSetting(attribute=attribute, before=f"temporary {before}")
    return FlushSetting(attribute=device.folder / _ATTRIBUTE, before=found)


def _change(device: Device, setting: FlushSetting) -> str:
    """Set it; what kept it from being set, or nothing. The kernel may take a value and not act on it."""
    if setting.attribute is None:
        return ""
    temporary = setting.before.startswith("temporary ")
    why = _store(setting.attribute, f"temporary {_CACHED}" if temporary else _CACHED)
    if why:
        return why
    now = device.text(_ATTRIBUTE) or ""
    return "" if now == _CACHED else printable(now)


def _is_closed(device: Device) -> bool:
    """Whether the drive shows no capacity: a SAS drive that sanitizes or formats itself.

    The kernel would send a flush again and again, for minutes, and its sender would have to wait for that
    (drivers/scsi/scsi_lib.c: NOT READY, sanitize or format in progress, is retried).
    """
    return device.integer("size") == 0


def _flush(fd: int) -> str:
    """Send a flush; the name of the error that the drive answered it with, or nothing."""
    try:
        os.fsync(fd)
    except OSError as error:
        return errno.errorcode.get(error.errno or 0, str(error.errno))
    return ""


def _store(attribute: Path, value: str) -> str:
    """Write an attribute; what kept it from being written, or nothing."""
    child = subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", _STORE, str(attribute), value],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        _, complaint = child.communicate(timeout=_WITHIN)
    except subprocess.TimeoutExpired:
        child.kill()
        if child.stderr is not None:
            child.stderr.close()
        _left_behind.append(child)
        return errno.errorcode[errno.ETIMEDOUT]
    return "" if child.returncode == 0 else printable(complaint.strip().rpartition("\n")[2])
