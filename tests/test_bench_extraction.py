"""The scorer of extraction: equal to the gold's own scorer, and to figures computed by hand."""

import importlib.util
import json
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kzalign.bench.extraction import ExtractionReport, score_extraction
from kzalign.bench.folding import fold, similarity
from kzalign.bench.gold import load_gold
from kzalign.errors import KzalignError
from kzalign.records import PAIRS, Article, Bead, Version

SHARED = Path(__file__).resolve().parents[2] / "shared"
REFERENCE = SHARED / "gold" / "score.py"
needs_shared = pytest.mark.skipif(not REFERENCE.exists(), reason="the gold and its scorer are not here (../shared/gold)")

KK = ("Бұл мақалада көлдің суы мен оның тұздылығы зерттеледі.", "Нәтижесінде тұздылықтың екі есе өскені анықталды.")
RU = ("В статье исследуются вода озера и ее соленость.", "Установлено, что соленость выросла вдвое.")
EN = ("The article studies the water of the lake and its salinity.", "The salinity was found to have doubled.")
ONE_TO_ONE = (Bead((0,), (0,)), Bead((1,), (1,)))


def version(lang: str, sentences: tuple[str, ...], title: str | None = None, keywords: tuple[str, ...] = ()) -> Version:
    return Version(lang, title, " ".join(sentences), sentences, keywords)


def article(name: str = "a", **texts: tuple[str, ...]) -> Article:
    versions = {lang: version(lang, sentences, f"Title {lang}", ("salt", "lake")) for lang, sentences in texts.items()}
    pairs = [pair for pair in PAIRS if set(pair.split("-")) <= set(texts)]
    return Article(name, "issue", versions=versions, alignment=dict.fromkeys(pairs, ONE_TO_ONE))


WHOLE = article("whole", kk=KK, ru=RU, en=EN)


def without(source: Article, lang: str) -> Article:
    return replace(source, versions={k: v for k, v in source.versions.items() if k != lang})


def figures(report: ExtractionReport) -> dict[str, Any]:
    shares = {name: getattr(report, name) for name in ("exact", "near", "whole", "titles", "keywords")}
    agreements = {"sentences": report.sentences, **report.pairs}
    return {
        "extra": report.extra,
        **{name: f"{share.hit}/{share.of}" for name, share in shares.items()},
        **{name: f"{a.precision.hit}/{a.precision.of} {a.recall.hit}/{a.recall.of}" for name, a in agreements.items()},
    }


