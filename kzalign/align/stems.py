"""Word forms to lexicon stems: Kazakh suffixes, Russian endings, English inflection.

A dictionary form is cut to the part that its forms share; a running word is matched by the longest stem it
begins with, provided that what follows can be an ending.
"""

import re
from collections.abc import Iterable

KK_SUFFIX = (
    "лар|лер|дар|дер|тар|тер|ның|нің|дың|дің|тың|тің|ға|ге|қа|ке|на|не|да|де|та|те|нда|нде|дан|ден|тан|тен|нан|нен|ны|ні|ды|ді|ты|ті|н|мен|"
    "бен|пен|ым|ім|м|ың|ің|ң|ымыз|іміз|мыз|міз|ңыз|ңіз|ы|і|сы|сі|лық|лік|дық|дік|тық|тік|лығ|ліг|дығ|діг|тығ|тіг|лы|лі|ғы|гі|қы|кі|сыз|сіз|"
    "шы|ші|дай|дей|тай|тей|ша|ше|ып|іп|п|ған|ген|қан|кен|атын|етін|йтын|йтін|ады|еді|йды|йді|ма|ме|ба|бе|па|пе|у|ын|ін|ыл|іл|л|са|се|сын|сін|"
    "а|е|й|ар|ер|р|ушы|уші|уы|уі|уін|уын|ылған|ілген|лған|лген|ылды|ілді|лды|лді|ала|еле|ап|еп|ыс|іс|с|тыр|тір|дыр|дір|т|қыз|гіз|ғыз|кіз"
)
RU_ENDING = (
    "а|я|о|е|ы|и|у|ю|ь|й|ой|ей|ый|ий|ая|яя|ое|ее|ые|ие|ого|его|ому|ему|ым|им|ом|ем|ую|юю|ою|ею|ых|их|ыми|ими|ах|ях|ам|ям|ами|ями|ов|ев|"
    "ья|ью|ие|ия|ии|ию|ием|иям|иях|ями|ть|ти|ет|ит|ут|ют|ат|ят|ешь|ишь|л|ла|ло|ли|лся|лась|лось|лись|ся|сь|ется|ится|утся|ются|ятся|атся|"
    "н|на|но|ны|нн|енн|ен|ена|ено|ены|ан|ана|ано|аны|вш|вший|ющий|щий|щая|щие|ный|ная|ное|ные|ного|ному|ной|ных|ным|ными|ость|ости"
)
EN_ENDING = (
    "s|es|ed|d|ing|er|ers|or|ors|ly|al|ally|ic|ical|ically|ion|ions|ation|ations|ment|ments|ive|able|ible|ness|ity|ities|ies|ied|y|e|'s|ful|"
    "less|ize|ized|izes|izing|ise|ised|ising|ization|isation|ist|ists|ism|n|ian|ians|an|ans|ar|ary|ous|ance|ence|ant|ent|th|r"
)
CHAIN = {
    "kk": re.compile(rf"(?:-?(?:{KK_SUFFIX}))*"),
    "ru": re.compile(rf"(?:(?:{RU_ENDING})){{0,3}}"),
    "en": re.compile(rf"(?:(?:{EN_ENDING})){{0,2}}"),
}
"""What may follow a short stem; after a stem of LONG letters anything may, up to MAX_REST letters."""

LONG = 5
MAX_REST = {"kk": 16, "ru": 8, "en": 7}
MIN_STEM = 3
RU_LEMMA = re.compile(r"(?:ться|тись|ть|ти|чь|ый|ий|ой|ая|яя|ое|ее|ые|ие|ия|ие|ья|ье|а|я|о|е|ы|и|ь|й|у|ю)$")
RU_VERB = re.compile(r"(?:ов|ев)ать(?:ся)?$")
RU_SOFT = re.compile(r"(?:[аяеиоу])$")
VOICED = {"қ": "ғ", "к": "г", "п": "б"}


def lemma_stems(lemma: str, lang: str) -> set[str]:
    """Returns the stems a dictionary form gives; a form too short to cut is returned whole."""
    word = fold(lemma)
    stems = {word}
    if lang == "kk":
        if len(word) > 3 and word.endswith(("у", "ю")):
            stems = {word[:-1], word}
        if word[-1:] in VOICED:
            stems.add(word[:-1] + VOICED[word[-1]])
    elif lang == "ru":
        cut = RU_LEMMA.sub("", word)
        if word.endswith("ость"):
            cut = word[:-1]
        elif word.endswith(("ть", "ться")):
            stems |= {RU_VERB.sub("у", word)} if RU_VERB.search(word) else set()
            stem = RU_SOFT.sub("", cut)
            stems.add(stem if len(stem) >= MIN_STEM + 1 else cut)
        if len(cut) >= MIN_STEM:
            stems.add(cut)
    else:
        if word.endswith("e") and len(word) > 3:
            stems.add(word[:-1])
        if word.endswith("y") and len(word) > 3:
            stems.add(word[:-1] + "i")
        if len(word) > 3 and word[-1] in "bdgklmnprt" and word[-2] in "aeiou":
            stems.add(word + word[-1])
    return {stem for stem in stems if len(stem) >= 2} or {word}


def fold(word: str) -> str:
    """Returns the word in lower case with ё and the apostrophes folded."""
    return word.lower().replace("ё", "е").replace("’", "'").removesuffix("'s").removesuffix("'")


def may_follow(rest: str, stem: str, lang: str) -> bool:
    """Says whether `rest` can be the ending of a word whose stem is `stem`."""
    if not rest:
        return True
    if len(rest) > MAX_REST[lang] or len(stem) < MIN_STEM:
        return False
    return len(stem) >= LONG or CHAIN[lang].fullmatch(rest) is not None


def prefixes(word: str) -> Iterable[str]:
    """Returns the word's beginnings, longest first, down to two letters."""
    return (word[:n] for n in range(len(word), 1, -1))
