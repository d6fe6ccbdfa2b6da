"""A tuned model on the Hub: the model and what tells of it, none of the texts that it learnt from, no licence forgotten."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import tuning
from hub_server import TOKEN, Fault, Hub, talked_to
from typer.testing import CliRunner

from kzalign.cli import app
from kzalign.errors import KzalignError
from kzalign.hub import push
from kzalign.mt.finetune.modelcard import licence_lines
from kzalign.mt.finetune.publish import is_run, plan

pytest.importorskip("huggingface_hub", minversion="2.0")

REPO = "org/model"
MANIFEST = {"stage": "finetune", "steps": 6, "base": "nllb@1", "licence": "CC-BY-4.0; data: CC-BY-4.0"}
FILES = {
    "README.md": "---\nlicense: cc-by-4.0\n---\n# model\n",
    "manifest.json": json.dumps(MANIFEST),
    "config.json": "{}",
    "model.safetensors": "weights" * 100,
    "tokenizer.json": "{}",
    "mt.toml": 'licence = "CC-BY-4.0; data: CC-BY-4.0"\n',
    "ctranslate2/model.bin": "weights" * 50,
}
KEPT_HERE = {
    "rejects.jsonl": '{"record":{"source":"a text"}}\n',
    "before.json": "{}",
    "notes.txt": "mine",
    "base/config.json": "{}",
}


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Hub]:
    """Yields a Hub that the library talks to."""
    with talked_to(monkeypatch, tmp_path) as server:
        yield server


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """Returns a finished run's folder."""
    for name, text in (FILES | KEPT_HERE).items():
        path = tmp_path / "model" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "model"


def test_a_model_goes_up_whole_and_private_without_the_texts_it_learnt_from(hub: Hub, model: Path) -> None:
    planned = plan(model, REPO, tag="v1")
    done = push(planned, lambda line: None)
    repo = hub.repos[REPO]
    assert {name: data.decode() for name, data in repo.head.files.items() if name != ".gitattributes"} == FILES
    assert (repo.kind, repo.private, repo.tags, done.url) == ("model", True, {"v1": repo.head.oid}, f"{hub.url}/{REPO}")
    assert set(planned.strays) == set(KEPT_HERE)
    assert push(planned, lambda line: None).added == () and len(repo.commits) == 2


def test_a_later_model_takes_the_place_of_an_earlier_one(hub: Hub, model: Path) -> None:
    push(plan(model, REPO, tag="v1"), lambda line: None)
    (model / "model.safetensors").write_text("others" * 100)
    (model / "ctranslate2" / "model.bin").unlink()
    hub.repos[REPO].head.files["notes.md"] = b"written on the Hub"
    done = push(plan(model, REPO, tag="v2"), lambda line: None)
    assert (done.added, done.deleted) == (("model.safetensors",), ("ctranslate2/model.bin",))
    assert "notes.md" in hub.repos[REPO].head.files


