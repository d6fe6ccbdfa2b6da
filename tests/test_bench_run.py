"""A benchmark run with systems that need no model: figures, the cache, what is skipped, and the files. Texts are invented."""

import json
import re
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from bench_runs import PARQUET, TOML, Fake, sentences, silent, swapped, write_benchmark
from hypothesis import given
from hypothesis import strategies as st

from kzalign.bench.mt import outputs
from kzalign.bench.mt.benchmark import Benchmark
from kzalign.bench.mt.leaderboard import LATEX, escape_latex, escape_markdown
from kzalign.bench.mt.outputs import System
from kzalign.bench.mt.run import FILES, Task, run
from kzalign.errors import KzalignError
from kzalign.text.wording import fingerprint

N = len(sentences())


@pytest.fixture
def benchmark(tmp_path: Path) -> Benchmark:
    return write_benchmark(tmp_path)


def ran(benchmark: Benchmark, *systems: System, limit: int | None = None, force: bool = False, **more: Any) -> dict[str, Any]:
    directions = more.get("directions", ("kk-ru",))
    return run(
        Task(benchmark, directions, limit), systems, benchmark.path.parent / "out", PARQUET, more.get("told", silent), force
    )


def untimed(value: Any) -> Any:
    """Returns the results without what stands under `time`."""
    if isinstance(value, dict):
        return {key: untimed(item) for key, item in value.items() if key != "time"}
    return [untimed(item) for item in value] if isinstance(value, list) else value


def test_figures_are_sacrebleus(benchmark: Benchmark) -> None:
    sacrebleu = pytest.importorskip("sacrebleu")
    results = ran(benchmark, Fake(swapped).system("one"), Fake(lambda text: swapped(text)[:-1], "fake@2").system("two"))
    references = [ru for _, ru, _ in sentences()]
    makers = {"bleu": sacrebleu.BLEU(), "chrf++": sacrebleu.CHRF(word_order=2), "ter": sacrebleu.TER()}
    found = {(score["model"], score["metric"]): score for score in results["directions"]["kk-ru"]["scores"]}
    for name, cut in (("one", None), ("two", -1)):
        hypotheses = [swapped(kk)[:cut] for kk, _, _ in sentences()]
        for metric, maker in makers.items():
            score = found[name, metric]
            assert score["value"] == pytest.approx(maker.corpus_score(hypotheses, [references]).score, abs=1e-6)
            assert score["signature"].startswith(str(maker.get_signature())) and "seed:1" in score["signature"]
            assert score["interval"][0] <= score["value"] <= score["interval"][1] and score["n"] == N
    articles = {(m, label) for m, label in found if label.endswith("(article)")}
    assert articles == {(name, f"{label} (article)") for name in ("one", "two") for label in ("bleu", "chrf++")}


