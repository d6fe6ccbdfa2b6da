"""The page of a benchmark run: what it holds, that it holds it safely, and that a browser shows it."""

from pathlib import Path
from typing import Any

import pytest
from bench_runs import PARQUET, TOML, Fake, sentences, silent, swapped, write_benchmark
from pages import HOSTILE, Page, Shown, browse, needs_chromium

from kzalign.bench.mt.run import Task, run
from kzalign.bench.mt.segments import APART, WORST


def page_of(
    folder: Path, *systems: Any, title: str = "Invented", rows: Any = None, directions: Any = ("kk-ru",), limit: Any = None
) -> Path:
    toml = TOML.replace('"Invented"', f"'''{title}'''")
    published = (
        '[p]\nbenchmark = "invented"\ntest_set = "Set"\nmetric = "BLEU, mean"\nscale = 1\nhow = "A mean of sentences."\n'
        'source = "A paper"\nfigures = { kk-ru = { \'Famous </script>\' = "0.30" } }\n'
    )
    (folder / "published.toml").write_text(published, encoding="utf-8")
    run(Task(write_benchmark(folder, rows, toml), directions, limit), systems, folder / "out", PARQUET, silent, True)
    return folder / "out" / "report.html"


def spoilt(text: str) -> str:
    """Returns a hypothesis that is wrong in the way that its number says."""
    number = int(next(word for word in text.split() if word.isdigit()))
    right = swapped(text)
    return {3: "", 4: text, 5: "мир мир мир мир мир мир"}.get(number, f"заяц {right}" if number % 2 else right)


def two(**more: Any) -> tuple[Any, ...]:
    return Fake(swapped, "a@1").system("one"), Fake(spoilt, "b@1").system(more.get("name", "two"))


def rows_of(shown: Shown, part: str) -> str:
    """Returns what a browser shows between an element with this id and the end of its section."""
    start = shown.source.index(f'id="{part}"')
    return shown.source[start : shown.source.index("</section>", start)]


def test_the_page_holds_the_results_and_the_segments(tmp_path: Path) -> None:
    page = Page(page_of(tmp_path, *two()).read_text(encoding="utf-8"))
    [results] = page.blocks("results")
    segments = page.blocks("segments")
    assert [system["name"] for system in results["systems"]] == ["one", "two"]
    assert [segment["number"] for segment in segments] == sorted({segment["number"] for segment in segments})
    by_number = {segment["number"]: segment for segment in segments}
    assert by_number[4]["systems"]["two"] == {"text": "", "score": 0.0, "faults": ["empty"]}
    assert "untranslated" in by_number[5]["systems"]["two"]["faults"] and "repetition" in by_number[6]["systems"]["two"]["faults"]
    assert by_number[5]["systems"]["one"]["faults"] == []


def test_the_page_holds_no_more_than_it_shows(tmp_path: Path) -> None:
    rows = [(f"бір {n} екі {n * 7}", f"один {n} два {n * 7}", f"a{n}") for n in range(400)]
    page = Page(page_of(tmp_path, *two(), rows=rows).read_text(encoding="utf-8"))
    assert WORST <= len(page.blocks("segments")) <= 2 * WORST + 2 * APART + 20


@pytest.mark.parametrize(
    "forbidden", ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "fetch(", "https:"]
)
def test_the_script_never_makes_html_of_text_or_loads(tmp_path: Path, forbidden: str) -> None:
    assert forbidden not in Page(page_of(tmp_path, *two()).read_text(encoding="utf-8")).texts["script"][-1]


@needs_chromium
def test_a_browser_shows_figures_and_what_others_published_apart(tmp_path: Path) -> None:
    shown = browse(page_of(tmp_path, *two()), "figures/kk-ru")
    figures = rows_of(shown, "panel-figures")
    measured, apart = figures.split("Published elsewhere, not measured here")
    assert measured.index(">one<") < measured.index(">two<"), "the best first"
    assert "better than every other system, significantly" in measured and "two gave 1 empty of 30 hypotheses" in measured
    assert "Famous &lt;/script&gt;" in apart and "Famous" not in measured
    assert "A mean of sentences. A perfect score is 1." in apart
    assert "bleu (article)" in measured and "30 segments of 10 articles, 2 systems" in shown.text
    assert measured.count("<svg") == 5 and 'class="whisker"' in measured


@needs_chromium
def test_a_browser_shows_checks_and_faults(tmp_path: Path) -> None:
    path = page_of(tmp_path, *two(), limit=20)
    checks = browse(path, "checks/kk-ru")
    assert "Partial: only the first 20 segments of each direction." in checks.text
    assert all(f">{name}<" in rows_of(checks, "panel-checks") for name in ("off-target", "lost-numbers", "reference"))
    segments = browse(path, "segments/kk-ru")
    assert "with the lowest chrF++ of 20" in segments.text
    assert ">untranslated</option>" not in rows_of(segments, "panel-segments"), "one has no such fault, and is shown first"


@needs_chromium
def test_a_browser_marks_the_words_that_differ(tmp_path: Path) -> None:
    shown = browse(page_of(tmp_path, *two()), "compare/kk-ru")
    pairs = rows_of(shown, "pairs")
    different = [n for n, (kk, _, _) in enumerate(sentences(), 1) if spoilt(kk) != swapped(kk)]
    assert [n for n in range(1, 31) if f"segment {n} " in pairs] == different and pairs.count("<li>") == len(different) > 10
    assert pairs.count("<mark>заяц</mark>") == len(different) - 3 and "(empty)" in pairs
    assert pairs.count("<mark>туралы.</mark>") == 2, "beside the empty and the repeated one; else it is in both"


@needs_chromium
@pytest.mark.parametrize("view", ["figures", "checks", "segments", "compare", "about", "unknown/%", ""])
def test_a_browser_shows_hostile_text_as_text(tmp_path: Path, view: str) -> None:
    rows = [(f"{text} бір {n}", f"{text} один {n}", f"a{n // 2}") for n, text in enumerate(HOSTILE * 2)]
    systems = Fake(lambda text: f"{HOSTILE[1]} {text}", "a@1").system(HOSTILE[0]), Fake(str.upper, "b@1").system(HOSTILE[4])
    rows = [tuple(cell.replace("\t", " ") for cell in row) for row in rows]
    shown = browse(page_of(tmp_path, *systems, title=HOSTILE[2], rows=rows), f"{view}/kk-ru")
    assert not any(tag == "img" or "onload" in attrs for tag, attrs in shown.tags)
    assert "<title>owned" not in shown.source and f"Benchmark: {HOSTILE[2]}" in shown.text
    assert HOSTILE[0] in shown.text


@needs_chromium
def test_a_browser_shows_one_system_alone_and_the_other_direction(tmp_path: Path) -> None:
    path = page_of(tmp_path, Fake(swapped).system("one"), directions=("kk-ru", "ru-kk"))
    assert "There is one system only." in browse(path, "compare/ru-kk").text
    figures = browse(path, "figures/ru-kk")
    assert "Which differences" not in figures.text and "Published elsewhere" not in figures.text
    assert 'lang="kk"' in browse(path, "segments/ru-kk").source.split('id="segments"')[1]
