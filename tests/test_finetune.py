"""What is trained on and in which order, what a run's folder says, and the command."""

import json
import random
import xml.etree.ElementTree as ElementTree
from array import array
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import tuning
from hypothesis import given as cases
from hypothesis import settings
from hypothesis import strategies as st
from test_folder import write
from tiny_models import tiny_models
from typer.testing import CliRunner

from kzalign import translate_cli
from kzalign.config import FinetuneConfig, MtConfig
from kzalign.errors import KzalignError
from kzalign.finetune_cli import app
from kzalign.mt import open_backend
from kzalign.mt.cards import find_card
from kzalign.mt.families import FAMILIES
from kzalign.mt.finetune import Given, Pair
from kzalign.mt.finetune.base import find_base
from kzalign.mt.finetune.contract import ABSTRACT, REPLAY, SENTENCE, SYNTHETIC
from kzalign.mt.finetune.examples import Example, encode_targets, make_examples
from kzalign.mt.finetune.material import DIRECTIONS, choose
from kzalign.mt.finetune.plan import Share, make_plan, probabilities
from kzalign.mt.finetune.plot import curve
from kzalign.mt.finetune.runfolder import toml_of
from kzalign.mt.finetune.trainer import Run, best_step, exhausted
from kzalign.records import Article, Version, dumps
from kzalign.training_cli import given_of

CONFIG = FinetuneConfig()


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Returns what gives the folder of a family's toy."""
    return tiny_models(tmp_path_factory.mktemp("models"))


BAD: dict[str, tuple[Given, dict[str, Any], tuple[str, ...], str]] = {
    "nothing": (tuning.given(0), {}, DIRECTIONS, "the corpus has no train split"),
    "few": (tuning.given(19), {}, DIRECTIONS, "too few pairs to train on (kk-ru 19, ru-kk 19; 20 at least)"),
    "unknown direction": (tuning.given(), {"directions": ("kk-uk",)}, DIRECTIONS, "did you mean 'kk-ru'"),
    "not the model's": (tuning.given(), {"directions": ("ru-kk",)}, ("kk-ru",), "does not translate ru-kk, only kk-ru"),
    "none in common": (tuning.given(), {}, ("en-kk",), "translates only en-kk, the data have only kk-ru, ru-kk"),
    "not in the data": (tuning.given(), {"directions": ("en-kk",)}, DIRECTIONS, "too few pairs to train on (en-kk 0"),
    "no validation": (replace(tuning.given(), dev=[tuning.asked("kk-ru")]), {}, DIRECTIONS, "no validation segments for ru-kk"),
}


@pytest.mark.parametrize("case", BAD.values(), ids=BAD)
def test_data_that_cannot_be_trained_on_are_refused(case: tuple[Given, dict[str, Any], tuple[str, ...], str]) -> None:
    what, changes, possible, says = case
    with pytest.raises(KzalignError) as error:
        choose(what, replace(CONFIG, **changes), possible)
    assert says in str(error.value)


def test_what_repeats_a_test_segment_or_is_not_trained_is_a_reject() -> None:
    what = tuning.given(25, ("kk-ru", "kk-en"))
    what = replace(what, repeats=lambda pair: "test kk-ru:4" if pair.id == "kk-ru/4" else None)
    what = replace(
        what, pairs=[*what.pairs, Pair("empty", "kk-ru", "су", " "), Pair("general", "ru-en", "вода", "water", REPLAY)]
    )
    material = choose(what, replace(CONFIG, directions=("kk-ru",)), ("kk-ru", "ru-en"))
    reasons = Counter(reject.reason for reject in material.rejects)
    assert reasons == {"repeats a test segment: test kk-ru:4": 1, "an empty side": 1, "direction is not trained": 25}
    assert len(material.pairs) + len(material.rejects) == len(what.pairs)
    assert [pair.id for pair in material.pairs if pair.direction == "ru-en"] == ["general"]


