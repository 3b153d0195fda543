"""The drive proper: identity, medium, cache, firmware and sicknesses, one request at a time."""

from __future__ import annotations

import contextlib
import errno
import os
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from random import Random
from typing import NamedTuple, NoReturn, TypeVar

from drivers.sim import faults, folder
from drivers.sim.cache import MediumFile, WriteCache
from drivers.sim.commands.core import Core
from drivers.sim.commands.eraser import Eraser
from drivers.sim.commands.firmware import Firmware, first_memory
from drivers.sim.commands.frames import Reply, Request, log_name
from drivers.sim.commands.memory import WHOLE
from drivers.sim.commands.nvme_identify import MAIN
from drivers.sim.documents import DocumentError, as_object
from drivers.sim.health import Health
from drivers.sim.protocol import DriveInfo, Op
from drivers.sim.signals import Origin, kills_sender
from drivers.sim.storage import Storage
from drivers.sim.turns import Turns, WaitedTooLongError

_LOG_LENGTH = 100_000
_STEPS = 64
"""Of an erasure, between two savings of how far it is."""
_T = TypeVar("_T")


class _Place(NamedTuple):
    """Where a request goes: bytes of a namespace."""

    offset: int
    length: int
    nsid: int


_NOWHERE = _Place(0, 0, MAIN)


class RequestDropped(Exception):  # noqa: N818 - an outcome, not an error
    """The sender was killed before the request was performed: there is nobody to answer."""


class RequestHung(Exception):  # noqa: N818 - an outcome, not an error
    """The drive will never answer this request."""


