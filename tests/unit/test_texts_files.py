"""Every Fluent file of both languages: parses, says the same things with the same values, and is set properly."""

from __future__ import annotations

import ast as python_ast
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from fluent.syntax import FluentParser, ast
from fluent.syntax.serializer import serialize_expression
from fluent.syntax.visitor import Visitor

import bench
from bench.context import ClockTrust
from bench.drive import Interface, Medium
from bench.events import Cause
from bench.ledger import note
from bench.plan import Level
from bench.record.base import AbsenceReason
from bench.record.model import Kind
from bench.record.result import NotCovered
from bench.verdict import Verdict
from bench.verification import Outcome, Overall, Subject
from bench.work import StopCause
from ui.formats import Language
from ui.texts import sources, texts

PROJECT = Path(bench.__file__).parent.parent
NARROW, NO_BREAK = "\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}"


class Collector(Visitor):
    """The variables a message uses, and its text with every placeable shown as `{}`."""

    def __init__(self) -> None:
        self.variables: set[str] = set()
        self.texts: list[str] = []

    def visit_VariableReference(self, node: ast.VariableReference) -> None:  # noqa: N802 - the visitor's protocol
        self.variables.add(node.id.name)

    def visit_Pattern(self, node: ast.Pattern) -> None:  # noqa: N802 - the visitor's protocol
        parts = [part.value if isinstance(part, ast.TextElement) else "{}" for part in node.elements]
        self.texts.append("".join(part or "" for part in parts))
        self.generic_visit(node)


def messages(language: Language) -> dict[str, ast.Message]:
    found: dict[str, ast.Message] = {}
    for name, content in sources(language).items():
        for entry in FluentParser(with_spans=False).parse(content).body:
            assert not isinstance(entry, ast.Junk), f"{language.value}/{name}: {entry.content}"
            if isinstance(entry, ast.Message):
                assert entry.id.name not in found, f"{entry.id.name} twice, again in {language.value}/{name}"
                found[entry.id.name] = entry
    return found


def collected(message: ast.Message) -> Collector:
    collector = Collector()
    collector.visit(message)
    return collector


FRENCH, ENGLISH = messages(Language.FR), messages(Language.EN)


def test_both_languages_have_the_same_files() -> None:
    assert sorted(sources(Language.FR)) == sorted(sources(Language.EN))
    assert {item.name for item in files("config").joinpath("texts").iterdir()} == set(Language)


def test_both_languages_have_the_same_messages() -> None:
    assert sorted(FRENCH) == sorted(ENGLISH)


@pytest.mark.parametrize("message_id", sorted(FRENCH.keys() & ENGLISH.keys()))
def test_both_languages_use_the_same_values_and_functions(message_id: str) -> None:
    assert collected(FRENCH[message_id]).variables == collected(ENGLISH[message_id]).variables
    assert FRENCH[message_id].value is not None
    assert ENGLISH[message_id].value is not None


FRENCH_FAULTS = {
    "no U+202F before ; ! ?": re.compile(rf"(?<!{NARROW})[;!?](?=\s|$|»)"),
    "no U+00A0 before a colon": re.compile(rf"(?<!{NO_BREAK}):(?=\s|$)"),
    "an ordinary space before punctuation": re.compile(r" [:;!?»%]"),
    "no U+00A0 inside guillemets": re.compile(rf"«(?!{NO_BREAK})|(?<!{NO_BREAK})»"),
    "a straight apostrophe": re.compile(r"'"),
    "three dots": re.compile(r"\.\.\."),
    # What is typed on the command line is quoted as it is typed: sample:5%.
    "a percent sign without its space": re.compile(r"(?<!sample:)(?<![0-9])[0-9]+%"),
}


@pytest.mark.parametrize("fault", sorted(FRENCH_FAULTS))
def test_french_is_set_in_french(fault: str) -> None:
    wrong = [
        f"{message_id}: {text}"
        for message_id, message in FRENCH.items()
        for text in collected(message).texts
        if FRENCH_FAULTS[fault].search(text)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        ("no U+202F before ; ! ?", "Quoi ?"),
        ("no U+00A0 before a colon", "Voici : cela"),
        ("an ordinary space before punctuation", "100 %"),
        ("no U+00A0 inside guillemets", "« ici »"),
        ("a straight apostrophe", "l'état"),
        ("three dots", "et..."),
        ("a percent sign without its space", "100%"),
    ],
)
def test_the_rules_find_what_they_are_for(fault: str, text: str) -> None:
    assert FRENCH_FAULTS[fault].search(text)


