"""QEMU, started and ended from outside: a guest that is silent or slow is killed, whatever it waits for.

QEMU dies with the process that started it. What it leaves lies in the boot's folder: console.log, and in share/
what the guest wrote. The guest has no way out to any network: it is told an address, but no route.
"""

from __future__ import annotations

import contextlib
import os
import platform
import shutil
import subprocess
import sys
import termios
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from rig import initrd
from rig.kernel import Kernel
from rig.places import RIG

_PROGRAM = "qemu-system-x86_64"
_COMMAND_LINE = (
    "console=ttyS0 quiet loglevel=4 panic=-1 mitigations=off tsc=reliable no_timer_check nokaslr "
    "rcupdate.rcu_expedited=1 random.trust_cpu=on"
)
_MACHINE = ("-machine", "q35", "-accel", "tcg,thread=multi", "-m", "1536M", "-smp", "2")
SIDE_BY_SIDE = 2
"""How many guests may run at once: two processors are one for each. Three take as long in all."""
# The least that Python wheels are built for; more instructions cost the emulation more than they gain.
_CPU = ("-cpu", "qemu64,+ssse3,+sse4.1,+sse4.2,+popcnt,+cx16,+rdrand")
_BARE = ("-nodefaults", "-no-user-config", "-display", "none", "-no-reboot")
_LOOK_EVERY_S = 0.2
_GONE_WITHIN_S = 10
_TAIL_LINES = 60


class Ending(StrEnum):
    """How a boot ended."""

    POWERED_OFF = "powered off"
    CUT = "its power was cut, as asked"
    SILENT = "killed: it wrote nothing for too long"
    TOO_LONG = "killed: the boot took too long"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Seconds: without a byte on the console or in the guest's log, and for the boot as a whole."""

    silence: float = 150
    boot: float = 300


class Machine:
    """One boot. `folder` is made anew; `folder`/share is what the guest may write to."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.share = folder / "share"
        self.share.mkdir(parents=True)
        self._cut = False
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def monitor(self) -> Path:
        """Where QMP is spoken."""
        return self.folder / "qmp.sock"

    @property
    def console(self) -> Path:
        """What the guest wrote on its console."""
        return self.folder / "console.log"

    @property
    def log(self) -> Path:
        """What the guest's runner wrote."""
        return self.share / "out.log"

    @contextlib.contextmanager
    def powered(self, kernel: Kernel, devices: Sequence[str], *, interactive: bool) -> Iterator[None]:
        """QEMU runs inside the `with`. `devices` are further arguments; `interactive` lends it this terminal."""
        (self.share / "modules").write_text(str(kernel.modules))
        (self.share / "python").write_text(sys.executable)
        (self.folder / "initrd").write_bytes(initrd.build(kernel, RIG / "guest" / "init.sh"))
        command = [*_dies_with_parent(), _PROGRAM, *_MACHINE, *_CPU, *_BARE]
        command += [*_serial(interactive=interactive), "-qmp", "unix:qmp.sock,server=on,wait=off"]
        command += [*_shared("host", Path("/"), "readonly=on,"), *_shared("share", self.share, "")]
        command += ["-netdev", "user,id=net", "-device", "virtio-net-pci,netdev=net"]
        command += ["-kernel", str(kernel.image), "-initrd", "initrd", "-append"]
        command += [_command_line(interactive=interactive), *devices]
        with _terminal_kept(interactive=interactive), (self.folder / "qemu.log").open("wb") as errors:
            self._process = subprocess.Popen(
                command, cwd=self.folder, stdin=None if interactive else subprocess.DEVNULL, stderr=errors
            )
            try:
                yield
            finally:
                self._process.kill()
                self._process.wait(_GONE_WITHIN_S)

    def cut(self) -> None:
        """Pull the bench's plug: QEMU is killed on the spot. May be called from any thread."""
        self._cut = True
        if self._process is not None:
            self._process.kill()

    def wait(self, limits: Limits) -> Ending:
        """How the boot ended; within `powered`."""
        assert self._process is not None
        begun = heard = time.monotonic()
        said = 0
        while True:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_LOOK_EVERY_S)
                return Ending.CUT if self._cut else Ending.POWERED_OFF
            now = time.monotonic()
            if said != (said := self._said()):
                heard = now
            if now - heard > limits.silence or now - begun > limits.boot:
                return Ending.SILENT if now - heard > limits.silence else Ending.TOO_LONG

    def result(self) -> int | None:
        """The exit status of what ran in the guest; None if the guest did not live to tell it."""
        told = self.share / "rc"
        return int(told.read_text()) if told.exists() and told.read_text().strip() else None

    def last_words(self) -> str:
        """The end of each log, for somebody who asks why."""
        parts = []
        for path in (self.folder / "qemu.log", self.console, self.log):
            text = path.read_text(errors="replace") if path.exists() else ""
            lines = [line for line in text.splitlines() if line.strip()][-_TAIL_LINES:]
            if lines:
                parts.append("\n".join([f"the end of {path}:", *(f"    {line}" for line in lines)]))
        return "\n".join(parts) or f"nothing was written in {self.folder}"

    def _said(self) -> int:
        return sum(path.stat().st_size for path in (self.console, self.log) if path.exists())


def obstacle() -> str:
    """What keeps the rig from running here; empty if nothing does."""
    if platform.machine() != "x86_64":
        return f"the rig emulates x86-64 on x86-64 only, and this is {platform.machine()}"
    if os.geteuid() != 0:
        return "the rig needs root: its guest reads this machine's files over 9p as root"
    path = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
    missing = [name for name in (_PROGRAM, "apt-get", "depmod", "setpriv") if shutil.which(name, path=path) is None]
    if missing:
        return f"the rig needs {', '.join(missing)}: install what tests/rig/packages.debian lists"
    return ""


def _command_line(*, interactive: bool) -> str:
    """The kernel's. More processors at work than there are slow a guest down: one waits for what another has locked.

    A scenario that needs the second one switches it on.
    """
    at_work = 1 if (os.cpu_count() or 1) < 2 * SIDE_BY_SIDE else 2
    return f"{_COMMAND_LINE} maxcpus={at_work}{' rig.console' if interactive else ''}"


def _dies_with_parent() -> tuple[str, ...]:
    """PR_SET_PDEATHSIG from a program: code between fork and exec is unsafe in a process with threads."""
    return ("setpriv", "--pdeathsig", "KILL", "--")


def _serial(*, interactive: bool) -> tuple[str, ...]:
    chardev = "stdio,id=console,signal=off,mux=off," if interactive else "null,id=console,"
    return ("-chardev", f"{chardev}logfile=console.log", "-serial", "chardev:console")


def _shared(tag: str, path: Path, options: str) -> tuple[str, ...]:
    """A folder of the host; several file systems below one root get inode numbers that do not clash."""
    quoted = str(path).replace(",", ",,")
    return (
        "-fsdev",
        f"local,id={tag},path={quoted},security_model=none,{options}multidevs=remap",
        "-device",
        f"virtio-9p-pci,fsdev={tag},mount_tag={tag}",
    )


@contextlib.contextmanager
def _terminal_kept(*, interactive: bool) -> Iterator[None]:
    """QEMU makes the terminal raw; killed, it leaves it so."""
    if not (interactive and sys.stdin.isatty()):
        yield
        return
    settings = termios.tcgetattr(sys.stdin)
    try:
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, settings)
