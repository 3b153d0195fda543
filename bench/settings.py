"""How a bench works, as far as a workshop may choose."""

from __future__ import annotations

from dataclasses import dataclass, field

from bench.parties import Donor, Organisation
from bench.patience import Limits
from bench.stamping import StampSettings
from bench.work import Patience

MIB = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Times in seconds, sizes in bytes.

    `checkpoint` is the time between syncs. A resume goes back `rewind` bytes before the checkpoint, more than any
    drive caches, in case it acknowledged what it had not written, and reads back the `window` before that. `stall`
    is how long a drive may stay silent before it is given up; `worker_restarts` how often a lost worker is replaced
    in one run of a job. `tries` to `salvage` bound what a worker does about faults in one task, see
    `bench.work.Patience`; `limits` say when the bench gives a drive up. `bus_bandwidth` is what all drives together
    can move in bytes/s, 0 where nobody has measured it. `paper` says where time stamps come from.
    `workshop` is who works here; `donor` whose drives are erased where nothing else is said.
    """

    checkpoint: float = 30.0
    rewind: int = 512 * MIB
    window: int = 64 * MIB
    stall: float = 180.0
    worker_restarts: int = 3
    tries: int = 3
    bad_ranges: int = 1000
    bad_sectors: int = 20_000
    salvage: int = 900
    limits: Limits = field(default_factory=Limits)
    bus_bandwidth: int = 0
    paper: StampSettings = field(default_factory=StampSettings)
    workshop: Organisation = field(default_factory=Organisation)
    donor: Donor = field(default_factory=Donor)

    def patience(self, sector: int) -> Patience:
        """What a worker is told, for a drive with this logical sector size."""
        return Patience(
            sector=sector,
            tries=self.tries,
            ranges=self.bad_ranges,
            sectors=self.bad_sectors,
            seconds=self.salvage,
        )
