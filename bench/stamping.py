"""Asking for time stamps without ever holding up the erasing: tries with growing pauses, and an honest end of them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bench.context import Clock
from bench.messages import BenchError, Message, say
from bench.ports import TimeAuthority

FIRST_PAUSE = 5.0
LONGEST_PAUSE = 300.0
"""Between two tries, in seconds; each pause is twice the one before."""


class WithoutStamp(StrEnum):
    """What becomes of documents whose authority does not answer in time."""

    ISSUE = "issue"
    """They are issued without a time stamp, which they say."""
    WAIT = "wait"
    """They wait, however long it takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StampSettings:
    """How documents get their time stamps.

    `tsa` is the authority's address (RFC 3161 over HTTP), empty for none; `tsa_ca` a PEM file with the certificates
    that its tokens must lead to, empty for any. One question may take `tsa_timeout` seconds. A document waits at most
    `tsa_wait` seconds from its issue, then happens what `without_stamp` says.
    """

    tsa: str = ""
    tsa_ca: str = ""
    tsa_timeout: float = 10.0
    tsa_wait: float = 60.0
    without_stamp: WithoutStamp = WithoutStamp.ISSUE


class StampDelayedError(BenchError):
    """The authority did not answer now; the document waits. Worth another try in `again` seconds."""

    def __init__(self, message: Message, again: float) -> None:
        super().__init__(message)
        self.again = again


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamps:
    """Tokens by file name; none, and `unstamped` saying why, where the authority was waited for in vain."""

    tokens: Mapping[str, bytes]
    unstamped: str = ""


class Stamping:
    """Asks one authority for a whole bench: after a failure nobody asks again before the pause is over."""

    def __init__(self, authority: TimeAuthority, settings: StampSettings, clock: Clock) -> None:
        self._authority = authority
        self._settings = settings
        self._clock = clock
        self._pause = 0.0
        self._not_before = 0.0
        self._problem = say("stamp-unreachable", url=settings.tsa, why="")

    @property
    def gives_up(self) -> bool:
        """Whether documents are issued without a stamp in the end."""
        return self._settings.without_stamp is WithoutStamp.ISSUE

    async def stamps(self, imprints: Mapping[str, bytes], issued: datetime) -> Stamps:
        """A token for each of these digests, of a record issued at this time. Raises `StampDelayedError`."""
        if self._clock.monotonic() >= self._not_before:
            try:
                return Stamps(tokens=await self._ask(imprints))
            except BenchError as error:
                self._problem = error.messages[0]
                self._pause = min(max(2 * self._pause, FIRST_PAUSE), LONGEST_PAUSE)
                self._not_before = self._clock.monotonic() + self._pause
        waited = (self._clock.now() - issued).total_seconds()
        # A clock that was set back makes no document wait for longer.
        left = self._settings.tsa_wait - waited if waited >= 0 else 0.0
        if left <= 0 and self.gives_up:
            return Stamps(tokens={}, unstamped=self._problem.id)
        pause = max(self._not_before - self._clock.monotonic(), 0.0)
        raise StampDelayedError(self._problem, min(pause, left) if self.gives_up else pause)

    async def _ask(self, imprints: Mapping[str, bytes]) -> Mapping[str, bytes]:
        tokens = await asyncio.gather(*(self._authority.stamp(digest) for digest in imprints.values()))
        self._pause = 0.0
        return dict(zip(imprints, tokens, strict=True))
