"""Toys of every family through the backends: the output is that of a plain call of transformers, token for token."""

import functools
import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from tiny_models import SENTENCES, TEXTS, sentencepiece_model, tiny_models

from kzalign.config import MtConfig
from kzalign.errors import KzalignError
from kzalign.mt import open_backend
from kzalign.mt.backend import BLANK_SOURCE, SOURCE_CUT, UNFINISHED, Backend
from kzalign.mt.batches import room
from kzalign.mt.cards import LOCAL_CARD

pytest.importorskip("transformers", reason="needs kzalign[mt]")
pytest.importorskip("sentencepiece", reason="needs kzalign[mt]")

MOST = 40
"""Of tokens: cuts the longest sentences only."""
CODES = {
    "nllb": {"kk": "kaz_Cyrl", "ru": "rus_Cyrl", "en": "eng_Latn"},
    "m2m100": {"kk": "kk", "ru": "ru", "en": "en"},
    "mbart50": {"kk": "kk_KZ", "ru": "ru_RU", "en": "en_XX"},
    "madlad": {"kk": "kk", "ru": "ru", "en": "en"},
    "marian": {"kk": "kaz_Cyrl", "ru": "rus", "en": "eng"},
}
PAIRS = [("kk", "ru"), ("ru", "en"), ("en", "kk")]
CPU = MtConfig(device="cpu")