def test_an_upload_that_broke_goes_on_with_what_is_missing(hub: Hub, model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    hub.faults.append(Fault("POST /api/models/.*/commit/", status=403))
    with pytest.raises(KzalignError, match="the token may not write there"):
        push(plan(model, REPO), lambda line: None)
    assert sum("PUT /storage" in request for request in hub.log) == 2
    push(plan(model, REPO), lambda line: None)
    assert sum("PUT /storage" in request for request in hub.log) == 2
    assert "model.safetensors" in hub.repos[REPO].head.files


SHARDED = {"model.safetensors.index.json": '{"weight_map": {"a": "model-00001-of-00002.safetensors"}}'}
UNFIT: dict[str, tuple[dict[str, str | None], str]] = {
    "no weights": ({"model.safetensors": None}, "model.safetensors of the model is missing"),
    "a part of the weights": (SHARDED, "model-00001-of-00002.safetensors of the model is missing"),
    "a broken index": ({"model.safetensors.index.json": "[]"}, "cannot be read as the list of a model's weights"),
    "half an adapter": ({"config.json": None, "adapter/adapter_config.json": "{}"}, "adapter/adapter_model.safetensors of the"),
    "no card": ({"README.md": None}, "README.md of the model is missing"),
    "a card without metadata": ({"README.md": "# model\n"}, "does not begin with YAML metadata"),
    "an unknown licence id": ({"README.md": "---\nlicense: my-own\n---\n"}, "license is 'my-own', which the Hub does not know"),
    "a licence without name": ({"README.md": "---\nlicense: other\n---\n"}, "license_name is missing"),
}


@pytest.mark.parametrize("case", UNFIT.values(), ids=UNFIT)
def test_an_unfit_folder_is_refused(model: Path, case: tuple[dict[str, str | None], str]) -> None:
    changes, says = case
    for name, text in changes.items():
        (model / name).parent.mkdir(exist_ok=True)
        (model / name).write_text(text) if text is not None else (model / name).unlink()
    with pytest.raises(KzalignError) as error:
        plan(model, REPO)
    assert says in str(error.value) and "\n" not in str(error.value)


UNLICENSED: list[tuple[Callable[[Path], object], bool]] = [
    (lambda folder: (folder / "mt.toml").write_text('licence = "MIT; data: CC-BY-4.0, unknown"\n'), True),
    (lambda folder: (folder / "mt.toml").write_text('licence = "unknown; data: CC-BY-4.0"\n'), True),
    (lambda folder: (folder / "mt.toml").write_text("family = 'nllb'\n"), True),
    (lambda folder: (folder / "mt.toml").write_text('licence = "CC-BY-SA-4.0"\n'), False),
    (lambda folder: (folder / "mt.toml").unlink(), False),
]


@pytest.mark.parametrize(("change", "refused"), UNLICENSED)
def test_a_model_with_a_licence_that_nobody_named_is_not_pushed(
    hub: Hub, model: Path, change: Callable[[Path], object], refused: bool
) -> None:
    change(model)
    planned = plan(model, REPO)
    assert bool(planned.refusals) is refused
    if refused:
        with pytest.raises(KzalignError, match="the licence of the base model or of some data is not known"):
            push(planned, lambda line: None)
        assert hub.log == []


LICENCES = [
    ("CC-BY-4.0; data: cc-by-4.0", ["license: cc-by-4.0"]),
    ("of its data; data: MIT", ["license: mit"]),
    ("CC-BY-NC-4.0; data: CC-BY-4.0", ["license: other", 'license_name: "CC-BY-NC-4.0; data: CC-BY-4.0"']),
    ("MIT; data: unknown", ["license: other", 'license_name: "MIT; data: unknown"']),
    ("of its data; data: unknown", ["license: other", 'license_name: "of its data; data: unknown"']),
]


@pytest.mark.parametrize(("licence", "lines"), LICENCES)
def test_a_card_has_one_licence_where_base_and_data_do(licence: str, lines: list[str]) -> None:
    assert licence_lines(licence) == lines


def arguments(corpus: Path, folder: Path) -> list[str]:
    """Returns the command that trains a toy."""
    settings = "steps=1 eval_steps=1 batch_tokens=300 device_tokens=300 dev_segments=1 vocabulary=300 max_length=64".split()
    chosen = [*(f"finetune.{setting}" for setting in settings), "mt.device=cpu", "mt.num_beams=1"]
    sets = [part for setting in chosen for part in ("--set", setting)]
    return ["finetune", str(corpus), "--from-scratch", "tiny", "-o", str(folder), "--repo", REPO, *sets]


def test_the_command_trains_and_pushes_once_every_licence_is_named(hub: Hub, tmp_path: Path) -> None:
    tuning.one_thread()
    command, run = arguments(tuning.write_corpus(tmp_path / "corpus"), tmp_path / "run"), tmp_path / "run"
    refused = CliRunner().invoke(app, [*command, "--push"])
    assert isinstance(refused.exception, KzalignError) and "data: CC-BY-4.0, unknown" in str(refused.exception)
    assert hub.repos == {} and is_run(run)
    for name, key in (("mt.toml", 'licence = "of its data; data: CC-BY-4.0, unknown"'), ("README.md", "license: other")):
        text = (run / name).read_text()
        assert key in text
        (run / name).write_text(text.replace(key, 'licence = "cc-by-4.0"' if name == "mt.toml" else "license: cc-by-4.0"))
    again = CliRunner().invoke(app, [*command, "--push", "--json"], catch_exceptions=False)
    told = json.loads(again.stdout)
    files = hub.repos[REPO].head.files
    assert (told["pushed"], told["commit"], told["kind"]) == (True, hub.repos[REPO].head.oid, "model")
    assert {"model.safetensors", "config.json", "README.md", "mt.toml", "manifest.json", "vocab.json"} <= set(files)
    assert not {"rejects.jsonl", "before.json", "base/config.json"} & set(files)
    later = CliRunner().invoke(app, ["publish", str(run), "--repo", REPO, "--push"], catch_exceptions=False)
    assert f"nothing new since commit {told['commit']}" in later.stdout
    assert TOKEN not in refused.output + again.output + later.output


EARLY: list[tuple[list[str], str, str]] = [
    (["--push"], TOKEN, "--push needs to know where to: give --repo ORG/NAME"),
    (["--push", "--repo", "model"], TOKEN, "--repo model: give the owner too"),
    (["--push", "--repo", REPO], "", "no token"),
    (["--push", "--repo", REPO, "--tag", "a b"], TOKEN, "--tag 'a b': not a tag"),
]


@pytest.mark.parametrize(("options", "token", "says"), EARLY, ids=lambda value: str(value)[:20])
def test_what_a_push_lacks_is_told_before_training(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], token: str, says: str
) -> None:
    monkeypatch.setenv("HF_TOKEN", token)
    corpus = tuning.write_corpus(tmp_path / "corpus")
    asked = [part for part in arguments(corpus, tmp_path / "run") if part not in ("--repo", REPO)]
    done = CliRunner().invoke(app, [*asked, *options])
    assert isinstance(done.exception, KzalignError) and says in str(done.exception)
    assert not (tmp_path / "run").exists()
