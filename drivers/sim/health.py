"""What a drive's sicknesses do to the request at hand. Offsets and lengths are bytes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeAlias, TypeVar

from drivers.sim import faults
from drivers.sim.folder import DriveSpec, DriveState, check_sicknesses
from drivers.sim.protocol import DriveInfo, Op

Strike: TypeAlias = faults.Kill | faults.PowerCut | faults.Hang
Piece: TypeAlias = tuple[int, slice]
_Kind = TypeVar("_Kind", bound=faults.Sickness)


class Health:
    """A drive's counters and sicknesses. `count` opens each request; the other answers are about that one."""

    def __init__(self, spec: DriveSpec, state: DriveState) -> None:
        self._spec = spec
        self.counters = state.counters
        self.sicknesses = state.sicknesses
        self.died_of = state.died_of

    def count(self, op: Op) -> None:
        """A READ, WRITE, FLUSH or COMMAND has arrived."""
        match op:
            case Op.READ:
                self.counters.reads += 1
            case Op.WRITE:
                self.counters.writes += 1
            case Op.FLUSH:
                self.counters.flushes += 1
            case Op.COMMAND:
                self.counters.commands += 1
            case _:
                raise ValueError(f"{op.name} is not a request that is counted")

    def find(self, kind: type[_Kind]) -> _Kind | None:
        """The first sickness of this kind."""
        return next((item for item in self.sicknesses if isinstance(item, kind)), None)

    def forget(self, sickness: faults.Sickness) -> None:
        """A sickness has had its day."""
        self.sicknesses = tuple(item for item in self.sicknesses if item is not sickness)

    def moved(self, op: Op, length: int) -> None:
        """So many bytes were read or written."""
        if op is Op.READ:
            self.counters.bytes_read += length
        elif op is Op.WRITE:
            self.counters.bytes_written += length

    def delay(self, offset: int, length: int) -> float:
        """Seconds that the drive takes over this request."""
        slow = [item for item in self.sicknesses if isinstance(item, faults.Slowness)]
        speeds = [item.speed_at(offset / self._spec.size) for item in slow]
        return sum(item.ms / 1000 for item in slow) + sum(length / speed for speed in speeds if speed)

    def strikes(self, moment: faults.Moment) -> tuple[Strike, ...]:
        """What happens around this request, and is forgotten with this answer."""
        due: list[Strike] = []
        for item in self.sicknesses:
            match item:
                case faults.Kill() | faults.PowerCut() if item.moment is moment and self._has_come(item.at):
                    due.append(item)
                case faults.Hang() if moment is faults.Moment.BEFORE and self._has_come(item.at):
                    due.append(item)
        self.sicknesses = tuple(item for item in self.sicknesses if item not in due)
        return tuple(due)

    @property
    def memory(self) -> tuple[tuple[faults.Sickness, ...], str]:
        """What the drive must not forget even if its process is killed."""
        return self.sicknesses, self.died_of

    def age(self, op: Op, length: int) -> None:
        """Die, and say of what in `died_of`, if this request is one too many."""
        for item in self.sicknesses:
            match item:
                case faults.Death() if self._has_come(item.at):
                    self.died_of = self.died_of or f"death at request {item.at}"
                case faults.WornOut() if op is Op.WRITE and self.counters.bytes_written + length > item.written:
                    self.died_of = self.died_of or f"worn out by {item.written} bytes written"

    def refusal(self, op: Op, offset: int, length: int) -> int:
        """The error number with which the drive refuses this read or write, or 0."""
        for item in self.sicknesses:
            match item:
                case faults.WriteErrors() if op is Op.WRITE and self._has_come(item.at):
                    return item.errno
                case faults.BadSectors() if self._touches(item, offset, length):
                    if op is Op.READ:
                        return item.read_errno
                    if item.on_write is faults.OnWrite.ERROR:
                        return item.write_errno
        return 0

    def limit(self, op: Op, length: int) -> int:
        """How many of the `length` bytes this read or write moves."""
        for item in self.sicknesses:
            if (
                isinstance(item, faults.ShortTransfer)
                and self._has_come(item.at)
                and op is (Op.READ if item.transfer is faults.Transfer.READ else Op.WRITE)
            ):
                self.sicknesses = tuple(other for other in self.sicknesses if other is not item)
                return min(length, item.sectors * self._spec.logical_sector)
        return length

    def cure(self, offset: int, length: int) -> bool:
        """Replace the bad sectors in this range that a write cures by good ones; whether there were any."""
        sector = self._spec.logical_sector
        first, end = offset // sector, (offset + length) // sector
        left: list[faults.Sickness] = []
        for item in self.sicknesses:
            if not isinstance(item, faults.BadSectors) or not self._touches(item, offset, length):
                left.append(item)
                continue
            if first > item.first:
                left.append(replace(item, count=first - item.first))
            if end < item.first + item.count:
                left.append(replace(item, first=end, count=item.first + item.count - end))
        changed = tuple(left) != self.sicknesses
        self.sicknesses = tuple(left)
        return changed

    def flush_is_a_lie(self) -> bool:
        """Whether this flush is to be answered and not done."""
        return any(isinstance(item, faults.FlushLie) and self._has_come(item.at) for item in self.sicknesses)

    def pieces(self, offset: int, length: int) -> Iterator[Piece]:
        """Where the medium holds this range: offsets on the medium, each with its part of the range."""
        real = next((item.real_size for item in self.sicknesses if isinstance(item, faults.FakeCapacity)), None)
        done = 0
        while done < length:
            place = offset + done if real is None else (offset + done) % real
            count = length - done if real is None else min(length - done, real - place)
            yield place, slice(done, done + count)
            done += count

    def info(self, power_cycles: int) -> DriveInfo:
        """Answer INFO, counting it."""
        self.counters.infos += 1
        spec, size = self._spec, self._spec.size
        model, serial, wwn = spec.model, spec.serial, spec.wwn
        for item in self.sicknesses:
            match item:
                case faults.OtherSize():
                    size = item.size
                case faults.OtherIdentity() if self.counters.infos >= item.at_info:
                    model, serial, wwn = item.model, item.serial, item.wwn
        return DriveInfo(
            model=model,
            serial=serial,
            wwn=wwn,
            firmware=spec.firmware,
            vendor=spec.vendor,
            size=spec.size,
            sizes=(("capacity", spec.size), ("identify", size)),
            logical_sector=spec.logical_sector,
            physical_sector=spec.physical_sector,
            medium=spec.medium,
            power_cycles=power_cycles,
            power=spec.power,
        )

    def arm(self, sicknesses: tuple[faults.Sickness, ...]) -> None:
        """Add sicknesses, counted from now. Raises `ValueError`."""
        now = self.counters
        fresh = tuple(
            faults.from_now(item, requests=now.requests, written=now.bytes_written, infos=now.infos)
            for item in sicknesses
        )
        check_sicknesses((*self.sicknesses, *fresh), self._spec.logical_sector)
        self.sicknesses = (*self.sicknesses, *fresh)

    def disarm(self, kind: str) -> None:
        """Remove all sicknesses of a kind, or of every kind for an empty one; a dead drive stays dead."""
        if kind and kind not in faults.KINDS:
            raise ValueError(f"kind {kind!r} is unknown; known are {', '.join(faults.KINDS)}")
        kinds = tuple(faults.KINDS.values()) if not kind else (faults.KINDS[kind],)
        self.sicknesses = tuple(item for item in self.sicknesses if not isinstance(item, kinds))

    def _has_come(self, at: int) -> bool:
        return self.counters.requests >= at

    def _touches(self, bad: faults.BadSectors, offset: int, length: int) -> bool:
        sector = self._spec.logical_sector
        return offset < (bad.first + bad.count) * sector and offset + length > bad.first * sector
