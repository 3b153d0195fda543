"""Features of a virtual NVMe drive (NVM Express 1.4 5.21): what is set is forgotten without power."""

from __future__ import annotations

from drivers.sim.commands.core import Core
from drivers.sim.commands.nvme_identify import WARNING_KELVIN

VOLATILE_WRITE_CACHE, NUMBER_OF_QUEUES, _TEMPERATURE = 0x06, 0x07, 0x04
_POWER, _ERROR_RECOVERY, _ARBITRATION, _ATOMICITY, _EVENTS = 0x02, 0x05, 0x01, 0x0A, 0x0B
ONE_QUEUE_PAIR_MORE = 0x00010001
_SETTABLE = {_ARBITRATION, _POWER, _TEMPERATURE, _ERROR_RECOVERY, _ATOMICITY, _EVENTS}
_WHICH_THRESHOLD = 0x3F0000
"""Of the temperature thresholds' dword 11: over or under, and which sensor."""


class Features:
    """The features of one drive since it was switched on."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._set: dict[tuple[int, int], int] = {}

    def get(self, number: int, dword11: int) -> int | None:
        """The current value; None for what the drive has not."""
        if number == VOLATILE_WRITE_CACHE and self._core.drive.cache_size:
            return 1
        if number == NUMBER_OF_QUEUES:
            return ONE_QUEUE_PAIR_MORE
        if number not in _SETTABLE:
            return None
        which = dword11 & _WHICH_THRESHOLD if number == _TEMPERATURE else 0
        return self._set.get((number, which), WARNING_KELVIN if number == _TEMPERATURE and which == 0 else 0)

    def can_set(self, number: int, value: int) -> bool:
        """Whether it can be given this value: the cache stays on, and there is one power state."""
        if number == VOLATILE_WRITE_CACHE:
            return bool(value & 1)
        return number == NUMBER_OF_QUEUES or (number in _SETTABLE and (number != _POWER or not value & 0x1F))

    def set(self, number: int, value: int) -> None:
        """Give it a value that it can have."""
        which = value & _WHICH_THRESHOLD if number == _TEMPERATURE else 0
        self._set[number, which] = value & 0xFFFF if number == _TEMPERATURE else value
