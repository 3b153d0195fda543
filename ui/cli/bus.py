"""`tablerase bus`: how much the docks together can move, and what to write into the settings file."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import click
from rich import box
from rich.table import Table

from bench.bus_speed import BusSpeed
from bench.facade import DriveReport
from bench.messages import BenchError, say
from ui import compose
from ui.cli import params
from ui.cli.app import App, Status, cell
from ui.cli.local import LocalArgument, LocalCommand
from ui.texts import Texts

_SECONDS = (1, 600)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What was typed."""

    addresses: tuple[str, ...]
    seconds: int
    as_json: bool


def command(t: Texts) -> click.Command:
    """The command."""
    metavar, about = t.say("cli-metavar-addresses"), t.say("cli-argument-bus-addresses")
    addresses = LocalArgument("addresses", metavar=metavar, about=about, many=True, required=False)
    seconds = params.value(
        t,
        "--seconds",
        "seconds",
        metavar="cli-metavar-seconds",
        about="cli-option-bus-seconds",
        convert=_seconds,
        default="3",
    )
    return LocalCommand(t, "bus", run, Options, [addresses, seconds, params.as_json(t)])


def _seconds(text: str) -> int:
    least, most = _SECONDS
    if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
        raise BenchError(say("bus-seconds-out-of-range", given=text, least=least, most=most))
    return int(text)


def run(app: App, options: Options) -> Status:
    """Read, and change nothing."""

    def tell(step: int, steps: int, address: str) -> None:
        app.say("bus-step-alone" if address else "bus-step-together", step=step, steps=steps, address=address)

    measuring = app.onlooker().bus_speed(compose.speed_reading, options.addresses, options.seconds, tell)
    speed, left_out = asyncio.run(measuring)
    if options.as_json:
        app.put_json(
            {
                "drives": [
                    {"device": name, "alone": round(alone), "together": round(speed.together[name])}
                    for name, alone in speed.alone.items()
                ],
                "left_out": [item.facts.address for item in left_out],
                "wanted": round(speed.wanted),
                "reached": round(speed.reached),
                "bus_bandwidth": speed.bandwidth,
            }
        )
    else:
        _put(app, speed, left_out)
    return Status.DONE if all(speed.alone.values()) else Status.NOT_ALL


def _put(app: App, speed: BusSpeed, left_out: Sequence[DriveReport]) -> None:
    t = app.texts
    table = Table(box=box.HORIZONTALS, show_footer=True)
    table.add_column(t.say("cli-column-drive"), t.say("bus-total"), overflow="fold")
    for title, total in (("bus-column-alone", speed.wanted), ("bus-column-together", speed.reached)):
        table.add_column(t.say(title), t.say("cli-rate", rate=round(total)), justify="right")
    for name, alone in speed.alone.items():
        rates = [t.say("cli-rate", rate=round(rate)) for rate in (alone, speed.together[name])]
        table.add_row(cell(name), *rates)
    app.put()
    app.out.print(table)
    for item in left_out:
        app.put(t.say("bus-left-out", address=item.facts.address))
    for name in [name for name, alone in speed.alone.items() if not alone]:
        app.put(t.say("bus-silent", address=name))
    if speed.bandwidth:
        app.put(t.say("bus-full", percent=round(100 * speed.reached / speed.wanted)))
        app.put(f"bus_bandwidth = {speed.bandwidth}")
    elif speed.reached:
        app.put(t.say("bus-roomy", rate=round(speed.reached)))
