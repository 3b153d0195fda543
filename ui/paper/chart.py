"""Drawing charts as SVG, by hand: axes with round numbers, lines in steps, bands. Units are typographic points.

Everything is black, white and grey, and told apart by form as well: what is printed or copied stays readable.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

FONT = "Libertinus Serif"
SMALL = 7.4
INK, GREY, PALE = "#000000", "#5a5a5a", "#d2d2d2"
Values = Sequence[int | None]
"""One value per zone; None where there is none, which leaves a gap."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A chart's rectangle and its scales.

    Zones stand side by side from left to right, each `share` of the width (the last one is what is left). `low` and
    `high` are the values at the lower and upper edge; where `logarithmic`, both are above zero.
    """

    left: float
    top: float
    width: float
    height: float
    share: float
    low: float
    high: float
    logarithmic: bool = False

    def x_of_zone(self, number: int) -> float:
        """Where a zone begins."""
        return self.left + self.width * min(1.0, number * self.share)

    def y(self, value: float) -> float:
        """The height of a value; what lies outside the scale is drawn on its edge."""
        low, high, at = self.low, self.high, min(max(value, self.low), self.high)
        if self.logarithmic:
            low, high, at = math.log10(low), math.log10(high), math.log10(at)
        return self.top + self.height * (1 - (at - low) / (high - low))

    def steps(self, values: Values) -> str:
        """An SVG path: each value as a level line over its zone, joined where neighbours have values."""
        parts, last = [], None
        for number, value in enumerate(values):
            if value is not None:
                start, end, y = self.x_of_zone(number), self.x_of_zone(number + 1), self.y(value)
                parts.append(f"M{_n(start)} {_n(y)}" if last is None else f"V{_n(y)}")
                parts.append(f"H{_n(end)}")
            last = value
        return "".join(parts)

    def band(self, lower: Values, upper: Values) -> str:
        """An SVG path: the area between two series, over the zones where both have values."""
        parts = []
        for number, (under, over) in enumerate(zip(lower, upper, strict=True)):
            if under is not None and over is not None:
                start, end = _n(self.x_of_zone(number)), _n(self.x_of_zone(number + 1))
                parts.append(f"M{start} {_n(self.y(under))}H{end}V{_n(self.y(over))}H{start}Z")
        return "".join(parts)


class Drawing:
    """An SVG picture that grows by what is drawn, the first lowest. Sizes in points."""

    def __init__(self, width: float, height: float) -> None:
        box = {"viewBox": f"0 0 {_n(width)} {_n(height)}", "width": _n(width), "height": _n(height)}
        self._root = ET.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", **box})

    def text(self, x: float, y: float, content: str, *, anchor: str = "start", weight: str = "normal") -> None:
        """A line of text from (`start`), around (`middle`) or up to (`end`) a point of its base line."""
        at = {"x": _n(x), "y": _n(y), "text-anchor": anchor, "font-weight": weight}
        look = {"font-family": FONT, "font-size": _n(SMALL), "fill": INK}
        ET.SubElement(self._root, "text", {**at, **look}).text = content

    def line(self, start: tuple[float, float], end: tuple[float, float], *, ink: str = INK, width: float = 0.5) -> None:
        """A straight line between two points."""
        self.path(f"M{_n(start[0])} {_n(start[1])}L{_n(end[0])} {_n(end[1])}", ink=ink, width=width)

    def path(self, commands: str, *, ink: str = INK, width: float = 0.5) -> None:
        """A drawn line; nothing if there are no commands."""
        if commands:
            look = {"fill": "none", "stroke": ink, "stroke-width": _n(width), "stroke-linejoin": "round"}
            ET.SubElement(self._root, "path", {"d": commands, **look})

    def area(self, commands: str, *, ink: str) -> None:
        """A filled area; nothing if there are no commands."""
        if commands:
            ET.SubElement(self._root, "path", {"d": commands, "fill": ink})

    def rectangle(self, x: float, y: float, width: float, height: float, *, ink: str) -> None:
        """A filled rectangle."""
        place = {"x": _n(x), "y": _n(y), "width": _n(width), "height": _n(height)}
        ET.SubElement(self._root, "rect", {**place, "fill": ink})

    def finished(self) -> str:
        """The picture as SVG text."""
        return ET.tostring(self._root, encoding="unicode")


def round_steps(most: float, about: int) -> list[int]:
    """Round numbers from 0 to the first at or above `most`, in some `about` steps of 1, 2 or 5 times a power of ten."""
    rough = max(1.0, most / about)
    power = 10 ** math.floor(math.log10(rough))
    step = next(int(factor * power) for factor in (1, 2, 5, 10) if factor * power >= rough)
    return list(range(0, math.ceil(most / step) * step + 1, step))


def decades(low: int, high: int) -> list[int]:
    """Powers of ten from the last at or below `low` to the first at or above `high`, at least two."""
    first = math.floor(math.log10(max(1, low)))
    last = max(first + 1, math.ceil(math.log10(max(1, high))))
    return [10**exponent for exponent in range(first, last + 1)]


def unit_of(most: int) -> tuple[int, str]:
    """A decimal unit in which `most` is at least 10, as far as there is one, and its prefix: `(10**9, "G")`."""
    exponent = 0
    while exponent < 5 and most >= 10 * 1000 ** (exponent + 1):
        exponent += 1
    return 1000**exponent, ("", "k", "M", "G", "T", "P")[exponent]


def horizontal_grid(
    drawing: Drawing, panel: Panel, marks: Sequence[tuple[float, str]], *, labelled: bool = True
) -> None:
    """Level lines at the given values, named at the left."""
    for value, name in marks:
        y = panel.y(value)
        drawing.line((panel.left, y), (panel.left + panel.width, y), ink=PALE)
        if labelled:
            drawing.text(panel.left - 4, y + SMALL / 3, name, anchor="end")


def position_axis(drawing: Drawing, panel: Panel, y: float, *, size: int, name: Callable[[int], str]) -> None:
    """Round positions from the drive's start to its end, in the unit of `size` (bytes), below `y`."""
    unit, _ = unit_of(size)
    for at in round_steps(size / unit, max(3, round(panel.width / 55))):
        share = at * unit / size
        if share <= 1:
            x = panel.left + panel.width * share
            drawing.line((x, y), (x, y + 3))
            drawing.text(x, y + 3 + SMALL, name(at), anchor="middle")


def _n(value: float) -> str:
    """A number as short as one decimal allows: 0.04 mm."""
    return f"{value:.1f}".removesuffix(".0")
