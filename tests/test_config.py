"""Settings: TOML, then --set; unknown names and wrong types are refused in one line."""

from dataclasses import fields
from pathlib import Path

import pytest

from kzalign.config import Config
from kzalign.corpus.filters import FILTERS
from kzalign.errors import KzalignError, unknown
from kzalign.settings import load_config

KZALIGN = Path(__file__).resolve().parents[1] / "kzalign"


def test_defaults() -> None:
    assert load_config() == Config() == load_config(None, [])


TAKEN = {
    # a TOML file, settings, the path of a value, the value
    "TOML": ("[filters]\nalignment = 0.6\n", [], "filters.alignment", 0.6),
    "a whole number for a float": ("[filters]\nalignment = 1\n", [], "filters.alignment", 1.0),
    "two sections": ("[extract]\nmin_chars = 5\n[build]\ntest = 0.2\n", [], "extract.min_chars", 5),
    "a setting": ("", ["filters.alignment=0.7"], "filters.alignment", 0.7),
    "spaces around": ("", [" filters . alignment = 0.7 "], "filters.alignment", 0.7),
    "the setting wins": ("[filters]\nalignment = 0.6\n", ["filters.alignment=0.7"], "filters.alignment", 0.7),
    "the last setting wins": ("", ["filters.alignment=0.7", "filters.alignment=0.8"], "filters.alignment", 0.8),
    "underscores in a number": ("", ["extract.max_line_chars=1_000"], "extract.max_line_chars", 1000),
    "text": ("", ["align.aligner=lexical"], "align.aligner", "lexical"),
    "nothing": ("", [], "filters.alignment", Config().filters.alignment),
}


@pytest.mark.parametrize(("toml", "settings", "name", "value"), TAKEN.values(), ids=TAKEN)
def test_values(tmp_path: Path, toml: str, settings: list[str], name: str, value: object) -> None:
    path = tmp_path / "kz.toml"
    path.write_text(toml, encoding="utf-8")
    section, key = name.split(".")
    config = load_config(path, settings)
    found = getattr(getattr(config, section), key)
    assert found == value
    assert type(found) is type(value)


BAD_SETTINGS = {
    "unknown section": ("bild.low_score=1", "unknown section 'bild': did you mean 'build'?"),
    "unknown key": ("filters.alignmen=1", "unknown key 'alignmen': did you mean 'alignment'?"),
    "a key of another section": ("build.min_chars=1", "unknown key 'min_chars'"),
    "no name near": ("zzz.x=1", "unknown section 'zzz': valid: align, build, extract"),
    "no equals sign": ("filters.alignment", "expected section.key=value"),
    "no section": ("alignment=1", "expected section.key=value"),
    "nothing": ("", "expected section.key=value"),
    "empty value": ("filters.alignment=", "filters.alignment: '' is not a"),
    "a word for a number": ("filters.alignment=high", "filters.alignment: 'high' is not a"),
    "a float for a whole number": ("extract.min_chars=1.5", "extract.min_chars: 1.5 is not a"),
    "truth for a number": ("filters.alignment=true", "filters.alignment: True is not a"),
    "a list for a number": ("filters.alignment=[1]", "filters.alignment: [1] is not a"),
    "two lines": ("filters.alignment=0.5\nx=1", "filters.alignment"),
    "not a number": ("filters.alignment=nan", "filters.alignment"),
    "a negative share": ("build.test=-0.1", "build.test"),
    "a share above one": ("build.validation=1.5", "build.validation"),
}


@pytest.mark.parametrize(("setting", "said"), BAD_SETTINGS.values(), ids=BAD_SETTINGS)
def test_bad_settings(setting: str, said: str) -> None:
    with pytest.raises(KzalignError) as error:
        load_config(None, [setting])
    assert str(error.value).startswith("--set")
    assert said in str(error.value)


def test_shares_that_leave_nothing_to_train_on() -> None:
    with pytest.raises(KzalignError, match=r"build\.(test|validation)"):
        load_config(None, ["build.validation=0.6", "build.test=0.6"])


BAD_FILES = {
    "unknown section": ("[bild]\nlow_score = 1\n", "unknown section 'bild': did you mean 'build'?"),
    "unknown section without keys": ("[bild]\n", "unknown section 'bild': did you mean 'build'?"),
    "unknown key": ("[filters]\nalignmen = 1\n", "unknown key 'alignmen': did you mean 'alignment'?"),
    "a value outside of a section": ("alignment = 1\n", "'alignment' is a value outside of a section"),
    "a word for a number": ('[filters]\nalignment = "high"\n', "filters.alignment: 'high' is not a"),
    "a number in quotes": ('[filters]\nalignment = "0.5"\n', "filters.alignment: '0.5' is not a"),
    "a number for a word": ("[align]\naligner = 1\n", "align.aligner: 1 is not a"),
    "a table for a number": ("[filters.alignment]\nx = 1\n", "filters.alignment: {'x': 1} is not a"),
    "no TOML": ("build:\n  low_score: 1\n", "cannot be read as a TOML configuration"),
    "the same key twice": ("[build]\ntest = 0.1\ntest = 0.1\n", "cannot be read as a TOML configuration"),
}


@pytest.mark.parametrize(("toml", "said"), BAD_FILES.values(), ids=BAD_FILES)
def test_bad_files(tmp_path: Path, toml: str, said: str) -> None:
    path = tmp_path / "kz.toml"
    path.write_text(toml, encoding="utf-8")
    with pytest.raises(KzalignError) as error:
        load_config(path)
    assert str(error.value).startswith(f"{path}: ")
    assert said in str(error.value)


@pytest.mark.parametrize("make", ["missing", "folder", "not UTF-8"])
def test_files_that_cannot_be_read(tmp_path: Path, make: str) -> None:
    path = tmp_path / "kz.toml"
    if make == "folder":
        path.mkdir()
    elif make == "not UTF-8":
        path.write_bytes("[build]  # ә".encode("utf-16"))
    with pytest.raises(KzalignError, match="cannot be read as a TOML configuration") as error:
        load_config(path)
    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)


UNKNOWN = {
    "near": (("mode", "fats", ["fast", "slow"]), "unknown mode 'fats': did you mean 'fast'? valid: fast, slow"),
    "far": (("mode", "zzzz", ["slow", "fast"]), "unknown mode 'zzzz': valid: fast, slow"),
    "nothing valid": (("mode", "x", []), "unknown mode 'x': valid: "),
}


@pytest.mark.parametrize(("arguments", "said"), UNKNOWN.values(), ids=UNKNOWN)
def test_unknown_names_the_nearest(arguments: tuple[str, str, list[str]], said: str) -> None:
    assert str(unknown(*arguments)) == said


def test_every_setting_is_read_somewhere() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in KZALIGN.rglob("*.py") if path.name != "config.py")
    config = Config()
    names = {key.name for section in fields(config) for key in fields(getattr(config, section.name))}
    names -= set(FILTERS)  # thresholds are read by the names of the table, which test_filters.py holds against the configuration
    assert {name for name in names if f".{name}" not in source} == set()
