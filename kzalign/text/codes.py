"""Codes that people write for Kazakh, Russian and English, and that kzalign does not."""

from kzalign.errors import KzalignError
from kzalign.records import LANGS

SLIPS = {
    code: lang
    for lang, codes in {"kk": "kz kaz qaz kazakh", "ru": "rus russian", "en": "eng english"}.items()
    for code in codes.split()
}
"""By a code that is surely meant for one of LANGS: that one. No code of ISO 639-1 is among them."""


def check_codes(langs: tuple[str, ...], option: str) -> None:
    """Raises KzalignError that names the right code where a language's is a slip; other codes may be anything."""
    for code in langs:
        first = code.lower().replace("_", "-").split("-")[0]
        meant = SLIPS.get(first, first)
        if meant in LANGS and code != meant:
            raise KzalignError(f"{option} {' '.join(langs)}: '{code}' is '{meant}' here: kk, ru and en have a lexicon")
