"""The errors that measure_filters.py plants into right segments: each names the filters that are there for it."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace

from kzalign.records import Segment

Plant = Callable[[str, str, str, random.Random], str | None]
"""Language, text and another side's text to the spoilt text; None where the error cannot be made."""


@dataclass(frozen=True, slots=True)
class Noise:
    """An error, the filters for it, the languages it happens to, and how it is made."""

    filters: tuple[str, ...]
    langs: tuple[str, ...]
    plant: Plant


ALL = ("kk", "ru", "en")
CYRILLIC = "абвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюяә"
LATIN_2021 = "a b v g ğ d e io j z i i k q l m n ñ o ö p r s t u ū ü f h h ts ch ş şş - y ı - e iu ia ä".split()
LATIN_2018 = "a b v g ǵ d e io j z ı ı k q l m n ń o ó p r s t ý u ú f h h ts ch sh shsh - y i - e iý ia á".split()
LATIN_PLAIN = "a b v g g d e yo zh z i y k q l m n n o o p r s t u u u f kh h ts ch sh shch - y i - e yu ya a".split()
ARABIC = "ا ب ۆ گ ع د ە يو ج ز ي ي ك ق ل م ن ڭ و و پ ر س ت ۋ ۇ ۇ ف ح ھ تس چ ش شش - ى ى - ە يۋ يا ا".split()
LOOK_ALIKE = str.maketrans("аесорхіАЕСОРХІВНМТК", "aecopxiAECOPXIBHMTK")
OLD_FONT = str.maketrans("өәұүқғң", "ӛҽҧҥќєѕ")
BOILERPLATE = {
    "kk": "Мақала университет қорғауындағы ғылыми жоба аясында дайындалды және редакция алқасының талаптарына сай рәсімделді.",
    "ru": "Статья подготовлена в рамках научного проекта университета и оформлена по требованиям редакционной коллегии.",
    "en": "The article was prepared within a research project of the university and follows the rules of the editorial board.",
}
PERSONAL = (
    "asel.n@example.kz",
    "тел.: +7 (701) 000-12-34",
    "8 727 000 12 34",
    "ORCID 0000-0002-0000-1234",
    "ЖСН 900215400123",
    "+44 20 7946 0999",
)
PAGE = (
    "DOI: 10.1234/abcd.2020",
    "https://journal.example.kz/issue",
    "ӘОЖ 378.1",
    "УДК 81.373",
    "© 2020",
    "ISSN 1234-5678",
    "www.example.com",
)


def _spelt(letters: list[str]) -> Plant:
    table = {a: "" if b == "-" else b for a, b in zip(CYRILLIC, letters, strict=True)}

    def plant(lang: str, text: str, other: str, rng: random.Random) -> str:
        return "".join((table[c.lower()].capitalize() if c.isupper() else table[c]) if c.lower() in table else c for c in text)

    return plant


def _misread(written: str, read: str) -> Plant:
    return lambda lang, text, other, rng: text.encode(written, "ignore").decode(read, "replace") if not text.isascii() else None


