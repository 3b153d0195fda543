// PDF syntax (ISO 32000-2, 7.2 and 7.3): bytes to values.
//
// Names are strings, strings are Uint8Arrays, dictionaries are `Dict` (Maps that remember where each value stood),
// references are `Ref`, everything else is what it looks like.

import { latin1 } from "./bytes.js";
import { Failure } from "./failure.js";

const WHITE = new Set([0, 9, 10, 12, 13, 32]);
const DELIMITERS = new Set(Array.from("()<>[]{}/%", (char) => char.charCodeAt(0)));
const MAX_DEPTH = 60;

export class Ref {
  constructor(number, generation) {
    this.number = number;
    this.generation = generation;
  }
}

export class Dict extends Map {
  /** Where the value of each name starts and ends in the file: name to [start, end]. */
  places = new Map();
}

export class Keyword {
  constructor(word) {
    this.word = word;
  }
}

export class Lexer {
  constructor(bytes, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  fail() {
    throw new Failure("verifier-pdf-broken", { position: this.at });
  }

  space() {
    const { bytes } = this;
    for (;;) {
      while (WHITE.has(bytes[this.at])) this.at += 1;
      if (bytes[this.at] !== 0x25) return;
      while (this.at < bytes.length && bytes[this.at] !== 10 && bytes[this.at] !== 13) this.at += 1;
    }
  }

  /** The next value; where it can be one, a reference `n g R`. */
  value(depth = 0) {
    this.space();
    if (depth > MAX_DEPTH || this.at >= this.bytes.length) this.fail();
    switch (String.fromCharCode(this.bytes[this.at])) {
      case "/":
        return this.name();
      case "(":
        return this.literal();
      case "[":
        return this.array(depth);
      case "<":
        return this.bytes[this.at + 1] === 0x3c ? this.dictionary(depth) : this.hexadecimal();
      default:
        return this.numberOrWord();
    }
  }

  word() {
    const start = this.at;
    const { bytes } = this;
    while (this.at < bytes.length && !WHITE.has(bytes[this.at]) && !DELIMITERS.has(bytes[this.at])) this.at += 1;
    return latin1(bytes.subarray(start, this.at));
  }

  numberOrWord() {
    const word = this.word();
    if (word === "") this.fail();
    if (!/^[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)$/.test(word)) return WORDS.has(word) ? WORDS.get(word) : new Keyword(word);
    if (!/^[0-9]{1,10}$/.test(word)) return Number(word);
    const after = this.at;
    const [, generation] = /^[\0\t\n\f\r ]+([0-9]{1,5})[\0\t\n\f\r ]+R(?![^\0\t\n\f\r ()<>[\]{}/%])/.exec(
      latin1(this.bytes.subarray(after, after + 24)),
    ) ?? [""];
    if (generation === undefined) return Number(word);
    this.at = this.bytes.indexOf(0x52, after) + 1;
    return new Ref(Number(word), Number(generation));
  }

  name() {
    this.at += 1;
    return new Name(this.word().replace(/#([0-9A-Fa-f]{2})/g, (_, pair) => String.fromCharCode(parseInt(pair, 16))));
  }

  array(depth) {
    this.at += 1;
    const found = [];
    for (;;) {
      this.space();
      if (this.bytes[this.at] === 0x5d) break;
      found.push(this.value(depth + 1));
    }
    this.at += 1;
    return found;
  }

  dictionary(depth) {
    this.at += 2;
    const found = new Dict();
    for (;;) {
      this.space();
      if (this.bytes[this.at] === 0x3e) break;
      const name = this.value(depth + 1);
      if (!(name instanceof Name) || found.has(name.text)) this.fail();
      this.space();
      const start = this.at;
      found.set(name.text, this.value(depth + 1));
      found.places.set(name.text, [start, this.at]);
    }
    if (this.bytes[this.at + 1] !== 0x3e) this.fail();
    this.at += 2;
    return found;
  }

  hexadecimal() {
    const end = this.bytes.indexOf(0x3e, this.at);
    if (end < 0) this.fail();
    const digits = latin1(this.bytes.subarray(this.at + 1, end)).replace(/[\0\t\n\f\r ]/g, "");
    if (!/^[0-9A-Fa-f]*$/.test(digits)) this.fail();
    this.at = end + 1;
    return Uint8Array.from(digits.match(/..?/g) ?? [], (pair) => parseInt(pair.padEnd(2, "0"), 16));
  }

  literal() {
    const { bytes } = this;
    const found = [];
    let open = 1;
    this.at += 1;
    for (; this.at < bytes.length; this.at += 1) {
      let byte = bytes[this.at];
      if (byte === 0x28) open += 1;
      if (byte === 0x29) open -= 1;
      if (open === 0) break;
      if (byte === 0x5c) {
        byte = this.escaped();
        if (byte === null) continue;
      }
      found.push(byte);
    }
    if (open > 0) this.fail();
    this.at += 1;
    return Uint8Array.from(found);
  }

  /** The byte behind a backslash, `null` for a line that goes on; leaves `at` on the last byte used. */
  escaped() {
    this.at += 1;
    const char = String.fromCharCode(this.bytes[this.at]);
    if (char === "\r" || char === "\n") {
      if (char === "\r" && this.bytes[this.at + 1] === 10) this.at += 1;
      return null;
    }
    const octal = /^[0-7]{1,3}/.exec(latin1(this.bytes.subarray(this.at, this.at + 3)))?.[0];
    if (octal === undefined) return ESCAPES.get(char) ?? this.bytes[this.at];
    this.at += octal.length - 1;
    return parseInt(octal, 8) & 255;
  }
}

export class Name {
  constructor(text) {
    this.text = text;
  }
}

const WORDS = new Map([
  ["true", true],
  ["false", false],
  ["null", null],
]);
const ESCAPES = new Map([
  ["n", 10],
  ["r", 13],
  ["t", 9],
  ["b", 8],
  ["f", 12],
]);

/** The text of a name; `undefined` for anything else. */
export function nameOf(value) {
  return value instanceof Name ? value.text : undefined;
}
