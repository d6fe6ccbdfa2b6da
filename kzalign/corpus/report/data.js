// The data blocks: parsed one at a time when needed, so that a large corpus opens as fast as a small one.

const SLICE_MS = 12;
const pause = () => new Promise((resolve) => setTimeout(resolve));

class Blocks {
  constructor(kind) {
    this.scripts = [...document.querySelectorAll(`script[data-kind="${kind}"]`)];
    this.parsed = { place: -1, records: [] };
  }

  records(place) {
    if (this.parsed.place !== place) {
      this.parsed = { place, records: JSON.parse(this.scripts[place].textContent) };
    }
    return this.parsed.records;
  }

  /** Returns the whole record that a summary stands for. */
  record(summary) {
    return this.records(summary.block)[summary.row];
  }

  /** Adds a summary of every record to the list, a slice of time at a time; tells of each slice. */
  async summarise(list, summary, told) {
    let started = performance.now();
    for (let block = 0; block < this.scripts.length; block += 1) {
      const records = JSON.parse(this.scripts[block].textContent);
      records.forEach((record, row) => list.push({ ...summary(record), block, row }));
      if (performance.now() - started > SLICE_MS) {
        told();
        await pause();
        started = performance.now();
      }
    }
    told();
  }
}

/** Returns the text as search compares it: no case, no difference of ё and е, no composed and decomposed letters. */
const fold = (text) => text.normalize("NFC").toLowerCase().replaceAll("ё", "е");

/** Returns a query's words and "quoted phrases", folded. */
const termsOf = (query) =>
  (fold(query).match(/"[^"]+"|[^\s"]+/gu) ?? []).map((term) => term.replaceAll('"', "").trim()).filter(Boolean);

/** Returns a pattern that splits a text at the terms, or null without terms. */
function patternOf(terms) {
  if (!terms.length) return null;
  const longest = [...terms].sort((one, other) => other.length - one.length);
  const escaped = longest.map((term) => term.replace(/[\\^$.*+?()[\]{}|/]/gu, "\\$&").replaceAll("е", "[её]"));
  return new RegExp(`(${escaped.join("|")})`, "giu");
}

const abstractOf = (version) => version.abstract ?? version.sentences.join(" ");
const isPair = ([left, right]) => left.length > 0 && right.length > 0;
const isLow = (score) => score < figures.low_score;

function summaryOf(article) {
  const versions = LANGS.filter((lang) => article.versions[lang]).map((lang) => [lang, article.versions[lang]]);
  const [lang, titled] = versions.find(([, version]) => version.title) ?? [undefined, { title: null }];
  const parts = versions.flatMap(([, version]) => [version.title ?? "", abstractOf(version), version.keywords.join("; ")]);
  return {
    id: article.id,
    issue: article.issue_id,
    title: titled.title,
    lang,
    langs: versions.map(([name]) => name),
    low: PAIRS.flatMap((pair) => article.alignment[pair] ?? []).filter((bead) => isPair(bead) && isLow(bead[2])).length,
    text: fold([article.id, article.issue_id, ...parts].join("\n")),
  };
}
