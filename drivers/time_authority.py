"""A time-stamping authority on the network: RFC 3161 over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import aiohttp
from cryptography import x509

from bench.messages import say
from bench.timestamp import MAX_TOKEN, StampError, request_for, token_in


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpTimeAuthority:
    """Implements `bench.ports.TimeAuthority`.

    `timeout` seconds bound a whole question, from name resolution to the last byte. With `authorities`, answers must
    come from one of them. A proxy is taken from the environment, as other programs do.
    """

    url: str
    timeout: float
    authorities: Sequence[x509.Certificate] = ()

    async def stamp(self, imprint: bytes) -> bytes:
        """See `TimeAuthority.stamp`."""
        request = request_for(imprint)
        try:
            answer = await self._post(request.der)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            why = str(error) or type(error).__name__
            raise StampError(say("stamp-unreachable", url=self.url, why=why)) from error
        # Checking runs an event loop of its own.
        return await asyncio.to_thread(token_in, answer, request, self.authorities)

    async def _post(self, query: bytes) -> bytes:
        headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
        limit = aiohttp.ClientTimeout(total=self.timeout)
        async with (
            aiohttp.ClientSession(timeout=limit, trust_env=True) as session,
            session.post(self.url, data=query, headers=headers, raise_for_status=True) as response,
        ):
            try:
                return await response.content.readexactly(MAX_TOKEN + 1)
            except asyncio.IncompleteReadError as error:
                return error.partial
