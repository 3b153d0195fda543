"""What lies in a command's folder, between the bench that gives an order and the process that carries it out.

    order.json   the order, and how its drive is reached; written and synced before the process is started
    log.jsonl    what happened, a line each; the lines that matter are synced before anything else is done
    lock         held by the process for as long as it lives
    hold         where it lends its open drive to a bench that was started again (block devices only)
    errors.txt   what a process that failed wrote

Folders are named DRIVE-KEY: a digest of model, serial and WWN, then the order's own key. They hold passwords: 0700.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import struct
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeAlias

from bench.capabilities import HiddenKind
from bench.drive import DriveIdentity
from bench.firmware_work import Accepted, Ended, NotTaken, Seen
from bench.messages import Message, say
from bench.stage_events import StatusReading
from bench.stages import StageKind
from bench.techniques import ErasureState, Technique
from drivers.erase.steps import Given
from drivers.erase.table import Deed

COMMANDS = "commands"
"""The folder of all commands' folders, in the state folder."""
_KEY = re.compile(r"[A-Za-z0-9-]{1,100}")


class Reach(StrEnum):
    """How commands reach the drive."""

    SIMULATED = "simulated"
    SCSI = "scsi"
    """SG_IO on the inherited descriptor."""
    NVME = "nvme"
    """NVME_IOCTL_ADMIN_CMD on the inherited descriptor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The drive: `where` is a virtual drive's folder or a node. `fd` is inherited, `token` joins a claim; -1 and "".

    `beside` are inherited too: they hold the namespaces that go with the drive for as long as the command lasts.
    """

    reach: Reach
    where: str
    fd: int = -1
    token: str = ""
    beside: tuple[int, ...] = ()

    @property
    def inherited(self) -> tuple[int, ...]:
        """All descriptors that the worker is given."""
        return (self.fd, *self.beside) if self.fd >= 0 else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """The process could not go on: the drive went away, or stopped answering."""

    detail: str


