// What was measured, how, and on what.

function showAbout(panel) {
  const { benchmark, systems, versions, device, time } = results;
  const facts = [
    ["Benchmark", `${benchmark.title} (${benchmark.file})`],
    ["Data", `${benchmark.source}, ${benchmark.licence}`],
    ["Seed", `${results.seed}`],
    ["Significance", results.significance],
    ["Versions", Object.entries(versions).map((pair) => pair.join(" ")).join(", ")],
    ["Machine", `${device.processor}, ${device.cores} cores, ${device.gpu ?? "no GPU in use"}`],
    ["Run", `${time.began}, ${time.seconds} seconds`],
  ];
  panel.replaceChildren(
    el("dl", { class: "about" }, ...facts.flatMap(([name, text]) => [el("dt", {}, name), el("dd", { dir: "auto" }, text)])),
    el("h2", {}, "Systems"),
    ...systems.map(systemFacts),
    el("h2", {}, "Signatures"),
    el("dl", { class: "about" }, ...signatures().flatMap(([name, text]) => [el("dt", {}, name), el("dd", {}, text)])),
    folded("results.json", () => [el("pre", {}, JSON.stringify(results, null, 1))]),
  );
}

function systemFacts({ name, model, setup, skipped }) {
  const seen = Object.values(results.directions).map(({ contamination }) => contamination[name]);
  const trained = seen.some((found) => found) ? "its training manifest was read; overlaps stand under Figures" : "no training manifest: whether it was trained on this test set is not known";
  const lines = [model, setup, trained, ...Object.entries(skipped).map((pair) => pair.join(": "))];
  return el("section", {}, el("h3", { dir: "auto" }, name), el("ul", {}, ...lines.map((line) => el("li", { dir: "auto" }, line))));
}

function signatures() {
  const found = new Map(Object.values(results.directions).flatMap(({ scores }) => scores.map(({ metric, signature }) => [metric, signature])));
  return [...found].filter(([name]) => !isCheck(name) && !name.endsWith(ARTICLE));
}
