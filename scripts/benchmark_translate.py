"""Tokens a second of translation: transformers as its documentation calls it, bare CTranslate2, and kzalign's backend.

    python scripts/benchmark_translate.py [--shape full] [-o eval/results/translate_speed.json]
    python scripts/benchmark_translate.py --gpu

The model has NLLB-200-600M's classes and random weights; its end is never the likeliest token, so that each hypothesis is
as long as it is told to be: its source's length rounded up to the next STEP. Greedy everywhere. transformers 5 has no
translation pipeline any more: its side is AutoModelForSeq2SeqLM.generate with the tokenizer, in the checkpoint's float32,
one text at a time and sixteen in the order given; only the tokens that were asked for count. Each side runs in turn, in every
round; figures are medians of the rounds. A run whose processor stood still is repeated once.
"""

import argparse
import json
import os
import platform
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from kzalign.config import MtConfig
from kzalign.mt import open_backend

SHAPES: dict[str, dict[str, int]] = {
    "full": {"d_model": 1024, "layers": 12, "heads": 16, "ffn": 4096, "vocabulary": 256_206},
    "small": {"d_model": 512, "layers": 6, "heads": 8, "ffn": 2048, "vocabulary": 64_000},
}
"""`full` is NLLB-200-600M's."""
PIECES = 4_000
STEP = 16
BATCH = 16
SOURCE, TARGET = "ru", "en"
CODES = {"ru": "rus_Cyrl", "en": "eng_Latn"}
SYLLABLES = (
    "ба",
    "ве",
    "ги",
    "до",
    "жу",
    "за",
    "ки",
    "ло",
    "му",
    "не",
    "по",
    "ра",
    "си",
    "то",
    "фу",
    "хо",
    "це",
    "чи",
    "ша",
    "ю",
)
WORDS = (17, 0.45)
"""Median and sigma of the words of a sentence, log-normal, as sentences of abstracts have."""
STANDSTILL = 1.6
"""A run that took so many times the wall time that its processor time explains is repeated."""
ATTEMPTS = 2
ONE, SIXTEEN, BARE, OURS = "generate, one by one", "generate, 16 at a time", "ctranslate2, bare", "kzalign"
ASKED = {"cpu": {ONE: 20.0, SIXTEEN: 5.0, BARE: 0.95}, "cuda": {ONE: 9.0}}
"""Times as fast as each that kzalign is asked to be."""


@dataclass(frozen=True, slots=True)
class Run:
    """What one run took, in seconds, for how many tokens."""

    tokens: int
    wall: float
    cpu: float


def sentences(count: int, chance: random.Random) -> list[str]:
    """Returns invented sentences of pronounceable Russian letters."""

    def word() -> str:
        return "".join(chance.choices(SYLLABLES, k=chance.choice((1, 2, 2, 3, 3, 4, 5))))

    lengths = [min(60, max(4, round(WORDS[0] * chance.lognormvariate(0, WORDS[1])))) for _ in range(count)]
    return [" ".join(word() for _ in range(length)).capitalize() + "." for length in lengths]


