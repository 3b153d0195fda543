// Elements and text nodes, and no other way to put anything on the page: nothing from a file becomes markup.

const SVG = "http://www.w3.org/2000/svg";

/** An element; `attributes` by name, children are elements or texts, empty ones are left out. */
export function element(name, attributes, ...children) {
  const made = document.createElement(name);
  return filled(made, attributes, children);
}

function filled(made, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  for (const child of children.flat()) {
    if (child !== "" && child !== null) made.append(typeof child === "string" ? visible(child) : child);
  }
  return made;
}

/** What cannot be seen, or would turn the line around, is shown as its code point. */
export function visible(text) {
  return text.replace(
    /[\p{C}\p{Zl}\p{Zp}]/gu,
    (char) => (char === "\n" ? char : `<U+${char.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}>`),
  );
}

/** A sign beside words that say the same: hidden from screen readers. */
export function icon(name) {
  const attributes = { viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true", focusable: "false" };
  const image = filled(document.createElementNS(SVG, "svg"), attributes, []);
  for (const [shape, drawn] of ICONS[name]) {
    image.append(filled(document.createElementNS(SVG, shape), drawn, []));
  }
  return image;
}

const RING = ["circle", { cx: 12, cy: 12, r: 10 }];
const ICONS = {
  good: [RING, ["path", { d: "M7 12.5l3.4 3.4L17 9" }]],
  plain: [RING, ["path", { d: "M12 11v6M12 7v.5" }]],
  doubt: [
    ["path", { d: "M12 3L1.8 21h20.4z" }],
    ["path", { d: "M12 10v5M12 17.7v.5" }],
  ],
  bad: [
    ["path", { d: "M8 2h8l6 6v8l-6 6H8l-6-6V8z" }],
    ["path", { d: "M8.5 8.5l7 7M15.5 8.5l-7 7" }],
  ],
  none: [RING, ["path", { d: "M7.5 12h9" }]],
};
