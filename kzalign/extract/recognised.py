"""What of an article OCR read, and how sure it was."""

from dataclasses import replace
from statistics import fmean

from kzalign.records import Article, Issue, Version


def with_confidence(article: Article, issue: Issue) -> Article:
    """Returns the article with the confidence of its versions that OCR read, wholly or in part, and a note that names them."""
    versions = {lang: replace(version, ocr=_confidence(version, issue)) for lang, version in article.versions.items()}
    read = [lang for lang, version in versions.items() if version.ocr is not None]
    if not read:
        return article
    note = f"{', '.join(read)} read by OCR ({issue.recogniser})"
    return replace(article, versions=versions, notes=(*article.notes, note))


def _confidence(version: Version, issue: Issue) -> float | None:
    """Returns the mean confidence of the words of a version's title, abstract and keywords."""
    spans = (*version.title_lines, *version.abstract_lines, *version.keywords_lines)
    numbers = {number for first, last in spans for number in range(first, last + 1)}
    words = [sure for number in numbers for sure in issue.recognised.get(number, ())]
    return round(fmean(words), 4) if words else None
