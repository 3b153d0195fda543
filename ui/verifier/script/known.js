// What the reader has from the workshop by another way: public keys, fingerprints, a key list, kept heads.

import { equal, fromBase64, fromHex, grouped, hex, latin1, textOf } from "./bytes.js";
import { check } from "./certificate.js";
import { Failure, Unsupported, message } from "./failure.js";
import { isAnchored, readKeyList } from "./key_list.js";
import { readObject, within } from "./json.js";
import { extendsTree } from "./merkle.js";
import { isSignedBy, readHead } from "./note.js";
import { sha256 } from "./webcrypto.js";

const ED25519_SPKI = Uint8Array.of(48, 42, 48, 5, 6, 3, 43, 101, 112, 3, 33, 0);

/** What a file is, by its content: "pdf", "key", "head", "consistency", "keys" or "json". */
export function kindOf(bytes) {
  const start = latin1(bytes.subarray(0, 1024));
  if (start.includes("%PDF-")) return "pdf";
  if (start.startsWith("-----BEGIN ")) return "key";
  if (start.startsWith("tablerase/")) return "head";
  if (start.startsWith('{"consistent":')) return "consistency";
  if (start.startsWith('{"format":"tablerase-keys-')) return "keys";
  return "json";
}

/** The raw key of a public key file (PEM, SubjectPublicKeyInfo, Ed25519). */
export function readKey(bytes) {
  const text = latin1(bytes);
  if (text.includes("PRIVATE KEY")) throw new Failure("verifier-key-private");
  const [, body] = /^-----BEGIN PUBLIC KEY-----\s+([A-Za-z0-9+/=\s]+?)\s*-----END PUBLIC KEY-----\s*$/.exec(text) ?? [];
  const der = fromBase64((body ?? "").replace(/\s/g, ""));
  if (der?.length !== 44 || !equal(der.subarray(0, 12), ED25519_SPKI)) throw new Failure("verifier-key-unreadable");
  return der.subarray(12);
}

/** What `tablerase ledger consistency --json` writes: two sizes, their roots, and the proof between them. */
export function readConsistency(bytes) {
  const whole = readObject(bytes);
  const state = (name) => {
    const note = within(whole, name, "note");
    return typeof note === "string" ? readHead(note) : null;
  };
  const [older, newer, path] = [state("old"), state("new"), within(whole, "path")];
  const hashes = Array.isArray(path) ? path.map((item) => fromHex(String(item))) : [null];
  if (older === null || newer === null || hashes.some((hash) => hash?.length !== 32)) {
    throw new Failure("verifier-consistency-unreadable");
  }
  return { older, newer, path: hashes };
}

/** Everything the reader gave so far. Adding never throws: each item says what became of it. */
export class Known {
  constructor() {
    this.items = [];
    this.fingerprints = new Set();
    this.keys = [];
    this.lists = [];
    this.heads = [];
    this.proofs = [];
  }

  /** Adds a file of kind "key", "keys", "head" or "consistency"; an item is {name, kind, outcome, message}. */
  async add(name, kind, bytes) {
    const item = { name, kind, outcome: "passed" };
    try {
      item.message = await this.taken(kind, bytes);
      if (kind === "keys") item.list = this.lists[this.lists.length - 1];
    } catch (error) {
      item.outcome = error instanceof Unsupported ? "unsupported" : "failed";
      if (error instanceof Unsupported) item.message = message("verifier-check-unsupported");
      else if (error instanceof Failure) item.message = message(error.id, error.params);
      else throw error;
    }
    this.items.push(item);
  }

  /** The items as they stand together: a list that holds none of the reader's keys is another station's. */
  standing() {
    return this.items.map((item) => {
      if (item.list === undefined || this.isOurs(item.list)) return item;
      const [first] = this.fingerprints;
      return { ...item, outcome: "failed", message: message("key-list-not-pinned", { fingerprint: grouped(first) }) };
    });
  }

  /** Forgets everything. */
  forget() {
    this.items = [];
    this.fingerprints.clear();
    this.keys = [];
    this.lists = [];
    this.heads = [];
    this.proofs = [];
  }

  /** Adds a fingerprint as it stands on paper: 64 hexadecimal digits, in groups or not. */
  addFingerprint(text) {
    const digits = text.replace(/[\s\u200b:-]/g, "").toLowerCase();
    const holds = /^[0-9a-f]{64}$/.test(digits);
    if (holds) this.fingerprints.add(digits);
    const said = holds ? message("verifier-item-key", { fingerprint: grouped(digits) }) : message("verifier-not-a-fingerprint");
    this.items.push({ name: "", kind: "key", outcome: holds ? "passed" : "failed", message: said });
    return holds;
  }

