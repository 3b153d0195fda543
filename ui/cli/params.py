"""Arguments and options that several commands take, and how their values are read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import click

from bench.levels import Level
from bench.messages import BenchError, say
from bench.parties import MAX_LOT, MAX_REFERENCE, NOBODY, Handover, checked_code, checked_line
from bench.plan import EraseRequest, Verify
from bench.policy_file import load_policy
from ui.cli.local import LocalArgument, LocalOption, converted
from ui.texts import Texts

METHOD_BESIDE = "nist-clear"
"""What is overwritten with where a level or a policy was asked for, and no method."""
_LONGEST_PSID = 32
_CHECKPOINT_SECONDS = (0.05, 3600.0)


def devices(t: Texts) -> click.Parameter:
    """DEVICE…: one or more."""
    return LocalArgument(
        "devices", metavar=t.say("cli-metavar-devices"), about=t.say("cli-argument-devices"), many=True
    )


def as_json(t: Texts) -> click.Parameter:
    """`--json`."""
    return flag(t, "--json", "as_json", "cli-option-json")


def flag(t: Texts, name: str, dest: str, about: str) -> click.Parameter:
    """A yes-or-no option."""
    return LocalOption([name, dest], is_flag=True, help=t.say(about))


def value(  # noqa: PLR0913 - one for each thing that help says of an option
    t: Texts,
    name: str,
    dest: str,
    *,
    metavar: str,
    about: str,
    convert: Callable[[str], object] = str,
    default: str | None = None,
    required: bool = False,
    many: bool = False,
) -> click.Parameter:
    """An option with a value. `convert` raises `BenchError` with the sentence that says what is expected."""
    option = LocalOption(
        [name, dest],
        metavar=t.say(metavar),
        help=t.say(about),
        required=required,
        multiple=many,
        callback=None if many else converted(t, convert),
    )
    # Not as an argument: there, None would count as a value, and a required option never as missing.
    if default is not None:
        option.default = default
    return option


def file(t: Texts, name: str, dest: str, about: str) -> click.Parameter:
    """An option that names a file or folder, as an absolute-or-relative `Path`."""
    return value(t, name, dest, metavar="cli-metavar-file", about=about, convert=Path)


def erasure(t: Texts) -> list[click.Parameter]:
    """What says how drives are to be erased: for `plan` and `erase` alike."""
    return [
        value(t, "--method", "method", metavar="cli-metavar-method", about="cli-option-method", default=""),
        value(
            t,
            "--verify",
            "verify",
            metavar="cli-metavar-verify",
            about="cli-option-verify",
            convert=_verify,
            default="full",
        ),
        value(
            t, "--rounds", "rounds", metavar="cli-metavar-count", about="cli-option-rounds", convert=_count, default="1"
        ),
        flag(t, "--blank", "blank", "cli-option-blank"),
        file(t, "--methods-file", "methods_file", "cli-option-methods-file"),
        value(t, "--level", "level", metavar="cli-metavar-level", about="cli-option-level", convert=_level),
        file(t, "--policy", "policy_file", "cli-option-policy"),
        psid(t),
    ]


def psid(t: Texts) -> click.Parameter:
    """`--psid SERIAL=PSID`, once for each drive; read by `psids`."""
    return value(t, "--psid", "psid", metavar="cli-metavar-psid", about="cli-option-psid", many=True)


def psids(given: Sequence[str]) -> dict[str, str]:
    """PSIDs by serial number. `BenchError` for what is no pair of both."""
    found: dict[str, str] = {}
    for text in given:
        serial, equals, word = text.partition("=")
        word = word.strip().upper()
        if not equals or not serial.strip() or not (word.isascii() and word.isalnum() and len(word) <= _LONGEST_PSID):
            raise BenchError(say("cli-not-a-psid", found=text))
        found[serial.strip()] = word
    return found


def request(  # noqa: PLR0913 - what was typed, each by its name
    addresses: Sequence[str],
    *,
    method: str,
    verify: Verify,
    rounds: int,
    blank: bool,
    level: Level | None,
    policy_file: Path | None,
    psid: Sequence[str],
    operator: str = "",
    handover: Handover = NOBODY,
) -> EraseRequest:
    """What was typed, as it is asked of the bench. `BenchError` where it does not say how to erase.

    Without level and policy there is nothing but the method; with one of them, the method is what is written where the
    host overwrites.
    """
    if not method and level is None and policy_file is None:
        raise BenchError(say("cli-missing-option", name="--method"), say("cli-method-or-level"))
    return EraseRequest(
        addresses=tuple(addresses),
        method=method or METHOD_BESIDE,
        verify=verify,
        rounds=rounds,
        blank=blank,
        operator=operator,
        handover=handover,
        level=level,
        policy=load_policy(policy_file) if policy_file is not None else None,
        psids=psids(psid),
    )


def count(t: Texts, name: str, dest: str, about: str) -> click.Parameter:
    """An option that takes a whole number."""
    return value(t, name, dest, metavar="cli-metavar-count", about=about, convert=_count)


def operator(t: Texts) -> click.Parameter:
    """`--operator CODE`."""
    return code(t, "--operator", "operator", "cli-option-operator", default="")


def code(t: Texts, name: str, dest: str, about: str, *, default: str | None = None) -> click.Parameter:
    """An option that takes the code of somebody who works here."""
    return value(t, name, dest, metavar="cli-metavar-code", about=about, convert=checked_code, default=default)


def handover(t: Texts, donor: str = "cli-option-donor") -> list[click.Parameter]:
    """What says whose drives these are: `None` where an option is not typed."""
    reference, lot = "cli-option-donor-reference", "cli-option-lot"
    return [
        file(t, "--donor", "donor", donor),
        value(
            t, "--donor-reference", "donor_reference", metavar="cli-metavar-text", about=reference, convert=_reference
        ),
        value(t, "--lot", "lot", metavar="cli-metavar-text", about=lot, convert=_lot),
    ]


def checkpoint(t: Texts) -> click.Parameter:
    """`--checkpoint SECONDS`."""
    about = "cli-option-checkpoint"
    return value(t, "--checkpoint", "checkpoint", metavar="cli-metavar-seconds", about=about, convert=_seconds)


def settings(t: Texts) -> click.Parameter:
    """`--settings FILE`."""
    return file(t, "--settings", "settings_file", "cli-option-settings")


def _verify(text: str) -> Verify:
    try:
        return Verify.parse(text)
    except ValueError:
        raise BenchError(say("cli-not-a-verification", found=text)) from None


def _level(text: str) -> Level:
    if text not in {Level.CLEAR, Level.PURGE}:
        raise BenchError(say("cli-not-a-level", found=text))
    return Level(text)


def _reference(text: str) -> str:
    return checked_line(text, MAX_REFERENCE)


def _lot(text: str) -> str:
    return checked_line(text, MAX_LOT)


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise BenchError(say("cli-not-a-count", found=text))
    return int(text)


def _seconds(text: str) -> float:
    least, most = _CHECKPOINT_SECONDS
    try:
        seconds = float(text.replace(",", "."))
    except ValueError:
        seconds = -1.0
    if not least <= seconds <= most:
        raise BenchError(say("cli-not-seconds", found=text))
    return seconds
