"""The QR code of a document: which number it has and which original it belongs to, for a scanner without network."""

from __future__ import annotations

import io

import segno


def qr_text(number: str, digest: str) -> str:
    """What the code says. `digest` is the SHA-256 (hex) of the canonical record, as `sha256sum` writes it."""
    return f"TABLERASE:1:{number}:{digest}"


def qr_svg(text: str) -> str:
    """`text` as a QR code (error correction M or better) in SVG, one unit per module. `ValueError` if it is too long.

    The four modules of white that ISO/IEC 18004 wants around it are left to the page.
    """
    code = segno.make_qr(text, error="m")
    drawn = io.BytesIO()
    code.save(drawn, kind="svg", border=0, xmldecl=False, svgns=True, omitsize=True, nl=False)
    return drawn.getvalue().decode("ascii")
