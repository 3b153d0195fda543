"""The published JSON Schemas: stored as the models say, and believed by a validator that knows no pydantic."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from bench.evidence import Evidence
from bench.record.model import Record
from bench.record.publish import schemas
from bench.record.schema import canonical
from support import evidence_samples as sample

SAMPLES = [
    sample.erased, sample.remarked, sample.sick, sample.failed, sample.fake, sample.given_up, sample.unproven,
    sample.aborted,
]  # fmt: skip


def stored(name: str) -> str:
    return files("config").joinpath("schema", name).read_text("utf-8")


@pytest.mark.parametrize("name", sorted(schemas()))
def test_the_stored_schema_is_the_codes(name: str) -> None:
    assert stored(name) == schemas()[name], "run: python -m bench.record.publish config/schema"


@pytest.mark.parametrize("name", sorted(schemas()))
def test_the_schema_is_one(name: str) -> None:
    schema = json.loads(stored(name))
    Draft202012Validator.check_schema(schema)
    assert schema["title"]


@pytest.mark.parametrize("name", sorted(schemas()))
def test_every_object_is_closed_and_holds_no_float_or_null(name: str) -> None:
    def walk(value: Any) -> None:
        if isinstance(value, dict):
            assert value.get("type") not in {"number", "null"}
            if "properties" in value:
                assert value["additionalProperties"] is False
                assert sorted(value["required"]) == sorted(value["properties"])
            for item in value.values():
                walk(item)
        elif isinstance(value, list):
            for item in value:
                walk(item)

    walk(json.loads(stored(name)))


@pytest.mark.parametrize("make", SAMPLES)
def test_records_and_certificates_pass_an_independent_validator(make: Callable[[], Evidence]) -> None:
    evidence = make()
    record = json.loads(canonical(sample.record(evidence)))
    Draft202012Validator(json.loads(stored("record-1.schema.json"))).validate(record)
    certificate = json.loads(sample.certificate(evidence))
    Draft202012Validator(json.loads(stored("certificate-1.schema.json"))).validate(certificate)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("document", "issued"), "2026-05-04T10:20:30"),
        (("document", "version"), 1.5),
        (("document", "version"), "1"),
        (("evidence", "events"), True),
        (("document", "number"), None),
        (("evidence", "sha256"), "abc"),
        (("result", "verdict"), "probably"),
        (("drive", "vendor"), {"absent": "forgotten"}),
        (("custody", "surprise"), "x"),
    ],
)
def test_validator_and_model_refuse_what_is_no_record(path: tuple[str, str], value: object) -> None:
    record = json.loads(canonical(sample.record(sample.erased())))
    record[path[0]][path[1]] = value
    assert not Draft202012Validator(json.loads(stored("record-1.schema.json"))).is_valid(record)
    with pytest.raises(ValidationError):
        Record.model_validate_json(json.dumps(record))
