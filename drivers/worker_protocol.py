"""The pipe between station and erase worker: one JSON object a line, its `is` naming the value.

First the fork server says, in the worker's place, which process it is: `Copied`. Then towards the worker: `WorkerSetup`
once, tasks and `StopRequest`; the end of the input ends the worker. From the worker: reports, the last one of each task
being `Finished` or `Stopped`.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any, TypeAlias

from bench.surface import SlowRange, Zone
from bench.work import (
    Action,
    Algorithm,
    Checkpointed,
    Content,
    Fault,
    FaultKind,
    Finished,
    Measured,
    Outcome,
    Patience,
    Progress,
    Report,
    SampleTask,
    StopCause,
    Stopped,
    Task,
    VerifyTask,
    WriteTask,
)
from drivers.medium import Kind, MediumSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerSetup:
    """The first line: the worker's medium, and the process whose end must be the worker's end."""

    medium: MediumSpec
    parent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """The worker is there: its process id. It is the bench's child."""

    pid: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StopRequest:
    """Stop the running task at the next chunk, after a sync."""


Order: TypeAlias = WorkerSetup | Task | StopRequest

_TYPES: dict[str, type[Any]] = {
    kind.__name__: kind
    for kind in (
        Copied, WorkerSetup, StopRequest, WriteTask, VerifyTask, SampleTask,
        Progress, Checkpointed, Measured, Fault, Finished, Stopped,
    )
}  # fmt: skip


def encode(value: Copied | Order | Report) -> bytes:
    """One line."""
    return json.dumps({"is": type(value).__name__, **asdict(value)}, separators=(",", ":")).encode() + b"\n"


def decode(line: bytes) -> Copied | Order | Report:
    """Read a line back; `ValueError` if it is none of ours."""
    try:
        fields = json.loads(line)
        kind = _TYPES[fields.pop("is")]
        value: Copied | Order | Report = kind(**{name: _field(name, item) for name, item in fields.items()})
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a line of the worker's protocol: {line[:200]!r}") from error
    return value


def _field(name: str, value: Any) -> Any:  # noqa: ANN401 - a JSON value on its way into a typed field
    match name:
        case "content":
            algorithm = value.pop("algorithm")
            return Content(**value, algorithm=None if algorithm is None else Algorithm(algorithm))
        case "patience":
            return Patience(**value)
        case "medium":
            return MediumSpec(**{**value, "kind": Kind(value["kind"])})
        case "action":
            return Action(value)
        case "kind":
            return FaultKind(value)
        case "outcome":
            return Outcome(value)
        case "zones":
            return tuple(Zone(**item) for item in value)
        case "slow":
            return tuple(SlowRange(**item) for item in value)
        case "cause":
            return StopCause(value)
        case _:
            return value
