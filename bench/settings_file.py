"""A workshop's own settings, from a TOML file: what is not in it stays as it is by default."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bench import parties_file
from bench.messages import BenchError, Message, say
from bench.parties import Donor, Organisation
from bench.patience import Limits
from bench.settings import Settings
from bench.stamping import StampSettings, WithoutStamp

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


class _Paper(_Strict):
    """As `bench.stamping.StampSettings`."""

    tsa: Annotated[str, Field(pattern=r"^(https?://[!-~]+)?$", max_length=2000)]
    tsa_ca: str
    tsa_timeout: Annotated[float, Field(ge=0.1, le=600, allow_inf_nan=False)]
    tsa_wait: Annotated[float, Field(ge=0, le=10**7, allow_inf_nan=False)]
    without_stamp: Literal["issue", "wait"]


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
    paper: _Paper


def load(file: Path) -> Settings:
    """The settings in a file. `BenchError`, naming every wrong line, if it cannot be read or is not as expected."""
    found = parties_file.read_toml(file)
    workshop, donor, wrong = _parties(file, found.pop("workshop", {}), found.pop("donor", {}))
    defaults = {name: value for name, value in asdict(Settings()).items() if name not in {"workshop", "donor"}}
    tables = {name: _over(defaults[name], found.get(name, {})) for name in ("limits", "paper")}
    whole = {**defaults, **found, **tables}
    try:
        checked = _File.model_validate(whole)
    except ValidationError as error:
        problems = [_explain(file, dict(detail)) for detail in error.errors()]
        raise BenchError(*problems, *wrong) from error
    if wrong:
        raise BenchError(*wrong)
    values = checked.model_dump(exclude={"limits", "paper"})
    paper = checked.paper.model_dump(exclude={"without_stamp"})
    return Settings(
        **values,
        limits=Limits(**checked.limits.model_dump()),
        paper=StampSettings(**paper, without_stamp=WithoutStamp(checked.paper.without_stamp)),
        workshop=workshop,
        donor=donor,
    )


def _parties(file: Path, workshop: object, donor: object) -> tuple[Organisation, Donor, list[Message]]:
    """The tables of the workshop and the donor, and what is wrong in either."""
    problems: list[Message] = []
    found_workshop, found_donor = Organisation(), Donor()
    try:
        found_workshop = parties_file.workshop(file, workshop)
    except BenchError as error:
        problems += error.messages
    try:
        found_donor = parties_file.donor(file, donor)
    except BenchError as error:
        problems += error.messages
    return found_workshop, found_donor, problems


def _over(default: dict[str, Any], found: Any) -> Any:  # noqa: ANN401 - whatever a file holds in a table's place
    return {**default, **found} if isinstance(found, dict) else found


def _explain(file: Path, detail: dict[str, Any]) -> Message:
    name = ".".join(map(str, detail["loc"]))
    if detail["type"] == "extra_forbidden":
        return say("settings-unknown", file=str(file), name=name)
    found = str(detail["input"])[:40]
    for bound, message in _BOUNDS.items():
        if bound in detail.get("ctx", {}):
            return say(message, file=str(file), name=name, found=found, limit=str(detail["ctx"][bound]))
    return say("settings-not-a-number", file=str(file), name=name, found=found)
