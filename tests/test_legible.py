"""Text layers: what is text, in whatever language, and what is not."""

import random
import string
from collections.abc import Callable
from pathlib import Path

import pytest

from kzalign.extract.readers.legible import fault_of, mended
from kzalign.text.pairs import pairs_of

ROOT = Path(__file__).resolve().parents[1]
TEXTS = sorted(path for folder in ("examples", "tests/documents") for path in (ROOT / folder).iterdir() if path.is_file())
SIZE = 2500
CYRILLIC = "абвгдеёжзийклмнопрстуфхцчшщъыьэюяәғқңөұүһі"
KEYS = str.maketrans("йцукенгшщзхъфывапролджэячсмитьбюәғқңөұүһі", "qwertyuiop[]asdfghjkl;'zxcvbnm,.23456789#")


SHAPES = dict(
    zip(
        CYRILLIC,
        "a 6 B r A e e x 3 M M K JI M H o n p c T y cp X U 4 LU LLJ b bI b 3 IO R 8 F K H o Y Y h i".split(),
        strict=True,
    )
)
"""What a program that knows English alone makes of Cyrillic letters."""


def pages(text: str) -> list[str]:
    """Returns the lines of a text in heaps as long as a page."""
    heaps = [""]
    for line in text.split("\n"):
        heaps[-1] += line + "\n"
        if len(heaps[-1]) > SIZE:
            heaps.append("")
    return heaps


def swapped(text: str, seed: int = 3) -> str:
    """Puts letters for one another, as a wrong map does."""
    generator = random.Random(seed)
    table: dict[int, str] = {}
    for alphabet in (CYRILLIC, string.ascii_lowercase):
        table |= str.maketrans(alphabet, "".join(generator.sample(alphabet, len(alphabet))))
    return text.lower().translate(table)


def as_latin(text: str) -> str:
    return text.encode("cp1251", errors="replace").decode("cp1252", errors="replace")


def as_symbols(text: str) -> str:
    return "".join(chr(0xF000 + byte[0]) if (byte := c.encode("cp1251", errors="replace"))[0] > 0x7F else c for c in text)


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_no_page_of_journals_is_called_unreadable(path: Path) -> None:
    assert [fault for page in pages(path.read_text("utf-8")) if (fault := fault_of(page)[0])] == []


RUSSIAN = (
    "УДК 556.115. Г.К. Сарсенбаева, Т.М. Оспанов. О воде озера. В статье описано, как за четыре года менялась соленость воды в "
    "степном озере. Пробы брали у берега и в середине, в мае и в сентябре; их изучили в лаборатории.\n"
    "Выяснилось, что в засушливые годы соленость растет: воды приходит меньше, а испаряется столько же. Рыба уходит к устью "
    "реки, где вода пресная. Предложено следить за озером и впредь.\nКлючевые слова: озеро, соленость, засуха, рыба.\n"
) * 3
GOOD = {
    "references": "\n".join(
        f"{k}. Smagulova N.T., Orlov P.I. Issledovanie vody ozer Severnogo Kazakhstana // Vestnik KazNU. Ser. ekol. 20{k}. "
        f"T. {k}, № 2. S. {k}-{k + 9}. https://doi.org/10.26577/eje.20{k}.v74.i1.0{k}"
        for k in range(10, 24)
    ),
    "formulas": "\n".join(
        f"𝑥{k} = 𝛼·sin(2π𝑓𝑡) + Σ ∂²u/∂x² ≤ {k},5 ⋅ 10⁻³; \uf061\uf03d\uf062\uf0b4\uf067 → CaCO₃" for k in range(30)
    ),
    "a table": "\n".join(f"{k}  КТ-{k}  12,5 ± 0,4  ГОСТ 31861  NaCl  pH 7,{k}  <0,001  ●  ■" for k in range(40)),
    "contents": "\n".join(f"Ахметов А.Б. Көлдің суы туралы {'.' * 60} {k}" for k in range(30)),
    "German": "Über die Höhe des Gebirges führt ein schmaler Weg, den früher nur Schäfer kannten und zwölf Jäger. " * 8,
    "Turkish": "Göl suyunun tuzluluğu dört yıl boyunca ölçülmüş ve yağışların az olduğu yıllarda arttığı görülmüştür. " * 8,
    "Mongolian": "Нуурын усны давсархаг чанарыг дөрвөн жилийн турш хэмжиж, хур тунадас багатай жилүүдэд өсдөг болохыг тогтоожээ. "
    * 8,
    "Kazakh in Latin letters": "Köldiñ suy tört jyl boıy ölşendi, tuzdylyǵy jauyn az bolǵan jyldary artqany anyqtaldy. " * 8,
    "Kazakh in Arabic letters": "كولدىڭ سۋى ءتورت جىل بويى ولشەندى، تۇزدىلىعى انىقتالدى. " * 12,
    "Chinese": "湖水的盐度在四年中被测量,发现降水较少的年份盐度上升。" * 20,
    "capitals": RUSSIAN.upper(),
    "spaced letters": " ".join(RUSSIAN),
    "nothing": "",
}


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD)
def test_what_only_looks_odd_is_text(text: str) -> None:
    assert fault_of(text) == ("", False)


