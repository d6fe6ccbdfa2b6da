"""Settings: the defaults overlaid with a TOML file and with what the command line says, each checked."""

import tomllib
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from kzalign.bounds import RANGES
from kzalign.config import Config
from kzalign.errors import KzalignError, unknown

KIND_NAMES: dict[type, str] = {
    tuple: 'a list such as ["a.tsv"]',
    int: "a whole number",
    float: "a number",
    str: "a text",
    bool: "true or false",
}


def load_config(path: Path | None = None, settings: list[str] | None = None) -> Config:
    """Returns the defaults overlaid with a TOML file and then with `section.key=value` settings."""
    config = Config()
    if path is not None:
        names = [f.name for f in fields(config)]
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise KzalignError(f"{path}: cannot be read as a TOML configuration: {error}") from None
        for section, values in data.items():
            if not isinstance(values, dict):
                raise KzalignError(
                    f"{path}: '{section}' is a value outside of a section; put it under one of [{'], ['.join(names)}]"
                )
            _section(config, section, str(path))
            for key, value in values.items():
                config = _with(config, section, key, value, str(path))
    for setting in settings or []:
        name, equals, value = setting.partition("=")
        section, dot, key = name.partition(".")
        if not equals or not dot:
            raise KzalignError(f"--set {setting}: expected section.key=value, such as filters.alignment=0.6")
        origin = f"--set {setting}"
        stage = _section(config, section.strip(), origin)
        default = getattr(stage, key.strip(), None)
        config = _with(
            config,
            section.strip(),
            key.strip(),
            _parsed(value.strip(), default, f"{origin}: {section.strip()}.{key.strip()}"),
            origin,
        )
    if config.build.validation + config.build.test > 1:
        raise KzalignError(f"build.validation + build.test = {config.build.validation + config.build.test:g}: together at most 1")
    return config


def _section(config: Config, section: str, origin: str) -> Any:
    sections = [f.name for f in fields(config)]
    if section not in sections:
        raise KzalignError(f"{origin}: {unknown('section', section, sections)}")
    return getattr(config, section)


def _with(config: Config, section: str, key: str, value: Any, origin: str) -> Config:
    stage = _section(config, section, origin)
    keys = [f.name for f in fields(stage)]
    if key not in keys:
        raise KzalignError(f"{origin}: {unknown('key', key, keys)}")
    where = f"{origin}: {section}.{key}"
    value = _typed(value, getattr(stage, key), where)
    low, high = RANGES.get(f"{section}.{key}", (None, None))
    if low is not None and high is not None and not low <= value <= high:
        raise KzalignError(f"{where}: {value} is not from {low:g} to {high:g}")
    return replace(config, **{section: replace(stage, **{key: value})})


def _parsed(text: str, default: Any, origin: str) -> Any:
    """Returns the value that a setting on the command line writes: a text as it is, anything else as TOML."""
    if isinstance(default, str) or default is None:
        return text
    try:
        parsed = tomllib.loads(f"value = {text}")
    except tomllib.TOMLDecodeError:
        parsed = {}
    if list(parsed) != ["value"]:
        kind = type(default)
        raise KzalignError(f"{origin}: '{text}' is not {KIND_NAMES.get(kind, f'a {kind.__name__}')}")
    return parsed["value"]


def _typed(value: Any, default: Any, origin: str) -> Any:
    """Returns the value as the default's type; a whole number may stand for a number, a list for a tuple."""
    kind = type(default)
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if kind is tuple and isinstance(value, list) and all(isinstance(item, str) for item in value):
        value = tuple(value)
    if type(value) is not kind:
        raise KzalignError(f"{origin}: {value!r} is not {KIND_NAMES.get(kind, f'a {kind.__name__}')}")
    return value
