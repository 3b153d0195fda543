"""Makes and writes a record's documents: the certificate file itself, and its sealed page in each language."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bench.certificate import Certificate
from bench.messages import BenchError, say
from bench.record.model import Record
from ui.formats import Language
from ui.paper import seal
from ui.paper.pdf import render_pdf
from ui.paper.seal import Prepared, Sealer, SealWords
from ui.texts import texts


def pdf_name(number: str, language: Language) -> str:
    """The file name of a record's pages in one language."""
    return f"{number}.{language.value}.pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentPublisher:
    """Implements `bench.ports.Publisher`: `NUMBER.json`, `NUMBER.fr.pdf` and `NUMBER.en.pdf`."""

    sealer: Sealer

    def draft(self, number: str, document: bytes, seals: Mapping[str, bytes]) -> SealedDraft:
        """See `Publisher.draft`."""
        record = Certificate.model_validate_json(document).record
        pages = {
            pdf_name(number, language): seal.prepare(
                render_pdf(document, language),
                at=datetime.fromisoformat(record.document.issued),
                words=_words(record, language),
            )
            for language in Language
        }
        kept = {name: seals[name] for name, page in pages.items() if _fits(seals.get(name), page)}
        new = {name: self._sign(record, page) for name, page in pages.items() if name not in kept}
        return SealedDraft(number=number, document=document, pages=pages, kept=kept, new=new)

    def _sign(self, record: Record, page: Prepared) -> bytes:
        stated = record.document.seal
        # Records from before the station had a seal name none: any seal is better than none, and checked as unnamed.
        if isinstance(stated, str) and stated != self.sealer.digest:
            raise BenchError(say("seal-gone", number=record.document.number))
        return self.sealer.sign(page.digest)


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedDraft:
    """Implements `bench.ports.Draft`. By file name: `pages` with room for their seals, `kept` and `new` seals."""

    number: str
    document: bytes
    pages: Mapping[str, Prepared]
    kept: Mapping[str, bytes]
    new: Mapping[str, bytes]

    @property
    def imprints(self) -> Mapping[str, bytes]:
        """See `Draft.imprints`."""
        return {name: seal.imprint(made) for name, made in self.new.items()}

    def seal(self, stamps: Mapping[str, bytes]) -> Mapping[str, bytes]:
        """See `Draft.seal`."""
        stamped = {
            name: seal.stamped(made, stamps[name]) if name in stamps else made for name, made in self.new.items()
        }
        for name, made in stamped.items():
            self.pages[name].filled(made)
        return {**self.kept, **stamped}

    def write(self, folder: Path, seals: Mapping[str, bytes]) -> None:
        """See `Draft.write`."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_file(folder / f"{self.number}.json", self.document)
        for name, page in self.pages.items():
            replace_file(folder / name, page.filled(seals[name]))


def _fits(kept: bytes | None, page: Prepared) -> bool:
    """Whether a seal that was kept is one over these very bytes: a later version may lay pages out differently."""
    return kept is not None and seal.is_seal_over(kept, page.digest)


def _words(record: Record, language: Language) -> SealWords:
    t, station = texts(language), record.custody.station
    return SealWords(
        field=t.say("seal-field", station=station),
        reason=t.say(f"seal-reason-{record.kind.value}", number=record.document.number),
        location=t.say("seal-location", station=station),
    )


def replace_file(path: Path, content: bytes) -> None:
    """Write a file so that it appears whole or not at all. Raises `OSError`."""
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
