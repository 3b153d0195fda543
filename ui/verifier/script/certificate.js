// The certificate file: which checks there are, in the order of the report, and what each one found.

import { equal, fromBase64, fromHex, grouped, hex, utf8 } from "./bytes.js";
import { Failure, Unsupported, message } from "./failure.js";
import { canonical, exactly, readObject, within } from "./json.js";
import { includes, leafHash } from "./merkle.js";
import { checkHead, isSignedBy, isTime, readHead } from "./note.js";
import { sha256, signedByEd25519 } from "./webcrypto.js";

export const PROVEN = ["erased", "erased-with-remarks"];
const VERDICTS = [...PROVEN, "failed", "aborted", "unproven"];

export const SUBJECTS = ["readable", "form", "schema", "signature", "key", "leaf", "inclusion", "head"];

export function check(subject, outcome, said = message(`check-${subject}-${outcome}`)) {
  return { subject, outcome, message: said };
}

export function skipped(subject) {
  return check(subject, "skipped", message("check-skipped"));
}

/** One check: `test` gives a check, or fails, or cannot be made in this browser. */
export async function attempt(subject, test) {
  try {
    return await test();
  } catch (error) {
    if (error instanceof Unsupported) return check(subject, "unsupported", message("verifier-check-unsupported"));
    if (error instanceof Failure) return check(subject, "failed", message(error.id, error.params));
    throw error;
  }
}

const judged = (subject, holds) => check(subject, holds ? "passed" : "failed");

/** Every check of a certificate file's bytes, against what the reader has from the workshop (`Known`). */
export async function checkCertificate(bytes, known) {
  let whole;
  let parts;
  try {
    whole = readObject(bytes);
    parts = envelope(whole);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const failed = check("readable", "failed", message(error.id, error.params));
    return { checks: [failed, ...SUBJECTS.slice(1).map(skipped)], record: null };
  }
  const { record, signature, proof } = parts;
  const content = utf8(canonical(record));
  const leaf = await leafHash(content);
  const problem = schemaProblem(record);
  const checks = [
    check("readable", "passed"),
    judged("form", equal(utf8(canonical(whole)), bytes)),
    problem ? check("schema", "failed", problem) : check("schema", "passed"),
    await attempt("signature", async () => judged("signature", await isSigned(content, signature))),
    known.judgeKey(signature.key, problem ? "" : within(record, "document", "issued")),
    judged("leaf", hex(leaf) === proof.leafHash),
    await attempt("inclusion", async () => judged("inclusion", await isIncluded(proof, leaf))),
    await attempt("head", async () => headCheck(proof, signature, known)),
  ];
  const digest = grouped(hex(await sha256(content)));
  return { checks, record: problem ? null : record, digest, signature, proof };
}

function envelope(whole) {
  const refused = new Failure("unreadable-not-a-certificate");
  const outer = exactly(whole, "proof", "record", "signature");
  const signed = exactly(outer?.get("signature"), "algorithm", "key", "public_key", "value");
  const placed = exactly(outer?.get("proof"), "head", "index", "leaf_hash", "path", "tree_size");
  if (!(outer?.get("record") instanceof Map) || !signed || !placed) throw refused;
  const publicKey = bytesOf(signed.get("public_key"), fromBase64, 32);
  const value = bytesOf(signed.get("value"), fromBase64, 64);
  const path = placed.get("path");
  const siblings = Array.isArray(path) ? path.map((item) => bytesOf(item, fromHex, 32)) : [null];
  const names = bytesOf(signed.get("key"), fromHex, 32) && bytesOf(placed.get("leaf_hash"), fromHex, 32);
  const counts = isCount(placed.get("index"), 0) && isCount(placed.get("tree_size"), 1);
  const head = placed.get("head");
  const complete = publicKey && value && names && counts && !siblings.includes(null) && typeof head === "string" && head;
  if (!complete || signed.get("algorithm") !== "Ed25519") throw refused;
  return {
    record: outer.get("record"),
    signature: { key: signed.get("key"), publicKey, value },
    proof: {
      leafHash: placed.get("leaf_hash"),
      index: placed.get("index"),
      size: placed.get("tree_size"),
      path: siblings,
      head,
    },
  };
}

function bytesOf(text, decode, size) {
  const bytes = typeof text === "string" ? decode(text) : null;
  return bytes?.length === size ? bytes : null;
}

function isCount(value, least) {
  return Number.isSafeInteger(value) && value >= least;
}

/** What of the fields this page reads is not as the format says; `null` if all is. */
function schemaProblem(record) {
  const verdict = within(record, "result", "verdict");
  const simulated = record.get("simulated");
  const kind = PROVEN.includes(verdict) ? "erasure-certificate" : "failure-report";
  const demands = [
    ["format", record.get("format") === "tablerase-record-1"],
    ["kind", VERDICTS.includes(verdict) && record.get("kind") === kind],
    ["simulated", typeof simulated === "boolean" && simulated === (typeof record.get("simulation") === "string")],
    ["document.number", isText(within(record, "document", "number"))],
    ["document.issued", isTime(String(within(record, "document", "issued")))],
    ["custody.station", isText(within(record, "custody", "station"))],
    ["drive.identity", within(record, "drive", "identity") instanceof Map],
    ["process.passes", Array.isArray(within(record, "process", "passes"))],
  ];
  const broken = demands.filter(([, holds]) => !holds);
  return broken.length ? message("check-schema-failed", { place: broken[0][0], count: broken.length }) : null;
}

function isText(value) {
  return typeof value === "string" && value !== "";
}

async function isSigned(content, signature) {
  if (hex(await sha256(signature.publicKey)) !== signature.key) return false;
  return signedByEd25519(signature.publicKey, signature.value, content);
}

async function isIncluded(proof, leaf) {
  const head = readableHead(proof.head);
  if (head === null || head.size !== proof.size) return false;
  return includes(head.root, head.size, proof.index, leaf, proof.path);
}

export function readableHead(text) {
  try {
    return readHead(text);
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
}

/** The head is signed by the record's key, or by another of the station's: a proof may be renewed after years. */
async function headCheck(proof, signature, known) {
  const head = readHead(proof.head);
  const params = { origin: head.origin, size: head.size, at: head.time };
  if (await isSignedBy(head, signature.publicKey)) return check("head", "passed", message("check-head-passed", params));
  for (const other of known.publicKeys()) {
    const fingerprint = hex(await sha256(other));
    if ((await isSignedBy(head, other)) && known.judgeKey(fingerprint, head.time).outcome === "passed") {
      const shown = { ...params, fingerprint: grouped(fingerprint) };
      return check("head", "passed", message("check-head-passed-other", shown));
    }
  }
  await checkHead(head, signature.publicKey);
  throw new Failure("ledger-head-other-key", { origin: head.origin });
}
