// The page: takes files, checks them, shows what came of it. Nothing leaves the computer and nothing is kept.

import { fromBase64 } from "./bytes.js";
import { checkDocument, MAX_PDF, toneOf } from "./document.js";
import { Failure, message } from "./failure.js";
import { Known, kindOf } from "./known.js";
import { Texts } from "./texts.js";
import { itemList, reportCard } from "./view.js";
import { hasEd25519 } from "./webcrypto.js";

const find = (id) => document.getElementById(id);
const packed = new Blob([fromBase64(find("texts").textContent)]).stream();
const spoken = await new Response(packed.pipeThrough(new DecompressionStream("deflate"))).json();
const known = new Known();
const documents = [];
let reports = [];
let texts = speak(preferredLanguage());
let run = 0;

function preferredLanguage() {
  const wanted = navigator.language ?? "";
  return wanted === "" || /^fr\b/i.test(wanted) ? "fr" : "en";
}

function speak(language) {
  const made = new Texts(language, spoken);
  document.documentElement.lang = language;
  document.title = made.say("verifier-title");
  for (const worded of document.querySelectorAll("[data-say]")) worded.textContent = made.say(worded.dataset.say);
  for (const button of document.querySelectorAll("[data-language]")) {
    button.setAttribute("aria-pressed", String(button.dataset.language === language));
  }
  return made;
}

/** Sorts what was given into documents and what they are checked against, and checks everything anew. */
async function take(files) {
  for (const file of files) {
    const kind = kindOf(new Uint8Array(await file.slice(0, 1024).arrayBuffer()));
    if (kind === "pdf" || kind === "json") documents.push(file);
    else await known.add(file.name, kind, await bytesOf(file));
  }
  await checkAll();
}

/** A file's bytes; of one too large for any document, one byte more than is accepted. */
async function bytesOf(file) {
  return new Uint8Array(await file.slice(0, MAX_PDF + 1).arrayBuffer());
}

async function checkAll() {
  run += 1;
  const mine = run;
  find("status").className = "";
  find("status").textContent = documents.length ? texts.say("verifier-working") : "";
  const made = [];
  for (const file of documents) made.push(await checkOne(file));
  // Something was added meanwhile: a later run shows all of it.
  if (mine !== run) return;
  reports = made;
  show();
}

async function checkOne(file) {
  try {
    return await checkDocument(file.name, await bytesOf(file), known);
  } catch (error) {
    if (!(error instanceof DOMException) && !(error instanceof Failure)) console.error(error);
    // Nothing may pass unsaid, not even a defect of this page.
    const failed = { subject: "readable", outcome: "failed", message: message("verifier-page-failed") };
    const said = message("certificate-unreadable");
    return { name: file.name, kind: "json", overall: "unreadable", message: said, checks: [failed], record: null };
  }
}

function show() {
  find("items").replaceChildren(...itemList(known.standing(), texts));
  const cards = reports.map((report, place) => reportCard(report, texts, place, reports.length === 1));
  find("reports").replaceChildren(...cards);
  find("status").textContent = summary();
  // A single report says it all to the eye; the same words are for the ear only.
  find("status").className = reports.length === 1 ? "unseen" : "";
  find("again").hidden = reports.length === 0 && known.items.length === 0;
}

function summary() {
  if (reports.length === 0) return "";
  if (reports.length === 1) return texts.say("verifier-done-one", { sentence: texts.text(reports[0].message) });
  const count = (...tones) => reports.filter((report) => tones.includes(toneOf(report))).length;
  const counts = { count: reports.length, good: count("good", "plain"), doubt: count("doubt"), bad: count("bad") };
  return texts.say("verifier-done-many", counts);
}

function listen() {
  for (const id of ["documents", "references"]) {
    find(id).addEventListener("change", async (event) => {
      const chosen = [...event.target.files];
      event.target.value = "";
      await take(chosen);
    });
  }
  find("fingerprint-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    if (known.addFingerprint(find("fingerprint").value)) find("fingerprint").value = "";
    await checkAll();
  });
  find("again").addEventListener("click", () => {
    documents.length = 0;
    reports = [];
    known.forget();
    show();
    find("documents").focus();
  });
  for (const button of document.querySelectorAll("[data-language]")) {
    button.addEventListener("click", () => {
      texts = speak(button.dataset.language);
      show();
    });
  }
  addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll("details")) details.open = true;
  });
  listenToDrops();
}

function listenToDrops() {
  const holdsFiles = (event) => event.dataTransfer?.types.includes("Files");
  addEventListener("dragover", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    find("drop").classList.add("over");
  });
  addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) find("drop").classList.remove("over");
  });
  addEventListener("drop", async (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    find("drop").classList.remove("over");
    await take([...event.dataTransfer.files]);
  });
}

listen();
find("form").hidden = false;
hasEd25519().then((able) => {
  find("unable").hidden = able;
  document.documentElement.dataset.ready = "yes";
});
