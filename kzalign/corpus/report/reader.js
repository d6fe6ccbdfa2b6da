// One article: the texts side by side, a row for what belongs together.

function showArticle(reader, article, pattern) {
  const langs = LANGS.filter((lang) => article.versions[lang]);
  const sentences = Object.fromEntries(langs.map((lang) => [lang, sentencesOf(article.versions[lang])]));
  const links = linksOf(article.alignment, sentences);
  const status = el("p", { class: "links", "aria-live": "polite" });
  const table = el("table", { class: "texts" },
    el("caption", { class: "unseen" }, `${article.id}, sentence by sentence`),
    el("thead", {}, el("tr", {}, el("td"), ...langs.map((lang) => heading(lang, article.versions[lang])), scoreHeading(links))),
    el("tbody", {}, ...extraRow("Title", langs, (lang) => titleOf(article.versions[lang], pattern), links)),
    el("tbody", {}, ...rowsOf(sentences, links).map((row, place) => sentenceRow(row, place, langs, { article, sentences, links, pattern }))),
    el("tbody", {}, ...extraRow("Keywords", langs, (lang) => keywordsOf(article.versions[lang], pattern), links)),
  );
  watchLinks(table, links, status);
  reader.replaceChildren(articleHead(article, langs), table, status, ...notesOf(article), ...originalsOf(article, langs));
  reader.scrollTop = 0;
}

/** Returns the sentences; an abstract that was not split yet counts as one. */
const sentencesOf = ({ sentences, abstract }) => (sentences.length ? sentences : abstract ? [abstract] : []);

function spans(name, ranges) {
  if (!ranges.length) return "";
  const shown = ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(", ");
  const single = ranges.length === 1 && ranges[0][0] === ranges[0][1];
  return `${name}${single ? "line" : "lines"} ${shown}`;
}

function articleHead(article, langs) {
  const missing = LANGS.filter((lang) => !langs.includes(lang)).map((lang) => `no ${NAMES[lang]} version`);
  const lines = article.article_lines[1] > 0 ? spans("", [article.article_lines]) : "";
  const facts = [`document ${article.issue_id}`, lines, ...missing].filter(Boolean).join(" · ");
  return el("header", {}, el("h2", {}, article.id), el("p", { class: "hint" }, facts), ...sourceOf(article));
}

/** What the document says about where the article comes from. */
function sourceOf({ source = {} }) {
  const facts = Object.entries(source).map(([name, values]) => `${name}: ${values.join("; ")}`);
  return facts.length ? [el("p", { class: "hint" }, facts.join(" · "))] : [];
}

function heading(lang, version) {
  const source = [
    spans("abstract: ", version.abstract_lines),
    version.heading_line === null ? "no heading" : `heading: line ${version.heading_line}`,
    version.confidence < 1 ? `language confidence ${version.confidence.toFixed(2)}` : "",
  ];
  return el("th", { scope: "col", class: lang }, NAMES[lang], ...source.filter(Boolean).map((line) => el("small", {}, line)));
}

const scoreHeading = (links) => (links.length ? el("th", { scope: "col", class: "scores" }, "Scores") : "");

function extraRow(name, langs, content, links) {
  const cells = langs.map((lang) => el("td", { lang, class: lang }, ...content(lang)));
  if (cells.every((cell) => !cell.textContent)) return [];
  return [el("tr", { class: "extra" }, el("th", { scope: "row" }, name), ...cells, links.length ? el("td") : "")];
}

const sourceNote = (ranges) => (ranges.length ? [el("small", { lang: "en" }, spans("", ranges))] : []);
const titleOf = ({ title, title_lines: lines }, pattern) => (title ? [el("p", { class: "title" }, ...marked(title, pattern)), ...sourceNote(lines)] : []);
const keywordsOf = ({ keywords, keywords_lines: lines }, pattern) =>
  keywords.length ? [el("ul", { class: "keywords" }, ...keywords.map((word) => el("li", {}, ...marked(word, pattern)))), ...sourceNote(lines)] : [];

function sentenceRow(row, place, langs, { article, sentences, links, pattern }) {
  const low = row.links.some(({ score }) => isLow(score));
  const cells = langs.map((lang) => {
    const paired = PAIRS.some((pair) => pair.split("-").includes(lang) && article.alignment[pair]);
    const alone = paired && !row.links.some(({ keys }) => keys.some((key) => key.startsWith(lang)));
    const texts = (row.cells[lang] ?? []).map((number) => sentence(lang, number, sentences[lang][number], alone, pattern));
    const gap = [el("span", { class: "gap", lang: "en", title: "No sentence here" }, "—")];
    return el("td", { lang, class: lang }, ...(texts.length ? texts : gap));
  });
  const scores = links.length ? el("td", { class: "scores" }, ...row.links.map((link) => scoreOf(link, row, links))) : "";
  return el("tr", { class: low ? "low" : "" }, el("th", { scope: "row" }, el("span", { class: "unseen" }, `Row ${place + 1}`)), ...cells, scores);
}

