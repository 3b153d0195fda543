"""Documents as they were issued: told from others by their kept seals, copied as they are, and written again."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from bench.messages import BenchError, say
from ui.formats import Language
from ui.paper import seal
from ui.paper.publisher import DocumentPublisher, pdf_name, replace_file

_AT_A_TIME = 256
_WORTH_A_PROCESS = 16
"""Documents for which a further process is worth its start, which takes as long as making a few."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A record's certificate file and the seals (CMS, DER) of its pages, by file name, as the journal keeps them."""

    number: str
    document: bytes
    seals: Mapping[str, bytes]

    @property
    def files(self) -> tuple[str, ...]:
        """File names: the certificate file, then its pages."""
        return (f"{self.number}.json", *(pdf_name(self.number, language) for language in Language))

    def damaged(self, folder: Path) -> tuple[str, ...]:
        """Which files are missing in a folder, or are not what was issued. Raises `OSError`."""
        return tuple(name for name in self.files if not self._is_issued(name, folder / name))

    def copy(self, source: Path, target: Path) -> tuple[Path, ...]:
        """Copy the files as they are. `BenchError` if one is not what was issued; raises `OSError`."""
        damaged = self.damaged(source)
        if damaged:
            raise BenchError(say("cli-export-missing", number=self.number, file=damaged[0]))
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in self.files:
            replace_file(target / name, (source / name).read_bytes())
        return tuple(target / name for name in self.files)

    def _is_issued(self, name: str, path: Path) -> bool:
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return False
        return content == self.document if path.suffix == ".json" else seal.bears(content, self.seals.get(name, b""))


class _NoSealer:
    """Where only seals that were kept may be used: a helper process has no key."""

    digest = ""

    def sign(self, digest: bytes) -> bytes:  # noqa: ARG002 - the protocol's
        raise BenchError(say("seal-gone", number="–"))


def rewrite(issued: Issued, folder: Path) -> bool:
    """Write a record's documents with their kept seals. False, and nothing written, where a page needs a new one."""
    try:
        draft = DocumentPublisher(sealer=_NoSealer()).draft(issued.number, issued.document, issued.seals)
    except BenchError:
        return False
    draft.write(folder, issued.seals)
    return True


def rewrite_all(documents: Iterable[Issued], count: int, folder: Path, jobs: int | None) -> Iterator[tuple[str, bool]]:
    """`rewrite` for `count` records, in so many processes; numbers and results, in their order."""
    processes = min(jobs or os.cpu_count() or 1, 1 + count // _WORTH_A_PROCESS)
    if processes == 1:
        for issued in documents:
            yield issued.number, rewrite(issued, folder)
        return
    waiting = iter(documents)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        while part := list(islice(waiting, _AT_A_TIME)):
            results = pool.map(rewrite, part, [folder] * len(part), chunksize=_WORTH_A_PROCESS // 4)
            yield from zip((issued.number for issued in part), results, strict=True)
