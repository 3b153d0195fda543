"""Strict JSON for plain dataclasses: unknown, missing or mistyped fields are errors, never defaults."""

from __future__ import annotations

from dataclasses import MISSING, fields, is_dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar, get_type_hints

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    T = TypeVar("T", bound=DataclassInstance)
else:
    T = TypeVar("T")


class DocumentError(ValueError):
    """A document does not say what it should; the text names the field, what was found and what is expected."""


def as_object(document: object, where: str) -> dict[str, Any]:
    """The document as a JSON object. Raises `DocumentError`."""
    if not isinstance(document, dict):
        raise DocumentError(f"{where}: an object is expected, not {document!r}")
    return document


def read(kind: type[T], document: object, where: str, **given: Any) -> T:  # noqa: ANN401 - one value per field's type
    """Build a `kind` from its JSON object, except for the fields `given`, which the caller has read.

    Fields may be integers, truth values, strings, string enumerations or dataclasses of these; `where` opens every
    error text. Raises `DocumentError`, also for values that `kind` itself refuses with `ValueError`.
    """
    found = as_object(document, where)
    expected = {field.name: field for field in fields(kind) if field.name not in given}
    if unknown := sorted(found.keys() - expected.keys()):
        raise DocumentError(f"{where}: unknown field {unknown[0]!r}; known are {', '.join(expected)}")
    for name, field in expected.items():
        if name not in found and field.default is MISSING and field.default_factory is MISSING:
            raise DocumentError(f"{where}: field {name!r} is missing")
    hints = get_type_hints(kind)
    values = {name: _value(hints[name], value, f"{where}: field {name!r}") for name, value in found.items()}
    try:
        return kind(**values, **given)
    except ValueError as error:
        raise DocumentError(f"{where}: {error}") from error


def _value(kind: type, value: object, where: str) -> object:
    if kind is int and type(value) is not int:  # a JSON true is an int to isinstance
        raise DocumentError(f"{where}: an integer is expected, not {value!r}")
    if kind is bool and type(value) is not bool:
        raise DocumentError(f"{where}: true or false is expected, not {value!r}")
    if is_dataclass(kind):
        return read(kind, value, where)
    if issubclass(kind, str) and not isinstance(value, str):
        raise DocumentError(f"{where}: a string is expected, not {value!r}")
    if issubclass(kind, StrEnum):
        choices = [member.value for member in kind]
        if value not in choices:
            raise DocumentError(f"{where}: one of {', '.join(choices)} is expected, not {value!r}")
        return kind(value)
    return value
