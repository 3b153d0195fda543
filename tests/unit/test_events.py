from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_mock import MockerFixture

from bench import event_codec as codec
from bench import events as ev
from support.event_strategies import TYPES, events, of_type

SAMPLES: dict[str, dict[str, Any]] = {
    "pass-checkpoint": {"index": 1, "offset": 512},
    "interrupted": {"cause": "paused"},
    "window-checked": {"index": 0, "start": 0, "end": 512, "unchanged": True},
    "job-stopped": {"cancelled": True, "reason": {"id": "x", "params": {"a": 1, "b": "two"}}},
}


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: str(kind.TYPE))
def test_every_type_comes_back_from_json_as_it_went(kind: type[Any]) -> None:
    @given(of_type(kind))
    def comes_back(event: ev.Event) -> None:
        stored = json.dumps(codec.to_fields(event), allow_nan=False)
        assert codec.from_fields(event.TYPE, event.VERSION, json.loads(stored)) == event

    comes_back()


def test_types_have_names_of_their_own() -> None:
    assert len({kind.TYPE for kind in TYPES}) == len(TYPES)
    assert all(isinstance(kind.VERSION, int) and kind.VERSION >= 1 for kind in TYPES)


@given(events)
def test_no_field_is_a_float(event: ev.Event) -> None:
    def walk(value: object) -> None:
        assert not isinstance(value, float)
        for item in value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ():
            walk(item)

    walk(codec.to_fields(event))


@pytest.mark.parametrize(("kind", "version"), [("melted", 1), ("interrupted", 2), ("interrupted", 0), ("", 1)])
def test_an_event_of_another_program_version_is_not_guessed_at(kind: str, version: int) -> None:
    with pytest.raises(codec.UnknownEventError, match="not known"):
        codec.from_fields(kind, version, {"cause": "paused"})


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("pass-checkpoint", {"index": "1"}),
        ("pass-checkpoint", {"index": 1.0}),
        ("pass-checkpoint", {"index": True}),
        ("pass-checkpoint", {"index": None}),
        ("pass-checkpoint", {"another": 1}),
        ("interrupted", {"cause": "bored"}),
        ("interrupted", {"cause": 1}),
        ("window-checked", {"unchanged": "false"}),
        ("window-checked", {"unchanged": 1}),
        ("job-stopped", {"reason": {"id": 7, "params": {}}}),
        ("job-stopped", {"reason": {"id": "x", "params": {"a": 0.5}}}),
        ("job-stopped", {"reason": {"id": "x", "params": {"a": True}}}),
        ("job-stopped", {"reason": {"id": "x", "params": {"a": None}}}),
        ("job-stopped", {"reason": {"id": "x"}, "cancelled": None}),
    ],
)
def test_fields_are_taken_as_they_are_or_not_at_all(kind: str, changes: dict[str, Any]) -> None:
    assert isinstance(codec.from_fields(kind, 1, SAMPLES[kind]), TYPES)
    with pytest.raises(codec.MalformedEventError, match=kind):
        codec.from_fields(kind, 1, SAMPLES[kind] | changes)


@given(st.data(), st.sampled_from(TYPES))
def test_a_missing_field_is_named(data: st.DataObject, kind: type[Any]) -> None:
    fields = codec.to_fields(data.draw(of_type(kind)))
    gone = data.draw(st.sampled_from(sorted(fields)))
    del fields[gone]
    with pytest.raises(codec.MalformedEventError, match=gone):
        codec.from_fields(kind.TYPE, kind.VERSION, fields)


def test_old_versions_are_upgraded_one_step_after_the_other(mocker: MockerFixture) -> None:
    mocker.patch.object(ev.PassCheckpoint, "VERSION", 3)
    mocker.patch.object(
        codec,
        "_UPGRADES",
        {
            ("pass-checkpoint", 1): lambda old: {"index": old["pass"], "sector": old["sector"]},
            ("pass-checkpoint", 2): lambda old: {"index": old["index"], "offset": old["sector"] * 512},
        },
    )
    expected = ev.PassCheckpoint(index=2, offset=1024)
    assert codec.from_fields("pass-checkpoint", 1, {"pass": 2, "sector": 2}) == expected
    assert codec.from_fields("pass-checkpoint", 2, {"index": 2, "sector": 2}) == expected
    assert codec.from_fields("pass-checkpoint", 3, {"index": 2, "offset": 1024}) == expected
    with pytest.raises(codec.UnknownEventError):
        codec.from_fields("pass-checkpoint", 4, {})
