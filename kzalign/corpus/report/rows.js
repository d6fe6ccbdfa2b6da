// Trilingual rows out of the three pairs' beads. A sentence's key is its language and number: "kk:0".

const keysOf = (lang, numbers) => numbers.map((place) => `${lang}:${place}`);

/** Returns the two-sided beads of all pairs as {pair, left, right, score, keys}, those of sentences that exist. */
function linksOf(alignment, sentences) {
  const exist = ([lang, numbers]) => numbers.every((place) => place < (sentences[lang] ?? []).length);
  return PAIRS.flatMap((pair) => {
    const [first, second] = pair.split("-");
    return (alignment[pair] ?? [])
      .filter((bead) => isPair(bead) && [[first, bead[0]], [second, bead[1]]].every(exist))
      .map(([left, right, score]) => ({ pair, left, right, score, keys: [...keysOf(first, left), ...keysOf(second, right)] }));
  });
}

/** Returns the rows in reading order: each is a connected component {cells: {lang: numbers}, links}. */
function rowsOf(sentences, links) {
  const parent = new Map(LANGS.flatMap((lang) => keysOf(lang, [...(sentences[lang] ?? []).keys()]).map((key) => [key, key])));
  const root = (key) => {
    let found = key;
    while (parent.get(found) !== found) found = parent.get(found);
    return found;
  };
  for (const { keys } of links) {
    for (const key of keys) parent.set(root(key), root(keys[0]));
  }
  const rows = new Map();
  for (const key of parent.keys()) {
    const [lang, place] = key.split(":");
    if (!rows.has(root(key))) rows.set(root(key), { cells: {}, links: [] });
    (rows.get(root(key)).cells[lang] ??= []).push(Number(place));
  }
  for (const link of links) rows.get(root(link.keys[0])).links.push(link);
  return inReadingOrder([...rows.values()], sentences);
}

/** Returns the rows such that each language reads in order by the rows' first sentences, as far as the rows don't cross. */
function inReadingOrder(rows, sentences) {
  const langs = LANGS.filter((lang) => sentences[lang]);
  const waiting = langs.map((lang) => rows.filter(({ cells }) => cells[lang]).sort((a, b) => a.cells[lang][0] - b.cells[lang][0]));
  const depth = ({ cells }) => Math.min(...langs.filter((lang) => cells[lang]).map((lang) => cells[lang][0] / sentences[lang].length));
  const ordered = [];
  while (ordered.length < rows.length) {
    const heads = waiting.filter((queue) => queue.length).map(([head]) => head);
    const ready = heads.filter((row) => waiting.every((queue) => !queue.includes(row) || queue[0] === row));
    const next = ready.length ? ready.reduce((best, row) => (depth(row) < depth(best) ? row : best)) : heads[0];
    ordered.push(next);
    for (const queue of waiting) if (queue.includes(next)) queue.splice(queue.indexOf(next), 1);
  }
  return ordered;
}