def _half(lang: str, text: str, other: str, rng: random.Random) -> str | None:
    own, foreign = text.split(), other.split()
    if len(own) < 8 or len(foreign) < 8:
        return None
    return " ".join(own[: len(own) // 2] + foreign[len(foreign) // 2 :])


def _nearly(lang: str, text: str, other: str, rng: random.Random) -> str:
    own, copied = text.split(), other.split()
    return " ".join(own[k % len(own)] if k % 5 == 4 else word for k, word in enumerate(copied))


def _number(lang: str, text: str, other: str, rng: random.Random) -> str | None:
    places = [k for k, char in enumerate(text) if char.isdigit() and char.isascii()]
    if not places:
        return None
    at = rng.choice(places)
    return text[:at] + str((int(text[at]) + rng.randint(1, 8)) % 9 + (text[at] == "0" or 0)) + text[at + 1 :]


def _inserted(pieces: tuple[str, ...]) -> Plant:
    def plant(lang: str, text: str, other: str, rng: random.Random) -> str:
        words = text.split()
        words.insert(rng.randint(0, len(words)), rng.choice(pieces))
        return " ".join(words)

    return plant


def _some_words(change: Callable[[str], str], share: float) -> Plant:
    def plant(lang: str, text: str, other: str, rng: random.Random) -> str | None:
        words = [change(word) if rng.random() < share and len(word) > 4 else word for word in text.split()]
        return " ".join(words) if " ".join(words) != " ".join(text.split()) else None

    return plant


def _at_comma(lang: str, text: str, other: str, rng: random.Random) -> str | None:
    at = text.find(", ", len(text) // 3)
    return text[: at + 1] if at > 0 else None


def _without_beginning(lang: str, text: str, other: str, rng: random.Random) -> str | None:
    rest = " ".join(text.split()[3:])
    return rest if rest[:2].isalpha() and rest[:2].islower() else None


NOISES: dict[str, Noise] = {
    "a side in another's language": Noise(("language", "copies"), ALL, lambda lang, text, other, rng: other),
    "a side nearly copied": Noise(("language", "copies"), ALL, _nearly),
    "second half untranslated": Noise(("foreign", "language"), ALL, _half),
    "Kazakh in Latin of 2021": Noise(("language",), ("kk",), _spelt(LATIN_2021)),
    "Kazakh in Latin of 2018": Noise(("language",), ("kk",), _spelt(LATIN_2018)),
    "Kazakh in plain Latin": Noise(("language",), ("kk",), _spelt(LATIN_PLAIN)),
    "Kazakh in Arabic script": Noise(("language",), ("kk",), _spelt(ARABIC)),
    "a digit changed": Noise(("numbers",), ALL, _number),
    "UTF-8 read as CP1251": Noise(("broken",), ("kk", "ru"), _misread("utf-8", "cp1251")),
    "UTF-8 read as CP1252": Noise(("broken",), ("kk", "ru"), _misread("utf-8", "cp1252")),
    "CP1251 read as CP1252": Noise(("broken",), ("kk", "ru"), _misread("cp1251", "cp1252")),
    "old-font letters": Noise(("broken",), ("kk",), lambda lang, text, other, rng: text.translate(OLD_FONT)),
    "look-alikes in a third of words": Noise(
        ("broken",), ("kk", "ru"), _some_words(lambda word: word.translate(LOOK_ALIKE), 0.33)
    ),
    "some words with spaced letters": Noise(("broken",), ALL, _some_words(" ".join, 0.4)),
    "personal data inserted": Noise(("personal",), ALL, _inserted(PERSONAL)),
    "a page's mark inserted": Noise(("furniture",), ALL, _inserted(PAGE)),
    "boilerplate": Noise(("recurrence",), ALL, lambda lang, text, other, rng: BOILERPLATE[lang]),
    "spaces lost": Noise(("longest_word",), ALL, lambda lang, text, other, rng: text.replace(" ", "")),
    "a side twice": Noise(("repeats",), ALL, lambda lang, text, other, rng: f"{text} {text}" if len(text.split()) > 8 else None),
    "cut at a comma": Noise(("cut",), ALL, _at_comma),
    "beginning lost": Noise(("cut",), ALL, _without_beginning),
    "a side of three words": Noise(
        ("length_ratio", "shortest"), ALL, lambda lang, text, other, rng: " ".join(text.split()[:3]) + "."
    ),
    "a row of a table": Noise(
        ("letters",), ALL, lambda lang, text, other, rng: " ".join(f"{rng.random() * 90:.1f}" for _ in text.split())
    ),
    "a heading for a side": Noise(
        ("shortest",), ALL, lambda lang, text, other, rng: {"kk": "Кіріспе.", "ru": "Введение.", "en": "Abstract."}[lang]
    ),
}
"""The errors; a sentence of another article is planted before aligning, by measure_filters.py itself."""


def spoil(segment: Segment, noise: Noise, rng: random.Random) -> Segment | None:
    """Returns the segment with one side spoilt, or None where this error cannot happen to it."""
    langs = [lang for lang in segment.text if lang in noise.langs]
    if not langs:
        return None
    lang = rng.choice(langs)
    other = rng.choice([name for name in segment.text if name != lang])
    text = noise.plant(lang, segment.text[lang], segment.text[other], rng)
    return None if text is None or text == segment.text[lang] else replace(segment, text=segment.text | {lang: text})
