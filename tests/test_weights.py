"""Where a model's files come from, what the lock file says of them, and what is said when they are not there."""

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from kzalign.errors import KzalignError
from kzalign.locks import LOCK, Lock, home
from kzalign.weights import find_weights, missing_files, own_folder

REPO = "someone/tiny"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
OTHER = "f" * 40


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KZALIGN_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def put_model(folder: Path, *names: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names or ("config.json", "model.safetensors", "tokenizer.json"):
        (folder / name).write_text("{}")
    return folder


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Stands in for the Hub: `main` is COMMIT, a hash is itself; returns the revisions that it was asked for."""
    module = pytest.importorskip("huggingface_hub")
    asked: list[str] = []

    def serve(*names: str, error: Exception | None = None) -> list[str]:
        def download(repo: str, revision: str, allow_patterns: list[str], local_files_only: bool = False) -> str:
            folder = tmp_path / "snapshots" / revision
            if local_files_only and not folder.is_dir():
                raise FileNotFoundError(folder)
            return str(put_model(folder, *names))

        def model_info(self: Any, repo: str, revision: str, timeout: float) -> Any:
            asked.append(revision)
            if error:
                raise error
            return SimpleNamespace(sha=COMMIT if revision == "main" else revision)

        monkeypatch.setattr(module, "snapshot_download", download)
        monkeypatch.setattr(module.HfApi, "model_info", model_info)
        return asked

    return serve


def test_home_is_the_users_choice_or_the_cache_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert home() == tmp_path / "home"
    monkeypatch.delenv("KZALIGN_HOME")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert home() == tmp_path / "cache" / "kzalign"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert home() == Path.home() / ".cache" / "kzalign"


def test_the_first_download_is_locked_and_obeyed_later(hub: Callable[..., list[str]], own_home: Path) -> None:
    asked = hub()
    assert find_weights(REPO, "main").revision == COMMIT
    assert json.loads((own_home / LOCK).read_text()) == {REPO: {"revision": "main", "commit": COMMIT}}
    assert find_weights(REPO, "main", locked=True).revision == COMMIT
    assert asked == ["main"]


def test_a_hash_in_the_card_needs_no_lock(hub: Callable[..., list[str]], own_home: Path) -> None:
    asked = hub()
    assert find_weights(REPO, OTHER, locked=True).revision == OTHER
    assert asked == [OTHER]
    assert not (own_home / LOCK).exists()


def test_another_revision_is_not_bound_by_the_lock(hub: Callable[..., list[str]]) -> None:
    hub()
    Lock().write(REPO, "v1", OTHER)
    assert find_weights(REPO, "main").revision == COMMIT


def test_locked_refuses_what_no_entry_pins(hub: Callable[..., list[str]], own_home: Path) -> None:
    asked = hub()
    with pytest.raises(KzalignError, match=rf"{REPO}@main is not in .*{LOCK}: run once with align.locked=false"):
        find_weights(REPO, "main", locked=True)
    assert not asked


def test_an_entry_never_changes_and_a_hash_is_never_invented() -> None:
    lock = Lock()
    lock.write(REPO, "main", COMMIT)
    lock.write(REPO, "main", OTHER)
    assert lock.commit(REPO, "main") == COMMIT
    with pytest.raises(ValueError, match="'main' is not a commit hash"):
        lock.write("someone/else", "main", "main")


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"a/b": 1}', '{"a/b": {"revision": "main", "commit": "abc"}}', '{"a/b": {"commit": "' + COMMIT + '"}}']
)
def test_a_bad_lock_file_is_an_error(own_home: Path, text: str) -> None:
    own_home.mkdir()
    (own_home / LOCK).write_text(text)
    with pytest.raises(KzalignError, match=LOCK):
        Lock().commit(REPO, "main")


@pytest.mark.parametrize(
    ("names", "missing"),
    [
        (("config.json", "model.safetensors", "vocab.txt"), []),
        (("config.json", "model.safetensors", "sentencepiece.bpe.model"), []),
        (("model.safetensors", "tokenizer.json"), ["config.json"]),
        (("config.json", "pytorch_model.bin", "tokenizer.json"), ["model.safetensors"]),
        (("config.json", "model.safetensors"), ["tokenizer.json or sentencepiece.bpe.model or vocab.txt"]),
    ],
)
def test_what_a_folder_lacks(tmp_path: Path, names: tuple[str, ...], missing: list[str]) -> None:
    assert missing_files(put_model(tmp_path / "model", *names)) == missing


def test_a_sharded_model_needs_every_shard(tmp_path: Path) -> None:
    folder = put_model(tmp_path / "model", "config.json", "tokenizer.json", "model-1.safetensors")
    index = folder / "model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": {"a": "model-1.safetensors", "b": "model-2.safetensors"}}))
    assert missing_files(folder) == ["model-2.safetensors"]
    index.write_text("{}")
    with pytest.raises(KzalignError, match="cannot be read as an index of weights"):
        missing_files(folder)


def test_without_network_the_error_names_files_and_place(hub: Callable[..., list[str]], own_home: Path) -> None:
    hub(error=OSError("no route to host\nmore"))
    with pytest.raises(KzalignError) as error:
        find_weights(REPO, "main")
    said = str(error.value)
    for part in (
        "cannot be downloaded (no route to host) and is not in the cache",
        "fetch config.json, model.safetensors, tokenizer_config.json and tokenizer.json or",
        f"from https://huggingface.co/{REPO}/tree/main",
        f"put them into {own_home / 'models' / 'someone--tiny'}",
    ):
        assert part in said
    assert "\n" not in said
    assert not (own_home / LOCK).exists()


def test_files_put_there_are_used_without_the_hub(hub: Callable[..., list[str]]) -> None:
    asked = hub(error=OSError("no network"))
    folder = put_model(own_folder(REPO))
    first = find_weights(REPO, "main", locked=True)
    assert first.folder == folder
    (folder / "model.safetensors").write_text("other")
    assert find_weights(REPO, "main").revision != first.revision
    assert not asked


def test_a_repository_of_pickles_is_refused_with_the_way_to_convert(
    hub: Callable[..., list[str]], own_home: Path, tmp_path: Path
) -> None:
    hub("config.json", "tokenizer.json")
    with pytest.raises(KzalignError, match=r"has no model\.safetensors.*AutoModel\.from_pretrained\('someone/tiny'\)"):
        find_weights(REPO, "main")
    assert not (own_home / LOCK).exists()
    pickled = put_model(tmp_path / "pickled", "config.json", "tokenizer.json", "pytorch_model.bin")
    with pytest.raises(KzalignError, match=r"model\.safetensors missing .*\(its pickled weights are not read\)"):
        find_weights(str(pickled), "local")


def test_the_hubs_own_cache_serves_without_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own_home: Path) -> None:
    constants: Any = pytest.importorskip("huggingface_hub.constants")
    cache = tmp_path / "hub" / "models--someone--tiny"
    snapshot = put_model(cache / "snapshots" / COMMIT)
    (cache / "refs").mkdir()
    (cache / "refs" / "main").write_text(COMMIT)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    found = find_weights(REPO, "main")
    assert (found.folder, found.revision) == (snapshot, COMMIT)
    assert Lock().commit(REPO, "main") == COMMIT
