"""Bulk translation: what is asked of the model, what is wrong with its answers, what the articles become."""

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from translators import Faulty, Speller, spelled

from kzalign.config import TranslateConfig
from kzalign.errors import KzalignError
from kzalign.mt.backend import Hypothesis
from kzalign.mt.bulk import Summary, ledger, translate
from kzalign.mt.bulk.checks import CHECKS, Pair, flags_of
from kzalign.mt.bulk.glossary import Glossary, has_term, missed_terms, read_glossary, stems_of, words_of
from kzalign.mt.bulk.job import Job
from kzalign.mt.bulk.languages import is_off_target
from kzalign.mt.bulk.pieces import batches, characters, cleaned, split_long
from kzalign.mt.bulk.readers import Input, open_source
from kzalign.mt.bulk.shards import Shard, parse_shard, shard_of
from kzalign.mt.contract import Terms
from kzalign.records import LANGS, Article, Bead, Machine, Version, dumps
from kzalign.store import read_articles

DAY = "2026-01-31"
ALL = Job(("kk", "ru", "en"), date=DAY)


@pytest.fixture(autouse=True, scope="module")
def fast_disk() -> Iterator[None]:
    """Syncing is left out: a shared disk takes its time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledger.os, "fsync", lambda handle: None)
        yield


def ru(*sentences: str, **fields: Any) -> Version:
    """Returns a Russian version."""
    return Version("ru", abstract=" ".join(sentences), sentences=sentences, **fields)


def run(
    folder: Path, articles: list[Article], translator: Speller | None = None, job: Job = ALL
) -> tuple[list[Article], Summary]:
    """Translates the articles and returns them with the summary."""
    given, output = folder / "in.jsonl", folder / "out.jsonl"
    given.write_text("".join(dumps(a.to_json()) + "\n" for a in articles), encoding="utf-8")
    summary = translate(open_source(Input(str(given))), output, translator or Speller(), job, force=True)
    return list(read_articles(output)), summary


WATER = "Вода важна для роста растений."
SOIL = "Почва была исследована в 2019 году."
SALT = "Содержание солей составило 12,5 процента."
FLAGGED: dict[str, tuple[str, str, str, str]] = {
    # the source, the hypothesis, the target language, the one flag
    "nothing": (WATER, "", "en", "empty"),
    "a copy": ("Иванов А.А., Петров Б.Б., Сидоров", "Иванов А.А. Петров Б.Б. сидоров", "kk", "copy"),
    "another script": (WATER, "Вода нужна для растений всегда.", "en", "language"),
    "Latin for Kazakh": (WATER, "Water is needed for plants.", "kk", "language"),
    "Russian for Kazakh": (
        WATER + " Она растворяет соли почвы.",
        "Вода необходима для жизни всех растений и растворяет соли.",
        "kk",
        "language",
    ),
    "Kazakh for Russian": ("Water is important for plants.", "Су өсімдіктердің өсуі үшін маңызды.", "ru", "language"),
    "Georgian": (WATER, "წყალი მნიშვნელოვანია ზრდისთვის", "en", "language"),
    "a word again and again": (WATER, "Water water water water water growth.", "en", "repetition"),
    "two words again and again": (WATER, "of the of the of the of the plants", "en", "repetition"),
    "four words again and again": (
        f"{WATER} {WATER} {WATER}",
        "to the growth of to the growth of to the growth of to the growth of plants",
        "en",
        "repetition",
    ),
    "letters again and again": (WATER, "Water is hahahahahahahahahaha.", "en", "repetition"),
    "too long": (
        WATER,
        "Water " + "matters because plants need it and soils hold it, so that crops grow well each year.",
        "en",
        "length",
    ),
    "too short": (WATER, "Water.", "en", "length"),
    "a keyword grown to a text": (
        "вода",
        "Water is what plants need for their growth, as everyone who has a garden knows.",
        "en",
        "length",
    ),
    "a lost year": (SOIL, "The soil was investigated that year.", "en", "numbers"),
    "a changed year": (SOIL, "The soil was investigated in 2018.", "en", "numbers"),
    "an end that is missing": (f"{SOIL} {WATER}", "The soil was investigated in 2019 and", "en", "truncated"),
}


@pytest.mark.parametrize(("source", "hypothesis", "target", "flag"), FLAGGED.values(), ids=FLAGGED)
def test_flags(source: str, hypothesis: str, target: str, flag: str) -> None:
    assert flags_of(Pair(source, hypothesis, target)) == (flag,)


GOOD: dict[str, tuple[str, str, str]] = {
    "a sentence": (WATER, "Water is important for the growth of plants.", "en"),
    "numbers": (SALT, "The content of salts was 12.5 per cent.", "en"),
    "thousands": ("Собрано 1 250 образцов почвы.", "1,250 samples of soil were collected.", "en"),
    "one digit as a word": ("Описаны 3 образца почвы.", "Three samples of soil are described.", "en"),
    "a name": ("GPS", "GPS", "ru"),
    "a long name": ("Web of Science", "Web of Science", "kk"),
    "a loan": ("интернет", "интернет", "kk"),
    "two terms": ("pH, NaCl", "pH, NaCl", "ru"),
    "a short title": ("Вода", "Water", "en"),
    "a loop in the source": ("Ряд: да да да да да.", "A row: yes yes yes yes yes.", "en"),
    "Kazakh": ("Water is important for plants.", "Су өсімдіктер үшін маңызды.", "kk"),
    "short Kazakh without its letters": ("Main part", "Баланы баптау", "kk"),
    "a formula": ("H2O + CO2 = H2CO3", "H2O + CO2 = H2CO3", "kk"),
}


@pytest.mark.parametrize(("source", "hypothesis", "target"), GOOD.values(), ids=GOOD)
def test_what_is_good_has_no_flag(source: str, hypothesis: str, target: str) -> None:
    assert flags_of(Pair(source, hypothesis, target)) == ()


def test_every_check_has_a_case() -> None:
    assert {flag for *_, flag in FLAGGED.values()} == set(CHECKS) - {"glossary"}


def test_a_model_that_says_that_it_did_not_finish() -> None:
    assert flags_of(Pair(WATER, "Water is important for plants.", "en", unfinished=True)) == ("truncated",)


LANGUAGES: dict[str, tuple[str, set[str]]] = {
    # a text and the languages that it is surely not in
    "Russian": (WATER + SOIL, {"kk", "en"}),
    "Russian with Kazakh names": ("Вся работа была сделана в городах Өскемен и Семей за один год.", {"kk", "en"}),
    "a Russian keyword": ("загрязнение почвы", {"kk", "en"}),
    "Kazakh": ("Су өсімдіктер үшін маңызды.", {"ru", "en"}),
    "Kazakh without its letters": ("Баланы баптау жолдары", {"ru", "en"}),
    "English": ("Water is important.", {"kk", "ru"}),
    "other letters": ("水" * 20, {"kk", "ru", "en"}),
    "too short": ("pH 7 вода", set()),
}


@pytest.mark.parametrize(("text", "wrong"), LANGUAGES.values(), ids=LANGUAGES)
def test_off_target(text: str, wrong: set[str]) -> None:
    assert {lang for lang in LANGS if is_off_target(text, lang)} == wrong


TERMS: dict[str, tuple[str, str, bool]] = {
    "itself": ("soil", "The soil is wet.", True),
    "a Russian case": ("почва", "Свойства почвы описаны.", True),
    "a Russian phrase": ("тяжёлые металлы", "Содержание тяжелых металлов выросло.", True),
    "a Kazakh case": ("топырақ", "Топырағының қасиеттері.", True),
    "Kazakh plural": ("өсімдік", "өсімдіктердің өсуі", True),
    "English plural": ("heavy metal", "Heavy metals are found.", True),
    "another word": ("soil", "The solar wind.", False),
    "a short word is whole": ("ток", "точка", False),
    "half of a phrase": ("heavy metals", "Heavy rains and metals.", False),
    "the end of the text": ("heavy metals", "It is heavy", False),
    "no word": ("—", "— —", False),
}


@pytest.mark.parametrize(("term", "text", "found"), TERMS.values(), ids=TERMS)
def test_terms_are_found_in_any_form(term: str, text: str, found: bool) -> None:
    assert has_term(words_of(text), stems_of(term)) is found


def test_a_glossary_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "terms.tsv"
    path.write_text("ru\tkk\tnote\nпочва\tтопырақ|жер\tx\n\nтяжёлые металлы\tауыр металдар\t\nвода\t\t\n", encoding="utf-8")
    glossary = read_glossary(path)
    found = glossary.terms_in("В почве нет тяжёлых металлов и воды.", "ru", "kk")
    assert found == (("тяжёлые металлы", ("ауыр металдар",)), ("почва", ("топырақ", "жер")))
    assert glossary.terms_in("Жердің суы", "kk", "ru") == (("жер", ("почва",)),)
    assert glossary.terms_in("В почве", "ru", "en") == ()
    assert list(missed_terms("Жерде ауыр металдардың мөлшері аз.", found)) == []
    assert list(missed_terms("Суда ештеңе жоқ.", found)) == ["тяжёлые металлы", "почва"]


BAD_GLOSSARIES = {
    "no languages": ("a\tb\n", r"terms.tsv:1: the first line names the columns, at least two of them of kk, ru, en"),
    "empty": ("", r"terms.tsv:1: the first line"),
    "a cell too few": ("kk\tru\nсу\n", r"terms.tsv:2: 1 cells where the first line has 2"),
}


@pytest.mark.parametrize(("text", "told"), BAD_GLOSSARIES.values(), ids=BAD_GLOSSARIES)
def test_a_bad_glossary(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "terms.tsv").write_text(text, encoding="utf-8")
    with pytest.raises(KzalignError, match=told):
        read_glossary(tmp_path / "terms.tsv")


@settings(max_examples=150, deadline=None)
@given(st.text(st.sampled_from("аб .,;-"), max_size=300), st.integers(1, 50))
def test_pieces_lose_no_letter(text: str, limit: int) -> None:
    text = cleaned(text)
    pieces = split_long(text, limit, characters)
    assert "".join(pieces).replace(" ", "") == text.replace(" ", "")
    assert all(len(piece) <= limit for piece in pieces)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 60)), st.integers(1, 200), st.integers(1, 9))
def test_batches_hold_every_text_once_and_are_bounded(lengths: list[int], cost: int, most: int) -> None:
    found = list(batches(lengths, cost, most))
    assert sorted(i for batch in found for i in batch) == list(range(len(lengths)))
    for batch in found:
        assert len(batch) == 1 or (len(batch) <= most and len(batch) * max(lengths[i] for i in batch) <= cost)


@given(st.text())
def test_cleaned_texts_are_one_line_without_control_characters(text: str) -> None:
    found = cleaned(text)
    assert not any(char < " " or char in "\x7f\x85\u2028\u2029" for char in found)
    assert found == " ".join(found.split()) == cleaned(found)
    assert [char for char in text if char.isalnum()] == [char for char in found if char.isalnum()]
    found.encode()


@given(st.text(st.characters(codec="utf-8")), st.integers(1, 50))
def test_every_id_is_in_one_shard(record_id: str, of: int) -> None:
    assert sum(Shard(number, of).has(record_id) for number in range(1, of + 1)) == 1


def test_shards_are_stable_and_even() -> None:
    assert [shard_of(f"a-{n}", 4) for n in range(8)] == [4, 2, 2, 1, 1, 1, 4, 3]
    sizes = [sum(shard_of(f"a-{n}", 4) == k for n in range(4000)) for k in range(1, 5)]
    assert min(sizes) > 900


@pytest.mark.parametrize("text", ["", "2", "0/2", "3/2", "1/0", "-1/2", "a/b", "1/2/3", "01/2"])
def test_no_shard(text: str) -> None:
    with pytest.raises(KzalignError, match="expected i/n"):
        parse_shard(text)
    assert str(parse_shard("2/8")) == "2/8"


def test_an_article_is_filled(tmp_path: Path) -> None:
    article = Article("a", "i", (3, 9), {"ru": ru(WATER, SOIL, title="Вода", keywords=("вода", "почва"))}, notes=("n",))
    (found,), summary = run(tmp_path, [article], Speller("m@r"))
    assert found.versions["ru"] == article.versions["ru"]
    assert (found.id, found.issue_id, found.article_lines, found.notes) == ("a", "i", (3, 9), ("n",))
    assert list(found.versions) == ["kk", "ru", "en"]
    for lang in ("kk", "en"):
        version = found.versions[lang]
        assert version.title == spelled("Вода", lang)
        assert version.sentences == (spelled(WATER, lang), spelled(SOIL, lang))
        assert version.abstract == " ".join(version.sentences)
        assert version.keywords == (spelled("вода", lang), spelled("почва", lang))
        assert version.machine == Machine("m@r", version.machine.settings, DAY, "ru", ("title", "abstract", "keywords"))
    assert summary.counts == {"already there": 1, "versions": 2, "texts": 10, "flagged": 0, "articles": 1}


def test_what_people_wrote_stays(tmp_path: Path) -> None:
    """A title or keywords without an abstract are kept, and the record says which fields are the machine's."""
    there = Version("kk", "Су", "", (), ("су",))
    article = Article("a", "i", versions={"kk": there, "ru": ru(WATER, title="Вода", keywords=("вода", "соль"))})
    (found,), _ = run(tmp_path, [article])
    made = found.versions["kk"]
    assert (made.title, made.keywords, made.machine and made.machine.fields) == ("Су", ("су",), ("abstract",))


