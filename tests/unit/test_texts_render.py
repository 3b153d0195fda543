"""From messages to sentences: formats, plurals, errors, and the choice of language."""

from __future__ import annotations

from pathlib import Path

import pytest
from fluent.syntax import FluentParser, ast

from bench.messages import BenchError, say
from ui import formats
from ui.formats import Language
from ui.texts import TextError, Texts, detect_language, entries, sources, texts

FR, EN = Language.FR, Language.EN


def plain(text: str) -> str:
    return text.replace(formats.NARROW, "_").replace(formats.NO_BREAK, "~")


@pytest.mark.parametrize(
    ("value", "french", "english"),
    [
        (0, "0_octets", "0_bytes"),
        (512, "512_octets", "512_bytes"),
        (9_999, "9_999_octets", "9_999_bytes"),
        (10_000, "10,0_ko", "10.0_kB"),
        (999_949, "999,9_ko", "999.9_kB"),
        (999_950, "1,0_Mo", "1.0_MB"),
        (67_108_864, "67,1_Mo", "67.1_MB"),
        (500_107_862_016, "500,1_Go", "500.1_GB"),
        (999_999_999_999, "1,0_To", "1.0_TB"),
        (18_000_207_937_536, "18,0_To", "18.0_TB"),
        (2**53 - 1, "9,0_Po", "9.0_PB"),
        (5_000 * 10**18, "5_000,0_Eo", "5_000.0_EB"),
    ],
)
def test_sizes(value: int, french: str, english: str) -> None:
    assert plain(formats.byte_count(value, FR)) == french
    assert plain(formats.byte_count(value, EN)) == english


@pytest.mark.parametrize(
    ("permille", "french", "english"),
    [(1000, "100_%", "100%"), (50, "5_%", "5%"), (5, "0,5_%", "0.5%"), (1, "0,1_%", "0.1%"), (0, "0_%", "0%")],
)
def test_shares(permille: int, french: str, english: str) -> None:
    assert plain(formats.percent(permille, FR)) == french
    assert plain(formats.percent(permille, EN)) == english


@pytest.mark.parametrize(
    ("text", "french", "english"),
    [
        ("2026-05-04T10:20:30.123+00:00", "4~mai~2026~à~10:20:30~UTC", "4~May~2026~at~10:20:30~UTC"),
        ("2026-12-01T00:05:09+02:00", "1~décembre~2026~à~00:05:09~UTC+02:00", "1~December~2026~at~00:05:09~UTC+02:00"),
        ("2026-08-15T23:59:59-09:30", "15~août~2026~à~23:59:59~UTC-09:30", "15~August~2026~at~23:59:59~UTC-09:30"),
    ],
)
def test_times(text: str, french: str, english: str) -> None:
    assert plain(formats.date(text, FR)) == french
    assert plain(formats.date(text, EN)) == english


def test_a_time_without_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="offset"):
        formats.date("2026-05-04T10:20:30", FR)


@pytest.mark.parametrize(
    ("milliseconds", "french", "english"),
    [
        (0, "0,0~s", "0.0~s"),
        (840, "0,8~s", "0.8~s"),
        (9_949, "9,9~s", "9.9~s"),
        (9_950, "10~s", "10~s"),
        (59_499, "59~s", "59~s"),
        (59_500, "1~min~00~s", "1~min~00~s"),
        (200_000, "3~min~20~s", "3~min~20~s"),
        (3_599_499, "59~min~59~s", "59~min~59~s"),
        (7_500_000, "2~h~05~min", "2~h~05~min"),
        (5_000_000_000, "1_388~h~53~min", "1_388~h~53~min"),
    ],
)
def test_durations(milliseconds: int, french: str, english: str) -> None:
    assert plain(formats.duration(milliseconds, FR)) == french
    assert plain(formats.duration(milliseconds, EN)) == english


def test_numbers_are_exact() -> None:
    assert plain(formats.number(1_953_525_167)) == "1_953_525_167"


def test_a_sentence_with_sizes_and_numbers() -> None:
    message = say("paper-size-value", size=500_107_862_016)
    assert plain(texts(FR).text(message)) == "500,1_Go (500_107_862_016 octets)"
    assert plain(texts(EN).text(message)) == "500.1_GB (500_107_862_016 bytes)"


@pytest.mark.parametrize(("count", "french"), [(1, "une fois"), (2, "2 fois")])
def test_plurals(count: int, french: str) -> None:
    assert french in texts(FR).say("remark-pass-restarted", count=count, **{"pass": 1})


def test_values_are_never_markup() -> None:
    shown = texts(FR).say("key-unreadable", path="{ $error } #strong[x]")
    assert "{ $error } #strong[x]" in shown


@pytest.mark.parametrize("language", list(Language))
def test_an_unknown_id_raises(language: Language) -> None:
    assert not texts(language).knows("no-such-message")
    with pytest.raises(TextError, match="no-such-message"):
        texts(language).say("no-such-message")


@pytest.mark.parametrize("language", list(Language))
def test_a_missing_value_raises(language: Language) -> None:
    with pytest.raises(TextError, match="size"):
        texts(language).say("paper-size-value")


def test_a_value_that_does_not_fit_raises() -> None:
    with pytest.raises(TextError, match="remark-interrupted-operator"):
        texts(FR).say("remark-interrupted-operator", at="yesterday")


def test_a_message_defined_twice_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = tmp_path / "texts" / "fr"
    folder.mkdir(parents=True)
    for name in ("a.ftl", "b.ftl"):
        (folder / name).write_text("hello = Bonjour\n", "utf-8")
    monkeypatch.setattr("ui.texts.files", lambda _: tmp_path)
    with pytest.raises(TextError, match=r"twice, the second time in fr/b\.ftl"):
        Texts(FR)


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({}, FR),
        ({"LANG": "C"}, FR),
        ({"LANG": "C.UTF-8"}, FR),
        ({"LC_ALL": "POSIX", "LANG": "en_US.UTF-8"}, FR),
        ({"LANG": "fr_FR.UTF-8"}, FR),
        ({"LANG": "fr_CA@euro"}, FR),
        ({"LANG": "en_GB.UTF-8"}, EN),
        ({"LANG": "de_DE.UTF-8"}, EN),
        ({"LC_ALL": "", "LC_MESSAGES": "en_US", "LANG": "fr_FR"}, EN),
        ({"LC_ALL": "fr_FR.UTF-8", "LC_MESSAGES": "en_US", "LANG": "en_US"}, FR),
    ],
)
def test_the_language_follows_the_locale(environ: dict[str, str], language: Language) -> None:
    assert detect_language(environ) is language


def test_the_language_asked_for_comes_first() -> None:
    assert detect_language({"LC_ALL": "fr_FR.UTF-8"}, "EN") is EN
    with pytest.raises(BenchError) as caught:
        detect_language({}, "de")
    assert "de" in texts(FR).text(caught.value.messages[0])


@pytest.mark.parametrize("language", list(Language))
def test_each_message_is_taken_from_its_file_whole(language: Language) -> None:
    parser = FluentParser(with_spans=False)
    for content in sources(language).values():
        whole = {entry.id.name: entry for entry in parser.parse(content).body if isinstance(entry, ast.Message)}
        alone = dict(entries(content))
        assert alone.keys() == whole.keys()
        for message_id, entry in whole.items():
            (found,) = parser.parse(alone[message_id]).body
            assert isinstance(found, ast.Message)
            assert found.value is not None
            assert entry.value is not None
            assert found.value.equals(entry.value), message_id
