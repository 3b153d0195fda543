"""Two drives that call themselves by one serial number: what is ordered for one never reaches the other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from bench.evidence import Evidence
from drivers.sim.folder import MIB
from rig.guest import mishaps, station
from rig.guest.bays import Bay
from rig.guest.mishaps import Mishap, Order, carried_out, changes, interrupted, resumed, slowed
from support.firmware import reasons, verdict

pytestmark = pytest.mark.boot("mishaps")
Plug = Callable[[str], Bay]


@contextmanager
def twins(first: Bay, second: Bay) -> Iterator[None]:
    """Both bays have new drives of one serial; they tell different WWNs, as drives of one clumsy relabeller do."""
    pair = (first, second)
    for one in pair:
        one.unplug()
    for number, one in enumerate(pair):
        one.sim.renew(serial="TWIN-0001", wwn=f"50014ee2aaaa000{number}")
        one.plug()
    try:
        yield
    finally:
        for one in pair:
            one.unplug()
        for one in pair:
            one.sim.renew()
            one.plug()


def test_what_is_ordered_for_one_twin_never_reaches_the_other(bay: Plug) -> None:
    """In a dual dock that tells one serial for both bays, and at two ports of their own."""
    first, second = bay("ata-1"), bay("ata-2")
    beside, docked = bay("usb-2"), bay("usb-3")
    mishaps.plant([beside, docked])
    with twins(first, second):
        mishaps.plant([first, second])
        for one in (second, beside):
            one.sim.control("record")

        async def night() -> dict[str, Evidence]:
            async with station.station() as bench:
                both = await bench.plan(station.overwriting([first.node(), second.node()]))
                told = {reason.id for refusal in both.refusals for reason in refusal.reasons}
                assert told == {"guard-may-be-same"}
                ours = [first, docked]
                away = await carried_out(
                    bench,
                    [Order(request=station.overwriting([one.node() for one in ours]), bays=ours)],
                    {"ata-1": Mishap(when=mishaps.written(4 * MIB), do=first.unplug)},
                )
                assert interrupted(away["ata-1"])
                alone = await bench.resume([away["ata-1"].job])
                assert [reason.id for _, refusal in alone.refused for reason in refusal.reasons] == ["guard-not-found"]
                await asyncio.to_thread(first.plug)
                return away | await resumed(bench, {away["ata-1"].job: first})

        with slowed(first):
            back = asyncio.run(night())
        assert [(verdict(back[one.name]), reasons(back[one.name])) for one in (first, docked)] == [
            ("erased-with-remarks", ["remark-interrupted-drive-gone"]),
            ("erased", []),
        ]
        assert [one.sim.traces() for one in (first, docked)] == [0, 0]
        assert [changes(one) for one in (second, beside)] == [[], []]
        assert second.sim.traces()
        assert beside.sim.traces()
