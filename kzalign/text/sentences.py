"""Sentences of Kazakh, Russian and English abstracts.

A sentence ends at `.`, `!`, `?` or `…`; never at an abbreviation, an initial, a decimal or a numbered item.
What follows the mark decides as much as what stands before it: no sentence begins with a small letter,
except after a mark that can only end one.
"""

import re
from collections.abc import Iterable

MARK = re.compile(r"([.!?…]+)([\"'”’»)\]]*)(\s*)")
OPENERS = "«“„\"'‘([–—-•"

NEVER_END = frozenset(
    """
    г гг в вв р руб коп тыс кв куб см рис табл гл ст п пп стр с ул пр просп д обл р-н им проф доц акад канд докт др
    напр т.е т.к т.н т.ж т.с т.о и.о к.э.н д.э.н соавт сост ред изд сб вып ил прим англ рус каз лат греч нем франц тур
    чл-корр чл.-корр б ғ ж жж қ т мыс т.с.с д-р м-р обл көш ғыл мың т.т қ.т e.g i.e cf vs viz fig figs eq eqs no nos vol vols ed
    eds prof dr mr mrs ms st p pp ch sec ca approx resp dept univ inc ltd et jan feb mar apr jun jul aug sept oct nov
    dec al ref refs т.ч пос дер оз хр вс вл дм евг
    """.split()
)
"""Abbreviations that a sentence goes on after (lower case, without their last full stop)."""

MAY_END = frozenset(
    """
    т.б т.д т.п т.с.с т.т жыл гг г вв в б млн млрд трлн тыс мың др etc al кв руб тг м км га кг т u.s u.k a.d b.c p.m a.m
    д мин сек сағ ч см мм чел шт экз б.з.д б.з.б б.з н.э б.э.д квт
    """.split()
)
"""Abbreviations that also stand at a sentence's end: what follows decides."""

BOTH = NEVER_END | MAY_END
CITED = frozenset(("Art", "Arts"))
"""What a number of a law's article follows; in small letters an English word."""

STARTERS = frozenset(
    """
    the this these those it its we our in on at by as for from with here there their they however thus therefore both such each
    when while if results
    в на с к у о и а по для при из за от до это эта этот эти данная данный данные они так также как кроме однако после перед
    среди было были показано установлено описаны результаты работа статья автор авторы основные
    бұл осы осыған сол сондай сонымен сондықтан оның олар олардың мұнда мұндай ал және зерттеу жұмыста мақалада нәтижесінде
    алынған бірақ полученные полученных
    """.split()
)
"""Words that begin a sentence and are no surname: after a capital and a full stop they show that this was no initial."""

STARTER = re.compile(r"[^\W\d_]+(?=\s)")
OPERAND = re.compile(r"[=∈∉⊂≤≥<>≈~∝+×·→]\s*\w$")
FORMULA = frozenset("№∥‖|$\\∀∃∑∏∫∂∇√αβγδεζηθικλμνξπρστυφχψω")
"""What a sentence may begin with besides letters and digits."""

FORMULA_AFTER = 4
"""Letters that the word before such a beginning has at least: it is no abbreviation."""

INITIAL = re.compile(r"(?:^|[\s«(\"“.]|\.[\-–])(?:[A-ZА-ЯЁӘҒҚҢӨҰҮҺІ]|[CKSTZ]h|Y[aueo]|Ts|Дж|Ph|Ch)$")
"""One capital (or a digraph such as Zh, Дж) before the full stop; in C–S–H the last one is none."""

ASIDE = 100
"""Characters after a mark, at most, where the bracket closes that the mark stands in."""
BRACKET = re.compile(r"[()]")
MEASURED = re.compile(r"[^\W\d]\d?[/·]$|\d[,.]\d+\s?$")
"""What stands before a unit: another one (кг/с, мПа·с), or a decimal."""

