"""The example issues set anew in each format give the articles that their texts give."""

import importlib.util
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from kzalign.bench.extraction import score_extraction
from kzalign.bench.gold import load_gold
from kzalign.config import Config
from kzalign.pipeline import process_all, repaired

pytest.importorskip("reportlab")
pytest.importorskip("docx")
ROOT = Path(__file__).resolve().parents[1]


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


FORMATS = load("make_formats")
pytestmark = pytest.mark.skipif(not any(map(Path.exists, FORMATS.FONTS)), reason="no DejaVuSans.ttf")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("formats")
    FORMATS.make(ROOT / "examples", ROOT / "examples" / "gold", folder)
    return folder


@pytest.mark.parametrize("name", [*FORMATS.ISSUES, *FORMATS.ARTICLES])
def test_issues_in_each_format(made: Path, name: str) -> None:
    documents = process_all(sorted((made / name).iterdir()), Config(), True, 1)
    articles = [replace(a, issue_id=a.issue_id.partition("--")[0]) for document in documents for a in document.articles]
    report = score_extraction(articles, [repaired(article) for article in load_gold(ROOT / "examples" / "gold")])
    assert report.exact.estimate.value >= 0.97
    assert report.pairs["all"].f1.value >= 0.96
    assert report.extra == 0