SOURCES: dict[str, tuple[tuple[str, ...], tuple[str, ...], dict[str, str]]] = {
    # languages with an abstract, --from, the source of each language made
    "from Russian": (("ru",), (), {"kk": "ru", "en": "ru"}),
    "Kazakh from Russian": (("ru", "en"), (), {"kk": "ru"}),
    "Russian from Kazakh": (("kk", "en"), (), {"ru": "kk"}),
    "English from Russian": (("kk", "ru"), (), {"en": "ru"}),
    "from English": (("en",), (), {"kk": "en", "ru": "en"}),
    "the order given": (("ru", "en"), ("en", "ru"), {"kk": "en"}),
    "only what is named": (("ru",), ("en", "kk"), {}),
    "nothing missing": (("kk", "ru", "en"), (), {}),
}


@pytest.mark.parametrize(("present", "sources", "expected"), SOURCES.values(), ids=SOURCES)
def test_what_is_translated_from_what(
    tmp_path: Path, present: tuple[str, ...], sources: tuple[str, ...], expected: dict[str, str]
) -> None:
    versions = {lang: Version(lang, abstract=spelled(WATER, lang)) for lang in present}
    (found,), _ = run(tmp_path, [Article("a", "i", versions=versions)], job=replace(ALL, sources=sources))
    assert {lang: v.machine.source for lang, v in found.versions.items() if v.machine} == expected
    assert {lang: v for lang, v in found.versions.items() if not v.machine} == versions