LABEL_WORDS = frozenset(
    """
    кіріспе мақсат мақсаты мақсаттары міндеттері зерттеу зерттеудің жұмыстың мақаланың әдіс әдістер әдістері әдіснама
    әдіснамасы әдістеме әдістемесі материалдар материалдары мен және нәтиже нәтижелер нәтижелері қорытынды қорытындылар
    қорытындысы тұжырым тұжырымдар тұжырымдамалар өзектілігі талқылау практикалық тәжірибелік теориялық ғылыми маңызы
    маңыздылығы жаңалығы бірегейлігі құндылығы негізгі салдары введение цель цели задачи актуальность материалы материал
    методы метод и исследования исследование работы статьи методология методика результаты результат обсуждение выводы
    вывод заключение практическая теоретическая научная значимость новизна ценность оригинальность background
    introduction aim aims purpose objective objectives goal goals relevance materials material and methods method
    methodology research study results result findings discussion conclusion conclusions originality value practical
    theoretical scientific significance novelty implications limitations main of the design approach rationale justification
    context contribution contributions recommendations hypothesis негіздеу негіздеме ұсыныстар болжам обоснование рекомендации
    гипотеза контекст вклад
    """.split()
)
"""Labels of structured abstracts: they stay with the sentence they introduce."""

YEARISH = re.compile(r"\d[\d\s,–—-]*(?:-?[а-яёәғқңөұүһі]{1,3})?\s*$|[XVIХІIVC]+\s*$")
ROMAN_NEXT = re.compile(r"(?:[IVXІХ]{2,}|[IVXІХ]+[–-][IVXІХ]+)(?=\W)")
ITEM = re.compile(r"(?:^|\s)(?:\d{1,2}|[A-Za-zА-Яа-яІі]|[ivxIVX]{1,4})$")
LABEL = re.compile(r"[^.:]{4,60}(?=:)")
LABEL_WORD = re.compile(r"[^\W\d_]+")
LAST_WORD = re.compile(r"[\w.\-]+$")


def split_sentences(paragraphs: Iterable[str]) -> list[str]:
    """Returns the sentences of the paragraphs in order; joined by spaces they give all of the text back."""
    return [sentence for paragraph in paragraphs for sentence in _split(paragraph)]


def _split(text: str) -> list[str]:
    text = " ".join(text.split())
    sentences, start = [], 0
    for match in MARK.finditer(text):
        cut = _end_of_sentence(text, start, match)
        if cut is not None and cut < len(text) and text[start:cut].strip():
            sentences.append(text[start:cut].strip())
            start = cut
    if text[start:].strip():
        sentences.append(text[start:].strip())
    return sentences


def _end_of_sentence(text: str, start: int, match: re.Match[str]) -> int | None:
    """Returns where the sentence ends, when this mark ends one."""
    marks, closing, space = match.groups()
    after = text[match.end() :]
    if not after:
        return None
    before = text[start : match.start()]
    if _in_brackets(before.lstrip(), closing, after):
        return None
    if not space:
        return _glued(before, marks, closing, after, match)
    following = after.lstrip(OPENERS + " ")
    first = following[:1]
    if not first or not (first.isupper() or first.isdigit() or _begins_oddly(before, following)):
        return None
    if marks == ".":
        if closing and before.endswith(("(", "«", "“")):
            return None
        if not closing and _goes_on(before, after, first):
            return None
    elif marks in ("?", "!") and closing == ")" and len(before) and before[-1] == "(":
        return None
    return match.start(3)


def _in_brackets(before: str, closing: str, after: str) -> bool:
    """Says whether a mark stands in brackets that began inside the sentence; a whole sentence may stand in brackets."""
    opened = before.rfind("(") if before.rfind("(") > before.rfind(")") else -1
    if opened <= 0:
        return False
    closes = BRACKET.search(after[:ASIDE])
    return ")" in closing or (closes is not None and closes[0] == ")")


