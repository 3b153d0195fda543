// A PDF's objects (ISO 32000-2, 7.5): cross-reference tables and streams, object streams, Flate.
//
// Everything a hostile file could make endless is bounded: revisions, objects, nesting, unpacked size.

import { latin1 } from "./bytes.js";
import { Failure } from "./failure.js";
import { Dict, Keyword, Lexer, Ref, nameOf } from "./pdf_lexer.js";

const TAIL = 1024 * 1024;
const MAX_REVISIONS = 64;
const MAX_OBJECTS = 100_000;
const MAX_UNPACKED = 32 * 1024 * 1024;
const MAX_LOADS = 20_000;

const broken = (position = 0) => new Failure("verifier-pdf-broken", { position });

/** A stream: its dictionary and its bytes as they lie in the file. */
export class Stream {
  constructor(dict, packed) {
    this.dict = dict;
    this.packed = packed;
  }
}

export class PdfFile {
  /** Reads the cross-reference sections, newest first. `Failure` if there are none to go by. */
  static async open(bytes) {
    const file = new PdfFile(bytes);
    await file.readSections();
    if (file.trailer.has("Encrypt")) throw new Failure("verifier-pdf-encrypted");
    return file;
  }

  constructor(bytes) {
    this.bytes = bytes;
    this.entries = new Map();
    this.trailer = null;
    this.loads = 0;
    this.packs = new Map();
  }

  async readSections() {
    // The last one, whatever was put behind it: what the seal does not cover is for its own check to tell.
    const found = [...latin1(this.bytes.subarray(-TAIL)).matchAll(/startxref\s+(\d{1,10})\s+%%EOF/g)].pop();
    if (found === undefined) throw broken(this.bytes.length);
    const seen = new Set();
    const queue = [Number(found[1])];
    while (queue.length) {
      const at = queue.shift();
      if (seen.has(at)) continue;
      if (seen.size >= MAX_REVISIONS || !isCount(at) || at >= this.bytes.length) throw broken();
      seen.add(at);
      const trailer = await this.readSection(at);
      this.trailer ??= trailer;
      for (const name of ["XRefStm", "Prev"]) {
        if (trailer.has(name)) queue.push(trailer.get(name));
      }
    }
  }

  async readSection(at) {
    const lexer = new Lexer(this.bytes, at);
    const first = lexer.value();
    if (first instanceof Keyword && first.word === "xref") return this.readTable(lexer);
    const { value } = this.objectAt(at);
    if (!(value instanceof Stream) || nameOf(value.dict.get("Type")) !== "XRef") throw broken(at);
    await this.readXrefStream(value);
    return value.dict;
  }

  readTable(lexer) {
    for (;;) {
      const start = lexer.value();
      if (start instanceof Keyword && start.word === "trailer") break;
      const count = lexer.value();
      if (!isCount(start) || !isCount(count) || count > MAX_OBJECTS) lexer.fail();
      for (let number = start; number < start + count; number += 1) {
        const [offset, , kind] = [lexer.value(), lexer.value(), lexer.value()];
        if (!isCount(offset) || !(kind instanceof Keyword)) lexer.fail();
        if (kind.word === "n") this.enter(number, { at: offset });
        else this.enter(number, null);
      }
    }
    const trailer = lexer.value();
    if (!(trailer instanceof Dict)) lexer.fail();
    return trailer;
  }

  async readXrefStream(stream) {
    const data = await this.unpacked(stream);
    const widths = stream.dict.get("W");
    const size = stream.dict.get("Size");
    const index = stream.dict.get("Index") ?? [0, size];
    const plain = Array.isArray(widths) && widths.length === 3 && widths.every((width) => isCount(width) && width <= 8);
    if (!plain || !Array.isArray(index) || index.length % 2 || !index.every(isCount)) throw broken();
    let at = 0;
    const field = (width) => data.subarray(at, (at += width)).reduce((value, byte) => value * 256 + byte, 0);
    for (let pair = 0; pair < index.length; pair += 2) {
      for (let number = index[pair]; number < index[pair] + index[pair + 1]; number += 1) {
        if (at >= data.length) throw broken();
        const kind = widths[0] ? field(widths[0]) : 1;
        const [second, third] = [field(widths[1]), field(widths[2])];
        this.enter(number, kind === 1 ? { at: second } : kind === 2 ? { pack: second, place: third } : null);
      }
    }
  }

  /** The first word on an object is the newest. */
  enter(number, entry) {
    if (this.entries.size >= MAX_OBJECTS) throw broken();
    if (!this.entries.has(number)) this.entries.set(number, entry);
  }

  /** What a value means: references followed. */
  async get(value) {
    let found = value;
    for (let steps = 0; found instanceof Ref; steps += 1) {
      if (steps > 8) throw broken();
      found = await this.load(found.number);
    }
    return found;
  }

