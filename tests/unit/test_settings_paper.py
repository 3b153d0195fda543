"""The [paper] table of the settings: where time stamps come from, and how long documents wait for them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.messages import BenchError
from bench.settings import Settings
from bench.settings_file import load
from bench.stamping import StampSettings, WithoutStamp


def written(folder: Path, text: str) -> Path:
    path = folder / "settings.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_without_the_table_nobody_is_asked(tmp_path: Path) -> None:
    assert load(written(tmp_path, "tries = 2\n")).paper == StampSettings() == Settings().paper
    assert StampSettings().tsa == ""


def test_what_is_given_is_taken_and_the_rest_stays(tmp_path: Path) -> None:
    table = (
        '[paper]\ntsa = "https://tsa.example/tsr"\ntsa_ca = "/etc/tsa.pem"\ntsa_wait = 3600\nwithout_stamp = "wait"\n'
    )
    assert load(written(tmp_path, table)).paper == StampSettings(
        tsa="https://tsa.example/tsr", tsa_ca="/etc/tsa.pem", tsa_wait=3600.0, without_stamp=WithoutStamp.WAIT
    )


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ('tsa = "ftp://tsa.example"', "paper.tsa"),
        ('tsa = "http://tsa example"', "paper.tsa"),
        ("tsa = 3", "paper.tsa"),
        ("tsa_timeout = 0", "paper.tsa_timeout"),
        ("tsa_wait = -1", "paper.tsa_wait"),
        ("tsa_wait = nan", "paper.tsa_wait"),
        ('without_stamp = "perhaps"', "paper.without_stamp"),
        ("stamp = true", "paper.stamp"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, line: str, name: str) -> None:
    with pytest.raises(BenchError) as refused:
        load(written(tmp_path, f"[paper]\n{line}\n"))
    assert [message.params["name"] for message in refused.value.messages] == [name]


def test_the_example_has_every_setting_with_its_default() -> None:
    example = Path(__file__).parents[2] / "config" / "settings.example.toml"
    assert load(example).paper == StampSettings()
    text = example.read_text("utf-8")
    assert all(f"\n{name} = " in text for name in ("tsa", "tsa_ca", "tsa_timeout", "tsa_wait", "without_stamp"))
