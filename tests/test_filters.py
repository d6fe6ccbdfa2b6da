"""The table of filters: what each accepts and refuses, and what holds for all of them."""

import math
from dataclasses import fields

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kzalign.config import Config, FiltersConfig
from kzalign.corpus.filters import FILTERS, Context, Recurrence, judge
from kzalign.corpus.filters.sides import MAX_SIDES
from kzalign.errors import KzalignError
from kzalign.records import LANGS, Article, Segment, Version
from kzalign.settings import load_config

GOOD = {
    "kk": "Мақалада көл суының тұздылығы мен балық түрлерінің саны арасындағы байланыс қарастырылады.",
    "ru": "В статье рассматривается связь между солёностью воды озера и числом видов рыб.",
    "en": "The article considers the relation between the salinity of the lake and the number of fish species.",
}


def segment(text: dict[str, str], alignment: float = 0.99, sentences: int = 1) -> Segment:
    ids = {lang: tuple(range(sentences)) for lang in text}
    return Segment("a/x/000", "a", "i", text, ids, {}, {"alignment": alignment}, "train")


def refused(text: dict[str, str], context: Context | None = None) -> tuple[str, ...]:
    return judge(segment(text), context or Context(), FiltersConfig()).refused


ACCEPTED = {
    "a pair": {"kk": GOOD["kk"], "ru": GOOD["ru"]},
    "a triple": GOOD,
    "Latin names in a Cyrillic side": {
        "kk": "Деректер SPSS және Microsoft Excel бағдарламаларында, Google Forms сауалнамасы арқылы өңделді.",
        "en": "The data were processed in SPSS and Microsoft Excel by means of a survey in Google Forms.",
    },
    "shared loanwords": {
        "kk": "Экономика, социология және педагогика салаларындағы инновация талданады.",
        "ru": "Анализируется инновация в областях экономики, социологии и педагогики.",
    },
    "a Kazakh name in a Russian side": {
        "kk": "«Қазақ тілінің түсіндірме сөздігі» бойынша 200 сөз іріктелді.",
        "ru": "По «Қазақ тілінің түсіндірме сөздігі» было отобрано 200 слов, которые затем были описаны.",
    },
    "numbers in all their forms": {
        "kk": "XX ғасырдың 20-жылдары 1,156 адам мен 2 млн теңге, яғни 2,5 % есепке алынды.",
        "ru": "В 1920-е годы XX в. было учтено 1156 человек и 2 млн тенге, то есть 2.5 %.",
        "en": "In the 1920s of the 20th century 1 156 people and 2,000,000 tenge, that is 2.5 %, were counted.",
    },
    "a number in words": {
        "ru": "Опрошены 84 учителя трёх сельских школ, и ответы их сопоставлены.",
        "en": "Eighty-four teachers of 3 rural schools were interviewed, and their answers were compared.",
    },
    "formulae": {
        "ru": "Рассматривается краевая задача для уравнения u_t = a·u_xx с нелокальным условием u(0,t) = 2.",
        "en": "A boundary value problem for the equation u_t = a·u_xx with the nonlocal condition u(0,t) = 2 is considered.",
    },
    "a side that begins with a figure": {
        "kk": "38 %-ы мектепті қолдайтынын айтып, жаңа сабақтарға қатысуға ниет білдірді.",
        "ru": "Из опрошенных 38 % поддержали школу и выразили желание посещать новые уроки.",
    },
    "a newspaper's site by name": {
        "kk": "Зерттеуге dala.kz порталының жаңалықтары мен шолулары материал болды.",
        "ru": "Материалом исследования послужили новости и обзоры портала dala.kz.",
    },
    "initials": {
        "ru": "В работах А. Б. Серикова и В. Г. Дала описаны обычаи рыбаков северного берега.",
        "en": "The customs of the fishermen of the northern shore are described by A. B. Serikov and V. G. Dala.",
    },
}


