"""What is taken off a chat model's answer, what is not, and batches that fit."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kzalign.errors import KzalignError
from kzalign.mt.answers import asked_for, cleaned, continued, first_line
from kzalign.mt.backend import Hypothesis
from kzalign.mt.batches import Batcher, room
from kzalign.mt.cards import MtCard

TEXT = "Су сапасы маңызды."
CASES = {
    # the text, the answer, the translation in it
    "nothing to take off": (TEXT, "Water quality matters.", "Water quality matters."),
    "a label": (TEXT, "Translation: Water quality matters.", "Water quality matters."),
    "a sentence as label": (TEXT, "Sure! Here is the English translation:\n\nWater quality matters.", "Water quality matters."),
    "a label in bold": (TEXT, "**Translation:** Water quality matters.", "Water quality matters."),
    "the language as label": (TEXT, "English: Water quality matters.", "Water quality matters."),
    "a label in Russian": (TEXT, "Перевод на русский язык: Качество воды важно.", "Качество воды важно."),
    "a label in Kazakh": ("Why?", "Аударма: Неге?", "Неге?"),
    "a text with a label": ("Перевод: теория", "Translation: theory", "Translation: theory"),
    "a word with a colon": (TEXT, "Quality: it matters.", "Quality: it matters."),
    "quotes": (TEXT, '"Water quality matters."', "Water quality matters."),
    "angle quotes": (TEXT, "«Качество воды важно.»", "Качество воды важно."),
    "quotes of the text": ("«Су»", "“Water”", "“Water”"),
    "quotes of two parts": (TEXT, '"Water" and "soil"', '"Water" and "soil"'),
    "a quote inside": (TEXT, 'The "water" matters', 'The "water" matters'),
    "one quote": (TEXT, '"', '"'),
    "a fence": (TEXT, "```\nWater quality matters.\n```", "Water quality matters."),
    "a fence with a name": (TEXT, "```text\nWater quality matters.\n```", "Water quality matters."),
    "a thought": (TEXT, "<think>\nThe user wants…\n</think>\n\nWater quality matters.", "Water quality matters."),
    "the end of a thought": (TEXT, "so it is water.\n</think>\nWater quality matters.", "Water quality matters."),
    "a thought without end": (TEXT, "<think>The user wants", ""),
    "a remark": (TEXT, "Water quality matters.\n\nNote: 'су' is water.", "Water quality matters."),
    "a remark in brackets": (TEXT, "Water quality matters.\n\n(Note that it is short.)", "Water quality matters."),
    "a note without empty line": (TEXT, "Note the water.", "Note the water."),
    "lines of a text on one": (TEXT, "Water\nquality  matters.", "Water quality matters."),
    "lines of a text on two": ("Су.\nНеге?", "Water.\nWhy?", "Water.\nWhy?"),
    "all of it": (TEXT, '<think>x</think>\nTranslation:\n"Water quality matters."\n\nNote: y', "Water quality matters."),
}


@pytest.mark.parametrize(("text", "answer", "expected"), CASES.values(), ids=CASES)
def test_trimmings(text: str, answer: str, expected: str) -> None:
    assert cleaned(answer, text) == expected


@given(st.lists(st.text("абвқғәwxyz.,()", min_size=1), min_size=1))
def test_a_plain_answer_stays(words: list[str]) -> None:
    assert cleaned(" ".join(words), TEXT) == " ".join(words)


@given(st.text("a \n\"'«»`*<>think/:", max_size=40))
def test_what_is_left_of_an_answer_was_in_it(answer: str) -> None:
    assert set(cleaned(answer, TEXT)) <= {*answer, " "}


def test_an_answer_that_goes_in_circles_is_read_at_once() -> None:
    began = time.perf_counter()
    for circle in ("\n", " \n", "<think>", "```\n", '"', "note ", "translation "):
        cleaned(circle * 2_000, TEXT)
    assert time.perf_counter() - began < 20


def test_a_continuation_has_as_many_lines_as_its_text() -> None:
    assert first_line("\n Water.\nKazakh: Неге?", TEXT) == "Water."
    assert first_line("Water.\nWhy?\nMore", "Су.\nНеге?") == "Water.\nWhy?"


TERMS = (("почва", ("soil", "earth")), ("соль", ("salt",)))
CHAT_CARD = MtCard("one", "chat", "one", "main", "MIT", {"ru": "Russian", "en": "English"}, prompt="Into {target}: {text}")


def test_terms_stand_before_the_prompt() -> None:
    said = asked_for(CHAT_CARD, "Почва {сухая}.", "ru", "en", TERMS)
    told = "Use these translations of terms, in the form that the sentence needs:"
    assert said == f"{told}\n- почва: soil or earth\n- соль: salt\n\nInto English: Почва {{сухая}}."
    assert asked_for(CHAT_CARD, "Почва.", "ru", "en", ()) == "Into English: Почва."


def test_terms_are_examples_of_a_plain_continuation() -> None:
    expected = "Russian: почва\nEnglish: soil\n\nRussian: соль\nEnglish: salt\n\nRussian: Почва.\nEnglish:"
    assert continued(CHAT_CARD, "Почва.", "ru", "en", TERMS) == expected
    assert continued(CHAT_CARD, "Почва.", "ru", "en", ()) == "Russian: Почва.\nEnglish:"


@pytest.mark.parametrize(("tokens", "expected"), [(1, 48), (16, 48), (17, 96), (32, 96), (33, 100)])
def test_room_grows_in_steps(tokens: int, expected: int) -> None:
    assert room(tokens, 3, 100) == expected


@given(
    st.lists(st.integers(1, 100), max_size=30), st.integers(1, 300), st.integers(1, 4), st.integers(100, 400), st.integers(0, 3)
)
def test_batches_fit_and_come_back_in_order(lengths: list[int], budget: int, beams: int, memory: int, workers: int) -> None:
    rooms = [room(length, 3, 512) for length in lengths]
    done: list[list[int]] = []
    events: list[str] = []

    def translate(batch: list[int]) -> list[Hypothesis]:
        if max(lengths[i] for i in batch) * len(batch) > memory:
            raise RuntimeError("CUDA out of memory. Tried to allocate")
        done.append(batch)
        return [Hypothesis(str(i)) for i in batch]

    found = Batcher(budget, events, workers).run(lengths, rooms, beams, translate)
    assert [hypothesis.text for hypothesis in found] == [str(i) for i in range(len(lengths))]
    for batch in done:
        assert len({rooms[i] for i in batch}) == 1
        assert len(batch) == 1 or max(lengths[i] for i in batch) * len(batch) * beams <= budget
    assert sorted(i for batch in done for i in batch) == list(range(len(lengths)))
    assert not events or budget > memory


@pytest.mark.parametrize("workers", [0, 2])
def test_one_text_that_does_not_fit_and_other_errors(workers: int) -> None:
    def fail(words: str) -> None:
        def translate(batch: list[int]) -> list[Hypothesis]:
            raise RuntimeError(words)

        Batcher(100, [], workers).run([7], [48], 1, translate)

    with pytest.raises(KzalignError, match="a text of 7 tokens alone does not fit into memory"):
        fail("DefaultCPUAllocator: can't allocate memory")
    with pytest.raises(RuntimeError, match="shapes"):
        fail("shapes differ")
