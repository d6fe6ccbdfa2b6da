"""Formats that name their parts, and office documents: the same articles whatever holds them, languages from the texts."""

import io
import json
import zipfile
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

import pytest

from kzalign.config import Config, ExtractConfig
from kzalign.extract.readers import find_documents, read_issue
from kzalign.extract.readers.office import read_docx, read_odt
from kzalign.pipeline import Document, process, process_all
from kzalign.records import Article, dumps
from kzalign.schema import problems_of

KK = (
    "Мақалада көлдің суы мен оның тұздылығы зерттеледі, өлшеулер екі жыл бойы жүргізілді. "
    "Нәтижесінде тұздылықтың екі есе өскені анықталды."
)
RU = (
    "В статье исследуются вода озера и ее соленость, измерения велись в течение двух лет. "
    "Установлено, что соленость выросла вдвое."
)
EN = (
    "The article studies the water of the lake and its salinity, measured over two years. The salinity was found to have doubled."
)
ABSTRACTS = {"kk": KK, "ru": RU, "en": EN}
TITLES = {"kk": "Көлдің суы мен тұзы", "ru": "Вода и соль озера", "en": "Water and salt of the lake"}
KEYWORDS = {"kk": ["көл", "тұз", "су өлшеу"], "ru": ["озеро", "соль", "измерение"], "en": ["lake", "salt", "measurement"]}
WRONG = {"kk": "en", "ru": "kk", "en": "ru"}
"""Codes that say another language than the text is in."""


def jats(code: Callable[[str], str] = lambda lang: lang, order: str = "kk ru en") -> bytes:
    first, *others = order.split()
    titles = f"<article-title>{TITLES[first]}<fn>*</fn></article-title>" + "".join(
        f'<trans-title-group xml:lang="{code(lang)}"><trans-title>{TITLES[lang]}</trans-title></trans-title-group>'
        for lang in others
    )
    abstracts = f"<abstract><title>Abstract</title><p>{ABSTRACTS[first]}</p></abstract>" + "".join(
        f'<trans-abstract xml:lang="{code(lang)}"><p>{ABSTRACTS[lang]}</p></trans-abstract>' for lang in others
    )
    keywords = "".join(
        f'<kwd-group xml:lang="{code(lang)}">{"".join(f"<kwd>{word}</kwd>" for word in KEYWORDS[lang])}</kwd-group>'
        for lang in order.split()
    )
    return (
        f'<article xml:lang="{code(first)}" dtd-version="1.1"><front><article-meta><title-group>{titles}</title-group>'
        f'<abstract abstract-type="graphical"><p>A picture.</p></abstract>{abstracts}{keywords}</article-meta></front></article>'
    ).encode()


def tei() -> bytes:
    """GROBID finds one abstract; the others are divisions of the body."""
    divisions = "".join(f"<div><head>{head}</head><p>{text}</p></div>" for head, text in (("Аннотация", RU), ("Abstract", EN)))
    words = "".join(f"<term>{word}</term>" for word in KEYWORDS["kk"])
    return (
        '<TEI xmlns="http://www.tei-c.org/ns/1.0" xml:lang="en"><teiHeader><fileDesc><titleStmt>'
        f'<title level="a" type="main">{TITLES["kk"]}</title></titleStmt></fileDesc><profileDesc>'
        f"<textClass><keywords>{words}</keywords></textClass><abstract><div><p>{KK}</p></div></abstract></profileDesc></teiHeader><text><body>{divisions}"
        "<div><head>Introduction</head><p>Lakes are old.</p></div></body></text></TEI>"
    ).encode()


def metas(code: Callable[[str], str] = lambda lang: lang) -> str:
    found = []
    for k, lang in enumerate(TITLES):
        name = "DC.Title" if k == 0 else "DC.Title.Alternative"
        found.append(f'<meta name="{name}" xml:lang="{code(lang)}" content="{TITLES[lang]}">')
        found.append(f'<meta name="DC.Description" xml:lang="{code(lang)}" content="{ABSTRACTS[lang]}">')
        found += [f'<meta name="citation_keywords" xml:lang="{code(lang)}" content="{word}">' for word in KEYWORDS[lang]]
    return "".join(found)


def page(head: str, body: str, encoding: str = "utf-8") -> bytes:
    return f"<html><head><title>x</title><style>p {{}}</style>{head}</head><body>{body}</body></html>".encode(encoding)


