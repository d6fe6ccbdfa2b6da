"""Toys through the backends: what bulk translation asks of them beyond a hypothesis a text."""

import functools
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tiny_models import SENTENCES, TEXTS, tiny_models

from kzalign.config import MtConfig, TranslateConfig
from kzalign.mt import open_backend
from kzalign.mt.backend import SOURCE_CUT, Search
from kzalign.mt.bulk import translate
from kzalign.mt.bulk.glossary import missed_terms
from kzalign.mt.bulk.job import RETRY, Job
from kzalign.mt.bulk.readers import Input, open_source
from kzalign.mt.cards import LOCAL_CARD
from kzalign.mt.contract import Enforces, Measures, Regenerates, Terms
from kzalign.records import Article, Version, dumps
from kzalign.store import read_articles

pytest.importorskip("transformers", reason="needs kzalign[mt]")
pytest.importorskip("sentencepiece", reason="needs kzalign[mt]")
pytest.importorskip("ctranslate2", reason="needs kzalign[ctranslate2]")

MOST = {"chat": 100}
RUSSIAN = SENTENCES["ru"]
GLOSSARY: list[Terms] = [
    (("вода", ("water", "aqua")),),
    (),
    (("почва", ("soil",)), ("сравнить", ("compared with", "methods"))),
    (("почва", ("soil",)),),
]
Opened = Callable[..., Any]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(autouse=True)
def own_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KZALIGN_HOME", str(home))


