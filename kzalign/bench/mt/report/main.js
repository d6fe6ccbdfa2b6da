// The tabs, the direction and the address.

const VIEWS = ["figures", "checks", "segments", "compare", "about"];
const read = (kind) => [...document.querySelectorAll(`script[data-kind="${kind}"]`)].flatMap((block) => JSON.parse(block.textContent));
const [results] = read("results");
const segments = read("segments");
const DIRECTIONS = Object.keys(results.directions);
const directionNow = () => byId("direction").value;
const viewNow = () => VIEWS.find((view) => location.hash.slice(1).split("/")[0] === view) ?? VIEWS[0];

const SHOW = {
  figures: () => showFigures(byId("panel-figures"), directionNow()),
  checks: () => showChecks(byId("panel-checks"), directionNow()),
  segments: () => showSegments(directionNow()),
  compare: () => showCompare(directionNow()),
  about: () => showAbout(byId("panel-about")),
};

function go(view) {
  location.replace(`#${view}/${directionNow()}`);
}

/** Shows what the address names; an unknown one shows the first. */
function follow() {
  const [, direction] = location.hash.slice(1).split("/");
  if (DIRECTIONS.includes(direction)) byId("direction").value = direction;
  const view = viewNow();
  for (const other of VIEWS) {
    byId(`panel-${other}`).hidden = other !== view;
    furnish(byId(`tab-${other}`), { "aria-selected": other === view, tabindex: other === view ? 0 : -1 }, []);
  }
  byId("choose").hidden = view === "about";
  const part = results.directions[directionNow()];
  const articles = part.articles < part.n ? ` of ${counted(part.articles, "article")}` : "";
  byId("size").textContent = `${counted(part.n, "segment")}${articles}, ${counted(systemsOf(part).length, "system")}`;
  SHOW[view]();
}

for (const view of VIEWS) byId(`tab-${view}`).addEventListener("click", () => go(view));

document.querySelector("[role=tablist]").addEventListener("keydown", (event) => {
  const steps = { ArrowRight: 1, ArrowLeft: -1 };
  if (!(event.key in steps)) return;
  const here = VIEWS.findIndex((view) => event.target.id === `tab-${view}`);
  const tab = byId(`tab-${VIEWS.at((here + steps[event.key]) % VIEWS.length)}`);
  tab.focus();
  tab.click();
});

byId("direction").append(...DIRECTIONS.map((direction) => {
  const [source, target] = direction.split("-").map((lang) => NAMES[lang]);
  return el("option", { value: direction }, `${source} into ${target} (${direction})`);
}));
byId("direction").addEventListener("change", () => go(viewNow()));
for (const id of ["system", "kind"]) byId(id).addEventListener("change", SHOW.segments);
for (const id of ["first", "second"]) byId(id).addEventListener("change", SHOW.compare);
if (results.partial) {
  byId("partial").hidden = false;
  byId("partial").textContent = `Partial: only the first ${counted(results.partial, "segment")} of each direction.`;
}
window.addEventListener("hashchange", follow);
follow();
