"""Numbers however they are written: separators, decades, ranges, ordinals, Roman numerals, millions, small numbers in words."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from kzalign.text.normalise import SPACES

ROMAN = re.compile(r"(?=[IVXХІ])M{0,3}(?:C[MD]|D?C{0,3})(?:[XХ][CL]|L?[XХ]{0,3})(?:[IІ][XХV]|V?[IІ]{0,3})$")
ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}

NUMBER = re.compile(r"(\d(?<![\d.,]\d)(?:\d{0,2}(?:[ ,.]\d{3})+(?!\d)|\d*(?:[.,]\d+)?))(?:\s*([^\W\d_]+))?")
"""A number with or without separators, and the word after it. That it begins with a digit lets the search leap to digits."""

ITEM = re.compile(r"(?<!\S)[1-9]\d?\)|^[1-9]\d?\.(?=\s)")
BRACKETED = re.compile(r"\([1-9]\d?\)")
"""Numbers of list items: one language often leaves them out."""

RANGE = re.compile(r"(1(?<!\d1)[5-9]|2(?<!\d2)0)(\d\d)\s?[-–—/]\s?(\d\d)(?!\d|[.,]\d)")
"""1941-45: the second year shortened."""

DATE = re.compile(r"(?<![\d.])(\d{1,2})\.\d{1,2}\.((?:19|20)\d\d)(?!\d)")
DATE_BACKWARDS = re.compile(r"(?<![\d.])((?:19|20)\d\d)\.\d{1,2}\.(\d{1,2})(?![\d.]*\d)")
"""26.09.2019, 2019.09.26: the month is a word elsewhere."""

ROMAN_RUN = re.compile(r"[IVXLCDMХІ]+")
CENTURY = re.compile(r"\s?(?:[-–—]\s?[IVXХІ]+\s?)?(?:ғ|в|c|век)")
"""What follows a Roman numeral of one letter: without it the letter is a word or an initial."""

SCALES = {
    **dict.fromkeys(("мың", "тыс", "тысяч", "тысячи", "тысяча", "thousand", "thousands", "k"), 3),
    **dict.fromkeys(("млн", "миллион", "миллиона", "миллионов", "million", "mln"), 6),
    **dict.fromkeys(("млрд", "миллиард", "миллиарда", "миллиардов", "billion", "bln"), 9),
    **dict.fromkeys(("трлн", "триллион", "триллиона", "триллионов", "trillion"), 12),
}
"""Words that multiply the number before them, as powers of ten."""

WORDS: dict[str, str] = {
    word: value
    for value, words in {
        "1": "бір бірінші один одна одно одного одной одним первый первая первое первого первой первом one first",
        "2": "екі екінші екеуі қос два две двух двумя двум второй вторая второе второго two second both twice оба обе",
        "3": "үш үшінші три трех трёх тремя трем третий третья третье третьего third three",
        "4": "төрт төртінші четыре четырех четырёх четырьмя четвертый четвертая четвертого four fourth",
        "5": "бес бесінші пять пяти пятью пятый пятая пятого five fifth",
        "6": "алты алтыншы шесть шести шестью шестой шестая шестого six sixth",
        "7": "жеті жетінші семь семи семью седьмой седьмая седьмого seven seventh",
        "8": "сегіз сегізінші восемь восьми восьмью восьмой восьмая восьмого eight eighth",
        "9": "тоғыз тоғызыншы девять девяти девятью девятый девятая девятого nine ninth",
        "10": "он оныншы десять десяти десятью десятый десятая десятого ten tenth",
        "11": "одиннадцать одиннадцати eleven eleventh",
        "12": "двенадцать двенадцати twelve twelfth",
        "15": "пятнадцать пятнадцати fifteen",
        "18": "восемнадцатый восемнадцатого eighteenth",
        "19": "девятнадцатый девятнадцатого девятнадцатом nineteenth",
        "20": "жиырма жиырмасыншы двадцать двадцати двадцатый двадцатого двадцатом twenty twentieth",
        "30": "отыз тридцать тридцати thirty",
        "40": "қырық сорок сорока forty",
        "50": "елу пятьдесят пятидесяти fifty",
        "60": "алпыс шестьдесят шестидесяти sixty",
        "70": "жетпіс семьдесят семидесяти seventy",
        "80": "сексен восемьдесят восьмидесяти eighty",
        "90": "тоқсан девяносто ninety",
        "100": "жүз сто hundred",
        "1000": "мың тысяча тысячи thousand",
        "0.5": "жарты половина половины half",
    }.items()
    for word in words.split()
}
"""Numbers in words: what a figure on the other side may be rendered by."""

WORD = re.compile(r"[^\W\d_]+")


DIGIT = re.compile(r"[0-9]")
FIGURE = re.compile(r"[0-9IVXХІ]")
"""A text without any of these characters holds no number in figures."""


class Numbers(NamedTuple):
    """The figures of a text, each with the values it may stand for, and the values that its words may stand for."""

    figures: tuple[frozenset[str], ...]
    words: frozenset[str]


def number_key(token: str) -> str:
    """Returns the value of a number however it is written: 1,156 = 1156 = 1 156; 2,5 = 2.5."""
    if re.fullmatch(r"\d+(?:[ ,.]\d{3})+", token):
        return "#" + re.sub(r"\D", "", token)
    return "#" + token.replace(",", ".")


def roman_value(token: str) -> int:
    """Returns the value of a Roman numeral (Latin or Cyrillic letters), 0 if it is none."""
    if not ROMAN.match(token):
        return 0
    values = [ROMAN_VALUES[c] for c in token.replace("Х", "X").replace("І", "I")]
    return sum(-v if v < following else v for v, following in zip(values, [*values[1:], 0], strict=True))


def figures(text: str) -> tuple[frozenset[str], ...]:
    """Returns for each number in figures the values it may stand for, in order; the numbers of list items are left out."""
    arabic = _arabic(text) if DIGIT.search(text) else ()
    return (*arabic, *_roman(text))


def spelt(words: Sequence[str]) -> frozenset[str]:
    """Returns the values of the small numbers among lower-case words; of two such as "eighty four" the sum too."""
    found = [(at, WORDS[word]) for at, word in enumerate(words) if word in WORDS]
    values = {value for _, value in found}
    for (at, tens), (after, units) in pairwise(found):
        if after == at + 1 and len(tens) == 2 and len(units) == 1 and tens > "19":
            values.add(tens[0] + units)
    return frozenset(values)


def numbers(text: str) -> Numbers:
    """Returns the numbers of a text."""
    return Numbers(figures(text), spelt(WORD.findall(text.lower())))


def agreement(one: Numbers, other: Numbers) -> tuple[int, int, int]:
    """Returns how many figures agree, how many contradict each other, and how many only one text has."""
    left, right = list(one.figures), list(other.figures)
    if left == right:
        return len(left), 0, 0
    agreed = 0
    for values in one.figures:
        match = next((other_values for other_values in right if values & other_values), None)
        if match is not None:
            left.remove(values)
            right.remove(match)
            agreed += 1
    left = [values for values in left if not values & other.words]
    right = [values for values in right if not values & one.words]
    contradict = min(len(left), len(right))
    # a value said twice on one side needs to be said once on the other
    longer, shorter = (left, other) if len(left) > len(right) else (right, one)
    said = frozenset().union(*shorter.figures)
    surplus = [values for values in longer[contradict:] if not values & said]
    return agreed, contradict, len(surplus)


def _arabic(text: str) -> Iterator[frozenset[str]]:
    if not text.isprintable():
        text = SPACES.sub(" ", text)
    if text.count(".") > 1:
        text = DATE_BACKWARDS.sub(r"\2 / \1", DATE.sub(r"\1 / \2", text))
    closing = text.count(")")
    if closing:
        text = BRACKETED.sub(" ", text)
    if closing > text.count("(") or "." in text[1:3]:
        text = ITEM.sub(" ", text)
    text = RANGE.sub(r"\1\2-\1\3", text)
    for token, following in NUMBER.findall(text):
        yield _values(token, following.lower() if following else "")


@lru_cache(maxsize=20_000)
def _values(token: str, following: str) -> frozenset[str]:
    """Returns the number, the years that a decade may mean (20: 1920), and the number times a thousand or million after it."""
    value = number_key(token)[1:].lstrip("0") or "0"
    if "." in value:
        value = value.rstrip("0").removesuffix(".") or "0"
    values = {"0" + value if value.startswith(".") else value}
    if len(token) == 2 and token[1] == "0":
        values |= {century + token for century in ("18", "19", "20")}
    power = SCALES.get(following)
    if power:
        whole, _, part = token.replace(",", ".").partition(".")
        values.add((whole + part.ljust(power, "0")[:power]).lstrip("0") if len(part) <= power else value)
    return frozenset(values)


def _roman(text: str) -> Iterator[frozenset[str]]:
    for match in ROMAN_RUN.finditer(text):
        start, end = match.span()
        if text[start - 1 : start].isalpha() or text[end : end + 1].isalpha():
            continue
        if end - start > 1 or CENTURY.match(text, end):
            value = roman_value(match[0])
            if value:
                yield frozenset((str(value),))