def forced(tokens: int) -> int:
    """Returns how many tokens the hypothesis of a source of so many has."""
    return STEP * -(-tokens // STEP)


def save_model(folder: Path, shape: dict[str, int]) -> None:
    """Writes a model of the shape with random weights, and a tokenizer that has its vocabulary, into the folder."""
    import torch
    import transformers
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers

    raw = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True))
    raw.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always", split=True)
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    trainer = trainers.BpeTrainer(vocab_size=PIECES, special_tokens=special, show_progress=False)
    raw.train_from_iterator(sentences(4_000, random.Random(0)), trainer)
    model = json.loads(raw.to_str())["model"]
    languages = 210
    vocab = model["vocab"] | {f"▁w{i}": i for i in range(len(model["vocab"]), shape["vocabulary"] - languages)}
    tokenizer = transformers.NllbTokenizer(vocab=vocab, merges=[tuple(pair) for pair in model["merges"]])
    tokenizer.save_pretrained(folder)
    torch.manual_seed(1)
    config = transformers.M2M100Config(
        vocab_size=shape["vocabulary"], d_model=shape["d_model"], encoder_layers=shape["layers"], decoder_layers=shape["layers"],
        encoder_attention_heads=shape["heads"], decoder_attention_heads=shape["heads"], encoder_ffn_dim=shape["ffn"],
        decoder_ffn_dim=shape["ffn"], max_position_embeddings=1024, scale_embedding=True, bos_token_id=0, pad_token_id=1,
        eos_token_id=2, decoder_start_token_id=2,
    )  # fmt: skip
    made = transformers.M2M100ForConditionalGeneration(config)
    with torch.no_grad():
        made.get_input_embeddings().weight[tokenizer.eos_token_id] = 0
    made.save_pretrained(folder)
    (folder / "mt.toml").write_text(f'family = "nllb"\nlanguages = {{ ru = "{CODES["ru"]}", en = "{CODES["en"]}" }}\n')


def stock(folder: Path, texts: Sequence[str], size: int, device: str) -> Callable[[], list[str]]:
    """Returns what translates the texts by transformers alone, `size` at a time."""
    import torch
    from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder, src_lang=CODES[SOURCE])
    model = AutoModelForSeq2SeqLM.from_pretrained(folder).to(device)
    begin = tokenizer.convert_tokens_to_ids(CODES[TARGET])

    def run() -> list[str]:
        found: list[str] = []
        for start in range(0, len(texts), size):
            inputs = tokenizer(list(texts[start : start + size]), padding=True, return_tensors="pt").to(device)
            most = forced(inputs["input_ids"].shape[1])
            with torch.no_grad():
                rows = model.generate(**inputs, forced_bos_token_id=begin, min_new_tokens=most, max_new_tokens=most)
            found += tokenizer.batch_decode(rows, skip_special_tokens=True)
        return found

    return run


def bare(backend: Any, folder: Path, texts: Sequence[str], threads: int) -> Callable[[], list[str]]:
    """Returns what gives the backend's own sorted batches, tokenised beforehand, to ctranslate2.Translator."""
    import ctranslate2

    translator = ctranslate2.Translator(str(folder), device="cpu", compute_type="int8", intra_threads=threads)
    sources = backend._sources
    ids, _ = sources.encode(texts, SOURCE, TARGET)
    lengths = [len(tokens) for tokens in ids]
    order = sorted(range(len(ids)), key=lambda i: (-forced(lengths[i]), -lengths[i]))
    planned = backend._batcher._plan(order, lengths, [forced(length) for length in lengths], 1)
    batches = [([sources.tokenizer.convert_ids_to_tokens(ids[i]) for i in batch], forced(lengths[batch[0]])) for batch in planned]

    def run() -> list[str]:
        found: list[str] = []
        for batch, most in batches:
            results = translator.translate_batch(
                batch, target_prefix=[[CODES[TARGET]]] * len(batch), beam_size=1, max_decoding_length=most, max_input_length=0
            )
            found += [" ".join(result.hypotheses[0]) for result in results]
        return found

    return run


def timed(run: Callable[[], list[str]], tokens: int, threads: int) -> Run:
    """Returns what a run took; repeats it where the processor stood still."""
    for _ in range(ATTEMPTS):
        wall, cpu = time.perf_counter(), time.process_time()
        run()
        took = Run(tokens, time.perf_counter() - wall, time.process_time() - cpu)
        if took.wall <= STANDSTILL * max(took.cpu / threads, 1e-9):
            break
    return took