MISLABELLED = replace(WHOLE, versions={**WHOLE.versions, "ru": WHOLE.versions["kk"], "kk": WHOLE.versions["ru"]})
SHOUTED = version("kk", (KK[0].upper().replace("\u0406", "I"), KK[1]), "TITLE  KK")
RESPELLED = replace(WHOLE, versions={**WHOLE.versions, "kk": SHOUTED})
CASES: dict[str, tuple[list[Article], dict[str, Any]]] = {
    "itself": ([WHOLE], {"exact": "3/3", "whole": "1/1", "titles": "3/3", "keywords": "6/6", "all": "6/6 6/6", "extra": 0}),
    "nothing": ([], {"exact": "0/3", "whole": "0/1", "sentences": "0/0 0/6", "all": "0/0 0/6", "extra": 0}),
    "another issue": ([replace(WHOLE, issue_id="other")], {"exact": "0/3", "whole": "0/1", "extra": 0}),
    "a version lost": ([without(WHOLE, "en")], {"exact": "2/3", "whole": "0/1", "kk-ru": "2/2 2/2", "kk-en": "0/0 0/2"}),
    "a version too many": (
        [replace(WHOLE, versions={**WHOLE.versions, "en": version("en", ("Guidelines.", "For authors."))})],
        {"exact": "2/3", "whole": "0/1", "extra": 1, "sentences": "4/6 4/6", "all": "2/6 2/6"},
    ),
    "labels swapped": ([MISLABELLED], {"exact": "1/3", "near": "1/3", "whole": "0/1", "extra": 0, "sentences": "2/6 2/6"}),
    "folded away": ([RESPELLED], {"exact": "3/3", "whole": "1/1", "titles": "3/3", "keywords": "4/6", "all": "6/6 6/6"}),
    "apart": (
        [without(WHOLE, "en"), without(without(WHOLE, "kk"), "ru")],
        {"exact": "3/3", "whole": "0/1", "extra": 0, "kk-ru": "2/2 2/2", "kk-en": "0/0 0/2"},
    ),
    "one bead wrong": (
        [replace(WHOLE, alignment={**WHOLE.alignment, "kk-ru": (Bead((0, 1), (0,)), Bead((), (1,)))})],
        {"whole": "1/1", "kk-ru": "0/1 0/2", "all": "4/5 4/6"},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_hand_computed(name: str) -> None:
    system, expected = CASES[name]
    got = figures(score_extraction(system, [WHOLE]))
    assert {key: got[key] for key in expected} == expected


def test_findings_say_what_and_where() -> None:
    kept = {"kk": WHOLE.versions["kk"], "ru": version("ru", ("Иное.", "Совсем иное."))}
    system = replace(WHOLE, id="mine", versions=kept)
    found = {str(finding) for finding in score_extraction([system], [WHOLE]).findings}
    assert found >= {
        "whole en versions: not found",
        "whole * whole: no article with all of its abstracts and no other",
        "whole ru sentences: 2 of 2 missed",
        "whole en titles: missing",
        "whole ru keywords: missing: salt, lake",
        "whole kk-en pairs: 2 gold pairs missed, 0 wrong",
        "mine ru extra: matches no gold abstract",
    }


def test_intervals_come_from_the_articles() -> None:
    gold = [replace(WHOLE, id=str(n), issue_id=str(n)) for n in range(20)]
    report = score_extraction(gold[:15], gold)
    assert [report.exact.value, report.sentences.f1.value] == pytest.approx([0.75, 6 / 7])
    assert 0.5 < report.exact.estimate.low < 0.65 < 0.85 < report.exact.estimate.high <= 1
    assert report == score_extraction(gold[:15], gold)
    alone = score_extraction([WHOLE], [WHOLE]).sentences.f1
    assert (alone.value, alone.low, alone.high) == (1, 1, 1)


def test_articles_that_are_not_aligned() -> None:
    report = score_extraction([replace(WHOLE, alignment={})], [WHOLE])
    said = "\n".join(report.lines())
    assert "pairs: not aligned: run `kzalign align`" in said and "pairs kk-ru" not in said
    assert report.to_json()["pairs"] is None
    assert [finding.figure for finding in report.findings] == []


def test_report_as_json_and_lines() -> None:
    report = score_extraction([without(WHOLE, "en")], [WHOLE])
    data = json.loads(json.dumps(report.to_json()))
    assert data["exact"] == {"value": 0.6667, "interval": [0.6667, 0.6667], "hit": 2, "of": 3}
    assert data["pairs"]["all"]["R"]["value"] == 0.3333
    assert data["versions"] == 3
    assert data["signature"] == report.lines()[-1]
    assert any(line.startswith("exact") and "2/3" in line for line in report.lines())


BAD_SYSTEM: dict[str, dict[str, tuple[Bead, ...]]] = {
    "beyond the end": {"kk-ru": (Bead((2,), (0,)),)},
    "before the start": {"kk-ru": (Bead((0,), (-1,)),)},
}


@pytest.mark.parametrize("name", BAD_SYSTEM)
def test_beads_outside_the_text_are_refused(name: str) -> None:
    with pytest.raises(KzalignError, match="whole: a bead names"):
        score_extraction([replace(WHOLE, alignment=BAD_SYSTEM[name])], [WHOLE])


def test_empty_gold_is_refused() -> None:
    with pytest.raises(KzalignError, match="nothing to score"):
        score_extraction([WHOLE], [])


FOLDED = {
    "\u004b\u0061заты": "казаты",
    "пост - шындық": "постшындық",
    "«Тұз»": '"тұз"',
    "ҥлгі": "үлгі",
    "п\u0259н": "Пән",
}


@pytest.mark.parametrize(("one", "other"), FOLDED.items())
def test_folding(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("salt", "sweet"), ("\u0421", "C"), ("1-2", "1.2"), ("өзен", "озен")])
def test_folding_keeps_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


SIMILAR = [("", "", 0.0), ("a", "", 0.0), ("abc", "abc", 1.0), ("abcd", "abce", 0.75), ("ab", "abcde", 0.0)]


@pytest.mark.parametrize(("want", "have", "expected"), SIMILAR)
def test_similarity(want: str, have: str, expected: float) -> None:
    assert similarity(want, have) == expected


GOLD: dict[str, Any] = {**WHOLE.to_json(), "seed": "issue.txt"}
BEADS = GOLD["alignment"]["kk-ru"]


def with_beads(*more: Any, first: int = 0) -> dict[str, Any]:
    return GOLD | {"alignment": GOLD["alignment"] | {"kk-ru": [*BEADS[first:], *more]}}


BAD_GOLD: dict[str, tuple[Any, str]] = {
    "uncovered": (with_beads(first=1), r"kk-ru: kk sentences \[0\] in no bead"),
    "twice": (with_beads([[0], []]), r"kk sentences \[0\] more than once"),
    "outside": (with_beads([[], [7]]), r"ru sentences \[7\] outside the text of 2"),
    "hollow": (with_beads([[], []]), "empty on both sides"),
    "no pair": (GOLD | {"alignment": {"kk-ru": BEADS}}, "kk-en: no alignment.*ru-en: no alignment"),
    "odd pair": (GOLD | {"alignment": GOLD["alignment"] | {"ru-kk": BEADS}}, "pair 'ru-kk' is not one of"),
    "language": (GOLD | {"versions": {"de": {}}}, "language 'de'"),
    "no id": ({k: v for k, v in GOLD.items() if k != "id"}, "bad.json: lacks 'id'"),
    "a list": ([GOLD], "not a gold article"),
    "half a bead": (GOLD | {"alignment": {"kk-ru": [[[0]]]}}, "not a gold article"),
}


@pytest.mark.parametrize("name", BAD_GOLD)
def test_bad_gold_is_named(name: str, tmp_path: Path) -> None:
    data, message = BAD_GOLD[name]
    (tmp_path / "bad.json").write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(KzalignError, match=message):
        load_gold(tmp_path)


def test_gold_is_read_in_order_and_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    for name in ("b", "a"):
        (tmp_path / f"{name}.json").write_text(json.dumps(GOLD | {"id": name}), encoding="utf-8")
    assert [gold.id for gold in load_gold(tmp_path)] == ["a", "b"]
    (tmp_path / "c.json").write_text("{\n", encoding="utf-8")
    (tmp_path / "d.json").write_bytes(b'{"id": "\xff"}')
    (tmp_path / "e.json").write_text(json.dumps(GOLD | {"id": "a", "alignment": {}}), encoding="utf-8")
    with pytest.raises(KzalignError) as error:
        load_gold(tmp_path)
    for part in ("c.json: line 2 is not JSON", "d.json: byte 8", "e.json: kk-ru: no", "e.json: ru-en: no", "id 'a' in 2 files"):
        assert part in str(error.value)


def test_a_folder_without_gold_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KzalignError, match=r"no \*\.json"):
        load_gold(tmp_path)


