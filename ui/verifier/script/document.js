// One dropped document, PDF or JSON: all checks, and what they come to.

import { hex } from "./bytes.js";
import { PROVEN, SUBJECTS, attempt, check, checkCertificate, readableHead, skipped } from "./certificate.js";
import { Failure, Unsupported, message } from "./failure.js";
import { within } from "./json.js";
import { kindOf } from "./known.js";
import { PdfFile } from "./pdf_file.js";
import { attachment, signatures } from "./pdf_parts.js";
import { checkSeal } from "./seal.js";
import { sha256 } from "./webcrypto.js";

/** The largest PDF that is looked at. */
export const MAX_PDF = 32 * 1024 * 1024;

/** A report: {name, kind, overall, message, checks, record, digest}; hostile files end in one like any other. */
export async function checkDocument(name, bytes, known) {
  const kind = kindOf(bytes) === "pdf" ? "pdf" : "json";
  const found = await checked(kind, bytes, known);
  const checks = [...found.checks, ...(await keptCheck(found, known))];
  const overall = overallOf(checks);
  return { name, kind, overall, message: sentence(overall, found.record), ...found, checks };
}

async function checked(kind, bytes, known) {
  try {
    return await (kind === "pdf" ? checkPdf(bytes, known) : checkCertificate(bytes, known));
  } catch (error) {
    if (!(error instanceof Unsupported)) throw error;
    return { checks: [check("readable", "unsupported", message("verifier-check-unsupported"))], record: null };
  }
}

async function checkPdf(bytes, known) {
  let file;
  let original;
  try {
    if (bytes.length > MAX_PDF) throw new Failure("unreadable-too-large", { size: bytes.length, limit: MAX_PDF });
    file = await PdfFile.open(bytes);
    original = await attachment(file);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const failed = check("readable", "failed", message(error.id, error.params));
    return { checks: [failed, ...[...SUBJECTS.slice(1), "seal"].map(skipped)], record: null };
  }
  const found = await checkCertificate(original, known);
  if (found.record === null) return { ...found, checks: [...found.checks, skipped("seal")] };
  let stamp = null;
  const seal = await attempt("seal", async () => {
    const [first, ...others] = await signatures(file);
    if (others.length) throw new Failure("verifier-seal-several", { count: others.length + 1 });
    const stated = within(found.record, "document", "seal");
    if (first === undefined) {
      if (typeof stated === "string") throw new Failure("verifier-seal-missing");
      return check("seal", "unknown", message("verifier-seal-none"));
    }
    const made = await checkSeal(bytes, first);
    stamp = made.stamp;
    return sealCheck(made.digest, await expectedSeal(stated, found, known));
  });
  const stamps = stamp === null ? [] : [check("stamp", "noted", stamp)];
  return { ...found, checks: [...found.checks, seal, ...stamps] };
}

/** The digest of the certificate that should have sealed the PDF, as far as anything says so. */
async function expectedSeal(stated, found, known) {
  if (typeof stated === "string") return stated;
  const certificate = known.sealOf(found.signature.key);
  return certificate === null ? null : hex(await sha256(certificate));
}

function sealCheck(digest, expected) {
  if (expected === null) return check("seal", "unknown", message("verifier-seal-unknown"));
  if (digest !== expected) throw new Failure("verifier-seal-other");
  return check("seal", "passed", message("verifier-seal-passed"));
}

async function keptCheck(found, known) {
  const head = found.record === null ? null : readableHead(found.proof.head);
  const compared = head === null ? null : await known.compareHeads(head, found.signature.publicKey);
  return compared === null ? [] : [compared];
}

/** From bad to good; anything that could not be looked at keeps a document from being called intact. */
function overallOf(checks) {
  const failed = checks.filter(({ outcome }) => outcome === "failed").map(({ subject }) => subject);
  if (failed.includes("readable") || (failed.length === 1 && failed[0] === "schema")) return "unreadable";
  if (failed.length === 1 && failed[0] === "kept") return "contradicted";
  if (failed.length === 1 && failed[0] === "key") return "revoked-key";
  if (failed.length) return "altered";
  if (checks.some(({ outcome }) => outcome === "unsupported")) return "unsupported";
  const doubtful = checks.filter(({ outcome }) => outcome === "unknown").map(({ subject }) => subject);
  if (checks.some(({ message: said }) => DATED.includes(said.id))) return "doubtful-key";
  if (doubtful.includes("key")) return "unknown-key";
  return doubtful.includes("seal") ? "unknown-pages" : "intact";
}

// The key is the station's, and the document's date alone speaks for it, or against it.
const DATED = ["check-key-revoked-later", "check-key-retired-late"];

// Said in the words of the command `tablerase certificate verify`.
const WORDED_ALIKE = ["intact", "unknown-key", "doubtful-key", "revoked-key"];

function sentence(overall, record) {
  if (overall === "altered" || overall === "unreadable") return message(`certificate-${overall}`);
  if (overall === "unsupported") return message("verifier-overall-unsupported");
  const params = declared(record);
  if (WORDED_ALIKE.includes(overall)) return message(`certificate-${overall}`, params);
  return message(`verifier-overall-${overall}`, params);
}

function declared(record) {
  const identity = within(record, "drive", "identity");
  const text = (value) => (typeof value === "string" ? value : "–");
  return {
    station: within(record, "custody", "station"),
    number: within(record, "document", "number"),
    model: text(identity.get("model")),
    serial: text(identity.get("serial")),
    verdict: within(record, "result", "verdict"),
    simulated: record.get("simulated") ? "yes" : "no",
  };
}

/**
 * How a report is coloured: "good" for an intact document of a real, proven erasure alone.
 *
 * An intact failure report, or a simulation, is "plain": nothing is wrong with it, and it is no good news either.
 */
export function toneOf(report) {
  if (report.overall !== "intact") return TONES[report.overall];
  const erased = PROVEN.includes(within(report.record, "result", "verdict"));
  return erased && !report.record.get("simulated") ? "good" : "plain";
}

const TONES = {
  "unknown-key": "doubt",
  "doubtful-key": "doubt",
  "unknown-pages": "doubt",
  unsupported: "doubt",
  altered: "bad",
  contradicted: "bad",
  "revoked-key": "bad",
  unreadable: "bad",
};
