"""The verification page as a reader uses it: genuine, altered and hostile documents, in Debian's Chromium.

Other browsers cannot be had here; what the page asks of one is named in docs/decisions/0013-verification-page.md.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import rfc8785
from playwright.sync_api import Browser, FilePayload, expect

from bench.evidence import Evidence
from bench.keys import grouped, public_pem
from bench.record.reading import JsonObject
from support import evidence_samples as sample
from support import verifier_samples as made
from support.verifier_page import VerifierPage, opened
from ui.formats import Language

CERTIFICATE = made.issued()
KEY = public_pem(made.KEY.public)


def altered(change: Callable[[JsonObject], object]) -> bytes:
    fields = json.loads(CERTIFICATE)
    change(fields)
    return rfc8785.dumps(fields)


@pytest.mark.parametrize("language", list(Language))
def test_a_genuine_pdf_is_green_with_the_key_and_amber_without(
    page: VerifierPage, pages: dict[Language, bytes], language: Language
) -> None:
    (without,) = page.give({"a.pdf": pages[language]})
    assert (without.overall, without.tone) == ("unknown-key", "doubt")
    assert {outcome for outcome, _ in without.checks.values()} == {"passed", "unknown"}
    page.give(None, {"station.key.pub": KEY})
    expect(page.page.locator("article.tone-good")).to_have_count(1)
    (known,) = page.seen()
    assert known.overall == "intact"
    assert known.checks["seal"] == ("passed", "verifier-seal-passed")
    assert known.sentence.startswith("Document inchangé depuis son émission par atelier-1, qui déclare que")
    assert "valide" not in known.text.lower()


def test_a_genuine_json_is_green_with_the_key_and_amber_without(page: VerifierPage) -> None:
    (without,) = page.give({"a.json": CERTIFICATE})
    assert (without.overall, without.tone, without.checks["key"]) == (
        "unknown-key",
        "doubt",
        ("unknown", "check-key-unknown"),
    )
    page.page.fill("#fingerprint", grouped(made.KEY.fingerprint).upper())
    page.page.press("#fingerprint", "Enter")
    expect(page.page.locator("article.tone-good")).to_have_count(1)
    (known,) = page.seen()
    assert {outcome for outcome, _ in known.checks.values()} == {"passed"}
    for fact in ("SN-0001", "Example HD1000", "EFFACÉ", "Flux aléatoire, une passe", "relu à 100", "67 108 864"):
        assert fact in known.text.replace("\N{NARROW NO-BREAK SPACE}", " "), fact
    assert "Que l’effacement a eu lieu" in known.text
    page.page.fill("#fingerprint", "5647")
    page.page.press("#fingerprint", "Enter")
    expect(page.page.locator("#items > li")).to_have_count(2)
    assert page.items()[1] == ("failed", "verifier-not-a-fingerprint")


@pytest.mark.parametrize(
    ("evidence", "words"),
    [
        (sample.failed, "À DÉTRUIRE – PEUT CONTENIR DES DONNÉES"),
        (sample.given_up, "À DÉTRUIRE – PEUT CONTENIR DES DONNÉES"),
        (sample.aborted, "À REFAIRE – EFFACEMENT NON PROUVÉ"),
        (sample.unproven, "À REFAIRE – EFFACEMENT NON PROUVÉ"),
    ],
)
def test_an_intact_failure_report_is_not_green(
    page: VerifierPage, evidence: Callable[[], Evidence], words: str
) -> None:
    (report,) = page.give({"a.json": made.issued(evidence())}, {"k": KEY})
    assert (report.overall, report.tone) == ("intact", "plain")
    assert words in report.text
    assert "Pourquoi l’effacement n’est pas prouvé" in report.text
    assert "cette page n’a pas de phrase" not in report.text


def test_every_remark_has_its_sentence_and_a_simulation_is_not_green(page: VerifierPage) -> None:
    simulated = sample.erased(sample.facts(simulated=True))
    documents = {
        "remarked": made.issued(sample.remarked()),
        "sick": made.issued(sample.sick()),
        "simulated": made.issued(simulated),
    }
    remarked, sick, third = page.give(documents, {"k": KEY})
    assert [item.tone for item in (remarked, sick, third)] == ["good", "good", "plain"]
    page.page.locator("details").evaluate_all("all => all.forEach(item => { item.open = true; })")
    remarked, sick, third = page.seen()
    for item in (remarked, sick):
        assert "Remarques" in item.text
        assert "cette page n’a pas de phrase" not in item.text
    assert "SIMULATION – aucun disque réel n’a été effacé." in third.text


@pytest.mark.parametrize(
    ("document", "overall", "failing"),
    [
        (altered(lambda it: it["record"]["drive"]["identity"].update(serial="SN-0002")), "altered", "signature"),
        (altered(lambda it: it["signature"].update(key="00" * 32)), "altered", "signature"),
        (altered(lambda it: it["proof"].update(index=2)), "altered", "inclusion"),
        (altered(lambda it: it["proof"].update(leaf_hash="00" * 32)), "altered", "leaf"),
        (altered(lambda it: it["proof"].update(tree_size=5)), "altered", "inclusion"),
        (altered(lambda it: it["proof"].update(head=it["proof"]["head"].replace("\n6\n", "\n7\n"))), "altered", "head"),
        (json.dumps(json.loads(CERTIFICATE), indent=1).encode(), "altered", "form"),
        (CERTIFICATE + b"\n", "altered", "form"),
        (CERTIFICATE.replace(b'"kind":', b'"kind":"failure-report","kind":'), "unreadable", "readable"),
        (CERTIFICATE.replace(b'"rounds":1', b'"rounds":1.0'), "unreadable", "readable"),
        (CERTIFICATE[:-1], "unreadable", "readable"),
        (b"", "unreadable", "readable"),
        (b"{}", "unreadable", "readable"),
        (b"\xff\xfe", "unreadable", "readable"),
        (b"[" * 100_000, "unreadable", "readable"),
    ],
)
def test_an_altered_json_is_red_and_says_why(page: VerifierPage, document: bytes, overall: str, failing: str) -> None:
    (report,) = page.give({"a.json": document}, {"k": KEY})
    assert (report.overall, report.tone) == (overall, "bad")
    assert failing in report.failed()
    if failing in {"signature", "readable"}:
        assert "Ce que dit l’enregistrement signé" not in report.text


def test_hostile_names_are_shown_as_text(page: VerifierPage) -> None:
    hostile = "<img src=x onerror=alert(1)></script><svg onload=alert(1)>\"'&\u202egnp.\u0000"
    drive = sample.facts(model=hostile, serial="<b>SN</b>")
    (report,) = page.give({"<i>file</i>.json": made.issued(sample.erased(drive))}, {"<s>key</s>": KEY})
    assert report.tone == "good"
    for shown in ("<img src=x onerror=alert(1)></script>", "<U+202E>", "<U+0000>", "<b>SN</b>", "<i>file</i>.json"):
        assert shown in report.text
    assert page.page.locator("main img, main b, main i, main s, main script").count() == 0


def test_a_browser_without_ed25519_says_so_and_passes_nothing(chromium: Browser, tmp_path: Path) -> None:
    lacking = """
        const real = crypto.subtle.importKey.bind(crypto.subtle);
        crypto.subtle.importKey = async (format, key, algorithm, ...rest) => {
            if (algorithm.name === "Ed25519") throw new DOMException("no", "NotSupportedError");
            return real(format, key, algorithm, ...rest);
        };
    """
    with opened(chromium, tmp_path, init=lacking) as page:
        expect(page.page.locator("#unable")).to_be_visible()
        (report,) = page.give({"a.json": CERTIFICATE}, {"k": KEY})
        assert (report.overall, report.tone) == ("unsupported", "doubt")
        assert report.checks["signature"] == ("unsupported", "verifier-check-unsupported")
        assert "SN-0001" not in report.text
        (_, broken) = page.give({"b.json": CERTIFICATE + b" "})
        assert broken.tone == "bad"


def test_without_webcrypto_nothing_is_called_unchanged(chromium: Browser, tmp_path: Path) -> None:
    with opened(chromium, tmp_path, init="Object.defineProperty(crypto, 'subtle', {value: undefined})") as page:
        expect(page.page.locator("#unable")).to_be_visible()
        (report,) = page.give({"a.json": CERTIFICATE})
        assert report.tone == "doubt"


@pytest.mark.parametrize(
    ("locale", "title"),
    [
        ("fr-FR", "Vérifier une attestation d’effacement"),
        ("en-GB", "Check an erasure certificate"),
        ("de-DE", "Check an erasure certificate"),
    ],
)
def test_the_page_speaks_the_readers_language(chromium: Browser, tmp_path: Path, locale: str, title: str) -> None:
    with opened(chromium, tmp_path, locale=locale) as page:
        expect(page.page.locator("h1")).to_have_text(title)
        assert page.page.title() == title


def test_the_language_can_be_changed_with_results_on_the_page(page: VerifierPage) -> None:
    page.give({"a.json": CERTIFICATE}, {"k": KEY})
    page.page.click("[data-language=en]")
    (report,) = page.seen()
    assert report.sentence.startswith("Document unchanged since it was issued by atelier-1")
    assert page.page.locator("html").get_attribute("lang") == "en"
    for left in page.page.locator("[data-say]").all_inner_texts():
        assert not re.search(r"[éèà]|\bvotre\b|\bclé\b", left), left


def test_several_documents_are_counted_and_can_be_cleared(page: VerifierPage, pages: dict[Language, bytes]) -> None:
    page.give({"a.pdf": pages[Language.FR], "b.pdf": pages[Language.EN], "c.json": CERTIFICATE + b" "}, {"k": KEY})
    expect(page.page.locator("#status")).to_have_text(
        "Contrôle terminé\N{NO-BREAK SPACE}: 3 documents. Inchangés\N{NO-BREAK SPACE}: 2. "
        "À éclaircir\N{NO-BREAK SPACE}: 0. À refuser\N{NO-BREAK SPACE}: 1."
    )
    page.page.click("#again")
    page.settled(0, 0)
    (again,) = page.give({"c.json": CERTIFICATE})
    assert again.overall == "unknown-key"


def test_files_can_be_dropped_anywhere(page: VerifierPage) -> None:
    page.page.evaluate(
        """([certificate, key]) => {
            const given = new DataTransfer();
            given.items.add(new File([certificate], "a.json"));
            given.items.add(new File([key], "k.pub"));
            document.body.dispatchEvent(
                new DragEvent("drop", { dataTransfer: given, bubbles: true, cancelable: true })
            );
        }""",
        [CERTIFICATE.decode(), KEY.decode()],
    )
    expect(page.page.locator("article.tone-good")).to_have_count(1)


def test_a_pdf_is_checked_within_a_second(page: VerifierPage, pages: dict[Language, bytes]) -> None:
    page.give({"warm.json": CERTIFICATE}, {"k": KEY})
    began = time.monotonic()
    given: FilePayload = {"name": "a.pdf", "mimeType": "application/pdf", "buffer": pages[Language.FR]}
    page.page.set_input_files("#documents", given)
    page.page.wait_for_selector("article:nth-of-type(2)")
    assert time.monotonic() - began < 1.0
