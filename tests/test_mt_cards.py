"""Cards of translation models: the shipped ones, bad fields, what a name can mean; where a model's files come from."""

from fnmatch import fnmatch
from pathlib import Path
from types import SimpleNamespace

import pytest

from kzalign.cards import HASH
from kzalign.config import MtConfig
from kzalign.errors import KzalignError
from kzalign.locks import Lock
from kzalign.mt import BACKENDS, open_backend
from kzalign.mt.backend import check_pair
from kzalign.mt.cards import LOCAL_CARD, RULES, find_card, mt_cards, read_mt_cards
from kzalign.mt.families import CHAT, FAMILIES, tokenizers_of
from kzalign.weights import Needs, missing_files

COMMIT = "0123456789abcdef0123456789abcdef01234567"
GOOD = """
[tiny]
backend = "transformers"
family = "nllb"
repo = "someone/tiny"
revision = "main"
licence = "MIT"
languages = { kk = "kaz_Cyrl", ru = "rus_Cyrl" }
max_length = 16
"""


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KZALIGN_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def written(folder: Path, text: str) -> Path:
    path = folder / "cards.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_shipped_cards() -> None:
    cards = mt_cards()
    assert {card.family for card in cards.values()} == {*FAMILIES, ""}
    for card in cards.values():
        assert card.revision in ("main", "refs/pr/39", "refs/pr/5") or HASH.fullmatch(card.revision)
        if card.family in FAMILIES and FAMILIES[card.family].codes:
            assert card.languages == FAMILIES[card.family].codes


def test_every_kind_of_card_has_its_backend() -> None:
    assert set(BACKENDS) == {*RULES, "file"}


BAD = {
    "an unknown family": ('family = "nllb"', 'family = "nlb"', "tiny.family is 'nlb' where one of nllb, m2m100"),
    "an unknown backend": ('backend = "transformers"', 'backend = "tf"', "tiny.backend is 'tf' where one of transformers"),
    "no backend": ('backend = "transformers"', "", "tiny.backend is missing"),
    "no licence": ('licence = "MIT"', "", "tiny.licence is missing"),
    "an unknown key": ("max_length", "max_lenght", "tiny.max_lenght: unknown field 'max_lenght': did you mean 'max_length'?"),
    "a key of another backend": ("max_length", 'url = "http://a"\nmax_length', "unknown field 'url'"),
    "an unknown language": ("{ kk", "{ kz", "tiny.languages is {'kz'"),
    "one language": ('kk = "kaz_Cyrl", ', "", "two or three of kk, ru, en"),
    "a pair of other languages": (
        "max_length",
        'pairs = ["kk-en"]\nmax_length',
        "tiny.pairs: kk-en of languages that are not in",
    ),
    "a pair that is none": ("max_length", 'pairs = ["kk"]\nmax_length', 'a list of pairs such as ["kk-ru"]'),
    "no beams": ("max_length", "num_beams = 0\nmax_length", "tiny.num_beams is 0 where a whole number from 1 to 64"),
    "a repository without owner": ("someone/tiny", "tiny", "tiny.repo is 'tiny' where OWNER/NAME"),
    "a dot in an unquoted name": ("[tiny]", "[tiny.1]", "tiny.backend is missing"),
}


@pytest.mark.parametrize(("old", "new", "said"), BAD.values(), ids=BAD)
def test_a_bad_field_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    path = written(tmp_path, GOOD.replace(old, new))
    with pytest.raises(KzalignError) as error:
        read_mt_cards(path)
    assert str(error.value).startswith(f"{path}: ")
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_all_bad_fields_are_reported_at_once(tmp_path: Path) -> None:
    path = written(
        tmp_path, GOOD.replace('"nllb"', '"x"').replace("16", "1") + GOOD.replace("tiny", "two").replace('"MIT"', '""')
    )
    with pytest.raises(KzalignError) as error:
        read_mt_cards(path)
    assert all(where in str(error.value) for where in ("tiny.family", "tiny.max_length", "two.licence"))


