// Tables of figures with intervals, sorted by a click or a key on a column's heading.

const ARTICLE = " (article)";
const CHECK = "check:";
const isCheck = (label) => label.startsWith(CHECK);
const lowerIsBetter = (part, label) => isCheck(label) || part["lower is better"].includes(label);

const RATIO = `${CHECK}length-ratio`;
const isShare = (label) => isCheck(label) && label !== RATIO;
const shown = (value, label) => (isShare(label) ? (100 * value).toFixed(1) : value.toFixed(2));
const unit = (label) => (isShare(label) ? " %" : "");

/** Returns the labels of a direction's figures in their order. */
const labelsOf = (part, wanted) => [...new Set(part.scores.map(({ metric }) => metric))].filter(wanted);
const scoreOf = (part, label, system) => part.scores.find(({ metric, model }) => metric === label && model === system);

/** Returns a table of systems and figures; it begins sorted by the first column of figures, the best first. */
function figureTable(part, labels, systems, caption) {
  const body = el("tbody");
  const heads = labels.map((label) => el("th", { scope: "col" }, el("button", { type: "button" }, label.replace(CHECK, ""))));
  const name = el("th", { scope: "col" }, el("button", { type: "button" }, "system"));
  const down = Object.fromEntries(labels.map((label) => [label, !lowerIsBetter(part, label)]));
  const sort = (label, falls, head) => {
    const value = (system) => scoreOf(part, label, system)?.value ?? NaN;
    const order = label === null ? (one, other) => one.localeCompare(other) : (one, other) => value(one) - value(other);
    const sorted = [...systems].sort((one, other) => (falls ? -1 : 1) * order(one, other) || one.localeCompare(other));
    body.replaceChildren(...sorted.map((system) => figureRow(part, labels, system)));
    for (const other of [name, ...heads]) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", falls ? "descending" : "ascending");
  };
  [[null, name], ...labels.map((label, place) => [label, heads[place]])].forEach(([label, head]) => {
    const usual = label !== null && down[label];
    head.firstChild.addEventListener("click", () => {
      const now = head.getAttribute("aria-sort");
      sort(label, now === null ? usual : now === "ascending", head);
    });
  });
  if (labels.length) sort(labels[0], down[labels[0]], heads[0]);
  const table = el("table", { class: "figures" }, el("caption", { class: "unseen" }, caption), el("thead", {}, el("tr", {}, name, ...heads)), body);
  return el("div", { class: "wide-table", tabindex: "0", role: "region", "aria-label": caption }, table);
}

function figureRow(part, labels, system) {
  const cells = labels.map((label) => {
    const score = scoreOf(part, label, system);
    if (!score) return el("td", { title: "nothing to count" }, "–");
    const [low, high] = score.interval.map((bound) => shown(bound, label));
    const value = `${shown(score.value, label)}${unit(label)}`;
    const best = part.best[label] === system;
    return el("td", { class: best ? "best" : undefined }, best ? el("strong", { title: "better than every other system, significantly" }, value) : value, el("small", {}, `${low} – ${high}`));
  });
  return el("tr", {}, el("th", { scope: "row", dir: "auto" }, system), ...cells);
}

/** Returns systems x systems: the difference and the p-value of the row's system less the column's. */
function significanceTable(part, label, systems) {
  const found = part.comparisons[label] ?? [];
  const cell = (row, column) => {
    const one = found.find(({ systems: pair }) => pair.includes(row) && pair.includes(column) && row !== column);
    if (!one) return el("td", {}, "–");
    const sign = one.systems[0] === row ? 1 : -1;
    const difference = sign * one.difference.value;
    const [, p] = one.randomisation;
    const text = `${difference > 0 ? "+" : ""}${difference.toFixed(2)}`;
    const note = one.different ? "different" : "may be chance";
    return el("td", { class: one.different ? "different" : "same" }, one.different ? el("strong", {}, text) : text, el("small", {}, `p ${p.toFixed(4)}, ${note}`));
  };
  const rows = systems.map((row) => el("tr", {}, el("th", { scope: "row", dir: "auto" }, row), ...systems.map((column) => cell(row, column))));
  const caption = `${label}: the row's system less the column's`;
  const head = el("tr", {}, el("td"), ...systems.map((system) => el("th", { scope: "col", dir: "auto" }, system)));
  const table = el("table", { class: "figures" }, el("caption", { class: "unseen" }, caption), el("thead", {}, head), el("tbody", {}, ...rows));
  return el("div", { class: "wide-table", tabindex: "0", role: "region", "aria-label": caption }, table);
}
