"""A publisher that is loaded when the first document is due, not when the bench starts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bench.ports import Draft
from bench.seal_key import SealKey


@dataclass(frozen=True, slots=True, kw_only=True)
class LatePublisher:
    """Implements `bench.ports.Publisher` with `DocumentPublisher`.

    What lays out and seals pages takes a fifth of a second to load, which a drive that waits to be written to would
    wait as well.
    """

    seal: SealKey

    def draft(self, number: str, document: bytes, seals: Mapping[str, bytes]) -> Draft:
        """See `Publisher.draft`."""
        from ui.paper.publisher import DocumentPublisher  # noqa: PLC0415 - the purpose of this module
        from ui.paper.seal import StationSealer  # noqa: PLC0415

        return DocumentPublisher(sealer=StationSealer(key=self.seal)).draft(number, document, seals)
