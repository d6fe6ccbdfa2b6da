"""Texts that stand close to what is none of them: sections, titles, posts, margins, lines that many articles open with."""

import pytest

from kzalign.align.relate import relatedness
from kzalign.config import ExtractConfig
from kzalign.extract import extract
from kzalign.records import Issue, Version

AUTHORS = "A.B. Lind1, M. Holmes2"
TEXT = (
    "The paper shows how families of small towns save water and what their homes have in common. Meters matter more than\n"
    "prices, and habits are slow to change. The gaps of the survey are named, and a second one is proposed for the winter."
)
KAZAKH = (
    "Мақалада шағын қалалардағы отбасылардың суды қалай үнемдейтіні және үйлерінің ортақ белгілері көрсетілген. Есептегіш\n"
    "бағадан маңызды, ал әдет баяу өзгереді. Сауалнаманың олқылықтары аталып, қыста екіншісін өткізу ұсынылады."
)
RUSSIAN = (
    "В статье показано, как семьи малых городов берегут воду и что общего у их домов. Счётчики важнее цен, а привычки\n"
    "меняются медленно. Названы пробелы опроса, и предложено повторить его зимой."
)
BODY = "\n\nIntroduction\n\nWater has always been scarce here. The river dries up in August, and the wells are brackish then.\n"


def versions(text: str) -> dict[str, Version]:
    """Returns the versions of the only article of a document."""
    issue = Issue("d", "d.txt", "0" * 64, "utf-8", tuple(text.split("\n")))
    (article,) = extract(issue, ExtractConfig(), relatedness).articles
    return article.versions


def flat(text: str) -> str:
    return " ".join(text.split())


STRUCTURED = f"Introduction. {TEXT} Results. Water use fell by a tenth. Conclusions. Meters are worth their price."
WHOLE: dict[str, tuple[str, str, str]] = {
    "an opening section right below the heading": (
        f"WATER OF SMALL TOWNS\n\n{AUTHORS}\n\nAbstract\n\n{STRUCTURED}{BODY}",
        "en",
        STRUCTURED,
    ),
    "keywords above it and another version's title, with a stop, below it": (
        f"МАҚАЛА ТУРАЛЫ\nТүйін сөздер:\nсу\nшағын қала\n\nАҢДАТПА\n\n{KAZAKH}\n\nWater of small towns.\n\n{AUTHORS}\n",
        "kk",
        KAZAKH,
    ),
    "keywords above it and a body in another language below it": (
        f"МАҚАЛА ТУРАЛЫ\nТүйін сөздер:\nсу\nшағын қала\n\nАҢДАТПА\n\n{KAZAKH}\n\n{TEXT}\n",
        "kk",
        KAZAKH,
    ),
    "a line that tells of students, and goes on": (
        "ШАҒЫН ҚАЛА\n\nАңдатпа\n\nБұл мақалада педагогикалық мамандықтар студенттерінің\nүйде суды қалай үнемдейтіні зерттеледі. "
        f"{KAZAKH}\n\nКіріспе\n",
        "kk",
        f"Бұл мақалада педагогикалық мамандықтар студенттерінің үйде суды қалай үнемдейтіні зерттеледі. {KAZAKH}",
    ),
    "thanks between it and the keywords": (
        f"ҚАЛАНЫҢ СУЫ\n\nАңдатпа. {KAZAKH}\nАлғыс айту: Мақала AP00000000 жобасы аясында\nорындалды.\nТүйін сөздер: су, қала\n",
        "kk",
        KAZAKH,
    ),
    "thanks below a text without a heading": (
        f"WATER OF SMALL TOWNS\n\n{AUTHORS}\n\n{TEXT}\nFunding: The work had a grant of the town.\nKeywords: water, towns\n",
        "en",
        TEXT,
    ),
    "a note on how to cite, over two lines": (
        f"WATER OF SMALL TOWNS\n\n{AUTHORS}\n\nAbstract\n{TEXT}\n\nFor citation: Lind A., Holmes M. Water of small\n"
        f"towns and what families do with it. Arna J. Water. 2024; 9(1): 11.\n\n1. Introduction\n{BODY}",
        "en",
        TEXT,
    ),
    "a page's end between it and the keywords above its heading": (
        f"WATER OF SMALL TOWNS\n\n{AUTHORS}\n\nKey words: water, towns\n\n7\n\nISSN 1111-2222  Arna Bulletin. 2024\n\n"
        f"Abstract\n{TEXT}\n{BODY}",
        "en",
        TEXT,
    ),
    "a town in the first sentence": (
        "МЕДИАГРАМОТНОСТЬ\n\nАннотация\n\nВ статье представлены результаты\nопроса 540 старшеклассников г.\n"
        "Щучинска, проведенного в марте.\n"
        "Авторов интересовало, каким\nисточникам доверяют подростки.\n\nКлючевые слова: опрос, подростки, источники\n",
        "ru",
        "В статье представлены результаты опроса 540 старшеклассников г. Щучинска, проведенного в марте. "
        "Авторов интересовало, каким источникам доверяют подростки.",
    ),
}


