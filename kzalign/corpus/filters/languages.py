"""Sides that are not in the language they claim, wholly or in part."""

import re
from collections.abc import Sequence

from kzalign.corpus.filters.sides import SCRIPTS, Side
from kzalign.text.script import HINT

SURE = 0.5
"""Confidence from which on a text in another script is in another language."""

RUN, FOREIGN = 4, 2
"""Words that make a run, and how many of them show the other language: fewer are a name or a term."""


QUOTED = re.compile(r"«[^»]*»|“[^”]*”|\"[^\"]*\"")
"""A title or a word that is cited: it may be in its own language."""


def in_its_language(side: Side) -> float:
    """Returns the probability that a side, quotations apart, is in the language and script it claims."""
    found = _probability(side)
    return max(found, _probability(rest)) if found < SURE and (rest := _unquoted(side)) else found


def foreign_share(side: Side) -> float:
    """Returns the share of a side's words, quotations apart, in another script or in a run of another language's words."""
    found = _foreign(side)
    return min(found, _foreign(rest)) if found and (rest := _unquoted(side)) else found


def _unquoted(side: Side) -> Side | None:
    """Returns the side without what it quotes, or None where it quotes nothing or little else is left."""
    text = QUOTED.sub(" ", side.text)
    rest = Side(side.lang, text) if len(text) < len(side.text) else None
    return rest if rest and rest.sums.worded >= RUN else None


def _probability(side: Side) -> float:
    lang, script, confidence = side.identified
    if lang == side.lang and script == SCRIPTS[lang]:
        return confidence
    if script != SCRIPTS[side.lang] and confidence >= SURE:
        return 0.0
    return 1 - confidence


def _foreign(side: Side) -> float:
    sums = side.sums
    if not sums.worded:
        return 0.0
    if side.lang == "en":
        return sum(word.latin == 0 for word in side.words if word.letters) / sums.worded if sums.latin < sums.letters else 0.0
    in_runs = 0
    if (sums.ru if side.lang == "kk" else sums.kk) >= FOREIGN:
        signs = [(word.ru > max(word.kk, HINT)) - (word.kk > word.ru) for word in side.words if word.letters]
        in_runs = _in_runs(signs if side.lang == "kk" else [-sign for sign in signs])
    return (sums.latin_common + in_runs) / sums.worded


def _in_runs(signs: Sequence[int]) -> int:
    """Returns the words in runs without a word of the side's own language: 1 is a foreign word, -1 its own, 0 neither."""
    total = run = foreign = 0
    for sign in (*signs, -1):
        if sign >= 0:
            run, foreign = run + 1, foreign + sign
        else:
            total += run if run >= RUN and foreign >= FOREIGN else 0
            run = foreign = 0
    return total
