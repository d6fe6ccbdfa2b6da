"""The leaderboard as Markdown and as LaTeX: figures with intervals, the best in bold where it is significantly better."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kzalign.bench.mt import CHECK, REFERENCE
from kzalign.bench.report import table

SHARES = frozenset({"length-ratio"})
"""Checks that are a ratio; the others are shown in per cent."""
MARKDOWN = re.compile(r"([\\`*_{}\[\]<>|#~&])")
LATEX = {
    **{letter: f"\\{letter}" for letter in "&%$#_{}"},
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
PUBLISHED = "Published elsewhere, not measured here"


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure as it is shown: value and interval as texts, empty where there is none, and whether it is the best."""

    value: str = "–"
    interval: str = ""
    best: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A heading, what is said under it, the columns' names, and rows that begin with a name."""

    title: str
    notes: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]
    resampled: str = ""
    """What the intervals and the mark of the best come from; empty for a table without such a mark."""


def tables(results: Mapping[str, Any]) -> list[Table]:
    """Returns by direction the table of metrics and that of checks, systems sorted by the first metric."""
    found = []
    for direction, part in results["directions"].items():
        labels = list(part["best"])
        of = {(score["metric"], score["model"]): score for score in part["scores"]}
        first, names = labels[0], list(part["outputs"])
        sign = 1 if first in part["lower is better"] else -1
        names.sort(key=lambda name: (sign * of[first, name]["value"], name))
        rows = tuple(
            (name, tuple(_cell(of.get((label, name)), part["best"][label] == name) for label in labels)) for name in names
        )
        size = f"{part['n']} segments of {part['articles']} articles" if part["articles"] < part["n"] else f"{part['n']} segments"
        lower = [label for label in labels if label in part["lower is better"]]
        notes = [*_partial(results), size, *([f"lower is better: {', '.join(lower)}"] if lower else [])]
        notes += [f"WARNING: {warning}" for warning in part["warnings"]]
        found.append(Table(direction, tuple(notes), tuple(labels), rows, part["resampled"]))
        found.append(_checks(direction, part, names, of))
    return found


def _partial(results: Mapping[str, Any]) -> list[str]:
    return [f"PARTIAL: only the first {results['partial']} segments"] if results["partial"] else []


def _cell(score: Mapping[str, Any] | None, best: bool) -> Cell:
    if score is None:
        return Cell()
    low, high = score["interval"]
    return Cell(f"{score['value']:.2f}", f"[{low:.2f}, {high:.2f}]", best)


def _checks(direction: str, part: Mapping[str, Any], names: Sequence[str], of: Mapping[tuple[str, str], Any]) -> Table:
    labels = list(dict.fromkeys(score["metric"] for score in part["scores"] if score["metric"].startswith(CHECK)))
    rows = tuple((name, tuple(_rate(of.get((label, name))) for label in labels)) for name in [*names, REFERENCE])
    notes = ("per cent, but for length-ratio; what the references show is how often a check speaks without a fault",)
    return Table(f"{direction}: checks", notes, tuple(label.removeprefix(CHECK) for label in labels), rows)


def _rate(score: Mapping[str, Any] | None) -> Cell:
    if score is None:
        return Cell()
    ratio = score["metric"].removeprefix(CHECK) in SHARES
    times, places = (1, 2) if ratio else (100, 1)
    low, high = (f"{times * bound:.{places}f}" for bound in score["interval"])
    return Cell(f"{times * score['value']:.{places}f}", f"[{low}, {high}]")


def published_tables(results: Mapping[str, Any]) -> list[Table]:
    """Returns a table for each publication: its figures as printed, of the directions that were run."""
    found = []
    for one in results["published"]:
        directions = [direction for direction in results["directions"] if direction in one["figures"]]
        systems = list(dict.fromkeys(system for direction in directions for system in one["figures"][direction]))
        rows = tuple(
            (system, tuple(Cell(str(one["figures"][direction].get(system, "–"))) for direction in directions))
            for system in systems
        )
        notes = (f"a perfect score is {one['scale']}", one["how"], one["source"])
        if directions:
            found.append(Table(f"{one['test_set']}: {one['metric']}", notes, tuple(directions), rows))
    return found


def _sentence(notes: Sequence[str]) -> str:
    return "; ".join(note.rstrip(".") for note in notes) + "."