def test_what_a_machine_wrote_is_not_translated_further(tmp_path: Path) -> None:
    machine = Machine("m@r", "0", DAY, "en", ("abstract",))
    article = Article("a", "i", versions={"ru": replace(ru(WATER), machine=machine)})
    (found,), summary = run(tmp_path, [article])
    assert found == article
    assert summary.counts["no source"] == 2


def test_beads_of_a_version_that_was_empty_go(tmp_path: Path) -> None:
    article = Article(
        "a",
        "i",
        versions={"kk": Version("kk"), "ru": ru(WATER), "en": Version("en", abstract="Water.", sentences=("Water.",))},
        alignment={"kk-ru": (Bead((), (0,)),), "ru-en": (Bead((0,), (0,)),)},
    )
    (found,), _ = run(tmp_path, [article])
    assert found.alignment == {"ru-en": (Bead((0,), (0,)),)}


UNCHANGED: dict[str, tuple[Article, str]] = {
    "no version": (Article("a", "i"), "no version"),
    "titles alone": (Article("a", "i", versions={"ru": Version("ru", "Вода")}), "no source"),
    "a blank abstract": (Article("a", "i", versions={"ru": Version("ru", abstract=" \n ")}), "no source"),
}


@pytest.mark.parametrize(("article", "counted"), UNCHANGED.values(), ids=UNCHANGED)
def test_an_article_that_gives_nothing_stays_and_is_counted(tmp_path: Path, article: Article, counted: str) -> None:
    (found,), summary = run(tmp_path, [article])
    assert found == article
    assert summary.counts[counted] >= 1
    assert summary.counts["versions"] == 0