function sentence(lang, place, text, alone, pattern) {
  const tag = alone ? [" ", el("span", { class: "tag", lang: "en" }, "unaligned")] : [];
  const attributes = { class: alone ? "sentence alone" : "sentence", "data-key": `${lang}:${place}`, tabindex: "-1" };
  return el("p", attributes, el("span", { class: "place" }, `${place + 1}`), ...marked(text, pattern), ...tag);
}

/** Returns a bead's score as text, exact where rounding would hide on which side of the threshold it lies. */
function scoreText(score) {
  const short = score.toFixed(2);
  return isLow(Number(short)) === isLow(score) ? short : `${score}`;
}

function scoreOf(link, row, links) {
  const several = row.links.filter(({ pair }) => pair === link.pair).length > 1;
  const which = several ? ` ${plus(link.left)}:${plus(link.right)}` : "";
  const low = isLow(link.score) ? [el("strong", {}, "low")] : [];
  const attributes = { class: low.length ? "score low" : "score", "data-link": `${links.indexOf(link)}` };
  return el("p", attributes, el("span", {}, `${link.pair}${which}`), ` ${scoreText(link.score)} `, ...low);
}

const plus = (numbers) => numbers.map((place) => place + 1).join("+");

function notesOf({ notes }) {
  return notes.length ? [el("h3", {}, "Notes"), el("ul", { class: "notes" }, ...notes.map((note) => el("li", {}, note)))] : [];
}

function originalsOf(article, langs) {
  return langs
    .filter((lang) => article.versions[lang].original !== undefined)
    .map((lang) => folded(`${NAMES[lang]} abstract before repairs`, () => [el("p", { lang, class: "original" }, article.versions[lang].original)]));
}

/** Shows what a sentence is aligned to while the pointer or the focus is on it; arrow keys walk along and across. */
function watchLinks(table, links, status) {
  const items = [...table.querySelectorAll("[data-key], [data-link]")];
  const byKey = new Map(items.map((item) => [item.dataset.key, item]));
  const linksAt = ({ dataset }) => (dataset.link ? [links[dataset.link]] : links.filter(({ keys }) => keys.includes(dataset.key)));
  const show = (target) => {
    const item = target?.closest?.("[data-key], [data-link]") ?? null;
    const found = item ? linksAt(item) : [];
    const keys = new Set(found.flatMap((link) => link.keys));
    for (const other of items) {
      const on = other === item || keys.has(other.dataset.key) || found.includes(links[other.dataset.link]);
      other.classList.toggle("on", on);
    }
    status.textContent = item ? describe(found) : "";
  };
  table.addEventListener("pointerover", ({ target }) => show(target));
  table.addEventListener("pointerleave", () => show(document.activeElement));
  table.addEventListener("focusin", ({ target }) => show(target));
  table.addEventListener("focusout", () => show(null));
  table.addEventListener("keydown", (event) => {
    const next = event.target.dataset.key && neighbour(event, event.target.dataset.key, linksAt(event.target));
    if (!next || !byKey.has(next)) return;
    event.preventDefault();
    byKey.get(next).focus();
  });
  table.querySelector("[data-key]")?.setAttribute("tabindex", "0");
}

function neighbour({ key }, here, found) {
  const [lang, place] = here.split(":");
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  if (key in steps) return `${lang}:${Number(place) + steps[key]}`;
  const sides = { ArrowRight: 1, ArrowLeft: -1 };
  if (!(key in sides)) return null;
  const others = found.flatMap(({ keys }) => keys).filter((other) => sides[key] * (LANGS.indexOf(other.slice(0, 2)) - LANGS.indexOf(lang)) > 0);
  return others.sort((one, other) => sides[key] * (LANGS.indexOf(one.slice(0, 2)) - LANGS.indexOf(other.slice(0, 2))))[0];
}

function describe(found) {
  if (!found.length) return "Aligned to nothing.";
  return found
    .map(({ pair, left, right, score }) => {
      const [first, second] = pair.split("-");
      return `${NAMES[first]} ${plus(left)} – ${NAMES[second]} ${plus(right)}: ${score}${isLow(score) ? " (low)" : ""}`;
    })
    .join("   ·   ");
}
