"""Bytes of a document to text: which encoding, decided from the bytes, never guessed silently."""

import re
from dataclasses import dataclass

BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
BINARY = ((b"%PDF", "a PDF"), (b"PK\x03\x04", "a zip archive (DOCX, XLSX, EPUB …)"), (b"\xd0\xcf\x11\xe0", "an old Word file"))
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
PLAUSIBLE_BIGRAMS = frozenset(
    """
    ст но то на ен ов ни ра во ко пр ос ре ер ал ла ан ар ро ли не по ка те ва ет ль ом ор та де ри ин ын нд да тар лы
    ды ған ың қа аз ақ дың әр мен
    """.split()
)
SAMPLE = 200_000
PUNCTUATION = bytes((0x82, 0x84, 0x85, 0x91, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0xA0, 0xA7, 0xA9, 0xAB, 0xB0, 0xB1, 0xB7, 0xBB))
"""Quotes, dashes, spaces and signs that stand at the same bytes in CP1251 and in CP1252."""

SINGLE_BYTE = (("cp1251", 1.0), ("kz1048", 1.0), ("mac-cyrillic", 0.8))
"""Encodings of a byte a letter, and how much a rare one is discounted."""


CERTAIN = 20
"""Whole letters of UTF-8 for each bad byte, from which on nothing else is looked for: other encodings hardly have one."""
BAD_SHARE = 0.001
"""Of a file's bytes, that may be bad: more would break about each fifth sentence."""
FEW = 3
"""So many bad bytes a short file may have too, if it is certainly UTF-8."""

A_WORD = "\ufffd" * 4
"""So many in a row are rather a word in another encoding."""


class Undecodable(ValueError):
    """The bytes are no text in any encoding that such documents use; the message says why and where."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, the name of the encoding that gave it, and how many bytes were no text: U+FFFD stands in their places."""

    text: str
    encoding: str
    bad_bytes: int = 0


def decode(data: bytes) -> Decoded:
    """Returns the text of UTF-8, UTF-16 (with or without BOM), CP1251, KZ-1048 or Mac Cyrillic bytes; raises Undecodable.

    UTF-8 may have a few bad bytes.
    """
    for magic, what in BINARY:
        if data.startswith(magic):
            raise Undecodable(f"is {what}, not text")
    for bom, encoding in BOMS:
        if data.startswith(bom):
            return _strict(data, encoding)
    wide = _utf16_without_bom(data)
    if wide:
        return _strict(data, wide)
    try:
        return Decoded(_text(data.decode("utf-8")), "utf-8")
    except UnicodeDecodeError as error:
        return _damaged_or_single_byte(data, error.start)


def _strict(data: bytes, encoding: str) -> Decoded:
    try:
        return Decoded(_text(data.decode(encoding)), encoding)
    except UnicodeDecodeError as error:
        damage = _damage(data) if encoding == "utf-8-sig" else None
        if damage and damage.is_small:
            return _damaged(data, encoding, damage)
        raise Undecodable(f"is not {encoding}: bad bytes at offset {error.start}") from None


@dataclass(frozen=True, slots=True)
class _Damage:
    """What speaks for damaged UTF-8: bad bytes, whole letters of more than a byte, and all bytes."""

    bad: int
    whole: int
    size: int

    @property
    def is_certain(self) -> bool:
        return self.whole >= CERTAIN * self.bad

    @property
    def is_small(self) -> bool:
        return self.bad <= BAD_SHARE * self.size or (self.bad <= FEW and self.is_certain)


def _damage(data: bytes) -> _Damage:
    text = data.decode("utf-8", errors="ignore")
    return _Damage(len(data) - len(text.encode()), len(text) - len(text.encode("ascii", errors="ignore")), len(data))


def _damaged(data: bytes, encoding: str, damage: _Damage) -> Decoded:
    return Decoded(_text(data.decode(encoding, errors="replace")), encoding, damage.bad)


def _damaged_or_single_byte(data: bytes, offset: int) -> Decoded:
    """Chooses UTF-8 where that is certain; where little speaks for it, as in English, only what is nothing else either."""
    damage = _damage(data)
    if damage.is_certain:
        if not damage.is_small:
            raise Undecodable(f"is UTF-8 with {damage.bad} bad bytes, the first at {offset}: more than one of a thousand")
        return _damaged(data, "utf-8", damage)
    try:
        return _single_byte(data, offset)
    except Undecodable:
        found = _damaged(data, "utf-8", damage) if damage.is_small else None
        if found is None or A_WORD in found.text:
            raise
        return found


def _text(text: str) -> str:
    """Returns the text, unless its control characters say that it is no text."""
    sample = text[:SAMPLE]
    found = CONTROL.search(sample)
    if found and ("\0" in sample or len(CONTROL.findall(sample)) > max(2, len(sample) // 200)):
        raise Undecodable(f"is binary: control characters from character {found.start()}")
    return text


def _utf16_without_bom(data: bytes) -> str | None:
    """Returns the byte order when one byte of each pair says 'Cyrillic or Latin' nearly always."""
    sample = data[: 4000 - len(data[:4000]) % 2]
    if len(sample) < 8:
        return None
    for encoding, high in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[0::2])):
        if sum(b in (0x00, 0x04, 0x20) for b in high) > 0.95 * len(high) and any(b in (0x00, 0x04) for b in high):
            return encoding
    return None


def _single_byte(data: bytes, offset: int) -> Decoded:
    """Chooses the encoding of SINGLE_BYTE that gives words; English with typographic marks is CP1251 as well."""
    if data.translate(None, PUNCTUATION).isascii():
        return Decoded(_text(data.decode("cp1251", errors="replace")), "cp1251")
    best, encoding = max(((_likeness(data, name) * trust, name) for name, trust in SINGLE_BYTE), key=lambda item: item[0])
    if best < 0.05:
        raise Undecodable(f"is in no encoding known here (not UTF-8 at byte {offset}, not CP1251, KZ-1048 or UTF-16)")
    try:
        return Decoded(_text(data.decode(encoding)), encoding)
    except UnicodeDecodeError as error:
        raise Undecodable(f"is neither UTF-8 (bad byte at {offset}) nor {encoding} (bad byte at {error.start})") from None


def _likeness(data: bytes, encoding: str) -> float:
    """Share of adjacent Cyrillic letters that are frequent bigrams of Russian or Kazakh, less oddities."""
    text = data[:SAMPLE].decode(encoding, errors="replace")
    letters = re.findall(r"[Ѐ-ԯ]{2,}", text)
    total = sum(len(word) - 1 for word in letters)
    if total < 10:
        return 0.0
    hits = sum(word[i : i + 2].lower() in PLAUSIBLE_BIGRAMS for word in letters for i in range(len(word) - 1))
    odd = len(re.findall(r"[ЃѓЂђЉљЊњЌќЋћЏџЅѕЈјЎўЄєЇїҐґ�]", text))
    kazakh = len(re.findall(r"[әғқңөұүһӘҒҚҢӨҰҮҺ]", text))
    case = len(re.findall(r"[а-яёәғқңөұүһ][А-ЯЁӘҒҚҢӨҰҮҺ]", text))
    if hits < 0.1 * total:
        return 0.0
    return (hits + 0.5 * kazakh - odd - 2 * case) / total