@pytest.mark.parametrize("family", ["nllb", "m2m100", "mbart50", "madlad"])
def test_examples_are_marked_as_the_family_marks_them(tiny: Callable[[str], Path], family: str) -> None:
    base = find_base(str(tiny(family)), tuning.CPU, CONFIG)
    sources = base.sources(tuning.CPU)
    pairs = [Pair("a", "kk-ru", "Су сапасы.", "Качество воды."), Pair("b", "en-kk", "Why?", "Неге?", SYNTHETIC)]
    examples, rejects = make_examples(pairs, base.card, sources, "<bt>", 200)
    by_id, tokenizer = {example.id: example for example in examples}, sources.tokenizer
    assert not rejects
    for pair in pairs:
        source, target = pair.direction.split("-")
        ids, labels = list(by_id[pair.id].source), list(by_id[pair.id].labels)
        marks = {lang: FAMILIES[family].mark.format(code=base.card.languages[lang]) for lang in (source, target)}
        forced = FAMILIES[family].forced
        assert tokenizer.convert_ids_to_tokens(ids[0]) == marks[source if forced else target]
        assert (tokenizer.convert_ids_to_tokens(labels[0]) == marks[target]) == forced
        assert ids[-1] == labels[-1] == tokenizer.eos_token_id
        assert tokenizer.decode(labels, skip_special_tokens=True).strip() == pair.target
    plain = make_examples([replace(pairs[1], kind=SENTENCE)], base.card, sources, "<bt>", 200)[0][0]
    assert len(by_id["b"].source) > len(plain.source) and by_id["b"].labels == plain.labels


def test_pairs_longer_than_the_limit_are_rejects(tiny: Callable[[str], Path]) -> None:
    base = find_base(str(tiny("nllb")), tuning.CPU, CONFIG)
    sources = base.sources(tuning.CPU)
    pairs = [Pair("short", "kk-ru", "Су.", "Вода."), Pair("long", "kk-ru", "Су.", "Вода. " * 40)]
    examples, rejects = make_examples(pairs, base.card, sources, "", 20)
    assert ([e.id for e in examples], [(r.id, r.reason) for r in rejects]) == (["short"], [("long", "longer than 20 tokens")])
    assert len(encode_targets([pairs[1].target], base.card, sources, "kk-ru")[0]) > 20


def examples_of(counts: dict[tuple[str, str], int], seed: int = 0) -> list[Example]:
    """Returns examples of unequal lengths, so many of each group; a target is about as long as its source."""
    chance = random.Random(seed)
    found = []
    for group, count in counts.items():
        for k in range(count):
            length = chance.randint(4, 30)
            found.append(
                Example(f"{group}{k}", group, array("i", [5] * length), array("i", [6] * (length + chance.randint(-2, 2))))
            )
    return found


SHARES = [
    ({}, {(SENTENCE, "kk-ru"): 300, (SENTENCE, "ru-en"): 100}, {(SENTENCE, "kk-ru"): 0.75, (SENTENCE, "ru-en"): 0.25}),
    ({"temperature": 2.0}, {(SENTENCE, "kk-ru"): 400, (SENTENCE, "ru-en"): 100}, {(SENTENCE, "kk-ru"): 2 / 3}),
    ({"document_share": 0.2}, {(SENTENCE, "kk-ru"): 10, (ABSTRACT, "kk-ru"): 1}, {(ABSTRACT, "kk-ru"): 0.2}),
    ({"document_share": 0.2}, {(ABSTRACT, "kk-ru"): 1}, {(ABSTRACT, "kk-ru"): 1.0}),
    ({"replay_share": 0.5, "document_share": 0.2}, {(SENTENCE, "kk-ru"): 9, (REPLAY, "kk-ru"): 1, (ABSTRACT, "kk-ru"): 9},
     {(REPLAY, "kk-ru"): 0.5, (ABSTRACT, "kk-ru"): 0.1, (SENTENCE, "kk-ru"): 0.4}),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "counts", "expected"), SHARES)
def test_shares_and_temperature_say_how_often_a_group_is_drawn(
    changes: dict[str, float], counts: dict[tuple[str, str], int], expected: dict[tuple[str, str], float]
) -> None:
    found = probabilities(counts, replace(CONFIG, **({"temperature": 1.0} | changes)))
    assert sum(found.values()) == pytest.approx(1)
    assert {group: found[group] for group in expected} == pytest.approx(expected)


def test_a_plan_is_within_its_budget_the_same_again_and_draws_by_the_shares() -> None:
    examples = examples_of({(SENTENCE, "kk-ru"): 300, (SENTENCE, "ru-kk"): 300, (ABSTRACT, "kk-ru"): 40})
    config = replace(CONFIG, steps=60, batch_tokens=800, document_share=0.25)
    plan = make_plan(examples, config)
    assert len(plan) == 60
    assert plan == make_plan(examples, config) != make_plan(examples, replace(config, seed=2))
    padded = [
        len(s) * sum(max(len(side(examples[i])) for i in s) for side in (lambda e: e.source, lambda e: e.labels)) for s in plan
    ]
    assert max(padded) <= 800
    real = sum(examples[i].cost for step in plan for i in step)
    assert real / sum(padded) > 0.85
    kinds = Counter(examples[i].group[0] for step in plan for i in step)
    assert kinds[ABSTRACT] / kinds.total() == pytest.approx(0.25, abs=0.05)


