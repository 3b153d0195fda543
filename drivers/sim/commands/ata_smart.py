"""SMART (B0h) and the general purpose logs of a virtual ATA drive: as much as tools ask for before they trust one."""

from __future__ import annotations

import struct
from collections.abc import Callable

from drivers.sim import faults
from drivers.sim.commands.ata_registers import SECTOR, AtaError, Handlers, Outcome, Taskfile, checked
from drivers.sim.commands.core import Core

SMART, READ_LOG, READ_LOG_DMA = 0xB0, 0x2F, 0x47
_SIGNATURE = 0xC24F
_DEATH_SIGNATURE = 0x2CF4
_MANY_BAD = 100
_HOURS = 12345
_CELSIUS = 31


class Smart:
    """Counters and the self-test log; a self-test ends as soon as it begins."""

    def __init__(self, core: Core, identify_page: Callable[[int], bytes | None]) -> None:
        self._core = core
        self._identify_page = identify_page

    def handlers(self) -> Handlers:
        """Commands of both feature sets."""
        return {SMART: self._smart, READ_LOG: self._log, READ_LOG_DMA: self._log}

    @property
    def _bad(self) -> int:
        return sum(item.count for item in self._core.health.sicknesses if isinstance(item, faults.BadSectors))

    def _smart(self, task: Taskfile) -> Outcome:
        if task.lba >> 8 & 0xFFFF != _SIGNATURE:
            raise AtaError
        match task.feature & 0xFF:
            case 0xD0:
                return Outcome(data=self._attributes(thresholds=False))
            case 0xD1:
                return Outcome(data=self._attributes(thresholds=True))
            case 0xD4:
                self._core.memory.self_tests += 1
                return Outcome()
            case 0xD5:
                return Outcome(data=self._smart_log(task.lba & 0xFF))
            case 0xD2 | 0xD8 | 0xDB:
                return Outcome()
            case 0xDA:
                told = _DEATH_SIGNATURE if self._bad > _MANY_BAD else _SIGNATURE
                return Outcome(lba=task.lba & 0xFF | told << 8)
            case _:
                raise AtaError

    def _attributes(self, *, thresholds: bool) -> bytes:
        retired = self._core.spec.retired
        rows = (
            (5, 10, retired),
            (9, 0, _HOURS),
            (12, 0, self._core.power_cycles),
            (194, 0, _CELSIUS),
            (197, 0, self._bad),
        )
        sector = bytearray(SECTOR)
        struct.pack_into("<H", sector, 0, 16)
        for index, (number, threshold, raw) in enumerate(rows):
            if thresholds:
                struct.pack_into("<BB", sector, 2 + 12 * index, number, threshold)
            else:
                struct.pack_into("<BHBB", sector, 2 + 12 * index, number, 0x32, 100, 100)
                sector[7 + 12 * index : 13 + 12 * index] = raw.to_bytes(6, "little")
        if not thresholds:
            sector[362] = 0x82
            sector[367], sector[368], sector[370], sector[372], sector[373] = 0x1B, 3, 1, 1, 2
        return checked(sector, signature=False)

    def _smart_log(self, address: int) -> bytes:
        sector = bytearray(SECTOR)
        match address:
            case 0:
                sector[0], sector[2], sector[12] = 1, 1, 1
                return bytes(sector)
            case 1 | 6:
                sector[0] = 1
                if address == 6 and self._core.memory.self_tests:
                    struct.pack_into("<BBH", sector, 2, 1, 0x70 if self._bad else 0, _HOURS)
                    sector[508] = 1
                return checked(sector, signature=False)
            case _:
                raise AtaError

    def _log(self, task: Taskfile) -> Outcome:
        address, page = task.lba & 0xFF, task.lba >> 8 & 0xFF | (task.lba >> 32 & 0xFF) << 8
        data: bytes | None = None
        if address == 0:
            directory = bytearray(SECTOR)
            struct.pack_into("<H", directory, 0, 1)
            struct.pack_into("<H", directory, 2 * 0x30, 9)
            data = bytes(directory)
        elif address == 0x30:
            data = self._identify_page(page)
        if data is None:
            raise AtaError
        return Outcome(data=data.ljust((task.count or 1) * SECTOR, b"\0"))
