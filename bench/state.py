"""The state folder: where everything lies, and the lock that makes its holder the only writer."""

from __future__ import annotations

import fcntl
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from bench import key_files
from bench.messages import BenchError, say


@dataclass(frozen=True, slots=True)
class StateFolder:
    """Paths inside a state folder. Nothing is created by naming it."""

    root: Path

    @property
    def journal(self) -> Path:
        """The SQLite file with event log, ledger and outbox."""
        return self.root / "journal.db"

    @property
    def lock(self) -> Path:
        """The file whose lock the one writer holds."""
        return self.root / "lock"

    @property
    def key(self) -> Path:
        """The station's private key; its public half lies beside it."""
        return self.root / "keys" / "station.key"

    @property
    def security(self) -> Path:
        """The ATA security password of this station, readable by its owner only."""
        return self.root / "keys" / "security-password"

    @property
    def station(self) -> Path:
        """The station's name, fixed when the folder was first used."""
        return self.root / "station"

    @property
    def certificates(self) -> Path:
        """Certificates and failure reports, JSON and PDF."""
        return self.root / "certificates"

    def create(self) -> None:
        """Make the folder and its parts, readable by its owner only. `BenchError` if that cannot be."""
        try:
            for folder in (self.root, self.key.parent, self.certificates):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise BenchError(say("state-unusable", folder=str(self.root), why=str(error))) from error

    def is_used(self) -> bool:
        """Whether there is a journal here. `BenchError` if that cannot be found out."""
        try:
            return self.journal.is_file()
        except OSError as error:
            raise BenchError(say("state-unusable", folder=str(self.root), why=str(error))) from error

    def require(self) -> None:
        """`BenchError` if there is no journal here to read."""
        if not self.is_used():
            raise BenchError(say("state-absent", folder=str(self.root)))

    def station_name(self, default: str) -> str:
        """The station's name, set to `default` the first time. It names the ledger, so it never changes.

        It is durable when this returns: what is signed from now on bears it.
        """
        try:
            return self.station.read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            key_files.replace(self.station, f"{default}\n".encode(), mode=0o644)
            return default


_PASSWORD = re.compile(r"[\x21-\x7e]{1,32}")
"""ATA passwords have 32 bytes. Without spaces, so that they can be typed and read out."""
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_DRAWN = 12


def security_password(folder: StateFolder) -> str:
    """The one password that this station sets on ATA drives while they erase themselves; drawn at first use.

    It is durable when this returns: a drive may be locked with it from now on. `BenchError` if it cannot be read or
    written, or is none.
    """
    try:
        password = read_security_password(folder)
        if password:
            return password
        password = "tablerase-" + "".join(secrets.choice(_ALPHABET) for _ in range(_DRAWN))
        part = folder.security.with_suffix(".part")
        part.unlink(missing_ok=True)
        part.touch(mode=0o600)
        with part.open("w", encoding="ascii") as file:
            file.write(f"{password}\n")
            file.flush()
            os.fsync(file.fileno())
        part.replace(folder.security)
        parent = os.open(folder.security.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(parent)
        finally:
            os.close(parent)
    except OSError as error:
        raise BenchError(say("state-unusable", folder=str(folder.root), why=str(error))) from error
    return password


def read_security_password(folder: StateFolder) -> str:
    """The station's ATA password; empty as long as none was drawn. `OSError`, `BenchError` if what is there is none."""
    try:
        password = folder.security.read_text("ascii", errors="replace").strip()
    except FileNotFoundError:
        return ""
    if not _PASSWORD.fullmatch(password):
        raise BenchError(say("state-password-unusable", file=str(folder.security)))
    return password


class StateLock:
    """The exclusive lock on a state folder, held until closed or until the process ends in whatever way."""

    def __init__(self, folder: StateFolder) -> None:
        """Take the lock. `BenchError` naming the holder if another process has it."""
        self._fd = os.open(folder.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(self._fd, 100, 0).decode(errors="replace").strip()
            os.close(self._fd)
            raise BenchError(say("state-locked", folder=str(folder.root), holder=holder or "?")) from None
        os.ftruncate(self._fd, 0)
        os.pwrite(self._fd, f"{os.getpid()}\n".encode(), 0)

    def close(self) -> None:
        """Let go of the folder."""
        os.close(self._fd)
