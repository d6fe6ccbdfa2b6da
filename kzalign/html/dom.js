// Elements are made here only, and text reaches them only as text nodes: nothing of the data is ever read as HTML.

const LANGS = ["kk", "ru", "en"];
const PAIRS = ["kk-ru", "kk-en", "ru-en"];
const NAMES = { kk: "Kazakh", ru: "Russian", en: "English" };

const byId = (id) => document.getElementById(id);
const number = (value) => value.toLocaleString("en");
const counted = (value, noun) => `${number(value)} ${noun}${value === 1 ? "" : "s"}`;

function furnish(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

const el = (tag, attributes = {}, ...children) => furnish(document.createElement(tag), attributes, children);
const svg = (tag, attributes = {}, ...children) =>
  furnish(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);

/** Returns the text as nodes, with what the pattern finds in <mark>. */
function marked(text, pattern) {
  if (!pattern) return [text];
  return text.split(pattern).map((piece, place) => (place % 2 ? el("mark", {}, piece) : piece));
}

/** Returns a closed <details> that is filled when it is first opened. */
function folded(summary, fill) {
  const details = el("details", {}, el("summary", {}, summary));
  details.addEventListener("toggle", () => details.append(...fill()), { once: true });
  return details;
}