@pytest.mark.parametrize("text", ACCEPTED.values(), ids=ACCEPTED)
def test_good_segments_are_accepted(text: dict[str, str]) -> None:
    assert refused(text) == ()


REFUSED = {
    "another language": ("language", {"kk": GOOD["ru"], "en": GOOD["en"]}),
    "sides swapped": ("language", {"kk": GOOD["ru"], "ru": GOOD["kk"]}),
    "Kazakh in Latin letters": (
        "language",
        {"kk": "Maqalada köl suynyñ tūzdylyğy men balyq türleriniñ sany arasyndağy bailanys qarastyrylady.", "en": GOOD["en"]},
    ),
    "Kazakh in Arabic letters": (
        "language",
        {"kk": "ماقالادا كول سۋىنىڭ تۇزدىلىعى مەن بالىق تۇرلەرىنىڭ سانى قاراستىرىلادى.", "en": GOOD["en"]},
    ),
    "an English half": (
        "foreign",
        {"kk": "Мақалада көл суының тұздылығы мен the number of fish species is considered in detail.", "ru": GOOD["ru"]},
    ),
    "a Russian half": (
        "foreign",
        {"kk": "Мақалада көл суының тұздылығы рассматривается в связи с числом видов рыб.", "en": GOOD["en"]},
    ),
    "a Cyrillic half": ("foreign", {"en": "The article considers связь между солёностью воды и числом видов.", "ru": GOOD["ru"]}),
    "a copy": ("copies", {"kk": GOOD["ru"], "ru": GOOD["ru"]}),
    "nearly a copy": ("copies", {"kk": GOOD["ru"].replace("озера", "көлдің"), "ru": GOOD["ru"]}),
    "too short": ("shortest", {"kk": "Кіріспе.", "ru": "Введение."}),
    "too long": ("longest", {"kk": " ".join([GOOD["kk"]] * 20), "ru": " ".join([GOOD["ru"]] * 20)}),
    "of lengths that do not go together": (
        "length_ratio",
        {"ru": f"{GOOD['ru']} {GOOD['ru']}", "en": "The salinity of a lake is considered."},
    ),
    "a number changed": (
        "numbers",
        {"kk": "Сауалнамаға 1156 оқушы мен 40 мұғалім қатысты.", "en": "The survey covered 1165 pupils and 40 teachers."},
    ),
    "a range changed": ("numbers", {"ru": "Доля выросла на 20–25 % за год.", "en": "The share rose by 20-35 % in a year."}),
    "a beginning lost": (
        "cut",
        {"ru": "связь между солёностью воды озера и числом видов рыб рассматривается.", "en": GOOD["en"]},
    ),
    "an end lost": ("cut", {"ru": "В статье рассматривается связь между солёностью воды озера и", "en": GOOD["en"]}),
    "a sentence twice": ("repeats", {"kk": f"{GOOD['kk']} {GOOD['kk']}", "ru": f"{GOOD['ru']} {GOOD['ru']}"}),
    "a row of a table": (
        "letters",
        {"kk": "Су 12,5 14,8 19,1 22,7 25,0 31,4 38,9 42,0", "ru": "Вода 12,5 14,8 19,1 22,7 25,0 31,4 38,9 42,0"},
    ),
    "lost spaces": (
        "longest_word",
        {"ru": "В статье рассматриваетсясвязьмеждусолёностьюводыозераичисломвидоврыб.", "en": GOOD["en"]},
    ),
    "UTF-8 read as CP1251": ("broken", {"ru": GOOD["ru"].encode().decode("cp1251", "replace"), "en": GOOD["en"]}),
    "UTF-8 read as CP1252": ("broken", {"ru": GOOD["ru"].encode().decode("cp1252", "replace"), "en": GOOD["en"]}),
    "an accent read wrongly": (
        "broken",
        {"ru": GOOD["ru"], "en": "The cafÃ© on the shore and the number of fish species in the lake are considered."},
    ),
    "a lost character": ("broken", {"ru": GOOD["ru"].replace("ё", "\ufffd"), "en": GOOD["en"]}),
    "a lost character in a long sentence": ("broken", {lang: f"{' '.join([GOOD[lang]] * 9)}\ufffd" for lang in GOOD}),
    "a box": ("broken", {"ru": GOOD["ru"].replace("ё", "□"), "en": GOOD["en"]}),
    "a letter of an old font": ("broken", {"kk": GOOD["kk"].replace("ү", "ҥ"), "en": GOOD["en"]}),
    "a Latin letter in a Cyrillic word": ("broken", {"ru": GOOD["ru"].replace("озера", "oзepa"), "en": GOOD["en"]}),
    "spaced letters": ("broken", {"ru": GOOD["ru"].replace("рассматривается", " ".join("рассматривается")), "en": GOOD["en"]}),
    "spaced capitals": ("broken", {"ru": "А Н Н О Т А Ц И Я " + GOOD["ru"], "en": GOOD["en"]}),
    "HTML": ("broken", {"ru": GOOD["ru"].replace("рыб", "<i>рыб</i>"), "en": GOOD["en"]}),
    "a DOI": ("furniture", {"ru": GOOD["ru"] + " DOI: 10.1234/abc", "en": GOOD["en"]}),
    "a link": ("furniture", {"ru": GOOD["ru"] + " https://journal.example.kz/1", "en": GOOD["en"]}),
    "a code of the subject": ("furniture", {"kk": "ӘОЖ 574.5 " + GOOD["kk"], "en": GOOD["en"]}),
    "keywords": ("furniture", {"ru": GOOD["ru"] + " Ключевые слова: озеро, рыба.", "en": GOOD["en"]}),
    "an e-mail address": ("personal", {"ru": GOOD["ru"] + " a.serik@example.kz", "en": GOOD["en"]}),
    "a Kazakh phone": ("personal", {"ru": GOOD["ru"] + " +7 (701) 000-12-34", "en": GOOD["en"]}),
    "a phone without plus": ("personal", {"kk": GOOD["kk"] + " 8 727 000 12 34", "en": GOOD["en"]}),
    "a phone abroad": ("personal", {"en": GOOD["en"] + " +44 20 7946 0999", "ru": GOOD["ru"]}),
    "a phone by its word": ("personal", {"ru": GOOD["ru"] + " тел.: 200-12-34", "en": GOOD["en"]}),
    "an ORCID": ("personal", {"en": GOOD["en"] + " 0000-0002-0000-1234", "ru": GOOD["ru"]}),
    "an identity number": ("personal", {"kk": GOOD["kk"] + " ЖСН 900215400123", "ru": GOOD["ru"]}),
}


