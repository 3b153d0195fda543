"""The process that gives one command to one drive and watches it: `python -I -m drivers.command_worker FOLDER LOCK`.

It outlives the bench on purpose: SECURITY ERASE, FORMAT UNIT and Format NVM must never be cut. So it has a session of
its own, does not die with its parent, and ignores every signal that can be ignored. It holds the drive, by the
descriptor it inherited or by its share in a virtual drive's claim, keeps the rights that its ioctls need and no other,
and writes to its folder only (`drivers.command_protocol`). With `--watch` it gives no command.
"""

from __future__ import annotations

import signal
import sys
from pathlib import Path

from bench.firmware_work import Seen
from bench.techniques import ErasureState
from drivers.command_protocol import CommandFolder, Line, LogWriter, Lost, Reach, Target
from drivers.command_ways import open_link
from drivers.erase import table
from drivers.erase.follow import Beginning
from drivers.erase.steps import Given, LostError, SystemTime, unknown
from drivers.lending import lend
from drivers.rights import keep_only_ioctls

_IGNORED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2)
EXIT_LOST = 1


def main(arguments: list[str]) -> int:
    """Do what the folder's order says; the exit status. The lock is the descriptor LOCK, and stays open."""
    for number in _IGNORED:
        signal.signal(number, signal.SIG_IGN)
    folder = CommandFolder(Path(arguments[0]))
    deed, target = folder.read_order()
    earlier = folder.lines()
    log = LogWriter(folder)
    clock = SystemTime()
    try:
        link = open_link(target)
        _confine(folder, target)
        if "--watch" in arguments[1:]:
            steps = table.watch(link, deed, beginning(earlier), clock)
        else:
            steps = table.give(link, deed, clock)
        for step in steps:
            log.add(step)
    except LostError as error:
        log.add(Lost(detail=str(error)))
        return EXIT_LOST
    return 0


def beginning(lines: tuple[Line, ...]) -> Beginning:
    """What a log tells of the time before: the status before the command, and whether it was seen at work since."""
    before, seen = unknown(), False
    for line in lines:
        match line:
            case Given(before=reading):
                before, seen = reading, False
            case Seen(reading=reading):
                seen = seen or reading.state is ErasureState.RUNNING
            case _:
                pass
    return Beginning(before=before, seen=seen)


def _confine(folder: CommandFolder, target: Target) -> None:
    if target.reach is not Reach.SIMULATED:
        lend(folder.root, target.inherited)
    keep_only_ioctls(needed=target.reach is not Reach.SIMULATED)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
