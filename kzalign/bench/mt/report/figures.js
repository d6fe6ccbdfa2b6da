// The figures and the checks of a direction: tables, plots, significance, and what others published.

const COLOURS = ["accent", "ru", "en", "kk"];

function systemsOf(part) {
  return Object.keys(part.outputs);
}

function showFigures(panel, direction) {
  const part = results.directions[direction];
  const systems = systemsOf(part);
  const labels = labelsOf(part, (label) => !isCheck(label));
  panel.replaceChildren(
    figureTable(part, labels, systems, `Figures of ${direction}`),
    el("p", { class: "hint" }, "Under each figure its 95 % interval. In bold: better than every other system, significantly. Choose a heading to sort."),
    ...warnings(part),
    el("h2", {}, "Figures with their intervals"),
    plotsOf(part, labels, systems),
    ...significance(part, labels, systems),
    ...speed(part, systems),
    ...publishedFigures(direction),
  );
}

function showChecks(panel, direction) {
  const part = results.directions[direction];
  const labels = labelsOf(part, isCheck);
  const systems = [...systemsOf(part), "reference"];
  panel.replaceChildren(
    figureTable(part, labels, systems, `Checks of ${direction}`),
    el("p", { class: "hint" }, "What BLEU does not see, in per cent of what could be wrong; length-ratio is the hypotheses' length over the references'. The row “reference” shows how often a check speaks without a fault of a system."),
    el("h2", {}, "Rates with their intervals"),
    plotsOf(part, labels, systems),
  );
}

function plotsOf(part, labels, systems) {
  const plots = labels.map((label) => {
    const rows = systems.map((name, place) => ({ name, score: scoreOf(part, label, name), colour: COLOURS[place % COLOURS.length] })).filter(({ score }) => score);
    const note = lowerIsBetter(part, label) ? "lower is better" : "higher is better";
    const name = label.replace(CHECK, "");
    const said = label === RATIO ? "1 is as long as the references" : note;
    return figure(name, said, intervalBars({ title: `${name}, ${said}`, label, rows }));
  });
  return el("div", { class: "plots" }, ...plots);
}

function warnings(part) {
  const found = [...part.warnings];
  for (const [system, seen] of Object.entries(part.contamination)) {
    if (seen && seen.sources + seen.references > 0) {
      found.push(`${system} was trained on ${counted(seen.sources, "source")} and ${counted(seen.references, "reference")} of these ${number(seen.n)} segments: its figures say nothing. Segments: ${seen.segments.join(", ")}.`);
    }
  }
  for (const [system, output] of Object.entries(part.outputs)) {
    const flags = Object.entries(output.flags).filter(([flag]) => flag !== "empty").map(([flag, count]) => `${flag.replaceAll("_", " ")}: ${number(count)}`);
    if (flags.length) found.push(`${system}, of ${number(part.n)} hypotheses: ${flags.join(", ")}.`);
    if (output.empty) found.push(`${system} gave ${number(output.empty)} empty of ${number(part.n)} hypotheses; they are scored.`);
  }
  for (const { name, skipped } of results.systems) {
    const reason = skipped[directionNow()];
    if (reason) found.push(`${name} is not here: ${reason}`);
  }
  return found.length ? [el("ul", { class: "warnings" }, ...found.map((text) => el("li", { dir: "auto" }, text)))] : [];
}

function significance(part, labels, systems) {
  if (systems.length < 2) return [];
  const place = el("div");
  const choice = el("select", { id: "metric" }, ...labels.map((label) => el("option", {}, label)));
  const draw = () => place.replaceChildren(significanceTable(part, choice.value, systems));
  choice.addEventListener("change", draw);
  draw();
  return [
    el("h2", {}, "Which differences are more than chance"),
    el("p", { class: "hint" }, `The row's system less the column's, and the p-value of approximate randomisation over ${part.resampled}, corrected after Holm for all pairs of the table.`),
    el("div", { class: "bar" }, el("label", { for: "metric" }, "Metric"), choice),
    place,
  ];
}

function speed(part, systems) {
  const timed = systems.filter((system) => part.time[system]);
  if (!timed.length) return [];
  const rows = timed.map((system) => {
    const { seconds, segments_per_second: segments, words_per_second: rate } = part.time[system];
    return el("tr", {}, el("th", { scope: "row", dir: "auto" }, system), ...[seconds, segments, rate].map((value) => el("td", {}, value.toFixed(1))));
  });
  const head = ["system", "seconds", "segments a second", "words a second"].map((name) => el("th", { scope: "col" }, name));
  return [el("h2", {}, "Speed"), el("table", { class: "figures" }, el("thead", {}, el("tr", {}, ...head)), el("tbody", {}, ...rows))];
}

/** Returns what others published of this direction, each publication in a table of its own under its source. */
function publishedFigures(direction) {
  const here = results.published.filter(({ figures }) => figures[direction]);
  if (!here.length) return [];
  const blocks = here.map((one) => {
    const rows = Object.entries(one.figures[direction]).map(([system, value]) => el("tr", {}, el("th", { scope: "row", dir: "auto" }, system), el("td", {}, value)));
    const head = el("tr", {}, el("th", { scope: "col" }, "system"), el("th", { scope: "col" }, one.metric));
    return el("section", { class: "published" },
      el("h3", {}, `${one.test_set}: ${one.metric}`),
      el("p", {}, `${one.how} A perfect score is ${one.scale}.`),
      el("p", { class: "hint" }, one.source),
      el("table", { class: "figures" }, el("thead", {}, head), el("tbody", {}, ...rows)),
    );
  });
  return [
    el("h2", {}, "Published elsewhere, not measured here"),
    el("p", { class: "hint" }, "As printed there, with metrics of their own: not to be ranked with the figures above."),
    ...blocks,
  ];
}
