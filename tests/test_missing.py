"""`kzalign missing`: the languages that articles lack, as figures and as a table; the same that `translate` would make."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from translators import Speller
from typer.testing import CliRunner, Result

from kzalign.config import TranslateConfig
from kzalign.errors import KzalignError
from kzalign.missing_cli import COLUMNS, app
from kzalign.mt.bulk.job import Job
from kzalign.mt.bulk.lacking import lacks_of
from kzalign.mt.bulk.works import works_of
from kzalign.records import LANGS, Article, Machine, Version, dumps

SOIL = "Почва была исследована в 2019 году. Вода важна."
MACHINE = Machine("model@1", "0123456789ab", "2026-01-31", "ru", ("abstract",))


def version(lang: str, abstract: str = SOIL, machine: Machine | None = None) -> Version:
    return Version(lang, f"Title\tof {lang}", abstract, keywords=("су", "жер"), machine=machine)


def article(name: str, *versions: Version) -> Article:
    """Returns an article of the document 'issue' at lines 10-20."""
    found = {one.lang: one for one in versions}
    return Article(name, "issue", (10, 20), found, source={"doi": ("10.1/x",)} if name == "doi" else {})


def call(*arguments: object) -> Result:
    """Runs the command; a user's mistake is raised."""
    result = CliRunner().invoke(app, list(map(str, arguments)))
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def write(path: Path, articles: Sequence[Article]) -> Path:
    """Writes the articles, and a line that is none, and returns the file."""
    path.write_text("".join(dumps(a.to_json()) + "\n" for a in articles) + "{}\n", encoding="utf-8")
    return path


WHOLE = article("whole", *map(version, LANGS))
CASES: dict[str, tuple[Article, tuple[str, ...], tuple[str, ...], list[tuple[str, str, int, int]]]] = {
    # article, --to, --from, and what it lacks: language, from, sentences, keywords
    "nothing": (WHOLE, LANGS, (), []),
    "one": (article("a", version("kk"), version("ru")), LANGS, (), [("en", "ru", 2, 2)]),
    "two": (article("a", version("en")), LANGS, (), [("kk", "en", 2, 2), ("ru", "en", 2, 2)]),
    "one of two": (article("a", version("en")), ("ru",), (), [("ru", "en", 2, 2)]),
    "from another": (article("a", version("ru"), version("en")), ("kk",), ("en", "ru"), [("kk", "en", 2, 2)]),
    "from what it has not": (article("a", version("ru")), ("kk",), ("en",), [("kk", "", 0, 0)]),
    "no version": (article("a"), ("kk",), (), [("kk", "", 0, 0)]),
    "a title alone": (article("a", version("ru"), Version("kk", "Су")), ("kk",), (), [("kk", "ru", 2, 2)]),
    "what a machine wrote is there": (article("a", version("ru"), version("kk", machine=MACHINE)), ("kk",), (), []),
    "what a machine wrote is no source": (article("a", version("ru", machine=MACHINE)), ("kk",), (), [("kk", "", 0, 0)]),
    "a blank abstract": (article("a", version("ru"), version("kk", " ")), ("kk",), (), [("kk", "ru", 2, 0)]),
}


@pytest.mark.parametrize(("one", "targets", "sources", "lacks"), CASES.values(), ids=CASES)
def test_what_an_article_lacks(
    one: Article, targets: tuple[str, ...], sources: tuple[str, ...], lacks: list[tuple[str, str, int, int]]
) -> None:
    found = lacks_of(one, Job(targets, sources))
    assert [(lack.lang, lack.source, lack.sentences, lack.keywords) for lack in found] == lacks


@given(st.lists(st.sampled_from(LANGS), unique=True), st.lists(st.sampled_from(LANGS), unique=True, min_size=1), st.booleans())
def test_it_is_what_translate_makes(has: list[str], targets: list[str], titles: bool) -> None:
    one = article("a", *map(version, has))
    job = Job(tuple(targets), config=TranslateConfig(titles=titles))
    lacks = [lack for lack in lacks_of(one, job) if lack.source]
    works, _ = works_of(one, job, lambda source, target: target in Speller().languages, lambda text: False)
    assert [(lack.lang, lack.source) for lack in lacks] == [(work.target, work.source) for work in works]
    sizes = [sum(len(text) for texts in work.texts.values() for text in texts) for work in works]
    assert [lack.characters for lack in lacks] == sizes


def test_the_table_and_the_figures(tmp_path: Path) -> None:
    file = write(tmp_path / "in.jsonl", [WHOLE, article("doi", version("ru")), article("b", version("kk"), version("ru"))])
    said = json.loads(call(file, "-o", tmp_path / "out.tsv", "--json").stdout)
    assert (said["articles"], said["lacking"], said["unreadable"]) == (3, 2, 1)
    assert said["languages"]["en"] == {
        "articles": 2,
        "from ru": 2,
        "sentences": 4,
        "keywords": 4,
        "characters": 2 * (11 + 46 + 5),
    }
    with (tmp_path / "out.tsv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert tuple(rows[0]) == COLUMNS
    found = [(row["id"], row["document"], row["lines"], row["doi"], row["lacks"], row["has"], row["title"]) for row in rows]
    assert found == [
        ("doi", "issue", "10-20", "10.1/x", "kk", "ru", "Title of ru"),
        ("doi", "issue", "10-20", "10.1/x", "en", "ru", "Title of ru"),
        ("b", "issue", "10-20", "", "en", "kk,ru", "Title of ru"),
    ]


def test_what_is_printed(tmp_path: Path) -> None:
    result = call(write(tmp_path / "in.jsonl", [article("a", version("ru")), article("b")]), "--to", "kk")
    (row,) = [line for line in result.stdout.splitlines() if "kk" in line]
    assert [cell.strip() for cell in row.strip("│ ").split("│")] == ["kk", "2", "2", "2", "62", "1", "ru 1"]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["none.jsonl"], "none.jsonl: no such file"),
        (["in.jsonl", "--to", "kz"], "--to kz: unknown language 'kz'"),
        (["in.jsonl", "-o", "in.jsonl"], "would replace the input"),
        (["in.jsonl", "-o", "there.tsv"], "there.tsv exists"),
    ],
)
def test_mistakes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], error: str) -> None:
    monkeypatch.chdir(tmp_path)
    write(Path("in.jsonl"), [WHOLE])
    Path("there.tsv").touch()
    with pytest.raises(KzalignError) as raised:
        call(*arguments)
    assert error in str(raised.value)
