"""One bay of the kernel's TCMU: a SCSI host of its own with one place for a disk, served by two threads.

Source: Documentation/target/tcmu-design.rst and tcm_mod_builder.rst of Linux; the folders are configfs's.
"""

from __future__ import annotations

import contextlib
import hashlib
import mmap
import os
import queue
import select
import sys
import threading
import time
from pathlib import Path

from drivers.commands.transport import Direction
from drivers.sim.client import Place
from drivers.sim.kernel.tcmu_ring import Command, Reset, Ring
from drivers.sim.kernel.tcmu_unit import CHECK_CONDITION, LUN_GONE, TASK_ABORTED, Answer, Unit, direction

_TARGET = Path("/sys/kernel/config/target")
_UIO = Path("/sys/class/uio")
_LINK = "drive"
_NODE_WITHIN_S = 10.0
_LOOK_EVERY_S = 0.02
_KICK = b"\1\0\0\0"


class BayError(Exception):
    """A bay could not be made, or not do what it was told; the text says why."""


class TcmuBay:
    """A bay, made at construction and there until the machine is switched off. `number` is unique among the bays.

    A drive that loses its power is unplugged without being told to. Raises `BayError`, `OSError`, `RingError`.
    """

    def __init__(self, name: str, number: int) -> None:
        self.name = name
        self._core = _TARGET / "core" / f"user_{number}" / name
        address = hashlib.sha256(name.encode()).hexdigest()[:9]
        self._port = _TARGET / "loopback" / f"naa.6001405{address}" / "tpgt_1"
        self._unit: Unit | None = None
        self._plugging = threading.Lock()
        self._work: queue.Queue[Command] = queue.Queue()
        self._waiting: set[int] = set()
        self._given_up: set[int] = set()
        self._device = _backstore(self._core, name, number)
        size = int((self._device / "maps" / "map0" / "size").read_text(), 16)
        self._fd = _open_node(self._device.name)
        self._ring = Ring(mmap.mmap(self._fd, size))
        for serve, role in ((self._listen, "ring"), (self._serve, "drive")):
            threading.Thread(target=serve, daemon=True, name=f"{name} {role}").start()
        (self._port / "lun" / "lun_0").mkdir(parents=True)
        (self._port / "nexus").write_text(f"naa.5001405{address}")

    @property
    def address(self) -> str:
        """Where the kernel sees its disk: host, channel, target and unit, as in /sys/bus/scsi/devices."""
        host, _, target = (self._port / "address").read_text().strip().split(":")
        return f"{host}:0:{target}:0"

    @property
    def is_plugged(self) -> bool:
        """Whether a drive is in it."""
        return self._unit is not None

    def plug(self, place: Place) -> None:
        """Connect the drive at a place; the kernel has looked at it on return. Raises `BayError`, `OSError`."""
        with self._plugging:
            if self._unit is not None:
                raise BayError(f"{self.name}: there is a drive in this bay")
            self._unit = Unit(place, self._lost)
            try:
                (self._port / "lun" / "lun_0" / _LINK).symlink_to(self._core)
            except BaseException:
                self._unit.close()
                self._unit = None
                raise

    def unplug(self) -> None:
        """Disconnect the drive: what the kernel waits for fails, then its disk goes. Does nothing to an empty bay."""
        first = self._unit
        if first is not None:
            first.close()  # before waiting for a turn: the kernel may be looking at a drive that never answers
        with self._plugging:
            unit = self._unit
            if unit is None:
                return
            unit.close()
            (self._port / "lun" / "lun_0" / _LINK).unlink()  # waits for the last command to be answered
            self._unit = None

    def _lost(self) -> None:
        with contextlib.suppress(OSError):
            self.unplug()

    def _listen(self) -> None:
        """Take from the ring whatever comes, while a command is at work too: the kernel may lose its patience."""
        poll = select.poll()
        poll.register(self._fd, select.POLLIN)
        while True:
            poll.poll()
            os.read(self._fd, 4)
            for entry in self._ring.take():
                match entry:
                    case Command():
                        self._waiting.add(entry.number)
                        self._work.put(entry)
                    case Reset():
                        self._reset(entry)

    def _reset(self, entry: Reset) -> None:
        """Without a queue of its own a drive can only be reset, which ends the command at work too.

        The kernel may give up one that waits behind that first, and gives up no other before it has its answer.
        """
        _tell(f"{self.name}: the kernel gave up commands {sorted(entry.numbers)}")
        self._given_up |= entry.numbers
        unit = self._unit
        if unit is not None and self._waiting & entry.numbers:
            unit.give_up()

    def _serve(self) -> None:
        """One command at a time, as a drive without a queue."""
        while True:
            command = self._work.get()
            answer = self._answer(command)
            # Before it is answered: the kernel uses its number again from then on.
            self._waiting.discard(command.number)
            self._given_up.discard(command.number)
            self._ring.answer(command, answer.status, answer.sense, answer.data)
            os.write(self._fd, _KICK)

    def _answer(self, command: Command) -> Answer:
        unit = self._unit
        if command.number in self._given_up:
            return Answer(status=TASK_ABORTED)
        if unit is None:
            return Answer(status=CHECK_CONDITION, sense=LUN_GONE)
        sends = direction(command.cdb) is Direction.OUT
        return unit.perform(command.cdb, self._ring.data(command) if sends else b"", 0 if sends else command.room)


def _backstore(core: Path, name: str, number: int) -> Path:
    """Make the device behind the bay; its folder among the kernel's UIO devices."""
    config = f"tablerase/{name}"
    core.mkdir(parents=True)
    # The size is for the target core's own commands, none of which reach a disk of this kind.
    (core / "control").write_text(f"dev_config={config},dev_size=512,hw_block_size=512,nl_reply_supported=-1")
    (core / "attrib" / "cmd_time_out").write_text("0")  # it would end a long erasure
    (core / "attrib" / "tmr_notification").write_text("1")
    (core / "enable").write_text("1")
    wanted = f"tcm-user/{number}/{name}/{config}"
    for device in _UIO.iterdir():
        if (device / "name").read_text().strip() == wanted:
            return device
    raise BayError(f"no UIO device is called {wanted}")


def _open_node(name: str) -> int:
    node, give_up = Path("/dev") / name, time.monotonic() + _NODE_WITHIN_S
    while not node.exists():
        if time.monotonic() > give_up:
            raise BayError(f"{node} did not appear")
        time.sleep(_LOOK_EVERY_S)
    return os.open(node, os.O_RDWR | os.O_CLOEXEC)


def _tell(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
