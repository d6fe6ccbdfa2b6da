"""Abstracts matched as GROBID's end-to-end evaluation matches fields, so that figures can be put beside its published ones.

A field counts as found where the extracted text matches the expected one, as a wrong one where it does not, and as missed
where there is none: precision is found / (found + wrong), recall found / expected. Four ways to match: strict; soft, which
ignores punctuation, case and blanks; Levenshtein, at least 0.8 of the longer text alike; Ratcliff/Obershelp, at least 0.95.
https://grobid.readthedocs.io/en/latest/End-to-end-evaluation/ and EndToEndEvaluation.java of its sources.
"""

import difflib
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from kzalign.bench.report import Agreement
from kzalign.bench.resampling import Bootstrap
from kzalign.records import Article

LEVENSHTEIN = 0.8
RATCLIFF = 0.95
DASHES = str.maketrans("‐‑‒–—−“”„«»‘’`´", '------"""""\'\'\'\'')


def normal(text: str) -> str:
    """Returns the text with blanks made one, dashes and quotes made plain: what GROBID does before strict matching."""
    return " ".join(unicodedata.normalize("NFC", text).translate(DASHES).split())


def soft(text: str) -> str:
    """Returns the text in small letters without punctuation and blanks."""
    return "".join(char for char in normal(text).lower() if char not in "$`^" and unicodedata.category(char)[0] not in "PZ")


def levenshtein(want: str, have: str, least: float) -> bool:
    """Says whether at most `1 - least` of the longer text has to be changed to make one text the other."""
    longer = max(len(want), len(have))
    bound = int((1 - least) * longer)
    if abs(len(want) - len(have)) > bound:
        return False
    row = list(range(len(have) + 1))
    for i, a in enumerate(want, 1):
        first, last = max(1, i - bound), min(len(have), i + bound)
        above = row[first - 1]
        row[first - 1] = i if first == 1 else bound + 1
        for j in range(first, last + 1):
            above, row[j] = row[j], min(above + (a != have[j - 1]), (row[j] if j < i + bound else bound) + 1, row[j - 1] + 1)
        if min(row[first - 1 : last + 1]) > bound:
            return False
    return row[len(have)] <= bound


def _levenshtein(want: str, have: str) -> bool:
    return normal(want) == normal(have) or levenshtein(normal(want), normal(have), LEVENSHTEIN)


def _ratcliff(want: str, have: str) -> bool:
    matcher = difflib.SequenceMatcher(None, normal(want), normal(have), autojunk=False)
    return matcher.real_quick_ratio() >= RATCLIFF and matcher.quick_ratio() >= RATCLIFF and matcher.ratio() >= RATCLIFF


MATCHES: dict[str, Callable[[str, str], bool]] = {
    "strict": lambda want, have: normal(want) == normal(have),
    "soft": lambda want, have: soft(want) == soft(have),
    "levenshtein": _levenshtein,
    "ratcliff": _ratcliff,
}
"""Ways to match, by name."""


@dataclass(frozen=True, slots=True)
class _Field:
    """An abstract in one language of one document."""

    issue_id: str
    lang: str
    text: str


def match_abstracts(articles: Iterable[Article], gold: Sequence[Article]) -> dict[str, Agreement]:
    """Returns precision, recall and F1 of the abstracts by way of matching; each has one partner at most, of its language."""
    expected, extracted = list(_fields(gold)), list(_fields(articles))
    issues = sorted({field.issue_id for field in expected})
    bootstrap = Bootstrap.draw(len(issues))
    result = {}
    for name, matches in MATCHES.items():
        counts = [_count(matches, issue, expected, extracted) for issue in issues]
        found, system, wanted = (list(column) for column in zip(*counts, strict=True))
        result[name] = bootstrap.agreement((found, system), (found, wanted))
    return result


def _fields(articles: Iterable[Article]) -> Iterable[_Field]:
    for article in articles:
        for lang, version in article.versions.items():
            if text := version.abstract or " ".join(version.sentences):
                yield _Field(article.issue_id, lang, text)


def _count(
    matches: Callable[[str, str], bool], issue: str, expected: Sequence[_Field], extracted: Sequence[_Field]
) -> tuple[int, int, int]:
    """Returns how many abstracts of a document were found, extracted and expected."""
    wanted = [field for field in expected if field.issue_id == issue]
    left = system = [field for field in extracted if field.issue_id == issue]
    found = 0
    for want in wanted:
        partner = next((have for have in left if have.lang == want.lang and matches(want.text, have.text)), None)
        if partner is not None:
            found += 1
            left = [have for have in left if have is not partner]
    return found, len(system), len(wanted)
