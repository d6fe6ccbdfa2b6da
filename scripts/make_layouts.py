"""Sets gold articles anew in the layouts of journals: boxes, tables, side columns, drop capitals, stamps, turned pages.

`python scripts/make_layouts.py OUT --gold FOLDER …` writes OUT/<layout>.pdf (or .docx, .odt), each an issue of all the gold
articles that have titles, abstracts and keywords in three languages; their bodies are invented. It needs LibreOffice and
XeLaTeX, or does without the layouts of the one that is missing.
"""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import set_latex
import set_libre

from kzalign.bench.gold import load_gold
from kzalign.records import LANGS, Article, Version

HEADING = {"kk": "Аңдатпа", "ru": "Аннотация", "en": "Abstract"}
LABEL = {"kk": "Түйін сөздер", "ru": "Ключевые слова", "en": "Keywords"}
NAMES = (
    *(("Өзенбаева", "Озенбаева", "Ozenbayeva"), ("Жарқынов", "Жаркынов", "Zharkynov"), ("Сәлімгер", "Салимгер", "Salimger")),
    *(("Тұрғанбай", "Турганбай", "Turganbay"), ("Холмс", "Холмс", "Holmes"), ("Ветрова", "Ветрова", "Vetrova")),
    *(("Көшімбек", "Кошимбек", "Koshimbek"), ("Үсенова", "Усенова", "Ussenova"), ("Линд", "Линд", "Lind")),
)
INITIALS = (
    {"kk": "А.Б.", "ru": "А.Б.", "en": "A.B."},
    {"kk": "К.Д.", "ru": "К.Д.", "en": "K.D."},
    {"kk": "М.", "ru": "М.", "en": "M."},
)
TOWNS = (("Арна", "Арна", "Arna"), ("Толқын", "Толкын", "Tolkyn"), ("Нортмир", "Нортмир", "Nortmir"), ("Дала", "Дала", "Dala"))
PLACE = {
    "kk": "^1^{} гуманитарлық университеті, {}, Қазақстан",
    "ru": "^1^{} гуманитарный университет, {}, Казахстан",
    "en": "^1^{} University of Humanities, {}, Kazakhstan",
}
INFO = {
    "kk": ("МАҚАЛА ТУРАЛЫ", "Түсті: {}.03.2023", "Қабылданды: {}.05.2023"),
    "ru": ("О СТАТЬЕ", "Поступила: {}.03.2023", "Принята: {}.05.2023"),
    "en": ("ARTICLE INFO", "Received: {} March 2023", "Accepted: {} May 2023"),
}
RIGHTS = {
    "kk": (
        "DOI: 10.99999/arna.2023.{}",
        "Хат-хабар үшін: ozen@arna.example",
        "Мақала ашық қолжетімді, рұқсатпен таратылады.",
    ),
    "ru": ("DOI: 10.99999/arna.2023.{}", "Для корреспонденции: ozen@arna.example", "Статья открытого доступа, права у авторов."),
    "en": (
        "DOI: 10.99999/arna.2023.{}",
        "Correspondence: ozen@arna.example",
        "This is an open access article, freely licensed.",
    ),
}
"""What stands in a margin under an article's dates."""

