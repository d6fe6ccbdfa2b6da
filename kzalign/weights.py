"""A model's files: from a folder the user filled, or from the Hub's cache, or from the Hub.

Only configuration, tokenizer and safetensors weights are fetched: no pickle is read and no remote code runs.
"""

import hashlib
import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kzalign.cards import HASH
from kzalign.errors import KzalignError
from kzalign.locks import Lock, home

CONFIG = "config.json"
WEIGHTS = "model.safetensors"
INDEX = "model.safetensors.index.json"
TOKENIZERS = ("tokenizer.json", "sentencepiece.bpe.model", "vocab.txt")
"""Any one of them is enough."""
FETCHED = (CONFIG, "model*.safetensors", INDEX, "tokenizer_config.json", "special_tokens_map.json", *TOKENIZERS)


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """A folder that holds a whole model, and what it is: the Hub's commit, or a hash of the files' bytes."""

    folder: Path
    revision: str


def find_weights(repo: str, revision: str, locked: bool = False) -> ModelFiles:
    """Returns a model's files, downloaded where they have to be; raises KzalignError that says which to put where.

    `repo` is OWNER/NAME or, with the revision `local`, a folder.
    """
    if revision == "local":
        return _own(Path(repo), repo)
    if (folder := own_folder(repo)).is_dir():
        return _own(folder, repo)
    lock = Lock()
    commit = lock.commit(repo, revision, locked)
    folder = _download(repo, commit or revision)
    if missing := missing_files(folder):
        what = f"has no {' and no '.join(missing)}"
        raise KzalignError(f"{_advice(repo, commit or revision, what)}; {_convert(repo, own_folder(repo))}")
    if not HASH.fullmatch(folder.name):
        raise RuntimeError(f"the snapshot folder {folder} is not named by a commit")
    lock.write(repo, revision, folder.name)
    return ModelFiles(folder, folder.name)


def own_folder(repo: str) -> Path:
    """Returns where a user without network puts a repository's files."""
    return home() / "models" / repo.replace("/", "--")


def missing_files(folder: Path) -> list[str]:
    """Returns what a model's folder lacks; a sharded model needs every shard of its index."""
    lacks = [] if (folder / CONFIG).is_file() else [CONFIG]
    if (folder / INDEX).is_file():
        lacks += [name for name in _shards(folder / INDEX) if not (folder / name).is_file()]
    elif not (folder / WEIGHTS).is_file():
        lacks.append(WEIGHTS)
    if not any((folder / name).is_file() for name in TOKENIZERS):
        lacks.append(" or ".join(TOKENIZERS))
    return lacks


def _shards(index: Path) -> list[str]:
    try:
        names = set(json.loads(index.read_text(encoding="utf-8"))["weight_map"].values())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise KzalignError(f"{index}: cannot be read as an index of weights; fetch it again") from None
    return sorted(Path(str(name)).name for name in names)


def _own(folder: Path, repo: str) -> ModelFiles:
    if missing := missing_files(folder):
        pickled = " (its pickled weights are not read)" if (folder / "pytorch_model.bin").is_file() else ""
        raise KzalignError(f"{folder}: {' and '.join(missing)} missing for {repo}{pickled}; {_convert(repo, folder)}")
    digest = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        if path.suffix in (".safetensors", ".json", ".model", ".txt") and path.is_file():
            digest.update(path.name.encode())
            with path.open("rb") as stream:
                digest.update(hashlib.file_digest(stream, "sha256").digest())
    return ModelFiles(folder, digest.hexdigest()[:40])


def _download(repo: str, revision: str) -> Path:
    try:
        import huggingface_hub
    except ImportError:
        raise KzalignError("encoders need torch and transformers: pip install 'kzalign[encoder]'") from None
    files = list(FETCHED)
    with suppress(OSError, ValueError):
        folder = Path(huggingface_hub.snapshot_download(repo, revision=revision, allow_patterns=files, local_files_only=True))
        if not missing_files(folder):
            return folder
    try:
        # Asked for first because it fails at once where there is no network; the download itself tries for half a minute.
        commit = huggingface_hub.HfApi().model_info(repo, revision=revision, timeout=20).sha
        return Path(huggingface_hub.snapshot_download(repo, revision=commit, allow_patterns=files))
    except Exception as error:
        # No network, no such repository, a gate, a full disk: the Hub's client has a dozen types, some not its own.
        reason = str(error).strip().splitlines() or [type(error).__name__]
        raise KzalignError(_advice(repo, revision, f"cannot be downloaded ({reason[0]}) and is not in the cache")) from None


def _advice(repo: str, revision: str, what: str) -> str:
    files = f"{CONFIG}, {WEIGHTS}, tokenizer_config.json and {' or '.join(TOKENIZERS)}"
    return (
        f"{repo}@{revision} {what}: fetch {files} from https://huggingface.co/{repo}/tree/{revision} "
        f"and put them into {own_folder(repo)}"
    )


def _convert(repo: str, folder: Path) -> str:
    return (
        f"where only pytorch_model.bin is published, write the folder with transformers: "
        f"AutoModel.from_pretrained('{repo}').save_pretrained('{folder}') and the same for AutoTokenizer"
    )
