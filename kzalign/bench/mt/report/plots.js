// Bars with their intervals, drawn as SVG whose colours come from the style sheet.

const PLOT = { width: 420, row: 34, right: 54, bottom: 22 };

/** Returns a round number at or above the value. */
function roundedUp(value) {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1e-9)));
  return [1, 2, 2.5, 4, 5, 8, 10].map((factor) => factor * power).find((candidate) => candidate >= value * (1 - 1e-9)) ?? value;
}

const clippedName = (text, most) => ([...text].length > most ? `${[...text].slice(0, most - 1).join("")}…` : text);

/** Returns bars from 0, a whisker over each for its interval. `rows` are {name, score, colour}. */
function intervalBars({ title, label, rows }) {
  const { width, row, right, bottom } = PLOT;
  const floor = rows.length * row;
  const top = roundedUp(Math.max(...rows.map(({ score }) => score.interval[1]), isShare(label) ? 0.01 : 1e-6));
  const across = (value) => (Math.max(0, value) * (width - right)) / top;
  const picture = svg("svg", { viewBox: `0 0 ${width} ${floor + bottom}`, role: "img", "aria-label": title, class: "plot" });
  for (const tick of [0, top / 2, top]) {
    picture.append(
      svg("line", { class: "grid", x1: across(tick), x2: across(tick), y1: 0, y2: floor }),
      svg("text", { class: `tick ${tick ? "middle" : ""}`, x: across(tick), y: floor + 15 }, `${shown(tick, label)}${unit(label)}`),
    );
  }
  rows.forEach(({ name, score, colour }, place) => {
    const y = place * row;
    const [low, high] = score.interval;
    const text = `${name}: ${shown(score.value, label)}${unit(label)} (${shown(low, label)} – ${shown(high, label)})`;
    picture.append(
      svg("g", {},
        svg("title", {}, text),
        svg("text", { class: "label", x: 2, y: y + 13 }, clippedName(name, 46)),
        svg("rect", { class: `mark ${colour}`, x: 0, y: y + 18, width: across(score.value), height: 10, rx: 2 }),
        svg("line", { class: "whisker", x1: across(low), x2: across(high), y1: y + 23, y2: y + 23 }),
        svg("line", { class: "whisker", x1: across(low), x2: across(low), y1: y + 19, y2: y + 27 }),
        svg("line", { class: "whisker", x1: across(high), x2: across(high), y1: y + 19, y2: y + 27 }),
        svg("text", { class: "tick", x: across(Math.max(high, score.value)) + 5, y: y + 27 }, shown(score.value, label)),
      ),
    );
  });
  return picture;
}

const figure = (name, note, picture) =>
  el("figure", {}, el("figcaption", {}, el("strong", {}, name), note ? ` ${note}` : ""), picture);