def test_one_retry_under_other_settings(tmp_path: Path) -> None:
    """Of three faults one is cured, one gets no better, one gets worse and keeps its first hypothesis."""
    sentences = (WATER, SOIL, SALT, "Опыт повторён.")
    lost = "Poçva byla issledovana v godu."
    model = Faulty(
        {WATER: "", SOIL: lost, SALT: "Solerjanie 12 i ne bolee togo procentov."}, {WATER: spelled(WATER, "en"), SALT: ""}
    )
    (found,), summary = run(tmp_path, [Article("a", "i", versions={"ru": ru(*sentences)})], model, replace(ALL, targets=("en",)))
    version = found.versions["en"]
    assert version.sentences[0] == spelled(WATER, "en")
    assert version.sentences[1] == lost
    assert version.machine is not None
    assert version.machine.flags == {"abstract/1": ("numbers",)}
    assert [(set(texts), settings) for texts, settings in model.again] == [
        ({WATER, SOIL}, {"num_beams": 5, "no_repeat_ngram_size": 3, "repetition_penalty": 1.2, "stretch": 2})
    ]
    assert (summary.counts["flagged"], summary.counts["flag numbers"]) == (1, 1)


def test_a_second_hypothesis_that_is_unfinished_is_no_better(tmp_path: Path) -> None:
    lost = "Pocva byla issledovana v godu."
    model = Faulty({SOIL: lost}, {SOIL: f"{spelled(SOIL, 'en')}…"})
    (found,), _ = run(tmp_path, [Article("a", "i", versions={"ru": ru(SOIL)})], model, replace(ALL, targets=("en",)))
    assert found.versions["en"].sentences == (lost,)


