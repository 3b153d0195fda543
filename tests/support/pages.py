"""Pages of a PDF as people see them: grey pictures, their text, and how far two pictures differ."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pymupdf
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from ui.paper.legible import ZERO_WIDTH_SPACE

open_pdf: Any = pymupdf.open  # pymupdf carries no annotations
_GROUP, _LEAST_GROUPS = re.compile(r"^[0-9a-f]{4}$"), 4
"""A digest is printed as a line of such groups. Every change to the record changes it; it says nothing of a page."""
_POINTS_PER_INCH = 72
_QR_STEPS, _QR_SQUARE = 200, 4
"""The QR code is the path of more steps than this that is as wide as high, to a module or two."""
_BLUR = 1.2
_SEEN = 20
"""A difference of less than this, of 255, is that of another rounding, not of another page."""


def grey(pdf: bytes, number: int, dpi: int) -> Image.Image:
    """Page `number` (from 1) in grey."""
    with open_pdf(stream=pdf) as document:
        return _picture(document[number - 1], dpi)


def without_digests(pdf: bytes, number: int, dpi: int) -> Image.Image:
    """Page `number` (from 1) in grey, its digests and its QR code painted white."""
    return blanked(grey(pdf, number, dpi), pdf, number, dpi)


def blanked(picture: Image.Image, pdf: bytes, number: int, dpi: int) -> Image.Image:
    """A picture, made at `dpi`, with white where page `number` of a PDF has digests and the QR code."""
    picture = picture.copy()
    brush = ImageDraw.Draw(picture)
    with open_pdf(stream=pdf) as document:
        for box in _digests(document[number - 1]):
            left, top, right, bottom = (edge * dpi / _POINTS_PER_INCH for edge in box)
            brush.rectangle((left - 1, top - 1, right + 1, bottom + 1), fill=255)
    return picture


def page_texts(pdf: bytes) -> list[str]:
    """The text of each page, its line breaks as spaces, places where a word may break taken out."""
    with open_pdf(stream=pdf) as document:
        return [re.sub(r"\s+", " ", page.get_text().replace(ZERO_WIDTH_SPACE, "")) for page in document]


def unspaced(text: str) -> str:
    """`text` without any space: where lines break says nothing about what they say."""
    return re.sub(r"\s+", "", text)


def difference(one: Image.Image, other: Image.Image) -> tuple[float, Image.Image]:
    """How different two pictures look: the share of places seen to differ, and a picture of them. 1 for other sizes."""
    if one.size != other.size:
        return 1.0, other
    blurred = [picture.filter(ImageFilter.GaussianBlur(_BLUR)) for picture in (one, other)]
    seen = ImageChops.difference(*blurred).point(lambda value: 255 if value > _SEEN else 0)
    return seen.histogram()[255] / (seen.width * seen.height), seen


def _picture(page: Any, dpi: int) -> Image.Image:
    drawn = page.get_pixmap(dpi=dpi, colorspace="gray")
    return Image.frombytes("L", (drawn.width, drawn.height), drawn.samples)


def _digests(page: Any) -> Iterator[tuple[float, float, float, float]]:
    groups = [word for word in page.get_text("words") if _GROUP.match(word[4])]
    in_line = Counter(word[5:7] for word in groups)
    yield from (word[:4] for word in groups if in_line[word[5:7]] >= _LEAST_GROUPS)
    for path in page.get_drawings():
        box = path["rect"]
        if len(path["items"]) > _QR_STEPS and abs(box.width - box.height) < _QR_SQUARE:
            yield tuple(box)