  async load(number) {
    this.loads += 1;
    if (this.loads > MAX_LOADS) throw broken();
    const entry = this.entries.get(number);
    if (!entry) return null;
    if (entry.at === undefined) return this.packedObject(entry);
    const found = this.objectAt(entry.at);
    if (found.number !== number) throw broken(entry.at);
    return found.value;
  }

  objectAt(at) {
    const lexer = new Lexer(this.bytes, at);
    const [number, generation, keyword] = [lexer.value(), lexer.value(), lexer.value()];
    if (!isCount(number) || !isCount(generation) || keyword?.word !== "obj") throw broken(at);
    const value = lexer.value();
    if (!(value instanceof Dict)) return { number, value };
    lexer.space();
    const next = lexer.word();
    return { number, value: next === "stream" ? this.streamAt(value, lexer.at) : value };
  }

  streamAt(dict, at) {
    const start = at + (this.bytes[at] === 13 ? 2 : 1);
    const stated = dict.get("Length");
    const length = stated instanceof Ref ? this.lengthOf(stated) : stated;
    if (!isCount(length) || start + length > this.bytes.length) throw broken(at);
    return new Stream(dict, this.bytes.subarray(start, start + length));
  }

  /** A length that stands elsewhere: a plain number at a plain place, so that nothing here can turn in circles. */
  lengthOf(ref) {
    const at = this.entries.get(ref.number)?.at;
    if (at === undefined) return null;
    const lexer = new Lexer(this.bytes, at);
    const [number, , , length] = [lexer.value(), lexer.value(), lexer.value(), lexer.value()];
    return number === ref.number ? length : null;
  }

  async packedObject({ pack, place }) {
    if (!this.packs.has(pack)) this.packs.set(pack, await this.readPack(pack));
    const found = this.packs.get(pack)[place];
    return found === undefined ? null : new Lexer(found.data, found.at).value();
  }

  async readPack(number) {
    const entry = this.entries.get(number);
    const stream = entry?.at === undefined ? null : this.objectAt(entry.at).value;
    if (!(stream instanceof Stream) || nameOf(stream.dict.get("Type")) !== "ObjStm") throw broken();
    const data = await this.unpacked(stream);
    const [count, first] = [stream.dict.get("N"), stream.dict.get("First")];
    if (!isCount(count) || !isCount(first) || count > MAX_OBJECTS) throw broken();
    const lexer = new Lexer(data);
    return Array.from({ length: count }, () => {
      lexer.value();
      return { data, at: first + Number(lexer.value()) };
    });
  }

  /** A stream's content, unpacked: no filter, or Flate with or without PNG predictors. */
  async unpacked(stream) {
    const filters = [await this.get(stream.dict.get("Filter"))].flat().filter((filter) => filter != null);
    if (filters.length === 0) return stream.packed;
    if (filters.length > 1 || nameOf(filters[0]) !== "FlateDecode") throw new Failure("verifier-pdf-filter");
    const data = await inflated(stream.packed);
    const parameters = await this.get([stream.dict.get("DecodeParms")].flat()[0]);
    const predictor = parameters instanceof Dict ? (parameters.get("Predictor") ?? 1) : 1;
    if (predictor === 1) return data;
    if (predictor < 10 || (parameters.get("Colors") ?? 1) !== 1 || (parameters.get("BitsPerComponent") ?? 8) !== 8) {
      throw new Failure("verifier-pdf-filter");
    }
    return unpredicted(data, parameters.get("Columns") ?? 1);
  }
}

async function inflated(packed) {
  const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate")).getReader();
  const parts = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read().catch(() => {
      throw broken();
    });
    if (done) break;
    size += value.length;
    parts.push(value);
    if (size > MAX_UNPACKED) {
      await reader.cancel();
      throw new Failure("unreadable-too-large", { size, limit: MAX_UNPACKED });
    }
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/** PNG predictors (RFC 2083, 6), one byte a pixel. */
function unpredicted(data, columns) {
  if (!isCount(columns) || columns < 1 || data.length % (columns + 1)) throw broken();
  const rows = data.length / (columns + 1);
  const found = new Uint8Array(rows * columns);
  for (let row = 0; row < rows; row += 1) {
    const kind = data[row * (columns + 1)];
    for (let column = 0; column < columns; column += 1) {
      const at = row * columns + column;
      const left = column ? found[at - 1] : 0;
      const above = row ? found[at - columns] : 0;
      const corner = row && column ? found[at - columns - 1] : 0;
      const guess = [0, left, above, (left + above) >> 1, paeth(left, above, corner)][kind];
      if (guess === undefined) throw broken();
      found[at] = data[row * (columns + 1) + 1 + column] + guess;
    }
  }
  return found;
}

function paeth(left, above, corner) {
  const guess = left + above - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - above), Math.abs(guess - corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? above : corner;
}

function isCount(value) {
  return Number.isSafeInteger(value) && value >= 0;
}
