"""Sides that are not in the language they claim, wholly or in part."""

from collections.abc import Sequence

from kzalign.corpus.filters.sides import SCRIPTS, Side

SURE = 0.5
"""Confidence from which on a text in another script is in another language."""

GAP = 2
"""Neutral words that a run of foreign words may hold between two of them."""

RUN = 3
"""Foreign words that make a run: fewer are a name or a quoted term."""


def in_its_language(side: Side) -> float:
    """Returns the probability that a side is in the language and script it claims."""
    lang, script, confidence = side.identified
    if lang == side.lang and script == SCRIPTS[lang]:
        return confidence
    if script != SCRIPTS[side.lang] and confidence >= SURE:
        return 0.0
    return 1 - confidence


def foreign_share(side: Side) -> float:
    """Returns the share of a side's words that stand in another script or in a run of another language's words."""
    sums = side.sums
    if not sums.worded:
        return 0.0
    if side.lang == "en":
        return sum(word.latin == 0 for word in side.words if word.letters) / sums.worded if sums.latin < sums.letters else 0.0
    in_runs = 0
    if (sums.ru if side.lang == "kk" else sums.kk) >= RUN:
        signs = [(word.ru > word.kk) - (word.kk > word.ru) for word in side.words if word.letters]
        in_runs = _in_runs(signs if side.lang == "kk" else [-sign for sign in signs])
    return (sums.latin_common + in_runs) / sums.worded


def _in_runs(signs: Sequence[int]) -> int:
    """Returns the words in runs: signs are 1 for a foreign word, -1 for one of the side's language, 0 for neither."""
    total = run = foreign = gap = 0
    for sign in (*signs, -1):
        if sign > 0:
            run, foreign, gap = run + gap + 1, foreign + 1, 0
        elif sign == 0 and gap < GAP and run:
            gap += 1
        else:
            total += run if foreign >= RUN else 0
            run = foreign = gap = 0
    return total
