"""Policies as TOML files: nothing of a file is used unless all of it is right; what is wrong is said with its line."""

from __future__ import annotations

import re
import tomllib
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_core import ErrorDetails

from bench.levels import Level
from bench.messages import BenchError, Message, say
from bench.policy import DISK_ORDER, FLASH_ORDER, CryptoBasis, Downgrade, FrozenRule, HiddenRule, Policy, RetiredRule
from bench.techniques import Technique

FEWEST_CANARIES = 16
MOST_CANARIES = 4096

_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class _Model(BaseModel):
    # Not strict as a whole: TOML has no enumerations, their values are strings there.
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Strict(_Model):
    model_config = ConfigDict(strict=True)


class _Techniques(_Model):
    flash: Annotated[list[Technique], Field(min_length=1)] = list(FLASH_ORDER)
    disk: Annotated[list[Technique], Field(min_length=1)] = list(DISK_ORDER)


class _CryptoAlone(_Strict):
    statement: _Text
    models: Annotated[list[_Text], Field(min_length=1)]


_DEFAULT = Policy(name="default", level=Level.PURGE)
_Whole = Annotated[int, Field(strict=True, ge=0)]


class _File(_Model):
    """As `bench.policy.Policy`."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", strict=True)]
    level: Level
    downgrade: Downgrade = _DEFAULT.downgrade
    crypto_before_block: Annotated[bool, Field(strict=True)] = _DEFAULT.crypto_before_block
    overwrite_on_top: Annotated[bool, Field(strict=True)] = _DEFAULT.overwrite_on_top
    canaries: Annotated[_Whole, Field(le=MOST_CANARIES)] = _DEFAULT.canaries
    read_back: Annotated[_Whole, Field(le=1000)] = _DEFAULT.read_back
    power_cycle: Annotated[bool, Field(strict=True)] = _DEFAULT.power_cycle
    hidden_areas: HiddenRule = _DEFAULT.hidden_areas
    retired_sectors: RetiredRule = _DEFAULT.retired_sectors
    frozen: FrozenRule = _DEFAULT.frozen
    techniques: _Techniques = _Techniques()
    crypto_alone: list[_CryptoAlone] = []

    def policy(self) -> Policy:
        return Policy(
            name=self.name,
            level=self.level,
            downgrade=self.downgrade,
            flash=tuple(self.techniques.flash),
            disk=tuple(self.techniques.disk),
            crypto_before_block=self.crypto_before_block,
            crypto_alone=tuple(
                CryptoBasis(statement=item.statement, models=tuple(item.models)) for item in self.crypto_alone
            ),
            overwrite_on_top=self.overwrite_on_top,
            canaries=self.canaries,
            read_back=self.read_back,
            power_cycle=self.power_cycle,
            hidden_areas=self.hidden_areas,
            retired_sectors=self.retired_sectors,
            frozen=self.frozen,
        )


def shipped(level: Level) -> Policy:
    """The policy that comes with the program for this level: `config/policies/LEVEL.toml`. `ValueError` for none."""
    if level is Level.NONE:
        raise ValueError("there is no policy that asks for nothing")
    name = f"{level.value}.toml"
    return _read(resources.files("config") / "policies" / name, name)


def load_policy(file: Path) -> Policy:
    """The policy in a site's own file. `BenchError`, naming every wrong line, if it is not as expected."""
    return _read(file, str(file))


def _read(source: Traversable, file: str) -> Policy:
    try:
        text = source.read_text(encoding="utf-8")
        found = tomllib.loads(text)
    except OSError as error:
        raise BenchError(say("policy-unreadable", file=file, why=error.strerror or str(error))) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BenchError(say("policy-not-toml", file=file, why=str(error))) from error
    try:
        policy = _File.model_validate(found).policy()
    except ValidationError as error:
        raise BenchError(*(_explain(file, text, detail) for detail in error.errors())) from error
    problems = _contradictions(file, text, policy)
    if problems:
        raise BenchError(*problems)
    return policy


def _contradictions(file: str, text: str, policy: Policy) -> list[Message]:
    """What each field allows by itself, and what makes no sense all the same."""
    problems: list[Message] = []
    if policy.level is Level.NONE:
        problems.append(_wrong_choice(file, text, ("level",), "none", "clear, purge"))
    if 0 < policy.canaries < FEWEST_CANARIES:
        where: dict[str, str | int] = {"file": file, "line": _line_of(text, ("canaries",)), "field": "canaries"}
        problems.append(say("policy-too-few-canaries", found=policy.canaries, fewest=FEWEST_CANARIES, **where))
    for field, order in (("flash", policy.flash), ("disk", policy.disk)):
        twice = sorted({item.value for item in order if order.count(item) > 1})
        if twice:
            line = _line_of(text, ("techniques", field))
            where = {"file": file, "line": line, "field": f"techniques.{field}"}
            problems.append(say("policy-technique-twice", found=", ".join(twice), **where))
    return problems


def _explain(file: str, text: str, detail: ErrorDetails) -> Message:
    place = tuple(str(part) for part in detail["loc"])
    where: dict[str, str | int] = {"file": file, "line": _line_of(text, place), "field": ".".join(place)}
    context: dict[str, Any] = detail.get("ctx", {})
    match detail["type"]:
        case "missing":
            return say("policy-field-missing", file=file, field=where["field"])
        case "extra_forbidden":
            return say("policy-field-unknown", **where)
        case "enum":
            return _wrong_choice(file, text, place, detail["input"], str(context["expected"]).replace("'", ""))
        case "less_than_equal" | "greater_than_equal":
            return say("policy-out-of-range", found=_shown(detail["input"]), limit=_limit(context), **where)
        case "too_short" | "string_too_short":
            return say("policy-field-empty", **where)
        case _:
            return say("policy-wrong-value", found=_shown(detail["input"]), **where)


def _limit(context: dict[str, Any]) -> int:
    return int(context.get("le", context.get("ge", 0)))


def _wrong_choice(file: str, text: str, place: tuple[str, ...], found: object, choices: str) -> Message:
    where: dict[str, str | int] = {"file": file, "line": _line_of(text, place), "field": ".".join(place)}
    return say("policy-wrong-choice", found=_shown(found), choices=choices, **where)


def _shown(value: object) -> str:
    shown = str(value)
    return shown if len(shown) <= 40 else f"{shown[:40]}…"


def _line_of(text: str, place: tuple[str, ...]) -> int:
    """The line (from 1) where a field is written: `("techniques", "flash", "2")`; its table's, or 1, where it is not.

    TOML's parser keeps no places. A quoted or dotted key is not found this way, and the table's line is named.
    """
    table, tables, nearest = "", 0, 1
    numbered = len(place) > 1 and place[1].isdigit()
    wanted_table = "" if len(place) == 1 or place[0] not in {"techniques", "crypto_alone"} else place[0]
    nth = int(place[1]) + 1 if numbered and wanted_table else 0
    key = place[2 if nth else 1] if wanted_table and len(place) > (2 if nth else 1) else place[0]
    for number, line in enumerate(text.splitlines(), start=1):
        header = re.match(r"\s*\[\[?\s*([A-Za-z0-9_-]+)\s*\]", line)
        if header:
            table = header[1]
            tables += table == wanted_table
            if table == wanted_table and tables == max(nth, 1):
                nearest = number
        elif table == wanted_table and (not nth or tables == nth) and re.match(rf"\s*{re.escape(key)}\s*=", line):
            return number
    return nearest