@pytest.fixture(scope="module")
def toys(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    make = tiny_models(tmp_path_factory.mktemp("toys"))

    def toy(family: str) -> Path:
        folder = make(family)
        languages = 'languages = { kk = "kaz_Cyrl", ru = "rus", en = "eng" }\n' if family == "marian" else ""
        (folder / LOCAL_CARD).write_text(f"max_length = {MOST.get(family, 40)}\n{languages}")
        return folder

    return toy


@pytest.fixture(scope="module")
def opened(toys: Callable[[str], Path]) -> Opened:
    """Gives a family's toy opened with settings, each once."""
    return functools.cache(lambda family, **settings: open_backend(str(toys(family)), MtConfig(device="cpu", **settings)))


WAYS = {
    "transformers": ("nllb", {"backend": "transformers"}),
    "a mark before the text": ("madlad", {"backend": "transformers"}),
    "ctranslate2": ("nllb", {"backend": "ctranslate2"}),
    "chat": ("chat", {}),
}
EVERY_WAY = pytest.mark.parametrize(("family", "settings"), WAYS.values(), ids=WAYS)


@EVERY_WAY
def test_lengths_say_which_texts_are_cut(family: str, settings: dict[str, str], opened: Opened) -> None:
    backend = opened(family, **settings)
    assert isinstance(backend, Measures) and isinstance(backend, Regenerates) and isinstance(backend, Enforces)
    texts = [*TEXTS, " ".join(TEXTS), *(text[:size] for text in TEXTS for size in range(28, 44, 3))]
    cut = [SOURCE_CUT in hypothesis.flags for hypothesis in backend.hypotheses(texts, "kk", "ru")]
    assert cut == [length > backend.max_length for length in backend.lengths(texts)]
    assert 0 < sum(cut) < len(texts)
    assert (backend.lengths([]), backend.generate([], "kk", "ru", [])) == ([], [])


@pytest.mark.parametrize("beams", [1, 3])
def test_threads_batches_and_order_make_no_difference_in_8_bits(
    beams: int, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend = opened("nllb", backend="ctranslate2", num_beams=beams)
    assert "int8" in backend.setup
    expected = backend.hypotheses(TEXTS, "kk", "ru")
    assert len({hypothesis.text for hypothesis in expected}) > 4
    for budget, workers in ((1, 1), (100_000, 1), (100_000, 3), (64, 3)):
        monkeypatch.setattr(backend._batcher, "_budget", budget)
        monkeypatch.setattr(backend._batcher, "_workers", workers)
        assert backend.hypotheses(TEXTS, "kk", "ru") == expected
    assert backend.hypotheses(TEXTS[::-1], "kk", "ru") == expected[::-1]


def test_all_cores_work() -> None:
    from kzalign.mt.ct2 import threads_of

    for cores in range(1, 130):
        threads = threads_of(cores)
        used = threads["inter_threads"] * threads["intra_threads"]
        assert 0 < used <= cores < used + threads["inter_threads"]


@EVERY_WAY
def test_a_second_search(family: str, settings: dict[str, str], opened: Opened) -> None:
    """The usual settings give the usual hypotheses; the retry's have no run of three tokens twice and more room."""
    backend = opened(family, **settings)
    none: list[Terms] = [()] * len(TEXTS)
    first = backend.hypotheses(TEXTS, "kk", "ru")
    assert backend.generate(TEXTS, "kk", "ru", none) == first
    longer = backend.generate(TEXTS, "kk", "ru", none, stretch=2)
    assert all(b.text.startswith(a.text[:-1]) for a, b in zip(first, longer, strict=True) if family != "chat")
    notes = backend.notes
    other = backend.generate(TEXTS, "kk", "ru", none, **RETRY)
    assert sum(a.text != b.text for a, b in zip(first, other, strict=True)) > len(TEXTS) // 2
    assert [h.text for h in other if any(6 * char in h.text for char in h.text)] == []
    assert set(RETRY) <= set(Search.__dataclass_fields__)
    assert backend.notes == notes != [], "a retry's flags are not counted"


def test_what_a_prompt_says_may_be_said_again() -> None:
    import torch

    from kzalign.mt.chat import _against_repetition

    ids = torch.tensor([[7, 8, 9, 7, 8, 5, 5, 5, 5]])
    scores = torch.ones(1, 12)

    def bent(prompt: int) -> list[int]:
        found = scores
        for processor in _against_repetition(Search(1, 3, 1.2), prompt):
            found = processor(ids[:, : prompt + 4] if prompt else ids, found)
        return [i for i, score in enumerate(found[0].tolist()) if score != 1]

    assert bent(5) == [5]
    assert bent(0) == [5, 7, 8, 9]
    assert _against_repetition(Search(), 5) == []


@pytest.mark.parametrize("beams", [1, 4])
@pytest.mark.parametrize("family", ["nllb", "m2m100", "mbart50", "madlad", "marian"])
def test_terms_are_said(family: str, beams: int, opened: Opened) -> None:
    card = replace(opened(family, backend="transformers")._card, max_length=100)
    backend: Any = open_backend(card, MtConfig(device="cpu", backend="transformers", num_beams=beams))
    plain = backend.hypotheses(RUSSIAN, "ru", "en")
    found = backend.translate_terms(RUSSIAN, "ru", "en", GLOSSARY)
    for hypothesis, without, terms in zip(found, plain, GLOSSARY, strict=True):
        assert list(missed_terms(hypothesis.text, terms)) == [], hypothesis
        assert terms or hypothesis == without
    assert sum(bool(list(missed_terms(h.text, terms))) for h, terms in zip(plain, GLOSSARY, strict=True)) == 3
    again = backend.generate(RUSSIAN[:1], "ru", "en", GLOSSARY[:1], **RETRY)
    assert list(missed_terms(again[0].text, GLOSSARY[0])) == []


def test_a_term_that_cannot_be_written_does_not_stop_a_search(opened: Opened) -> None:
    backend = opened("marian", backend="transformers")
    terms: list[Terms] = [(("вода", ("水",)),)]
    assert backend.translate_terms(RUSSIAN[:1], "ru", "en", terms) == backend.hypotheses(RUSSIAN[:1], "ru", "en")


def test_ctranslate2_takes_the_hypothesis_that_has_the_terms(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    backend = opened("nllb", backend="ctranslate2")
    given: list[str] = []

    def hypothesis_of(tokenizer: Any, ids: Any, *rest: Any) -> Any:
        given.append(tokenizer.decode(ids, skip_special_tokens=True).strip())
        return original(tokenizer, ids, *rest)

    from kzalign.mt import ct2

    original = ct2.hypothesis_of
    monkeypatch.setattr(ct2, "hypothesis_of", hypothesis_of)
    (first,) = backend.translate_terms(RUSSIAN[3:], "ru", "en", [(("вода", ("water",)),)])
    assert len(given) == ct2.CHOICE and first.text in given[0]
    word = next(word for text in given for word in text.split() if len(word) > 3 and word not in given[0])
    (found,) = backend.translate_terms(RUSSIAN[3:], "ru", "en", [(("вода", (word,)),)])
    assert word in found.text and found.text != first.text


QUICK = {
    # family, settings, the beginning of the setup
    "8 bits on a CPU": ("nllb", {}, "ctranslate2 int8 cpu"),
    "the user's backend": ("nllb", {"backend": "transformers"}, "transformers float32"),
    "the user's quantisation": ("nllb", {"quantisation": "float32"}, "ctranslate2 float32 cpu"),
    "a chat model": ("chat", {}, "transformers chat"),
}


@pytest.mark.parametrize(("family", "settings", "setup"), QUICK.values(), ids=QUICK)
def test_what_translates_in_bulk(family: str, settings: dict[str, Any], setup: str, toys: Callable[[str], Path]) -> None:
    assert open_backend(str(toys(family)), MtConfig(device="cpu", **settings), quick=True).setup.startswith(setup)
    slow = "transformers" if "quantisation" not in settings else "transformers float32"
    assert open_backend(str(toys(family)), MtConfig(device="cpu", **settings)).setup.startswith(slow)


def test_a_model_that_cannot_be_converted_stays_with_transformers(
    toys: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ctranslate2.converters import TransformersConverter

    def fail(self: Any, output: str, **kwargs: Any) -> None:
        raise ValueError("no conversion is registered")

    monkeypatch.setattr(TransformersConverter, "convert", fail)
    folder = shutil.copytree(toys("nllb"), tmp_path / "own")
    backend = open_backend(str(folder), MtConfig(device="cpu"), quick=True)
    assert backend.setup.startswith("transformers")
    assert "slower than need be" in backend.notes[0] and "no conversion is registered" in backend.notes[0]


@pytest.mark.parametrize("backend", ["transformers", "ctranslate2"])
def test_texts_that_are_too_long_go_in_parts(backend: str, opened: Opened, tmp_path: Path) -> None:
    """Of whole abstracts, those that the model would cut go by sentences, and a sentence that it would cut goes in pieces."""
    model = open_backend(opened("nllb", backend="transformers")._card, MtConfig(device="cpu", backend=backend))
    assert isinstance(model, Measures)
    short, middle, long = RUSSIAN[2], f"{RUSSIAN[2]} {RUSSIAN[2]} {RUSSIAN[0]}", RUSSIAN[1]
    assert [length > model.max_length for length in model.lengths([short, middle, long])] == [False, True, True]
    texts = {"short": (short,), "middle": (RUSSIAN[2], RUSSIAN[2], RUSSIAN[0]), "long": (short, long)}
    path = tmp_path / "in.jsonl"
    path.write_text(
        "".join(
            dumps(Article(name, "i", versions={"ru": Version("ru", "", " ".join(found), found)}).to_json()) + "\n"
            for name, found in texts.items()
        )
    )
    job = Job(("en",), config=TranslateConfig(unit="document"), date="2026-01-31")
    translate(open_source(Input(str(path))), tmp_path / "out.jsonl", model, job)
    made = {article.id: article.versions["en"] for article in read_articles(tmp_path / "out.jsonl")}
    assert [len(made[name].sentences) for name in texts] == [0, 3, 2]
    flags = {name: version.machine.flags for name, version in made.items() if version.machine}
    assert "split" in flags["long"]["abstract/1"]
    assert not any("split" in names for name in ("short", "middle") for names in flags[name].values())
    assert not any("cut" in note for note in model.notes)
