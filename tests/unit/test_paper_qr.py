"""The QR code: read from the page as a scanner or a telephone sees it, it names this document and its original."""

from __future__ import annotations

import hashlib

import pytest
import zxingcpp

from bench.certificate import Certificate
from bench.record.schema import canonical
from support import paper_samples as samples
from support.pages import grey
from ui.formats import Language
from ui.paper.qr import qr_svg, qr_text


@pytest.mark.parametrize("dpi", [100, 150])
@pytest.mark.parametrize("name", sorted(samples.SAMPLES))
def test_the_code_is_read_from_the_page(name: str, dpi: int) -> None:
    record = Certificate.model_validate_json(samples.file_of(name)).record
    digest = hashlib.sha256(canonical(record)).hexdigest()
    read = zxingcpp.read_barcodes(grey(samples.pdf_of(name, Language.FR), 1, dpi))
    assert [code.text for code in read] == [f"TABLERASE:1:{record.document.number}:{digest}"]
    assert read[0].format == zxingcpp.BarcodeFormat.QRCode


def test_a_page_put_down_askew_is_read() -> None:
    page = grey(samples.pdf_of("ordinary", Language.EN), 1, 150).rotate(4, expand=True, fillcolor=255)
    assert len(zxingcpp.read_barcodes(page)) == 1


def test_other_pages_have_no_code() -> None:
    assert zxingcpp.read_barcodes(grey(samples.pdf_of("ordinary", Language.FR), 2, 100)) == []


def test_the_drawing_is_repeatable() -> None:
    text = qr_text("TR-ABCDEF-000001", "0f" * 32)
    assert text == "TABLERASE:1:TR-ABCDEF-000001:" + "0f" * 32
    assert qr_svg(text) == qr_svg(text)
    assert qr_svg(text) != qr_svg(text.replace("0f", "1f"))
