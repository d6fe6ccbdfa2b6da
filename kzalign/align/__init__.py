"""align: an article's sentences in, the beads of its language pairs out."""

from collections.abc import Callable
from dataclasses import replace

from kzalign.align.lexical import LexicalAligner
from kzalign.align.lexicon_files import lexicon_with
from kzalign.config import AlignConfig
from kzalign.errors import unknown
from kzalign.records import LANGS, Article, Version
from kzalign.text.sentences import split_sentences


def _lexical(config: AlignConfig) -> LexicalAligner:
    return LexicalAligner.with_lexicon(lexicon_with(config.lexicons))


def _encoder(config: AlignConfig) -> LexicalAligner:
    from kzalign.align.encoder_aligner import with_named_encoder

    return with_named_encoder(_lexical(config), config.encoder, config.encoder_weight, config.embeddings, config.locked)


ALIGNERS: dict[str, Callable[[AlignConfig], LexicalAligner]] = {"lexical": _lexical, "encoder": _encoder}


def make_aligner(config: AlignConfig) -> LexicalAligner:
    """Returns the aligner that the configuration names."""
    if config.aligner not in ALIGNERS:
        raise unknown("aligner", config.aligner, ALIGNERS)
    return ALIGNERS[config.aligner](config)


def align(article: Article, aligner: LexicalAligner) -> Article:
    """Returns the article with the beads of every pair of languages that both have an abstract."""
    versions = {lang: _with_sentences(article.versions[lang]) for lang in LANGS if lang in article.versions}
    return replace(article, versions=versions, alignment=aligner.align(aligner.sides(versions)))


def _with_sentences(version: Version) -> Version:
    """Keeps the sentences a version has and splits only an abstract that has none."""
    if version.sentences or not version.abstract:
        return version
    return replace(version, sentences=tuple(split_sentences([version.abstract])))


__all__ = ["ALIGNERS", "LexicalAligner", "align", "make_aligner"]
