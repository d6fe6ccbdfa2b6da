// The tabs, the address and the keys that hold for the whole page.

const VIEWS = ["overview", "articles", "rejects"];
const ADDRESS_MS = 150; // browsers refuse an address that changes with every repeat of a held arrow key
const [figures] = new Blocks("figures").records(0);
let addressing;
const articles = new ArticleList((entry, pattern) => {
  showArticle(byId("reader"), articles.blocks.record(entry), pattern);
  clearTimeout(addressing);
  addressing = setTimeout(() => go(`articles/${encodeURIComponent(entry.id)}`), ADDRESS_MS);
});
const rejects = new RejectTable();

/** Sets the address without a new entry in the browser's history. */
function go(address) {
  clearTimeout(addressing);
  if (location.hash !== `#${address}`) location.replace(`#${address}`);
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Shows what the address names; an unknown one shows the overview. */
function follow() {
  const [name, rest] = location.hash.slice(1).split("/", 2);
  const view = VIEWS.includes(name) ? name : "overview";
  for (const other of VIEWS) {
    byId(`panel-${other}`).hidden = other !== view;
    furnish(byId(`tab-${other}`), { "aria-selected": other === view, tabindex: other === view ? 0 : -1 }, []);
  }
  if (view === "articles") articles.draw();
  if (rest === undefined) return;
  if (view === "rejects") rejects.only(decoded(rest));
  if (view === "articles" && articles.active?.id !== decoded(rest)) {
    const entry = articles.all.find(({ id }) => id === decoded(rest));
    if (entry) articles.choose(entry);
  }
}

for (const view of VIEWS) {
  byId(`tab-${view}`).addEventListener("click", () => {
    go(view === "articles" && articles.active ? `articles/${encodeURIComponent(articles.active.id)}` : view);
  });
}

document.querySelector("[role=tablist]").addEventListener("keydown", (event) => {
  const steps = { ArrowRight: 1, ArrowLeft: -1 };
  if (!(event.key in steps)) return;
  const here = VIEWS.findIndex((view) => event.target.id === `tab-${view}`);
  const tab = byId(`tab-${VIEWS.at((here + steps[event.key]) % VIEWS.length)}`);
  tab.focus();
  tab.click();
});

// Esc steps back: from the text to the list, from the list to the search, and in the search it clears what was typed.
byId("panel-articles").addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  event.preventDefault();
  if (byId("reader").contains(event.target)) byId("list").focus();
  else if (event.target !== articles.query) articles.query.focus();
  else if (articles.query.value) {
    articles.query.value = "";
    articles.find();
  }
});

window.addEventListener("hashchange", follow);
showOverview(byId("panel-overview"), new Blocks("manifest").records(0)[0]);
follow();
await Promise.all([articles.load(), rejects.load()]);
follow();
