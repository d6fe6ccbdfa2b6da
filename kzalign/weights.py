"""A model's files: from a folder the user filled, or from the Hub's cache, or from the Hub.

Only configuration, tokenizer and safetensors weights are fetched: no pickle is read and no remote code runs, unless the
user asks for either.
"""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from kzalign.cards import HASH
from kzalign.errors import KzalignError
from kzalign.locks import Lock, home

CONFIG = "config.json"
WEIGHTS = "model.safetensors"
INDEX = "model.safetensors.index.json"
PICKLE = "pytorch_model.bin"
FETCHED = (
    *(CONFIG, "generation_config.json", "model*.safetensors", INDEX),
    *("tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "chat_template.jinja"),
)


@dataclass(frozen=True, slots=True)
class Needs:
    """What a kind of model consists of besides configuration and weights, and what is said where it is not there.

    Any one of the sets of tokenizer files is enough. With `pickles`, weights that are only published as a pickle are
    taken (torch reads no code from them); with `code`, the repository's Python files are fetched too.
    """

    tokenizers: tuple[tuple[str, ...], ...] = (("tokenizer.json",), ("sentencepiece.bpe.model",), ("vocab.txt",))
    what: str = "encoders need torch and transformers: pip install 'kzalign[encoder]'"
    section: str = "align"
    loader: str = "AutoModel"
    pickles: bool = False
    code: bool = False
    advice: str = ""

    @property
    def patterns(self) -> list[str]:
        """Returns the names of the files to fetch."""
        names = {name: None for tokenizer in self.tokenizers for name in tokenizer}
        return [*FETCHED, *names, *(["*.py"] if self.code else [])]

    def tokenizer_names(self) -> str:
        """Returns the sets of tokenizer files as a sentence says them."""
        return " or ".join(" with ".join(tokenizer) for tokenizer in self.tokenizers)


ENCODER_NEEDS = Needs()


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """A folder that holds a whole model, and what it is: the Hub's commit, or a hash of the files' bytes."""

    folder: Path
    revision: str


def find_weights(repo: str, revision: str, locked: bool = False, needs: Needs = ENCODER_NEEDS) -> ModelFiles:
    """Returns a model's files, downloaded where they have to be; raises KzalignError that says which to put where.

    `repo` is OWNER/NAME or, with the revision `local`, a folder.
    """
    if revision == "local":
        return _own(Path(repo), repo, needs)
    if (folder := own_folder(repo)).is_dir():
        return _own(folder, repo, needs)
    lock = Lock()
    commit = lock.commit(repo, revision, locked, f"{needs.section}.locked")
    folder = _download(repo, commit or revision, needs)
    if missing := missing_files(folder, needs):
        what = f"has no {' and no '.join(missing)}"
        raise KzalignError(f"{_advice(repo, commit or revision, what, needs)}; {_convert(repo, own_folder(repo), needs)}")
    if not HASH.fullmatch(folder.name):
        raise RuntimeError(f"the snapshot folder {folder} is not named by a commit")
    lock.write(repo, revision, folder.name)
    return ModelFiles(folder, folder.name)


def own_folder(repo: str) -> Path:
    """Returns where a user without network puts a repository's files."""
    return home() / "models" / repo.replace("/", "--")


def missing_files(folder: Path, needs: Needs = ENCODER_NEEDS) -> list[str]:
    """Returns what a model's folder lacks; a sharded model needs every shard of its index."""
    lacks = [] if (folder / CONFIG).is_file() else [CONFIG]
    index, pickled = folder / INDEX, folder / f"{PICKLE}.index.json"
    if index.is_file():
        lacks += [name for name in _shards(index) if not (folder / name).is_file()]
    elif (folder / WEIGHTS).is_file() or (needs.pickles and (folder / PICKLE).is_file()):
        pass
    elif needs.pickles and pickled.is_file():
        lacks += [name for name in _shards(pickled) if not (folder / name).is_file()]
    else:
        lacks.append(WEIGHTS)
    if not any(all((folder / name).is_file() for name in names) for names in needs.tokenizers):
        lacks.append(needs.tokenizer_names())
    return lacks


def _shards(index: Path) -> list[str]:
    try:
        names = set(json.loads(index.read_text(encoding="utf-8"))["weight_map"].values())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise KzalignError(f"{index}: cannot be read as an index of weights; fetch it again") from None
    return sorted(Path(str(name)).name for name in names)


def _own(folder: Path, repo: str, needs: Needs) -> ModelFiles:
    if missing := missing_files(folder, needs):
        pickled = " (its pickled weights are not read)" if any(folder.glob("pytorch_model*.bin")) else ""
        raise KzalignError(f"{folder}: {' and '.join(missing)} missing for {repo}{pickled}; {_convert(repo, folder, needs)}")
    digest = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        if path.suffix in (".safetensors", ".json", ".model", ".txt", ".spm", ".bin", ".jinja", ".py") and path.is_file():
            digest.update(path.name.encode())
            with path.open("rb") as stream:
                digest.update(hashlib.file_digest(stream, "sha256").digest())
    return ModelFiles(folder, digest.hexdigest()[:40])


def _download(repo: str, revision: str, needs: Needs) -> Path:
    try:
        import huggingface_hub
    except ImportError:
        raise KzalignError(needs.what) from None
    pickles = [*needs.patterns, "pytorch_model*.bin", f"{PICKLE}.index.json"]
    with suppress(OSError, ValueError):
        folder = Path(huggingface_hub.snapshot_download(repo, revision=revision, allow_patterns=pickles, local_files_only=True))
        if not missing_files(folder, needs):
            return folder
    try:
        # Asked for first because it fails at once where there is no network; the download itself tries for half a minute.
        commit = huggingface_hub.HfApi().model_info(repo, revision=revision, timeout=20).sha
        folder = Path(huggingface_hub.snapshot_download(repo, revision=commit, allow_patterns=needs.patterns))
        if needs.pickles and WEIGHTS in missing_files(folder, needs):
            folder = Path(huggingface_hub.snapshot_download(repo, revision=commit, allow_patterns=pickles))
        return folder
    except Exception as error:
        # No network, no such repository, a gate, a full disk: the Hub's client has a dozen types, some not its own.
        reason = str(error).strip().splitlines() or [type(error).__name__]
        what = f"cannot be downloaded ({reason[0]}) and is not in the cache"
        raise KzalignError(_advice(repo, revision, what, needs)) from None


def _advice(repo: str, revision: str, what: str, needs: Needs) -> str:
    files = f"{CONFIG}, {WEIGHTS}, tokenizer_config.json and {needs.tokenizer_names()}"
    return (
        f"{repo}@{revision} {what}: fetch {files} from https://huggingface.co/{repo}/tree/{quote(revision, safe='')} "
        f"and put them into {own_folder(repo)}"
    )


def _convert(repo: str, folder: Path, needs: Needs) -> str:
    return (
        f"where only pytorch_model.bin is published, write the folder with transformers: "
        f"{needs.loader}.from_pretrained('{repo}').save_pretrained('{folder}') and the same for AutoTokenizer{needs.advice}"
    )


@contextmanager
def quietly() -> Iterator[None]:
    """Keeps transformers from printing progress bars, reports and warnings: only the command line prints."""
    from transformers.utils import logging

    level, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()
