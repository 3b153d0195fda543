"""Writes a record's documents: the certificate file itself, and its page in each language."""

from __future__ import annotations

import os
from pathlib import Path

from ui.formats import Language
from ui.paper.pdf import render_pdf


class DocumentPublisher:
    """Implements `bench.ports.Publisher`. Each file appears whole or not at all."""

    def publish(self, number: str, document: bytes, folder: Path) -> None:
        """See `Publisher.publish`: `NUMBER.json`, `NUMBER.fr.pdf` and `NUMBER.en.pdf`. Raises `OSError`."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _replace(folder / f"{number}.json", document)
        for language in Language:
            _replace(folder / f"{number}.{language.value}.pdf", render_pdf(document, language))


def _replace(path: Path, content: bytes) -> None:
    part = path.with_name(f".{path.name}.part")
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