class Device:
    """A drive with its power on, from construction until `stop` or `cut_power` ends the process.

    Safe to call from several threads. Reads and writes raise `OSError` with the drive's error number, and
    `RequestDropped` or `RequestHung` where nothing is to be answered.
    """

    def __init__(self, where: Path, spec: folder.DriveSpec) -> None:
        self._where = where
        self._spec = spec
        state = folder.load_state(where, spec)
        self._power_cycles = state.power_cycles + 1
        self._health = Health(spec, state)
        self._random = Random(f"{spec.seed}/{self._power_cycles}")  # noqa: S311 - to be repeatable
        self._memory = state.commands if state.commands.set_up else first_memory(spec)
        medium = MediumFile(where / folder.MEDIUM, self._memory.generation)
        self._cache = WriteCache(
            medium,
            capacity=spec.cache_size,
            sector=spec.logical_sector,
            random=self._random,
        )
        self._log: deque[tuple[str, int, int]] | None = None
        self._turns = Turns()
        self._lock = self._turns.lock
        leaves = spec.commands.crypto_leaves
        self._eraser = Eraser(self._memory, medium, self._cache, self._turns, self._health, leaves)
        self._storage = Storage(self._cache, self._health, spec.logical_sector)
        self._eraser.power_fails, self._eraser.on_end = self.cut_power, self._storage.erased
        core = Core(
            drive=spec,
            memory=self._memory,
            health=self._health,
            eraser=self._eraser,
            io=self._storage,
            power_cycles=self._power_cycles,
        )
        self._firmware = self._storage.firmware = Firmware(core)
        self._save()

    def info(self) -> DriveInfo:
        """What the drive says of itself. Raises `OSError`."""
        with self._turn():
            self.check_alive()
            told = self._firmware.info(self._health.info(self._power_cycles))
            if self._remembered != self._saved:
                self._save()
            return told

    def check_alive(self) -> None:
        """Raise EIO on a dead drive."""
        if self._health.died_of:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    def check_namespace(self, nsid: int) -> None:
        """Raise ENXIO where there is no such namespace."""
        with self._lock:
            self._firmware.area(nsid)

    def read(self, offset: int, buffer: memoryview, origin: Origin, nsid: int = MAIN) -> int:
        """Fill the buffer from `offset`; the number of bytes read, all of them from a healthy drive."""
        place = _Place(offset, len(buffer), nsid)
        return self._serve(Op.READ, place, origin, lambda: self._storage.read_into(offset, buffer, nsid))

    def write(self, offset: int, data: memoryview, origin: Origin, nsid: int = MAIN) -> int:
        """Take the data, whose buffer the caller gives up; the number of bytes taken."""
        place = _Place(offset, len(data), nsid)
        return self._serve(Op.WRITE, place, origin, lambda: self._storage.take(offset, data, nsid))

    def command(self, request: Request, origin: Origin, *, may_change: bool) -> Reply:
        """Perform a firmware command. Raises `OSError`: EOPNOTSUPP, EACCES where it `may_change` nothing, ETIMEDOUT.

        Time-outs are kept here too, as the kernel keeps them: a host that loses its patience resets the drive.
        """
        self._firmware.check_kind(request)
        with self._lock:
            if not may_change and self._firmware.changes(request):
                raise OSError(errno.EACCES, "this command changes the drive: claim it first, or join a claim")

        def perform() -> Reply:
            if self._firmware.hangs(request):
                raise RequestHung
            return self._firmware.answer(request)

        try:
            return self._serve(Op.COMMAND, _NOWHERE, origin, perform, request)
        except WaitedTooLongError:
            return self._firmware.given_up(request)

    def flush(self, origin: Origin) -> None:
        """Bring everything written so far to the medium."""

        def perform() -> None:
            self._storage.flush()
            self._save()

        self._serve(Op.FLUSH, _NOWHERE, origin, perform)

    def control(self, document: object) -> object:
        """Do what the back channel asks; see `drivers.sim.controls`. Raises `ValueError`."""
        found = as_object(document, "control")
        with self._lock:
            match found:
                case {"do": "counters", **rest} if not rest:
                    return asdict(self._health.counters)
                case {"do": "sicknesses", **rest} if not rest:
                    return [faults.to_json(item) for item in self._health.sicknesses]
                case {"do": "arm", "sicknesses": listed, **rest} if not rest:
                    self._health.arm(faults.parse_all(listed, "control"))
                case {"do": "disarm", "kind": str(kind), **rest} if not rest:
                    self._health.disarm(kind)
                case {"do": "record", **rest} if not rest:
                    self._log = deque(maxlen=_LOG_LENGTH)
                case {"do": "skip", "ms": int(ms), **rest} if not rest and ms >= 0:
                    self._turns.skip(ms / 1000)
                    return None
                case {"do": "progress", **rest} if not rest:
                    self._eraser.tick()
                    return asdict(self._memory.erasure)
                case {"do": "recorded", **rest} if not rest:
                    return list(self._log or ())
                case _:
                    raise DocumentError(f"control: cannot be done: {found!r}")
            self._save()
            return None

    def stop(self) -> NoReturn:
        """Power off in good order: flush, remember, end the process."""
        with self._lock:
            self._eraser.tick()
            if not self._health.died_of:
                self._cache.flush()
            self._end()

    def cut_power(self) -> NoReturn:
        """Lose the power: what is cached is lost, but for what happens to reach the medium. Ends the process."""
        with self._lock:
            self._eraser.tick()
            self._cache.lose()
            self._end()

    def _end(self) -> NoReturn:
        self._save()
        os._exit(0)

    @contextlib.contextmanager
    def _turn(self, request: Request | None = None) -> Iterator[None]:
        """Hold the drive, once no command is at work. Raises `WaitedTooLongError` for a command that cannot wait."""
        with self._lock:
            if self._turns.busy:
                self._health.counters.disturbances += 1
        with self._turns.mine(request.timeout if request else None):
            yield

    def _serve(
        self,
        op: Op,
        place: _Place,
        origin: Origin,
        perform: Callable[[], _T],
        request: Request | None = None,
    ) -> _T:
        offset, length, nsid = place
        with self._turn(request):
            if op in {Op.READ, Op.WRITE}:
                self._storage.check_range(offset, length, nsid)
            self._health.count(op)
            if self._log is not None:
                self._log.append((log_name(request) if request else op.name.lower(), offset, length))
            time.sleep(self._health.delay(offset, length))
            self._strike(faults.Moment.BEFORE, origin)
            try:
                self._health.age(op, length)
                self.check_alive()
                done = perform()
                if isinstance(done, int):
                    self._health.moved(op, done)
            finally:
                changed = request is not None and self._firmware.changes(request)
                if changed or self._remembered != self._saved:
                    self._save()
                self._strike(faults.Moment.AFTER, origin)
            return done

    @property
    def _remembered(self) -> tuple[object, ...]:
        """What must not be forgotten even if this process is killed: of an erasure's progress, every 64th."""
        job = self._memory.erasure
        return self._health.memory, job.kind, job.done * _STEPS // WHOLE, self._memory.sanitize.state

    def _strike(self, moment: faults.Moment, origin: Origin) -> None:
        strikes = self._health.strikes(moment)
        if not strikes:
            return
        self._save()
        for strike in strikes:
            match strike:
                case faults.PowerCut():
                    self.cut_power()
                case faults.Hang():
                    raise RequestHung
                case faults.Kill():
                    if kills_sender(strike, origin) and moment is faults.Moment.BEFORE:
                        raise RequestDropped

    def _save(self) -> None:
        self._saved = self._remembered
        folder.save_state(
            self._where,
            folder.DriveState(
                power_cycles=self._power_cycles,
                died_of=self._health.died_of,
                counters=self._health.counters,
                sicknesses=self._health.sicknesses,
                commands=self._memory,
            ),
        )
