"""Key files on disk: private ones refused where others may read them, every one whole or absent at any crash."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from bench.messages import BenchError, say

MAX_FILE = 16 * 1024
"""Longest key or certificate file read, in bytes."""


class KeyFileError(BenchError):
    """A key file that may not or cannot be used, with what to do about it."""


def read_private(path: Path) -> bytes:
    """A private file's content. `FileNotFoundError` if there is none; `KeyFileError` if others can reach it."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise KeyFileError(say("key-cannot-open", path=str(path), error=str(error.strerror))) from None
    try:
        _require_private(path, os.fstat(descriptor).st_mode)
        return os.read(descriptor, MAX_FILE)
    finally:
        os.close(descriptor)


def read_public(path: Path) -> bytes:
    """A public file's content. `KeyFileError` if it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_FILE)
    except OSError as error:
        raise KeyFileError(say("key-cannot-open", path=str(path), error=str(error.strerror))) from None


def write_once(path: Path, content: bytes, *, mode: int) -> None:
    """Make a file that must not exist yet, synced, whole or not at all. `KeyFileError` if it exists."""
    part = _write_part(path, content, mode=mode)
    try:
        # A hard link, unlike a rename, never replaces a file that another process made meanwhile.
        os.link(part, path)
    except FileExistsError:
        raise KeyFileError(say("key-exists", path=str(path))) from None
    finally:
        part.unlink()
    sync_folder(path.parent)


def replace(path: Path, content: bytes, *, mode: int) -> None:
    """Put a file in the place of another, synced: at any crash it is the old one or the new one, whole."""
    os.replace(_write_part(path, content, mode=mode), path)  # noqa: PTH105 - as a plain effect, one like the others
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Have a folder's entries on the medium."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _require_private(path: Path, mode: int) -> None:
    if not stat.S_ISREG(mode):
        raise KeyFileError(say("key-not-a-file", path=str(path)))
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise KeyFileError(say("key-readable-by-others", path=str(path), mode=f"{stat.S_IMODE(mode):04o}"))


def _write_part(path: Path, content: bytes, *, mode: int) -> Path:
    """Write and sync a file beside `path` under a name of its own, with this mode whatever the umask."""
    part = path.with_name(f"{path.name}.{os.urandom(6).hex()}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor, opened with O_EXCL and its mode
        os.fchmod(file.fileno(), mode)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return part