@pytest.mark.parametrize("language", list(Language))
def test_no_word_claims_more_than_is_proven(language: Language) -> None:
    claims = re.compile(r"\b(valide|valid|certifié|certified|qualifié|qualified|conforme|compliant)\b", re.IGNORECASE)
    found = FRENCH if language is Language.FR else ENGLISH
    wrong = [
        message_id
        for message_id, message in found.items()
        if message_id.startswith(("verdict", "paper", "certificate", "check", "reason", "remark", "level"))
        and any(claims.search(text) for text in collected(message).texts)
    ]
    assert wrong == []


def required_ids() -> Iterator[str]:
    """Ids put together from enumerations, where no single line of code shows them whole."""
    for verdict in Verdict:
        yield from (f"verdict-{verdict.value}", f"verdict-{verdict.value}-consequence")
    yield from (f"reason-gave-up-{cause.value}" for cause in StopCause if cause is not StopCause.ASKED)
    yield from (f"reason-{name}" for name in ("unwritten", "unread", "mismatch"))
    yield from (f"remark-earlier-errors{sampled}" for sampled in ("", "-sampled"))
    yield from (f"paper-overcome-{name}" for name in ("retried", "cured", "rewritten"))
    yield from (f"paper-verification-{name}" for name in ("unread", "different"))
    yield from (f"paper-{role}{ending}" for role in ("donor", "refurbisher") for ending in ("", "-role"))
    yield from (f"paper-latency-{unit}" for unit in ("us", "ms", "s"))
    yield from (f"paper-surface-alt-{picture}" for picture in ("throughput", "latency"))
    yield from (f"remark-interrupted-{cause.value}" for cause in Cause if cause is not Cause.PAUSED)
    yield from (f"level-{level.value}" for level in Level)
    yield from (f"absent-{reason.value}" for reason in AbsenceReason)
    for area in NotCovered:
        yield from (f"not-covered-{area.value}", f"not-covered-{area.value}-why")
    for kind in Kind:
        yield from (f"paper-title-{kind.value}", f"paper-declaration-{kind.value}")
    yield from (f"certificate-{overall.value}" for overall in Overall)
    failing = {Subject.FORM, Subject.SCHEMA, Subject.SIGNATURE, Subject.LEAF, Subject.INCLUSION}
    yield from (f"check-{subject.value}-{Outcome.PASSED.value}" for subject in Subject)
    yield from (f"check-{subject.value}-{Outcome.FAILED.value}" for subject in failing)
    yield from (f"check-key-{Outcome.UNKNOWN.value}", "check-skipped")


@pytest.mark.parametrize("language", list(Language))
def test_every_code_of_the_record_has_its_sentence(language: Language) -> None:
    missing = [message_id for message_id in required_ids() if not texts(language).knows(message_id)]
    assert missing == []


def said_in_code() -> dict[str, str]:
    """Ids written out in calls of `say(...)`, and where."""
    said: dict[str, str] = {}
    for package in ("bench", "drivers", "ui"):
        for path in sorted((PROJECT / package).rglob("*.py")):
            for node in python_ast.walk(python_ast.parse(path.read_text("utf-8"))):
                if not isinstance(node, python_ast.Call) or not node.args:
                    continue
                called, first = node.func, node.args[0]
                name = called.attr if isinstance(called, python_ast.Attribute) else getattr(called, "id", "")
                if name == "say" and isinstance(first, python_ast.Constant) and isinstance(first.value, str):
                    said[first.value] = f"{path.relative_to(PROJECT)}:{node.lineno}"
    return said


def test_everything_said_in_code_has_its_sentence() -> None:
    said = said_in_code()
    assert "ledger-head-unreadable" in said, f"the search does not look into {note.__name__}"
    missing = {message_id: where for message_id, where in said.items() if message_id not in FRENCH}
    assert missing == {}


@pytest.mark.parametrize(
    ("message_id", "variable", "values"),
    [
        ("paper-issued", "clock", ClockTrust),
        ("paper-interface-value", "interface", Interface),
        ("paper-medium-value", "medium", Medium),
        ("paper-interruption", "cause", Cause),
        ("paper-tool-clock-value", "clock", ClockTrust),
        ("certificate-intact", "verdict", Verdict),
        ("certificate-unknown-key", "verdict", Verdict),
    ],
)
@pytest.mark.parametrize("found", [FRENCH, ENGLISH], ids=["fr", "en"])
def test_choices_name_every_value(
    found: dict[str, ast.Message], message_id: str, variable: str, values: type[Verdict]
) -> None:
    class Choices(Visitor):
        def __init__(self) -> None:
            self.keys: set[str] = set()

        def visit_SelectExpression(self, node: ast.SelectExpression) -> None:  # noqa: N802 - the visitor's protocol
            if serialize_expression(node.selector) == f"${variable}":
                self.keys = {key.key.name for key in node.variants if isinstance(key.key, ast.Identifier)}

    choices = Choices()
    choices.visit(found[message_id])
    assert choices.keys == {item.value for item in values}