def test_few_examples_are_not_repeated_within_a_step() -> None:
    examples = examples_of({(SENTENCE, "kk-ru"): 30})
    plan = make_plan(examples, replace(CONFIG, steps=20, batch_tokens=600))
    assert all(len(set(step)) >= len(step) - 1 for step in plan)


@cases(st.lists(st.integers(1, 9), min_size=1, max_size=6), st.integers(1, 4), st.integers(1, 3))
@settings(max_examples=60, deadline=None)
def test_processes_share_a_step_without_loss(sizes: list[int], parts: int, processes: int) -> None:
    numbers = iter(range(1000))
    plan = [array("i", [next(numbers) for _ in range(size)]) for size in sizes]
    shares = [list(Share(plan, parts, rank, processes)) for rank in range(processes)]
    assert {len(share) for share in shares} == {len(plan) * parts}
    for k, step in enumerate(plan):
        lots = [lot for share in shares for lot in share[k * parts : (k + 1) * parts]]
        assert all(lots)
        assert sorted(i for lot in lots for i in lot if i >= 0) == list(step)


LOGS = [
    ([], None, False),
    ([{"step": 0, "eval_chrf": 3.0}, {"step": 1, "loss": 2.0}], 0, False),
    ([{"step": 0, "eval_chrf": 3.0}, {"step": 5, "eval_chrf": 4.0}, {"step": 9, "eval_chrf": 4.0}], 5, False),
    ([{"step": 0, "eval_chrf": 9.0}, {"step": 5, "eval_chrf": 4.0}, {"step": 9, "eval_chrf": 4.0}], 0, True),
]


@pytest.mark.parametrize(("log", "best", "over"), LOGS)
def test_the_best_step_is_the_first_of_equals_and_patience_ends(log: list[dict[str, Any]], best: int | None, over: bool) -> None:
    assert (best_step(log), exhausted(log, 2)) == (best, over)


def test_a_curve_is_svg_with_a_line_for_the_loss_and_each_direction() -> None:
    log = [{"step": 0, "eval_chrf": 1.0, "eval_chrf_kk-ru": 1.0}, {"step": 5, "loss": 3.5}, {"step": 5, "eval_chrf": 7.0}]
    root = ElementTree.fromstring(curve(log))
    lines = [element.get("points", "").split() for element in root.iter("{http://www.w3.org/2000/svg}polyline")]
    assert [len(line) for line in lines] == [1, 2, 1]
    assert "<polyline" not in curve([])


@cases(st.dictionaries(st.from_regex(r"[a-z_]{1,9}", fullmatch=True), st.text() | st.integers(-(2**62), 2**62) | st.booleans()))
@settings(max_examples=80, deadline=None)
def test_settings_are_written_as_toml(values: dict[str, Any]) -> None:
    import tomllib

    assert tomllib.loads(toml_of("finetune", values)) == {"finetune": values}


