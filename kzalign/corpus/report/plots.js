// Two plots, drawn as SVG whose colours come from the style sheet.

const PLOT = { width: 340, height: 170, left: 46, right: 10, top: 14, bottom: 24 };

/** Returns a round number at or above the value whose half is round too. */
function roundedUp(value) {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1)));
  return [1, 2, 4, 6, 8, 10].map((factor) => factor * power).find((candidate) => candidate >= value);
}

/** Returns a histogram. `ticks` are [bin edge, label]; `marker`, if any, is [bin edge, label]; `names` says what a bar is. */
function histogram({ title, colour, bins, top, names, ticks, marker }) {
  const { width, height, left, right, bottom } = PLOT;
  const across = (edge) => left + (edge * (width - left - right)) / bins.length;
  const floor = height - bottom;
  const up = (count) => floor - (count * (floor - PLOT.top)) / top;
  const picture = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": title, class: "plot" });
  for (const count of top > 1 ? [0, top / 2, top] : [0, top]) {
    picture.append(
      svg("line", { class: "grid", x1: left, x2: width - right, y1: up(count), y2: up(count) }),
      svg("text", { class: "tick end", x: left - 6, y: up(count) + 4 }, number(count)),
    );
  }
  bins.forEach((count, bin) => {
    const bar = { class: `mark ${colour}`, x: across(bin) + 1, width: across(1) - left - 2, y: up(count), height: floor - up(count) };
    picture.append(svg("rect", bar, svg("title", {}, `${names(bin)}: ${number(count)}`)));
  });
  for (const [edge, label] of ticks) {
    picture.append(svg("text", { class: "tick middle", x: across(edge), y: height - 8 }, label));
  }
  if (marker) {
    const x = across(marker[0]);
    picture.append(
      svg("line", { class: "threshold", x1: x, x2: x, y1: PLOT.top - 6, y2: floor }),
      svg("text", { class: "tick end", x: x - 5, y: PLOT.top + 2 }, marker[1]),
    );
  }
  return picture;
}

/** Returns horizontal bars under their labels. `rows` are {label, count, colour, href}; a row with href is a link. */
function bars({ title, rows }) {
  const [width, row] = [520, 40];
  const most = Math.max(1, ...rows.map(({ count }) => count));
  const picture = svg("svg", { viewBox: `0 0 ${width} ${rows.length * row}`, role: "group", "aria-label": title, class: "plot" });
  rows.forEach(({ label, count, colour, href }, place) => {
    const top = place * row;
    const short = label.length > 60 ? `${label.slice(0, 59)}…` : label;
    const parts = [
      svg("title", {}, `${label}: ${number(count)}`),
      svg("rect", { class: "track", x: 0, y: top + 20, width, height: 9, rx: 2 }),
      svg("rect", { class: `mark ${colour}`, x: 0, y: top + 20, width: (width * count) / most, height: 9, rx: 2 }),
      svg("text", { class: "label", x: 0, y: top + 14 }, short),
      svg("text", { class: "label end", x: width, y: top + 14 }, number(count)),
    ];
    picture.append(href ? svg("a", { href }, ...parts) : svg("g", {}, ...parts));
  });
  return picture;
}