def test_only_flagged_texts_are_asked_again_and_with_their_terms(tmp_path: Path) -> None:
    """The model forgets a term; asked again it is told the term once more, and no other text is asked again."""
    model = Faulty({SOIL: spelled(SOIL, "en")}, {SOIL: f"{spelled(SOIL, 'en')} soil"})
    job = replace(ALL, targets=("en",), glossary=Glossary([{"ru": ("почва",), "en": ("soil",)}]))
    (found,), _ = run(tmp_path, [Article("a", "i", versions={"ru": ru(SOIL, WATER, SALT)})], model, job)
    assert found.versions["en"].sentences[0].endswith(" soil")
    assert [texts for texts, _ in model.again] == [[SOIL]]
    assert model.glossaries == [[(("почва", ("soil",)),)]]


def test_a_worse_second_hypothesis_is_not_taken(tmp_path: Path) -> None:
    lost = "Pocva byla issledovana v godu."
    model = Faulty({SOIL: lost}, {SOIL: "и и и и и и и"})
    (found,), _ = run(tmp_path, [Article("a", "i", versions={"ru": ru(SOIL)})], model, replace(ALL, targets=("en",)))
    assert found.versions["en"].sentences == (lost,)


def test_an_empty_hypothesis_keeps_its_place(tmp_path: Path) -> None:
    (found,), _ = run(tmp_path, [Article("a", "i", versions={"ru": ru(WATER, SOIL)})], Faulty({WATER: " \x00 "}))
    version = found.versions["en"]
    assert version.sentences == ("", spelled(SOIL, "en"))
    assert version.abstract == spelled(SOIL, "en")
    assert version.machine and version.machine.flags == {"abstract/0": ("empty",)}


def test_a_text_is_asked_once_a_window(tmp_path: Path) -> None:
    articles = [Article(f"a{n}", "i", versions={"ru": ru(WATER, keywords=("вода", "Вода"))}) for n in range(5)]
    speller = Speller()
    run(tmp_path, articles, speller, replace(ALL, targets=("en",)))
    assert sorted(speller.texts) == sorted((WATER, "вода", "Вода"))


def test_blank_sentences_and_control_characters(tmp_path: Path) -> None:
    sentences = ("Вода\x07 важна\nвсем.", " \t", "Соль\x00нужна.")
    speller = Speller()
    (found,), _ = run(tmp_path, [Article("a", "i", versions={"ru": ru(*sentences)})], speller, replace(ALL, targets=("en",)))
    assert found.versions["ru"].sentences == sentences
    assert found.versions["en"].sentences == ("Voda vajna vsem.", "", "Soli nujna.")
    assert sorted(speller.texts) == ["Вода важна всем.", "Соль нужна."]


def test_a_very_long_abstract_and_a_very_long_sentence(tmp_path: Path) -> None:
    chance = random.Random(1)
    many = " ".join(f"Опыт номер {n} дал новый результат." for n in range(3000))
    one = " ".join(f"номер{chance.randrange(10**6)}" for _ in range(9000))
    articles = [
        Article(name, "i", versions={"ru": Version("ru", abstract=text)}) for name, text in (("many", many), ("one", one))
    ]
    assert min(len(many), len(one)) > 100_000
    speller = Speller()
    (first, second), summary = run(tmp_path, articles, speller, replace(ALL, targets=("en",)))
    assert first.versions["en"].abstract == spelled(many, "en")
    assert len(first.versions["en"].sentences) == 3000
    assert second.versions["en"].abstract == spelled(one, "en")
    assert second.versions["en"].machine and "split" in second.versions["en"].machine.flags["abstract/0"]
    assert (summary.counts["flagged"], summary.counts["flag split"]) == (1, 1)
    assert max(map(len, speller.texts)) <= TranslateConfig().max_length


