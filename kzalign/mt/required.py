"""Terms that a hypothesis has to have: the scores of a search are bent until it has them.

transformers 5 has no constrained beam search of its own any more: it is Python code of a repository on the Hub, which is not
run here. A beam that is on its way through a term has a bonus, which it loses where it leaves the term; no hypothesis ends
before all of its terms are said, and one that would end otherwise says the missing term then.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kzalign.mt.bulk.glossary import Stems, has_term, stems_of, words_of
from kzalign.mt.contract import Terms

BONUS = 3.0
"""Of a term that is said, as a logarithm of probability: one that is up to 20 times less likely than other words is said."""

Ids = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """The translations that are allowed for a term: their stems, and their ids."""

    stems: tuple[Stems, ...]
    ids: tuple[Ids, ...]

    def steps(self, said: Ids) -> Iterator[tuple[int, int, int]]:
        """Yields each id that begins a translation or goes on with one, how many were said, and how many there are."""
        for ids in self.ids:
            for k in range(len(ids)):
                if k == 0 or said[-k:] == ids[:k]:
                    yield ids[k], k, len(ids)

    def is_in(self, words: Sequence[str]) -> bool:
        """Says whether the words have one of the translations, in any form."""
        return any(has_term(words, stems) for stems in self.stems)


def required_terms(tokenizer: Any, glossary: Sequence[Terms], code: str) -> list[list[Term]]:
    """Returns each text's terms as the tokenizer writes them in the target language, whose code is the model's."""
    known: dict[tuple[str, ...], Term] = {}
    if any(glossary) and hasattr(tokenizer, "tgt_lang"):
        tokenizer.tgt_lang = code

    def term_of(translations: tuple[str, ...]) -> Term:
        if translations not in known:
            written = [tuple(tokenizer(text_target=text, add_special_tokens=False)["input_ids"]) for text in translations]
            term = Term(tuple(map(stems_of, translations)), tuple(filter(None, written)))
            # What would not be recognised when it is said, such as letters that the tokenizer lacks, is not asked for.
            ids = tuple(ids for ids in term.ids if term.is_in(words_of(tokenizer.decode(ids))))
            known[translations] = replace(term, ids=ids)
        return known[translations]

    return [[term_of(translations) for _, translations in terms] for terms in glossary]


class Required:
    """A processor of scores for transformers' `generate`: row `i` of a search is of the text `i // beams`."""

    def __init__(self, terms: Sequence[Sequence[Term]], tokenizer: Any, beams: int, ends: Sequence[int], limit: int) -> None:
        self._terms, self._tokenizer, self._beams, self._ends, self._limit = terms, tokenizer, beams, list(ends), limit
        self._begun: set[tuple[int, Ids]] = set()
        """Texts and what was said of them where a term was begun because nothing else was left."""

    def __call__(self, input_ids: Any, scores: Any) -> Any:
        """Returns the scores of the next token, shape (texts x beams, vocabulary), bent."""
        scores = scores.clone()
        for i, row in enumerate(input_ids.tolist()):
            text, said = i // self._beams, tuple(row[1:])
            if self._terms[text] and not any(end in said for end in self._ends):
                self._bend(text, said, scores[i])
        return scores

    def _bend(self, text: int, said: Ids, scores: Any) -> None:
        begun = (text, said) in self._begun
        words = words_of(self._tokenizer.decode(said, skip_special_tokens=True))
        missing = [term for term in self._terms[text] if begun or not term.is_in(words)]
        steps = [step for term in missing for step in term.steps(said)]
        if not steps:
            return
        if begun or self._has_to_end(said, missing, scores):
            furthest = max(k for _, k, _ in steps)
            self._force(text, said, [(token, k + 1 < of) for token, k, of in steps if k == furthest], scores)
            return
        for term in filter(lambda term: term.ids, missing):
            shares: dict[int, float] = {}
            for token, k, of in term.steps(said):
                shares[token] = max(shares.get(token, 0.0), (k + 1) / of)
            scores -= BONUS * max(k / of for _, k, of in term.steps(said))
            for token, share in shares.items():
                scores[token] += BONUS * share
        scores[self._ends] = float("-inf")

    def _has_to_end(self, said: Ids, missing: Sequence[Term], scores: Any) -> bool:
        """Says whether the search would end here, or has room for the missing terms and no more."""
        needed = sum(max(map(len, term.ids)) for term in missing if term.ids)
        return int(scores.argmax()) in self._ends or self._limit - len(said) <= needed + 1

    def _force(self, text: int, said: Ids, steps: Sequence[tuple[int, bool]], scores: Any) -> None:
        """Leaves the steps alone, unless the model's own rules forbid them all; a step that goes on is remembered."""
        tokens = sorted({token for token, _ in steps})
        allowed = scores[tokens].clone()
        if bool(allowed.isneginf().all()):
            return
        scores[:] = float("-inf")
        scores[tokens] = allowed
        self._begun.update((text, (*said, token)) for token, goes_on in steps if goes_on)
