"""Learning words: a language whose dictionary is known is recovered from its sentences, the same way every time."""

import json
import random
import time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import typer
from typer.testing import CliRunner

from kzalign import lexicon_cli
from kzalign.align.learn import LearntPair, Stemmer, learn, unknown_pairs
from kzalign.align.lexicon import Entry, read_lexicon
from kzalign.align.pairs import read_pairs
from kzalign.errors import KzalignError

CONSONANTS, VOWELS = "бгджзкмпрст", "аоуыэ"
LATIN = str.maketrans("бгджзкмпрстаоуыэ", "lmnpqrstvwxaeiou")


def dictionary(size: int, seed: int) -> dict[str, str]:
    """Returns made-up words and their made-up translations, of seven letters each."""
    generator = random.Random(seed)
    words: dict[str, None] = {}
    while len(words) < 2 * size:
        words["".join(generator.choice(VOWELS if n % 2 else CONSONANTS) for n in range(6)) + "щ"] = None
    made = list(words)
    return {word: word_of.translate(LATIN).replace("щ", "z") for word, word_of in zip(made[:size], made[size:], strict=True)}


def sentences(words: dict[str, str], count: int, seed: int, length: int = 12) -> list[tuple[str, str]]:
    """Returns pairs of sentences: words by Zipf's law, the right ones in another order, one in ten of them left out."""
    generator = random.Random(seed)
    left = list(words)
    weights = [1 / (rank + 5) for rank in range(len(left))]
    pairs = []
    for _ in range(count):
        chosen = generator.choices(left, weights, k=length)
        other = [words[word] for word in chosen if generator.random() > 0.1]
        generator.shuffle(other)
        pairs.append((" ".join(chosen), " ".join(other)))
    return pairs


WORDS = dictionary(300, 1)
PAIRS = sentences(WORDS, 1500, 2)


def test_a_known_dictionary_is_recovered() -> None:
    learnt = learn(PAIRS, "ru", "en", (), 0.3, 3)
    right = [pair for pair in learnt if WORDS.get(pair.left) == pair.right]
    assert len(right) >= 0.95 * len(WORDS), f"{len(right)} of {len(WORDS)} words"
    assert len(right) >= 0.97 * len(learnt), f"{len(right)} right of {len(learnt)} learnt"


def test_counts_and_order() -> None:
    learnt = learn(PAIRS, "ru", "en", (), 0.3, 3)
    together = {pair: sum(pair.left in a.split() and pair.right in b.split() for a, b in PAIRS) for pair in learnt[:20]}
    assert {pair: pair.count for pair in together} == together
    assert [pair.probability for pair in learnt] == sorted((pair.probability for pair in learnt), reverse=True)
    assert all(0.3 <= pair.probability <= 1 and pair.count >= 3 for pair in learnt)


def test_the_same_pairs_teach_the_same_words() -> None:
    again = learn(iter(PAIRS), "ru", "en", (), 0.3, 3)
    assert again == learn(PAIRS, "ru", "en", (), 0.3, 3)
    assert again == learn(PAIRS * 2, "ru", "en", (), 0.3, 3), "a pair that comes twice counts once"
    back = learn([(b, a) for a, b in PAIRS], "en", "ru", (), 0.3, 3)
    assert {(pair.left, pair.right) for pair in again} == {(pair.right, pair.left) for pair in back}


@pytest.mark.parametrize(("probability", "count"), [(0.3, 3), (0.6, 3), (0.3, 20), (0.9, 50)])
def test_bounds_keep_what_is_within_them(probability: float, count: int) -> None:
    everything = learn(PAIRS, "ru", "en", (), 0.0, 1)
    kept = [pair for pair in everything if pair.probability >= probability and pair.count >= count]
    assert learn(PAIRS, "ru", "en", (), probability, count) == kept


@pytest.mark.parametrize("pairs", [[], [("", "")], [("1995 12,5", "1995")], [("дом", "")]], ids=repr)
def test_nothing_to_learn_from(pairs: list[tuple[str, str]]) -> None:
    assert learn(pairs, "ru", "en", (), 0.0, 1) == []


