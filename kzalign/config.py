"""One frozen dataclass per stage: the only home of every default. TOML and `--set` fill them, unknown keys are refused."""

from dataclasses import dataclass, field, fields

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
class HarvestConfig:
    """Fetching a journal's records over OAI-PMH; the fields that are not explained are limits."""

    contact: str = ""
    """An e-mail address or a page, told to the site in the user agent."""
    delay: float = 1.0
    """Seconds from one answer to the next request; the pauses before another attempt grow from it."""
    retries: int = 5
    timeout: float = 60.0  # seconds without a byte
    max_seconds: float = 600.0  # of one answer
    longest_pause: float = 900.0
    """Seconds that a server may ask to wait; one that asks for more ends the run, which goes on another time."""
    max_megabytes: float = 100.0  # of one answer, unpacked
    max_redirects: int = 5
    max_records: int = 1_000_000  # of one list
    overlap_days: int = 1
    """Days before the last run that the next asks for again: clocks differ, and nothing is taken twice."""
    rows: int = 1_000
    """Articles of one file."""


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
    harvest: HarvestConfig = field(default_factory=HarvestConfig)