def test_a_word_that_was_cut_is_whole_again(tmp_path: Path) -> None:
    text = f"Номер {'1234567890' * 5} дан."
    job = replace(ALL, targets=("en",), config=TranslateConfig(max_length=20))
    (found,), _ = run(tmp_path, [Article("a", "i", versions={"ru": ru(text)})], Speller(), job)
    assert found.versions["en"].sentences == (spelled(text, "en"),)


def test_whole_abstracts(tmp_path: Path) -> None:
    """A document that is too long for the model falls back to sentences."""
    config = TranslateConfig(unit="document", max_length=80)
    articles = [
        Article("short", "i", versions={"ru": ru(WATER, SOIL)}),
        Article("long", "i", versions={"ru": ru(WATER, SOIL, SALT)}),
    ]
    speller = Speller()
    (short, long), _ = run(tmp_path, articles, speller, replace(ALL, targets=("en",), config=config))
    assert f"{WATER} {SOIL}" in speller.texts
    assert short.versions["en"].abstract == spelled(f"{WATER} {SOIL}", "en")
    assert short.versions["en"].sentences == ()
    assert long.versions["en"].sentences == tuple(spelled(s, "en") for s in (WATER, SOIL, SALT))


class OneWay(Speller):
    """A model of some directions."""

    pairs = ("en-kk", "ru-en")


def test_directions_of_the_model_choose_the_source(tmp_path: Path) -> None:
    """Kazakh is made from English, though Russian would be better, and not from Russian alone."""
    both = Article("both", "i", versions={"ru": ru(WATER), "en": Version("en", abstract="Water is important.")})
    found, summary = run(tmp_path, [both, replace(both, versions={"ru": ru(WATER)})], OneWay(), replace(ALL, targets=("kk",)))
    assert [list(a.versions) for a in found] == [["kk", "ru", "en"], ["ru"]]
    assert found[0].versions["kk"].machine and found[0].versions["kk"].machine.source == "en"
    assert summary.counts["no source"] == 1
    with pytest.raises(KzalignError, match=r"--to ru: nothing to translate it from \(speller@1 has en-kk, ru-en\)"):
        run(tmp_path, [both], OneWay())


class Counting(Speller):
    """A model that counts words, of which it takes five."""

    max_length = 5

    def lengths(self, texts: list[str]) -> list[int]:
        """Returns the words of each text."""
        return [len(text.split()) for text in texts]


def test_lengths_are_the_models_own(tmp_path: Path) -> None:
    model = Counting()
    (found,), _ = run(tmp_path, [Article("a", "i", versions={"ru": ru(SOIL, WATER)})], model, replace(ALL, targets=("en",)))
    assert found.versions["en"].sentences == (spelled(SOIL, "en"), spelled(WATER, "en"))
    assert max(model.lengths(model.texts)) <= 5
    assert found.versions["en"].machine and found.versions["en"].machine.flags == {"abstract/0": ("split",)}


class Obedient(Speller):
    """A model that can be made to use terms."""

    def __init__(self) -> None:
        super().__init__()
        self.terms: list[Terms] = []

    def translate_terms(self, texts: list[str], source: str, target: str, glossary: list[Terms]) -> list[Hypothesis]:
        """Returns each text spelled, with the first translation of each term at its end."""
        self.terms += glossary
        return [
            Hypothesis(" ".join([spelled(text, target), *(t[1][0] for t in terms)]))
            for text, terms in zip(texts, glossary, strict=True)
        ]


def test_a_glossary_is_given_to_a_model_that_takes_one_and_checked(tmp_path: Path) -> None:
    glossary = Glossary([{"ru": ("почва",), "en": ("soil",)}])
    article = Article("a", "i", versions={"ru": ru(SOIL, WATER)})
    job = replace(ALL, targets=("en",), glossary=glossary)
    model = Obedient()
    (found,), _ = run(tmp_path, [article], model, job)
    assert model.terms == [(("почва", ("soil",)),)]
    assert found.versions["en"].sentences == (f"{spelled(SOIL, 'en')} soil", spelled(WATER, "en"))
    assert found.versions["en"].machine and found.versions["en"].machine.flags == {}
    (found,), _ = run(tmp_path, [article], Speller(), job)
    assert found.versions["en"].machine and found.versions["en"].machine.flags == {"abstract/0": ("glossary",)}


