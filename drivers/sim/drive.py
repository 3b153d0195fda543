"""The process of one virtual drive: `python -I -m drivers.sim.drive FOLDER`.

It runs until SIGTERM (power off in good order) or SIGUSR1 (power cut); SIGINT and SIGHUP do not reach a drive.
"""

from __future__ import annotations

import argparse
import errno
import fcntl
import os
import signal
import socket
import sys
import threading
import time
from pathlib import Path

from drivers.sim import folder
from drivers.sim.claims import Claims
from drivers.sim.device import Device
from drivers.sim.server import Session

_LOCK_WITHIN_S = 0.5
_POWER = {signal.SIGTERM, signal.SIGUSR1}


def main() -> None:
    """Entry point: lock the folder, listen, then serve in the foreground or (`--detach`) as a process of its own."""
    parser = argparse.ArgumentParser(prog="drivers.sim.drive", description="Run one virtual drive.")
    parser.add_argument("folder", type=Path, help="the drive's folder, with drive.json and medium")
    parser.add_argument("--detach", action="store_true", help="return as soon as the drive answers")
    options = parser.parse_args()
    where: Path = options.folder
    # Blocked before any thread exists, and thus in all of them: power ends at one place only.
    signal.pthread_sigmask(signal.SIG_BLOCK, _POWER)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        spec = folder.load_spec(where)
        lock = _lock(where)
        listener = _listen(where)
        device = Device(where, spec)
        if not options.detach:
            _write_pid(lock, os.getpid())
        elif child := _detach(where):
            # Written once, by the process whose end the launcher waits for: nobody reads it half-written.
            _write_pid(lock, child)
            os._exit(0)
    except (OSError, ValueError) as error:
        sys.exit(f"virtual drive {where}: {error}")
    threading.Thread(target=_accept, args=(listener, device), daemon=True).start()
    match signal.sigwait(_POWER):
        case signal.SIGUSR1:
            device.cut_power()
        case _:
            device.stop()


def _lock(where: Path) -> int:
    """Hold the folder for as long as this process and its detached child live."""
    descriptor = os.open(where / folder.PID, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    give_up = time.monotonic() + _LOCK_WITHIN_S
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            # Whoever looks whether a drive runs holds the lock for a moment.
            if time.monotonic() > give_up:
                raise BlockingIOError(errno.EWOULDBLOCK, "already runs") from None
            time.sleep(0.01)
        else:
            return descriptor


def _listen(where: Path) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    # From here on every byte carries its sender, also on connections not yet accepted.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
    (where / folder.SOCKET).unlink(missing_ok=True)
    everybody = os.umask(0o077)  # whoever may connect may have this process send signals
    with folder.socket_path(where) as path:
        listener.bind(path)
    os.umask(everybody)
    listener.listen(64)
    return listener


def _detach(where: Path) -> int:
    """Fork; the pid of the child, or 0 in the child, in a session of its own with its output in `drive.log`."""
    output = os.open(where / folder.LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
    pid = os.fork()
    if pid == 0:
        os.setsid()
        os.dup2(output, 1)
        os.dup2(output, 2)
    return pid


def _write_pid(lock: int, pid: int) -> None:
    os.ftruncate(lock, 0)
    os.pwrite(lock, f"{pid}\n".encode(), 0)


def _accept(listener: socket.socket, device: Device) -> None:
    claims = Claims()
    while True:
        connection, _ = listener.accept()
        session = Session(connection, device, claims)
        threading.Thread(target=session.run, daemon=True).start()


if __name__ == "__main__":
    main()
