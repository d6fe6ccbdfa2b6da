"""Settings: TOML, then --set; unknown names and wrong types are refused in one line."""

from dataclasses import fields
from pathlib import Path

import pytest

from kzalign.config import Config, load_config
from kzalign.errors import KzalignError, unknown

KZALIGN = Path(__file__).resolve().parents[1] / "kzalign"


def test_defaults() -> None:
    assert load_config() == Config() == load_config(None, [])


TAKEN = {
    # a TOML file, settings, the path of a value, the value
    "TOML": ("[build]\nmin_score = 0.6\n", [], "build.min_score", 0.6),
    "a whole number for a float": ("[build]\nmin_score = 1\n", [], "build.min_score", 1.0),
    "two sections": ("[extract]\nmin_chars = 5\n[build]\ntest = 0.2\n", [], "extract.min_chars", 5),
    "a setting": ("", ["build.min_score=0.7"], "build.min_score", 0.7),
    "spaces around": ("", [" build . min_score = 0.7 "], "build.min_score", 0.7),
    "the setting wins": ("[build]\nmin_score = 0.6\n", ["build.min_score=0.7"], "build.min_score", 0.7),
    "the last setting wins": ("", ["build.min_score=0.7", "build.min_score=0.8"], "build.min_score", 0.8),
    "underscores in a number": ("", ["extract.max_line_chars=1_000"], "extract.max_line_chars", 1000),
    "text": ("", ["align.aligner=lexical"], "align.aligner", "lexical"),
    "nothing": ("", [], "build.min_score", Config().build.min_score),
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
    "unknown section": ("bild.min_score=1", "unknown section 'bild': did you mean 'build'?"),
    "unknown key": ("build.min_scor=1", "unknown key 'min_scor': did you mean 'min_score'?"),
    "a key of another section": ("build.min_chars=1", "unknown key 'min_chars'"),
    "no name near": ("zzz.x=1", "unknown section 'zzz': valid: align, build, extract"),
    "no equals sign": ("build.min_score", "expected section.key=value"),
    "no section": ("min_score=1", "expected section.key=value"),
    "nothing": ("", "expected section.key=value"),
    "empty value": ("build.min_score=", "build.min_score: '' is not a"),
    "a word for a number": ("build.min_score=high", "build.min_score: 'high' is not a"),
    "a float for a whole number": ("extract.min_chars=1.5", "extract.min_chars: 1.5 is not a"),
    "truth for a number": ("build.min_score=true", "build.min_score: True is not a"),
    "a list for a number": ("build.min_score=[1]", "build.min_score: [1] is not a"),
    "two lines": ("build.min_score=0.5\nx=1", "build.min_score"),
    "not a number": ("build.min_score=nan", "build.min_score"),
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
    "unknown section": ("[bild]\nmin_score = 1\n", "unknown section 'bild': did you mean 'build'?"),
    "unknown section without keys": ("[bild]\n", "unknown section 'bild': did you mean 'build'?"),
    "unknown key": ("[build]\nmin_scor = 1\n", "unknown key 'min_scor': did you mean 'min_score'?"),
    "a value outside of a section": ("min_score = 1\n", "'min_score' is a value outside of a section"),
    "a word for a number": ('[build]\nmin_score = "high"\n', "build.min_score: 'high' is not a"),
    "a number in quotes": ('[build]\nmin_score = "0.5"\n', "build.min_score: '0.5' is not a"),
    "a number for a word": ("[align]\naligner = 1\n", "align.aligner: 1 is not a"),
    "a table for a number": ("[build.min_score]\nx = 1\n", "build.min_score: {'x': 1} is not a"),
    "no TOML": ("build:\n  min_score: 1\n", "cannot be read as a TOML configuration"),
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
    names = [key.name for section in fields(config) for key in fields(getattr(config, section.name))]
    assert [name for name in names if f".{name}" not in source] == []