BAD: dict[str, tuple[Callable[[str], str], str]] = {
    "glyph numbers": (lambda text: "".join(chr(0x200 + ord(c) % 150) if c.isalpha() else c for c in text), "letters not mapped"),
    "no characters": (lambda text: "".join("\ufffd" if c.isalpha() else c for c in text), "letters not mapped"),
    "letters for one another": (swapped, "letters mapped to wrong ones"),
    "a keyboard's letters": (lambda text: text.lower().translate(KEYS), "letters mapped to wrong ones"),
    "another program's OCR, in English": (
        lambda text: "".join(SHAPES.get(c, c) for c in text.lower()),
        "letters mapped to wrong ones",
    ),
}


@pytest.mark.parametrize(("break_it", "reason"), BAD.values(), ids=BAD)
def test_what_is_no_text_is_measured(break_it: Callable[[str], str], reason: str) -> None:
    fault, whole = fault_of(mended(break_it(RUSSIAN)))
    assert reason in fault
    assert whole


def test_a_passage_that_is_no_text_is_found_on_a_page_that_is() -> None:
    lines = RUSSIAN.split("\n")
    half = len(lines) // 2
    fault, whole = fault_of("\n".join((*lines, *lines, *lines[:half], *swapped("\n".join(lines[half:])).split("\n"))))
    assert fault.startswith("unreadable in part (")
    assert not whole


KAZAKH = "«Мақалада» ауылдың ӘЛЕУМЕТТІК жағдайы мен өңірдегі еріктілердің үлесі – 38%-ы, сұралғандардың һәм басқа қызметтер. " * 3
REREAD = {
    "CP1251 as CP1252": (as_latin, RUSSIAN),
    "CP1251 as Latin-1": (lambda text: text.encode("cp1251").decode("latin-1"), RUSSIAN),
    "a symbol font": (as_symbols, RUSSIAN),
    "KZ-1048 as Latin-1": (lambda text: text.encode("kz1048").decode("latin-1"), KAZAKH),
}


@pytest.mark.parametrize(("misread", "text"), REREAD.values(), ids=REREAD)
def test_cyrillic_bytes_read_as_other_letters_are_put_right(misread: Callable[[str], str], text: str) -> None:
    found = mended(misread(text))
    assert len(found) == len(misread(text))
    letters = [(a, b) for a, b in zip(found, text, strict=True) if b.isalpha() and b.isprintable()]
    assert sum(a == b for a, b in letters) >= 0.99 * len(letters)


def test_a_line_without_letters_is_looked_through_once() -> None:
    """Were each place of it a beginning, this would take hours."""
    assert mended("1.2 " * 300_000 + "öö") == "1.2 " * 300_000 + "öö"


def test_a_word_beside_plain_letters_stays() -> None:
    page = f"{as_latin(RUSSIAN)}Größe straßößen «naïvöö» und"
    assert mended(page).endswith("Größe straßößen «naïvöö» und")


@pytest.mark.parametrize("text", ["Über die Höhe naïve être façade à É", "€ 5 × 3 ± 2°, «öö» ÄÖÜ", KAZAKH, RUSSIAN, ""])
def test_accented_letters_stay(text: str) -> None:
    assert mended(text) == text


@pytest.mark.parametrize(
    ("text", "found"), [("көл", (2, 2)), ("ѣѫ", (0, 1)), ("qxz", (0, 2)), ("a1b", (0, 0)), ("аb", (0, 0)), ("тоН", (1, 2))]
)
def test_pairs(text: str, found: tuple[int, int]) -> None:
    assert pairs_of(text) == found
