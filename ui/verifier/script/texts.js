// Sentences from ids: the Fluent files of both languages, reduced to JSON by the builder (ui/verifier/fluent.py), which
// gives for each id its pattern in French and in English.
//
// A pattern is a string, or a list of strings and placeables: ["$", name], [FUNCTION, name] or
// ["?", selector placeable, {key: pattern}, default key]; ["#", place] is a choice that several messages share.

import { byteCount, date, duration, number, percent } from "./formats.js";

const FUNCTIONS = {
  NUMBER: (value) => number(value),
  BYTES: byteCount,
  PERCENT: percent,
  DATE: (value, language) => date(String(value), language),
  DURATION: duration,
};

const LANGUAGES = ["fr", "en"];

export class Texts {
  constructor(language, { patterns, choices }) {
    this.language = language;
    this.place = LANGUAGES.indexOf(language);
    this.patterns = patterns;
    this.choices = choices;
    this.numbers = new Intl.NumberFormat(language);
    this.plurals = new Intl.PluralRules(language);
  }

  knows(id) {
    return Object.hasOwn(this.patterns, id);
  }

  /** The sentence. An unknown id or a missing value is an error: no reader is shown a placeholder. */
  say(id, params = {}) {
    if (!this.knows(id)) throw new Error(`no ${this.language} text for ${id}`);
    return this.written(this.patterns[id][this.place], params);
  }

  text({ id, params }) {
    return this.say(id, params);
  }

  written(pattern, params) {
    if (typeof pattern === "string") return pattern;
    return pattern.map((part) => (typeof part === "string" ? part : this.shown(this.placed(part, params)))).join("");
  }

  /** A bare number is written the language's own way. */
  shown(value) {
    return typeof value === "number" ? this.numbers.format(value) : String(value);
  }

  placed([kind, what, variants, otherwise], params) {
    if (kind === "#") return this.placed(this.choices[what], params);
    if (kind === "?") return this.written(this.chosen(this.placed(what, params), variants, otherwise), params);
    if (!Object.hasOwn(params, what)) throw new Error(`no value for ${what}`);
    const value = params[what];
    if (kind === "$") return value;
    return FUNCTIONS[kind](value, this.language);
  }

  chosen(value, variants, otherwise) {
    const key = String(value);
    if (Object.hasOwn(variants, key)) return variants[key];
    const plural = typeof value === "number" ? this.plurals.select(value) : otherwise;
    return Object.hasOwn(variants, plural) ? variants[plural] : variants[otherwise];
  }
}
