// The rejects: a page of rows at a time, filtered by reason.

const PAGE_ROWS = 50;
const MOST_TEXTS = 6;
const MOST_LETTERS = 500;

class RejectTable {
  constructor() {
    this.blocks = new Blocks("rejects");
    this.all = [];
    this.page = 0;
    [this.rows, this.reason, this.status, this.previous, this.next] = ["rejects-rows", "reason", "rejects-found", "previous", "next"].map(byId);
    this.reason.append(...figures.reasons.map(([reason, count]) => el("option", {}, `${reason} (${number(count)})`)));
    this.reason.addEventListener("change", () => this.turn(0));
    this.previous.addEventListener("click", () => this.turn(this.page - 1));
    this.next.addEventListener("click", () => this.turn(this.page + 1));
  }

  async load() {
    await this.blocks.summarise(this.all, ({ kind }) => ({ kind }), () => this.turn(this.page));
  }

  only(reason) {
    this.reason.selectedIndex = 1 + figures.reasons.findIndex(([name]) => name === reason);
    this.turn(0);
  }

  turn(page) {
    const [reason] = figures.reasons[this.reason.selectedIndex - 1] ?? [];
    const found = this.all.filter((entry) => reason === undefined || entry.kind === reason);
    const first = page * PAGE_ROWS;
    const last = Math.min(found.length, first + PAGE_ROWS);
    this.page = page;
    this.rows.replaceChildren(...found.slice(first, last).map((entry) => rejectRow(this.blocks.record(entry))));
    this.previous.disabled = page === 0;
    this.next.disabled = last >= found.length;
    const sample = figures.shown.rejects < figures.rejects ? `; the page holds ${number(figures.shown.rejects)} of all ${number(figures.rejects)}` : "";
    this.status.textContent = found.length ? `${number(first + 1)}–${number(last)} of ${number(found.length)}${sample}` : "Nothing was rejected";
  }
}

function rejectRow({ stage, id, reason, record }) {
  const whole = folded("Whole record", () => [el("pre", {}, JSON.stringify(record, null, 2))]);
  const cell = el("td", {}, ...textsOf(record).map(([lang, text]) => el("p", { lang }, clipped(text))), whole);
  return el("tr", {}, el("td", {}, stage), el("td", { class: "id" }, id), el("td", {}, reason), cell);
}

const clipped = (text) => (text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS)}…` : text);

/** Returns the record's texts as [language if known, text]: those under a language if there are any, each text once. */
function textsOf(record) {
  const all = new Map([...leaves(record, undefined)].map(([lang, text]) => [text, lang]));
  const texts = [...all].map(([text, lang]) => [lang, text]);
  const known = texts.filter(([lang]) => lang !== undefined);
  return (known.length ? known : texts).slice(0, MOST_TEXTS);
}

function* leaves(value, lang) {
  if (typeof value === "string") {
    if (value.trim()) yield [lang, value];
  } else if (Array.isArray(value) && value.every((item) => typeof item === "string")) {
    yield* leaves(value.join(" "), lang);
  } else if (value && typeof value === "object") {
    for (const [key, item] of Object.entries(value)) yield* leaves(item, LANGS.includes(key) ? key : lang);
  }
}