SERVER = '[s]\nbackend = "openai"\nrepo = "m"\nlicence = "MIT"\nurl = "http://127.0.0.1:1/v1"\n'
BAD_SERVERS = {
    "a password in the address": ("http://", "http://me:secret@", "s.url"),
    "another scheme": ("http://", "ftp://", "s.url"),
    "a key that is no name": ("licence", 'key = "sk-12 3"\nlicence', "s.key"),
    "a prompt without the text": ("licence", 'prompt = "Translate into {target}"\nlicence', "s.prompt"),
    "a prompt with another field": ("licence", 'prompt = "{text} {target} {x}"\nlicence', "s.prompt"),
    "a prompt with a lone brace": ("licence", 'prompt = "{text} {target} {"\nlicence', "s.prompt"),
}


@pytest.mark.parametrize(("old", "new", "said"), BAD_SERVERS.values(), ids=BAD_SERVERS)
def test_a_bad_server_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(KzalignError, match=said):
        find_card(str(written(tmp_path, SERVER.replace(old, new))))


def test_what_a_name_can_mean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "my-model"
    folder.mkdir()
    (folder / LOCAL_CARD).write_text('family = "nllb"\nmax_length = 99\n')
    server = find_card(str(written(tmp_path, SERVER)))
    assert (find_card("NLLB-600M").name, find_card("issai/tilmash").name) == ("nllb-600m", "tilmash")
    assert (find_card("someone/else").repo, find_card("someone/else").revision) == ("someone/else", "main")
    assert (find_card(str(folder)).revision, find_card(str(folder)).max_length) == ("local", 99)
    assert (server.backend, server.revision, server.languages["kk"]) == ("openai", "unpinned", "Kazakh")
    assert find_card(str(tmp_path / "out.{source}-{target}.txt")).backend == "file"
    assert find_card("qwen3-8b").backend == CHAT
    monkeypatch.chdir(folder)
    assert find_card(".").name == "my-model"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nllb-600", "unknown model 'nllb-600': did you mean 'nllb-600m'?"),
        ("./none", r"model './none': no such folder; give a model's folder, OWNER/NAME or one of nllb-600m"),
        ("/no/such/folder", "no such folder"),
        ("none.toml", "cannot be read as a TOML card"),
    ],
)
def test_a_name_that_means_nothing(name: str, said: str) -> None:
    with pytest.raises(KzalignError, match=said):
        find_card(name)


def test_a_file_of_several_cards_or_a_folder_s_bad_one(tmp_path: Path) -> None:
    with pytest.raises(KzalignError, match="has 2 cards where one is expected"):
        find_card(str(written(tmp_path, GOOD + GOOD.replace("tiny", "two"))))
    (tmp_path / LOCAL_CARD).write_text('repo = "a/b"\nmax_length = 0\n')
    with pytest.raises(KzalignError, match=r"mt.toml: repo: unknown field 'repo'.*; max_length is 0"):
        find_card(str(tmp_path))


@pytest.mark.parametrize(
    ("model", "source", "target", "said"),
    [
        ("nllb-600m", "kk", "zh", "nllb-600m: unknown language 'zh': valid: en, kk, ru"),
        ("nllb-600m", "kz", "en", "nllb-600m: unknown language 'kz': did you mean 'kk'?"),
        ("nllb-600m", "kk", "kk", "nllb-600m: 'kk' is both the source and the target language"),
        ("opus-mt-en-kk", "kk", "en", "opus-mt-en-kk: does not translate kk-en, only en-kk"),
        ("opus-mt-en-kk", "kk", "ru", "opus-mt-en-kk: unknown language 'ru': valid: en, kk"),
    ],
)
def test_a_pair_that_a_model_has_not(model: str, source: str, target: str, said: str) -> None:
    with pytest.raises(KzalignError) as error:
        check_pair(mt_cards()[model], source, target)
    assert str(error.value).startswith(said)