  async taken(kind, bytes) {
    if (kind === "key") {
      const key = readKey(bytes);
      const fingerprint = hex(await sha256(key));
      this.keys.push(key);
      this.fingerprints.add(fingerprint);
      return message("verifier-item-key", { fingerprint: grouped(fingerprint) });
    }
    if (kind === "keys") {
      const list = await readKeyList(bytes);
      this.lists.push(list);
      return message("verifier-item-keys", { station: list.station, count: list.keys.length });
    }
    if (kind === "consistency") {
      const proof = readConsistency(bytes);
      this.proofs.push(proof);
      return message("verifier-item-consistency", { old: proof.older.size, size: proof.newer.size });
    }
    const text = textOf(bytes);
    if (text === null) throw new Failure("ledger-head-unreadable");
    const head = readHead(text);
    this.heads.push(head);
    return message("verifier-item-head", { origin: head.origin, size: head.size, at: head.time });
  }

  /** Whether a list holds one of the reader's keys, where the reader has any. */
  isOurs(list) {
    return this.fingerprints.size === 0 || list.keys.some((key) => this.fingerprints.has(key.fingerprint));
  }

  /** Whether a list is borne by a key that the reader has; without any, the list is itself what the reader has. */
  bears(list) {
    return this.fingerprints.size === 0 || isAnchored(list, this.fingerprints);
  }

  /** What the lists say of a key, and whether that list is borne; the worse news where they differ, being the newer. */
  listed(fingerprint) {
    const lists = this.lists.filter((list) => this.isOurs(list));
    const rows = lists.flatMap((list) =>
      list.keys.filter((key) => key.fingerprint === fingerprint).map((key) => ({ key, borne: this.bears(list) })),
    );
    return rows.sort((a, b) => RANK.indexOf(b.key.status) - RANK.indexOf(a.key.status))[0];
  }

  /** The check "key": is the signing key the workshop's, and was it in force when the document was issued? */
  judgeKey(fingerprint, issued) {
    const shown = { fingerprint: grouped(fingerprint) };
    const found = this.listed(fingerprint);
    const before = found && Date.parse(issued) < Date.parse(found.key.until);
    if (found?.key.status === "revoked") {
      const params = { ...shown, since: found.key.until, reason: found.key.reason };
      if (before) return check("key", "unknown", message("check-key-revoked-later", params));
      return check("key", "failed", message("check-key-revoked", params));
    }
    if (found?.borne && found.key.status === "retired") {
      const params = { ...shown, until: found.key.until };
      const inTime = before || Date.parse(issued) === Date.parse(found.key.until);
      if (inTime) return check("key", "passed", message("check-key-retired", params));
      return check("key", "unknown", message("check-key-retired-late", params));
    }
    if (found?.borne || this.fingerprints.has(fingerprint)) {
      return check("key", "passed", message("check-key-passed", shown));
    }
    return check("key", "unknown", message(found ? "check-key-behind-revoked" : "check-key-unknown", shown));
  }

  /** Every public key that the reader has or a borne list vouches for: who may have signed a head. */
  publicKeys() {
    const borne = this.lists.filter((list) => this.isOurs(list) && this.bears(list));
    return [...this.keys, ...borne.flatMap((list) => list.keys.map((key) => key.publicKey))];
  }

  /** The seal certificate that a borne list gives for a station key; `null` if none does. */
  sealOf(fingerprint) {
    const found = this.listed(fingerprint);
    return found?.borne ? found.key.certificate : null;
  }

  /** The check "kept": does the ledger that the document is in agree with the heads that the reader kept? */
  async compareHeads(head, publicKey) {
    const ours = [];
    for (const kept of this.heads) {
      const signed = kept.origin === head.origin && (await isSignedByOne(kept, [publicKey, ...this.publicKeys()]));
      if (signed) ours.push(kept);
    }
    if (this.heads.length === 0) return null;
    if (ours.length === 0) return check("kept", "skipped", message("verifier-kept-other"));
    const same = ours.filter((kept) => kept.size === head.size);
    if (same.length) {
      const outcome = same.every((kept) => equal(kept.root, head.root)) ? "passed" : "failed";
      return check("kept", outcome, message(`verifier-kept-${outcome}`, { size: head.size }));
    }
    for (const kept of ours) {
      const params = { kept: kept.size, size: head.size };
      if (await this.isConsistent(kept, head)) return check("kept", "passed", message("verifier-kept-grown", params));
    }
    return check("kept", "skipped", message("verifier-kept-size", { kept: ours[0].size, size: head.size }));
  }

  /** Whether one of the proofs shows that one of two heads' ledgers is a beginning of the other's. */
  async isConsistent(one, other) {
    const [older, newer] = one.size < other.size ? [one, other] : [other, one];
    for (const proof of this.proofs) {
      if (proof.older.size !== older.size || proof.newer.size !== newer.size) continue;
      if (await extendsTree(older.root, older.size, newer.root, newer.size, proof.path)) return true;
    }
    return false;
  }
}

const RANK = ["current", "retired", "revoked"];

async function isSignedByOne(head, publicKeys) {
  for (const publicKey of publicKeys) if (await isSignedBy(head, publicKey)) return true;
  return false;
}