def text_lines(results: Mapping[str, Any]) -> list[str]:
    """Returns the tables of metrics and checks as plain text, * at what is significantly better than all others.

    A warning is not among the lines: it is to be said louder.
    """
    lines: list[str] = []
    for one in tables(results):
        rows = [
            [name, *(f"{cell.value}{'*' * cell.best} {cell.interval}".rstrip() for cell in cells)] for name, cells in one.rows
        ]
        notes = [note for note in one.notes if not note.startswith("WARNING")]
        lines += ["", one.title, *notes, *table((" ", *one.columns), rows)]
        if one.resampled:
            lines.append(f"[ ]: 95 % interval, {one.resampled} resampled")
        if any(cell.best for _, cells in one.rows for cell in cells):
            lines.append("*: better than every other system here, significantly (p at most 0.05 after Holm)")
    return lines[1:]


def markdown(results: Mapping[str, Any]) -> str:
    """Returns the leaderboard as Markdown, ending in a line end."""
    lines = [f"# {escape_markdown(results['benchmark']['title'])}", ""]
    for one in tables(results):
        lines += _markdown(one, "##")
    lines += [*_models(results), ""]
    published = published_tables(results)
    if published:
        lines += [
            f"## {PUBLISHED}",
            "",
            "As printed there, with metrics of their own: not to be ranked with the above.",
            "",
        ]
    for one in published:
        lines += _markdown(one, "###")
    return "\n".join(lines).rstrip("\n") + "\n"


def _markdown(table: Table, mark: str) -> list[str]:
    def shown(cell: Cell) -> str:
        value = f"**{cell.value}**" if cell.best else cell.value
        return f"{value} {cell.interval}".rstrip()

    head = ["system", *map(escape_markdown, table.columns)]
    rows = [[escape_markdown(name), *map(shown, cells)] for name, cells in table.rows]
    body = [f"| {' | '.join(row)} |" for row in [head, ["---", *["---:"] * len(table.columns)], *rows]]
    return [f"{mark} {escape_markdown(table.title)}", "", f"{escape_markdown(_sentence(table.notes))}", "", *body, ""]


def _models(results: Mapping[str, Any]) -> list[str]:
    """Returns what is behind the names and the figures."""
    lines = ["## What was measured", ""]
    for system in results["systems"]:
        said = "; ".join([system["model"], system["setup"], *map(": ".join, system["skipped"].items())])
        lines.append(f"- {escape_markdown(system['name'])}: {escape_markdown(said)}")
    lines += ["", "Bold: better than every other system of the table, significantly. Intervals are of 95 %.", ""]
    signatures = {
        score["metric"]: score["signature"]
        for part in results["directions"].values()
        for score in part["scores"]
        if not score["metric"].startswith(CHECK)
    }
    return lines + [
        f"- {escape_markdown(name)}: `{signature}`" for name, signature in signatures.items() if "(article)" not in name
    ]


def escape_markdown(text: str) -> str:
    """Returns the text on one line, so that nothing of it is read as Markdown or HTML."""
    return MARKDOWN.sub(r"\\\1", " ".join(text.split()))


def latex(results: Mapping[str, Any]) -> str:
    """Returns the leaderboard as LaTeX tables that need the package booktabs, ending in a line end."""
    lines = ["% needs \\usepackage{booktabs}; Kazakh and Russian names need XeLaTeX or LuaLaTeX"]
    for one in tables(results):
        lines += _latex(one, f"{escape_latex(results['benchmark']['title'])}, ")
    for one in published_tables(results):
        lines += _latex(one, f"{PUBLISHED}. ")
    return "\n".join(lines) + "\n"


def _latex(table: Table, before: str) -> list[str]:
    def shown(cell: Cell) -> str:
        value = f"\\textbf{{{cell.value}}}" if cell.best else cell.value.replace("–", "--")
        return f"{value} {{\\scriptsize {cell.interval}}}" if cell.interval else value

    def row(cells: Sequence[str], escape: Callable[[str], str] = str) -> str:
        return f"{' & '.join(map(escape, cells))} \\\\"

    return [
        "",
        "\\begin{table}",
        f"\\caption{{{before}{escape_latex(table.title)}: {escape_latex(_sentence(table.notes))}}}",
        f"\\begin{{tabular}}{{l{'r' * len(table.columns)}}}",
        "\\toprule",
        row(["system", *table.columns], escape_latex),
        "\\midrule",
        *(row([escape_latex(name), *map(shown, cells)]) for name, cells in table.rows),
        "\\bottomrule",
        "\\end{tabular}",
        "\\end{table}",
    ]


def escape_latex(text: str) -> str:
    """Returns the text on one line with what LaTeX would read as a command written out."""
    return "".join(LATEX.get(letter, letter) for letter in " ".join(text.split()))
