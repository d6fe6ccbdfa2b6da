"""An output that is an input, or holds one, is refused before any work, whichever command writes it."""

import shutil
from pathlib import Path

import pytest
from bench_runs import sentences, write_benchmark

from kzalign.cli import app
from kzalign.console import fail_clearly

DOCUMENT = Path(__file__).resolve().parents[1] / "examples" / "arna-habarshysy.txt"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus, a benchmark and texts, each also by a link."""
    top = tmp_path_factory.mktemp("made")
    assert fail_clearly(lambda: app(["build", str(DOCUMENT), "-o", str(top / "corpus")], prog_name="kzalign")) == 0
    (top / "run").mkdir()
    (top / "at").mkdir()
    shutil.copytree(top / "corpus", top / "run" / "corpus")
    write_benchmark(top)
    (top / "of-corpus.toml").write_text(
        'title = "A"\nsource = "b"\nlicence = "MIT"\ndirections = ["kk-ru"]\nmetrics = ["bleu"]\n'
        '[data]\nkind = "corpus"\npath = "corpus"\nsplit = "train"\n'
    )
    for name, side in (("kk.txt", 0), ("ru.txt", 1), ("half.part", 1), ("at/report.html", 1)):
        (top / name).write_text("".join(f"{row[side]}\n" for row in sentences()), encoding="utf-8")
    lines = "".join(f"{kk}\t{ru}\n" for kk, ru, _ in sentences())
    for name in ("pairs.tsv", "run/pairs.tsv", "a.tsv.rejects.jsonl"):
        (top / name).write_text(lines, encoding="utf-8")
    (top / "words.tsv").write_text("kk\tru\nсу\tвода\n", encoding="utf-8")
    (top / "own.toml").write_text("[mt]\n")
    return top


@pytest.fixture
def here(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "here"
    shutil.copytree(made, folder)
    for name, to in (("link", "ru.txt"), ("corpus-link", "corpus"), ("at/leaderboard.md", "../invented.toml")):
        (folder / name).symlink_to(to)
    (folder / "at/leaderboard.tex").symlink_to("../data.tsv")
    monkeypatch.chdir(folder)
    return folder


TEXTS = ("translate", "--from", "ru", "--to", "kk", "--model", "m")
LINES = ("align-lines", "kk.txt", "ru.txt", "--langs", "kk", "ru")
BENCH = ("bench", "invented.toml", "-o", "at")
TUNE = ("finetune", "--model", "m")

REFUSED = {
    # arguments, what would be written, the input that it would replace
    "align-lines, the left": ([*LINES, "-o", "kk.txt"], "kk.txt", "kk.txt"),
    "align-lines, the right by a link": ([*LINES, "-o", "link"], "link", "ru.txt"),
    "export": (["export", "corpus", "-f", "tsv", "-o", "corpus/report.html"], "corpus/report.html", "corpus/report.html"),
    "translate": ([*TEXTS, "ru.txt", "-o", "ru.txt"], "ru.txt", "ru.txt"),
    "translate, a link": ([*TEXTS, "ru.txt", "-o", "link"], "link", "ru.txt"),
    "translate, the part": ([*TEXTS, "half.part", "-o", "half"], "half", "half.part"),
    "translate, the rejects": (
        [*TEXTS, "a.tsv.rejects.jsonl", "-o", "a.tsv"],
        "a.tsv.rejects.jsonl",
        "a.tsv.rejects.jsonl",
    ),
    "translate, a corpus": ([*TEXTS, "corpus", "-o", "corpus/README.md"], "corpus/README.md", "corpus/README.md"),
    "translate, the terms": ([*TEXTS, "ru.txt", "--glossary", "words.tsv", "-o", "words.tsv"], "words.tsv", "words.tsv"),
    "translate, the settings": ([*TEXTS, "ru.txt", "--config", "own.toml", "-o", "own.toml"], "own.toml", "own.toml"),
    "translate, a shard": (["translate", "--merge", "ru.txt", "kk.txt", "-o", "kk.txt"], "kk.txt", "kk.txt"),
    "bench, the file by a link": ([*BENCH, "--model", "m"], "at/leaderboard.md", "invented.toml"),
    "finetune, the corpus": ([*TUNE, "corpus", "-o", "corpus"], "corpus", "corpus"),
    "finetune, the corpus by a link": ([*TUNE, "corpus", "-o", "corpus-link"], "corpus-link", "corpus"),
    "finetune, a corpus in it": ([*TUNE, "run/corpus", "-o", "run"], "run", "run/corpus"),
    "finetune, pairs": ([*TUNE, "--pairs", "kk-ru=run/pairs.tsv", "-o", "run"], "run", "run/pairs.tsv"),
    "finetune, other texts": ([*TUNE, "--replay", "kk-ru=run/pairs.tsv", "-o", "run"], "run", "run/pairs.tsv"),
    "finetune, the base": (["finetune", "--model", "run", "-o", "run"], "run", "run"),
    "finetune, the data of a benchmark": ([*TUNE, "--general", "of-corpus.toml", "-o", "corpus"], "corpus", "corpus"),
    "align, a lexicon": (
        ["align", "a.jsonl", "-o", "words.tsv", "--set", 'align.lexicons=["words.tsv"]'],
        "words.tsv",
        "words.tsv",
    ),
    "build, a lexicon": (
        ["build", "ru.txt", "-o", "run", "--set", 'align.lexicons=["run/pairs.tsv"]'],
        "run",
        "run/pairs.tsv",
    ),
    "learning words": (["lexicon", "learn", "corpus", "-o", "corpus/README.md"], "corpus/README.md", "corpus/README.md"),
}


def bytes_in(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(("arguments", "written", "replaced"), REFUSED.values(), ids=REFUSED)
def test_an_output_that_is_an_input(
    here: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], written: str, replaced: str
) -> None:
    before = bytes_in(here)
    assert fail_clearly(lambda: app([*arguments, "--force"], prog_name="kzalign")) == 2
    told = capsys.readouterr().err.splitlines()
    assert told == [f"error: {written}: writing it would replace the input {replaced}: choose another output"]
    assert bytes_in(here) == before


BENCHED = {
    # what is taken away, arguments, the whole message
    "hypotheses": (
        ["leaderboard.md", "leaderboard.tex"],
        [*BENCH, "--outputs", "a=at/report.html", "--direction", "kk-ru"],
        "at/report.html: writing it would replace the input at/report.html: choose another output",
    ),
    "the data by a link": (
        ["leaderboard.md"],
        [*BENCH, "--model", "m"],
        "at/leaderboard.tex: writing it would replace the input data.tsv: choose another output",
    ),
    "the corpus that is the test set": (
        [],
        ["bench", "of-corpus.toml", "--model", "m", "-o", "corpus-link"],
        "corpus-link: the report would be written among the files of the input corpus: choose another output",
    ),
}


@pytest.mark.parametrize(("without", "arguments", "said"), BENCHED.values(), ids=BENCHED)
def test_a_report_in_the_place_of_what_it_is_about(
    here: Path, capsys: pytest.CaptureFixture[str], without: list[str], arguments: list[str], said: str
) -> None:
    for name in without:
        (here / "at" / name).unlink()
    before = bytes_in(here)
    assert fail_clearly(lambda: app([*arguments, "--force"], prog_name="kzalign")) == 2
    assert capsys.readouterr().err.splitlines() == [f"error: {said}"]
    assert bytes_in(here) == before


AGAIN = {
    "export into the corpus": ["export", "corpus", "-f", "tsv", "--rows", "kk-ru", "-o", "corpus/out.tsv"],
    "lines beside their texts": [*LINES, "-o", "beads.txt"],
    "words into the folder of the pairs": [
        *("lexicon", "import", "pairs.tsv", "--langs", "kk", "ru"),
        *("-o", "corpus/learnt.tsv"),
    ],
    "a report beside the data": ["bench", "invented.toml", "-o", ".", "--outputs", "a=ru.txt", "--direction", "kk-ru"],
}


@pytest.mark.parametrize("arguments", AGAIN.values(), ids=AGAIN)
def test_an_output_beside_the_inputs_may_be_written_again(
    here: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    for _ in range(2):
        assert fail_clearly(lambda: app([*arguments, "--force"], prog_name="kzalign")) == 0, capsys.readouterr().err
