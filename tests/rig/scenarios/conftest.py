"""What every scenario has: the bays, plugged in when they are first asked for."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rig.guest import bays
from rig.guest.bays import Bay
from rig.hand import HandClient
from rig.layout import HOST, Layout
from rig.order import Order
from rig.places import GUEST_SHARE


@pytest.fixture(scope="session")
def layout() -> Layout:
    """The bench as this boot found it."""
    return Order.load(GUEST_SHARE).layout


@pytest.fixture(scope="session")
def hand(layout: Layout) -> HandClient:
    """Whoever stands at the bench, outside."""
    return HandClient(HOST, layout.hand)


@pytest.fixture(scope="session")
def bay(layout: Layout, hand: HandClient) -> Callable[[str], Bay]:
    """A bay by its name, with its drive plugged in from its first use on."""
    known: dict[str, Bay] = {}

    def plugged(name: str) -> Bay:
        if name not in known:
            fresh = bays.make(layout.bay(name), hand)
            fresh.plug()
            known[name] = fresh
        return known[name]

    return plugged
