// The first tab: how much there is, how long, how sure, and what was dropped.

const MOST_REASONS = 12;

function showOverview(panel, manifest) {
  panel.append(
    facts(),
    el("h2", {}, "Sentence lengths"),
    el("p", { class: "hint" }, "Words in a sentence, by language."),
    el("div", { class: "plots" }, ...lengthPlots()),
    el("h2", {}, "Alignment scores"),
    el("p", { class: "hint" }, `Aligned sentence pairs by score; a score under ${figures.low_score} is low.`),
    el("div", { class: "plots" }, ...scorePlots()),
    el("div", { class: "plots wide" }, languagePlot(), rejectPlot()),
    ...filterTable(manifest.filters ?? []),
    el("h2", {}, "Manifest"),
    folded("Versions, configuration, inputs and outputs", () => [el("pre", {}, JSON.stringify(manifest, null, 2))]),
  );
}

function facts() {
  const rows = [
    ["Documents with articles", figures.documents],
    ["Articles", figures.articles],
    ...LANGS.map((lang) => [`${NAMES[lang]} versions`, versionsIn(lang)]),
    ...PAIRS.map((pair) => [`${pair} pairs`, figures.scores[pair].pairs]),
    ["Rejected records", figures.rejects],
  ];
  return el("dl", { class: "facts" }, ...rows.map(([name, count]) => el("div", {}, el("dt", {}, name), el("dd", {}, number(count)))));
}

const versionsIn = (lang) =>
  figures.languages.filter(([langs]) => langs.includes(lang)).reduce((total, [, count]) => total + count, 0);

const figure = (name, note, picture) =>
  el("figure", {}, el("figcaption", {}, el("strong", {}, name), note ? ` ${note}` : ""), picture);

function lengthPlots() {
  const top = roundedUp(Math.max(...LANGS.flatMap((lang) => figures.words[lang].bins)));
  return LANGS.map((lang) => {
    const { bins, sentences, median, words_per_bin: step } = figures.words[lang];
    const last = bins.length - 1;
    const names = (bin) => (bin === last ? `more than ${bin * step} words` : `${bin * step + 1} to ${(bin + 1) * step} words`);
    const note = sentences ? `${counted(sentences, "sentence")}, median ${counted(median, "word")}` : "no sentences";
    const ticks = [0, 3, 6, 9, last].map((bin) => [bin, `${bin * step}`]);
    return figure(NAMES[lang], note, histogram({ title: `${NAMES[lang]}: ${note}`, colour: lang, bins, top, names, ticks }));
  });
}

function scorePlots() {
  const top = roundedUp(Math.max(...PAIRS.flatMap((pair) => figures.scores[pair].bins)));
  return PAIRS.map((pair) => {
    const { bins, pairs, low } = figures.scores[pair];
    const names = (bin) => `${(bin / bins.length).toFixed(2)} to ${((bin + 1) / bins.length).toFixed(2)}`;
    const note = pairs ? `${counted(pairs, "pair")}, ${number(low)} low (${((100 * low) / pairs).toFixed(1)} %)` : "no pairs";
    const ticks = [0, 0.25, 0.5, 0.75, 1].map((score) => [score * bins.length, `${score}`]);
    const marker = [figures.low_score * bins.length, "low"];
    return figure(pair, note, histogram({ title: `${pair}: ${note}`, colour: "accent", bins, top, names, ticks, marker }));
  });
}

function languagePlot() {
  const rows = figures.languages.map(([langs, count]) => {
    return { label: langs.map((lang) => NAMES[lang]).join(", ") || "No language", count, colour: "accent" };
  });
  const picture = rows.length ? bars({ title: "Articles by their languages", rows }) : el("p", { class: "empty" }, "No articles.");
  return figure("Languages per article", "", picture);
}

function rejectPlot() {
  const rows = figures.reasons.slice(0, MOST_REASONS).map(([reason, count]) => {
    return { label: reason, count, colour: "warn", href: `#rejects/${encodeURIComponent(reason)}` };
  });
  const more = figures.reasons.length - rows.length;
  const picture = rows.length ? bars({ title: "Rejects by reason", rows }) : el("p", { class: "empty" }, "Nothing was rejected.");
  return figure("Rejects by reason", more > 0 ? `the ${MOST_REASONS} largest; ${counted(more, "more reason")} in the Rejects tab` : "", picture);
}

/** Returns the heading and the table of what each filter refuses; nothing without filters. */
function filterTable(filters) {
  if (!filters.length) return [];
  const head = ["Filter", "What it measures", "Keeps", "Refused alone", "Refused in order"];
  const rows = filters.map(({ name, measures, keeps, threshold, alone, in_order: inOrder }) => [name, measures, `${keeps} ${threshold}`, number(alone), number(inOrder)]);
  return [
    el("h2", {}, "Filters"),
    el("p", { class: "hint" }, "Rows that each filter refuses by itself, and those that came to it in this order."),
    el("table", { class: "filters" },
      el("thead", {}, el("tr", {}, ...head.map((name) => el("th", { scope: "col" }, name)))),
      el("tbody", {}, ...rows.map((cells) => el("tr", {}, ...cells.map((cell) => el("td", {}, cell))))),
    ),
  ];
}
