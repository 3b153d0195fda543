"""How the record is published: its canonical bytes, and JSON Schemas drawn from the models so that both agree."""

from __future__ import annotations

import json
from typing import Any

import rfc8785
from pydantic import BaseModel

from bench.record.model import Record

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def canonical(record: Record) -> bytes:
    """The record in RFC 8785 form: the bytes that are signed and hashed into the ledger."""
    return rfc8785.dumps(record.model_dump(mode="json"))


def schema_of(model: type[BaseModel], name: str) -> dict[str, Any]:
    """The model's JSON Schema (draft 2020-12) under the identifier `urn:tablerase:NAME`."""
    return {"$schema": DIALECT, "$id": f"urn:tablerase:{name}", **model.model_json_schema()}


def schema_text(model: type[BaseModel], name: str) -> str:
    """The schema as it is stored in `config/schema/NAME.schema.json`."""
    return json.dumps(schema_of(model, name), ensure_ascii=False, indent=2, sort_keys=True) + "\n"
