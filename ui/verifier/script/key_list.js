// The key list (docs/verify.md): every key a station signed with, and how each vouched for the next.

import { equal, fromBase64, grouped, hex, utf8 } from "./bytes.js";
import { Failure } from "./failure.js";
import { canonical, exactly, readObject } from "./json.js";
import { isTime } from "./note.js";
import { isSealOf } from "./seal.js";
import { sha256, signedByEd25519 } from "./webcrypto.js";

const MAX_LIST = 1024 * 1024;
const ROW = ["fingerprint", "from", "public_key", "reason", "seal_certificate", "status", "succession", "until"];

/** The list in a file, every signature in it checked: {station, keys}, oldest first. `Failure` says what is wrong. */
export async function readKeyList(bytes) {
  if (bytes.length > MAX_LIST) throw unreadable("–");
  const whole = readObject(bytes);
  const list = exactly(whole, "format", "keys", "signature", "station");
  const signature = exactly(list?.get("signature"), "algorithm", "key", "value");
  const rows = list?.get("keys");
  if (list?.get("format") !== "tablerase-keys-1") throw unreadable("format");
  if (typeof list.get("station") !== "string" || list.get("station") === "") throw unreadable("station");
  if (!signature || signature.get("algorithm") !== "Ed25519") throw unreadable("signature");
  if (!Array.isArray(rows) || rows.length === 0) throw unreadable("keys");
  if (!equal(utf8(canonical(whole)), bytes)) throw new Failure("key-list-form");
  const keys = rows.map(keyRow);
  await checkKeys(keys);
  const station = list.get("station");
  await checkSuccessions(station, keys);
  const last = keys[keys.length - 1];
  const unsigned = new Map([...list].filter(([name]) => name !== "signature"));
  const value = fromBase64(String(signature.get("value")));
  const signed = signature.get("key") === last.fingerprint && value?.length === 64;
  if (!signed || !(await signedByEd25519(last.publicKey, value, utf8(canonical(unsigned))))) {
    throw new Failure("key-list-signature");
  }
  return { station, keys };
}

/**
 * Whether one of these fingerprints leads forward to the current key without passing a revoked one.
 *
 * A walk through a revoked key proves nothing: its thief could have made the rest.
 */
export function isAnchored(list, fingerprints) {
  for (const key of [...list.keys].reverse()) {
    if (key.status === "revoked") return false;
    if (fingerprints.has(key.fingerprint)) return true;
  }
  return false;
}

function keyRow(row, place) {
  const found = exactly(row, ...ROW);
  const text = (name) => {
    const value = found.get(name);
    if (typeof value === "string" && value !== "") return value;
    if (exactly(value, "absent")) return null;
    throw unreadable(`keys.${place}.${name}`);
  };
  const bytes = (name, size) => {
    const value = text(name) === null ? null : fromBase64(text(name));
    if (text(name) !== null && (value === null || (size && value.length !== size))) {
      throw unreadable(`keys.${place}.${name}`);
    }
    return value;
  };
  if (found === null) throw unreadable(`keys.${place}`);
  const key = {
    fingerprint: text("fingerprint"),
    publicKey: bytes("public_key", 32),
    certificate: bytes("seal_certificate"),
    from: text("from"),
    until: text("until"),
    status: text("status"),
    reason: text("reason"),
    succession: bytes("succession", 64),
  };
  const timed = isTime(String(key.from)) && (key.until === null || isTime(key.until));
  if (!timed || !key.publicKey || !/^[0-9a-f]{64}$/.test(key.fingerprint)) throw unreadable(`keys.${place}`);
  return key;
}

async function checkKeys(keys) {
  const seen = new Set();
  for (const key of keys) {
    const shown = { fingerprint: grouped(key.fingerprint) };
    const named = hex(await sha256(key.publicKey)) === key.fingerprint;
    if (!named || seen.has(key.fingerprint)) throw new Failure("key-list-key", shown);
    seen.add(key.fingerprint);
    if (key.certificate && !(await isSealOf(key.certificate, key.fingerprint))) {
      throw new Failure("key-list-seal", shown);
    }
    if (!isStatusSound(key, key === keys[keys.length - 1])) throw new Failure("key-list-status", shown);
  }
}

/** The last key, and no other, is current and has no end; one that was revoked says why. */
function isStatusSound({ status, until, reason }, isLast) {
  if (isLast) return status === "current" && until === null && reason === null;
  return until !== null && (status === "retired" || (status === "revoked" && reason !== null));
}

async function checkSuccessions(station, keys) {
  for (const [place, key] of keys.entries()) {
    const earlier = keys[place - 1];
    const holds = earlier === undefined ? key.succession === null : await succeeds(station, earlier, key);
    if (!holds) throw new Failure("key-list-succession", { fingerprint: grouped(key.fingerprint) });
  }
}

async function succeeds(station, earlier, key) {
  const seal = key.certificate === null ? "-" : hex(await sha256(key.certificate));
  const text = `tablerase-succession\n${station}\n${key.fingerprint}\n${seal}\n${key.from}\n`;
  return key.succession !== null && signedByEd25519(earlier.publicKey, key.succession, utf8(text));
}

function unreadable(place) {
  return new Failure("key-list-unreadable", { place });
}
