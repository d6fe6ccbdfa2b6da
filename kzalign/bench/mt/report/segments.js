// Segments: a system's worst and faulty ones, and where two systems differ most.

const MOST_CARDS = 30;
const MOST_APART = 20;
const FAULTS = ["off-target", "script", "untranslated", "empty", "repetition"];
const WORST = "worst by chrF++";

const segmentsOf = (direction) => segments.filter((segment) => segment.direction === direction);

function options(select, names, chosen) {
  select.replaceChildren(...names.map((name) => el("option", { value: name }, name)));
  select.value = names.includes(chosen) ? chosen : names[0];
}

function showSegments(direction) {
  const part = results.directions[direction];
  options(byId("system"), systemsOf(part), byId("system").value);
  const system = byId("system").value;
  const all = segmentsOf(direction);
  const faulty = (fault) => all.filter(({ systems }) => systems[system].faults.includes(fault));
  options(byId("kind"), [WORST, ...FAULTS.filter((fault) => faulty(fault).length)], byId("kind").value);
  const kind = byId("kind").value;
  const found = kind === WORST ? [...all].sort((one, other) => one.systems[system].score - other.systems[system].score) : faulty(kind);
  const listed = found.slice(0, MOST_CARDS);
  byId("segments-found").textContent = kind === WORST
    ? `The ${number(listed.length)} segments with the lowest chrF++ of ${number(part.n)}.`
    : `${counted(listed.length, "segment")} with this fault; how many there are stands under Checks.`;
  byId("segments").replaceChildren(...listed.map((segment) => card(segment, direction, [row(system, segment.systems[system], [segment.systems[system].text], direction)])));
}

function showCompare(direction) {
  const part = results.directions[direction];
  const names = systemsOf(part);
  byId("pairs").replaceChildren();
  if (names.length < 2) {
    byId("compare-found").textContent = "There is one system only.";
    return;
  }
  options(byId("first"), names, byId("first").value);
  options(byId("second"), names, byId("second").value === byId("first").value ? names.find((name) => name !== byId("first").value) : byId("second").value);
  if (byId("second").value === byId("first").value) byId("second").value = names.find((name) => name !== byId("first").value);
  const [first, second] = [byId("first").value, byId("second").value];
  const apart = ({ systems }) => systems[first].score - systems[second].score;
  const sorted = [...segmentsOf(direction)].sort((one, other) => apart(one) - apart(other));
  const ends = [...sorted.slice(-MOST_APART), ...sorted.slice(0, MOST_APART)].filter((segment) => apart(segment) !== 0);
  const found = [...new Set(ends)].sort((one, other) => Math.abs(apart(other)) - Math.abs(apart(one)));
  byId("compare-found").textContent = `${counted(found.length, "segment")} with the greatest differences in chrF++; marked are words that only one of the two has.`;
  byId("pairs").replaceChildren(...found.map((segment) => {
    const [one, other] = [segment.systems[first], segment.systems[second]];
    const [left, right] = differing(one.text, other.text);
    return card(segment, direction, [row(first, one, left, direction), row(second, other, right, direction)]);
  }));
}

function card(segment, direction, rows) {
  const [source, target] = direction.split("-");
  const article = segment.article === `${segment.number}` ? "" : ` · article ${segment.article}`;
  return el("li", {},
    el("p", { class: "hint" }, `segment ${number(segment.number)}${article}`),
    el("dl", {}, ...term("source", "", [segment.source], source), ...term("reference", "", [segment.reference], target), ...rows.flat()),
  );
}

const row = (system, { score, faults }, nodes, direction) =>
  term(system, [`chrF++ ${score.toFixed(1)}`, ...faults].join(" · "), nodes, direction.split("-")[1]);

function term(name, note, nodes, lang) {
  const text = nodes.length && nodes.some((node) => node.textContent ?? node) ? nodes : [el("span", { class: "gap", lang: "en" }, "(empty)")];
  return [el("dt", { dir: "auto" }, name, note ? el("small", {}, note) : ""), el("dd", { lang, dir: "auto" }, ...text)];
}
