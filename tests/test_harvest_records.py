"""Records as journals write them: codes that lie, texts of several languages in a field, markup, missing parts."""

import json
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
from oai_site import EN, KK, RU, Fake, Reply, answer_of, dc, list_of, ojs, record, site, texts
from test_harvest import rejects, rows, run

from kzalign.harvest.source import read_source
from kzalign.harvest.texts import paragraphs_of, runs_of

KK1, RU1, EN1 = (text.format("Arna", 41) for text in (KK, RU, EN))
WHOLE = {"kk": KK1, "ru": RU1, "en": EN1}
TURKISH = (
    "Bu makalede ilçe kütüphanelerinin okuyuculara nasıl hizmet verdiği incelenmektedir. Çalışma sırasında okuyucuların "
    "yanıtları toplanmış ve ihtiyaçları çözümlenmiştir. Sonuçlar kütüphane dermesinin yenilenmesi gerektiğini göstermiştir."
)


def description(*texts: tuple[str, str]) -> str:
    """Returns a record whose abstracts stand under the codes, as raw XML text."""
    return dc([("title", "en-US", "Library service"), *(("description", code, text) for code, text in texts)])


def abstracts(row: dict[str, Any]) -> dict[str, str]:
    return {lang: " ".join(row[f"abstract_{lang}"]) for lang in ("kk", "ru", "en") if f"abstract_{lang}" in row}


