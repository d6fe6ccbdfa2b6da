"""Measures memory and speed of `kzalign extract FOLDER` over many small PDFs, all different.

`python scripts/measure_pdf_scale.py` writes the PDFs into a temporary folder, runs the command line on them, looks at the
memory of its processes again and again, and writes eval/results/pdf_scale.json. It needs psutil, reportlab and a font that
has Kazakh letters.
"""

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from make_formats import Block, blocks_of, write_pdf

ROOT = Path(__file__).resolve().parents[1]


def make_pdfs(folder: Path, count: int, blocks: Sequence[Block]) -> None:
    """Writes the PDFs: a stretch of the example issue each, its words in another order and numbers of its own."""
    for number in range(count):
        rng = random.Random(number)
        first = rng.randrange(len(blocks))
        stretch = [blocks[(first + k) % len(blocks)] for k in range(rng.randrange(8, 20))]
        changed = [Block(b.kind, _changed(b.text, rng) if b.kind == "other" else b.text) for b in stretch]
        path = folder / f"{number // 500:03d}" / f"{number:05d}.pdf"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_pdf(1 + number % 2)(path, [*changed, Block("other", f"№ {number}")])


def _changed(text: str, rng: random.Random) -> str:
    words = text.split()
    rng.shuffle(words)
    return " ".join(str(rng.randrange(1, 999)) if word.isdecimal() else word for word in words)


def watch(command: Sequence[str]) -> dict[str, Any]:
    """Returns the seconds a command took, of the clock and of processors, and the megabytes of its processes in tenths of it."""
    import psutil  # type: ignore[import-untyped]

    begun = time.monotonic()
    process = psutil.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    seen: list[tuple[float, float]] = []
    while process.poll() is None:
        try:
            family = [process, *process.children(recursive=True)]
            seen.append((time.monotonic() - begun, sum(p.memory_info().rss for p in family) / 1e6))
        except psutil.Error:
            continue
        time.sleep(0.5)
    wall = time.monotonic() - begun
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    tenths = [max((mb for at, mb in seen if k * wall / 10 <= at < (k + 1) * wall / 10), default=0.0) for k in range(10)]
    return {
        "exit_code": process.returncode,
        "seconds": round(wall, 1),
        "processor_seconds": round(used.ru_utime + used.ru_stime, 1),
        "megabytes_by_tenths": [round(value, 1) for value in tenths],
        "megabytes_most": round(max((mb for _, mb in seen), default=0.0), 1),
    }


def main() -> None:
    """Makes, measures and writes the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--output", type=Path, default=ROOT / "eval" / "results" / "pdf_scale.json")
    arguments = parser.parse_args()
    text = (ROOT / "examples" / "tolkyn-bulletin.txt").read_text(encoding="utf-8").split("\n")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "pdfs"
        make_pdfs(folder, arguments.documents, [block for block in blocks_of(text, []) if block.text.strip()])
        size = sum(path.stat().st_size for path in folder.rglob("*.pdf")) / 1e6
        out = Path(temporary) / "articles.jsonl"
        command = [sys.executable, "-m", "kzalign", "extract", str(folder), "-o", str(out), "--jobs", "1"]
        measured = watch(command)
        pages = _pages(folder)
        result = {
            "command": f"python scripts/measure_pdf_scale.py --documents {arguments.documents}",
            "measured": "kzalign extract FOLDER -o articles.jsonl --jobs 1",
            "documents": arguments.documents,
            "megabytes_of_pdf": round(size, 1),
            "pages": pages,
            "articles": sum(1 for _ in out.open(encoding="utf-8")) if out.exists() else 0,
            "pages_a_second_a_core": round(pages / measured["processor_seconds"], 1),
            **measured,
        }
    arguments.output.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=1))


def _pages(folder: Path) -> int:
    import pypdfium2 as pdfium

    count = 0
    for path in folder.rglob("*.pdf"):
        document = pdfium.PdfDocument(path)
        count += len(document)
        document.close()
    return count


if __name__ == "__main__":
    main()