def _goes_on(before: str, after: str, first: str) -> bool:
    """Says whether the full stop after `before` belongs to a word and the sentence goes on."""
    if not before or is_label(before):
        return bool(before)
    if len(before.strip()) <= 3 and ITEM.search(before):
        return True
    end = before[before.rfind(" ", 0, -1) + 1 :]
    word = LAST_WORD.search(end)
    last = word[0].strip("-") if word else ""
    if first.isdigit() and last in CITED:
        return True
    if len(last) > 1 or not last.isupper():
        last = last.lower()
    if last not in MAY_END and INITIAL.search(end) and not _ends_with_unit(before, last) and not _is_starter(after):
        return True
    if last == "с" and (MEASURED.search(before[:-1]) or _is_starter(after)):
        return False
    years = last == "гг" and YEARISH.search(before[: -len(last)].rstrip(". ")) is not None
    if last in BOTH and not years and (first.isdigit() or ROMAN_NEXT.match(after)):
        return True
    if last in MAY_END:
        return not _starts_a_sentence(before, last, after)
    return last in NEVER_END


def is_label(text: str) -> bool:
    """Says whether a text that ends in a full stop or colon is a structural label such as "Материалы и методы"."""
    first = LABEL_WORD.search(text)
    if not first or first[0].lower() not in LABEL_WORDS:
        return False
    words = LABEL_WORD.findall(text.lower())
    return 0 < len(words) <= 6 and text.strip()[0].isupper() and all(word in LABEL_WORDS for word in words)


def _ends_with_unit(before: str, last: str) -> bool:
    """A capital after a number or in a formula is a unit, a class ("в 9 А.") or a variable, not an initial."""
    return len(last) == 1 and bool(re.search(r"\d\s*\w$", before) or OPERAND.search(before))


def _is_starter(after: str) -> bool:
    """Says whether what follows begins a sentence, so that the capital before it is no initial: "гепатит С. У больных"."""
    word, label = STARTER.match(after), LABEL.match(after)
    return (word is not None and word[0].lower() in STARTERS) or (label is not None and is_label(label[0]))


def _begins_oddly(before: str, following: str) -> bool:
    """Says whether a sentence begins with a formula or with a small letter before a capital: pH, mRNA."""
    odd = following[:1] in FORMULA or (following[:1].islower() and following[1:2].isupper())
    word = LAST_WORD.search(before[-FORMULA_AFTER * 4 :]) if odd else None
    return word is not None and ((len(word[0]) >= FORMULA_AFTER and word[0].lower() not in BOTH) or word[0].isdigit())


def _starts_a_sentence(before: str, last: str, after: str) -> bool:
    """After an abbreviation that may end a sentence, a capital starts one unless a name is likelier; "г/т" is a unit."""
    stem = before[: len(before) - len(last)]
    if stem.endswith("/"):
        return True
    if last not in ("т.б", "т.д", "т.п", "т.с.с", "etc") and len(stem.split()) < 4:
        return False
    if last in ("г", "в", "т", "м", "д", "ч") and not YEARISH.search(stem.rstrip(". ")):
        return False
    if last in ("al", "др"):
        return not re.match(r"[(\[\d]", after)
    return last not in ("u.s", "u.k")


def _glued(before: str, marks: str, closing: str, after: str, match: re.Match[str]) -> int | None:
    """A missing space: `бар.Қорытындылай` is an end, `1.5`, `А.М.Хазанов`, `kz.org` and `Web.Science` are not."""
    if marks != "." or closing:
        return match.end(2) if closing and marks in (".", "!", "?") and after[:1].isupper() and len(after) > 3 else None
    word = re.search(r"([^\W\d_]+)[»”\"')\]]*$", before)
    following = re.match(r"[«“\"(]?([^\W\d_]+)", after)
    if not word or not following:
        return None
    left, right = word[1], following[1]
    small = left.islower() and right[:1].isupper()
    if not small or (len(left) < 4 and left.lower() in BOTH) or len(left) < 2:
        return None
    if (left.lower() in BOTH and len(left) < 4) or not (right[1:].islower() or len(right) == 1):
        return None
    both_latin = left.isascii() and right.isascii()
    if both_latin and (len(left) < 3 or "/" in before[-30:].split(" ")[-1] or "@" in before[-30:]):
        return None
    return match.end(1)
