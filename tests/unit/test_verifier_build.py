"""Building the verification page: the same bytes each time, nothing left out, nothing let in."""

from __future__ import annotations

import base64
import hashlib
import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from ui.formats import Language
from ui.verifier.build import PageError, all_patterns, build_page, compact, modules, said_by
from ui.verifier.bundle import BundleError, bundled
from ui.verifier.fluent import FluentError, Placeable, patterns

MOST_BYTES = 150_000


def test_the_page_is_small_enough_to_be_sent() -> None:
    assert len(build_page().encode()) <= MOST_BYTES


def test_the_same_sources_give_the_same_bytes(tmp_path: Path) -> None:
    for name, seed in (("a.html", "1"), ("b.html", "2")):
        line = [sys.executable, "-m", "ui.verifier.build", str(tmp_path / name)]
        subprocess.run(line, check=True, env={"PYTHONHASHSEED": seed})
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes() == build_page().encode()


def test_nothing_but_its_own_script_and_style_may_run_or_be_fetched() -> None:
    page = build_page()
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    (script,) = re.findall(r'<script type="module">([\s\S]*?)</script>', page)
    (style,) = re.findall(r"<style>([\s\S]*?)</style>", page)

    def source(text: str) -> str:
        return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

    assert rules == {
        "default-src": "'none'",
        "script-src": source(script),
        "style-src": source(style),
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    assert re.findall(r'\b(?:src|href|style|on[a-z]+)\s*=\s*["\']', re.sub(r"<script[\s\S]*", "", page)) == []


@pytest.mark.parametrize("name", sorted(modules()))
def test_no_module_makes_markup_of_text_or_asks_the_network(name: str) -> None:
    forbidden = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|DOMParser|fetch\(|"
        r"XMLHttpRequest|WebSocket|sendBeacon|localStorage|sessionStorage|indexedDB|cookie|https?://(?!www\.w3\.org/2000/svg)"
    )
    assert forbidden.findall(modules()[name]) == []


def test_all_words_are_filled_in() -> None:
    page = build_page()
    assert "{{" not in re.sub(r"<script[\s\S]*?</script>", "", page)
    spoken = said_by(modules(), all_patterns(Language.FR))
    for named in re.findall(r'data-say="([^"]+)"', page):
        assert isinstance(spoken[named], str), named


def test_every_own_message_is_said_somewhere() -> None:
    """A text that no script says any more would only make the page larger."""
    template = files("ui.verifier").joinpath("page.html").read_text("utf-8")
    sources = "\n".join((*modules().values(), template))
    composed = re.compile(r"verifier-(fact-.+|title-.+|not-shown-\d|outcome-.+|kept-(passed|failed)|overall-.+)")
    own = [name for name in all_patterns(Language.FR) if name.startswith("verifier-")]
    assert [
        name for name in own if not re.search(rf'["{{:]{name}["}}]', sources) and not composed.fullmatch(name)
    ] == []


def test_a_script_that_says_what_has_no_words_stops_the_build() -> None:
    with pytest.raises(PageError, match="verifier-nonsense"):
        said_by({"a": 'message("verifier-nonsense")'}, {})


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a = text\n", "text"),
        ("a = { $b }\n", [["$", "b"]]),
        ("a = x { NUMBER($b) } y\n", ["x ", ["NUMBER", "b"], " y"]),
        ('a = x{" "}y\n', "x y"),
        (
            "a = { $b ->\n    [one] x\n   *[other] { $c }\n }\n",
            [["?", ["$", "b"], {"one": "x", "other": [["$", "c"]]}, "other"]],
        ),
    ],
)
def test_fluent_becomes_json(source: str, expected: object) -> None:
    assert patterns(source) == {"a": expected}


@pytest.mark.parametrize(
    "source",
    ["a = { b }\n", "a = { -b }\n", "a = { NUMBER($b, x: 1) }\n", "a = { OTHER($b) }\n", "a\n", "a = b\n    .c = d\n"],
)
def test_more_of_fluent_than_the_page_knows_stops_the_build(source: str) -> None:
    with pytest.raises(FluentError):
        patterns(source)


def test_a_choice_made_twice_is_kept_once() -> None:
    choice: Placeable = ["?", ["$", "n"], {"one": "x", "other": "y"}, "other"]
    found = compact({"a": ["A ", ["p ", choice]], "b": [[choice], "B"]})
    assert found == {"patterns": {"a": ["A ", ["p ", ["#", 0]]], "b": [[["#", 0]], "B"]}, "choices": [choice]}


MODULES = {
    "page": 'import { b } from "./b.js";\nb();\n',
    "b": "// Says.\nexport function b() {\n  return 1;\n}\n",
}


def test_modules_are_joined_in_the_order_of_need() -> None:
    script = bundled(MODULES, "page")
    assert script.index("const $b") < script.index("const { b } = $b;")
    assert "import" not in script
    assert "Says" not in script


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"page": 'import { b } from "./c.js";\n'}, "c.js"),
        ({"page": 'import { c } from "./b.js";\n'}, "'c'"),
        ({"page": 'import * as b from "./b.js";\n'}, "module syntax"),
        ({"b": "export default 1;\n"}, "module syntax|'b'"),
        ({"b": 'import { x } from "./page.js";\nexport function b() {}\n'}, "circle"),
        ({"b": "export const b = `one\n  two`;\n"}, "several lines"),
    ],
)
def test_modules_that_do_not_fit_stop_the_build(changed: dict[str, str], reason: str) -> None:
    with pytest.raises(BundleError, match=reason):
        bundled({**MODULES, **changed}, "page")