def test_the_authors_own_keywords_are_terms(tmp_path: Path) -> None:
    article = Article(
        "a", "i", versions={"ru": ru(SOIL, WATER, keywords=("почва", "рост")), "en": Version("en", keywords=("soil", "growth"))}
    )
    model = Obedient()
    run(tmp_path, [article], model, replace(ALL, targets=("en",)))
    assert sorted(model.terms) == [(("почва", ("soil",)),), (("рост", ("growth",)),)]


class Marking(Speller):
    """A model that says which hypotheses it did not finish."""

    def hypotheses(self, texts: list[str], source: str, target: str) -> list[Any]:
        """Returns each text spelled; of those on soil it read only the beginning."""
        return [
            type("H", (), {"text": spelled(text, target), "flags": ("source_cut",) if text == SOIL else ()})() for text in texts
        ]


def test_what_the_model_knows_of_its_hypotheses(tmp_path: Path) -> None:
    (found,), _ = run(tmp_path, [Article("a", "i", versions={"ru": ru(WATER, SOIL)})], Marking())
    assert found.versions["en"].machine and found.versions["en"].machine.flags == {"abstract/1": ("truncated",)}


class Short(Speller):
    """A model that loses a hypothesis."""

    def translate(self, texts: Any, source: str, target: str) -> list[str]:
        """Returns one too few."""
        return super().translate(texts, source, target)[1:]


def test_a_model_that_loses_a_hypothesis_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="speller@1 gave 1 hypotheses for 2 texts"):
        run(tmp_path, [Article("a", "i", versions={"ru": ru(WATER, SOIL)})], Short())


BAD_JOBS: dict[str, tuple[Job, str]] = {
    "a target it lacks": (Job(("kk",)), r"speller@1 has en, ru, not kk: name the languages"),
    "a source it lacks": (Job(("en",), ("kk",)), r"speller@1 has en, ru, not kk"),
    "an unknown language": (Job(("de",)), r"unknown language 'de'"),
    "from itself": (Job(("en",), ("en",)), r"--to en: nothing to translate it from"),
    "an unknown unit": (Job(("en",), config=TranslateConfig(unit="page")), r"unknown unit 'page'"),
}


@pytest.mark.parametrize(("job", "told"), BAD_JOBS.values(), ids=BAD_JOBS)
def test_what_the_model_cannot_do_is_told_before_any_work(tmp_path: Path, job: Job, told: str) -> None:
    speller = Speller(languages=("ru", "en"))
    with pytest.raises(KzalignError, match=told):
        run(tmp_path, [Article("a", "i", versions={"ru": ru(WATER)})], speller, job)
    assert speller.batches == []
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]


texts = st.text(st.sampled_from("абвә .!?1\x07\n"), min_size=1, max_size=40)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.lists(texts, max_size=5), st.none() | texts, st.lists(texts, max_size=3)), min_size=1, max_size=8),
    st.integers(1, 12),
    st.integers(1, 60),
)
def test_every_sentence_has_one_hypothesis_and_every_article_its_place(
    tmp_path_factory: pytest.TempPathFactory,
    parts: list[tuple[list[str], str | None, list[str]]],
    window: int,
    batch: int,
) -> None:
    articles = [
        Article(f"a{n}", "i", versions={"ru": ru(*sentences, title=title, keywords=tuple(keywords))})
        for n, (sentences, title, keywords) in enumerate(parts)
    ]
    config = TranslateConfig(window=window, batch=batch, max_length=20)
    found, summary = run(tmp_path_factory.mktemp("any"), articles, job=Job(("en",), config=config))
    assert [a.id for a in found] == [a.id for a in articles]
    for before, after in zip(articles, found, strict=True):
        source = before.versions["ru"]
        assert after.versions["ru"] == source
        if source.abstract.strip():
            made = after.versions["en"]
            # A word longer than the model takes is cut, and its pieces are joined by a space.
            for given, got in ((source.sentences, made.sentences), (source.keywords, made.keywords)):
                assert [text.replace(" ", "") for text in got] == [spelled(cleaned(t), "en").replace(" ", "") for t in given]
        else:
            assert "en" not in after.versions
    assert summary.counts.get("articles", 0) == len(articles)
