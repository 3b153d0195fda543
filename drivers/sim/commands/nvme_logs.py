"""Log pages of a virtual NVMe drive (NVM Express 1.4 5.14.1)."""

from __future__ import annotations

import struct

from drivers.sim import faults
from drivers.sim.commands.core import Core
from drivers.sim.commands.memory import WHOLE, SanitizeState
from drivers.sim.commands.spec import Tcg

ERROR, HEALTH, FIRMWARE, EFFECTS, SELF_TEST, SANITIZE = 0x01, 0x02, 0x03, 0x05, 0x06, 0x81
_STATES = {SanitizeState.IDLE: 0, SanitizeState.DONE: 1, SanitizeState.RUNNING: 2, SanitizeState.FAILED: 3}
_DONE_DEALLOCATED_ANYWAY = 4
_GLOBAL_DATA_ERASED = 0x100
_UNKNOWN = 0xFFFFFFFF
_DATA_UNIT = 512_000
_POWER_ON_HOURS = 12345
_TESTS, _TEST_SIZE, _NO_TEST = 20, 28, 0xFF
_SEGMENT_FAILED = 6
"""A segment failed, and which one is not told."""

_SUPPORTED, _CHANGES_DATA, _CHANGES_NAMESPACE, _ALONE = 0x1, 0x2, 0x4, 0x20000
_ADMIN_EFFECTS = {
    **dict.fromkeys((0x02, 0x06, 0x08, 0x09, 0x0A, 0x0C, 0x14, 0x18), _SUPPORTED),
    0x80: _SUPPORTED | _CHANGES_DATA | _CHANGES_NAMESPACE | _ALONE,
}
_IO_EFFECTS = {
    **dict.fromkeys((0x00, 0x02), _SUPPORTED),
    **dict.fromkeys((0x01, 0x08, 0x09), _SUPPORTED | _CHANGES_DATA),
}


def page(core: Core, number: int) -> bytes | None:
    """A log page, whole; None where the drive has none of this number."""
    match number:
        case _ if number == ERROR:
            return bytes(64)
        case _ if number == HEALTH:
            return _health(core)
        case _ if number == FIRMWARE:
            return bytes([1]) + bytes(7) + core.drive.firmware.encode("ascii", "replace").ljust(8)[:8]
        case _ if number == EFFECTS:
            return _effects(core)
        case _ if number == SELF_TEST:
            return _self_tests(core)
        case _ if number == SANITIZE and core.spec.sanitizes:
            return _sanitize(core)
        case _:
            return None


def _sanitize(core: Core) -> bytes:
    """Sanitize Status (5.14.1.9.2)."""
    memory = core.memory.sanitize
    seconds = -(-core.spec.erase_ms // 1000), -(-core.spec.crypto_ms // 1000)
    times = (seconds[0] * 16, seconds[0], seconds[1], _UNKNOWN, _UNKNOWN, _UNKNOWN)
    if core.talks_nonsense:
        return struct.pack("<HHI6I", 0x1234, 7, memory.mark, *times).ljust(512, b"\0")
    told, job = core.sanitize_state, core.eraser.running
    state = _STATES[told]
    if told is SanitizeState.DONE and memory.deallocated_anyway:
        state = _DONE_DEALLOCATED_ANYWAY
    progress = min(job.done, WHOLE - 2) if job and told is SanitizeState.RUNNING else WHOLE - 1
    passes = memory.passes if told is SanitizeState.DONE else 0
    status = state | passes << 3 | (_GLOBAL_DATA_ERASED if memory.untouched else 0)
    return struct.pack("<HHI6I", progress, status, memory.mark, *times).ljust(512, b"\0")


def _health(core: Core) -> bytes:
    """SMART / Health Information (5.14.1.2)."""
    bad = sum(item.count for item in core.health.sicknesses if isinstance(item, faults.BadSectors))
    counters, data = core.health.counters, bytearray(512)
    struct.pack_into("<BHBBB", data, 0, 0, 273 + 31, 100, 10, 3)
    for place, value in (
        (32, -(-counters.bytes_read // _DATA_UNIT)),
        (48, -(-counters.bytes_written // _DATA_UNIT)),
        (64, counters.reads),
        (80, counters.writes),
        (112, core.power_cycles),
        (128, _POWER_ON_HOURS),
        (160, bad),
    ):
        struct.pack_into("<Q", data, place, value)
    return bytes(data)


def _effects(core: Core) -> bytes:
    """Commands Supported and Effects (5.14.1.5)."""
    data = bytearray(4096)
    admin = dict(_ADMIN_EFFECTS)
    if core.spec.sanitizes:
        admin[0x84] = _SUPPORTED | _CHANGES_DATA | _ALONE
    if core.spec.tcg is not Tcg.NONE:
        admin[0x82] = _SUPPORTED
    for start, effects in ((0, admin), (1024, _IO_EFFECTS)):
        for opcode, effect in effects.items():
            struct.pack_into("<I", data, start + 4 * opcode, effect)
    return bytes(data)


def _self_tests(core: Core) -> bytes:
    """Device Self-test (5.14.1.6): tests end as soon as they begin."""
    data = bytearray(4 + _TESTS * _TEST_SIZE)
    results = bytes.fromhex(core.memory.test_results).ljust(_TESTS, bytes([_NO_TEST]))
    for number, result in enumerate(results[:_TESTS]):
        data[4 + _TEST_SIZE * number] = result
        if result != _NO_TEST:
            struct.pack_into("<Q", data, 4 + _TEST_SIZE * number + 4, _POWER_ON_HOURS)
    return bytes(data)


def tested(core: Core, code: int) -> None:
    """A self-test was run: 1 short, 2 extended."""
    failed = core.health.find(faults.BadSectors) is not None
    result = bytes([code << 4 | (_SEGMENT_FAILED if failed else 0)])
    core.memory.test_results = (result + bytes.fromhex(core.memory.test_results))[:_TESTS].hex()