SECTION = {"kk": "Кіріспе", "ru": "Введение", "en": "Introduction"}
CLOSING = {"kk": "Әдебиеттер", "ru": "Литература", "en": "References"}
BODY = {
    "kk": (
        "Дала өзендерінің арнасы жыл сайын өзгереді, ал оның картасы он жылда бір рет жаңартылады. Соның салдарынан көпірлер мен "
        "жолдар ескі деректер бойынша салынып, көктемгі тасқында қайта-қайта жөнделеді.",
        "Бақылау бекеттері өзен бойында бір-бірінен қырық шақырым жерде орналасқан. Олардың жазбалары күн сайын таңертең "
        "және кешке алынып, айына бір рет салыстырылды.",
    ),
    "ru": (
        "Русло степных рек меняется каждый год, а карта его обновляется раз в десять лет. Поэтому мосты и дороги строятся по "
        "старым данным, и во время весеннего паводка их приходится снова и снова чинить.",
        "Посты наблюдения стоят вдоль реки в сорока километрах друг от друга. Записи на них велись утром и вечером, а раз в "
        "месяц их сверяли между собой.",
    ),
    "en": (
        "The bed of a steppe river shifts every year, while its map is renewed once in ten. Bridges and roads are therefore "
        "built from old data, and the spring flood has them repaired again and again.",
        "The posts of observation stand along the river forty kilometres apart. Their records were kept in the morning and in "
        "the evening, and they were compared once a month.",
    ),
}
Arrange = Callable[[ModuleType, Article, Sequence[str]], str]
"""Sets an article, its languages in an order, with the functions of a maker."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How an issue is set: by whom, how each article is arranged, what the pages look like, and the file's suffix."""

    maker: ModuleType
    arrange: Arrange
    look: dict[str, Any] = field(default_factory=dict)
    suffix: str = "pdf"

    @property
    def available(self) -> bool:
        """Says whether the maker is installed."""
        return bool(getattr(self.maker, "SOFFICE", None) or getattr(self.maker, "XELATEX", None))


def head(m: ModuleType, v: Version) -> str:
    """Returns a version's title and authors."""
    return "".join((m.paragraph(v.title or "", "title"), *(m.paragraph(line, "people") for line in people(v))))


