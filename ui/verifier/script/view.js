// How a report looks: a card with its sentence, the verdict, the checks, what the record says and what is not shown.

import { toneOf } from "./document.js";
import { element, icon } from "./elements.js";
import { factsOf } from "./facts.js";

const OUTCOME_ICONS = {
  passed: "good",
  failed: "bad",
  unknown: "doubt",
  unsupported: "doubt",
  noted: "plain",
  skipped: "none",
};

/** The card of one report. `place` makes its ids its own; `open` shows the record's facts at once. */
export function reportCard(report, texts, place, open) {
  const tone = toneOf(report);
  const heading = `report-${place}`;
  const title = texts.say(`verifier-title-${tone === "plain" ? "plain" : report.overall}`);
  return element(
    "article",
    { class: `report tone-${tone}`, "aria-labelledby": heading, "data-overall": report.overall, "data-tone": tone },
    element(
      "header",
      {},
      icon(tone),
      element(
        "div",
        {},
        element("h2", { id: heading, tabindex: "-1" }, title),
        element("p", { class: "file" }, element("bdi", {}, report.name)),
      ),
    ),
    element("p", { class: "sentence" }, texts.text(report.message)),
    // What an altered document declares is not set in large letters, even where its signed part still holds.
    tellsFacts(report) && tone !== "bad" ? verdict(report, texts) : "",
    checkList(report, texts),
    tellsFacts(report) ? facts(report, texts, open && tone !== "bad") : "",
    tone === "bad" ? "" : limits(texts),
  );
}

/** Only what the signature covers is shown, and only where the key is not known to be in other hands. */
function tellsFacts({ record, checks }) {
  const outcome = (name) => checks.find(({ subject }) => subject === name)?.outcome;
  return record !== null && outcome("signature") === "passed" && outcome("key") !== "failed";
}

function verdict(report, texts) {
  const { verdict: words, consequence, simulation } = factsOf(report, texts);
  const proven = report.record.get("kind") === "erasure-certificate" ? "proven" : "unproven";
  return element(
    "div",
    { class: `verdict ${proven}` },
    element("p", { class: "says" }, texts.say("verifier-says")),
    element("p", { class: "words" }, words),
    element("p", {}, consequence),
    simulation ? element("p", { class: "simulation" }, simulation) : "",
  );
}

function checkList({ checks }, texts) {
  const items = checks.map(({ subject, outcome, message }) =>
    element(
      "li",
      { class: `check ${outcome}`, "data-subject": subject, "data-outcome": outcome, "data-message": message.id },
      icon(OUTCOME_ICONS[outcome]),
      element(
        "p",
        {},
        element("strong", {}, texts.say(`verifier-outcome-${outcome}`)),
        " ",
        element("span", {}, texts.text(message)),
      ),
    ),
  );
  return element(
    "section",
    {},
    element("h3", {}, texts.say("verifier-checks")),
    element("ul", { class: "checks" }, ...items),
  );
}

function facts(report, texts, open) {
  const { groups, lists } = factsOf(report, texts);
  const tables = groups.map(({ title, rows }) =>
    element(
      "section",
      {},
      element("h4", {}, title),
      element(
        "dl",
        {},
        ...rows.map(({ label, value }) =>
          element("div", {}, element("dt", {}, label), element("dd", {}, element("bdi", {}, value))),
        ),
      ),
    ),
  );
  const told = lists.map(({ title, items }) =>
    element(
      "section",
      {},
      element("h4", {}, title),
      element("ul", {}, ...items.map((item) => element("li", {}, item))),
    ),
  );
  const attributes = open ? { class: "facts", open: "" } : { class: "facts" };
  const summary = element("summary", {}, element("h3", {}, texts.say("verifier-facts")));
  return element("details", attributes, summary, element("div", { class: "groups" }, ...tables, ...told));
}

function limits(texts) {
  const items = (name, count) =>
    Array.from({ length: count }, (_, place) => element("li", {}, texts.say(`verifier-${name}-${place + 1}`)));
  return element(
    "section",
    { class: "limits" },
    element("h3", {}, texts.say("verifier-not-shown")),
    element("ul", {}, ...items("not-shown", 4)),
  );
}

/** What the reader gave from the workshop, and what became of each. */
export function itemList(items, texts) {
  return items.map(({ name, outcome, message }) =>
    element(
      "li",
      { class: `check ${outcome}`, "data-outcome": outcome, "data-message": message.id },
      icon(OUTCOME_ICONS[outcome]),
      element("p", {}, name ? element("strong", {}, element("bdi", {}, name)) : "", " ", texts.text(message)),
    ),
  );
}