def test_the_files_and_what_results_hold(benchmark: Benchmark) -> None:
    out = benchmark.path.parent / "out"
    results = ran(benchmark, Fake(swapped, "org/model@abc").system("one"), directions=("kk-ru", "ru-kk"))
    assert {path.name for path in out.iterdir()} == {*FILES, "cache"}
    assert json.loads((out / "results.json").read_text(encoding="utf-8")) == results
    assert list(results["directions"]) == ["kk-ru", "ru-kk"]
    [system] = results["systems"]
    assert (system["model"], system["setup"], results["seed"], results["partial"]) == ("org/model@abc", "fake greedy", 1, None)
    assert results["benchmark"]["sha256"] == benchmark.sha256 and results["versions"]["kzalign"] and results["device"]["cores"]
    part = results["directions"]["kk-ru"]
    assert (part["n"], part["articles"], part["contamination"]) == (N, N // 3, {"one": None})
    assert set(part["time"]["one"]) == {"seconds", "segments_per_second", "words_per_second"}
    assert len(list((out / "cache").iterdir())) == 2


def test_the_same_run_gives_the_same_results_but_for_time(benchmark: Benchmark) -> None:
    pages = []
    for _ in range(2):
        systems = [Fake(swapped).system("one"), Fake(str.upper, "fake@2").system("two")]
        first = untimed(ran(benchmark, *systems, force=True))
        text = (benchmark.path.parent / "out" / "leaderboard.md").read_text(encoding="utf-8")
        pages.append((first, text, (benchmark.path.parent / "out" / "leaderboard.tex").read_bytes()))
    assert pages[0] == pages[1]


def test_a_stopped_run_goes_on_where_it_was(benchmark: Benchmark, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outputs, "CHUNK", 7)
    out = benchmark.path.parent / "out"
    stopped = Fake(swapped, stop_after=14)
    with pytest.raises(KeyboardInterrupt):
        ran(benchmark, stopped.system())
    [part] = (out / "cache").iterdir()
    assert (len(stopped.asked), part.suffix, [p.name for p in out.iterdir()]) == (14, ".part", ["cache"])
    with part.open("ab") as stream:
        stream.write('{"hypotheses": [["жарты'.encode())
    rest = Fake(swapped)
    results = ran(benchmark, rest.system())
    assert stopped.asked + rest.asked == [kk for kk, _, _ in sentences()]
    whole = Fake(swapped, "fake@2")
    again = ran(benchmark, whole.system(), force=True)
    assert results["directions"]["kk-ru"]["outputs"] == again["directions"]["kk-ru"]["outputs"]
    assert {path.suffix for path in (out / "cache").iterdir()} == {".jsonl"}


def test_a_finished_system_is_not_asked_again_unless_something_changed(benchmark: Benchmark) -> None:
    def asked(fake: Fake, of: Benchmark = benchmark, **more: Any) -> int:
        ran(of, fake.system(), force=True, **more)
        return len(fake.asked)

    lines: list[str] = []
    assert asked(Fake(swapped)) == N
    assert asked(Fake(swapped), told=lines.append) == 0
    assert any("from" in line and "cache" in line for line in lines)
    assert asked(Fake(swapped, "fake@2")) == N, "another revision"
    beams = Fake(swapped)
    beams.setup = "fake beams=4"
    assert asked(beams) == N, "other settings"
    assert asked(Fake(swapped), directions=("ru-kk",)) == N, "another direction"
    assert asked(Fake(swapped), limit=5) == 5, "other sources"
    metrics = write_benchmark(benchmark.path.parent, toml=TOML.replace('"bleu", ', ""))
    assert asked(Fake(swapped), metrics) == 0, "metrics change no hypothesis"


@pytest.mark.parametrize(
    "damage", [b"", b"{}\n", b"not JSON\n", b'{"model": "other"}\n[]\n'], ids=["empty", "object", "text", "other"]
)
def test_a_damaged_cache_is_made_anew(benchmark: Benchmark, damage: bytes) -> None:
    first = ran(benchmark, Fake(swapped).system())
    [path] = (benchmark.path.parent / "out" / "cache").iterdir()
    path.write_bytes(damage)
    fake = Fake(swapped)
    assert untimed(ran(benchmark, fake.system(), force=True)) == untimed(first)
    assert len(fake.asked) == N


@pytest.mark.parametrize("whole", [False, True])
def test_half_characters_become_whole_ones(benchmark: Benchmark, whole: bool) -> None:
    system = Fake(lambda text: f"{text} \ud800").system(whole=whole)
    parts = [ran(benchmark, system, force=True)["directions"]["kk-ru"]["outputs"] for _ in range(2)]
    want = "".join(f"{kk} \ufffd\n" for kk, _, _ in sentences())
    assert [part["fake"]["sha256"] for part in parts] == [sha256(want.encode()).hexdigest()] * 2


def test_empty_hypotheses_are_scored(benchmark: Benchmark) -> None:
    results = ran(benchmark, Fake(lambda text: "").system("mute"), Fake(swapped, "fake@2").system("one"))
    part = results["directions"]["kk-ru"]
    values = {score["metric"]: score["value"] for score in part["scores"] if score["model"] == "mute"}
    assert (part["outputs"]["mute"]["empty"], values["bleu"], values["ter"], values["check:empty"]) == (N, 0, 100, 1)
    assert part["best"] == dict.fromkeys(("bleu", "bleu (article)", "chrf++", "chrf++ (article)", "ter"), "one")


def test_the_best_is_named_only_where_it_is_different_from_all(benchmark: Benchmark) -> None:
    same = [Fake(swapped, f"fake@{n}").system(f"s{n}") for n in range(2)]
    part = ran(benchmark, *same, Fake(lambda text: "").system("mute"))["directions"]["kk-ru"]
    assert set(part["best"].values()) == {None}
    assert "**" not in (benchmark.path.parent / "out" / "leaderboard.md").read_text(encoding="utf-8")


def test_a_limit_is_said_everywhere(benchmark: Benchmark) -> None:
    ready = Fake(swapped, "file@file")
    results = ran(benchmark, Fake(swapped).system(), ready.system("ready", whole=True), limit=5)
    assert (results["partial"], results["directions"]["kk-ru"]["n"], len(ready.asked)) == (5, 5, N)
    for name in FILES[1:3]:
        assert "PARTIAL: only the first 5 segments" in (benchmark.path.parent / "out" / name).read_text(encoding="utf-8")
    assert results["directions"]["kk-ru"]["time"]["ready"] is None


def test_a_direction_that_a_model_lacks_is_skipped_with_its_reason(benchmark: Benchmark) -> None:
    lines: list[str] = []
    one = Fake(swapped, pairs=["ru-kk"]).system("one")
    results = ran(benchmark, one, Fake(swapped, "b@1").system("two"), directions=("kk-ru", "ru-kk"), told=lines.append)
    assert list(results["systems"][0]["skipped"]) == ["kk-ru"]
    assert [list(part["outputs"]) for part in results["directions"].values()] == [["two"], ["one", "two"]]
    assert any(line.startswith("one kk-ru: skipped: its model translates ru-kk") for line in lines)
    with pytest.raises(KzalignError, match="one: its model translates ru-kk, not kk-ru"):
        ran(benchmark, one, force=True)


def test_a_model_trained_on_the_test_set_is_found(benchmark: Benchmark, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    system = Fake(swapped).system("tuned", folder)
    assert ran(benchmark, system)["directions"]["kk-ru"]["contamination"] == {"tuned": None}
    kk, ru, _ = sentences()[3]
    (folder / "manifest.json").write_text('{"stage": "finetune", "training": "seen.txt"}', encoding="utf-8")
    seen = [fingerprint(text) for text in (kk.upper().replace(" ", "  "), ru, "басқа")]
    (folder / "seen.txt").write_text("\n".join(seen) + "\n", encoding="utf-8")
    found = ran(benchmark, system, force=True)["directions"]["kk-ru"]["contamination"]["tuned"]
    assert found == {"n": N, "sources": 1, "references": 1, "segments": [4]}


REFUSED: dict[str, tuple[list[str], str]] = {
    "two of one name": (["one", "one"], "'one' is the name of two systems"),
    "the references' name": (["reference"], "'reference' is the references' own name"),
    "half a character": (["\udcff"], "is no name of a system: it is not UTF-8"),
    "none": ([], "no system: name one with --model ID or --outputs SYSTEM=FILE"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_names_are_checked_before_anything_is_translated(benchmark: Benchmark, case: str) -> None:
    names, said = REFUSED[case]
    fake = Fake(swapped)
    with pytest.raises(KzalignError, match=said):
        ran(benchmark, *(fake.system(name) for name in names))
    assert fake.asked == [] and not (benchmark.path.parent / "out").exists()


def test_results_are_not_replaced_unasked(benchmark: Benchmark) -> None:
    ran(benchmark, Fake(swapped).system())
    fake = Fake(swapped, "fake@2")
    with pytest.raises(KzalignError, match=r"results\.json exists"):
        ran(benchmark, fake.system())
    assert fake.asked == []


HOSTILE = "a|b*c_d<b>`$%&#\\~^{}\n"


def test_names_are_escaped_in_the_leaderboards(benchmark: Benchmark) -> None:
    ran(benchmark, Fake(swapped).system(HOSTILE), Fake(swapped, "b@1").system("plain"))
    out = benchmark.path.parent / "out"
    row = next(line for line in (out / "leaderboard.md").read_text(encoding="utf-8").splitlines() if line.startswith(r"| a\|b"))
    assert row.startswith(r"| a\|b\*c\_d\<b\>\`$%\&\#\\\~^\{\} | ")
    tex = (out / "leaderboard.tex").read_text(encoding="utf-8")
    assert r"a|b*c\_d<b>`\$\%\&\#\textbackslash{}\textasciitilde{}\textasciicircum{}\{\} & " in tex
    assert tex.count(r"\begin{tabular}") == tex.count(r"\end{tabular}") == 2
    for table in re.findall(r"\\toprule\n(.*?)\\bottomrule", tex, re.DOTALL):
        assert len({len(re.findall(r"(?<!\\)&", line)) for line in table.splitlines() if "&" in line}) == 1


@given(st.text(st.characters(codec="utf-8"), max_size=20))
def test_escaped_text_is_one_line_that_says_the_same(text: str) -> None:
    plain = " ".join(text.split())
    assert re.sub(r"\\(\W|_)", r"\1", escape_markdown(text)) == plain
    back = {shown: letter for letter, shown in LATEX.items()}
    pieces = re.split(r"(\\text\w+\{\}|\\.)", escape_latex(text))
    assert "".join(back.get(piece, piece) for piece in pieces) == plain
    assert not any(letter in piece for piece in pieces[::2] for letter in LATEX)


def test_published_figures_stand_apart(benchmark: Benchmark) -> None:
    published = (
        '[p]\nbenchmark = "invented"\ntest_set = "Set"\nmetric = "BLEU, mean"\nscale = 1\nhow = "A mean of sentences."\n'
        'source = "A paper"\nfigures = { kk-ru = { Famous = "0.30" }, kk-en = { Famous = "0.99" } }\n'
    )
    (benchmark.path.parent / "published.toml").write_text(published, encoding="utf-8")
    results = ran(benchmark, Fake(swapped).system())
    text = (benchmark.path.parent / "out" / "leaderboard.md").read_text(encoding="utf-8")
    measured, apart = text.split("## Published elsewhere, not measured here")
    assert "Famous" not in measured and "| Famous | 0.30 |" in apart and "0.99" not in apart
    assert all(said in apart for said in ("A mean of sentences; A paper.", "a perfect score is 1"))
    assert "Famous" not in {score["model"] for score in results["directions"]["kk-ru"]["scores"]}