def test_without_network_the_error_names_files_and_place(monkeypatch: pytest.MonkeyPatch, own_home: Path) -> None:
    hub = pytest.importorskip("huggingface_hub")

    def none(*args: object, **kwargs: object) -> None:
        raise OSError("no route to host")

    monkeypatch.setattr(hub, "snapshot_download", none)
    monkeypatch.setattr(hub.HfApi, "model_info", none)
    with pytest.raises(KzalignError) as error:
        open_backend("m2m100-418m", MtConfig())
    for part in (
        "facebook/m2m100_418M@main cannot be downloaded (no route to host) and is not in the cache",
        "fetch config.json, model.safetensors, tokenizer_config.json and sentencepiece.bpe.model with vocab.json",
        f"put them into {own_home / 'models' / 'facebook--m2m100_418M'}",
    ):
        assert part in str(error.value)
    with pytest.raises(KzalignError, match=r"run once with mt\.locked=false"):
        open_backend("m2m100-418m", MtConfig(locked=True))


def test_a_pickle_is_fetched_only_where_it_is_allowed_and_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hub = pytest.importorskip("huggingface_hub")
    repository = ("config.json", "pytorch_model.bin", "tokenizer.json", "own.py", "weights.gguf")
    fetched: list[str] = []

    def download(repo: str, revision: str, allow_patterns: list[str], local_files_only: bool = False) -> str:
        folder = tmp_path / "snapshots" / COMMIT
        if local_files_only:
            raise FileNotFoundError(folder)
        folder.mkdir(parents=True, exist_ok=True)
        fetched[:] = [name for name in repository if any(fnmatch(name, pattern) for pattern in allow_patterns)]
        for name in fetched:
            (folder / name).write_text("{}")
        return str(folder)

    monkeypatch.setattr(hub, "snapshot_download", download)
    monkeypatch.setattr(hub.HfApi, "model_info", lambda *args, **kwargs: SimpleNamespace(sha=COMMIT))
    with pytest.raises(KzalignError, match=r"has no model\.safetensors.*; or set mt\.pickles=true if you trust its author"):
        open_backend("tilmash", MtConfig())
    assert fetched == ["config.json", "tokenizer.json"]
    with pytest.raises(KzalignError, match=r"not a model that transformers can load|needs torch"):
        open_backend("tilmash", MtConfig(pickles=True, device="cpu"))
    assert fetched == ["config.json", "pytorch_model.bin", "tokenizer.json"]
    assert Lock().commit("issai/tilmash", "main") == COMMIT


FILES = {
    "m2m100": (("m2m100", False), ("config.json", "model.safetensors", "sentencepiece.bpe.model", "vocab.json"), []),
    "marian": (("marian", False), ("config.json", "model.safetensors", "source.spm", "target.spm", "vocab.json"), []),
    "madlad": (("madlad", False), ("config.json", "model.safetensors", "spiece.model"), []),
    "chat": ((CHAT, False), ("config.json", "model.safetensors", "vocab.json", "merges.txt"), []),
    "any": (("", False), ("config.json", "model.safetensors", "source.spm", "target.spm", "vocab.json"), []),
    "half": (
        ("marian", False),
        ("config.json", "model.safetensors", "source.spm"),
        ["source.spm with target.spm with vocab.json"],
    ),
    "a pickle": (("nllb", False), ("config.json", "pytorch_model.bin", "tokenizer.json"), ["model.safetensors"]),
    "a pickle allowed": (("nllb", True), ("config.json", "pytorch_model.bin", "tokenizer.json"), []),
    "neither": (("nllb", True), ("config.json", "tokenizer.json"), ["model.safetensors"]),
}


@pytest.mark.parametrize(("kind", "names", "missing"), FILES.values(), ids=FILES)
def test_what_a_folder_lacks(tmp_path: Path, kind: tuple[str, bool], names: tuple[str, ...], missing: list[str]) -> None:
    for name in names:
        (tmp_path / name).write_text("{}")
    assert missing_files(tmp_path, Needs(tokenizers=tokenizers_of(kind[0]), pickles=kind[1])) == missing


def test_a_pickle_in_shards_needs_every_shard(tmp_path: Path) -> None:
    for name in ("config.json", "tokenizer.json", "pytorch_model-1.bin"):
        (tmp_path / name).write_text("{}")
    (tmp_path / "pytorch_model.bin.index.json").write_text(
        '{"weight_map": {"a": "pytorch_model-1.bin", "b": "pytorch_model-2.bin"}}'
    )
    assert missing_files(tmp_path, Needs(tokenizers=tokenizers_of("nllb"), pickles=True)) == ["pytorch_model-2.bin"]