def people(v: Version) -> tuple[str, str]:
    """Returns authors and a place of work, which differ from article to article."""
    seed = sum(map(ord, v.keywords[0]))
    lang = LANGS.index(v.lang)
    first, second = NAMES[seed % len(NAMES)], NAMES[(seed // 9 + 1) % len(NAMES)]
    town = TOWNS[seed % len(TOWNS)][lang]
    initials = INITIALS[seed % 3][v.lang], INITIALS[seed // 3 % 3][v.lang]
    return f"{initials[0]} {first[lang]}^1^, {initials[1]} {second[lang]}^2^*", PLACE[v.lang].format(town, town)


def abstract(v: Version) -> str:
    """Returns a version's abstract as one paragraph."""
    return " ".join(v.sentences)


def keywords(m: ModuleType, v: Version) -> str:
    """Returns the keyword list with its label."""
    return str(m.paragraph(", ".join(v.keywords) + ".", "body", f"{LABEL[v.lang]}: "))


def texts(m: ModuleType, v: Version, heading: str = "heading", style: str = "body") -> str:
    """Returns the heading, the abstract and the keywords."""
    return str(m.paragraph(HEADING[v.lang], heading) + m.paragraph(abstract(v), style)) + keywords(m, v)


def body(m: ModuleType, lang: str, note: str = "") -> str:
    """Returns the body of an article."""
    first, second = BODY[lang]
    pieces = [m.paragraph(SECTION[lang], "heading"), m.paragraph(first, note=note)]
    pieces += [m.paragraph(second), *(m.paragraph(f"{first} {second}") for _ in range(3)), m.paragraph(CLOSING[lang], "heading")]
    return "".join([*pieces, m.paragraph("1. Өзенбаева А.Б. Дала өзені // Арна. – 2019. – № 4. – Б. 12–19.")])


def start(m: ModuleType) -> str:
    """Returns the line that each article opens a page with."""
    return str(m.paragraph("МРНТИ 37.27.19", "break"))


def each(set_one: Callable[[ModuleType, Version], str], count: int = 1, note: str = "") -> Arrange:
    """Returns the arrangement that sets each version alike, and then the body in so many columns."""

    def arrange(m: ModuleType, a: Article, order: Sequence[str]) -> str:
        versions = "".join(head(m, v) + set_one(m, v) for v in map(a.versions.__getitem__, order))
        return str(start(m) + versions + m.columns(body(m, order[0], note), count))

    return arrange


def spanned(m: ModuleType, a: Article, order: Sequence[str]) -> str:
    """Sets titles over the page's width, all below them in two columns."""
    versions = [a.versions[lang] for lang in order]
    parts = [head(m, v) + str(m.columns(texts(m, v), 2)) for v in versions]
    return "".join([start(m), *parts, str(m.columns(body(m, order[0]), 2))])


def flowing(m: ModuleType, a: Article, order: Sequence[str]) -> str:
    """Sets the whole article in two columns."""
    versions = "".join(head(m, a.versions[lang]) + texts(m, a.versions[lang]) for lang in order)
    return start(m) + str(m.columns(versions + body(m, order[0], "Corresponding author: ozen@arna.example"), 2))


def apart(m: ModuleType, a: Article, order: Sequence[str]) -> str:
    """Sets the first version over the page's width, the body in two columns, the other versions at the end."""
    first, *others = [a.versions[lang] for lang in order]
    end = "".join(head(m, v) + texts(m, v) for v in others)
    return start(m) + head(m, first) + texts(m, first) + str(m.columns(body(m, order[0]), 2)) + end


def beside(m: ModuleType, v: Version) -> str:
    """Sets the article's history and keywords in a side column left of the abstract."""
    label, *dates = INFO[v.lang]
    day = 10 + len(abstract(v)) % 19
    left = [m.paragraph(label, "small"), *(m.paragraph(date.format(day), "small") for date in dates)]
    left += [m.paragraph(f"{LABEL[v.lang]}:", "small"), *(m.paragraph(keyword, "small") for keyword in v.keywords)]
    right = m.paragraph(HEADING[v.lang].upper(), "small") + m.paragraph(abstract(v))
    return str(m.table([["".join(left), right]], (1, 3)))


def margin(m: ModuleType, a: Article, order: Sequence[str]) -> str:
    """Sets the article's history, DOI and address left of the first abstract, the body in two columns, other versions last."""
    first, *others = [a.versions[lang] for lang in order]
    label, *dates = INFO[first.lang]
    day = 10 + len(abstract(first)) % 19
    left = "".join(m.paragraph(line.format(day), "small") for line in (label, *dates, *RIGHTS[first.lang]))
    end = "".join(head(m, v) + texts(m, v) for v in others)
    side = m.table([[left, texts(m, first)]], (1, 4))
    return start(m) + head(m, first) + str(side) + str(m.columns(body(m, order[0]), 2)) + end


def pair(m: ModuleType, a: Article, order: Sequence[str]) -> str:
    """Sets the first version over the page's width, the other two side by side below it, each with its title."""
    first, *others = [a.versions[lang] for lang in order]
    cells = [m.paragraph(v.title or "", "title") + texts(m, v) for v in others]
    return start(m) + head(m, first) + texts(m, first) + str(m.table([cells], (1, 1))) + body(m, order[0])


def noted(m: ModuleType, a: Article, order: Sequence[str]) -> str:
    """Sets the whole article in two columns, the authors' addresses as footnotes under the first one."""
    versions = [a.versions[lang] for lang in order]
    heads = [m.paragraph(v.title or "", "title") + m.paragraph(people(v)[0], "people", note=people(v)[1][3:]) for v in versions]
    text = "".join(above + texts(m, v) for above, v in zip(heads, versions, strict=True))
    return start(m) + str(m.columns(text + body(m, order[0]), 2))


def labelled(m: ModuleType, v: Version) -> str:
    """Sets labels left, texts right."""
    rows = [[m.paragraph(HEADING[v.lang]), m.paragraph(abstract(v))]]
    return str(m.table([*rows, [m.paragraph(LABEL[v.lang]), m.paragraph(", ".join(v.keywords) + ".")]], (1, 4)))


def three(m: ModuleType, a: Article, order: Sequence[str]) -> str:
    """Sets the versions side by side under the title."""
    versions = [a.versions[lang] for lang in order]
    cells = [m.paragraph(v.title or "", "small") + texts(m, v, "body", "small") for v in versions]
    return start(m) + str(m.table([cells], (1, 1, 1))) + body(m, order[0])


def spaced(m: ModuleType, v: Version) -> str:
    """Sets blanks between the letters of the heading."""
    return str(m.paragraph(" ".join(HEADING[v.lang].upper()), "heading") + m.paragraph(abstract(v))) + keywords(m, v)


def run_in(m: ModuleType, v: Version) -> str:
    """Sets the heading in bold letters before the text."""
    return str(m.paragraph(abstract(v), "body", f"{HEADING[v.lang]}. ")) + keywords(m, v)


def soft(m: ModuleType, v: Version) -> str:
    """Sets soft hyphens in long words, of which those at lines' ends are seen."""
    words = [f"{w[:4]}\u00ad{w[4:-3]}\u00ad{w[-3:]}" if w.isalpha() and len(w) > 9 else w for w in abstract(v).split()]
    return str(m.paragraph(HEADING[v.lang], "heading") + m.paragraph(" ".join(words))) + keywords(m, v)


def celled(m: ModuleType, v: Version) -> str:
    """Sets heading, abstract and keywords in a table of one cell."""
    return str(m.table([[texts(m, v)]], (1,)))


def _layouts() -> dict[str, Layout]:
    both: dict[str, tuple[Arrange, dict[str, Any]]] = {
        "plain": (each(texts, note="Corresponding author: ozen@arna.example"), {}),
        "columns": (flowing, {}),
        "spanned": (spanned, {}),
        "apart": (apart, {}),
        "boxed": (each(lambda m, v: texts(m, v, style="boxed"), 2), {}),
        "celled": (each(celled), {}),
        "beside": (each(beside), {}),
        "beside-unruled": (each(lambda m, v: beside(m, v), 2), {}),
        "margin": (margin, {}),
        "pair": (pair, {}),
        "noted": (noted, {}),
        "labelled": (each(labelled), {}),
        "three": (three, {}),
        "drop": (each(lambda m, v: texts(m, v, style="drop")), {}),
        "spaced": (each(spaced), {}),
        "letter-spaced": (each(lambda m, v: texts(m, v, "spaced")), {}),
        "capitals": (each(lambda m, v: texts(m, v, "capitals")), {}),
        "run-in": (each(run_in, 2), {}),
        "soft": (each(soft), {}),
        "numbered": (each(texts), {"numbered": True}),
        "landscape": (each(texts), {"landscape": True}),
        "stamped": (each(texts), {"stamp": "Downloaded from bulletin.example by 192.0.2.17 on 12 March 2024"}),
    }
    found = {f"libre-{name}": Layout(set_libre, arrange, look) for name, (arrange, look) in both.items()}
    found |= {f"latex-{name}": Layout(set_latex, arrange, look) for name, (arrange, look) in both.items()}
    found["latex-watermark"] = Layout(set_latex, each(texts), {"watermark": "ҮЛГІ"})
    for suffix in ("docx", "odt"):
        for name in ("plain", "celled", "beside", "labelled", "three", "drop", "soft"):
            found[f"{suffix}-{name}"] = Layout(set_libre, both[name][0], both[name][1], suffix)
    return found


LAYOUTS = _layouts()


def whole(article: Article) -> bool:
    """Says whether an article has title, abstract and keywords in all three languages."""
    return all(lang in article.versions for lang in LANGS) and all(
        v.title and v.sentences and v.keywords for v in article.versions.values()
    )


def make_issue(path: Path, layout: Layout, articles: Sequence[Article]) -> None:
    """Writes the articles as one issue; the order of languages changes from one to the next."""
    orders = (("kk", "ru", "en"), ("ru", "kk", "en"), ("en", "kk", "ru"))
    text = "".join(layout.arrange(layout.maker, a, orders[k % 3]) for k, a in enumerate(articles))
    layout.maker.write(path, text, layout.maker.Look(**layout.look))


def main() -> None:
    """Writes the issues."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--gold", type=Path, nargs="+", required=True)
    parser.add_argument("--layout", nargs="*", default=list(LAYOUTS), choices=LAYOUTS, metavar="NAME")
    parser.add_argument("--articles", type=int, default=100, help="How many articles an issue has at most.")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    articles = [article for folder in arguments.gold for article in load_gold(folder) if whole(article)][: arguments.articles]
    for name in arguments.layout:
        if LAYOUTS[name].available:
            make_issue(arguments.out / f"{name}.{LAYOUTS[name].suffix}", LAYOUTS[name], articles)


if __name__ == "__main__":
    main()