def test_ten_thousand_pairs_take_seconds() -> None:
    many = sentences(dictionary(3000, 3), 10_000, 4, length=18)
    start = time.process_time()
    learnt = learn(many, "ru", "en", (), 0.3, 3)
    seconds = time.process_time() - start
    assert learnt and seconds < 20, f"{seconds:.1f} s"


HOUSE = [Entry({"kk": ("үй", "баспана"), "ru": ("дом", "жилой дом"), "en": ("house",)}, "place")]
STEMS = {
    # language, text, what stands for its words
    "dictionary form": ("kk", "Баспаналардың үй", "баспана"),
    "all that can be endings cut": ("kk", "қаламгердің қаламгерге", "қалам"),
    "a name is not the word it begins with": ("kk", "Баспанаев", "баспанаев"),
    "endings cut, Russian": ("ru", "правительствами правительство", "правительств"),
    "short words whole": ("ru", "дома дерн", "дом дерн"),
    "hyphens part, numbers and letters go": ("en", "House-plants 12 of ab 3rd", "house plant"),
}


@pytest.mark.parametrize("name", STEMS)
def test_stems(name: str) -> None:
    lang, text, expected = STEMS[name]
    assert Stemmer(HOUSE, lang)(text) == expected.split()


WRITTEN = {
    "what three forms share": ("ru", "алгоритма алгоритмом алгоритмами", ["алгоритм"]),
    "two forms do not tell": ("kk", "кітапханада кітапхана", ["кітапх"]),
    "three tell more than endings do": ("kk", "кітапханада кітапхана кітапханалар", ["кітапхана"]),
    "dictionary form": ("ru", "дома домами дому", ["дом"]),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_written(name: str) -> None:
    lang, text, expected = WRITTEN[name]
    stemmer = Stemmer(HOUSE, lang)
    assert [stemmer.written(stem) for stem in stemmer(text)] == expected


def test_what_an_entry_holds_is_not_new() -> None:
    pairs = [LearntPair("үй", "дом", 0.9, 9), LearntPair("үй", "изба", 0.5, 5), LearntPair("су", "дом", 0.4, 4)]
    assert unknown_pairs(pairs, "kk", "ru", HOUSE) == pairs[1:]


def article(aligned: bool = True) -> dict[str, Any]:
    """Returns an article of two languages with a good bead, a doubtful one and a lone sentence."""
    versions = {"kk": {"sentences": ["Бір.", "Екі.", "Үш."]}, "ru": {"sentences": ["Раз.", "Два.", "Три.", "Всё."]}}
    beads = [[[0], [0, 1], 0.9], [[1], [2], 0.2], [[2], [], 1.0], [[], [3], 1.0]]
    return {"id": "a", "issue_id": "i", "versions": versions, "alignment": {"kk-ru": beads} if aligned else {}}


def corpus(path: Path) -> Path:
    """Makes a corpus folder of two pairs of languages."""
    texts = {"kk-ru": [{"kk": "Бір.", "ru": "Раз."}], "kk-en": [{"kk": "Бір.", "en": "One."}]}
    for pair, rows in texts.items():
        (path / "data" / pair).mkdir(parents=True)
        pq.write_table(
            pa.Table.from_pylist([{"translation": row} for row in rows]), path / "data" / pair / "train-00000-of-00001.parquet"
        )
    return path


def test_corpora(tmp_path: Path) -> None:
    folder, aligned, columns = corpus(tmp_path / "corpus"), tmp_path / "aligned.jsonl", tmp_path / "pairs.tsv"
    aligned.write_text(json.dumps(article()) + "\n", encoding="utf-8")
    columns.write_text("kk\tru\nБір.\tРаз.\n2015\t2015\n", encoding="utf-8")
    kk_ru = ("kk", "ru")
    assert read_pairs(folder) == {kk_ru: [("Бір.", "Раз.")], ("kk", "en"): [("Бір.", "One.")]}
    assert read_pairs(folder, ("ru", "kk")) == {kk_ru: [("Бір.", "Раз.")]}
    assert read_pairs(aligned) == {kk_ru: [("Бір.", "Раз. Два.")]}
    assert read_pairs(columns, kk_ru) == {kk_ru: [("Бір.", "Раз."), ("2015", "2015")]}


def test_wrong_corpora(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    broken = corpus(tmp_path / "broken")
    next(broken.glob("data/kk-ru/*")).write_bytes(b"PAR1 no")
    files = {
        "not-aligned.jsonl": json.dumps(article(False)),
        "bad.tsv": "Бір.\tРаз.\nЕкі.\n",
        "ru.tsv": "Раз.\tБір.\n",
        "a.csv": "",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    corpus(tmp_path / "corpus")
    wrong: list[tuple[str, tuple[str, str] | None, str]] = [
        ("absent", None, "no such file or folder"),
        ("empty", None, "not a corpus of kzalign"),
        ("broken", None, "train-00000-of-00001.parquet: not a corpus file"),
        ("corpus", ("ru", "en"), "no pair of sentences in ru and en"),
        ("corpus", ("ru", "fr"), "unknown language 'fr'"),
        ("not-aligned.jsonl", None, "run `kzalign align"),
        ("bad.tsv", ("kk", "ru"), "bad.tsv:2: 1 parts"),
        ("bad.tsv", None, "give --langs"),
        ("ru.tsv", ("kk", "ru"), "give --langs ru kk"),
        ("a.csv", None, "unknown kind of corpus '.csv'"),
    ]
    for name, langs, message in wrong:
        with pytest.raises(KzalignError) as caught:
            read_pairs(tmp_path / name, langs)
        assert message in str(caught.value) and "\n" not in str(caught.value), name


def call(*arguments: object) -> Any:
    """Runs `kzalign lexicon` and returns what it printed and what it raised."""
    app = typer.Typer()
    app.add_typer(lexicon_cli.app, name="lexicon")
    return CliRunner().invoke(app, ["lexicon", *map(str, arguments)])


def test_commands(tmp_path: Path) -> None:
    pairs, learnt, again = tmp_path / "pairs.tsv", tmp_path / "learnt.tsv", tmp_path / "again.tsv"
    pairs.write_text("".join(f"{a}\t{b}\n" for a, b in PAIRS), encoding="utf-8")
    done = call("learn", pairs, "--langs", "ru", "en", "-o", learnt, "--json")
    summary = json.loads(done.stdout)
    entries = read_lexicon(learnt)
    assert (summary["pairs"], summary["entries"]) == (len(PAIRS), len(entries))
    assert {entry.domain for entry in entries} == {"learnt"} and all(not entry.words["kk"] for entry in entries)
    assert WORDS[entries[0].words["ru"][0]] in entries[0].words["en"]
    assert call("import", learnt, "-o", again).exit_code == 0
    assert again.read_bytes() == learnt.read_bytes()
    few = json.loads(call("learn", pairs, "--langs", "ru", "en", "-o", tmp_path / "few.tsv", "--limit", 200, "--json").stdout)
    assert few["pairs"] == 200 and few["entries"] < summary["entries"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("learn", "pairs.tsv", "--langs", "kk", "ru", "-o", "out.tsv"), "teach no new word"),
        (("import", "pairs.tsv", "--langs", "kk", "ru", "-o", "pairs.tsv"), "writing it would replace the input pairs.tsv"),
        (("import", "bad.tsv", "--langs", "kk", "ru", "-o", "out.tsv"), "bad.tsv:2: 1 parts"),
    ],
)
def test_a_mistake_leaves_nothing(
    arguments: tuple[str, ...], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("pairs.tsv").write_text("Бір.\tРаз.\n", encoding="utf-8")
    Path("bad.tsv").write_text("Бір.\tРаз.\nЕкі.\n", encoding="utf-8")
    failed = call(*arguments)
    assert isinstance(failed.exception, KzalignError) and message in str(failed.exception)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.tsv", "pairs.tsv"]


@pytest.mark.parametrize("command", ["import", "learn"])
def test_help_has_examples(command: str) -> None:
    assert f"kzalign lexicon {command}" in " ".join(call(command, "--help").stdout.split())