@pytest.fixture(scope="session")
def toys(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Gives a family's toy with a card that says how long its texts may be."""
    make = tiny_models(tmp_path_factory.mktemp("toys"))

    def toy(family: str) -> Path:
        folder = make(family)
        languages = 'languages = { kk = "kaz_Cyrl", ru = "rus", en = "eng" }\n' if family == "marian" else ""
        (folder / LOCAL_CARD).write_text(f"max_length = {MOST}\n{languages}")
        return folder

    return toy


@pytest.fixture(scope="session")
def opened(toys: Callable[[str], Path]) -> Callable[..., Backend]:
    """Gives a family's toy opened with settings, each once."""
    return functools.cache(lambda family, **settings: open_backend(str(toys(family)), MtConfig(device="cpu", **settings)))


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KZALIGN_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def direct(family: str, folder: Path, texts: Sequence[str], source: str, target: str, beams: int) -> list[str]:
    """Returns what transformers itself gives for one text after the other, called as its documentation says."""
    import torch
    from transformers import AutoModelForSeq2SeqLM, AutoTokenizer
    from transformers.utils import logging

    logging.disable_progress_bar()
    codes = CODES[family]
    told = {"src_lang": codes[source]} if family in ("nllb", "m2m100", "mbart50") else {}
    tokenizer = AutoTokenizer.from_pretrained(folder, **told)
    model = AutoModelForSeq2SeqLM.from_pretrained(folder).eval()
    prefix = {"madlad": f"<2{codes[target]}> ", "marian": f">>{codes[target]}<< "}.get(family, "")
    forced = {
        "nllb": lambda: {"forced_bos_token_id": tokenizer.convert_tokens_to_ids(codes[target])},
        "m2m100": lambda: {"forced_bos_token_id": tokenizer.get_lang_id(codes[target])},
        "mbart50": lambda: {"forced_bos_token_id": tokenizer.lang_code_to_id[codes[target]]},
    }.get(family, dict)()
    found = []
    for text in texts:
        inputs = tokenizer(prefix + text, truncation=True, max_length=MOST, return_tensors="pt")
        limit = room(inputs["input_ids"].shape[1], 3, MOST)
        with torch.no_grad():
            rows = model.generate(**inputs, **forced, num_beams=beams, max_new_tokens=limit, do_sample=False)
        found.append(tokenizer.batch_decode(rows, skip_special_tokens=True)[0].strip())
    return found


@pytest.mark.parametrize("beams", [1, 3])
@pytest.mark.parametrize("family", CODES)
def test_the_output_is_that_of_a_direct_call(
    family: str, beams: int, toys: Callable[[str], Path], opened: Callable[..., Backend]
) -> None:
    folder, backend = toys(family), opened(family, num_beams=beams)
    outputs = set()
    for source, target in PAIRS:
        expected = direct(family, folder, SENTENCES[source], source, target, beams)
        assert backend.translate(SENTENCES[source], source, target) == expected
        outputs |= set(expected)
    assert backend.translate(SENTENCES["en"][::-1], "en", "kk") == expected[::-1]
    assert len(outputs) > 8


@pytest.mark.parametrize("family", CODES)
def test_batches_make_no_difference(family: str, opened: Callable[..., Backend], monkeypatch: pytest.MonkeyPatch) -> None:
    backend: Any = opened(family, num_beams=3)
    found = []
    for budget in (1, 100_000):
        monkeypatch.setattr(backend._batcher, "_budget", budget)
        found.append(backend.hypotheses(TEXTS, "kk", "ru"))
    assert found[0] == found[1]
    assert any(SOURCE_CUT in hypothesis.flags for hypothesis in found[0])
    assert not all(SOURCE_CUT in hypothesis.flags for hypothesis in found[0])


@pytest.mark.parametrize("family", CODES)
def test_ctranslate2_gives_the_same(family: str, opened: Callable[..., Backend]) -> None:
    pytest.importorskip("ctranslate2", reason="needs kzalign[ctranslate2]")
    one, other = opened(family, num_beams=1), opened(family, num_beams=1, backend="ctranslate2", quantisation="float32")
    assert one.name == other.name and one.setup != other.setup
    for source, target in PAIRS:
        assert other.hypotheses(SENTENCES[source], source, target) == one.hypotheses(SENTENCES[source], source, target)


def test_a_conversion_is_kept_whole_or_not_at_all(
    toys: Callable[[str], Path], own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("ctranslate2", reason="needs kzalign[ctranslate2]")
    from ctranslate2.converters import TransformersConverter

    convert = TransformersConverter.convert

    def fail(self: Any, output: str, **kwargs: Any) -> None:
        convert(self, output, **kwargs)
        raise OSError("no space left")

    settings = MtConfig(device="cpu", backend="ctranslate2")
    monkeypatch.setattr(TransformersConverter, "convert", fail)
    with pytest.raises(KzalignError, match="CTranslate2 cannot convert 'nllb': no space left; use"):
        open_backend(str(toys("nllb")), settings)
    assert list((own_home / "ctranslate2").iterdir()) == []
    monkeypatch.undo()
    monkeypatch.setenv("KZALIGN_HOME", str(own_home))
    first = open_backend(str(toys("nllb")), settings)
    revision = first.name.split("@")[1]
    assert [path.name for path in (own_home / "ctranslate2").iterdir()] == [f"nllb-{revision}-int8"]
    monkeypatch.setattr(TransformersConverter, "convert", fail)
    again = open_backend(str(toys("nllb")), settings)
    assert again.translate(TEXTS, "kk", "ru") == first.translate(TEXTS, "kk", "ru")
    assert "int8" in again.setup


def ask(folder: Path, texts: Sequence[str]) -> list[str]:
    """Returns what transformers itself gives for one prompt after the other."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer, model = AutoTokenizer.from_pretrained(folder), AutoModelForCausalLM.from_pretrained(folder).eval()
    found = []
    for text in texts:
        said = f"Translate the following text from Kazakh into English. Reply with the translation only.\n\n{text}"
        inputs = tokenizer.apply_chat_template(
            [{"role": "user", "content": said}], add_generation_prompt=True, return_tensors="pt", return_dict=True
        )
        limit = room(len(tokenizer(text)["input_ids"]), 8, 256)
        with torch.no_grad():
            rows = model.generate(**inputs, max_new_tokens=limit, do_sample=False)
        found.append(tokenizer.decode(rows[0][inputs["input_ids"].shape[1] :], skip_special_tokens=True))
    return found


def test_a_chat_model_answers_as_in_a_direct_call(toys: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kzalign.mt.answers.cleaned", lambda answer, text: answer)
    folder = toys("chat")
    (folder / LOCAL_CARD).write_text("max_length = 256\n")
    expected = ask(folder, SENTENCES["kk"])
    assert len(set(expected)) == len(expected)
    for budget in (1, 100_000):
        assert (
            open_backend(str(folder), MtConfig(device="cpu", batch_tokens=budget)).translate(SENTENCES["kk"], "kk", "en")
            == expected
        )


def test_a_causal_model_without_template_continues_a_plain_prompt(toys: Callable[[str], Path], tmp_path: Path) -> None:
    from transformers import AutoTokenizer

    folder = shutil.copytree(toys("chat"), tmp_path / "plain")
    (folder / "chat_template.jinja").unlink()
    (folder / LOCAL_CARD).write_text('plain = "{source}: {text} = {target}:"\n')
    assert AutoTokenizer.from_pretrained(folder).chat_template is None
    backend = open_backend(str(folder), CPU)
    assert "plain" in backend.setup
    found = backend.hypotheses(TEXTS, "kk", "ru")
    assert len({hypothesis.text for hypothesis in found}) > 4
    assert not any("\n" in hypothesis.text for hypothesis in found)


def test_what_happened_is_noted(toys: Callable[[str], Path]) -> None:
    backend = open_backend(str(toys("nllb")), CPU)
    assert backend.notes == []
    assert backend.pairs == ("kk-ru", "kk-en", "ru-kk", "ru-en", "en-kk", "en-ru")
    found = backend.hypotheses(["", *TEXTS, " \n"], "kk", "en")
    assert (found[0].text, found[0].flags, found[-1].flags) == ("", (BLANK_SOURCE,), (BLANK_SOURCE,))
    cut = sum(SOURCE_CUT in hypothesis.flags for hypothesis in found)
    unfinished = sum(UNFINISHED in hypothesis.flags for hypothesis in found)
    assert 0 < cut < len(TEXTS) and unfinished > 0
    assert f"{cut} sources cut at the model's maximum length" in backend.notes
    assert f"{unfinished} hypotheses that reached the limit of their length before their end" in backend.notes
    assert backend.translate([], "kk", "en") == []


def test_an_end_that_is_forced_is_no_end(toys: Callable[[str], Path]) -> None:
    backend: Any = open_backend(str(toys("mbart50")), CPU)
    flags = [hypothesis.flags for hypothesis in backend.hypotheses(TEXTS, "kk", "ru")]
    backend._model.generation_config.forced_eos_token_id = backend._sources.tokenizer.eos_token_id
    assert [hypothesis.flags for hypothesis in backend.hypotheses(TEXTS, "kk", "ru")] == flags


def test_memory_that_ends_halves_the_batch(toys: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    backend: Any = open_backend(str(toys("madlad")), CPU)
    expected = backend.hypotheses(TEXTS, "kk", "ru")
    generate = backend._model.generate

    def small(**inputs: Any) -> Any:
        if len(inputs["input_ids"]) > 2:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return generate(**inputs)

    monkeypatch.setattr(backend._model, "generate", small)
    assert backend.hypotheses(TEXTS, "kk", "ru") == expected
    assert backend.notes[0].startswith("out of memory: a batch of")


def change(folder: Path, name: str, **values: Any) -> None:
    path = folder / name
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


def pickled(folder: Path) -> None:
    import torch
    from safetensors.torch import load_file

    torch.save(load_file(folder / "model.safetensors"), folder / "pytorch_model.bin")
    (folder / "model.safetensors").unlink()


def without_tensor(folder: Path) -> None:
    from safetensors.torch import load_file, save_file

    path = folder / "model.safetensors"
    tensors = {name: tensor for name, tensor in load_file(path).items() if not name.endswith("fc1.weight")}
    save_file(tensors, path, metadata={"format": "pt"})


SPOILT: dict[str, tuple[str, Callable[[Path], Any], str]] = {
    "no configuration": ("nllb", lambda f: (f / "config.json").unlink(), "config.json missing for"),
    "no tokenizer": ("nllb", lambda f: (f / "tokenizer.json").unlink(), "tokenizer.json or sentencepiece.bpe.model or"),
    "half a tokenizer": ("m2m100", lambda f: (f / "vocab.json").unlink(), "sentencepiece.bpe.model with vocab.json"),
    "a pickle": ("nllb", pickled, r"pickled weights are not read\).*or set mt.pickles=true if you trust its author"),
    "broken weights": ("nllb", lambda f: (f / "model.safetensors").write_bytes(b"no"), "not a model that transformers can load"),
    "a tensor too few": ("mbart50", without_tensor, "the weights of 'mbart50' lack 2 tensors, such as .*fc1.weight"),
    "another type": ("nllb", lambda f: change(f, "config.json", model_type="bert"), "type 'bert' with .* is of no known family"),
    "another tokenizer": (
        "nllb",
        lambda f: change(f, "tokenizer_config.json", tokenizer_class="BertTokenizer"),
        r"the tokenizer 'BertTokenizer' is of no known family; known: nllb \(m2m_100 with NllbTokenizer\), m2m100",
    ),
    "code of its own": (
        "nllb",
        lambda f: (
            change(f, "config.json", model_type="own", auto_map={"AutoConfig": "own.Own"}),
            (f / LOCAL_CARD).write_text('family = "nllb"'),
        ),
        "'nllb' brings its own Python files: read them, then set mt.remote_code=true",
    ),
    "a code that it lacks": (
        "nllb",
        lambda f: (f / LOCAL_CARD).write_text('languages = { kk = "kaz_Latn", ru = "rus_Cyrl", en = "eng" }'),
        "the tokenizer of 'nllb' has no kaz_Latn for kk, no eng for en: mend the card",
    ),
    "languages that nobody names": (
        "marian",
        lambda f: (f / LOCAL_CARD).unlink(),
        "nothing says which languages this model translates: give it a card",
    ),
}


@pytest.mark.parametrize(("family", "spoil", "said"), SPOILT.values(), ids=SPOILT)
def test_a_folder_that_is_no_model(
    family: str, spoil: Callable[[Path], Any], said: str, toys: Callable[[str], Path], tmp_path: Path
) -> None:
    folder = shutil.copytree(toys(family), tmp_path / family)
    spoil(folder)
    with pytest.raises(KzalignError, match=said) as error:
        open_backend(str(folder), CPU)
    assert "\n" not in str(error.value)


def test_a_pickle_is_read_where_the_user_says_so(
    toys: Callable[[str], Path], opened: Callable[..., Backend], tmp_path: Path
) -> None:
    folder = shutil.copytree(toys("nllb"), tmp_path / "nllb")
    pickled(folder)
    expected = opened("nllb", num_beams=1).translate(TEXTS, "ru", "kk")
    for backend in ("transformers", "ctranslate2"):
        settings = MtConfig(device="cpu", pickles=True, backend=backend, quantisation="float32")
        assert open_backend(str(folder), settings).translate(TEXTS, "ru", "kk") == expected


def sentencepiece_only(folder: Path) -> Path:
    (folder / "tokenizer.json").unlink()
    (folder / "sentencepiece.bpe.model").write_bytes(sentencepiece_model())
    return folder


def test_a_tokenizer_that_is_a_sentencepiece_model(
    toys: Callable[[str], Path], opened: Callable[..., Backend], tmp_path: Path
) -> None:
    pytest.importorskip("google.protobuf", reason="needs kzalign[mt]")
    folder = sentencepiece_only(shutil.copytree(toys("mbart50"), tmp_path / "mbart50"))
    expected = opened("mbart50", num_beams=1).translate(TEXTS, "ru", "kk")
    assert open_backend(str(folder), CPU).translate(TEXTS, "ru", "kk") == expected


@pytest.mark.parametrize(
    ("family", "said"),
    [
        ("mbart50", r"the tokenizer of 'mbart50' needs sentencepiece and google\.protobuf: pip install 'kzalign\[mt\]'"),
        ("marian", "the tokenizer of 'marian' needs sentencepiece and sacremoses"),
        ("m2m100", "the tokenizer of 'm2m100' needs sentencepiece:"),
    ],
)
def test_packages_that_are_not_installed(
    family: str, said: str, toys: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = shutil.copytree(toys(family), tmp_path / family)
    if family == "mbart50":
        sentencepiece_only(folder)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(KzalignError, match=said):
        open_backend(str(folder), CPU)


def test_an_opus_model_of_one_pair_needs_no_card(toys: Callable[[str], Path], tmp_path: Path) -> None:
    folder = shutil.copytree(toys("marian"), tmp_path / "marian")
    (folder / LOCAL_CARD).unlink()
    change(folder, "tokenizer_config.json", source_lang="ru", target_lang="en")
    backend = open_backend(str(folder), CPU)
    assert (backend.languages, backend.pairs) == ({"ru": "", "en": ""}, ("ru-en",))
    assert len(backend.translate(SENTENCES["ru"][2:3], "ru", "en")) == 1
    with pytest.raises(KzalignError, match="marian: does not translate en-ru, only ru-en"):
        backend.translate(["Why?"], "en", "ru")


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (MtConfig(backend="ctranslat"), "unknown backend 'ctranslat': did you mean 'ctranslate2'"),
        (MtConfig(backend="openai"), "the backend 'openai' does not run this model, only transformers and ctranslate2"),
        (MtConfig(device="gpu"), "unknown device 'gpu'"),
        (MtConfig(backend="ctranslate2", device="cpu", quantisation="int4"), "unknown quantisation 'int4'"),
        (MtConfig(backend="ctranslate2", device="cpu", quantisation="bfloat16"), "mt.quantisation=bfloat16: not possible"),
    ],
)
def test_settings_that_cannot_be(settings: MtConfig, said: str, toys: Callable[[str], Path]) -> None:
    with pytest.raises(KzalignError, match=said):
        open_backend(str(toys("nllb")), settings)


def test_a_gpu_that_is_not_there(toys: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(KzalignError, match="device=cuda: no GPU can be used here"):
        open_backend(str(toys("nllb")), MtConfig(device="cuda"))
