"""One frozen dataclass per stage: the only home of every default. TOML and `--set` fill them, unknown keys are refused."""

import tomllib
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from kzalign.bounds import RANGES
from kzalign.errors import KzalignError, unknown


@dataclass(frozen=True, slots=True)
class ExtractConfig:
    """Reading documents and finding abstracts."""

    max_megabytes: float = 150.0
    """A larger document is refused."""
    max_line_chars: int = 200_000
    """A document with a longer line is refused: its line ends are lost."""
    max_seconds: float = 120.0
    """A document that is no plain text and takes longer to read is given up."""
    max_memory_megabytes: float = 2_000.0
    """So is one that takes more memory."""
    max_unpacked_megabytes: float = 1_000.0
    """What a zip archive, and a DOCX or ODT, may hold unpacked."""
    max_members: int = 20_000
    """Files that a zip archive may hold."""
    ocr: bool = False
    """Read pages without a text layer, or with one that is no text, and images, by Tesseract."""
    ocr_languages: str = "kaz+rus+eng"
    """As Tesseract calls them."""
    ocr_dpi: int = 300
    """Dots to the inch at which pages are drawn."""
    ocr_seconds: float = 60.0
    """A page that takes longer is given up."""
    ocr_pages: int = 2_000
    """Pages of a document that are read so, at most; the others are named."""
    ocr_jobs: int = 0
    """Pages of a document read at a time; 0: as many as there are cores for each document that is read at a time."""
    min_chars: int = 80
    max_chars: int = 7000
    related: float = 0.4
    """Similarity above which versions that follow one another are of one article."""
    related_apart: float = 0.52
    """The same for versions that stand apart from each other."""


@dataclass(frozen=True, slots=True)
class AlignConfig:
    """Aligning sentences."""

    aligner: str = "lexical"
    encoder: str = "labse"
    """With the aligner `encoder`: the name of a card, or the path of a model's folder."""
    encoder_weight: float = 1.0
    embeddings: str = ""
    """Folder where the encoder's vectors are kept between runs; none if empty."""
    locked: bool = False
    """Refuse an encoder whose revision neither its card nor the lock file pins."""
    lexicons: tuple[str, ...] = ()
    """Lexicon files (kzalign's TSV) read besides the one that ships."""


@dataclass(frozen=True, slots=True)
class BuildConfig:
    """Turning aligned articles into a dataset."""

    validation: float = 0.05
    test: float = 0.05
    """Shares of each document's articles."""
    low_score: float = 0.95
    """Scores below it are marked in the report."""
    near_duplicate: float = 0.8
    """Likeness of two abstracts (Jaccard index of pairs of neighbouring words) from which on an article is published twice."""
    same_split: float = 0.5
    """Likeness from which on two articles go to the same split."""


@dataclass(frozen=True, slots=True)
class FiltersConfig:
    """The threshold of each filter, named as the filter is: `kzalign list filters` says what each measures."""

    alignment: float = 0.89
    shortest: float = 15.0
    longest: float = 1500.0
    language: float = 0.2
    foreign: float = 0.25
    copies: float = 0.6
    length_ratio: float = 2.3
    numbers: float = 0.6
    cut: float = 0.0
    repeats: float = 0.3
    letters: float = 0.5
    longest_word: float = 35.0
    broken: float = 0.02
    furniture: float = 0.0
    personal: float = 0.0
    recurrence: float = 10.0
    skip: tuple[str, ...] = ()
    """Filters that are switched off: neither measured nor applied."""

    def __post_init__(self) -> None:
        names = [f.name for f in fields(self) if f.name != "skip"]
        for name in self.skip:
            if name not in names:
                raise KzalignError(f"filters.skip: {unknown('filter', name, names)}")


@dataclass(frozen=True, slots=True)
class MtConfig:
    """Translating by a model. What is empty or 0 is as the model's card says."""

    backend: str = ""
    """What runs the model, such as ctranslate2."""
    device: str = "auto"
    """auto (a GPU where there is one), cpu or cuda."""
    num_beams: int = 0
    batch_tokens: int = 8_192
    """Source tokens of a batch, padding and beams included: bounds memory whatever the lengths."""
    quantisation: str = "auto"
    """Of a model converted by CTranslate2; auto is int8 on a CPU, bfloat16 or float16 on a GPU."""
    locked: bool = False
    """Refuse a model whose revision neither its card nor the lock file pins."""
    pickles: bool = False
    """Take weights that are only published as a pickle."""
    remote_code: bool = False
    """Run Python files that a model's repository brings."""
    url: str = ""
    """Of a server."""
    concurrency: int = 4
    """Requests to a server at a time."""
    retries: int = 5
    timeout: float = 120.0
    """Seconds that a server may take for an answer."""
    field: str = "hypothesis"
    """Of a JSONL file of hypotheses."""


@dataclass(frozen=True, slots=True)
class TranslateConfig:
    """Translating articles in bulk."""

    unit: str = "sentence"
    """What a model is given: sentence, or document (a whole abstract, where it is not too long)."""
    titles: bool = True
    keywords: bool = True
    max_length: int = 1_000
    """Characters of the longest text that goes to a model in one piece; a model that counts tokens has its own limit."""
    batch: int = 24_000
    """Texts of a batch times the length of its longest, in tokens of a model that counts them, else in characters."""
    batch_texts: int = 128
    window: int = 4_000
    """Texts that are sorted by length together; so many wait in memory for their turn to be written."""


