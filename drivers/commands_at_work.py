"""Which of our commands are at work on drives: looked up in their folders, by whoever comes near a drive."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path

from bench.drive import DriveIdentity
from bench.firmware_work import Ended, NotTaken
from drivers.command_protocol import CommandFolder, Lost, drive_digest, folders_of
from drivers.erase.table import Deed

_LEAVING_S = 5.0
_LET_GO_S = 2.0
_LOOK_EVERY_S = 0.02


def worker_of(commands: Path, identity: DriveIdentity) -> CommandFolder | None:
    """The folder of the process that works on this drive now, if any."""
    return next((folder for folder in folders_of(commands, drive_digest(identity)) if folder.is_alive()), None)


def must_not_be_disturbed(commands: Path, identity: DriveIdentity) -> bool:
    """Whether a command is at work on this drive that no other may come beside."""
    folders = folders_of(commands, drive_digest(identity))
    return any(map(is_at_something_delicate, folders))


def node_must_not_be_disturbed(commands: Path, node: str) -> bool:
    """The same by the node at which the drive was when the command was given, where it is not known who it is."""
    folders = folders_of(commands, "*")
    return any(is_at_something_delicate(folder) and folder.read_order()[1].where == node for folder in folders)


def is_at_something_delicate(folder: CommandFolder) -> bool:
    """Whether a process has a delicate command in hand. It lives on for a moment after it has told the end."""
    if not folder.is_alive() or not is_delicate(folder.read_order()[0]):
        return False
    return not any(isinstance(line, Ended | NotTaken) for line in folder.lines())


def is_delicate(deed: Deed) -> bool:
    """Whether a command from beside could make the kernel reset the drive in the middle of this one."""
    return deed.technique is not None and not deed.technique.is_sanitize


async def all_gone(folders: Iterable[CommandFolder]) -> bool:
    """Whether no process works on the drive. One that has told its end takes a moment to go: that is waited for."""
    for folder in folders:
        for _ in range(round(_LEAVING_S / _LOOK_EVERY_S)):
            if not folder.is_alive():
                break
            if not any(isinstance(line, Ended | NotTaken | Lost) for line in folder.lines()):
                return False
            await asyncio.sleep(_LOOK_EVERY_S)
        else:
            return False
    return True


async def until_gone(folder: CommandFolder) -> None:
    """Wait a moment for a process that is done to let go of the drive, so that the next one finds it free."""
    for _ in range(round(_LET_GO_S / _LOOK_EVERY_S)):
        if not folder.is_alive():
            return
        await asyncio.sleep(_LOOK_EVERY_S)
