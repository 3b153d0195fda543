"""Who wants to know what happens: each subscriber gets every update from the moment it subscribes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import TypeAlias

from bench.events import Logged
from bench.facade import Update

_End: TypeAlias = None


class Subscribers:
    """Hands updates on. Subscribing takes effect at once, not when the first update is asked for."""

    def __init__(self) -> None:
        self._queues: set[asyncio.Queue[Update | _End]] = set()

    def publish(self, update: Update) -> None:
        """Tell everyone."""
        for queue in self._queues:
            queue.put_nowait(update)

    def subscribe(self, after: int | None, past: Callable[[int], Awaitable[Sequence[Logged]]]) -> AsyncIterator[Update]:
        """Updates from now on; with `after`, first what `past` has behind that row, and nothing twice."""
        queue: asyncio.Queue[Update | _End] = asyncio.Queue()
        self._queues.add(queue)
        return self._stream(queue, after, past)

    def close(self) -> None:
        """End every subscription, after what was published so far."""
        for queue in self._queues:
            queue.put_nowait(None)

    async def _stream(
        self,
        queue: asyncio.Queue[Update | _End],
        after: int | None,
        past: Callable[[int], Awaitable[Sequence[Logged]]],
    ) -> AsyncIterator[Update]:
        last = -1
        try:
            if after is not None:
                for logged in await past(after):
                    last = logged.id
                    yield logged
            while (update := await queue.get()) is not None:
                if not (isinstance(update, Logged) and update.id <= last):
                    yield update
        finally:
            self._queues.discard(queue)