# Against the gold's own scorer: the gold, spoilt, is the system's output.

Spoil = Callable[[random.Random, list[dict[str, Any]]], list[dict[str, Any]]]


def _each_version(change: Callable[[random.Random, dict[str, Any]], None]) -> Spoil:
    def spoil(generator: random.Random, articles: list[dict[str, Any]]) -> list[dict[str, Any]]:
        for data in articles:
            for text in data["versions"].values():
                if generator.random() < 0.3:
                    change(generator, text)
        return articles

    return spoil


def _drop(generator: random.Random, articles: list[dict[str, Any]]) -> list[dict[str, Any]]:
    for data in articles:
        data["versions"] = {lang: v for lang, v in data["versions"].items() if generator.random() > 0.2}
    return [data for data in articles if generator.random() > 0.1]


def _relabel(generator: random.Random, articles: list[dict[str, Any]]) -> list[dict[str, Any]]:
    for data in articles:
        langs = list(data["versions"])
        if generator.random() < 0.4:
            data["versions"] = dict(zip(generator.sample(langs, len(langs)), data["versions"].values(), strict=True))
            data["alignment"] = {}
    return articles


def _extras(generator: random.Random, articles: list[dict[str, Any]]) -> list[dict[str, Any]]:
    for data in list(articles):
        chance = generator.random()
        if chance < 0.2:
            articles.append(json.loads(json.dumps(data)))
        elif chance < 0.4:
            data["versions"]["en"] = {"abstract": "Guidelines for authors of this journal.", "sentences": []}
            data["alignment"] = {}
    generator.shuffle(articles)
    return articles


