"""The metrics against sacrebleu, and what a user meets when something is missing."""

import json
import random
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kzalign.bench.mt.metrics import METRICS, Metric, make_metric
from kzalign.bench.mt.ter import count_edits
from kzalign.errors import KzalignError

WORDS = "бұл зерттеу нәтижесі мақалада the results, (of) 3.5 % тіл «сөз» и языка 2020–2021 a . - &amp; x".split()
CASES: dict[str, tuple[str, dict[str, Any], list[str]]] = {
    "bleu": ("BLEU", {}, ["-m", "bleu"]),
    "chrf": ("CHRF", {}, ["-m", "chrf"]),
    "chrf++": ("CHRF", {"word_order": 2}, ["-m", "chrf", "--chrf-word-order", "2"]),
    "ter": ("TER", {}, ["-m", "ter"]),
}
"""Metric, sacrebleu's class and its arguments, sacrebleu's command line."""


def systems(count: int, seed: int = 5) -> list[tuple[list[str], list[str]]]:
    """Returns `count` pairs of hypotheses and references: noisy copies, a few empty or unrelated."""
    draw = random.Random(seed)
    found = []
    for _ in range(count):
        size = draw.randrange(1, 5)
        references = [" ".join(draw.choices(WORDS, k=draw.randrange(1, 14))) for _ in range(size)]
        noise = draw.random()
        hypotheses = [
            " ".join(
                draw.choice(WORDS) if draw.random() < noise else word for word in reference.split() if draw.random() > noise / 3
            )
            for reference in references
        ]
        found.append((hypotheses, references))
    return found


@pytest.mark.parametrize("name", CASES)
def test_a_thousand_systems_score_as_sacrebleu_scores_them(name: str) -> None:
    import sacrebleu.metrics

    class_name, arguments, _ = CASES[name]
    theirs = getattr(sacrebleu.metrics, class_name)(**arguments)
    ours = make_metric(name)
    for hypotheses, references in systems(1000):
        score = theirs.corpus_score(hypotheses, [references])
        statistics = ours.statistics(hypotheses, references)
        assert statistics.tolist() == theirs._extract_corpus_statistics(hypotheses, [references])
        assert ours.from_statistics(statistics.sum(axis=0)) == score.score
        assert ours.corpus(hypotheses, references) == score.score
        assert ours.from_many(statistics.sum(axis=0, keepdims=True))[0] == pytest.approx(score.score, rel=1e-12, abs=1e-12)
    assert ours.signature() == str(theirs.get_signature())


@pytest.mark.parametrize("name", CASES)
def test_the_command_line_of_sacrebleu_prints_the_same(name: str, tmp_path: Path) -> None:
    for number, (hypotheses, references) in enumerate(systems(2, seed=8)):
        paths = [tmp_path / f"{number}.{side}" for side in ("hyp", "ref")]
        for path, lines in zip(paths, (hypotheses * 3, references * 3), strict=True):
            path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        command = [sys.executable, "-m", "sacrebleu", str(paths[1]), "-i", str(paths[0]), "-w", "4", *CASES[name][2]]
        printed = json.loads(subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout)
        metric = make_metric(name)
        assert f"{metric.corpus(hypotheses * 3, references * 3):.4f}" == f"{printed['score']:.4f}"
        assert metric.signature() == printed["signature"]


@pytest.mark.parametrize("name", CASES)
def test_scores_of_many_sums_are_the_scores_of_each(name: str) -> None:
    metric = make_metric(name)
    rows = np.vstack([metric.statistics(*system) for system in systems(60, seed=9)] + [metric.statistics([""], ["бір екі"])])
    assert metric.from_many(rows) == pytest.approx([metric.from_statistics(row) for row in rows], rel=1e-12, abs=1e-12)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from("abcde"), max_size=40), st.lists(st.sampled_from("abcdef"), max_size=40))
def test_edits_are_those_of_sacrebleu(hypothesis: list[str], reference: list[str]) -> None:
    from sacrebleu.metrics.lib_ter import translation_edit_rate

    assert count_edits(hypothesis, reference) == translation_edit_rate(hypothesis, reference)


def test_edits_of_long_unlike_segments_are_those_of_sacrebleu() -> None:
    """Where the beam may cut the cheapest path, where all words are alike, and past the most candidates."""
    from sacrebleu.metrics.lib_ter import translation_edit_rate

    draw = random.Random(3)
    for size, other, vocabulary in ((60, 30, 20), (10, 60, 9), (40, 40, 2), (45, 50, 30), (30, 28, 1)):
        hypothesis = [str(draw.randrange(vocabulary)) for _ in range(size)]
        reference = [str(draw.randrange(vocabulary)) for _ in range(other)]
        assert count_edits(hypothesis, reference) == translation_edit_rate(hypothesis, reference)


