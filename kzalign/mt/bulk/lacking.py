"""What articles lack, and what making it would take: no model is needed to know."""

from collections.abc import Iterator
from dataclasses import dataclass

from kzalign.mt.bulk.job import Job
from kzalign.mt.bulk.works import ABSENT, works_of
from kzalign.records import LANGS, Article


@dataclass(frozen=True, slots=True)
class Lack:
    """A language in which an article has no abstract; figures are those of the texts to be translated."""

    article: Article
    lang: str
    source: str
    """The language to translate it from; empty where the article has none that a person wrote."""
    sentences: int = 0
    keywords: int = 0
    characters: int = 0

    @property
    def has(self) -> tuple[str, ...]:
        """Returns the languages in which the article has an abstract."""
        return tuple(lang for lang in LANGS if _is_there(self.article, lang))

    @property
    def title(self) -> str:
        """Returns the article's title in the missing language, else in the one to translate from, else in any."""
        versions = self.article.versions
        titles = (versions[lang].title for lang in (self.lang, self.source, *LANGS) if lang in versions)
        return next(filter(None, titles), "") or ""


def lacks_of(article: Article, job: Job) -> Iterator[Lack]:
    """Yields what of the languages that are wanted the article lacks."""
    works, _ = works_of(article, job, lambda source, target: True, lambda text: False)
    by_target = {work.target: work for work in works}
    for lang in job.targets:
        if _is_there(article, lang):
            continue
        if lang not in by_target:
            yield Lack(article, lang, "")
            continue
        work = by_target[lang]
        characters = sum(len(text) for texts in work.texts.values() for text in texts)
        yield Lack(article, lang, work.source, len(work.texts["abstract"]), len(work.texts.get("keywords", ())), characters)


def _is_there(article: Article, lang: str) -> bool:
    return bool(article.versions.get(lang, ABSENT).abstract.strip())