def _scatter(generator: random.Random, articles: list[dict[str, Any]]) -> list[dict[str, Any]]:
    parts = [{**a, "versions": {lang: v}, "alignment": {}} for a in articles for lang, v in a["versions"].items()]
    return generator.sample(parts, len(parts))


def _realign(generator: random.Random, articles: list[dict[str, Any]]) -> list[dict[str, Any]]:
    for data in articles:
        for beads in data["alignment"].values():
            for bead in beads:
                if generator.random() < 0.2:
                    bead[generator.randrange(2)] = []
    return articles


def _mutate(generator: random.Random, text: dict[str, Any]) -> None:
    if text["sentences"]:
        place = generator.randrange(len(text["sentences"]))
        text["sentences"][place] = text["sentences"][place][generator.randrange(30) :].upper()
        text["abstract"] = " ".join(text["sentences"])


def _names(generator: random.Random, text: dict[str, Any]) -> None:
    text["title"] = generator.choice([None, "Another", str(text["title"]).lower()])
    text["keywords"] = text["keywords"][generator.randrange(3) :]


def _unsplit(_: random.Random, text: dict[str, Any]) -> None:
    text["sentences"] = [" ".join(text["sentences"])]


SPOILS: dict[str, tuple[Spoil, ...]] = {
    "as it is": (),
    "versions dropped": (_drop,),
    "wrong labels": (_relabel,),
    "sentences mutated": (_each_version(_mutate),),
    "titles and keywords": (_each_version(_names),),
    "extra abstracts": (_extras,),
    "versions apart": (_scatter,),
    "other beads": (_realign,),
    "all together": (_realign, _each_version(_mutate), _each_version(_names), _drop, _relabel, _extras),
    "unsplit, apart": (_each_version(_unsplit), _scatter, _drop),
}


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    spec = importlib.util.spec_from_file_location("reference_score", REFERENCE)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def as_reference(report: ExtractionReport) -> dict[str, Any]:
    agreements = {"sentences": report.sentences, **{f"pairs {pair}": a for pair, a in report.pairs.items()}}
    return {
        "versions": report.exact.of,
        "exact": round(report.exact.value, 4),
        "near": round(report.near.value, 4),
        "extra": report.extra,
        "articles whole": f"{report.whole.hit}/{report.whole.of}",
        "titles": round(report.titles.value, 4),
        "keywords": round(report.keywords.value, 4),
        **{
            name: {
                "P": round(a.precision.value, 4),
                "R": round(a.recall.value, 4),
                "F1": round(a.f1.value, 4),
                "gold": a.recall.of,
                "system": a.precision.of,
            }
            for name, a in agreements.items()
        },
    }


@needs_shared
@pytest.mark.parametrize("name", SPOILS)
def test_equal_to_the_reference(name: str, reference: ModuleType) -> None:
    gold = load_gold(SHARED / "gold" / "dev")
    generator = random.Random(name)
    system = [json.loads(json.dumps(one.to_json())) for one in gold]
    for data in system:
        for text in data["versions"].values():
            text.pop("confidence")
    for spoil in SPOILS[name]:
        system = spoil(generator, system)
    for data in system:
        sizes = {lang: len(text["sentences"]) for lang, text in data["versions"].items()}
        for pair, beads in data["alignment"].items():
            limits = [sizes.get(lang, 0) for lang in pair.split("-")]
            data["alignment"][pair] = [[[i for i in b[s] if i < limits[s]] for s in (0, 1)] for b in beads]
    expected, wrong = reference.score(system, reference.load_gold(SHARED / "gold" / "dev"))
    report = score_extraction([Article.from_json(data) for data in system], gold)
    assert as_reference(report) == expected
    same = [(f.article_id, f.where) for f in report.findings if f.figure in ("versions", "whole", "pairs")]
    # of pairs nothing is said where nothing is aligned
    assert same == [(article_id, where) for article_id, where, _ in wrong if report.aligned or where not in PAIRS]


@needs_shared
@given(one=st.text(alphabet=st.characters(codec="utf-8")), other=st.text(alphabet="aəоөҧ-–« 'Ж1ҼCcт"))
def test_folding_equals_the_reference(one: str, other: str, reference: ModuleType) -> None:
    for text in (one, other, one + other):
        assert fold(text) == reference.fold(text)