def harvested(tmp_path: Path, *records: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Returns rows and rejects of a site with these records."""
    with site(Fake({"": list_of(list(records))})) as url:
        run(f"{url}/oai", tmp_path / "out")
    return rows(tmp_path / "out"), rejects(tmp_path / "out")


CASES = {
    "codes as they should be": ([("kk-KZ", KK1), ("ru-RU", RU1), ("en-US", EN1)], WHOLE),
    "English code over Russian, Kazakh's over English": ([("en-US", RU1), ("kz_KZ", EN1), ("ru_RU", KK1)], WHOLE),
    "no codes": ([("", RU1), ("", KK1), ("", EN1)], WHOLE),
    "three languages in a field": ([("en-US", f"{KK1}\n\n{RU1}\n\n{EN1}")], WHOLE),
    "three languages in one paragraph": ([("ru-RU", f"{RU1} {KK1} {EN1}")], WHOLE),
    "no full stop between two scripts": ([("ru-RU", f"{RU1.rstrip('.')} {EN1}")], {"ru": RU1.rstrip("."), "en": EN1}),
    "a text told twice": ([("kk-KZ", RU1), ("ru-RU", RU1), ("en-US", EN1)], {"ru": RU1, "en": EN1}),
    "tags escaped once": ([("ru-RU", escape(f"<p>{RU1}</p><p><strong>{KK1}</strong></p>"))], {"ru": RU1, "kk": KK1}),
    "tags escaped twice": ([("en-US", escape(escape(f'<p style="a: b">{EN1}</p>')))], {"en": EN1}),
    "blanks escaped twice": ([("en-US", EN1.replace(" ", "&amp;nbsp;"))], {"en": EN1}),
    "tags not escaped": ([("en-US", f"<p>{EN1}</p>"), ("ru-RU", f"<p><i>{RU1}</i></p>")], {"en": EN1, "ru": RU1}),
    "a script in it": ([("en-US", escape(f"<script>var a = 1;</script>{EN1}"))], {"en": EN1}),
    "soft hyphens, marks without width": ([("kk-KZ", KK1.replace("кітап", "кі\u00adтап\u200b"))], {"kk": KK1}),
    "hard line ends": ([("en-US", EN1.replace(" serve ", " serve\n  "))], {"en": EN1}),
    "signs that are no tags": (
        [("en-US", escape(f"{EN1} It holds that p<0.05 and a <b and c> d."))],
        {"en": f"{EN1} It holds that p<0.05 and a <b and c> d."},
    ),
    "a name in other letters": (
        [("ru-RU", f"{RU1} Использована программа «Library Manager for Windows, Advanced Server Edition».")],
        {"ru": f"{RU1} Использована программа «Library Manager for Windows, Advanced Server Edition»."},
    ),
    "a quotation amid a text": (
        [("ru-RU", f"{RU1} Один из них сказал: «Біздің ауылға жаңа кітаптар мүлде келмейді ғой». {RU1}")],
        {"ru": f"{RU1} Один из них сказал: «Біздің ауылға жаңа кітаптар мүлде келмейді ғой». {RU1}"},
    ),
    "another language": ([("tr-TR", TURKISH), ("en-US", EN1)], {"en": EN1}),
}


@pytest.mark.parametrize("name", CASES)
def test_the_language_is_read_from_the_text(name: str, tmp_path: Path) -> None:
    fields, expected = CASES[name]
    (row,), _ = harvested(tmp_path, record("oai:a:1", description(*fields)))
    assert abstracts(row) == expected


def test_headings_go_with_what_they_head() -> None:
    runs = runs_of([f"Аңдатпа. {KK1} Аннотация. {RU1} Ключевые слова: библиотека, фонд. Abstract. {EN1}"])
    assert [run.lang for run in runs] == ["kk", "ru", "en"]
    assert [run.text.split(" ")[0] for run in runs] == ["Аңдатпа.", "Аннотация.", "Abstract."]
    assert runs[1].text.endswith("Ключевые слова: библиотека, фонд.")


def test_paragraphs_are_kept() -> None:
    assert paragraphs_of("<p>One.</p><p>Two<br/>three.</p>\n\nFour\nfive.\nSix.") == [
        "One.",
        "Two",
        "three.",
        "Four five.",
        "Six.",
    ]


def test_what_is_left_out_has_a_reason(tmp_path: Path) -> None:
    given = [
        record("oai:a:1", description(("en-US", EN1))),
        record("oai:a:2", deleted=True),
        record("oai:a:3"),
        record("oai:a:4", dc([("publisher", "", "Invented Press")])),
        record("", description(("en-US", EN1))),
        record("oai:a:6", description(("tr-TR", TURKISH), ("en-US", EN1))),
        record("oai:a:7", ojs(7), stamp="no date at all"),
        record("oai:a:8", dc([("title", "", "題名")])),
    ]
    found, left = harvested(tmp_path, *given)
    assert [row["identifier"] for row in found] == ["oai:a:1", "oai:a:6", "oai:a:7"]
    assert {(reject["id"], reject["reason"]) for reject in left} == {
        ("oai:a:2", "deleted by the journal"),
        ("oai:a:3", "no metadata"),
        ("oai:a:4", "no title, abstract or keywords in kk, ru or en"),
        ("", "a record without an identifier"),
        ("oai:a:6", "no language of kk, ru, en found in the text"),
        ("oai:a:8", "no title, abstract or keywords in kk, ru or en"),
    }
    counts = json.loads((tmp_path / "out" / "harvest" / "manifest.json").read_text(encoding="utf-8"))["counts"]
    assert counts["records"] == 7 == counts["articles"] + counts["rejected"] + counts["deleted"]


@pytest.mark.parametrize(
    ("spoilt", "lost"),
    [
        (lambda data: data.replace(b"The article", b"The\x0b\x01 article"), 0),
        (lambda data: data.replace(b"The article", b"The&#x1; article"), 0),
        (lambda data: data.replace(b"Invented Press", b"Press & Sons"), 0),
        (lambda data: data.replace(b"Invented Press</dc:publisher>", b"Press</dc:publis", 1), 1),
        (lambda data: data.replace(b"The article", b"The&nbsp;article"), 0),
        (lambda data: data.replace(b"Invented Press", b"&unknown;"), 0),
    ],
    ids=["control characters", "escaped ones", "bare ampersands", "a broken record", "HTML's entities", "unknown entities"],
)
def test_broken_xml_costs_no_other_record(spoilt: Any, lost: int, tmp_path: Path) -> None:
    page = list_of([record(f"oai:a:{n}", ojs(n)) for n in (1, 2, 3)])
    assert spoilt(page) != page
    with site(Fake({"": spoilt(page)})) as url:
        run(f"{url}/oai", tmp_path / "out")
    found, left = rows(tmp_path / "out"), rejects(tmp_path / "out")
    assert len(found) == 3 - lost
    assert len(left) == lost
    assert all(abstracts(row) == texts(int(row["identifier"][-1])) for row in found)
    assert all(reject["id"].startswith("oai:a:") and "XML" in reject["reason"] for reject in left)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            [("ru", "Библиотечное обслуживание района / Аудандағы кітапханалардың қызметі / Library service in the district")],
            ("Аудандағы кітапханалардың қызметі", "Библиотечное обслуживание района", "Library service in the district"),
        ),
        (
            [("en", "Library service in the district\nБиблиотечное обслуживание района")],
            (None, "Библиотечное обслуживание района", "Library service in the district"),
        ),
        ([("en", "Reading / writing habits in the district")], (None, None, "Reading / writing habits in the district")),
        ([("en", "Library service\nin the district")], (None, None, "Library service in the district")),
        (
            [("kk-KZ", "Библиотечное обслуживание читателей района"), ("en", "Library &amp;amp; service")],
            (None, "Библиотечное обслуживание читателей района", "Library & service"),
        ),
    ],
)
def test_titles_by_their_words(fields: list[tuple[str, str]], expected: tuple[str | None, ...], tmp_path: Path) -> None:
    given = dc([*(("title", code, text) for code, text in fields), ("description", "en", EN1)])
    (row,), _ = harvested(tmp_path, record("oai:a:1", given))
    assert tuple(row.get(f"title_{lang}") for lang in ("kk", "ru", "en")) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ([("", "библиотека; читатель; фонд"), ("", "library; reader; stock")], {"ru": 3, "en": 3}),
        ([("ru", "Ключевые слова: библиотека, читатель, книжный фонд.")], {"ru": 3}),
        ([("en", "library"), ("en", "reader"), ("kk", "кітапхана"), ("kk", "оқырман қажеттілігі")], {"en": 2, "kk": 2}),
        ([("ru", "УДК 027.022"), ("ru", "МРНТИ 13.31.07"), ("ru", "библиотека"), ("ru", "читатель")], {"ru": 2}),
    ],
)
def test_keywords_by_their_words(fields: list[tuple[str, str]], expected: dict[str, int], tmp_path: Path) -> None:
    given = dc([*(("subject", code, text) for code, text in fields), ("description", "en", EN1)])
    (row,), _ = harvested(tmp_path, record("oai:a:1", given))
    assert {lang: len(row[f"keywords_{lang}"]) for lang in ("kk", "ru", "en") if f"keywords_{lang}" in row} == expected


DIM = """<dim:dim xmlns:dim="http://www.dspace.org/xmlns/dspace/dim">
<dim:field mdschema="dc" element="contributor" qualifier="author">Invented, Author</dim:field>
<dim:field mdschema="dc" element="date" qualifier="issued">2021-04</dim:field>
<dim:field mdschema="dc" element="description" qualifier="abstract" lang="en">{ru}</dim:field>
<dim:field mdschema="dc" element="description" qualifier="abstract" lang="en">{en}</dim:field>
<dim:field mdschema="dc" element="description" qualifier="provenance" lang="en">Made available by a person</dim:field>
<dim:field mdschema="dc" element="identifier" qualifier="uri">http://archive.example/handle/1/2</dim:field>
<dim:field mdschema="dc" element="title" lang="ru">Библиотечное обслуживание района</dim:field></dim:dim>"""
QUALIFIED = """<qdc:qualifieddc xmlns:qdc="urn:q" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/">
<dc:title>Library service</dc:title><dcterms:abstract>{en}</dcterms:abstract><dcterms:issued>2021</dcterms:issued>
<dc:creator>Invented, Author</dc:creator></qdc:qualifieddc>"""
OPENAIRE = """<oaire:resource xmlns:oaire="http://namespace.openaire.eu/schema/oaire/" xmlns:dc="http://purl.org/dc/elements/1.1/"
xmlns:datacite="http://datacite.org/schema/kernel-4"><datacite:titles><datacite:title xml:lang="ru">Библиотечное обслуживание
района</datacite:title></datacite:titles><datacite:creators><datacite:creator><datacite:creatorName>Invented, Author
</datacite:creatorName></datacite:creator></datacite:creators><dc:description xml:lang="en">{ru}</dc:description>
<datacite:dates><datacite:date dateType="Issued">2021-05-01</datacite:date></datacite:dates></oaire:resource>"""


@pytest.mark.parametrize(
    ("prefix", "template", "langs"),
    [("dim", DIM, {"ru", "en"}), ("qdc", QUALIFIED, {"en"}), ("oai_openaire", OPENAIRE, {"ru"})],
)
def test_other_dresses_of_dublin_core(prefix: str, template: str, langs: set[str], tmp_path: Path) -> None:
    offered = f"<metadataFormat><metadataPrefix>{prefix}</metadataPrefix></metadataFormat>"
    pages = {
        "ListMetadataFormats": answer_of(f"<ListMetadataFormats>{offered}</ListMetadataFormats>"),
        "": list_of([record("oai:a:1", template.format(ru=RU1, en=EN1))]),
    }
    with site(Fake(pages)) as url:
        run(f"{url}/oai", tmp_path / "out")
    (row,) = rows(tmp_path / "out")
    assert abstracts(row) == {lang: WHOLE[lang] for lang in langs}
    assert (row["authors"], row["year"]) == (["Invented, Author"], ["2021"])
    assert set(row) & {"title_ru", "title_en"}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Arna habarshysy; Том 12 № 3 (2021): Serie; 5-14", ("Arna habarshysy", "12", "3", "2021", "5–14")),
        ("Arna; Vol. 5 No. 2 (2023); 101 – 110", ("Arna", "5", "2", "2023", "101–110")),
        ("Арна хабаршысы; 7-том № 1(25) (2020); 3-9", ("Арна хабаршысы", "7", "1(25)", "2020", "3–9")),
        ("Arna; Вып. 4 (2019)", ("Arna", None, "4", "2019", None)),
        ("1234-567X", (None, None, None, None, None)),
    ],
)
def test_a_line_of_the_source(line: str, expected: tuple[str | None, ...]) -> None:
    found, _, _ = read_source({"source": [line]})
    assert tuple(found.get(name, (None,))[0] for name in ("journal", "volume", "issue", "year", "pages")) == expected


def test_codes_and_addresses() -> None:
    fields = {
        "identifier": [
            "https://j.example/article/view/7",
            "https://doi.org/10.5555/abc-7.",
            "https://j.example/article/view/7/9",
        ],
        "keywords": ["УДК 027.022", "МРНТИ 13.31.07, 13.31.09", "библиотека"],
        "rights": ["Авторские права (c) 2021", "https://creativecommons.org/licenses/by-nc/4.0"],
    }
    source, pages, files = read_source(fields)
    assert source == {
        "doi": ("10.5555/abc-7",),
        "udc": ("027.022",),
        "irsti": ("13.31.07, 13.31.09",),
        "licence": ("https://creativecommons.org/licenses/by-nc/4.0",),
    }
    assert pages == ["https://j.example/article/view/7", "https://doi.org/10.5555/abc-7"]
    assert files == ["https://j.example/article/view/7/9"]


PAGE = """<!DOCTYPE html><html lang="ru"><head><meta name="citation_title" content="Библиотека"><title>x</title></head><body>
<section class="item abstract"><h2>Аннотация</h2><p>{text}</p></section>
<a href="/user/setLocale/kk_KZ?source=%2Farticle%2Fview%2F1">Қазақша</a>
<a href='/user/setLocale/ru_RU?source=%2Farticle%2Fview%2F1'>Русский</a>
<a href="http://elsewhere.example/user/setLocale/en_US">English</a></body></html>"""


def journal(path: str, query: dict[str, str], headers: dict[str, str]) -> Reply:
    """Answers as OJS does: an article's page in the language that a cookie names."""
    if path.startswith("/user/setLocale/"):
        return Reply(status=302, headers={"Location": query["source"], "Set-Cookie": f"lang={path.rsplit('/', 1)[1]}; Path=/"})
    if path == "/article/view/1":
        text = KK1 if "lang=kk_KZ" in headers.get("Cookie", "") else RU1
        return Reply(PAGE.format(text=text).encode(), kind="text/html; charset=utf-8")
    if path == "/article/download/2/502":
        return Reply(b"%PDF-1.4\nnothing\n%%EOF\n", kind="application/pdf")
    return Reply(b"gone", 404, "text/plain")


def test_pages_give_what_the_record_lacks(tmp_path: Path) -> None:
    fake = Fake({}, journal)
    with site(fake) as url:
        given = [ojs(1, kk_KZ="", ru_RU="", en_US=EN1), ojs(2, kk_KZ=""), ojs(3)]
        fake.pages[""] = list_of([record(f"oai:a:{n}", text.replace("SITE", url)) for n, text in enumerate(given, 1)])
        run(f"{url}/oai", tmp_path / "out", pages=True, files=True)
        first = len(fake.asked)
        assert sum(path == "/article/view/3" for path, _, _ in fake.asked) == 0
        manifest = run(f"{url}/oai", tmp_path / "out", pages=True)
        assert len(fake.asked) == first + 3, "pages are fetched once"
    found = rows(tmp_path / "out")
    assert abstracts(found[0]) == {"kk": KK1, "ru": RU1, "en": EN1}
    assert found[0]["read_from"] == {"kk": "page page", "ru": "page page", "en": "oai_dc en_US"}
    assert [(reject["id"], "404" in reject["reason"]) for reject in rejects(tmp_path / "out")] == [("oai:a:2", True)]
    assert [path.name for path in (tmp_path / "out" / "files").iterdir()] == ["oai_a_2.pdf"]
    assert manifest["counts"]["trilingual"] == 2
