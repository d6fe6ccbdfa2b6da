"""Measures what OCR gives of scans: PDFs of images made of issues that make_formats.py sets.

`python scripts/measure_ocr.py` reads the examples at 200 and 300 dots to the inch, straight, and askew with noise, and writes
eval/results/ocr.json. It needs Tesseract with kaz, rus and eng, and what make_formats.py needs.
"""

import argparse
import json
import os
import resource
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np
from make_formats import ISSUES, make

from kzalign.align import align, make_aligner
from kzalign.align.relate import relatedness
from kzalign.bench.extraction import score_extraction
from kzalign.bench.gold import load_gold
from kzalign.config import AlignConfig, ExtractConfig
from kzalign.extract import extract
from kzalign.extract.readers import read_issue
from kzalign.extract.readers.tesseract import find_engine
from kzalign.pipeline import repaired
from kzalign.records import LANGS, Article, Issue

ROOT = Path(__file__).resolve().parents[1]
CONFIG = ExtractConfig(ocr=True, ocr_jobs=os.cpu_count() or 1)


@dataclass(frozen=True, slots=True)
class Scanner:
    """How pages become images: dots to the inch, degrees askew, deviation of the noise in levels of grey, JPEG quality."""

    dpi: int
    degrees: float = 0.0
    noise: float = 0.0
    quality: int = 90


SCANNERS = {
    "200 dpi": Scanner(200),
    "300 dpi": Scanner(300),
    "200 dpi, askew, noisy": Scanner(200, 0.7, 25.0, 60),
    "300 dpi, askew, noisy": Scanner(300, 0.7, 25.0, 60),
}


def scan(source: Path, target: Path, scanner: Scanner, seed: int = 1) -> None:
    """Writes the PDF's pages as a PDF that holds nothing but their images."""
    import pypdfium2 as pdfium
    from PIL import Image

    generator = np.random.default_rng(seed)
    images = []
    for page in pdfium.PdfDocument(source):
        image = page.render(scale=scanner.dpi / 72, grayscale=True).to_pil()
        image = image.rotate(scanner.degrees, Image.Resampling.BICUBIC, fillcolor=255)
        levels = np.asarray(image, dtype=np.float64) + generator.normal(0, scanner.noise, (image.height, image.width))
        images.append(Image.fromarray(levels.clip(0, 255).astype(np.uint8)))
    images[0].save(target, "PDF", save_all=True, append_images=images[1:], resolution=scanner.dpi, quality=scanner.quality)


def distance(left: str, right: str) -> int:
    """Returns the least number of letters inserted, deleted or replaced that make one text of the other (Levenshtein 1966)."""
    codes = np.array([ord(char) for char in right], dtype=np.int64)
    steps = np.arange(len(right) + 1)
    row = steps.copy()
    for number, char in enumerate(left, 1):
        replaced = np.concatenate(([number], np.minimum(row[1:] + 1, row[:-1] + (codes != ord(char)))))
        row = np.minimum.accumulate(replaced - steps) + steps
    return int(row[-1])


def pages_of(issue: Issue) -> list[str]:
    """Returns the text of each page, its lines and blanks as one blank."""
    ends = (*(first - 1 for first in issue.pages[1:]), len(issue.lines))
    return [" ".join(" ".join(issue.lines[first - 1 : end]).split()) for first, end in zip(issue.pages, ends, strict=True)]


def errors(found: Sequence[str], right: Sequence[str]) -> float:
    """Returns the share of letters that are wrong, texts taken one by one."""
    wrong = sum(distance(a, b) for a, b in zip(found, right, strict=True))
    return round(wrong / max(1, sum(map(len, right))), 4)


def abstract_errors(articles: Sequence[Article], gold: Sequence[Article]) -> dict[str, float]:
    """Returns the share of wrong letters in each language's abstracts, each beside the one that resembles it most."""
    result = {}
    for lang in LANGS:
        right = [" ".join(a.versions[lang].sentences) for a in gold if lang in a.versions and a.versions[lang].sentences]
        found = [a.versions[lang].abstract for a in articles if lang in a.versions]
        result[lang] = errors([min(found, key=partial(_far, answer), default="") for answer in right], right)
    return result


def _far(text: str, other: str) -> int:
    return distance(text[:300], other[:300])


def soft(articles: Sequence[Article], gold: Sequence[Article]) -> dict[str, Any]:
    """Returns what score_extraction finds, as shares."""
    report = score_extraction(articles, gold)
    return {
        "versions": report.exact.of,
        "versions_exact": round(report.exact.estimate.value, 4),
        "versions_near": round(report.near.estimate.value, 4),
        "titles": round(report.titles.estimate.value, 4),
        "keywords": round(report.keywords.estimate.value, 4),
        "sentences_f1": round(report.sentences.f1.value, 4),
        "pairs_f1": round(report.pairs["all"].f1.value, 4),
        "extra": report.extra,
    }


def measure(sources: Sequence[Path], gold: Sequence[Article], scanner: Scanner, folder: Path) -> dict[str, Any]:
    """Returns the figures of a set of PDFs that go through a scanner."""
    scans = []
    for source in sources:
        scans.append(folder / source.name)
        scan(source, scans[-1], scanner)
    begun = _processor_seconds()
    issues = [read_issue(path, CONFIG) for path in scans]
    taken = _processor_seconds() - begun
    aligner = make_aligner(AlignConfig())
    articles = [align(article, aligner) for issue in issues for article in extract(issue, CONFIG, relatedness).articles]
    found = [page for issue in issues for page in pages_of(issue)]
    right = [page for path in sources for page in pages_of(read_issue(path, ExtractConfig()))]
    sure = [word for issue in issues for line in issue.recognised.values() for word in line]
    return {
        **asdict(scanner),
        "pages": len(found),
        "character_errors": errors(found, right),
        "abstract_character_errors": abstract_errors(articles, gold),
        **soft(articles, gold),
        "confidence": round(fmean(sure), 4),
        "pages_a_second_a_core": round(len(found) / taken, 3),
    }


def _processor_seconds() -> float:
    """Returns the processor's seconds of this process and of those that ended below it."""
    return sum(
        used.ru_utime + used.ru_stime for used in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def main() -> None:
    """Measures and writes the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=Path, default=ROOT / "examples")
    parser.add_argument("--gold", type=Path, default=ROOT / "examples" / "gold")
    parser.add_argument("--output", type=Path, default=ROOT / "eval" / "results" / "ocr.json")
    parser.add_argument("--maker", action="append", choices=[n for n, (suffix, _) in ISSUES.items() if suffix == "pdf"])
    parser.add_argument("--scanner", action="append", choices=SCANNERS)
    arguments = parser.parse_args()
    gold = [repaired(article) for article in load_gold(arguments.gold)]
    measured: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(arguments.texts, arguments.gold, folder)
        for maker in arguments.maker or ("pdf-1", "pdf-2"):
            sources = sorted((folder / maker).iterdir())
            for scanner in arguments.scanner or SCANNERS:
                measured[f"{maker}, {scanner}"] = measure(sources, gold, SCANNERS[scanner], folder)
    engine = find_engine(CONFIG.ocr_languages)
    result = {"command": "python scripts/measure_ocr.py", "engine": engine.name, "scans": measured}
    arguments.output.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
