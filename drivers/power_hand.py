"""The operator's hand as a power switch: asks for it, and waits until the drive shows that it was without power."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from typing import Protocol

from bench.drive import DriveIdentity
from bench.firmware_work import PowerSeen
from bench.messages import Message, say
from bench.ports import DriveGoneError
from bench.stage_events import PowerWitness

PATIENCE_S = 1800.0
"""How long an operator may take."""
_LOOK_S = 1.0
_COUNT_EVERY = 15
"""Looks between two commands that ask a drive which never vanished for its count."""


class Presence(Protocol):
    """Signs of one drive. Methods may block, and change nothing."""

    def is_here(self) -> bool:
        """Whether the drive that was there is still there, without having been away."""
        ...

    def is_back(self) -> bool:
        """Whether it can be found now, at whatever address."""
        ...

    def stranger(self) -> str:
        """The serial number of another drive that stands in its place now; empty where none does."""
        ...

    def count(self) -> int | None:
        """Its own count of power cycles; None where it does not say."""
        ...


class OperatorsHand:
    """Implements `bench.ports.PowerSwitch`. Another drive in its place is never taken for it, and told."""

    def __init__(self, presence: Presence, *, patience: float = PATIENCE_S, look: float = _LOOK_S) -> None:
        self._presence = presence
        self._looks = max(1, round(patience / look))
        self._pause = look

    async def cycle(
        self,
        drive: DriveIdentity,
        reason: Message,  # noqa: ARG002 - shown with what is told
        tell: Callable[[Message], None],
    ) -> PowerSeen:
        """See `PowerSwitch`."""
        before = await asyncio.to_thread(self._presence.count)
        away, stranger = False, ""
        for look in range(self._looks):
            tell(self._request(drive, look, away=away, stranger=stranger))
            if away:
                if await asyncio.to_thread(self._presence.is_back):
                    return await self._seen(drive, before)
                stranger = await asyncio.to_thread(self._presence.stranger)
            elif not await asyncio.to_thread(self._presence.is_here):
                away = True
                continue
            elif look % _COUNT_EVERY == _COUNT_EVERY - 1 and (seen := await self._counted(before)):
                return seen
            await asyncio.sleep(self._pause)
        raise DriveGoneError(_never(drive, away=away, stranger=stranger))

    def _request(self, drive: DriveIdentity, look: int, *, away: bool, stranger: str) -> Message:
        minutes = math.ceil((self._looks - look) * self._pause / 60)
        if stranger:
            return say("power-request-other", serial=drive.serial, other=stranger, minutes=minutes)
        return say("power-request-on" if away else "power-request-off", serial=drive.serial, minutes=minutes)

    async def _seen(self, drive: DriveIdentity, before: int | None) -> PowerSeen:
        after = await asyncio.to_thread(self._presence.count)
        if before is None or after is None:
            return PowerSeen(witness=PowerWitness.VANISHED, before=before, after=after)
        if after <= before:
            # Only its cable was pulled, or only the bridge restarted: the drive itself says that it had power.
            raise DriveGoneError(say("erase-power-not-counted", serial=drive.serial, count=after))
        return PowerSeen(witness=PowerWitness.COUNTER, before=before, after=after)

    async def _counted(self, before: int | None) -> PowerSeen | None:
        """Behind some docks a drive never vanishes; its count betrays the cut."""
        after = None if before is None else await asyncio.to_thread(self._presence.count)
        if before is None or after is None or after <= before:
            return None
        return PowerSeen(witness=PowerWitness.COUNTER, before=before, after=after)


def _never(drive: DriveIdentity, *, away: bool, stranger: str) -> Message:
    if stranger:
        return say("erase-power-other", serial=drive.serial, other=stranger)
    return say("erase-power-not-back" if away else "erase-power-not-seen", serial=drive.serial)
