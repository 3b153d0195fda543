"""What NVMe drives answer: Identify structures and log pages. All parsers raise `MalformedError`.

Source: NVM Express Base 2.0 figures 275 (controller), 273 and 274 (lists), 265 (sanitize log); NVM Command Set 1.0
figures 97 and 98 (namespace and its formats).
"""

from __future__ import annotations

from dataclasses import dataclass

from bench.capabilities import Namespace
from bench.techniques import ErasureState, Technique
from drivers.commands.fields import MalformedError, little, need, text, thousandths

_PAGE = 4096
_LAST_NSID = 0xFFFFFFFE
SANITIZES = (Technique.NVME_SANITIZE_CRYPTO, Technique.NVME_SANITIZE_BLOCK, Technique.NVME_SANITIZE_OVERWRITE)


def _whole(data: bytes, what: str) -> None:
    need(data, _PAGE, what)
    if not any(data[:_PAGE]):
        raise MalformedError(f"{what}: nothing but zeros")


@dataclass(frozen=True, slots=True, kw_only=True)
class Controller:
    """Identify Controller: what matters for erasing. Capacities in bytes, 0 where the drive does not count them."""

    model: str
    serial: str
    firmware: str
    version: int
    several_controllers: bool
    security: bool
    formats: bool
    manages_namespaces: bool
    sanitizes: tuple[Technique, ...]
    total: int
    unallocated: int
    namespaces: int
    format_hits_all: bool
    erase_hits_all: bool
    erases_keys: bool


def controller(data: bytes) -> Controller:
    """Identify Controller data (CNS 01h)."""
    _whole(data, "Identify Controller")
    model, serial = text(data, 24, 40), text(data, 4, 20)
    if little(data, 0, 2) == 0xFFFF or not model:
        raise MalformedError("Identify Controller without vendor or model")
    abilities, sanitize, scope = little(data, 256, 2), little(data, 328, 4), data[524]
    return Controller(
        model=model,
        serial=serial,
        firmware=text(data, 64, 8),
        version=little(data, 80, 4),
        several_controllers=bool(data[76] & 0x02),
        security=bool(abilities & 0x01),
        formats=bool(abilities & 0x02),
        manages_namespaces=bool(abilities & 0x08),
        sanitizes=tuple(technique for place, technique in enumerate(SANITIZES) if sanitize >> place & 1),
        total=little(data, 280, 16),
        unallocated=little(data, 296, 16),
        namespaces=little(data, 516, 4),
        format_hits_all=bool(scope & 0x01),
        erase_hits_all=bool(scope & 0x02),
        erases_keys=bool(scope & 0x04),
    )


def namespace_list(data: bytes) -> tuple[int, ...]:
    """A list of namespace ids: ascending, ended by zeros. None is a list too."""
    need(data, _PAGE, "namespace list")
    found = [little(data, place, 4) for place in range(0, _PAGE, 4)]
    used = found[: found.index(0)] if 0 in found else found
    if any(found[len(used) :]) or used != sorted(set(used)) or any(nsid > _LAST_NSID for nsid in used):
        raise MalformedError("a namespace list out of order")
    return tuple(used)


def controller_list(data: bytes) -> tuple[int, ...]:
    """A list of controller ids: their number, then as many, ascending."""
    need(data, _PAGE, "controller list")
    count = little(data, 0, 2)
    if count > 2047:
        raise MalformedError(f"a list of {count} controllers")
    found = [little(data, 2 + 2 * place, 2) for place in range(count)]
    if found != sorted(set(found)):
        raise MalformedError("a controller list out of order")
    return tuple(found)


def namespace(data: bytes, nsid: int, *, active: bool = True) -> Namespace:
    """Identify Namespace data (CNS 00h or 11h)."""
    _whole(data, f"Identify Namespace {nsid}")
    blocks, formats, used, protection = little(data, 0, 8), data[25], data[26], data[29]
    index = (used >> 5 & 3) << 4 | used & 0x0F if formats > 15 else used & 0x0F
    if formats > 63 or index > formats:
        raise MalformedError(f"namespace {nsid} in format {index} of {formats + 1}")
    shift = data[128 + 4 * index + 2]
    if not 9 <= shift <= 16 or not blocks or blocks << shift >> 64:
        raise MalformedError(f"namespace {nsid}: {blocks} blocks of 2^{shift} bytes")
    settings = (used >> 4 & 1) | (protection & 0x07) << 1 | (protection >> 3 & 1) << 4
    return Namespace(
        nsid=nsid,
        size=blocks << shift,
        block=1 << shift,
        format_index=index,
        metadata_settings=settings,
        active=active,
    )


ZONED_COMMANDS = 2


def command_set(data: bytes) -> int:
    """Namespace Identification Descriptors (CNS 03h): the I/O command set, 0 (blocks) where none is named."""
    need(data, _PAGE, "namespace descriptors")
    place = 0
    found = False
    while place + 4 <= _PAGE:
        kind, length = data[place], data[place + 1]
        if length == 0:
            break
        if place + 4 + length > _PAGE:
            raise MalformedError("namespace descriptors that do not end")
        if kind == 4:
            return data[place + 4]
        found, place = True, place + 4 + length
    if not found:
        raise MalformedError("no namespace descriptors")
    return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SanitizeLog:
    """Log page 81h. `mark` is command dword 10 of the most recent Sanitize, `deallocated` that it unmapped all.

    `progress` in thousandths while it runs.
    """

    state: ErasureState
    mark: int
    passes: int
    progress: int | None
    deallocated: bool
    erased_since: bool
    """Global Data Erased: nothing was written since."""


_STATES = {
    0: ErasureState.NEVER,
    1: ErasureState.DONE,
    2: ErasureState.RUNNING,
    3: ErasureState.FAILED,
    4: ErasureState.DONE,
}


def sanitize_log(data: bytes) -> SanitizeLog:
    """Sanitize Status log page."""
    need(data, 512, "sanitize log")
    if set(data[:512]) == {0xFF}:
        raise MalformedError("sanitize log: nothing but ones")
    status = little(data, 2, 2)
    state = _STATES.get(status & 0x07, ErasureState.UNKNOWN)
    return SanitizeLog(
        state=state,
        mark=little(data, 4, 4),
        passes=status >> 3 & 0x1F,
        progress=thousandths(little(data, 0, 2)) if state is ErasureState.RUNNING else None,
        deallocated=status & 0x07 == 4,
        erased_since=bool(status & 0x0100),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Smart:
    """Log page 02h, what erasing needs of it."""

    warnings: int
    power_cycles: int
    power_on_hours: int
    media_errors: int


def smart(data: bytes) -> Smart:
    """SMART / Health Information log page."""
    need(data, 512, "SMART log")
    if len(set(data[:512])) == 1:
        raise MalformedError(f"SMART log: nothing but bytes {data[0]:02X}h")
    return Smart(
        warnings=data[0],
        power_cycles=little(data, 112, 16),
        power_on_hours=little(data, 128, 16),
        media_errors=little(data, 160, 16),
    )
