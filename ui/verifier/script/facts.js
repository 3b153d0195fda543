// What the signed record says, as rows of label and value, for people. Everything here is text from outside.

import { grouped } from "./bytes.js";
import { within } from "./json.js";

/** {verdict, consequence, simulation, groups: [{title, rows}], lists: [{title, items}]}, in the texts' language. */
export function factsOf(report, texts) {
  const { record } = report;
  const verdict = within(record, "result", "verdict");
  return {
    verdict: texts.say(`verdict-${verdict}`),
    consequence: texts.say(`verdict-${verdict}-consequence`),
    simulation: record.get("simulated") ? texts.say("verifier-simulation") : "",
    groups: [
      { title: texts.say("verifier-group-document"), rows: documentRows(record, texts) },
      { title: texts.say("verifier-group-parties"), rows: partyRows(record, texts) },
      { title: texts.say("verifier-group-drive"), rows: driveRows(record, texts) },
      { title: texts.say("verifier-group-process"), rows: processRows(record, texts) },
      { title: texts.say("verifier-group-origin"), rows: originRows(report, texts) },
    ],
    lists: lists(record, texts),
  };
}

function documentRows(record, texts) {
  const supersedes = within(record, "document", "supersedes");
  const replaced = {
    number: stated(within(supersedes, "number"), texts),
    reason: stated(within(supersedes, "reason"), texts),
  };
  return [
    row("number", stated(within(record, "document", "number"), texts), texts),
    row("issued", moment(within(record, "document", "issued"), texts), texts),
    row("station", stated(within(record, "custody", "station"), texts), texts),
    ...(within(supersedes, "number") ? [row("supersedes", texts.say("verifier-supersedes", replaced), texts)] : []),
  ];
}

function partyRows(record, texts) {
  const donor = within(record, "parties", "donor");
  const name = (party) => stated(within(party, "name") ?? party, texts);
  return [
    row("donor", name(donor), texts),
    row("reference", stated(within(donor, "reference") ?? donor, texts), texts),
    row("refurbisher", name(within(record, "parties", "refurbisher")), texts),
    row("lot", stated(within(record, "custody", "lot"), texts), texts),
    row("operator", stated(within(record, "parties", "operator"), texts), texts),
  ];
}

function driveRows(record, texts) {
  const identity = within(record, "drive", "identity");
  const size = identity.get("size_bytes");
  const capacity = Number.isSafeInteger(size) ? texts.say("verifier-size", { size }) : "–";
  return [
    row("model", stated(identity.get("model"), texts), texts),
    row("serial", stated(identity.get("serial"), texts), texts),
    row("wwn", stated(identity.get("wwn"), texts), texts),
    row("size", capacity, texts),
  ];
}

function processRows(record, texts) {
  const process = record.get("process");
  const passes = process.get("passes");
  const level = (name) => sentence(`level-${process.get(name)}`, {}, texts);
  return [
    row("method", methodOf(process.get("method"), texts), texts),
    row("level", level("level_asked"), texts),
    row("achieved", level("level_achieved"), texts),
    row("passes", texts.say("verifier-passes", { count: passes.length }), texts),
    row("check", checkOf(passes, texts), texts),
    row("planned", moment(process.get("planned"), texts), texts),
  ];
}

function originRows({ signature, digest, proof }, texts) {
  return [
    row("key", grouped(signature.key), texts),
    row("digest", digest, texts),
    row("ledger", texts.say("verifier-ledger", { position: proof.index + 1, size: proof.size }), texts),
  ];
}

function lists(record, texts) {
  const result = record.get("result");
  const sentences = (name) =>
    array(result.get(name)).map((item) => {
      const params = within(item, "params");
      return sentence(within(item, "code"), params instanceof Map ? Object.fromEntries(params) : {}, texts);
    });
  const uncovered = array(result.get("not_covered")).map((area) => {
    const what = sentence(`not-covered-${area}`, {}, texts);
    return `${what} – ${sentence(`not-covered-${area}-why`, {}, texts)}`;
  });
  return [
    { title: texts.say("verifier-list-reasons"), items: sentences("reasons") },
    { title: texts.say("verifier-list-remarks"), items: sentences("remarks") },
    { title: texts.say("verifier-list-uncovered"), items: uncovered },
  ].filter(({ items }) => items.length);
}

function row(label, value, texts) {
  return { label: texts.say(`verifier-fact-${label}`), value };
}

/** A text, or why there is none. */
function stated(value, texts) {
  if (typeof value === "string") return value;
  const reason = `absent-${within(value, "absent")}`;
  return texts.knows(reason) ? texts.say(reason) : "–";
}

function moment(value, texts) {
  return typeof value === "string" ? texts.say("verifier-date", { at: value }) : stated(value, texts);
}

function methodOf(method, texts) {
  const known = `method-${within(method, "key")}-title`;
  const shipped = within(method, "site_defined") === false && texts.knows(known);
  return shipped ? texts.say(known) : stated(within(method, "title"), texts);
}

function checkOf(passes, texts) {
  if (!passes.length) return texts.say("verifier-check-by-drive");
  return readingBack(within(passes[passes.length - 1], "verification"), texts);
}

function readingBack(check, texts) {
  if (!(check instanceof Map) || check.has("absent")) return stated(check, texts);
  if (typeof check.get("ended") !== "string") return texts.say("verifier-check-part");
  const bad = check.get("mismatches") || check.get("unread_bytes");
  if (bad) return texts.say("verifier-check-bad");
  const permille = check.get("share_permille");
  return check.get("kind") === "full" ? texts.say("verifier-check-full") : texts.say("verifier-check-sample", { permille });
}

/** A sentence of the record in the reader's language; its code, if this page does not know it. */
function sentence(code, params, texts) {
  try {
    return texts.say(String(code), params);
  } catch {
    return texts.say("verifier-unknown-code", { code: String(code) });
  }
}

function array(value) {
  return Array.isArray(value) ? value : [];
}
