// The list of articles: only the rows in view are elements, so that its length does not matter.

const ROW_HEIGHT = 76;
const TYPING_MS = 60;

class ArticleList {
  constructor(chosen) {
    this.blocks = new Blocks("articles");
    this.all = [];
    this.found = [];
    this.terms = [];
    this.active = null;
    this.scanned = 0;
    this.search = 0;
    this.chosen = chosen;
    [this.box, this.query, this.issue, this.low, this.status] = ["list", "query", "issue", "low", "found"].map(byId);
    this.rows = this.box.firstElementChild;
    this.listen();
  }

  listen() {
    let typing;
    this.query.addEventListener("input", () => {
      clearTimeout(typing);
      typing = setTimeout(() => this.find(), TYPING_MS);
    });
    for (const filter of [this.issue, this.low]) filter.addEventListener("change", () => this.find());
    this.box.addEventListener("scroll", () => this.draw());
    this.box.addEventListener("keydown", (event) => this.key(event));
    this.box.addEventListener("click", ({ target }) => {
      const row = target.closest("[role=option]");
      if (row) this.choose(this.found[Number(row.dataset.place)]);
    });
    new ResizeObserver(() => this.draw()).observe(this.box);
  }

  async load() {
    await this.blocks.summarise(this.all, summaryOf, () => {
      this.box.ariaBusy = String(this.all.length < figures.shown.articles);
      this.scan();
    });
    const counts = new Map();
    for (const { issue } of this.all) counts.set(issue, (counts.get(issue) ?? 0) + 1);
    this.issues = [...counts.keys()].sort((one, other) => one.localeCompare(other, "en", { numeric: true }));
    this.issue.append(...this.issues.map((issue) => el("option", {}, `${issue} (${number(counts.get(issue))})`)));
  }

  /** Filters anew by what the search fields hold. */
  find() {
    Object.assign(this, { terms: termsOf(this.query.value), found: [], scanned: 0 });
    this.box.scrollTop = 0;
    this.scan();
  }

  /** Filters what was not yet looked at, a slice of time at a time; a newer scan ends an older one. */
  async scan() {
    const mine = (this.search += 1);
    const issue = this.issues?.[this.issue.selectedIndex - 1];
    const wanted = (entry) =>
      (issue === undefined || entry.issue === issue) &&
      (!this.low.checked || entry.low > 0) &&
      this.terms.every((term) => entry.text.includes(term));
    let started = performance.now();
    while (this.scanned < this.all.length) {
      const entry = this.all[this.scanned];
      this.scanned += 1;
      if (wanted(entry)) this.found.push(entry);
      if (this.scanned % 128 === 0 && performance.now() - started > SLICE_MS) {
        await pause();
        if (mine !== this.search) return;
        started = performance.now();
      }
    }
    this.tell();
    this.draw();
  }

  tell() {
    const of = this.found.length < figures.shown.articles ? ` of ${number(figures.shown.articles)}` : "";
    const reading = this.all.length < figures.shown.articles ? ", still reading" : "";
    const sample = figures.shown.articles < figures.articles ? `; an even sample of all ${number(figures.articles)}` : "";
    this.status.textContent = figures.articles ? `${number(this.found.length)}${of} articles${sample}${reading}` : "No articles in this corpus";
  }

  draw() {
    const first = Math.max(0, Math.floor(this.box.scrollTop / ROW_HEIGHT) - 4);
    const last = Math.min(this.found.length, first + Math.ceil(this.box.clientHeight / ROW_HEIGHT) + 8);
    this.rows.style.height = `${this.found.length * ROW_HEIGHT}px`;
    this.rows.replaceChildren(...this.found.slice(first, last).map((entry, offset) => this.row(entry, first + offset)));
    const place = this.found.indexOf(this.active);
    if (place >= first && place < last) this.box.setAttribute("aria-activedescendant", `article-${place}`);
    else this.box.removeAttribute("aria-activedescendant");
  }

  row(entry, place) {
    const low = entry.low ? [el("span", { class: "tag low" }, `${number(entry.low)} low`)] : [];
    const row = el("div", {
      role: "option", id: `article-${place}`, "data-place": place, "aria-selected": entry === this.active,
      "aria-posinset": place + 1, "aria-setsize": this.found.length,
    },
      el("p", { class: "name", lang: entry.lang }, entry.title ?? "(no title)"),
      el("p", { class: "facts" }, el("span", {}, entry.id), el("span", {}, entry.langs.join(" ")), ...low),
    );
    row.style.top = `${place * ROW_HEIGHT}px`;
    return row;
  }

  key(event) {
    const page = Math.max(1, Math.floor(this.box.clientHeight / ROW_HEIGHT) - 1);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    if (event.key === "Enter") byId("reader").querySelector("[data-key]")?.focus();
    if (!(event.key in steps) || !this.found.length) return;
    event.preventDefault();
    const here = this.found.indexOf(this.active);
    const next = here < 0 && event.key === "ArrowUp" ? 0 : here + steps[event.key];
    this.choose(this.found[Math.min(this.found.length - 1, Math.max(0, next))]);
  }

  choose(entry) {
    this.active = entry;
    this.reveal(this.found.indexOf(entry));
    this.chosen(entry, patternOf(this.terms));
  }

  reveal(place) {
    const top = place * ROW_HEIGHT;
    if (place >= 0 && top < this.box.scrollTop) this.box.scrollTop = top;
    const below = top + ROW_HEIGHT - this.box.clientHeight;
    if (place >= 0 && below > this.box.scrollTop) this.box.scrollTop = below;
    this.draw();
  }
}