_FLOCK = struct.Struct("hhqqi4x")
"""struct flock of 64-bit Linux: type, whence, start, length (0: to the end), pid."""
_WHOLE_FILE = _FLOCK.pack(fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
"""Of an open file description (fcntl(2)): whoever inherits the descriptor holds it too."""

Line: TypeAlias = Given | Accepted | Seen | Ended | NotTaken | Lost
"""What is in the log."""


class CommandFolderError(ValueError):
    """A command's folder does not hold what it should; the text says what was found."""


class CommandFolder:
    """One order's folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def log(self) -> Path:
        """See the module."""
        return self.root / "log.jsonl"

    @property
    def errors(self) -> Path:
        """See the module."""
        return self.root / "errors.txt"

    @property
    def drive(self) -> str:
        """The digest that its name begins with."""
        return self.root.name.partition("-")[0]

    def write_order(self, deed: Deed, target: Target) -> None:
        """Make the folder with the order in it, synced. Raises `FileExistsError` for a key that was used before."""
        self.root.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.root.mkdir(mode=0o700)
        self.log.touch(mode=0o600)
        self.retarget(deed, target)
        _sync(self.root.parent)

    def retarget(self, deed: Deed, target: Target) -> None:
        """Write the order with another way to the same drive, as after a power cut."""
        part = self.root / "order.part"
        text = json.dumps({"deed": asdict(deed), "target": asdict(target)})
        fd = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(fd, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        part.replace(self.root / "order.json")
        _sync(self.root)

    def read_order(self) -> tuple[Deed, Target]:
        """What was written. Raises `CommandFolderError`, `FileNotFoundError`."""
        try:
            found = json.loads((self.root / "order.json").read_text("utf-8"))
            return _deed(found["deed"]), _target(found["target"])
        except (KeyError, TypeError, ValueError) as error:
            raise CommandFolderError(f"{self.root}: order.json: {error}") from error

    def take_lock(self) -> int | None:
        """A descriptor that holds the lock until all its copies are closed; None while a process has it."""
        fd = self._open_lock()
        try:
            fcntl.fcntl(fd, fcntl.F_OFD_SETLK, _WHOLE_FILE)
        except (BlockingIOError, PermissionError):  # EAGAIN or EACCES, says fcntl(2)
            os.close(fd)
            return None
        return fd

    def is_alive(self) -> bool:
        """Whether a process works on the order. Only looks: who took the lock to try it would be in the way."""
        try:
            fd = self._open_lock()
        except FileNotFoundError:
            return False
        try:
            found = fcntl.fcntl(fd, fcntl.F_OFD_GETLK, _WHOLE_FILE)
        finally:
            os.close(fd)
        return int(_FLOCK.unpack(found)[0]) != fcntl.F_UNLCK

    def _open_lock(self) -> int:
        return os.open(self.root / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def lines(self) -> tuple[Line, ...]:
        """The whole log; a line that was cut off by a power loss is none. Raises `CommandFolderError`."""
        return tuple(decode(line) for line in _whole_lines(self.log.read_bytes()))


class LogWriter:
    """Appends to a log. What must not be forgotten is synced before `add` returns."""

    def __init__(self, folder: CommandFolder) -> None:
        whole = sum(len(line) for line in _whole_lines(folder.log.read_bytes()))
        self._fd = os.open(folder.log, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC)
        os.ftruncate(self._fd, whole)
        self._state: ErasureState | None = None
        self._latest: StatusReading | None = None

    def add(self, line: Line) -> None:
        """One more line. Of readings only those that differ from the one before are kept."""
        if isinstance(line, Seen):
            if line.reading == self._latest:
                return
            self._latest = line.reading
            lasting = line.reading.state is not self._state
            self._state = line.reading.state
        else:
            lasting = True
        os.write(self._fd, encode(line))
        if lasting:
            os.fdatasync(self._fd)


class LogReader:
    """Reads what was added to a log since the last time."""

    def __init__(self, folder: CommandFolder, offset: int = 0) -> None:
        self._path = folder.log
        self._offset = offset

    def more(self) -> tuple[Line, ...]:
        """The new lines, whole ones only. Raises `CommandFolderError`."""
        with self._path.open("rb") as file:
            file.seek(self._offset)
            found = _whole_lines(file.read())
        self._offset += sum(len(line) for line in found)
        return tuple(decode(line) for line in found)


def drive_digest(identity: DriveIdentity) -> str:
    """What names a drive's folders: not its size, which restoring a hidden area changes."""
    text = json.dumps([identity.model, identity.serial, identity.wwn])
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def folder_of(commands: Path, drive: str, key: str) -> CommandFolder:
    """The folder of one order. `ValueError` for a key that cannot be a name."""
    if not _KEY.fullmatch(key):
        raise ValueError(f"an order's key is of letters, digits and hyphens, not {key!r}")
    return CommandFolder(commands / f"{drive}-{key}")


def folders_of(commands: Path, drive: str) -> Iterator[CommandFolder]:
    """All folders of a drive, of whatever age."""
    for path in sorted(commands.glob(f"{drive}-*")):
        yield CommandFolder(path)


def encode(line: Line) -> bytes:
    """One line."""
    fields: dict[str, Any]
    match line:
        case NotTaken(reason=reason):
            fields = {"id": reason.id, "params": dict(reason.params)}
        case Given(before=reading) | Seen(reading=reading) | Ended(reading=reading):
            fields = asdict(reading)
        case Accepted() | Lost():
            fields = asdict(line)
    head = {"is": type(line).__name__, "at": round(time.time(), 3)}
    return json.dumps({**head, **fields}, separators=(",", ":")).encode() + b"\n"


def decode(line: bytes) -> Line:
    """Read a line back. Raises `CommandFolderError`."""
    try:
        fields = json.loads(line)
        del fields["at"]
        match fields.pop("is"):
            case "Given":
                return Given(before=_reading(fields))
            case "Accepted":
                return Accepted(seconds=int(fields["seconds"]))
            case "Seen":
                return Seen(reading=_reading(fields))
            case "Ended":
                return Ended(reading=_reading(fields))
            case "NotTaken":
                return NotTaken(reason=_message(fields))
            case "Lost":
                return Lost(detail=str(fields["detail"]))
            case other:
                raise CommandFolderError(f"a line of no kind: {other!r}")
    except (KeyError, TypeError, AttributeError, json.JSONDecodeError) as error:
        raise CommandFolderError(f"not a line of a command's log: {line[:200]!r}") from error


def _reading(fields: Mapping[str, Any]) -> StatusReading:
    return StatusReading(**{**fields, "state": ErasureState(fields["state"])})


def _message(fields: Mapping[str, Any]) -> Message:
    return say(str(fields["id"]), **fields["params"])


def _target(fields: Mapping[str, Any]) -> Target:
    return Target(**{**fields, "reach": Reach(fields["reach"]), "beside": tuple(fields["beside"])})


def _deed(fields: Mapping[str, Any]) -> Deed:
    technique, hidden = fields["technique"], fields["hidden"]
    return Deed(
        kind=StageKind(fields["kind"]),
        technique=None if technique is None else Technique(technique),
        hidden=None if hidden is None else HiddenKind(hidden),
        secret=str(fields["secret"]),
        mark=fields["mark"],
    )


def _whole_lines(data: bytes) -> list[bytes]:
    lines = data.splitlines(keepends=True)
    return lines[:-1] if lines and not lines[-1].endswith(b"\n") else lines


def _sync(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
