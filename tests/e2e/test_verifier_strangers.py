"""What a bench really issues, checked by a stranger's program and by the page that the command writes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from bench.keys import public_path
from bench.state import StateFolder
from drivers.sim.faults import BadSectors
from support import stranger, stranger_basics
from support.benches import addresses, planted_drives
from support.command import Command
from support.stranger_keys import Known
from support.verifier_page import browser, opened


@dataclass(frozen=True)
class Issued:
    """A bench that erased one drive, failed another, and corrected the first document; and its donor's folder."""

    folder: StateFolder
    command: Command
    kept: Path
    """The head that the donor kept after the first two."""

    @property
    def documents(self) -> dict[str, bytes]:
        found = sorted(item for item in self.folder.certificates.iterdir() if item.suffix in {".json", ".pdf"})
        return {item.name: item.read_bytes() for item in found}

    @property
    def key_list(self) -> bytes:
        return self.folder.key.with_name("station.keys.json").read_bytes()

    @property
    def public_key(self) -> bytes:
        return public_path(self.folder.key).read_bytes()


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Issued:
    root = tmp_path_factory.mktemp("bench")
    command = Command(root / "state")
    given = ("erase", "--method", "zero", "--yes", "--operator", "OP-07")
    with planted_drives(root / "good") as good:
        assert command(*given, *addresses(good)).status == 0
    with planted_drives(root / "bad", sicknesses=[BadSectors(first=0, count=1)]) as bad:
        assert command(*given, *addresses(bad)).status == 1
    kept = root / "kept.txt"
    assert command("ledger", "head", "--to", kept).status == 0
    first = command("certificate", "list", "--json").lines[0]["number"]
    corrected = command("certificate", "correct", first, "--reason", "Lot oublié", "--lot", "BR-2026-17")
    assert corrected.status == 0, corrected.err
    return Issued(StateFolder(root / "state"), command, kept)


def test_a_stranger_finds_everything_intact(issued: Issued) -> None:
    assert len(issued.documents) == 9
    for content in issued.documents.values():
        for given in (issued.public_key, issued.key_list):
            known = Known()
            known.take(given)
            report = stranger.check(content, known)
            assert (report.overall, set(report.checks.values())) == ("intact", {"passed"})
        assert stranger.check(content, Known()).overall == "unknown-key"


def test_a_stranger_finds_changed_bytes(issued: Issued) -> None:
    known = Known()
    known.take(issued.public_key)
    for name, content in issued.documents.items():
        for place in range(0, len(content), 1499 if name.endswith(".pdf") else 97):
            changed = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
            assert stranger.check(changed, known).overall in {"altered", "unreadable"}, (name, place)


def test_a_stranger_follows_the_ledger_from_a_kept_head(issued: Issued) -> None:
    done = issued.command("ledger", "consistency", issued.kept, "--json")
    assert done.status == 0
    (found,) = done.lines
    kept = stranger_basics.read_head(issued.kept.read_text(encoding="utf-8"))
    old, new = (stranger_basics.read_head(found[name]["note"]) for name in ("old", "new"))
    key = next(iter(_known(issued).all_keys()))
    assert old.is_signed_by(key)
    assert new.is_signed_by(key)
    assert (old.size, old.root, new.size) == (kept.size, kept.root, 3)
    path = [bytes.fromhex(item) for item in found["path"]]
    assert stranger_basics.is_consistent(old.root, old.size, new.root, new.size, path)
    assert not stranger_basics.is_consistent(new.root, old.size, new.root, new.size, path)


def test_the_page_that_the_command_writes_finds_the_same(issued: Issued, tmp_path: Path) -> None:
    written = tmp_path / "page.html"
    done = issued.command("certificate", "page", "--to", written)
    assert (done.status, str(written) in done.out.replace("\n", "")) == (0, True)
    proof = issued.command("ledger", "consistency", issued.kept, "--json").out.encode()
    given = {"key": issued.public_key, "list": issued.key_list, "head": issued.kept.read_bytes(), "proof": proof}
    with browser() as chromium, opened(chromium, tmp_path, file=written) as page:
        reports = page.give(issued.documents, given)
        assert {item for item, _ in page.items()} == {"passed"}
        assert [report.overall for report in reports] == ["intact"] * 9
        # Nothing real was erased, and the page does not dress that in green.
        assert {report.tone for report in reports} == {"plain"}
        # The first document's proof is in a tree of one record, which no proof here joins to the kept head.
        kept = [report.checks.pop("kept")[1] for report in reports]
        names = ("verifier-kept-size", "verifier-kept-passed", "verifier-kept-grown")
        assert [kept.count(name) for name in names] == [3, 3, 3]
        for report in reports:
            assert {outcome for outcome, _ in report.checks.values()} == {"passed"}
        assert page.errors == []
        page.page.locator("details").evaluate_all("all => all.forEach(item => { item.open = true; })")
        corrected = [report.text for report in page.seen() if "BR-2026-17" in report.text]
        assert len(corrected) == 3
        assert all("Lot oublié" in text for text in corrected)


def test_a_page_that_cannot_be_written_is_refused_in_words(issued: Issued, tmp_path: Path) -> None:
    done = issued.command("certificate", "page", "--to", tmp_path / "none" / "page.html")
    assert done.status == 2
    assert "ne peut pas être écrite" in " ".join(done.err.split())


def _known(issued: Issued) -> Known:
    known = Known()
    known.take(issued.public_key)
    return known
