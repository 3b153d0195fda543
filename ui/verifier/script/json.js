// JSON from strangers, and its one canonical form (RFC 8785 without floats).
//
// Objects become Maps: no name in a file can reach the page's own objects. Refused, not guessed: names given twice,
// numbers that are not integers within ±(2^53 - 1), lone surrogates, more than 24 levels of values.

import { textOf } from "./bytes.js";
import { Failure } from "./failure.js";

export const MAX_BYTES = 16 * 1024 * 1024;
export const MAX_DEPTH = 24;

/** The JSON object that these bytes hold. `Failure` says why not. */
export function readObject(bytes) {
  if (bytes.length > MAX_BYTES) throw new Failure("unreadable-too-large", { size: bytes.length, limit: MAX_BYTES });
  const text = textOf(bytes);
  if (text === null) throw new Failure("unreadable-not-utf8", { position: firstBadByte(bytes) });
  const reader = new Reader(text);
  const value = reader.value(0);
  reader.end();
  if (!(value instanceof Map)) throw new Failure("unreadable-not-an-object");
  return value;
}

function firstBadByte(bytes) {
  let least = 0;
  let most = bytes.length;
  // Fatal at the end of what it is given also means a character cut short: hence the streaming decoder.
  const holds = (size) => {
    try {
      new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, size), { stream: true });
      return true;
    } catch {
      return false;
    }
  };
  while (least < most) {
    const middle = Math.ceil((least + most) / 2);
    if (holds(middle)) least = middle;
    else most = middle - 1;
  }
  return least;
}

class Reader {
  constructor(text) {
    this.text = text;
    this.at = 0;
  }

  value(depth) {
    this.space();
    if (depth >= MAX_DEPTH) throw new Failure("unreadable-too-deep", { limit: MAX_DEPTH });
    const char = this.text[this.at];
    if (char === "{") return this.object(depth + 1);
    if (char === "[") return this.array(depth + 1);
    if (char === '"') return this.string();
    return this.word(/true|false|null/y) ?? this.number();
  }

  object(depth) {
    const found = new Map();
    this.expect("{");
    if (this.take("}")) return found;
    do {
      this.space();
      const name = this.string();
      this.expect(":");
      if (found.has(name)) throw new Failure("unreadable-duplicate-name");
      found.set(name, this.value(depth));
    } while (this.take(","));
    this.expect("}");
    return found;
  }

  array(depth) {
    const found = [];
    this.expect("[");
    if (this.take("]")) return found;
    do found.push(this.value(depth));
    while (this.take(","));
    this.expect("]");
    return found;
  }

  string() {
    // eslint-disable-next-line no-control-regex -- control characters are what JSON forbids inside strings
    const token = this.match(/"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y);
    if (token === null) this.fail();
    const value = JSON.parse(token);
    if (!value.isWellFormed()) throw new Failure("unreadable-not-a-certificate");
    return value;
  }

  word(pattern) {
    const token = this.match(pattern);
    return token === null ? undefined : { true: true, false: false, null: null }[token];
  }

  number() {
    const token = this.match(/-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/y);
    if (token === null) {
      if (this.match(/-?Infinity|NaN/y) !== null) throw new Failure("unreadable-number");
      this.fail();
    }
    const value = Number(token);
    if (!/^-?[0-9]+$/.test(token) || !Number.isSafeInteger(value)) throw new Failure("unreadable-number");
    return value === 0 ? 0 : value;
  }

  match(pattern) {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found === null) return null;
    this.at = pattern.lastIndex;
    return found[0];
  }

  space() {
    this.match(/[ \t\n\r]*/y);
  }

  take(char) {
    this.space();
    if (this.text[this.at] !== char) return false;
    this.at += 1;
    return true;
  }

  expect(char) {
    if (!this.take(char)) this.fail();
  }

  end() {
    this.space();
    if (this.at < this.text.length) this.fail();
  }

  fail() {
    throw new Failure("unreadable-not-json", { position: this.at });
  }
}

/** The canonical text of a value as `readObject` gives it. */
export function canonical(value) {
  if (value instanceof Map) {
    // `sort` compares UTF-16 code units, as RFC 8785 demands.
    const names = [...value.keys()].sort();
    return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value.get(name))}`).join(",")}}`;
  }
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  return JSON.stringify(value);
}

/** The Map at `name`, with exactly these members; `null` if it is anything else. */
export function exactly(value, ...names) {
  const fits = value instanceof Map && value.size === names.length && names.every((name) => value.has(name));
  return fits ? value : null;
}

/** What lies at a path of names; `undefined` where there is nothing. */
export function within(value, ...path) {
  return path.reduce((inner, name) => (inner instanceof Map ? inner.get(name) : undefined), value);
}