SHOWN = f'<section class="item abstract"><h2 class="label">Abstract</h2><p>{EN}</p></section>'
IN_ONE = "".join(f"<p>{text}</p>" for text in ABSTRACTS.values())
LABELLED = "".join(
    f"<p><b>{head}.</b> {ABSTRACTS[lang]}</p><p>{label}: {', '.join(KEYWORDS[lang])}.</p>"
    for lang, head, label in (
        ("kk", "Аңдатпа", "Түйін сөздер"),
        ("ru", "Аннотация", "Ключевые слова"),
        ("en", "Abstract", "Keywords"),
    )
)
TITLE_METAS = "".join(f'<meta name="citation_title" content="{title}">' for title in TITLES.values())
PRINTED = [
    line
    for lang, head, label in (
        ("kk", "Аңдатпа", "Түйін сөздер"),
        ("ru", "Аннотация", "Ключевые слова"),
        ("en", "Abstract", "Keywords"),
    )
    for line in (TITLES[lang], head, ABSTRACTS[lang], f"{label}: {', '.join(KEYWORDS[lang])}.")
]


def docx() -> bytes:
    python_docx = pytest.importorskip("docx")
    document = python_docx.Document()
    for line in PRINTED:
        document.add_paragraph(line)
    return saved(document.save)


def saved(save: Callable[[Any], Any]) -> bytes:
    stream = io.BytesIO()
    save(stream)
    return stream.getvalue()


def odt(body: str) -> bytes:
    spaces = " ".join(f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "text", "table"))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr("content.xml", f"<office:text {spaces}>{body}</office:text>")
    return stream.getvalue()


def parquet() -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = [{f"{part}_{lang}": texts[lang] for part, texts in (("title", TITLES), ("abstract", ABSTRACTS)) for lang in TITLES}]
    return saved(lambda stream: pq.write_table(pa.Table.from_pylist(rows), stream))


def latex(parts: str) -> bytes:
    return (
        "\\documentclass{article} % \\begin{abstract}\n\\newcommand{\\keywords}[1]{#1}\n\\begin{document}\n"
        + parts
        + "\n\\end{document}"
    ).encode()


ENVIRONMENTS = "\n".join(
    f"\\title{{{TITLES[lang]}}}\n\\begin{{{name}}}\n{escape(ABSTRACTS[lang])}\n\\end{{{name}}}\n"
    f"\\keywords{{{', '.join(KEYWORDS[lang])}}}"
    for lang, name in (("kk", "аңдатпа"), ("ru", "abstractru"), ("en", "abstract"))
)
HEADINGS = "\n\n".join(
    f"\\section*{{{TITLES[lang]}}}\n\\subsection*{{{head}}}\n{ABSTRACTS[lang]}\n\n"
    f"\\textbf{{{label}:}} {', '.join(KEYWORDS[lang])}."
    for lang, head, label in (
        ("kk", "Аңдатпа", "Түйін сөздер"),
        ("ru", "Аннотация", "Ключевые слова"),
        ("en", "Abstract", "Keywords"),
    )
)

WHOLE = frozenset({"titles", "keywords"})
DOCUMENTS: dict[str, tuple[str, Callable[[], bytes], frozenset[str]]] = {
    "JATS": ("a.xml", jats, WHOLE),
    "JATS, languages wrong": ("a.xml", lambda: jats(WRONG.__getitem__), WHOLE),
    "JATS, without languages": ("a.xml", lambda: jats(lambda lang: ""), WHOLE),
    "JATS, English first": ("a.xml", lambda: jats(order="en ru kk"), WHOLE),
    "TEI": ("a.xml", tei, frozenset()),
    "metas": ("a.html", lambda: page(metas(), SHOWN), WHOLE),
    "metas, languages wrong": ("a.html", lambda: page(metas(WRONG.__getitem__), SHOWN), WHOLE),
    "metas, without languages": ("a.html", lambda: page(metas(lambda lang: ""), ""), frozenset({"titles"})),
    "OJS 3, three languages in one block": (
        "a.html",
        lambda: page("", f'<section class="item abstract">{IN_ONE}</section>'),
        frozenset(),
    ),
    "OJS 2, labels in the block": (
        "a.htm",
        lambda: page(TITLE_METAS, f'<div id="articleAbstract"><h4>x</h4><div>{LABELLED}</div></div>'),
        WHOLE,
    ),
    "running text": ("a.html", lambda: page("", "<h1>A</h1>" + "".join(f"<p>{line}</p>" for line in PRINTED)), WHOLE),
    "markup as a meta's text": (
        "a.html",
        lambda: page(TITLE_METAS + f'<meta name="citation_abstract" content="{escape(IN_ONE)}">', ""),
        frozenset({"titles"}),
    ),
    "DOCX": ("a.docx", docx, WHOLE),
    "ODT": ("a.odt", lambda: odt("".join(f"<text:p>{line}</text:p>\n" for line in PRINTED)), WHOLE),
    "JSON lines": (
        "a.jsonl",
        lambda: json.dumps({"title": TITLES, "abstract": ABSTRACTS, "keywords": KEYWORDS, "doi": 1}).encode(),
        WHOLE,
    ),
    "JSON lines, all in one column": (
        "a.jsonl",
        lambda: json.dumps({"Abstract": "\n".join(ABSTRACTS.values())}).encode(),
        frozenset(),
    ),
    "CSV": (
        "a.csv",
        lambda: (
            "title_en;abstract_en;abstract_ru;abstract_kz\n" + ";".join(f'"{t}"' for t in (TITLES["en"], EN, RU, KK))
        ).encode(),
        frozenset(),
    ),
    "Parquet": ("a.parquet", parquet, frozenset({"titles"})),
    "LaTeX environments": ("a.tex", lambda: latex(ENVIRONMENTS), WHOLE),
    "LaTeX headings": ("a.tex", lambda: latex(HEADINGS), WHOLE),
}