@pytest.mark.parametrize(("name", "text"), REFUSED.values(), ids=REFUSED)
def test_bad_segments_are_refused_by_the_filter_for_them(name: str, text: dict[str, str]) -> None:
    assert name in refused(text)


def test_every_filter_has_a_refused_case() -> None:
    assert set(FILTERS) - {name for name, _ in REFUSED.values()} == {"alignment", "recurrence"}


def test_alignment() -> None:
    config = FiltersConfig(alignment=0.8)
    pair = {"kk": GOOD["kk"], "ru": GOOD["ru"]}
    assert judge(segment(pair, 0.8), Context(), config).refused == ()
    assert judge(segment(pair, 0.7999), Context(), config).refused == ("alignment",)


NUMBERS_ARE_NOT_PERSONAL = [
    "120 000 345 678 тенге",
    "2019–2020 жж. 15 000–20 000",
    "12.05.2019",
    "0,125 ± 0,003",
    "10 000 000 000",
]


@pytest.mark.parametrize("figures", NUMBERS_ARE_NOT_PERSONAL)
def test_figures_are_no_personal_data(figures: str) -> None:
    assert "personal" not in refused({"ru": f"{GOOD['ru']} {figures}.", "en": f"{GOOD['en']} {figures}."})


def corpus(sentence: str, articles: int) -> Context:
    counts = Recurrence()
    for number in range(articles):
        counts.add(Article(str(number), "i", versions={"ru": Version("ru", sentences=(GOOD["ru"], sentence))}))
    return Context(counts.freeze())


