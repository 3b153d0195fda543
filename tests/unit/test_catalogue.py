from __future__ import annotations

from pathlib import Path

import pytest

from bench.catalogue import built_in, catalogue, find
from bench.messages import BenchError
from bench.methods import Shuffled
from ui.formats import Language
from ui.texts import texts

ONE = '[[method]]\nkey = "own"\nname = "Ours"\nsource = "This workshop"\n'
# The passes of every method, as one would read them aloud: `v` is read back, `{}` an order that is drawn.
EXPECTED = {
    "zero": "00",
    "one": "FF",
    "random": "random v",
    "nist-clear": "00 v",
    "dod-short": "a, ~a, random",
    "dod-522022m": "a, ~a, random, b, c, ~c, random",
    "gutmann": "random, random, random, random, {27}, random, random, random, random",
    "ops2": "00, FF, 00, FF, 00, FF, random v",
    "ops2-nwipe": "a, ~a, a, ~a, a, ~a, a, ~a, random v",
    "is5-baseline": "00 v",
    "is5-enhanced": "00, FF, random v",
    "schneier": "FF, 00, random, random, random, random, random",
    "bmb21-2019": "FF, 00, random, random, random, FF",
    "vsitr": "00, FF, 00, FF, 00, FF, AA",
    "gost-r-50739-95": "00, random",
    "afssi-5020": "00, FF, random v",
    "navso-p-5239-26": "01, 7FFFFFFF, random v",
}


def spoken(key: str) -> str:
    steps = built_in()[key].steps
    return ", ".join(
        f"{{{len(step.passes)}}}" if isinstance(step, Shuffled) else step.content + " v" * step.verify for step in steps
    )


def test_the_built_in_methods_are_these_and_each_has_a_source() -> None:
    assert {key: spoken(key) for key in built_in()} == EXPECTED
    assert all(method.source and method.name and not method.site for method in built_in().values())


def test_gutmann_has_the_papers_27_patterns() -> None:
    group = built_in()["gutmann"].steps[4]
    assert isinstance(group, Shuffled)
    # By what each is made for: (2,7) and (1,7) RLL and MFM in three phases, the sixteen nibbles, (2,7) RLL again.
    mfm = ["555555", "AAAAAA"]
    rll = ["924924", "492492", "249249"]
    nibbles = [digit * 6 for digit in "0123456789ABCDEF"]
    rll_27 = ["6DB6DB", "B6DB6D", "DB6DB6"]
    assert [template.content for template in group.passes] == mfm + rll + nibbles + rll + rll_27


@pytest.mark.parametrize("language", list(Language))
def test_every_method_has_a_title(language: Language) -> None:
    assert len({texts(language).text(method.title) for method in built_in().values()}) == len(EXPECTED)


