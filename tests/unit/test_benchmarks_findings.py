"""What the benchmarks make of their samples: the best, the middle, ratios, targets, the table and the file."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from benchmarks import comparisons, report
from benchmarks.findings import GIB, Findings, Line, Relation, Sample, Target, as_json, per_gib

TYPICAL = {
    "random+verify cpu": (0.6, 0.5, 0.7),
    "random cpu": (0.3,),
    "nwipe cpu, isaac": (5.0,),
    "nwipe cpu, isaac64": (4.0, 3.0, 9.0),
    "floor cpu": (0.4,),
    "busy floor cpu": (0.5,),
    "command cpu": (2.0,),
    "shred cpu": (0.75,),
    "zero rate": (7.0,),
    "random rate": (4.0,),
    "dd rate": (8.0,),
    "fio rate": (9.0,),
    "generator rate": (5.0,),
    "many cpu": (0.63,),
    "one of many cpu": (0.5,),
    "floor many cpu": (0.55,),
    "nwipe many cpu": (4.5,),
    "dd many cpu": (0.12,),
    "dd one of many cpu": (0.1,),
    "many pss": (18.0,),
    "one pss": (20.0,),
    "first byte": (0.8,),
    "nwipe first byte": (0.2,),
    "resume": (2.5,),
    "nwipe first bytes": (2.4,),
}


def findings(**changed: tuple[float, ...]) -> Findings:
    found = Findings()
    for name, values in {**TYPICAL, **{name.replace("_", " "): values for name, values in changed.items()}}.items():
        for value in values:
            found.add(name, value, disturbed=False)
    return found


def line(target: Target | None, ours: float = 3.0, theirs: float = 4.0) -> Line:
    return Line(what="this", unit="s", ours=clean(ours), peer="that", theirs=clean(theirs), target=target)


def clean(value: float) -> Sample:
    return Sample(value=value, disturbed=False)


def by_peer(found: Findings, what: str) -> dict[str, Line]:
    return {made.peer: made for made in comparisons.lines(found) if made.what == what}


@pytest.mark.parametrize(
    ("target", "reached"),
    [
        (None, None),
        (Target(relation=Relation.AT_MOST, limit=0.75), True),
        (Target(relation=Relation.AT_MOST, limit=0.74), False),
        (Target(relation=Relation.AT_LEAST, limit=0.75), True),
        (Target(relation=Relation.AT_LEAST, limit=0.76), False),
        (Target(relation=Relation.AT_MOST, limit=3.0, absolute=True), True),
        (Target(relation=Relation.AT_MOST, limit=2.9, absolute=True), False),
    ],
)
def test_a_target_is_for_the_ratio_or_for_our_own_value(target: Target | None, reached: bool | None) -> None:
    assert line(target).ratio == 0.75
    assert line(target).reached is reached


def test_of_times_and_rates_the_best_counts_and_of_waiting_the_middle() -> None:
    found = findings(random_rate=(4.0, 4.5, 3.0), resume=(1.5, 2.4, 2.5))
    assert found.least("random+verify cpu") == clean(0.5)
    assert by_peer(found, "random pass")["the generator alone"].ours == clean(4.5)
    assert by_peer(found, "resume to all 16 drives written to")["nwipe, 16 drives from the start"].ours == clean(2.4)


def test_disturbed_samples_count_only_where_there_are_no_others() -> None:
    found = Findings()
    found.add("cpu", 5.0, disturbed=True)
    found.add("cpu", 7.0, disturbed=True)
    assert found.least("cpu") == Sample(value=5.0, disturbed=True)
    found.add("cpu", 9.0, disturbed=False)
    assert found.least("cpu") == clean(9.0)


@pytest.mark.parametrize(("absolute", "reached"), [(False, None), (True, True)])
def test_a_disturbed_peer_settles_no_ratio(absolute: bool, reached: bool | None) -> None:
    target = Target(relation=Relation.AT_MOST, limit=9.0, absolute=absolute)
    made = replace(line(target), theirs=Sample(value=4.0, disturbed=True))
    assert made.reached is reached


def test_our_own_disturbed_value_settles_nothing() -> None:
    target = Target(relation=Relation.AT_MOST, limit=9.0, absolute=True)
    made = replace(line(target), ours=Sample(value=3.0, disturbed=True))
    assert made.reached is None


def test_what_was_never_measured_is_no_number() -> None:
    with pytest.raises(KeyError):
        findings().least("tea")


def test_nwipe_competes_with_the_generator_that_is_cheapest() -> None:
    made = by_peer(findings(), "random + full verify")["nwipe isaac64, its fastest generator"]
    assert (made.theirs, made.reached) == (clean(3.0), True)


def test_the_floor_is_a_target_of_its_own() -> None:
    made = by_peer(findings(), "random + full verify")["floor in memory, one thread"]
    assert made.ratio == pytest.approx(1.25)
    assert made.reached is True


@pytest.mark.parametrize(
    ("generator", "device", "slower", "ratio"),
    [(5.0, 9.0, "the generator alone", 0.8), (20.0, 9.0, "the device alone (fio or dd)", 4 / 9)],
)
def test_a_random_pass_competes_with_what_holds_it_up(
    generator: float, device: float, slower: str, ratio: float
) -> None:
    made = by_peer(findings(generator_rate=(generator,), fio_rate=(device,)), "random pass")
    assert made[slower].ratio == pytest.approx(ratio)


def test_every_target_of_the_project_is_in_the_table() -> None:
    targets = [made.target for made in comparisons.lines(findings()) if made.target is not None]
    limits = sorted((target.limit, target.relation.name, target.absolute) for target in targets)
    assert limits == [
        (0.2, "AT_MOST", False),
        (0.9, "AT_LEAST", False),
        (0.95, "AT_LEAST", False),
        (1.0, "AT_MOST", True),
        (1.15, "AT_MOST", False),
        (1.25, "AT_MOST", False),
        (2.0, "AT_MOST", True),
        (30, "AT_MOST", True),
    ]


def test_seconds_are_counted_for_each_gib() -> None:
    assert per_gib(1.5, 3 * GIB) == 0.5


def test_the_table_says_what_was_missed() -> None:
    console = Console(file=io.StringIO(), width=160)
    with console.capture() as capture:
        console.print(report.table([line(Target(relation=Relation.AT_MOST, limit=0.5))]))
    (row,) = [shown for shown in capture.get().splitlines() if "this" in shown]
    assert row.split() == ["this", "(s)", "3", "4", "0.75", "≤", "0.5", "that", "MISSED"]


def test_the_file_holds_lines_and_samples(tmp_path: Path) -> None:
    path = tmp_path / "new" / "found.json"
    made = line(Target(relation=Relation.AT_MOST, limit=1.0, absolute=True))
    report.write(path, [made], findings(), {"processors": 2})
    read = json.loads(path.read_text(encoding="utf-8"))
    assert read["lines"] == [dict(as_json(made))]
    assert read["lines"][0]["target"] == {"of": "value", "relation": "≤", "limit": 1.0}
    assert read["lines"][0]["reached"] is False
    assert [sample["value"] for sample in read["samples"]["nwipe cpu, isaac64"]] == [4.0, 3.0, 9.0]
    assert read["machine"] == {"processors": 2}
