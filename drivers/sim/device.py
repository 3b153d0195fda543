"""The drive proper: identity, medium, cache and sicknesses, one request at a time."""

from __future__ import annotations

import contextlib
import errno
import os
import select
import signal
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import NoReturn

from drivers.sim import faults, folder
from drivers.sim.cache import MediumFile, WriteCache
from drivers.sim.documents import DocumentError, as_object
from drivers.sim.health import Health
from drivers.sim.protocol import DriveInfo, Op

_LOG_LENGTH = 100_000
_GONE_WITHIN_MS = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Process ids of a request: who opened the connection, who sent the bytes."""

    client: int
    sender: int


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
        self._cache = WriteCache(
            MediumFile(where / folder.MEDIUM),
            capacity=spec.cache_size,
            sector=spec.logical_sector,
            random=self._random,
        )
        self._log: deque[tuple[str, int, int]] | None = None
        self._lock = threading.RLock()  # reentrant: a power cut strikes within a request
        self._save()

    def info(self) -> DriveInfo:
        """What the drive says of itself. Raises `OSError`."""
        with self._lock:
            self.check_alive()
            return self._health.info(self._power_cycles)

    def check_alive(self) -> None:
        """Raise EIO on a dead drive."""
        if self._health.died_of:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    def read(self, offset: int, buffer: memoryview, origin: Origin) -> int:
        """Fill the buffer from `offset`; the number of bytes read, all of them from a healthy drive."""

        def perform() -> int:
            length = self._allowed(Op.READ, offset, len(buffer))
            for place, part in self._health.pieces(offset, length):
                self._cache.read_into(place, buffer[part])
            return length

        return self._serve(Op.READ, offset, len(buffer), origin, perform)

    def write(self, offset: int, data: memoryview, origin: Origin) -> int:
        """Take the data, whose buffer the caller gives up; the number of bytes taken."""

        def perform() -> int:
            length = self._allowed(Op.WRITE, offset, len(data))
            for place, part in self._health.pieces(offset, length):
                self._cache.write(place, data[part])
            if self._health.cure(offset, length):
                self._cache.flush()
            return length

        return self._serve(Op.WRITE, offset, len(data), origin, perform)

    def flush(self, origin: Origin) -> None:
        """Bring everything written so far to the medium."""

        def perform() -> int:
            if not self._health.flush_is_a_lie():
                self._cache.flush()
            self._save()
            return 0

        self._serve(Op.FLUSH, 0, 0, origin, perform)

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
                case {"do": "recorded", **rest} if not rest:
                    return list(self._log or ())
                case _:
                    raise DocumentError(f"control: cannot be done: {found!r}")
            self._save()
            return None

    def stop(self) -> NoReturn:
        """Power off in good order: flush, remember, end the process."""
        with self._lock:
            if not self._health.died_of:
                self._cache.flush()
            self._end()

    def cut_power(self) -> NoReturn:
        """Lose the power: what is cached is lost, but for what happens to reach the medium. Ends the process."""
        with self._lock:
            self._cache.lose()
            self._end()

    def _end(self) -> NoReturn:
        self._save()
        os._exit(0)

    def _serve(self, op: Op, offset: int, length: int, origin: Origin, perform: Callable[[], int]) -> int:
        if op is not Op.FLUSH:
            self._check_range(offset, length)
        with self._lock:
            self._health.count(op)
            if self._log is not None:
                self._log.append((op.name.lower(), offset, length))
            time.sleep(self._health.delay(offset, length))
            self._strike(faults.Moment.BEFORE, origin)
            remembered = self._health.memory
            try:
                self._health.age(op, length)
                self.check_alive()
                done = perform()
                self._health.moved(op, done)
            finally:
                if self._health.memory != remembered:
                    self._save()
                self._strike(faults.Moment.AFTER, origin)
            return done

    def _check_range(self, offset: int, length: int) -> None:
        sector = self._spec.logical_sector
        if length == 0 or offset % sector or length % sector or offset + length > self._spec.size:
            raise OSError(
                errno.EINVAL,
                f"bytes {offset} to {offset + length} are no whole sectors of {sector} bytes "
                f"of this drive of {self._spec.size}",
            )

    def _allowed(self, op: Op, offset: int, length: int) -> int:
        """How many bytes this request may move. Raises `OSError` where the drive refuses it."""
        if number := self._health.refusal(op, offset, length):
            raise OSError(number, os.strerror(number))
        return self._health.limit(op, length)

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
                    victim = _victim(strike, origin)
                    _signal(victim, strike.signal)
                    if moment is faults.Moment.BEFORE and (victim, strike.signal) == (origin.sender, signal.SIGKILL):
                        raise RequestDropped

    def _save(self) -> None:
        folder.save_state(
            self._where,
            folder.DriveState(
                power_cycles=self._power_cycles,
                died_of=self._health.died_of,
                counters=self._health.counters,
                sicknesses=self._health.sicknesses,
            ),
        )


def _victim(kill: faults.Kill, origin: Origin) -> int:
    match kill.target:
        case faults.Target.PROCESS:
            return kill.pid
        case faults.Target.CLIENT:
            return origin.client
        case faults.Target.SENDER:
            return origin.sender


def _signal(pid: int, number: int) -> None:
    """Signal a process and, after SIGKILL, wait until it is gone. Raises `OSError`."""
    # A pidfd cannot come to mean another process; a process that has already ended needs no signal.
    with contextlib.suppress(ProcessLookupError):
        descriptor = os.pidfd_open(pid)
        try:
            signal.pidfd_send_signal(descriptor, number)
            if number == signal.SIGKILL:
                ended = select.poll()
                ended.register(descriptor, select.POLLIN)
                ended.poll(_GONE_WITHIN_MS)
        finally:
            os.close(descriptor)
