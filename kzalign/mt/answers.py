"""What chat models are told, and the translation in what they answer."""

import re

from kzalign.mt.backend import UNFINISHED, Hypothesis
from kzalign.mt.cards import MtCard
from kzalign.mt.contract import Terms

THOUGHT = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL | re.IGNORECASE)
THOUGHT_END = re.compile(r"\A.*</think(?:ing)?>", re.DOTALL | re.IGNORECASE)
FENCE = re.compile(r"\A```[\w-]*[ \t]*\n(.*?)\n?```\Z", re.DOTALL)
LABEL = re.compile(
    r"\A(?:\*\*)?(?:(?:sure|certainly|of course)[!,.:]\s*)?"
    r"(?:here(?: is|'s|’s) (?:the|your) (?:\w+ )?translation(?: (?:in|into|to) \w+)?"
    r"|(?:the )?(?:\w+ )?translation(?: (?:in|into|to) \w+)?|(?:kazakh|russian|english)(?: text)?"
    r"|(?:вот )?перевод(?: на \w+(?: язык)?)?|аударма(?:сы)?|қазақша|по-русски)(?:\*\*)?[ \t]*:(?:\*\*)?\s*",
    re.IGNORECASE,
)
REMARK = re.compile(
    r"\n[ \t]*\n\s*[(\[*_]*(?:note|explanation|comment|примечание|пояснение|ескерту|түсініктеме)\b.*\Z", re.DOTALL | re.I
)
QUOTES = (('"', '"'), ("'", "'"), ("“", "”"), ("«", "»"), ("„", "“"), ("‘", "’"), ("`", "`"))


TERMS = "Use these translations of terms, in the form that the sentence needs:"


def prompt_for(template: str, card: MtCard, text: str, source: str, target: str) -> str:
    """Returns the template with the text and the languages' names of the card in it."""
    return template.format(text=text, source=card.languages[source], target=card.languages[target])


def asked_for(card: MtCard, text: str, source: str, target: str, terms: Terms) -> str:
    """Returns the card's prompt, after a line for each term: `- почва: soil or earth`."""
    lines = [f"- {term}: {' or '.join(translations)}" for term, translations in terms]
    prompt = prompt_for(card.prompt, card, text, source, target)
    return "\n".join([TERMS, *lines, "", prompt]) if lines else prompt


def continued(card: MtCard, text: str, source: str, target: str, terms: Terms) -> str:
    """Returns what a model without a chat template continues: each term as an example that has its translation, the text."""
    examples = [f"{prompt_for(card.plain, card, term, source, target)} {translations[0]}" for term, translations in terms]
    return "\n\n".join([*examples, prompt_for(card.plain, card, text, source, target)])


def cleaned(answer: str, text: str) -> str:
    """Returns the translation of `text` in a chat model's answer, on one line if the text is on one.

    Thoughts, code fences, a label such as `Translation:`, a remark after an empty line and quotation marks around the
    whole go, the last three unless the text itself has the like.
    """
    said = THOUGHT.sub("", answer)
    said = THOUGHT_END.sub("", said).strip()
    if (fence := FENCE.match(said)) and not text.lstrip().startswith("```"):
        said = fence[1].strip()
    if not LABEL.match(text.strip()):
        said = LABEL.sub("", said, count=1)
    if not REMARK.search(text):
        said = REMARK.sub("", said)
    said = _unquoted(said.strip(), text.strip())
    return said if "\n" in text.strip() else " ".join(said.split())


def hypothesis_in(answer: str, text: str, finished: bool, flags: tuple[str, ...] = ()) -> Hypothesis:
    """Returns the hypothesis in an answer."""
    return Hypothesis(cleaned(answer, text), flags if finished else (*flags, UNFINISHED))


def first_line(answer: str, text: str) -> str:
    """Returns as many lines of a plain continuation as the text has: what comes after is the model going on by itself."""
    lines = answer.strip().split("\n")
    return "\n".join(lines[: text.strip().count("\n") + 1])


def _unquoted(said: str, text: str) -> str:
    """Returns the answer without quotation marks around the whole of it, unless the text has such marks too."""
    if any(len(text) > 1 and text[0] == left and text[-1] == right for left, right in QUOTES):
        return said
    for left, right in QUOTES:
        inner = said[1:-1]
        if len(said) > 1 and said[0] == left and said[-1] == right and left not in inner and right not in inner:
            return inner.strip()
    return said