def test_a_card_may_name_a_folder(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    table = {"backend": "transformers", "family": "nllb", "repo": str(tmp_path), "revision": "local", "licence": "MIT"}
    path.write_text(toml_of("mine", table | {"languages": FAMILIES["nllb"].codes, "max_length": 100}))
    assert find_card(str(path)).repo == str(tmp_path)
    path.write_text(path.read_text().replace(str(tmp_path), "one two"))
    with pytest.raises(KzalignError, match="or a folder such as"):
        find_card(str(path))


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns a dataset folder of one pair in three splits, and articles."""
    return tuning.write_corpus(tmp_path_factory.mktemp("data") / "corpus")


def test_a_corpus_gives_both_directions_abstracts_and_the_test_segments_to_keep_out(corpus: Path) -> None:
    what = given_of(corpus, {}, [])
    kinds = Counter((pair.kind, pair.direction) for pair in what.pairs)
    assert kinds == {
        (SENTENCE, "kk-ru"): 40, (SENTENCE, "ru-kk"): 40, (ABSTRACT, "kk-ru"): 4, (ABSTRACT, "ru-kk"): 4,
    }  # fmt: skip
    assert [(len(s.references), s.direction) for s in (*what.dev, *what.tests)] == [
        (3, "kk-ru"), (3, "ru-kk"), (2, "kk-ru"), (2, "ru-kk"),
    ]  # fmt: skip
    assert {pair.id for pair in what.pairs if what.repeats(pair)} == {
        f"i-{k:02d}/kk-ru/000/{direction}" for k in (0, 1) for direction in ("kk-ru", "ru-kk")
    }
    assert (what.licences, len(what.data)) == (["CC-BY-4.0", "unknown"], 1)
    judged = what.compare(what.tests[0], ["а", "б"], what.tests[0].references)
    assert (
        judged.after == 100
        and judged.before is not None
        and judged.before < 2
        and judged.p is not None
        and "seed" in judged.signature
    )


def test_a_corpus_without_a_train_split_is_refused(tmp_path: Path) -> None:
    folder = write(tmp_path / "corpus", {("kk-ru", "validation"): [tuning.row(k, "kk-ru", "validation") for k in range(3)]})
    with pytest.raises(KzalignError, match="corpus: no train split: nothing to train on; build the corpus from more documents"):
        given_of(folder, {}, [])


OPTIONS = [
    (["--pairs", "kk-ru"], "expected PAIR=FILE.tsv"),
    (["--replay", "kk-uk={file}"], "did you mean 'kk-ru'"),
    (["--synthetic", "kk-ru={file}"], ":2: one column where a text and its translation are expected"),
    (["--general", "none.toml"], "none.toml: no such file"),
    (["--from-scratch", "huge"], "unknown size of a new model 'huge': valid: base, small, tiny"),
    (["--set", "finetune.schedule=cosin"], "did you mean 'cosine'"),
    (["--set", "finetune.method=all"], "valid: full, lora"),
    (["--from-scratch", "small", "--lora"], "nothing that an adapter could keep"),
    (["--from-scratch", "small", "--model", "nllb-600m"], "not both"),
    (["--ctranslate2", "int9"], "did you mean 'int8'"),
    (["--model", "kazllm-8b"], "a chat model; finetune trains"),
]


@pytest.mark.parametrize(("options", "says"), OPTIONS, ids=lambda value: " ".join(value) if isinstance(value, list) else "")
def test_a_wrong_option_is_one_line(tmp_path: Path, corpus: Path, options: list[str], says: str) -> None:
    file = tmp_path / "pairs.tsv"
    file.write_text("су\tвода\nжер\n")
    arguments = [str(corpus), "-o", str(tmp_path / "run"), *(option.format(file=file) for option in options)]
    done = CliRunner().invoke(app, arguments)
    assert isinstance(done.exception, KzalignError), done.output
    assert says in str(done.exception) and "\n" not in str(done.exception)
    assert not (tmp_path / "run").exists()


def test_a_size_is_looked_at_before_anything_is_read(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, [str(tmp_path / "none"), "--from-scratch", "huge", "-o", str(tmp_path / "run")])
    assert "unknown size of a new model 'huge'" in str(done.exception)


STOPS = [
    # the call of the loss that is stopped, and what is said then
    (1, "no checkpoint was written yet: the same command begins anew"),
    (4, "the same command goes on from step 2"),
]


@pytest.mark.parametrize(("call", "says"), STOPS)
def test_a_run_that_is_stopped_says_where_it_goes_on(
    tmp_path: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch, call: int, says: str
) -> None:
    tuning.one_thread()
    run = tmp_path / "run"
    changes = "steps=4 eval_steps=4 checkpoint_steps=2 batch_tokens=400 device_tokens=400 dev_segments=2 vocabulary=300".split()
    chosen = [part for setting in (*changes, "warmup_steps=1") for part in ("--set", f"finetune.{setting}")]
    command = [str(corpus), "--from-scratch", "tiny", "-o", str(run), *chosen, "--set", "mt.device=cpu"]
    right, calls = Run.loss, iter(range(1, 99))

    def loss(self: Run, *args: Any, **kwargs: Any) -> Any:
        if next(calls) == call:
            raise KeyboardInterrupt
        return right(self, *args, **kwargs)

    monkeypatch.setattr(Run, "loss", loss)
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 130
    assert f"stopped: {run}: {says}" in done.stderr
    with pytest.raises(KzalignError, match=f"a run of `kzalign finetune` that is not finished, with no model yet: {says}"):
        open_backend(str(run), tuning.CPU)
    monkeypatch.setattr(Run, "loss", right)
    done = CliRunner().invoke(app, command, catch_exceptions=False)
    assert done.exit_code == 0
    assert ("going on from step 2 of 4 (checkpoint-2)" in done.stderr) is (call > 1)


def test_the_command_trains_on_a_corpus_and_files_and_converts(
    tmp_path: Path, corpus: Path, tiny: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("ctranslate2")
    for name, lang, seed in (("more", "ru", 5), ("back", "ru", 6), ("general", "en", 7)):
        rows = zip(tuning.texts("kk", 25, seed), tuning.texts(lang, 25, seed), strict=True)
        (tmp_path / f"{name}.tsv").write_text("".join(f"{a}\t{b}\tnews\n" for a, b in rows), encoding="utf-8")
    settings = "steps=2 eval_steps=2 checkpoint_steps=1 batch_tokens=400 device_tokens=400 dev_segments=2".split()
    chosen = [part for setting in settings for part in ("--set", f"finetune.{setting}")]
    files = [
        f"--pairs=kk-ru={tmp_path}/more.tsv",
        f"--synthetic=ru-kk={tmp_path}/back.tsv",
        f"--replay=kk-en={tmp_path}/general.tsv",
    ]
    command = [
        str(corpus),
        f"--model={tiny('nllb')}",
        "-o",
        str(tmp_path / "run"),
        "--json",
        "--ctranslate2=int8",
        *files,
        *chosen,
    ]
    done = CliRunner().invoke(app, [*command, "--set", "mt.device=cpu", "--set", "mt.num_beams=1"], catch_exceptions=False)
    assert done.exit_code == 0
    manifest = json.loads((tmp_path / "run" / "manifest.json").read_text())
    assert manifest["examples"] == {
        "abstract kk-ru": 4, "abstract ru-kk": 4, "replay en-kk": 25, "replay kk-en": 25, "sentence kk-ru": 63,
        "sentence ru-kk": 88,
    }  # fmt: skip
    assert manifest["rejects"] == {"repeats a test segment": 4}
    assert [result["direction"] for result in manifest["results"]] == ["kk-ru", "ru-kk"]
    assert [entry["file"] for entry in manifest["data"]] == ["manifest.json", "more.tsv", "back.tsv", "general.tsv"]
    assert len((tmp_path / "run" / "rejects.jsonl").read_text().splitlines()) == 4
    the_converted_model_is_used(tmp_path / "run", tmp_path, monkeypatch)


def the_converted_model_is_used(run: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Checks that a run's conversion translates through a card in models/mt.toml, and that none is made beside it."""
    cards = home / "models"
    cards.mkdir()
    shipped = Path(__file__).resolve().parents[1] / "models" / "mt.toml"
    table = {"backend": "transformers", "family": "nllb", "repo": str(run), "revision": "local", "licence": "MIT"}
    table |= {"languages": FAMILIES["nllb"].codes, "max_length": 64, "num_beams": 1}
    (cards / "mt.toml").write_text(shipped.read_text("utf-8") + toml_of("tuned", table), encoding="utf-8")
    monkeypatch.setattr("kzalign.mt.cards.models_folder", lambda: cards)
    monkeypatch.setenv("KZALIGN_HOME", str(home / "home"))
    articles = [
        Article(f"a-{n}", "a", versions={"kk": Version("kk", None, text)}) for n, text in enumerate(tuning.texts("kk", 3))
    ]
    (home / "articles.jsonl").write_text("".join(dumps(a.to_json()) + "\n" for a in articles), encoding="utf-8")
    command = [str(home / "articles.jsonl"), "--model", "tuned", "--to", "ru", "-o", str(home / "translated.jsonl")]
    settings = ["--set", "mt.backend=ctranslate2", "--set", "mt.device=cpu", "--set", "mt.quantisation=int8"]
    done = CliRunner().invoke(translate_cli.app, [*command, *settings], catch_exceptions=False)
    assert done.exit_code == 0
    hypotheses = [json.loads(line)["versions"]["ru"] for line in (home / "translated.jsonl").read_text("utf-8").splitlines()]
    assert len(hypotheses) == 3
    assert not (home / "home" / "ctranslate2").exists()
    opened = MtConfig(device="cpu", backend="ctranslate2", quantisation="int8")
    own = open_backend("tuned", opened).translate(tuning.texts("kk", 3), "kk", "ru")
    (run / "ctranslate2" / "made.json").unlink()
    assert open_backend("tuned", opened).translate(tuning.texts("kk", 3), "kk", "ru") == own
    assert [path.name[-5:] for path in (home / "home" / "ctranslate2").iterdir()] == ["-int8"]