@pytest.mark.parametrize(("text", "lang", "abstract"), WHOLE.values(), ids=WHOLE)
def test_an_abstract_is_whole_and_alone(text: str, lang: str, abstract: str) -> None:
    assert {v.lang: flat(v.abstract) for v in versions(text).values() if v.abstract} == {lang: flat(abstract)}


OPENING = "Мақалада бастауыш сынып"
NARROW = [
    f"{OPENING}\nоқушыларының {what} мәтінді қалай\nтүсінетіні сөз болады. Тапсырмалар жыл\nбойы орындалып, нәтижесі өлшенді."
    for what in ("ғылыми", "көркем", "тарихи", "қысқа")
]


def test_a_line_that_many_abstracts_open_with_is_no_running_head() -> None:
    """In a narrow column the first line of several abstracts is the same."""
    text = "\n".join(f"МӘТІН ЖӘНЕ ОҚУШЫ {k}\n\nАңдатпа\n\n{t}\n\nТүйін сөздер: оқу, мәтін\n" for k, t in enumerate(NARROW))
    issue = Issue("d", "d.txt", "0" * 64, "utf-8", tuple(text.split("\n")))
    found = [v.abstract for a in extract(issue, ExtractConfig(), relatedness).articles for v in a.versions.values()]
    assert sorted(found) == sorted(map(flat, NARROW))


def test_a_title_above_a_margin_with_article_info() -> None:
    margin = "ARTICLE INFO\nReceived: 11 May 2023\nThis is an open access article,\nfreely licensed.\n"
    first = f"ҚАЛАНЫҢ СУЫ\n\nАңдатпа\n\n{KAZAKH}\n\nТүйін сөздер: су, қала, есептегіш\n{BODY}"
    second = (
        f"Water of small towns in the dry years\n\n{AUTHORS}\n\n{margin}\nAbstract\n{TEXT}\n\nKeywords: water, towns, meters\n"
    )
    issue = Issue("d", "d.txt", "0" * 64, "utf-8", tuple(f"{first}\n{second}".split("\n")))
    found = [a.versions["en"] for a in extract(issue, ExtractConfig(), relatedness).articles if "en" in a.versions]
    assert [(v.title, flat(v.abstract)) for v in found] == [("Water of small towns in the dry years", flat(TEXT))]


def test_the_next_article_of_a_double_spaced_text_begins_at_its_code() -> None:
    summary = f"SUMMARY\n\n{AUTHORS}\n\nWATER OF SMALL TOWNS\n\n{TEXT}\n\n35\n\n"
    second = f"УДК 330.1\n\nС. Есенов, Д. Клейн\n\nВОДА МАЛЫХ ГОРОДОВ\n\n{RUSSIAN}\n\nКлючевые слова: вода, город\n"
    text = f"{summary}{second}".replace("\n", "\n\n").replace("\n\n\n\n", "\n\n")
    issue = Issue("d", "d.txt", "0" * 64, "utf-8", tuple(text.split("\n")))
    found = [
        (v.lang, v.title, flat(v.abstract))
        for a in extract(issue, ExtractConfig(), relatedness).articles
        for v in a.versions.values()
    ]
    assert sorted(found) == [("en", "WATER OF SMALL TOWNS", flat(TEXT)), ("ru", "ВОДА МАЛЫХ ГОРОДОВ", flat(RUSSIAN))]


def test_a_title_of_which_the_contents_have_the_first_line_too() -> None:
    listed = "Saving the water of the small towns of the dry north with\nthe meters of their homes ........ 22\n"
    whole = "Saving the water of the small towns of the dry north with\nthe meters of their homes"
    head = f"CONTENTS\n{listed}\n{listed}\n{AUTHORS}\n\n{whole}\n\nArna Centre of Water, Arna, Kazakhstan"
    text = f"{head}\n\nABSTRACT\n{TEXT}\n\nKeywords: water\n{BODY}"
    assert versions(text)["en"].title == flat(whole)
