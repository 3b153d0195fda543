"""The verification page in a browser, for the tests of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from support import verifier_samples as made
from support.verifier_page import Call, VerifierPage, browser, opened, probe
from ui.formats import Language


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium. For one file of tests: its event loop and that of other tests do not go together."""
    with browser() as found:
        yield found


@pytest.fixture
def page(chromium: Browser, tmp_path: Path) -> Iterator[VerifierPage]:
    """The page as a reader has it. Nothing may go wrong in it, and nothing may be fetched."""
    with opened(chromium, tmp_path) as found:
        yield found
        assert found.errors == []
        assert [url for url in found.requested if not url.startswith("file:")] == []


@pytest.fixture(scope="module")
def pages() -> dict[Language, bytes]:
    """A certificate's sealed PDFs."""
    return {language: made.sealed_pages(made.issued(), language) for language in Language}


@pytest.fixture(scope="module")
def call(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Call]:
    """The page's modules, to be called one by one."""
    with probe(chromium, tmp_path_factory.mktemp("probe")) as found:
        yield found
