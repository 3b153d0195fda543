from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.catalogue import built_in
from bench.messages import say
from bench.methods import MAX_PATTERN, Method, Pass, PassTemplate, Shuffled, draw, rounds_of

METHODS = built_in()


def method(*contents: str) -> Method:
    return Method(key="m", name="M", source="S", steps=tuple(PassTemplate(content=item) for item in contents))


def seeded(seed: int = 0) -> Callable[[int], int]:
    return random.Random(seed).randrange


def patterns(passes: tuple[Pass, ...]) -> list[str]:
    return [item.pattern or "random" for item in passes]


@pytest.mark.parametrize("content", ["", "0", "ABC", "zz", "~", "~~a", "A", "0x00", "random ", "aa", "~00"])
def test_a_template_that_means_nothing_is_refused(content: str) -> None:
    with pytest.raises(ValueError, match="a pass is"):
        PassTemplate(content=content)


def test_a_pattern_is_at_most_one_sector_long() -> None:
    assert PassTemplate(content="AB" * MAX_PATTERN).content
    with pytest.raises(ValueError, match="at most"):
        PassTemplate(content="AB" * (MAX_PATTERN + 1))


@given(st.integers())
def test_a_complement_is_that_of_its_letter_and_letters_are_drawn_once(seed: int) -> None:
    first, second, third, fourth = (int(item.pattern, 16) for item in draw(method("a", "~a", "a", "~b"), seeded(seed)))
    assert second == first ^ 0xFF
    assert third == first
    assert 0 <= fourth <= 0xFF


def test_letters_are_independent_draws_over_all_bytes() -> None:
    drawn = [tuple(patterns(draw(method("a", "b"), seeded(seed)))) for seed in range(3000)]
    assert len({a for a, _ in drawn}) == 256
    assert any(a == b for a, b in drawn)
    assert any(a != b for a, b in drawn)


def test_random_and_fixed_passes_stay_what_they_are() -> None:
    assert patterns(draw(method("random", "7FFFFFFF", "00"))) == ["random", "7FFFFFFF", "00"]


def test_verification_follows_its_pass() -> None:
    template = PassTemplate(content="a", verify=True)
    drawn = draw(Method(key="m", name="M", source="S", steps=(template, PassTemplate(content="00"))))
    assert [item.verify for item in drawn] == [True, False]


@given(st.integers())
def test_gutmann_shuffles_its_middle_and_nothing_else(seed: int) -> None:
    gutmann = METHODS["gutmann"]
    group = gutmann.steps[4]
    assert isinstance(group, Shuffled)
    drawn = patterns(draw(gutmann, seeded(seed)))
    assert drawn[:4] == drawn[31:] == ["random"] * 4
    assert Counter(drawn[4:31]) == Counter(template.content for template in group.passes)


def test_every_order_of_a_group_is_drawn_about_equally_often() -> None:
    group = Shuffled(passes=tuple(PassTemplate(content=item) for item in ("00", "11", "22")))
    rng = seeded()
    trials = 6000
    orders = Counter(
        tuple(patterns(draw(Method(key="m", name="M", source="S", steps=(group,)), rng))) for _ in range(trials)
    )
    assert len(orders) == 6
    assert all(abs(count - trials / 6) < 200 for count in orders.values())


@given(st.sampled_from(sorted(METHODS)), st.integers(1, 5), st.booleans())
def test_rounds_are_whole_rounds_and_only_the_last_is_read_back(key: str, rounds: int, blank: bool) -> None:
    once = METHODS[key].passes_per_round()
    passes = rounds_of(METHODS[key], rounds, blank=blank, rng=seeded())
    assert len(passes) == rounds * once + blank
    assert not any(item.verify for item in passes[: (rounds - 1) * once])
    own = draw(METHODS[key], seeded())
    assert [item.verify for item in passes[(rounds - 1) * once :][:once]] == [item.verify for item in own]
    if blank:
        assert passes[-1] == Pass(pattern="00")


def test_each_round_draws_its_own_bytes() -> None:
    first, second = (item.pattern for item in rounds_of(method("a"), 2, rng=_count()))
    assert (first, second) == ("00", "01")


def _count() -> Callable[[int], int]:
    numbers = iter(range(256))
    return lambda _: next(numbers)


def test_no_round_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        rounds_of(method("00"), 0)


def test_a_site_method_is_named_as_such() -> None:
    assert METHODS["gutmann"].title == say("method-gutmann-title")
    own = Method(key="gutmann-2", name="Deux fois", source="nous", steps=(PassTemplate(content="00"),), site=True)
    assert own.title == say("method-site-title", name="Deux fois")
