"""Donor and workshop from TOML: the `[donor]` and `[workshop]` tables of a settings file, or a donor's own file.

    [donor]
    name = "Région Hauts-de-France"
    address = ["151, avenue du Président-Hoover", "59555 Lille Cedex"]
    siret = "200 053 742 00017"

What is not there was not given.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from bench import parties
from bench.messages import BenchError, Message, say
from bench.parties import Donor, Organisation

_FIELDS: Mapping[str, Callable[[str], str]] = {
    "name": partial(parties.checked_line, limit=parties.MAX_NAME),
    "address": parties.checked_address,
    "siret": parties.checked_siret,
    "contact": partial(parties.checked_line, limit=parties.MAX_CONTACT),
    "reference": partial(parties.checked_line, limit=parties.MAX_REFERENCE),
}


def read_toml(file: Path) -> dict[str, Any]:
    """The tables of a TOML file. `BenchError` if it cannot be read or is none."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise BenchError(say("settings-unreadable", file=str(file), why=error.strerror or str(error))) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BenchError(say("settings-not-toml", file=str(file), why=str(error))) from error


def donor_in(file: Path) -> Donor:
    """The donor that a file of its own names. `BenchError`, naming every wrong line, if it does not."""
    tables = read_toml(file)
    others = [say("settings-unknown", file=str(file), name=name) for name in tables if name != "donor"]
    if others:
        raise BenchError(*others)
    if not tables.get("donor"):
        raise BenchError(say("party-name-missing", file=str(file), table="donor"))
    return donor(file, tables["donor"])


def donor(file: Path, table: object) -> Donor:
    """A donor from its table in `file`. `BenchError`, naming every wrong line, if that is not possible."""
    return Donor(**_checked(file, "donor", table, tuple(_FIELDS)))


def workshop(file: Path, table: object) -> Organisation:
    """The workshop from its table in `file`. `BenchError`, naming every wrong line, if that is not possible."""
    return Organisation(**_checked(file, "workshop", table, tuple(name for name in _FIELDS if name != "reference")))


def _checked(file: Path, name: str, table: object, known: tuple[str, ...]) -> dict[str, str]:
    """The fields of a table, each as it may stand in a record. A table without a word in it is nobody."""
    if not isinstance(table, dict):
        raise BenchError(say("settings-not-a-number", file=str(file), name=name, found=str(table)[:40]))
    problems: list[Message] = []
    found: dict[str, str] = {}
    for key, value in table.items():
        place = f"{name}.{key}"
        if key not in known:
            problems.append(say("settings-unknown", file=str(file), name=place))
            continue
        text = _text(value, several=key == "address")
        if text is None:
            problems.append(say("party-not-text", file=str(file), name=place, found=str(value)[:40]))
            continue
        try:
            found[key] = _FIELDS[key](text)
        except BenchError as error:
            problems += [say("party-wrong", file=str(file), name=place), *error.messages]
    if any(found.values()) and not problems and not found.get("name"):
        problems.append(say("party-name-missing", file=str(file), table=name))
    if problems:
        raise BenchError(*problems)
    return found


def _text(value: object, *, several: bool) -> str | None:
    """A string; of an address also its lines as a list. `None` for anything else."""
    if isinstance(value, str):
        return value
    if several and isinstance(value, list) and all(isinstance(line, str) for line in value):
        return "\n".join(value)
    return None
