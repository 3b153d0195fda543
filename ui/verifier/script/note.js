// Signed tree heads: a C2SP tlog-checkpoint inside a C2SP signed-note.

import { equal, fromBase64, joined, utf8 } from "./bytes.js";
import { Failure } from "./failure.js";
import { sha256, signedByEd25519 } from "./webcrypto.js";

const MAX_NOTE = 64 * 1024;
const MAX_SIGNATURES = 16;
const KEY_ID_SIZE = 4;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?[+-]\d{2}:\d{2}$/;

const unreadable = () => new Failure("ledger-head-unreadable");

/** What a head says, its signature NOT checked: origin, size, root, time, the signed body and the signature lines. */
export function readHead(text) {
  const gap = text.lastIndexOf("\n\n");
  if (text.length > MAX_NOTE || gap < 0) throw unreadable();
  const lines = text.slice(0, gap).split("\n");
  const [origin, digits, encoded, time] = lines;
  const root = fromBase64(encoded ?? "");
  const plain = lines.length === 4 && isKeyName(origin) && /^(0|[1-9][0-9]{0,15})$/.test(digits);
  if (!plain || root?.length !== 32 || !time.startsWith("time ") || !isTime(time.slice(5))) throw unreadable();
  const signatures = text.slice(gap + 2).split("\n");
  if (signatures.pop() !== "" || signatures.length < 1 || signatures.length > MAX_SIGNATURES) throw unreadable();
  return {
    origin,
    size: Number(digits),
    root,
    time: time.slice(5),
    body: `${text.slice(0, gap)}\n`,
    signatures: signatures.map(signatureLine),
  };
}

/** Checks that the raw public key signed the head under its origin's name. Other signers' lines are passed over. */
export async function checkHead(head, publicKey) {
  const wanted = await keyId(head.origin, publicKey);
  for (const { name, value } of head.signatures) {
    if (name !== head.origin || !equal(value.subarray(0, KEY_ID_SIZE), wanted)) continue;
    if (await signedByEd25519(publicKey, value.subarray(KEY_ID_SIZE), utf8(head.body))) return;
    throw new Failure("ledger-head-altered", { origin: head.origin });
  }
  throw new Failure("ledger-head-other-key", { origin: head.origin });
}

/** Whether the raw public key signed the head. */
export async function isSignedBy(head, publicKey) {
  try {
    await checkHead(head, publicKey);
    return true;
  } catch (error) {
    if (error instanceof Failure) return false;
    throw error;
  }
}

async function keyId(name, publicKey) {
  const digest = await sha256(joined(utf8(`${name}\n`), Uint8Array.of(1), publicKey));
  return digest.subarray(0, KEY_ID_SIZE);
}

function signatureLine(line) {
  const [, name, encoded] = /^\u2014 ([^ ]+) ([^ ]+)$/.exec(line) ?? [];
  const value = fromBase64(encoded ?? "");
  if (value === null || value.length <= KEY_ID_SIZE || !isKeyName(name)) throw unreadable();
  return { name, value };
}

function isKeyName(name) {
  return name !== "" && !/[+\p{Z}\p{C}]/u.test(name);
}

export function isTime(text) {
  return TIME.test(text) && !Number.isNaN(Date.parse(text));
}