@pytest.mark.parametrize(("articles", "expected"), [(10, ()), (11, ("recurrence",))])
def test_recurrence_over_articles(articles: int, expected: tuple[str, ...]) -> None:
    often = "Работа выполнена при поддержке совета и принята к печати."
    text = {"kk": "Жұмыс кеңестің қолдауымен орындалып, баспаға қабылданды.", "ru": often}
    context = corpus(often, articles)
    assert refused(text, context) == expected


def test_recurrence_looks_at_each_sentence_of_a_side() -> None:
    context = corpus("Работа выполнена при поддержке совета.", 11)
    text = {
        "kk": "Көл зерттелді. Жұмыс кеңестің қолдауымен орындалды.",
        "ru": "Озеро исследовано. Работа выполнена при поддержке совета.",
    }
    assert judge(segment(text, sentences=2), context, FiltersConfig()).refused == ("recurrence",)


def test_what_a_side_is_in_is_told() -> None:
    found = judge(
        segment({"kk": "ماقالادا كول سۋىنىڭ تۇزدىلىعى مەن بالىق تۇرلەرىنىڭ سانى قاراستىرىلادى.", "ru": GOOD["ru"]}),
        Context(),
        FiltersConfig(),
    ).found
    assert found == {"kk": "kk-Arab", "ru": "ru-Cyrl"}


def test_the_table_and_the_configuration_name_the_same_filters() -> None:
    assert list(FILTERS) == [f.name for f in fields(FiltersConfig) if f.name != "skip"]
    assert all(name == filter_.name and filter_.measures for name, filter_ in FILTERS.items())


def test_refusals_are_in_the_order_of_the_table() -> None:
    found = refused({"kk": "В статье 12 a.b@example.kz", "ru": GOOD["ru"] + " 13"})
    assert len(found) > 3
    assert list(found) == [name for name in FILTERS if name in found]


def test_a_filter_is_switched_off() -> None:
    text = {"kk": GOOD["kk"], "ru": GOOD["ru"] + " a.serik@example.kz"}
    config = load_config(None, ['filters.skip=["personal"]']).filters
    verdict = judge(segment(text), Context(), config)
    assert verdict.refused == ()
    assert list(verdict.scores) == [name for name in FILTERS if name != "personal"]


def test_an_unknown_filter_cannot_be_switched_off() -> None:
    with pytest.raises(KzalignError, match=r"filters.skip: unknown filter 'persnal': did you mean 'personal'\?"):
        load_config(None, ['filters.skip=["persnal"]'])


TEXTS = st.text(st.sampled_from("абғіқaәeuts AБQ 0123456789.,:;()@«»-–\n\tÐ\ufffdа"), max_size=60) | st.text(max_size=40)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(LANGS), min_size=2, max_size=3, unique=True), st.lists(TEXTS, min_size=3, max_size=3))
def test_every_score_is_finite_and_the_same_again(langs: list[str], texts: list[str]) -> None:
    row = segment(dict(zip(langs, texts, strict=False)))
    context = Context()
    first = judge(row, context, Config().filters)
    assert list(first.scores) == list(FILTERS)
    assert all(math.isfinite(score) and score >= 0 for score in first.scores.values())
    again = judge(segment(row.text), context, Config().filters)
    assert again == first == judge(row, Context(), Config().filters)


def test_a_full_memory_changes_nothing() -> None:
    context = Context()
    first = judge(segment(GOOD), context, FiltersConfig())
    for number in range(MAX_SIDES // 2 + 1):
        judge(segment({"kk": f"бір {number}", "ru": f"один {number}"}), context, FiltersConfig())
    assert judge(segment(GOOD), context, FiltersConfig()) == first
