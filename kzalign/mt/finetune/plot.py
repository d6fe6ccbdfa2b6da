"""The curve of a run as SVG: mean chrF++ of the development segments and loss, by step."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from kzalign.mt.finetune.trainer import MEAN

WIDTH, HEIGHT, EDGE = 720, 200, 46
COLOURS = ("#0b5cad", "#b3470b", "#2a7d2e", "#7a3b9c", "#8a6d00", "#a01c4a", "#3d3d3d")
Points = list[tuple[float, float]]


def curve(log: Sequence[Mapping[str, Any]]) -> str:
    """Returns the SVG of a run's log: above the loss, below chrF++ by direction with their mean."""
    loss = {"loss": [(entry["step"], entry["loss"]) for entry in log if "loss" in entry]}
    names = [name for entry in log for name in entry if name.startswith(MEAN)]
    scores = {name: [(entry["step"], entry[name]) for entry in log if name in entry] for name in dict.fromkeys(names)}
    parts = [_panel("loss", loss, 0), _panel("chrF++ of the development segments", scores, HEIGHT + EDGE)]
    height = 2 * (HEIGHT + EDGE) + EDGE
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" font-size="11">'
        f'<rect width="{WIDTH}" height="{height}" fill="white"/>{"".join(parts)}</svg>\n'
    )


def _panel(title: str, lines: Mapping[str, Points], top: int) -> str:
    points = [point for line in lines.values() for point in line]
    if not points:
        return ""
    right = max(x for x, _ in points) or 1
    low, high = min(y for _, y in points), max(y for _, y in points)
    high = high if high > low else low + 1

    def place(x: float, y: float) -> str:
        across = EDGE + (WIDTH - 4 * EDGE) * x / right
        down = top + EDGE + (HEIGHT - EDGE) * (1 - (y - low) / (high - low))
        return f"{across:.1f},{down:.1f}"

    drawn = [f'<text x="{EDGE}" y="{top + 24}" font-size="13">{escape(title)}</text>']
    for x, y in ((0, low), (0, high)):
        across, down = place(x, y).split(",")
        drawn.append(f'<text x="{float(across) - 6:.1f}" y="{down}" text-anchor="end">{y:.3g}</text>')
    across, down = place(right, low).split(",")
    drawn.append(f'<text x="{across}" y="{float(down) + 14:.1f}" text-anchor="end">step {right:g}</text>')
    for number, (name, line) in enumerate(lines.items()):
        colour = COLOURS[number % len(COLOURS)]
        width = 2 if name in (MEAN, "loss") else 1
        path = " ".join(place(x, y) for x, y in line)
        drawn.append(f'<polyline fill="none" stroke="{colour}" stroke-width="{width}" points="{path}"/>')
        label = "mean" if name == MEAN else name.removeprefix(f"{MEAN}_")
        drawn.append(f'<text x="{WIDTH - 3 * EDGE + 8}" y="{top + EDGE + 14 * number}" fill="{colour}">{escape(label)}</text>')
    return "".join(drawn)
