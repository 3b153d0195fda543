"""A workshop's own settings, from a TOML file: what is not in it stays as it is by default."""

from __future__ import annotations

import tomllib
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bench.messages import BenchError, Message, say
from bench.patience import Limits
from bench.settings import Settings

_Seconds = Annotated[float, Field(gt=0, le=10**9, allow_inf_nan=False)]
_Count = Annotated[int, Field(ge=1, le=10**9)]
_Bytes = Annotated[int, Field(ge=0, le=2**62)]
_SomeBytes = Annotated[int, Field(ge=1, le=2**62)]


_BOUNDS = {"ge": "settings-too-small", "gt": "settings-not-above", "le": "settings-too-large"}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _Limits(_Strict):
    """As `bench.patience.Limits`."""

    period: _Seconds
    slowest: _SomeBytes
    share_factor: _Count
    faults: _Count
    bytes_per_fault: _SomeBytes
    faulty_bytes: _SomeBytes
    remaining: _Seconds
    worthwhile: _SomeBytes


class _File(_Strict):
    """As `bench.settings.Settings`."""

    checkpoint: Annotated[float, Field(ge=0.05, le=3600, allow_inf_nan=False)]
    rewind: _Bytes
    window: _SomeBytes
    stall: _Seconds
    worker_restarts: Annotated[int, Field(ge=0, le=100)]
    tries: Annotated[int, Field(ge=1, le=20)]
    bad_ranges: _Count
    bad_sectors: _Count
    salvage: _Count
    limits: _Limits
    bus_bandwidth: _Bytes


def load(file: Path) -> Settings:
    """The settings in a file. `BenchError`, naming every wrong line, if it cannot be read or is not as expected."""
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise BenchError(say("settings-unreadable", file=str(file), why=error.strerror or str(error))) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BenchError(say("settings-not-toml", file=str(file), why=str(error))) from error
    defaults = asdict(Settings())
    limits = found.get("limits", {})
    whole = {**defaults, **found, "limits": {**defaults["limits"], **limits} if isinstance(limits, dict) else limits}
    try:
        checked = _File.model_validate(whole)
    except ValidationError as error:
        raise BenchError(*(_explain(file, dict(detail)) for detail in error.errors())) from error
    values = checked.model_dump(exclude={"limits"})
    return Settings(**values, limits=Limits(**checked.limits.model_dump()))


def _explain(file: Path, detail: dict[str, Any]) -> Message:
    name = ".".join(map(str, detail["loc"]))
    if detail["type"] == "extra_forbidden":
        return say("settings-unknown", file=str(file), name=name)
    found = str(detail["input"])[:40]
    for bound, message in _BOUNDS.items():
        if bound in detail.get("ctx", {}):
            return say(message, file=str(file), name=name, found=found, limit=str(detail["ctx"][bound]))
    return say("settings-not-a-number", file=str(file), name=name, found=found)