def document_of(folder: Path, name: str, data: bytes) -> Document:
    (folder / name).write_bytes(data)
    return process(folder / name, "a", Config(), False)


def check_spans(path: Path, article: Article) -> None:
    """Every text lies in the lines that its spans name."""
    lines = read_issue(path, ExtractConfig()).lines
    for version in article.versions.values():
        for text, spans in ((version.title, version.title_lines), (version.abstract, version.abstract_lines)):
            held = " ".join(line for first, last in spans for line in lines[first - 1 : last])
            assert (text or "") in " ".join(held.split())


@pytest.mark.parametrize(("name", "make", "known"), DOCUMENTS.values(), ids=DOCUMENTS)
def test_the_same_article_in_any_format(tmp_path: Path, name: str, make: Callable[[], bytes], known: frozenset[str]) -> None:
    document = document_of(tmp_path, name, make())
    assert [reject.reason for reject in document.rejects] == []
    (article,) = document.articles
    assert {lang: version.abstract for lang, version in article.versions.items()} == ABSTRACTS
    assert all(len(version.sentences) == 2 for version in article.versions.values())
    if "titles" in known:
        assert {lang: version.title for lang, version in article.versions.items()} == TITLES
    if "keywords" in known:
        assert {lang: list(version.keywords) for lang, version in article.versions.items()} == KEYWORDS
    check_spans(tmp_path / name, article)


def test_html_in_cp1251_without_a_charset(tmp_path: Path) -> None:
    body = f"<h1>{TITLES['ru']}</h1><p>Аннотация</p><p>{RU}</p><p>Ключевые слова: озеро, соль.</p>"
    document = document_of(tmp_path, "a.html", page("", body, "cp1251"))
    assert document.entry["encoding"] == "cp1251"
    assert document.articles[0].versions["ru"].abstract == RU


def test_each_row_is_an_article(tmp_path: Path) -> None:
    rows = [{"title": TITLES[lang], "abstract": ABSTRACTS[lang]} for lang in TITLES]
    document = document_of(tmp_path, "a.jsonl", "\n".join(map(json.dumps, rows)).encode())
    assert [(article.id, list(article.versions)) for article in document.articles] == [
        ("a-01", ["kk"]),
        ("a-02", ["ru"]),
        ("a-03", ["en"]),
    ]
    assert document.articles[1].article_lines == (5, 8)
    assert document.articles[1].notes == ("no abstract in kk, en",)


def test_what_is_left_out_of_an_article_is_a_reject(tmp_path: Path) -> None:
    other = "Another text about the lake that is no copy of the first, and shorter than it, with its own two lines."
    row = {"abstract": EN, "summary": other, "abstract_ru": "Коротко.", "abstract_en": EN}
    document = document_of(tmp_path, "a.jsonl", json.dumps(row).encode())
    reasons = [reject.reason for reject in document.rejects]
    assert reasons == ["a second abstract in en, shorter than the first", "too short for an abstract (8 characters)"]


def test_what_lies_in_paragraphs_of_odt() -> None:
    body = (
        "<text:h>Су</text:h><text:p>Көлдің<text:s/>суы <text:span>өлшенді</text:span>, <text:a>мұнда</text:a>."
        "<text:note><text:p>Ескерту</text:p></text:note></text:p>\n<text:p>бір<text:line-break/>екі<text:soft-page-break/></text:p>"
        "<table:table-row><table:table-cell><text:p>а</text:p></table:table-cell><table:table-cell><text:p>б</text:p>"
        "</table:table-cell></table:table-row><text:p/>"
    )
    content = read_odt(odt(body), ExtractConfig())
    assert content.lines == ("Су", "", "Көлдің суы өлшенді, мұнда.", "", "бір", "екі", "", "а    б", "")
    assert content.pages == (1, 7)


