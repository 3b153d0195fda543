"""What is said of a method's passes is what will be done."""

from __future__ import annotations

import pytest

from bench.catalogue import built_in
from bench.methods import RANDOM, Method, rounds_of
from bench.plan import Verify, VerifyKind
from ui.cli import passes
from ui.formats import Language
from ui.texts import texts

SAMPLE = Verify.parse("sample:5%")


@pytest.mark.parametrize("method", built_in().values(), ids=lambda method: str(method.key))
@pytest.mark.parametrize(("rounds", "blank"), [(1, False), (2, True)])
def test_stretches_agree_with_the_plan(method: Method, rounds: int, blank: bool) -> None:
    real = rounds_of(method, rounds, blank=blank)
    told = passes.stretches(method, rounds=rounds, blank=blank, verify=SAMPLE)
    assert [item.first for item in told] == [1, *(item.last + 1 for item in told[:-1])]
    assert told[-1].last == len(real)
    assert told[-1].verify == SAMPLE
    for item in told[:-1]:
        written = real[item.first - 1 : item.last]
        assert {one.verify for one in written} == {item.verify.kind is VerifyKind.FULL}
        if item.shuffled:
            assert sorted(one.pattern for one in written) == sorted(item.contents)
        else:
            assert written[0].is_stream == (item.contents[0] == RANDOM)


def test_contents_are_put_in_words() -> None:
    method = built_in()["dod-short"]
    said = [passes.content_of(texts(Language.EN), item) for item in passes.stretches(method, blank=True)]
    assert said == ["byte a, drawn for each drive", "complement of byte a", "random stream", "pattern 00"]


def test_a_shuffled_group_is_one_stretch() -> None:
    group = next(item for item in passes.stretches(built_in()["gutmann"]) if item.shuffled)
    assert (passes.number_of(group), len(group.contents)) == ("5–31", 27)