def measured(arguments: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Returns medians of all sides, and how many times as fast kzalign is."""
    device = "cuda" if arguments.gpu else "cpu"
    texts = sentences(arguments.texts, random.Random(2))
    os.environ["KZALIGN_HOME"] = str(folder / "home")
    backend: Any = open_backend(str(folder / "model"), MtConfig(device=device), quick=not arguments.gpu)
    backend._sources.room = lambda tokens, stretch: forced(tokens)
    lengths = backend.lengths(texts)
    some = {
        ONE: texts[:: max(1, len(texts) // arguments.one)],
        SIXTEEN: texts[: BATCH * arguments.sixteen],
        OURS: texts,
        BARE: texts,
    }
    tokens = {side: sum(forced(length) for length in backend.lengths(given)) for side, given in some.items()}
    sides = {side: stock(folder / "model", some[side], size, device) for side, size in ((ONE, 1), (SIXTEEN, BATCH))}
    if not arguments.gpu:
        (converted,) = (folder / "home" / "ctranslate2").iterdir()
        sides[BARE] = bare(backend, converted, texts, arguments.threads)
    sides[OURS] = lambda: backend.translate(texts, SOURCE, TARGET)
    threads = 1 if arguments.gpu else arguments.threads
    rounds: dict[str, list[Run]] = {side: [] for side in sides}
    for number in range(arguments.rounds):
        for side in sorted(sides, reverse=bool(number % 2)):
            rounds[side].append(timed(sides[side], tokens[side], threads))
            print(number, side, rounds[side][-1], flush=True)
    speeds = {side: _speeds(runs) for side, runs in rounds.items()}
    result: dict[str, Any] = {
        "setup": backend.setup,
        "texts": len(texts),
        "source tokens": {"median": median(lengths), "most": max(lengths)},
        "tokens a second": speeds,
        "kzalign is so many times as fast as": {
            side: {unit: round(speeds[OURS][unit] / speeds[side][unit], 2) for unit in speeds[side]}
            for side in sides
            if side != OURS
        },
        "asked": ASKED[device],
        "runs": {
            side: [{name: round(value, 2) for name, value in asdict(run).items()} for run in runs]
            for side, runs in rounds.items()
        },
    }
    if arguments.gpu:
        alone, ours = sides[ONE](), backend.translate(some[ONE], SOURCE, TARGET)
        same = sum(a.strip() == b for a, b in zip(alone, ours, strict=True))
        result["hypotheses equal to float32's, of random weights"] = f"{same} of {len(ours)}"
    return result


def _speeds(runs: Sequence[Run]) -> dict[str, float]:
    return {
        "wall": round(median(run.tokens / run.wall for run in runs), 2),
        "processor": round(median(run.tokens / run.cpu for run in runs), 2),
    }


def arguments_of(given: Sequence[str] | None = None) -> argparse.Namespace:
    """Returns the arguments; --gpu without a GPU is an error."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shape", choices=SHAPES, default="small")
    parser.add_argument("--gpu", action="store_true", help="transformers on a GPU, in bfloat16, against generate one by one")
    parser.add_argument("--texts", type=int, default=128)
    parser.add_argument("--one", type=int, default=16, help="texts that go one by one")
    parser.add_argument("--sixteen", type=int, default=4, help="batches of sixteen")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("-o", "--output", type=Path, default=None)
    arguments = parser.parse_args(given)
    if arguments.gpu:
        import torch

        if not torch.cuda.is_available():
            parser.error("--gpu: no GPU can be used here")
    return arguments


def main() -> None:
    """Measures, prints and writes."""
    arguments = arguments_of()
    import torch
    import transformers

    transformers.logging.set_verbosity_error()
    torch.set_num_threads(arguments.threads)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        save_model(folder / "model", SHAPES[arguments.shape])
        result = measured(arguments, folder)
    gpu = " --gpu" if arguments.gpu else ""
    told: dict[str, Any] = {
        "command": f"python scripts/benchmark_translate.py --shape {arguments.shape} --texts {arguments.texts} "
        f"--one {arguments.one} --sixteen {arguments.sixteen} --rounds {arguments.rounds}{gpu}",
        "machine": {"cores": os.cpu_count(), "threads": arguments.threads, "python": platform.python_version()},
        "versions": {"torch": torch.__version__, "transformers": transformers.__version__},
        "shape": SHAPES[arguments.shape],
        **result,
    }
    print(json.dumps(told, indent=1))
    if arguments.output:
        arguments.output.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
