"""A workshop's own settings: what is written counts, what is wrong is named, the rest stays."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from bench.messages import BenchError
from bench.patience import Limits
from bench.settings import Settings
from bench.settings_file import load
from ui.formats import Language
from ui.texts import texts


def written(folder: Path, text: str) -> Path:
    file = folder / "settings.toml"
    file.write_text(text, encoding="utf-8")
    return file


def refusal(file: Path) -> list[str]:
    with pytest.raises(BenchError) as refused:
        load(file)
    for language in Language:
        assert all(texts(language).text(message) for message in refused.value.messages)
    return [f"{message.id} {message.params.get('name', '')}".strip() for message in refused.value.messages]


def test_the_example_is_the_default(tmp_path: Path) -> None:
    example = (files("config") / "settings.example.toml").read_text(encoding="utf-8")
    assert load(written(tmp_path, example)) == Settings()
    assert load(written(tmp_path, "")) == Settings()


def test_what_is_written_counts_and_the_rest_stays(tmp_path: Path) -> None:
    found = load(written(tmp_path, "stall = 60.0\nbad_ranges = 5\n[limits]\nfaults = 7\n"))
    assert found == Settings(stall=60.0, bad_ranges=5, limits=Limits(faults=7))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("stal = 60.0", ["settings-unknown stal"]),
        ("stall = 0.0", ["settings-not-above stall"]),
        ("checkpoint = 0.01", ["settings-too-small checkpoint"]),
        ("tries = 21", ["settings-too-large tries"]),
        ('tries = "3"', ["settings-not-a-number tries"]),
        ("tries = true", ["settings-not-a-number tries"]),
        ("limits = 3", ["settings-not-a-number limits"]),
        ("[limits]\nfaults = 0\nfault = 1", ["settings-too-small limits.faults", "settings-unknown limits.fault"]),
        ("stall = nan", ["settings-not-a-number stall"]),
        ("stall =", ["settings-not-toml"]),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, expected: list[str]) -> None:
    assert sorted(refusal(written(tmp_path, text))) == sorted(expected)


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    assert refusal(tmp_path / "nowhere.toml") == ["settings-unreadable"]