def test_an_empty_hypothesis_is_scored() -> None:
    assert [make_metric(name).corpus([""], ["бір екі үш"]) for name in CASES] == [0, 0, 0, 100]


def test_references_are_not_mixed_up_between_calls() -> None:
    metric = make_metric("bleu")
    first, second = ["a b c d e"], ["f g h i j"]
    assert [metric.corpus(first, first), metric.corpus(first, second), metric.corpus(second, second)] == pytest.approx(
        [100, 0, 100]
    )


def learnt(name: str, folder: Path) -> Metric:
    return METRICS[name](folder)


class FakeComet(ModuleType):
    """Stands for Unbabel's package: scores by the length of the hypothesis, and remembers what it was called with."""

    def __init__(self) -> None:
        super().__init__("comet")
        self.calls: list[Any] = []

    def load_from_checkpoint(self, path: str, local_files_only: bool) -> Any:
        self.calls.append((path, local_files_only))
        return SimpleNamespace(predict=self.predict)

    def predict(self, rows: list[dict[str, str]], batch_size: int, gpus: int, progress_bar: bool) -> Any:
        self.calls.append(rows)
        return SimpleNamespace(scores=[len(row["mt"]) / 10 for row in rows])


def test_comet_scores_what_its_package_predicts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeComet()
    monkeypatch.setitem(sys.modules, "comet", fake)
    (tmp_path / "checkpoints").mkdir()
    (tmp_path / "checkpoints" / "model.ckpt").touch()
    (tmp_path / "hparams.yaml").touch()
    metric = learnt("comet", tmp_path)
    assert metric.statistics(["ab", "abcd"], ["r", "s"], ["x", "y"]).tolist() == [[0.2, 1], [0.4, 1]]
    assert metric.corpus(["ab", "abcd"], ["r", "s"], ["x", "y"]) == pytest.approx(0.3)
    assert metric.from_many(np.array([[0.6, 2], [4, 4]])).tolist() == [0.3, 1]
    assert fake.calls[0] == (str(tmp_path / "checkpoints" / "model.ckpt"), True)
    assert fake.calls[1][0] == {"src": "x", "mt": "ab", "ref": "r"}
    assert tmp_path.name in metric.signature()


class FakeTokenizer:
    """Returns as many ids as the text has words, and the end mark."""

    texts: list[str] = []  # noqa: RUF012

    def __call__(self, texts: list[str], max_length: int, truncation: bool) -> dict[str, list[list[int]]]:
        FakeTokenizer.texts += texts
        return {"input_ids": [[5] * len(text.split()) + [1] for text in texts]}


class FakeModel:
    """Puts the number of unpadded ids, less 4, on the token that MetricX reads."""

    def to(self, device: str) -> "FakeModel":
        return self

    def eval(self) -> "FakeModel":
        return self

    def __call__(self, input_ids: Any, attention_mask: Any, decoder_input_ids: Any) -> Any:
        import torch

        assert ((input_ids != 0).long() == attention_mask).all()
        assert 1 not in input_ids
        logits = torch.zeros((len(input_ids), 1, 250112))
        logits[:, 0, 250089] = attention_mask.sum(dim=1).float() - 6
        return SimpleNamespace(logits=logits)


def test_metricx_reads_one_logit_and_clips_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("torch")
    fake = ModuleType("transformers")
    for name, made in {"AutoTokenizer": FakeTokenizer(), "MT5ForConditionalGeneration": FakeModel()}.items():
        loader = SimpleNamespace(from_pretrained=lambda folder, local_files_only, made=made: made)
        monkeypatch.setattr(fake, name, loader, raising=False)
    monkeypatch.setitem(sys.modules, "transformers", fake)
    FakeTokenizer.texts = []
    metric = learnt("metricx", tmp_path)
    scores = metric.statistics(["h", "h h", "h " * 60, *"abcdefgh"], ["r"] * 11, ["s"] * 11)[:, 0]
    assert scores.tolist() == [0, 1, 25] + [0] * 8
    assert FakeTokenizer.texts[0] == "source: s candidate: h reference: r"
    assert not metric.higher_is_better