def site(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "own.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_site_adds_its_own_methods(tmp_path: Path) -> None:
    file = site(
        tmp_path, ONE + 'passes = ["aa", "~a", { write = "7fff", verify = true }, { shuffled = ["00", "ff"] }]\n'
    )
    methods = catalogue(file)
    assert methods.keys() == built_in().keys() | {"own"}
    own = methods["own"]
    assert own.site
    assert [getattr(step, "content", "group") for step in own.steps] == ["AA", "~a", "7FFF", "group"]
    assert own.passes_per_round() == 5


def refusals(tmp_path: Path, text: str) -> list[tuple[str, dict[str, str | int]]]:
    """Id and values of every sentence, the file left out; each can be said in both languages and names the file."""
    file = site(tmp_path, text)
    with pytest.raises(BenchError) as caught:
        catalogue(file)
    for message in caught.value.messages:
        assert all(str(file) in texts(language).text(message) for language in Language)
    return [
        (message.id, {key: value for key, value in message.params.items() if key != "file"})
        for message in caught.value.messages
    ]


@pytest.mark.parametrize(
    ("written", "number", "message_id"),
    [
        ('["0"]', 1, "methods-wrong-pass"),
        ('["00", "~ab"]', 2, "methods-wrong-pass"),
        ("[7]", 1, "methods-wrong-pass"),
        ('[["00"]]', 1, "methods-wrong-pass"),
        ('["00", { write = "zz", verify = true }]', 2, "methods-wrong-pass"),
        ('[{ shuffled = ["00", "~"] }]', 1, "methods-wrong-pass"),
        ('[{ write = "00" }]', 1, "methods-pass-incomplete"),
        ('[{ write = "00", verify = "yes" }]', 1, "methods-pass-incomplete"),
        ('[{ write = "00", verify = true, twice = true }]', 1, "methods-pass-field-unknown"),
        ('["00", "00", { shuffled = ["00"] }]', 3, "methods-group-too-small"),
        ('[{ shuffled = "00" }]', 1, "methods-group-too-small"),
        (f'["{"00" * 513}"]', 1, "methods-pattern-too-long"),
    ],
)
def test_a_wrong_pass_is_named_by_its_number(tmp_path: Path, written: str, number: int, message_id: str) -> None:
    ((found, values),) = refusals(tmp_path, f"{ONE}passes = {written}\n")
    assert (found, values["method"], values["number"]) == (message_id, "own", number)


@pytest.mark.parametrize(
    ("text", "message_id", "values"),
    [
        (ONE, "methods-field-missing", {"method": "own", "field": "passes"}),
        (ONE + "passes = []\n", "methods-no-passes", {"method": "own", "field": "passes"}),
        (ONE + 'passes = "00"\n', "methods-no-passes", {"method": "own", "field": "passes"}),
        (ONE + 'passes = ["00"]\nrounds = 3\n', "methods-field-unknown", {"method": "own", "field": "rounds"}),
        (
            ONE.replace('"own"', '"Own"') + 'passes = ["00"]\n',
            "methods-wrong-key",
            {"method": "Own", "field": "key", "found": "Own"},
        ),
        (ONE.replace('"Ours"', '" "') + 'passes = ["00"]\n', "methods-field-empty", {"method": "own", "field": "name"}),
        (
            ONE.replace('"Ours"', "5") + 'passes = ["00"]\n',
            "methods-field-not-text",
            {"method": "own", "field": "name", "found": "5"},
        ),
        ((ONE + 'passes = ["00"]\n') * 2, "methods-duplicate-key", {"method": "own"}),
        (ONE.replace("own", "zero") + 'passes = ["00"]\n', "methods-built-in-key", {"method": "zero"}),
        ("", "methods-wrong-file", {"field": "method"}),
        ("method = [1]", "methods-wrong-file", {"field": "method.0"}),
        ("[[method]]\nkey = own", "methods-not-toml", {"line": 2, "column": 7}),
        ("key =", "methods-not-toml-at-end", {}),
    ],
)
def test_a_wrong_file_is_refused_with_its_place(
    tmp_path: Path, text: str, message_id: str, values: dict[str, str | int]
) -> None:
    assert refusals(tmp_path, text) == [(message_id, values)]


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    found = refusals(tmp_path, '[[method]]\nname = "A"\npasses = ["x1"]\n[[method]]\nkey = "b"\n')
    assert [(name, values["method"]) for name, values in found] == [
        ("methods-field-missing", "#1"),
        ("methods-field-missing", "#1"),
        ("methods-wrong-pass", "#1"),
        ("methods-field-missing", "b"),
        ("methods-field-missing", "b"),
        ("methods-field-missing", "b"),
    ]


def test_files_that_cannot_be_read_say_why(tmp_path: Path) -> None:
    with pytest.raises(BenchError) as caught:
        catalogue(tmp_path / "absent.toml")
    assert caught.value.messages[0].id == "methods-file-unreadable"
    (tmp_path / "latin.toml").write_bytes(b'name = "\xe9"')
    with pytest.raises(BenchError) as caught:
        catalogue(tmp_path / "latin.toml")
    assert caught.value.messages[0].id == "methods-not-utf-8"


@pytest.mark.parametrize(("key", "close"), [("gutman", "gutmann"), ("Zero", "zero"), ("dod", "dod-short")])
def test_an_unknown_method_is_refused_with_those_like_it(key: str, close: str) -> None:
    with pytest.raises(BenchError) as caught:
        find(built_in(), key)
    message = caught.value.messages[0]
    assert message.id == "methods-unknown-close"
    assert close in str(message.params["close"])


def test_a_method_like_no_other_is_refused() -> None:
    assert find(built_in(), "zero").key == "zero"
    with pytest.raises(BenchError) as caught:
        find(built_in(), "qqqq")
    assert caught.value.messages[0].id == "methods-unknown"
