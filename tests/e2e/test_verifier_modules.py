"""The verification page's modules, in Chromium, held against the bench's own code and against brute force."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from asn1crypto import tsp
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.keys import public_pem
from bench.ledger import merkle
from bench.record.reading import UnreadableError, read_object
from bench.timestamp import request_for
from bench.verification import verify
from support import evidence_samples as sample
from support import verifier_samples as made
from support.time_authority import Authority, make_authority
from support.verifier_page import Call, b64, check, references
from ui.formats import Language
from ui.paper import seal
from ui.paper.pdf import render_pdf
from ui.texts import texts
from ui.verifier.build import all_patterns, compact, modules, said_by
from ui.verifier.fluent import Pattern

CERTIFICATE = made.issued()
KEY = public_pem(made.KEY.public)


def test_page_and_bench_say_the_same_of_every_changed_byte(call: Call) -> None:
    places = list(range(0, len(CERTIFICATE), 5))
    found = call("flipped", [b64(CERTIFICATE), references(key=KEY), places, 1])
    for place, overall in zip(places, found, strict=True):
        changed = bytearray(CERTIFICATE)
        changed[place] ^= 1
        theirs = verify(bytes(changed), [made.KEY.public]).overall.value
        # The page knows only the fields it shows: another one that is not of the format still breaks the signature.
        assert overall in {"altered", "unreadable"}, place
        assert (overall == "unreadable") <= (theirs == "unreadable"), place


SEALED = made.sealed_pages(CERTIFICATE, Language.EN)


def flips_missed(call: Call, places: list[int]) -> list[int]:
    found = call("flipped", [b64(SEALED), references(key=KEY), places, 1])
    return [place for place, overall in zip(places, found, strict=True) if overall not in {"altered", "unreadable"}]


def test_changed_bytes_of_a_sealed_pdf_are_noticed(call: Call) -> None:
    start, end = SEALED.rindex(b"/ByteRange"), len(SEALED)
    everywhere = set(range(0, len(SEALED), 211))
    seal = SEALED.rindex(b"<30", 0, start)
    places = sorted(
        everywhere | set(range(seal, seal + 400)) | set(range(seal, seal + 3000, 7)) | set(range(start, end))
    )
    assert flips_missed(call, places) == []


@pytest.mark.soak
def test_every_changed_byte_of_a_sealed_pdf_is_noticed(call: Call) -> None:
    for begin in range(0, len(SEALED), 2000):
        assert flips_missed(call, list(range(begin, min(begin + 2000, len(SEALED))))) == []


JSON = st.recursive(
    st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


def test_the_canonical_form_is_the_benchs(call: Call) -> None:
    @settings(max_examples=25)
    @given(st.lists(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), JSON, max_size=5), min_size=20))
    def compare(values: list[dict[str, Any]]) -> None:
        written = [json.dumps(value, ensure_ascii=number % 2 == 0).encode() for number, value in enumerate(values)]
        expected = [["read", rfc8785.dumps(value).decode()] for value in values]
        assert call("read", [b64(text) for text in written]) == expected

    compare()


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\xef\xbb\xbf{}",
        b"\xff",
        b'{"a":"\xc3"}',
        b'"text"',
        b"[1]",
        b"{}x",
        b"{,}",
        b'{"a":1,}',
        b"{'a':1}",
        b'{"a":01}',
        b'{"a":+1}',
        b'{"a":1.0}',
        b'{"a":1e3}',
        b'{"a":NaN}',
        b'{"a":-Infinity}',
        b'{"a":9007199254740992}',
        b'{"a":-9007199254740991}',
        b'{"a":-0}',
        b'{"a":"\x01"}',
        b'{"a":"\\x"}',
        b'{"a":"\\u12"}',
        b'{"a":1,"\\u0061":2}',
        b'{"__proto__":{"a":1},"constructor":2}',
        b'{"a":' * 24 + b"1" + b"}" * 24,
        b'{"a":' * 25 + b"1" + b"}" * 25,
        b'{"a":[' + b"0," * 10_000 + b"0]}",
    ],
)
def test_the_page_reads_and_refuses_what_the_bench_does(call: Call, text: bytes) -> None:
    try:
        expected = ["read", rfc8785.dumps(read_object(text)).decode()]
    except UnreadableError as error:
        expected = ["refused", error.messages[0].id]
    assert call("read", [b64(text)]) == [expected]


def test_inclusion_is_proven_as_the_bench_proves_it(call: Call) -> None:
    cases, expected = [], []
    for size in range(1, 24):
        leaves = made.leaves_of(size)
        root = merkle.root_of(leaves)
        for index in range(size):
            path = merkle.inclusion_path(leaves, index)
            for claimed, tree, hashes in (
                (index, size, path),
                ((index + 1) % size, size, path),
                (index, size + 1, path),
                (index, size, path[1:]),
                (index, size, (*path, root)),
            ):
                cases.append([b64(root), tree, claimed, b64(leaves[index]), [b64(item) for item in hashes]])
                expected.append(merkle.includes(root, tree, claimed, leaves[index], hashes))
    assert call("included", cases) == expected
    assert expected.count(True) >= 23 * 12


def test_consistency_is_proven_as_the_bench_proves_it(call: Call) -> None:
    cases, expected = [], []
    other = made.leaves_of(40)[20:]
    for size in range(1, 18):
        leaves = made.leaves_of(size)
        root = merkle.root_of(leaves)
        for old in range(1, size + 1):
            path = merkle.consistency_path(leaves, old)
            for old_root, hashes in (
                (merkle.root_of(leaves[:old]), path),
                (merkle.root_of(other[:old]), path),
                (merkle.root_of(leaves[:old]), path[:-1]),
                (merkle.root_of(leaves[:old]), (*path, root)),
            ):
                cases.append([b64(old_root), old, b64(root), size, [b64(item) for item in hashes]])
                expected.append(merkle.extends(old_root, old, root, size, hashes))
    assert call("extended", cases) == expected
    assert True in expected
    assert False in expected


def values_of(pattern: Pattern) -> dict[str, set[str]]:
    """The values that a pattern names, and the functions and choices it makes of each."""
    found: dict[str, set[str]] = {}
    for part in [] if isinstance(pattern, str) else pattern:
        if isinstance(part, str):
            continue
        kind, what = part[0], part[1]
        if kind == "?":
            assert isinstance(what, list)
            variants = part[2]
            assert isinstance(variants, dict)
            found.setdefault(str(what[1]), set()).update(f"?{key}" for key in variants)
            for inner in variants.values():
                for name, uses in values_of(inner).items():
                    found.setdefault(name, set()).update(uses)
        else:
            found.setdefault(str(what), set()).add(str(kind))
    return found


def example(uses: set[str], generator: random.Random) -> str | int:
    """A value that fits what a message does with it."""
    keys = sorted(key[1:] for key in uses if key.startswith("?"))
    if "DATE" in uses:
        offset = generator.choice(["+00:00", "+02:00", "-03:30"])
        return f"20{generator.randrange(10, 40)}-{generator.randrange(1, 13):02}-09T08:07:06.5{offset}"
    if uses & {"NUMBER", "BYTES", "PERCENT", "DURATION"} or {"one", "other"} & set(keys):
        return generator.choice([0, 1, 2, 5, 50, 999, 1000, 9_999, 10_000, 67_108_864, 999_950_000, 2**53 - 1])
    texts_and_numbers: list[str | int] = ["", "x", "Ω « y »", 7, 12_345]
    return generator.choice(keys) if keys else generator.choice(texts_and_numbers)


@pytest.mark.parametrize("language", list(Language))
def test_every_sentence_is_the_one_that_fluent_writes(call: Call, language: Language) -> None:
    spoken = {item: said_by(modules(), all_patterns(item)) for item in Language}
    generator = random.Random(2026)
    sentences: list[tuple[str, dict[str, str | int]]] = [
        (name, {value: example(uses, generator) for value, uses in values_of(pattern).items()})
        for name, pattern in spoken[language].items()
        for _ in range(12)
    ]
    both = {name: [spoken[item][name] for item in Language] for name in spoken[Language.FR]}
    found = call("said", [language.value, compact(both), sentences])
    for (name, params), said in zip(sentences, found, strict=True):
        assert said == texts(language).say(name, **params), (name, params)


def test_samples_of_every_kind_are_intact_and_said_alike_by_the_bench(call: Call) -> None:
    makers = (sample.erased, sample.remarked, sample.sick, sample.failed, sample.fake, sample.unproven, sample.aborted)
    for make in makers:
        document = made.issued(make())
        assert check(call, document, key=KEY)[0] == verify(document, [made.KEY.public]).overall.value


VECTORS = Path(__file__).parents[2] / "docs" / "vectors"
KINDS = {".pub": "key", ".json": "keys"}


@pytest.mark.parametrize(
    "item",
    json.loads((VECTORS / "vectors.json").read_text(encoding="utf-8")),
    ids=lambda item: " ".join((item["file"], *item["given"])),
)
def test_the_page_finds_what_is_expected_of_the_test_vectors(call: Call, item: dict[str, Any]) -> None:
    given_ = {KINDS[Path(name).suffix]: (VECTORS / name).read_bytes() for name in item["given"]}
    overall, checks = check(call, (VECTORS / item["file"]).read_bytes(), **given_)
    failed = [subject for subject, (outcome, _) in checks.items() if outcome == "failed"]
    assert (overall, failed) == (item["outcome"], item.get("failed", []))


def test_a_time_stamp_is_told_and_belongs_to_its_seal(call: Call, tmp_path: Path) -> None:
    prepared, other = (
        seal.prepare(render_pdf(CERTIFICATE, language), at=made.BEGIN, words=made.WORDS) for language in Language
    )
    unstamped = seal.sign(made.SEAL, prepared.digest)
    make_authority(tmp_path / "tsa")
    authority = Authority(folder=tmp_path / "tsa", url="")
    tokens = []
    for imprint in (seal.imprint(unstamped), seal.imprint(seal.sign(made.SEAL, other.digest))):
        _, answer = authority.reply(request_for(imprint).der)
        tokens.append(bytes(tsp.TimeStampResp.load(answer)["time_stamp_token"].dump()))
    overall, checks = check(call, prepared.filled(seal.stamped(unstamped, tokens[0])), key=KEY)
    assert (overall, checks["stamp"]) == ("intact", ("noted", "verifier-stamp"))
    overall, checks = check(call, prepared.filled(seal.stamped(unstamped, tokens[1])), key=KEY)
    assert (overall, checks["seal"]) == ("altered", ("failed", "verifier-stamp-other"))
