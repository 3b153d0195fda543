"""The operator's hand as a power switch: waits until the drive itself shows that it was without power, and is back."""

from __future__ import annotations

import asyncio
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

    def count(self) -> int | None:
        """Its own count of power cycles; None where it does not say."""
        ...


class OperatorsHand:
    """Implements `bench.ports.PowerSwitch`. Who asks the operator is the bench, which logs the reason first."""

    def __init__(self, presence: Presence, *, patience: float = PATIENCE_S, look: float = _LOOK_S) -> None:
        self._presence = presence
        self._looks = max(1, round(patience / look))
        self._pause = look

    async def cycle(self, drive: DriveIdentity, reason: Message) -> PowerSeen:  # noqa: ARG002 - asked for by the bench
        """See `PowerSwitch`."""
        before = await asyncio.to_thread(self._presence.count)
        away = False
        for look in range(self._looks):
            if away:
                if await asyncio.to_thread(self._presence.is_back):
                    return await self._seen(drive, before)
            elif not await asyncio.to_thread(self._presence.is_here):
                away = True
            elif look % _COUNT_EVERY == _COUNT_EVERY - 1 and (seen := await self._counted(before)):
                return seen
            await asyncio.sleep(self._pause)
        raise DriveGoneError(say("erase-power-not-back" if away else "erase-power-not-seen", serial=drive.serial))

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
