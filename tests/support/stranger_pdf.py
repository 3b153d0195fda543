"""A stranger's checker, section 7 of docs/verify.md: a small reader of PDF (ISO 32000)."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from typing import Any

from support.stranger_basics import UnreadableError


class Name(str):
    __slots__ = ()


class Dict(dict[str, Any]):
    """A dictionary that remembers from where to where each value stood; a stream's bytes are its member `STREAM`."""

    def __init__(self) -> None:
        super().__init__()
        self.places: dict[str, tuple[int, int]] = {}


STREAM = "\0stream"


@dataclass(frozen=True)
class Ref:
    number: int


_TOKEN = re.compile(
    rb"[\0\t\n\f\r ]*(?:%[^\r\n]*[\r\n][\0\t\n\f\r ]*)*"
    rb"(?P<token><<|>>|\[|\]|<[0-9A-Fa-f\0\t\n\f\r ]*>|\(|/[^\0\t\n\f\r ()<>\[\]{}/%]*|[^\0\t\n\f\r ()<>\[\]{}/%]+)"
)


class Pdf:
    """Objects by number, newest revision first."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.entries: dict[int, tuple[int, int] | None] = {}
        self.trailer: dict[str, Any] = {}
        starts = re.findall(rb"startxref\s+(\d+)\s+%%EOF", content)
        if not content.startswith(b"%PDF-") or not starts:
            raise UnreadableError("no PDF")
        queue, seen = [int(starts[-1])], set[int]()
        while queue:
            at = queue.pop(0)
            if at in seen or len(seen) > 64:
                continue
            seen.add(at)
            trailer = self._section(at)
            self.trailer = self.trailer or trailer
            queue += [trailer[name] for name in ("XRefStm", "Prev") if name in trailer]
        if "Encrypt" in self.trailer:
            raise UnreadableError("encrypted")

    def _section(self, at: int) -> dict[str, Any]:
        if re.compile(rb"\s*xref").match(self.content, at):
            return self._table(at)
        value, _ = self.object_at(at)
        data = self.unpacked(value)
        widths, index = value["W"], value.get("Index") or [0, value["Size"]]
        place = 0
        for start, count in zip(index[::2], index[1::2], strict=True):
            for number in range(start, start + count):
                row = []
                for width in widths:
                    row.append(int.from_bytes(data[place : place + width], "big"))
                    place += width
                kind = row[0] if widths[0] else 1
                self.entries.setdefault(number, {1: (-1, row[1]), 2: (row[1], row[2])}.get(kind))
        return dict(value)

    def _table(self, at: int) -> dict[str, Any]:
        _, at = self._word(at)
        while True:
            word, at = self._word(at)
            if word == b"trailer":
                break
            start, (count, at) = int(word), self._word(at)
            for number in range(start, start + int(count)):
                offset, at = self._word(at)
                _, at = self._word(at)
                letter, at = self._word(at)
                self.entries.setdefault(number, (-1, int(offset)) if letter == b"n" else None)
        value, _ = self.value(self.content, at)
        return dict(value)

    def _word(self, at: int, content: bytes | None = None) -> tuple[bytes, int]:
        match = _TOKEN.match(self.content if content is None else content, at)
        if not match:
            raise UnreadableError("broken PDF")
        return match["token"], match.end()

    def value(self, content: bytes, at: int, depth: int = 0) -> tuple[Any, int]:
        token, end = self._word(at, content)
        if depth > 50:
            raise UnreadableError("broken PDF")
        if token == b"<<":
            return self._dictionary(content, end, depth)
        if token == b"[":
            items: list[Any] = []
            while True:
                token, after = self._word(end, content)
                if token == b"]":
                    return items, after
                item, end = self.value(content, end, depth + 1)
                items.append(item)
        if token == b"(":
            return _literal(content, end)
        if token.startswith(b"<"):
            digits = re.sub(rb"[^0-9A-Fa-f]", b"", token)
            return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode()), end
        if token.startswith(b"/"):
            return Name(re.sub("#(..)", lambda pair: chr(int(pair[1], 16)), token[1:].decode("latin-1"))), end
        reference = re.compile(rb"[\0\t\n\f\r ]+\d+[\0\t\n\f\r ]+R(?![A-Za-z0-9])").match(content, end)
        if token.isdigit() and reference:
            return Ref(int(token)), reference.end()
        return (int(token) if re.fullmatch(rb"[-+]?\d+", token) else token), end

    def _dictionary(self, content: bytes, end: int, depth: int) -> tuple[Dict, int]:
        found = Dict()
        while True:
            token, after = self._word(end, content)
            if token == b">>":
                return found, after
            name, end = self.value(content, end, depth + 1)
            match = _TOKEN.match(content, end)
            start = match.start("token") if match else end
            item, end = self.value(content, end, depth + 1)
            found[str(name)] = item
            found.places[str(name)] = (start, end)

    def object_at(self, at: int) -> tuple[Any, int]:
        header = re.compile(rb"\s*(\d+)\s+\d+\s+obj").match(self.content, at)
        if not header:
            raise UnreadableError("broken PDF")
        value, end = self.value(self.content, header.end())
        stream = re.compile(rb"\s*stream(\r\n|\n)").match(self.content, end)
        if isinstance(value, dict) and stream:
            length = self.get(value["Length"])
            value[STREAM] = self.content[stream.end() : stream.end() + length]
        return value, int(header[1])

    def get(self, value: Any) -> Any:
        for _ in range(9):
            if not isinstance(value, Ref):
                return value
            value = self._load(value.number)
        raise UnreadableError("broken PDF")

    def _load(self, number: int) -> Any:
        entry = self.entries.get(number)
        if entry is None:
            return None
        pack, place = entry
        if pack < 0:
            value, found = self.object_at(place)
            if found != number:
                raise UnreadableError("broken PDF")
            return value
        holder = self.entries[pack]
        if holder is None:
            raise UnreadableError("broken PDF")
        stream, _ = self.object_at(holder[1])
        data = self.unpacked(stream)
        places = [int(item) for item in data[: stream["First"]].split()[1::2]]
        return self.value(data, stream["First"] + places[place])[0]

    def unpacked(self, stream: dict[str, Any]) -> bytes:
        filters = self.get(stream.get("Filter"))
        data: bytes = stream[STREAM]
        if filters in (None, []):
            return data
        if filters not in (Name("FlateDecode"), [Name("FlateDecode")]):
            raise UnreadableError("a filter")
        inflater = zlib.decompressobj()
        data = inflater.decompress(data, 32 * 1024 * 1024)
        parameters = self.get(stream.get("DecodeParms"))
        if isinstance(parameters, dict) and parameters.get("Predictor", 1) >= 10:
            return _unpredicted(data, parameters["Columns"])
        return data

    def attachment(self) -> bytes:
        root = self.get(self.trailer["Root"])
        found: list[Any] = list(self.get(root.get("AF")) or [])
        nodes = [(self.get(root.get("Names")) or {}).get("EmbeddedFiles")]
        for _ in range(1000):
            if not nodes:
                break
            tree = self.get(nodes.pop()) or {}
            found += (self.get(tree.get("Names")) or [])[1::2]
            nodes += self.get(tree.get("Kids")) or []
        if len(set(found)) != 1:
            raise UnreadableError("not one attached file")
        specification = self.get(found[0])
        if self.get(specification.get("AFRelationship")) != Name("Source"):
            raise UnreadableError("not the source")
        return self.unpacked(self.get(self.get(specification["EF"])["F"]))

    def signatures(self) -> list[Dict]:
        form = self.get(self.get(self.trailer["Root"]).get("AcroForm")) or {}
        fields = [(item, None) for item in self.get(form.get("Fields")) or []]
        found: list[Any] = []
        for _ in range(1000):
            if not fields:
                break
            item, kind = fields.pop()
            value = self.get(item)
            kind = self.get(value.get("FT")) or kind
            if kind == Name("Sig") and "V" in value and value["V"] not in found:
                found.append(value["V"])
            fields += [(kid, kind) for kid in self.get(value.get("Kids")) or []]
        return [value for value in map(self.get, found) if isinstance(value, Dict)]


def _literal(content: bytes, at: int) -> tuple[bytes, int]:
    start, open_ = at, 1
    while open_:
        if content[at] == 0x5C:
            at += 1
        elif content[at] == 0x28:
            open_ += 1
        elif content[at] == 0x29:
            open_ -= 1
        at += 1
    return content[start : at - 1], at  # Escapes are left as they are: no text string is read here.


def _unpredicted(data: bytes, columns: int) -> bytes:
    rows: list[bytes] = []
    above = bytes(columns)
    for at in range(0, len(data), columns + 1):
        kind, row = data[at], data[at + 1 : at + 1 + columns]
        if kind not in (0, 2):
            raise UnreadableError("a predictor")
        above = bytes((a + b) & 255 for a, b in zip(row, above, strict=True)) if kind else row
        rows.append(above)
    return b"".join(rows)