def test_metricx_of_a_real_model_is_the_published_formula(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tiny mT5 whose output layer is not its embedding, as MetricX's is not, one segment at a time by hand."""
    torch = pytest.importorskip("torch")
    transformers = pytest.importorskip("transformers")
    torch.manual_seed(3)
    config = transformers.MT5Config(d_model=4, d_kv=2, d_ff=8, num_layers=1, num_decoder_layers=1, num_heads=2)
    model = transformers.MT5ForConditionalGeneration(config).eval()
    head = torch.nn.Parameter(20 * torch.randn(config.vocab_size, config.d_model))
    model.lm_head.weight = head
    torch.save(model.state_dict(), tmp_path / "pytorch_model.bin")
    (tmp_path / "config.json").write_text(json.dumps(config.to_dict() | {"architectures": ["MT5ForRegression"]}))
    monkeypatch.setattr(transformers.AutoTokenizer, "from_pretrained", lambda folder, local_files_only: FakeTokenizer())
    scores = learnt("metricx", tmp_path).statistics(["a b", "c", "d e f"], ["r", "r r", "r"], ["s", "s", "s s s"])[:, 0]
    by_hand = []
    with torch.no_grad():
        for words in (7, 7, 10):
            states = model.encoder(input_ids=torch.full((1, words), 5)).last_hidden_state
            decoded = model.decoder(
                input_ids=torch.zeros((1, 1), dtype=torch.long), encoder_hidden_states=states
            ).last_hidden_state
            by_hand.append(float((decoded[0, 0] @ head[250089]).clamp(0, 25)))
    assert scores.tolist() == pytest.approx(by_hand, rel=1e-4)
    assert 0 < max(by_hand) < 25


def test_metricx_without_a_model_in_its_folder(tmp_path: Path) -> None:
    pytest.importorskip("transformers")
    with pytest.raises(KzalignError, match="not a MetricX model with the tokenizer"):
        learnt("metricx", tmp_path).statistics(["a"], ["b"], ["c"])


MISTAKES: dict[str, tuple[Any, str]] = {
    "an unknown name": (lambda: make_metric("blue"), "unknown metric 'blue': did you mean 'bleu'"),
    "a file nobody reads": (lambda: make_metric("ter", Path("x")), "this metric reads no file"),
    "no folder": (lambda: make_metric("comet"), "comet: no folder given: name the folder"),
    "an absent folder": (lambda: make_metric("metricx", Path("absent")), "metricx: absent: name the folder"),
    "counts": (lambda: make_metric("bleu").corpus(["a"], ["a", "b"]), "1 hypotheses and 2 references"),
    "counts of TER": (lambda: make_metric("ter").corpus([], []), "0 hypotheses and 0 references"),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_mistakes_are_named(case: str) -> None:
    call, message = MISTAKES[case]
    with pytest.raises(KzalignError, match=message):
        call()


def test_comet_names_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "comet", None)
    with pytest.raises(KzalignError, match="pip install unbabel-comet"):
        learnt("comet", tmp_path).corpus(["a"], ["b"], ["c"])
    monkeypatch.setitem(sys.modules, "comet", FakeComet())
    with pytest.raises(KzalignError, match=r"model\.ckpt: not there"):
        learnt("comet", tmp_path).corpus(["a"], ["b"], ["c"])
    with pytest.raises(KzalignError, match="0 sources, 1 hypotheses, 1 references"):
        learnt("comet", tmp_path).corpus(["a"], ["b"])


def test_without_sacrebleu_its_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sacrebleu", None)
    with pytest.raises(KzalignError, match=r"pip install 'kzalign\[bench\]'"):
        make_metric("bleu").corpus(["a"], ["a"])


@pytest.fixture(scope="module")
def pieces(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns a SentencePiece model of some words, in the place where sacrebleu keeps that of FLORES-200."""
    trainer = pytest.importorskip("sentencepiece").SentencePieceTrainer
    folder = tmp_path_factory.mktemp("sacrebleu") / "models"
    folder.mkdir()
    path = folder / "flores200sacrebleuspm"
    with path.open("wb") as stream:
        texts = [line for _, references in systems(60) for line in references]
        trainer.train(sentence_iterator=iter(texts), model_writer=stream, vocab_size=90, minloglevel=9, hard_vocab_limit=False)
    return path


def test_spbleu_from_a_file_or_from_the_cache(pieces: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sacrebleu import utils
    from sacrebleu.metrics import BLEU
    from sacrebleu.tokenizers import tokenizer_spm

    for module in (tokenizer_spm, utils):
        monkeypatch.setattr(module, "SACREBLEU_DIR", str(pieces.parents[1]))
    theirs = BLEU(tokenize="flores200")
    for hypotheses, references in systems(20):
        score = theirs.corpus_score(hypotheses, [references]).score
        assert make_metric("spbleu", pieces).corpus(hypotheses, references) == score
        assert make_metric("spbleu").corpus(hypotheses, references) == score
    assert make_metric("spbleu").signature().startswith(f"{theirs.get_signature()}|spm:")


def test_spbleu_says_where_its_model_should_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sacrebleu import utils

    monkeypatch.setattr(utils, "SACREBLEU_DIR", str(tmp_path))
    with pytest.raises(KzalignError, match="models/flores200sacrebleuspm: the FLORES-200 SentencePiece model is not there"):
        make_metric("spbleu").corpus(["a"], ["a"])
    (tmp_path / "broken").write_bytes(b"not a model")
    with pytest.raises(KzalignError, match="broken: not a SentencePiece model"):
        make_metric("spbleu", tmp_path / "broken").corpus(["a"], ["a"])