@dataclass(frozen=True, slots=True)
class FinetuneConfig:
    """Training a translation model."""

    directions: tuple[str, ...] = ()
    """Such as ["kk-ru", "ru-kk"]; all that the base model and the data have where empty."""
    scratch: str = ""
    """small or base: a new model of that size instead of a base model."""
    vocabulary: int = 16_000
    """Pieces of a new model's tokenizer, at most."""
    method: str = "full"
    """full (all weights) or lora (Hu et al. 2021, arXiv 2106.09685)."""
    lora_rank: int = 16
    lora_dropout: float = 0.05
    merge: bool = True
    """Write a LoRA run's weights into the base model's; without it the folder holds the adapter alone."""
    learning_rate: float = 1e-4
    schedule: str = "inverse_sqrt"
    """inverse_sqrt, cosine, linear or constant, after the warm-up."""
    warmup_steps: int = 200
    weight_decay: float = 0.01
    dropout: float = 0.1  # of layers and attention
    label_smoothing: float = 0.1
    steps: int = 5_000
    """Of the optimiser, at most."""
    batch_tokens: int = 16_384
    """Source and target tokens of an optimiser step, padding included, all processes together."""
    device_tokens: int = 8_192
    """The same of what one device holds at a time; the rest of a step is accumulated."""
    eval_steps: int = 250
    checkpoint_steps: int = 250
    log_steps: int = 25
    patience: int = 5
    """Evaluations without a better mean chrF++ after which training ends."""
    dev_segments: int = 200
    """Of each direction that the evaluations translate, at most."""
    document_share: float = 0.1
    """Of the examples: whole abstracts."""
    replay_share: float = 0.3
    """Of the examples: general data, where --replay gives some."""
    temperature: float = 1.5
    """1 draws directions by their size; the greater it is, the more alike (Arivazhagan et al. 2019, arXiv 1907.05019)."""
    tag: str = "<bt>"
    """What goes before the source of back-translated and machine-translated pairs (Caswell et al. 2019, arXiv 1906.06442)."""
    max_length: int = 256
    """Tokens of a side; longer pairs are left out."""
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Config:
    """All stages' settings."""

    extract: ExtractConfig = field(default_factory=ExtractConfig)
    align: AlignConfig = field(default_factory=AlignConfig)
    build: BuildConfig = field(default_factory=BuildConfig)
    filters: FiltersConfig = field(default_factory=FiltersConfig)
    mt: MtConfig = field(default_factory=MtConfig)
    translate: TranslateConfig = field(default_factory=TranslateConfig)
    finetune: FinetuneConfig = field(default_factory=FinetuneConfig)


KIND_NAMES: dict[type, str] = {
    tuple: 'a list such as ["a.tsv"]',
    int: "a whole number",
    float: "a number",
    str: "a text",
    bool: "true or false",
}


def load_config(path: Path | None = None, settings: list[str] | None = None) -> Config:
    """Returns the defaults overlaid with a TOML file and then with `section.key=value` settings."""
    config = Config()
    if path is not None:
        names = [f.name for f in fields(config)]
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise KzalignError(f"{path}: cannot be read as a TOML configuration: {error}") from None
        for section, values in data.items():
            if not isinstance(values, dict):
                raise KzalignError(
                    f"{path}: '{section}' is a value outside of a section; put it under one of [{'], ['.join(names)}]"
                )
            _section(config, section, str(path))
            for key, value in values.items():
                config = _with(config, section, key, value, str(path))
    for setting in settings or []:
        name, equals, value = setting.partition("=")
        section, dot, key = name.partition(".")
        if not equals or not dot:
            raise KzalignError(f"--set {setting}: expected section.key=value, such as filters.alignment=0.6")
        origin = f"--set {setting}"
        stage = _section(config, section.strip(), origin)
        default = getattr(stage, key.strip(), None)
        config = _with(
            config,
            section.strip(),
            key.strip(),
            _parsed(value.strip(), default, f"{origin}: {section.strip()}.{key.strip()}"),
            origin,
        )
    if config.build.validation + config.build.test > 1:
        raise KzalignError(f"build.validation + build.test = {config.build.validation + config.build.test:g}: together at most 1")
    return config


def _section(config: Config, section: str, origin: str) -> Any:
    sections = [f.name for f in fields(config)]
    if section not in sections:
        raise KzalignError(f"{origin}: {unknown('section', section, sections)}")
    return getattr(config, section)


def _with(config: Config, section: str, key: str, value: Any, origin: str) -> Config:
    stage = _section(config, section, origin)
    keys = [f.name for f in fields(stage)]
    if key not in keys:
        raise KzalignError(f"{origin}: {unknown('key', key, keys)}")
    where = f"{origin}: {section}.{key}"
    value = _typed(value, getattr(stage, key), where)
    low, high = RANGES.get(f"{section}.{key}", (None, None))
    if low is not None and high is not None and not low <= value <= high:
        raise KzalignError(f"{where}: {value} is not from {low:g} to {high:g}")
    return replace(config, **{section: replace(stage, **{key: value})})


def _parsed(text: str, default: Any, origin: str) -> Any:
    """Returns the value that a setting on the command line writes: a text as it is, anything else as TOML."""
    if isinstance(default, str) or default is None:
        return text
    try:
        parsed = tomllib.loads(f"value = {text}")
    except tomllib.TOMLDecodeError:
        parsed = {}
    if list(parsed) != ["value"]:
        kind = type(default)
        raise KzalignError(f"{origin}: '{text}' is not {KIND_NAMES.get(kind, f'a {kind.__name__}')}")
    return parsed["value"]


def _typed(value: Any, default: Any, origin: str) -> Any:
    """Returns the value as the default's type; a whole number may stand for a number, a list for a tuple."""
    kind = type(default)
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if kind is tuple and isinstance(value, list) and all(isinstance(item, str) for item in value):
        value = tuple(value)
    if type(value) is not kind:
        raise KzalignError(f"{origin}: {value!r} is not {KIND_NAMES.get(kind, f'a {kind.__name__}')}")
    return value
