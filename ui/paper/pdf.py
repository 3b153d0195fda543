"""From a certificate file to its PDF: A4, archival and accessible (PDF/A-3a, PDF/UA-1), the original attached.

The same file gives the same bytes on every machine: fonts are those inside typst, the date is the record's own.
"""

from __future__ import annotations

import io
import json
from datetime import datetime
from importlib.resources import files
from pathlib import Path

import pikepdf
import typst

from bench.certificate import Certificate
from ui.formats import Language
from ui.paper.view import view_of
from ui.texts import texts


def render_pdf(certificate: bytes, language: Language) -> bytes:
    """The PDF of a certificate file. `ValueError` if the file is not one of this version; see `bench.verification`.

    Rendering checks no signature: it is for files that this station issued.
    """
    parsed = Certificate.model_validate_json(certificate)
    inputs = {
        "view": json.dumps(view_of(parsed, texts(language)), ensure_ascii=False),
        "original": certificate.decode("utf-8"),
    }
    pdf = typst.compile(
        _template(),
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs=inputs,
        pdf_standards=["a-3a", "ua-1"],
        timestamp=datetime.fromisoformat(parsed.record.document.issued).replace(microsecond=0),
    )
    if not isinstance(pdf, bytes):
        raise TypeError("typst gave pages instead of one PDF")
    return _packed(pdf)


def _packed(pdf: bytes) -> bytes:
    """The same PDF with its small objects in compressed streams: a third less, as typst writes thousands of them."""
    packed = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.save(packed, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return packed.getvalue()


def _template() -> Path:
    """The template. Its parts are read from beside it, and nothing outside that folder is."""
    return Path(str(files("config").joinpath("certificate.typ")))
