"""TCG storage: Level 0 discovery (Core 2.01 3.3.6), and what a PSID revert does, by whatever command it arrives."""

from __future__ import annotations

import struct

from drivers.sim.commands.core import Core
from drivers.sim.commands.memory import EraseKind, Erasure, TcgMemory
from drivers.sim.commands.spec import Tcg

SHADOW_SIZE = 128 * 1024 * 1024
COM_ID = 0x07FE
"""The one ComID for conversations."""
_SHADOW_TEXT = b"VIRTUAL DRIVE: PRE-BOOT AUTHENTICATION IMAGE\0"
_LEVEL_0 = 0x0001
_NOT_AUTHORIZED, _LOCKED_OUT = 0x01, 0x12
_TRIES = 5
"""As many wrong PSIDs one after another until none is heard any more before the power was off."""
_TPER, _GEOMETRY, _LOCKING, _BLOCK_SID = 0x0001, 0x0003, 0x0002, 0x0402
_CLASSES = {Tcg.OPAL: 0x0203, Tcg.PYRITE: 0x0303, Tcg.ENTERPRISE: 0x0100}


def protocol_in(core: Core, protocol: int, specific: int) -> bytes | None:
    """What needs no conversation: which protocols there are, and Level 0 discovery. None: not supported."""
    if core.spec.tcg is Tcg.NONE:
        return None
    if protocol == 0 and specific == 0:
        return struct.pack(">6xH3B", 3, 0, 1, 2)
    if protocol == 1 and specific == _LEVEL_0:
        return _discovery(core)
    return None


def shadow(core: Core, offset: int, length: int) -> bytes | None:
    """What is read instead of the data while the shadow MBR is active; None while it is not."""
    if not core.tcg.shadow:
        return None
    repeats = (offset % len(_SHADOW_TEXT) + length) // len(_SHADOW_TEXT) + 1
    image = (_SHADOW_TEXT * repeats)[offset % len(_SHADOW_TEXT) :][:length]
    inside = max(0, min(length, SHADOW_SIZE - offset))
    return image[:inside] + bytes(length - inside)


def revert_by_psid(core: Core, psid: bytes, timeout: float) -> int:
    """Back to the factory's state by the PSID on the label; a TCG status. Raises `HostResetError`."""
    status = authenticated(core, psid)
    if not status:
        revert(core, timeout)
    return status


def authenticated(core: Core, psid: bytes) -> int:
    """A TCG status (Core 5.1.5): 0 where this is the PSID. Wrong ones are counted."""
    if core.spec.tcg is Tcg.NONE:
        return _NOT_AUTHORIZED
    if core.tcg.wrong_psids >= _TRIES:
        return _LOCKED_OUT
    if psid != core.spec.psid.encode():
        core.tcg.wrong_psids += 1
        return _NOT_AUTHORIZED
    core.tcg.wrong_psids = 0
    return 0


def revert(core: Core, timeout: float) -> None:
    """Back to the factory's state; Opal and Enterprise get a new media key. Raises `HostResetError`."""
    if core.spec.tcg is not Tcg.PYRITE:
        end = core.drive.medium_size
        core.run(Erasure(kind=EraseKind.FORMAT_CRYPTO, end=end, ms=core.spec.crypto_ms), timeout)
    core.memory.tcg = TcgMemory()
    core.tcg.enabled = core.tcg.locked = core.tcg.shadow = False


def _discovery(core: Core) -> bytes:
    state, kind = core.tcg, core.spec.tcg
    flags = (True, state.enabled, state.locked, kind is not Tcg.PYRITE, core.memory.tcg.shadow, not state.shadow)
    locking = sum(1 << place for place, bit in enumerate(flags) if bit)
    if not core.memory.tcg.shadow:
        locking &= ~0x20  # MBR Done says something only while the shadow is enabled
    features = [
        struct.pack(">HBBB11x", _TPER, 0x10, 12, 0x11),
        struct.pack(">HBBB11x", _LOCKING, 0x10, 12, locking),
        struct.pack(">HBB8xIQQ", _GEOMETRY, 0x10, 28, core.drive.logical_sector, 1, 0),
        struct.pack(">HBBHH12x", _CLASSES[kind], 0x10, 16, COM_ID, 1),
        struct.pack(">HBBBB10x", _BLOCK_SID, 0x10, 12, 1 | (2 if core.spec.sid_blocked else 0), 0),
    ]
    body = b"".join(features)
    return struct.pack(">II40x", 44 + len(body), 1) + body
