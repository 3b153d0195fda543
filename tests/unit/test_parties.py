"""What may stand on a certificate of donor, workshop and lot, and what is refused, in words."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bench import parties, parties_file
from bench.messages import BenchError
from bench.parties import Donor, Organisation
from bench.settings_file import load
from ui.formats import Language
from ui.texts import texts

LA_POSTE = "356000000"


def naive_luhn(digits: str) -> bool:
    """As it is explained to people: from the right, every second digit doubled, the digits of all summed up."""
    total = ""
    for place, digit in enumerate(reversed(digits)):
        total += str(int(digit) * 2) if place % 2 else digit
    return sum(map(int, total)) % 10 == 0


def naive_siret(digits: str) -> bool:
    establishment = naive_luhn(digits)
    if digits.startswith(LA_POSTE) and digits != "35600000000048":
        establishment = sum(map(int, digits)) % 5 == 0
    return establishment and naive_luhn(digits[:9])


def siret_accepted(text: str) -> bool:
    try:
        return len(parties.checked_siret(text)) == 14
    except BenchError:
        return False


def refusal(file: Path) -> list[str]:
    with pytest.raises(BenchError) as refused:
        load(file)
    for language in Language:
        assert all(texts(language).text(message) for message in refused.value.messages)
    return [f"{message.id} {message.params.get('name', '')}".strip() for message in refused.value.messages]


def with_check_digits(siren: str, establishment: str) -> str:
    """The SIRET whose check digits make it right."""
    enterprise = next(siren + last for last in "0123456789" if naive_luhn(siren + last))
    return next(
        enterprise + establishment + last for last in "0123456789" if naive_luhn(enterprise + establishment + last)
    )


DIGITS = "0123456789"


@given(st.text(DIGITS, min_size=8, max_size=8), st.text(DIGITS, min_size=4, max_size=4))
def test_a_right_siret_is_taken_however_it_is_grouped(siren: str, establishment: str) -> None:
    right = with_check_digits(siren, establishment)
    assume(not right.startswith(LA_POSTE))
    for text in (right, f" {right[:3]} {right[3:6]}\u00a0{right[6:9]}\u202f{right[9:]}"):
        assert parties.checked_siret(text) == right


@given(
    st.one_of(st.text(DIGITS, min_size=14, max_size=14), st.text(DIGITS, min_size=5, max_size=5).map(LA_POSTE.__add__))
)
def test_a_siret_is_believed_as_a_naive_reader_would(digits: str) -> None:
    assert siret_accepted(digits) is naive_siret(digits)


@given(st.integers(0, 13), st.integers(1, 9))
def test_a_mistyped_digit_is_noticed(place: int, more: int) -> None:
    right = "20005374200017"
    wrong = right[:place] + str((int(right[place]) + more) % 10) + right[place + 1 :]
    with pytest.raises(BenchError) as refused:
        parties.checked_siret(wrong)
    assert refused.value.messages[0].id == "party-siret-wrong"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("35600000000048", "35600000000048"),
        ("35600000049837", "35600000049837"),
        ("", ""),
        ("35600000049838", "party-siret-wrong"),
        ("2000537420001", "party-siret-digits"),
        ("200053742000170", "party-siret-digits"),
        ("2000537420001O", "party-siret-digits"),
        ("٢٠٠٠٥٣٧٤٢٠٠٠١٧", "party-siret-digits"),
        ("200 053 742\n00017", "party-not-printable"),
    ],
)
def test_sirets_one_by_one(text: str, expected: str) -> None:
    try:
        found = parties.checked_siret(text)
    except BenchError as error:
        found = error.messages[0].id
    assert found == expected


@pytest.mark.parametrize(
    "text",
    ["Περιφέρεια Αττικής", "Kadıköy Belediyesi", "Škola č. 4", "می‌خواهم", "Région « Hauts-de-France »", "🏫 École"],
)
def test_names_of_any_script_stay_as_they_are(text: str) -> None:
    assert parties.checked_line(f"  {text} ", parties.MAX_NAME) == text


@pytest.mark.parametrize(
    "char", ["\n", "\t", "\0", "\x1b", "\u202e", "\u2066", "\u200b", "\ufeff", "\u2028", "\ud800", "\ue000"]
)
def test_what_cannot_be_seen_is_refused(char: str) -> None:
    with pytest.raises(BenchError) as refused:
        parties.checked_line(f"Région{char}Hauts-de-France", parties.MAX_NAME)
    assert refused.value.messages[0].id == "party-not-printable"


def test_lengths_are_bounded_to_the_character() -> None:
    assert parties.checked_line("é" * parties.MAX_LOT, parties.MAX_LOT)
    with pytest.raises(BenchError):
        parties.checked_line("é" * (parties.MAX_LOT + 1), parties.MAX_LOT)
    assert parties.checked_address("a\n\n b \n") == "a\nb"
    for address in ("\n".join("abcdefg"), "a" * (parties.MAX_ADDRESS + 1), "\n".join(["a" * 50] * 5)):
        with pytest.raises(BenchError):
            parties.checked_address(address)


@pytest.mark.parametrize("code", ["OP7", "OP-07", "atelier/3", "Ω.1", "a" * 32, ""])
def test_codes_are_codes(code: str) -> None:
    assert parties.checked_code(code) == code


@pytest.mark.parametrize("code", ["Marie Martin", "a" * 33, "OP7\n", "OP,7", " "])
def test_names_are_no_codes(code: str) -> None:
    with pytest.raises(BenchError) as refused:
        parties.checked_code(code)
    assert refused.value.messages[0].id == "party-operator-not-a-code"


def test_nobody_has_an_address_without_a_name() -> None:
    assert not Organisation().is_given
    with pytest.raises(ValueError, match="name"):
        Donor(reference="2026-114")


DONOR = """
[donor]
name = "Région Hauts-de-France"
address = ["151, avenue du Président-Hoover", "59555 Lille Cedex"]
siret = "200 053 742 00017"
contact = "dpo@example.org"
reference = "2026-114"
"""
EXPECTED = Donor(
    name="Région Hauts-de-France",
    address="151, avenue du Président-Hoover\n59555 Lille Cedex",
    siret="20005374200017",
    contact="dpo@example.org",
    reference="2026-114",
)


def test_a_donors_own_file_and_the_settings_say_the_same(tmp_path: Path) -> None:
    file = tmp_path / "donor.toml"
    file.write_text(DONOR, encoding="utf-8")
    assert parties_file.donor_in(file) == EXPECTED
    file.write_text(f'stall = 60.0\n[workshop]\nname = "Atelier"\n{DONOR}', encoding="utf-8")
    settings = load(file)
    assert (settings.donor, settings.workshop, settings.stall) == (EXPECTED, Organisation(name="Atelier"), 60.0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[donor]\naddress = "Lille"', ["party-name-missing"]),
        ('[donor]\nname = "R"\nsiret = "1"', ["party-wrong donor.siret", "party-siret-digits"]),
        ("[donor]\nname = 3", ["party-not-text donor.name"]),
        ('[donor]\nname = ["a", "b"]', ["party-not-text donor.name"]),
        ('[donor]\nname = "R"\naddress = ["a", 1]', ["party-not-text donor.address"]),
        ('[donor]\nname = "R"\nphone = "1"', ["settings-unknown donor.phone"]),
        ('[workshop]\nname = "A"\nreference = "1"', ["settings-unknown workshop.reference"]),
        ('donor = "Région"', ["settings-not-a-number donor"]),
        (
            'tries = 99\n[workshop]\nname = "A\\u202e"\n[donor]\nname = "' + "n" * 121 + '"',
            [
                "settings-too-large tries",
                "party-wrong workshop.name",
                "party-not-printable",
                "party-wrong donor.name",
                "party-too-long",
            ],
        ),
    ],
)
def test_what_is_wrong_in_a_table_is_named(tmp_path: Path, text: str, expected: list[str]) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(text, encoding="utf-8")
    assert refusal(file) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", "party-name-missing"), ("[donor]\n", "party-name-missing"), (f"stall = 60.0\n{DONOR}", "settings-unknown")],
)
def test_a_donors_file_names_a_donor_and_nothing_else(tmp_path: Path, text: str, expected: str) -> None:
    file = tmp_path / "donor.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BenchError) as refused:
        parties_file.donor_in(file)
    assert refused.value.messages[0].id == expected
