"""Events as they are stored: their fields as JSON values, read back exactly or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import EnumType
from typing import Any, TypeAlias, get_args

from cattrs import ClassValidationError, transform_error
from cattrs.gen import make_dict_unstructure_fn, override
from cattrs.preconf.json import make_converter

from bench.capabilities import Capabilities
from bench.drive import DriveFacts
from bench.events import Event
from bench.plan import DrivePlan
from bench.surface import SlowRange, Zone

_TYPES: Mapping[str, type[Any]] = {kind.TYPE: kind for kind in get_args(Event)}

Upgrade: TypeAlias = Callable[[dict[str, Any]], dict[str, Any]]
_UPGRADES: Mapping[tuple[str, int], Upgrade] = {
    # Nobody had been asked yet whose drives these are.
    ("job-planned", 1): lambda old: {**old, "plan": {**old["plan"], "handover": {}}},
}
"""From (type, version) to a function that makes the next version's fields out of that version's."""


def _exactly(*kinds: type) -> Callable[[object, object], object]:
    """A hook that takes values of these types as they are: cattrs itself would turn "0" into 0, and 0.5 too."""

    def take(value: object, wanted: object) -> object:
        if type(value) not in kinds:
            raise TypeError(f"{' or '.join(kind.__name__ for kind in kinds)}, not {value!r}")
        # The hook of `str` is asked for string enumerations as well.
        return wanted(value) if isinstance(wanted, EnumType) else value

    return take


_converter = make_converter(forbid_extra_keys=True)
for _kind in (str, int, bool):
    _converter.register_structure_hook(_kind, _exactly(_kind))
_converter.register_structure_hook_func(lambda wanted: wanted == str | int, _exactly(str, int))


def _row_of(kind: type[Zone | SlowRange]) -> Callable[[object, object], Zone | SlowRange]:
    """A hook that reads what is stored as a row of integers: there are hundreds of them, so none is named."""

    def read(value: object, _: object) -> Zone | SlowRange:
        if not isinstance(value, list) or not all(type(number) is int for number in value):
            raise TypeError(f"a row of integers, not {value!r}")
        return kind.of_row(value)

    return read


for _rows in (Zone, SlowRange):
    _converter.register_structure_hook(_rows, _row_of(_rows))
    _converter.register_unstructure_hook(_rows, lambda item: list(item.row))

# What was not known of earlier is stored only where there is anything to say: older events keep their digests. In this
# order: plans are made of the others.
_converter.register_unstructure_hook(
    DriveFacts,
    make_dict_unstructure_fn(
        DriveFacts, _converter, unit=override(omit_if_default=True), siblings=override(omit_if_default=True)
    ),
)
_converter.register_unstructure_hook(
    Capabilities,
    make_dict_unstructure_fn(Capabilities, _converter, retired_sectors=override(omit_if_default=True)),
)
_converter.register_unstructure_hook(
    DrivePlan, make_dict_unstructure_fn(DrivePlan, _converter, stage_plan=override(omit_if_default=True))
)


class UnknownEventError(ValueError):
    """The log holds an event that this version of the program does not know."""


class MalformedEventError(ValueError):
    """The log holds an event whose fields are not those of its type and version; the text names them."""


def to_fields(event: Event) -> dict[str, Any]:
    """The event's fields as JSON values."""
    fields: dict[str, Any] = _converter.unstructure(event)
    return fields


def from_fields(kind: str, version: int, fields: dict[str, Any]) -> Event:
    """Read an event back, upgrading older versions.

    `UnknownEventError` for a type or version that is not known here; `MalformedEventError` for other fields than
    the event has, or values that are not exactly of their type.
    """
    target = _TYPES.get(kind)
    if target is None or not 1 <= version <= target.VERSION:
        raise UnknownEventError(f"event {kind!r} version {version} is not known to this version of the program")
    try:
        while version < target.VERSION:
            fields = _UPGRADES[kind, version](fields)
            version += 1
    except (KeyError, TypeError) as error:
        raise MalformedEventError(f"event {kind!r} version {version}: {error}") from error
    try:
        event: Event = _converter.structure(fields, target)
    except ClassValidationError as error:
        raise MalformedEventError(f"event {kind!r}: {'; '.join(transform_error(error))}") from error
    return event
