"""`kzalign bench`: the benchmark file as its argument, beside its sub-commands."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from bench_runs import TOML, sentences, swapped, write_benchmark
from typer.testing import CliRunner

from kzalign.cli import app
from kzalign.console import fail_clearly


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_benchmark(tmp_path)
    monkeypatch.chdir(tmp_path)
    for direction, side in (("kk-ru", 0), ("ru-kk", 1)):
        lines = [swapped(row[side]) for row in sentences()]
        (tmp_path / f"one.{direction}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return tmp_path


def kz(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = fail_clearly(lambda: app(list(arguments), prog_name="kzalign"))
    out, err = capsys.readouterr()
    return code, out, err


ONE = ("--outputs", "one=one.{source}-{target}.txt")


@pytest.mark.parametrize("before", [("bench",), ("bench", "translation")])
def test_a_run_from_files(folder: Path, capsys: Any, before: tuple[str, ...]) -> None:
    code, out, err = kz(capsys, *before, "invented.toml", *ONE, "-o", "out", "--direction", "kk-ru", "--limit", "10")
    assert code == 0, err
    assert "PARTIAL: only the first 10 segments" in out and "kk-ru: checks" in out and "report out/report.html" in out
    assert list(json.loads((folder / "out/results.json").read_text(encoding="utf-8"))["directions"]) == ["kk-ru"]


def test_options_may_come_first_and_json_is_the_results(folder: Path, capsys: Any) -> None:
    code, out, _ = kz(capsys, "bench", *ONE, "-o", "out", "--json", "invented.toml")
    assert code == 0
    assert json.loads(out) == json.loads((folder / "out/results.json").read_text(encoding="utf-8"))


RESAMPLED = {
    "articles": (TOML, "articles"),
    "none known": (TOML.replace(', article = "article"', ""), "segments"),
}


@pytest.mark.parametrize("case", RESAMPLED)
def test_what_was_resampled_is_said(folder: Path, capsys: Any, case: str) -> None:
    toml, unit = RESAMPLED[case]
    (folder / "invented.toml").write_text(toml, encoding="utf-8")
    for direction, side in (("kk-ru", 1), ("ru-kk", 0)):
        (folder / f"best.{direction}.txt").write_text("".join(f"{row[side]}\n" for row in sentences()), encoding="utf-8")
    best = ("--outputs", "best=best.{source}-{target}.txt")
    _, out, err = kz(capsys, "bench", "invented.toml", *ONE, *best, "-o", "out")
    assert f"[ ]: 95 % interval, {unit} resampled" in out
    assert "100.00*" in out and "*: better than every other system here, significantly" in out
    assert "WARNING" not in out + err
    other = {"articles": "segments", "segments": "articles"}[unit]
    for name in ("results.json", "leaderboard.md"):
        text = (folder / "out" / name).read_text(encoding="utf-8")
        assert f"resampled:{unit}" in text and f"resampled:{other}" not in text, name


OTHER_TEXT: dict[str, tuple[Any, str]] = {
    "untranslated": (lambda row, side: row[side], "100 % repeat the source"),
    "English": (lambda row, side: f"The water of the lake was studied in {row[2]}.", "100 % are not in Russian"),
    "Latin letters": (
        lambda row, side: f"Qazaqstan mektepterinde oqu ádistemesi zerttelip, {row[2]} nátıjesi kórsetildi.",
        "are in another script than Russian's",
    ),
}


@pytest.mark.parametrize("case", OTHER_TEXT)
def test_what_is_no_translation_is_said_loudly(folder: Path, capsys: Any, case: str) -> None:
    make, said = OTHER_TEXT[case]
    (folder / "bad.txt").write_text("".join(f"{make(row, 0)}\n" for row in sentences()), encoding="utf-8")
    given = ("--outputs", "bad=bad.txt", "--outputs", "one=one.kk-ru.txt", "--direction", "kk-ru")
    _, out, err = kz(capsys, "bench", "invented.toml", *given, "-o", "out")
    [line] = [line for line in err.splitlines() if line.startswith("WARNING:")]
    assert line.startswith("WARNING: kk-ru: bad: of its hypotheses ") and said in line
    assert "WARNING" not in out
    results = json.loads((folder / "out/results.json").read_text(encoding="utf-8"))
    [warning] = results["directions"]["kk-ru"]["warnings"]
    assert warning in line
    assert said in (folder / "out/leaderboard.md").read_text(encoding="utf-8")


WRONG: dict[str, tuple[tuple[str, ...], str]] = {
    "no file": (("no.toml", *ONE), r"no\.toml: no such file"),
    "a sub-command misspelt": (("extration", *ONE), r"unknown sub-command .* 'extration': did you mean 'extraction'\?"),
    "no system": (("invented.toml",), r"no system: name one"),
    "a direction it lacks": (("invented.toml", *ONE, "--direction", "kk-en"), r"unknown direction 'kk-en': did you mean"),
    "no file named": (("invented.toml", "--outputs", "one"), r"--outputs one: expected SYSTEM=FILE"),
    "one file for two directions": (("invented.toml", "--outputs", "s=one.kk-ru.txt"), r"one file for 2 directions"),
    "a line too few": (
        ("invented.toml", "--outputs", "s=short.txt", "--direction", "kk-ru"),
        r"short\.txt: 29 hypotheses for 30 texts \(kk-ru\): text 30 \('.* 29 туралы\.'\) has none",
    ),
    "a line too many": (
        ("invented.toml", "--outputs", "s=long.txt", "--direction", "kk-ru"),
        r"long\.txt: 31 hypotheses for 30 texts \(kk-ru\): line 31 has no text",
    ),
    "no model of spBLEU": (("spbleu.toml", *ONE), r"nowhere\.model: the FLORES-200 SentencePiece model is not there"),
    "a spBLEU model that is none": (("broken.toml", *ONE), r"data\.tsv: not a SentencePiece model"),
    "no folder of COMET": (("comet.toml", *ONE), r"comet: .*nowhere\.model: name the folder"),
    "no MetricX": (("metricx.toml", *ONE), r"not a MetricX model .*: no config\.json in it"),
    "an unknown model": (("invented.toml", "--model", "nllb-600"), r"unknown model 'nllb-600': did you mean 'nllb-600m'\?"),
    "an unknown setting": (("invented.toml", *ONE, "--set", "mt.beams=4"), r"unknown key 'beams'"),
}


@pytest.mark.parametrize("case", WRONG)
def test_mistakes_are_one_line(folder: Path, capsys: Any, case: str) -> None:
    lines = (folder / "one.kk-ru.txt").read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / "short.txt").write_text("".join(lines[:-1]), encoding="utf-8")
    (folder / "long.txt").write_text("".join([*lines, "x\n"]), encoding="utf-8")
    files = {"spbleu": "nowhere.model", "broken": "data.tsv", "comet": "nowhere.model", "metricx": "."}
    for name, file in files.items():
        metric = name.replace("broken", "spbleu")
        toml = TOML.replace('"ter"', f'"{metric}"') + f'[files]\n{metric} = "{file}"\n'
        (folder / f"{name}.toml").write_text(toml, encoding="utf-8")
    arguments, said = WRONG[case]
    code, out, err = kz(capsys, "bench", *arguments, "-o", "out")
    assert (code, out) == (2, "")
    [line] = err.splitlines()
    assert line.startswith("error: ") and re.search(said, line), line
    assert not (folder / "out").exists()


@pytest.mark.parametrize("arguments", [["bench"], ["bench", "--help"]])
def test_help_names_the_short_form(arguments: list[str]) -> None:
    text = CliRunner().invoke(app, arguments).output
    assert "kzalign bench eval/NAME.toml" in text
    assert all(name in text for name in ("extraction", "alignment", "translation"))
