"""What BLEU does not see, the terms, and the judgement of systems as a whole. All texts are invented."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kzalign.bench.mt import EvalSet, judge, make_metric, terms_of
from kzalign.bench.mt.checks import CHECKS, Case, check_segments
from kzalign.bench.mt.terms import holds_term, same_word
from kzalign.errors import KzalignError
from kzalign.records import Article, Version

SOURCE = "В 1987 году открыто 12 школ."
REFERENCE = "1987 жылы 12 мектеп ашылды."


def case(hypothesis: str, source: str = SOURCE, reference: str = REFERENCE, langs: str = "ru-kk", **terms: str) -> Case:
    source_lang, target_lang = langs.split("-")
    return Case(source, hypothesis, reference, source_lang, target_lang, tuple(terms.items()))


COUNTED: dict[str, tuple[str, Case, tuple[int, int]]] = {
    "the reference is on target": ("off-target", case(REFERENCE), (0, 1)),
    "Russian for Kazakh": ("off-target", case("В этом году открыты двенадцать новых школ."), (1, 1)),
    "nothing is in no language": ("off-target", case(" 12."), (0, 0)),
    "Kazakh in Latin letters is on target": ("off-target", case("Bul jyly mektepterdiń sany kóbeıdi jáne ashyldy."), (0, 1)),
    "Kazakh in Latin letters": ("script", case("Bul jyly mektepterdiń sany kóbeıdi jáne ashyldy."), (1, 1)),
    "Kazakh in Arabic letters": ("script", case("بۇل جىلى مەكتەپ اشىلدى"), (1, 1)),
    "a name in Latin letters as in the reference": ("script", case("DNA", reference="DNA"), (0, 1)),
    "the source itself": ("untranslated", case(SOURCE), (1, 1)),
    "most of the source": ("untranslated", case("году открыто школ мектеп", "в этом году открыто пять школ"), (0, 1)),
    "nearly all of the source": (
        "untranslated",
        case("в этом году открыто пять школ үш", "в этом году открыто пять школ"),
        (1, 1),
    ),
    "the reference copies too": ("untranslated", case("Nature Physics", "Nature Physics", "Nature Physics"), (0, 1)),
    "an empty hypothesis": ("empty", case(" … "), (1, 1)),
    "an empty reference": ("empty", case("", reference=""), (1, 0)),
    "a sentence less": ("dropped-sentences", case("Бірінші сөйлем.", "Первое тут. Второе тут. Третье тут."), (2, 3)),
    "a sentence more": ("dropped-sentences", case("Бірінші сөйлем. Екінші сөйлем.", "Первое и второе тут."), (0, 1)),
    "a number lost": ("lost-numbers", case("1987 жылы мектеп ашылды."), (1, 2)),
    "thousands in three ways": ("lost-numbers", case("1,000 and 2000 and 35", "1 000, 2 000 и 3,5"), (0, 3)),
    "a decimal in two ways": ("lost-numbers", case("0.25", "0,25"), (0, 1)),
    "a date in two orders": ("lost-numbers", case("2020 жылғы 31.12", "31.12.2020"), (0, 3)),
    "single digits are words as well": ("lost-numbers", case("үш", "3"), (0, 0)),
    "a word four times": ("repetition", case("мектеп мектеп мектеп мектеп"), (1, 1)),
    "a word three times": ("repetition", case("мектеп мектеп мектеп ашылды"), (0, 1)),
    "a phrase three times": ("repetition", case("жаңа мектеп жаңа мектеп жаңа мектеп"), (1, 1)),
    "a phrase twice": ("repetition", case("жаңа мектеп жаңа мектеп"), (0, 1)),
    "as in the source": ("repetition", case("0 0 0 0", "0 0 0 0"), (0, 1)),
    "letters in one word": ("repetition", case("мектеп" + "лер" * 12), (1, 1)),
    "a long word": ("repetition", case("интернационалдандырылғандардікі"), (0, 1)),
    "a term kept": ("lost-terms", case("Жаңа мектептерді ашты", "Открытие новых школ", школа="мектеп"), (0, 1)),
    "a term lost": ("lost-terms", case("Жаңа үйлерді ашты", "Открытие новых школ", школа="мектеп"), (1, 1)),
    "a term that the source lacks": ("lost-terms", case("Жаңа үй", "Новый дом", школа="мектеп"), (0, 0)),
    "half as long": ("length-ratio", case("абв", reference="абвгде"), (3, 6)),
}


@pytest.mark.parametrize("name", COUNTED)
def test_checks_count(name: str) -> None:
    check, segment, counted = COUNTED[name]
    assert CHECKS[check](segment) == counted


@given(st.text(max_size=80), st.text(max_size=80))
def test_every_check_takes_any_text(source: str, hypothesis: str) -> None:
    for name, check in CHECKS.items():
        tally = check(case(hypothesis, source, source, шк="мк"))
        assert tally.hit >= 0 and tally.of >= 0
        assert name in ("length-ratio", "empty") or tally.hit <= tally.of


FORMS: dict[str, tuple[str, str, str, bool]] = {
    "Kazakh suffixes": ("kk", "мектептеріміздегілерге", "мектеп", True),
    "Kazakh softening": ("kk", "жаңа кітабын оқыды", "кітап", True),
    "a short Kazakh word": ("kk", "тілдің дамуы", "тіл", True),
    "another Kazakh word": ("kk", "мекеме ашылды", "мектеп", False),
    "a Kazakh adjective of the noun": ("kk", "этнографиялық дерек", "этнография", False),
    "Russian endings": ("ru", "языковыми политиками", "языковая политика", True),
    "a Russian adjective of the noun": ("ru", "этнографическими данными", "этнография", False),
    "another Russian word": ("ru", "школьный учитель", "политика", False),
    "ё": ("ru", "всё ещё учёными", "ученый", True),
    "English plural": ("en", "Two language policies", "language policy", True),
    "a word between": ("en", "policy of the language", "policy language", False),
    "one word between": ("en", "the language and policy", "language policy", True),
    "a hyphen": ("en", "the post truth age", "Post-truth", True),
    "order": ("en", "policy language", "language policy", False),
    "a short English word": ("en", "arty", "art", False),
    "no word": ("en", "the art", "—", False),
}


@pytest.mark.parametrize("name", FORMS)
def test_terms_in_any_form(name: str) -> None:
    lang, text, term, held = FORMS[name]
    assert holds_term(text, term, lang) is held


@given(st.sampled_from(["kk", "ru", "en"]), st.text("абвгқғкп", min_size=1, max_size=12))
def test_a_word_is_a_form_of_itself(lang: str, word: str) -> None:
    assert same_word(word, word, lang)
    assert lang != "kk" or len(word) < 4 or same_word(word, word + "ға", lang)


def test_terms_of_an_article_are_its_keywords_in_order() -> None:
    versions = {"kk": Version("kk", keywords=("тіл", "сөз")), "ru": Version("ru", keywords=("язык", "слово"))}
    article = Article("a", "i", versions=versions)
    assert terms_of(article, "ru", "kk") == (("язык", "тіл"), ("слово", "сөз"))
    assert terms_of(article, "ru", "en") == ()


SOURCES = ("Первая школа открыта.", "Вторая школа закрыта.", "Язык и слово.", "Дом у реки 1950 года.")
REFERENCES = ("Бірінші мектеп ашылды.", "Екінші мектеп жабылды.", "Тіл мен сөз.", "Өзен жағасындағы 1950 жылғы үй.")
ARTICLES = ("a", "a", "b", "c")
EVALSET = EvalSet("invented", "ru-kk", SOURCES, REFERENCES, ARTICLES, {"a": (("школа", "мектеп"),)})


def test_articles_are_joined_in_their_order() -> None:
    whole = EVALSET.whole_articles()
    assert whole.sources == ("Первая школа открыта. Вторая школа закрыта.", SOURCES[2], SOURCES[3])
    assert whole.articles == ("a", "b", "c")
    assert EVALSET.join(["x", "", "", "y"]) == ("x", "", "y")


def test_a_judgement_scores_checks_and_compares() -> None:
    systems = {"good": REFERENCES, "bad": ("", "Екінші үй жабылды.", "Язык и слово.", "Өзен үй.")}
    found = judge(EVALSET, systems, [make_metric("bleu"), make_metric("ter")])
    values = {(score.model, score.metric): score for score in found.scores}
    assert values["good", "bleu"].value == pytest.approx(100)
    assert values["good", "ter"].value == 0
    assert (values["good", "bleu"].n, values["good", "bleu (article)"].n) == (4, 3)
    assert values["bad", "bleu"].value == make_metric("bleu").corpus(systems["bad"], REFERENCES)
    assert "tok:13a" in values["bad", "bleu"].signature and "resampled:articles" in values["bad", "bleu"].signature
    rates = {name: (values["bad", f"check:{name}"].value, values["bad", f"check:{name}"].n) for name in ("empty", "lost-numbers")}
    assert rates == {"empty": (0.25, 4), "lost-numbers": (1, 1)}
    assert (values["bad", "check:lost-terms"].value, values["reference", "check:lost-terms"].value) == (1, 0)
    assert values["bad", "check:untranslated"].to_json()["interval"][0] == 0
    assert list(found.comparisons) == ["bleu", "bleu (article)", "ter"]
    first_words = [line.split("  ")[0] for line in found.lines()]
    assert first_words[2:5] == ["bleu ↑", "bleu (article) ↑", "ter ↓"]
    assert "check:lost-terms" in first_words
    assert found.to_json()["comparisons"]["bleu"][0]["systems"] == ["bad", "good"]


def test_the_order_of_systems_changes_nothing() -> None:
    systems = {"one": REFERENCES, "two": SOURCES, "three": REFERENCES[::-1]}
    metrics = [make_metric("chrf++")]
    assert judge(EVALSET, systems, metrics) == judge(EVALSET, dict(reversed(systems.items())), metrics)


def test_tallies_come_segment_by_segment() -> None:
    assert check_segments(EVALSET, REFERENCES)["lost-terms"] == [(0, 1), (0, 1), (0, 0), (0, 0)]


MISTAKES: dict[str, tuple[Callable[[], object], str]] = {
    "a hypothesis missing": (
        lambda: judge(EVALSET, {"hyp.txt": REFERENCES[:2]}, []),
        r"hyp\.txt: 2 hypotheses for the 4 references of invented: the first without one is 3 \(article b\): 'Язык и слово\.'",
    ),
    "one too many": (
        lambda: judge(EVALSET, {"hyp.txt": (*REFERENCES, "артық")}, []),
        r"hyp\.txt: 5 hypotheses for the 4 references of invented: the first too many is 5: 'артық'",
    ),
    "no system": (lambda: judge(EVALSET, {}, []), "name one system at least"),
    "a system of that name": (lambda: judge(EVALSET, {"reference": REFERENCES}, []), "none of them 'reference'"),
    "counts of the set": (
        lambda: EvalSet("x", "ru-kk", ("a",), ("b", "c"), ("d", "d")),
        "x: 1 sources, 2 references, 2 article ids",
    ),
    "nothing": (lambda: EvalSet("x", "ru-kk", (), (), ()), "x: no segment"),
    "an unknown language": (
        lambda: EvalSet("x", "ru-kz", ("a",), ("b",), ("c",)),
        "unknown language in 'ru-kz' of x: 'kz': did you",
    ),
    "an article in two places": (
        lambda: EvalSet("x", "ru-kk", ("a",) * 3, ("b",) * 3, ("c", "d", "c")),
        "article c do not stand",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_mistakes_are_named(name: str) -> None:
    call, message = MISTAKES[name]
    with pytest.raises(KzalignError, match=message):
        call()
