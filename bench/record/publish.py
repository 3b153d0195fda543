"""Writes the published JSON Schemas: `python -m bench.record.publish config/schema`, after a change of the format."""

from __future__ import annotations

import sys
from pathlib import Path

from pydantic import BaseModel

from bench.certificate import Certificate
from bench.key_list import KeyList
from bench.record.model import Record
from bench.record.schema import schema_text


def schemas() -> dict[str, str]:
    """Every published schema: file name to content."""
    published: dict[str, type[BaseModel]] = {"record-1": Record, "certificate-1": Certificate, "keys-1": KeyList}
    return {f"{name}.schema.json": schema_text(model, name) for name, model in published.items()}


if __name__ == "__main__":
    for file_name, content in schemas().items():
        (Path(sys.argv[1]) / file_name).write_text(content, encoding="utf-8")