def test_what_lies_in_paragraphs_of_docx() -> None:
    runs = (
        "<w:p><w:r><w:t>Көл</w:t><w:softHyphen/><w:t>дің суы</w:t></w:r><w:del><w:r><w:delText>жоқ</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t xml:space='preserve'> бар</w:t></w:r></w:ins><w:r><w:instrText>PAGE</w:instrText><w:br w:type='page'/>"
        "<w:t>келесі</w:t><w:noBreakHyphen/><w:t>бет</w:t></w:r></w:p>"
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>а</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>б</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr("word/document.xml", f"<w:body xmlns:w='urn:w'>{runs}</w:body>")
    content = read_docx(stream.getvalue(), ExtractConfig())
    assert content.lines == ("Көл\u00adдің суы бар", "келесі-бет", "", "а    б", "")
    assert content.pages == (1, 2)


def test_mixed_folders(tmp_path: Path) -> None:
    for k, (name, make, _) in enumerate(DOCUMENTS.values()):
        if k < 6:
            (tmp_path / f"{k}{Path(name).suffix}").write_bytes(make())
    with zipfile.ZipFile(tmp_path / "more.zip", "w") as archive:
        archive.writestr("deep/0.html", page(metas(), ""))
        archive.writestr("deep/bad.docx", b"no zip")
    documents = list(process_all(find_documents([tmp_path]), Config(), False, 2))
    assert [len(document.articles) for document in documents] == [1] * 7 + [0]
    assert [document.entry["id"] for document in documents][-2:] == ["more-deep-0", "bad"]


FRONT = """<article xmlns:xlink="http://www.w3.org/1999/xlink"><front><journal-meta><journal-title-group>
<journal-title>Көл жаршысы</journal-title></journal-title-group></journal-meta>
<article-meta><article-id pub-id-type="doi">10.1/lake</article-id><article-id
pub-id-type="other">7</article-id><title-group><article-title>Water</article-title></title-group><contrib-group><contrib><name>
<surname>Holt</surname><given-names>L.</given-names></name></contrib></contrib-group><pub-date><year>2024</year></pub-date><volume>3
</volume><issue>2</issue><fpage>5</fpage><lpage>14</lpage><permissions><license xlink:href="https://licence.example/by"/></permissions>
</article-meta></front></article>"""
CITED = "".join(
    f'<meta name="citation_{name}" content="{value}">'
    for name, value in (
        ("author", "L. Holt"),
        ("author", "A. Ospan"),
        ("doi", "10.1/lake"),
        ("volume", "3"),
        ("date", "2024/03/01"),
    )
)
SOURCES: dict[str, tuple[str, bytes, dict[str, tuple[str, ...]]]] = {
    "JATS": (
        "a.xml",
        FRONT.encode(),
        {
            **{"authors": ("L. Holt",), "doi": ("10.1/lake",), "journal": ("Көл жаршысы",), "volume": ("3",), "issue": ("2",)},
            **{"pages": ("5–14",), "year": ("2024",), "licence": ("https://licence.example/by",)},
        },
    ),
    "metas": (
        "a.html",
        page(CITED + f'<meta name="citation_abstract" content="{EN}">', ""),
        {"authors": ("L. Holt", "A. Ospan"), "doi": ("10.1/lake",), "volume": ("3",), "year": ("2024",)},
    ),
    "a table": (
        "a.jsonl",
        json.dumps({"abstract": EN, "authors": ["L. Holt"], "year": 2024, "УДК": "556", "colour": "blue"}).encode(),
        {"authors": ("L. Holt",), "udc": ("556",), "year": ("2024",)},
    ),
    "nothing said": ("a.jsonl", json.dumps({"abstract": EN}).encode(), {}),
}


@pytest.mark.parametrize(("name", "data", "source"), SOURCES.values(), ids=SOURCES)
def test_where_an_article_comes_from(tmp_path: Path, name: str, data: bytes, source: dict[str, tuple[str, ...]]) -> None:
    (article,) = document_of(tmp_path, name, data).articles
    assert article.source == source
    written = json.loads(dumps(article.to_json()))
    assert problems_of(written) == []
    assert Article.from_json(written) == article
    assert ("source" in written) == bool(source)
    assert problems_of(written | {"source": {"doi": "10.1"}}) == ["'source' is not an object of lists of texts"]
