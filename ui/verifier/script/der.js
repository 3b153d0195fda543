// DER (X.690): the few values that a CMS signature and an X.509 certificate are made of.

import { equal } from "./bytes.js";
import { Failure } from "./failure.js";

const broken = () => new Failure("verifier-seal-unreadable");
const MAX_DEPTH = 24;

/** One value: its tag, its content, its whole encoding, and its members where it is constructed. */
export class Der {
  constructor(tag, content, whole, depth) {
    this.tag = tag;
    this.content = content;
    this.whole = whole;
    this.depth = depth;
  }

  /** The members of a SEQUENCE, SET or tagged value, which must be one. */
  get members() {
    if (!(this.tag & 0x20) || this.depth > MAX_DEPTH) throw broken();
    const found = [];
    for (let at = 0; at < this.content.length; at += found[found.length - 1].whole.length) {
      found.push(readOne(this.content.subarray(at), this.depth + 1));
    }
    return found;
  }

  /** Itself, if its tag is this one. */
  as(tag) {
    if (this.tag !== tag) throw broken();
    return this;
  }
}

export const TAG = {
  INTEGER: 0x02,
  BITS: 0x03,
  OCTETS: 0x04,
  OID: 0x06,
  TIME: 0x18,
  SEQUENCE: 0x30,
  SET: 0x31,
  TAGGED_0: 0xa0,
  TAGGED_1: 0xa1,
  TAGGED_3: 0xa3,
  URI: 0x86,
};

/** The value at the start of these bytes; what follows it is left. */
export function readOne(bytes, depth = 0) {
  const [tag, first] = bytes;
  if (first === undefined || (tag & 0x1f) === 0x1f) throw broken();
  const count = first & 0x80 ? first & 0x7f : 0;
  if (first === 0x80 || count > 4) throw broken();
  const digits = bytes.subarray(2, 2 + count);
  const length = count ? digits.reduce((value, byte) => value * 256 + byte, 0) : first;
  // The shortest spelling only: there is one way to write a value.
  if (count && (digits[0] === 0 || length < 0x80)) throw broken();
  const end = 2 + count + length;
  if (digits.length < count || end > bytes.length) throw broken();
  return new Der(tag, bytes.subarray(2 + count, end), bytes.subarray(0, end), depth);
}

/** The one value that these bytes are. */
export function readAll(bytes) {
  const value = readOne(bytes);
  if (value.whole.length !== bytes.length) throw broken();
  return value;
}

/** The object identifier in dotted form. */
export function oidOf(value) {
  const { content } = value.as(TAG.OID);
  const numbers = [];
  let number = 0;
  for (const byte of content) {
    number = number * 128 + (byte & 0x7f);
    if (byte & 0x80) continue;
    numbers.push(number);
    number = 0;
  }
  const [head, ...rest] = numbers;
  const root = Math.min(Math.floor(head / 40), 2);
  return [root, head - 40 * root, ...rest].join(".");
}

/** The 64 bytes r and s of an ECDSA-Sig-Value for P-256. */
export function rawSignature(bytes) {
  const pair = readAll(bytes).as(TAG.SEQUENCE).members;
  if (pair.length !== 2) throw broken();
  const found = new Uint8Array(64);
  pair.forEach((integer, place) => {
    const { content } = integer.as(TAG.INTEGER);
    const digits = content[0] === 0 ? content.subarray(1) : content;
    const padded = content[0] === 0 && !(content[1] & 0x80);
    if (content.length === 0 || content[0] & 0x80 || padded || digits.length > 32) throw broken();
    found.set(digits, 32 * place + 32 - digits.length);
  });
  return found;
}

export function sameDer(one, other) {
  return equal(one.whole, other.whole);
}
