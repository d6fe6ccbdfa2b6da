"""Bytes to text: each encoding by its bytes, and what is refused, with the place."""

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kzalign.text.decode import Undecodable, decode

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
RUSSIAN = "Цель исследования состоит в том, чтобы описать, как семьи трёх городов изменили потребление воды. Всё верно.\n"
KAZAKH = "Зерттеудің мақсаты – су тарифінен кейін үш қаланың отбасылары суды қалай тұтынғанын сипаттау. Әр үйдің өз себебі бар.\n"
ENGLISH = "The article examines how households of three towns changed their use of water.\n"
MIXED = RUSSIAN + KAZAKH + ENGLISH

DECODED = {
    # text, how it is written, the encoding found
    "UTF-8": (MIXED, "utf-8", "utf-8"),
    "UTF-8 with BOM": (MIXED, "utf-8-sig", "utf-8-sig"),
    "ASCII": (ENGLISH, "ascii", "utf-8"),
    "UTF-16 with BOM": (MIXED, "utf-16", "utf-16"),
    "UTF-16 little endian without BOM": (MIXED, "utf-16-le", "utf-16-le"),
    "UTF-16 big endian without BOM": (MIXED, "utf-16-be", "utf-16-be"),
    "English UTF-16 little endian without BOM": (ENGLISH, "utf-16-le", "utf-16-le"),
    "Kazakh UTF-16 big endian without BOM": (KAZAKH, "utf-16-be", "utf-16-be"),
    "CP1251 Russian": (RUSSIAN, "cp1251", "cp1251"),
    "CP1251 Russian and English": (ENGLISH + RUSSIAN, "cp1251", "cp1251"),
    "KZ-1048 Kazakh": (KAZAKH, "kz1048", "kz1048"),
    "KZ-1048 of three languages": (MIXED, "kz1048", "kz1048"),
    "Russian that KZ-1048 and CP1251 write alike": (RUSSIAN, "kz1048", "cp1251"),
    "capitals in CP1251": (RUSSIAN.upper() + RUSSIAN, "cp1251", "cp1251"),
    "capitals in KZ-1048": (KAZAKH.upper() + KAZAKH, "kz1048", "kz1048"),
    "nothing": ("", "utf-8", "utf-8"),
    "form feeds and tabs": ("а\f\tб\v\r\n", "utf-8", "utf-8"),
    "a few control characters": ("\x01слово\x07 " + RUSSIAN, "utf-8", "utf-8"),
}


@pytest.mark.parametrize(("text", "written", "found"), DECODED.values(), ids=DECODED)
def test_encodings(text: str, written: str, found: str) -> None:
    decoded = decode(text.encode(written))
    assert (decoded.text, decoded.encoding) == (text, found)


def test_utf16_big_endian_with_bom() -> None:
    assert decode(b"\xfe\xff" + MIXED.encode("utf-16-be")).text == MIXED


REFUSED = {
    "PDF": (b"%PDF-1.7\n" + RUSSIAN.encode(), "is a PDF, not text"),
    "zip": (b"PK\x03\x04" + bytes(100), "is a zip archive (DOCX, XLSX, EPUB …), not text"),
    "old Word": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "is an old Word file, not text"),
    "cp866": (b"English. " + RUSSIAN.encode("cp866"), "is in no encoding known here (not UTF-8 at byte 9, not CP1251"),
    "koi8-r": (RUSSIAN.encode("koi8-r"), "not UTF-8 at byte 0"),
    "iso8859-5": (RUSSIAN.encode("iso8859-5"), "not UTF-8 at byte 0"),
    "cp1252": ("Ein schöner Aufsatz über Wärme. ".encode("cp1252") * 9, "not UTF-8 at byte 7"),
    "one bad byte in UTF-8": (b"English. \xff" + KAZAKH.encode(), "not UTF-8 at byte 9"),
    "UTF-8 cut inside a letter": (RUSSIAN.encode()[:32], "not UTF-8 at byte 31"),
    "UTF-8 with BOM and a bad byte": (b"\xef\xbb\xbf" + b"abc\xff", "is not utf-8-sig: bad bytes at offset"),
    "UTF-16 cut inside a letter": ("абв".encode("utf-16")[:-1], "is not utf-16: bad bytes at offset 6"),
    "UTF-32": (RUSSIAN.encode("utf-32"), "is binary: control characters from character 0"),
    "UTF-32 without BOM": (RUSSIAN.encode("utf-32-be"), "is binary: control characters from character 0"),
    "control characters": (b"abc" + bytes(range(1, 8)) * 9, "is binary: control characters from character 3"),
    "zeros": (bytes(40), "is binary"),
    "an ELF header": (b"\x7fELF\x02\x01\x01" + bytes(200), "is "),
    "PNG": (b"\x89PNG\r\n\x1a\n" + random.Random(0).randbytes(500), "not UTF-8 at byte 0"),
}


@pytest.mark.parametrize(("data", "said"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(Undecodable) as error:
        decode(data)
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_mac_cyrillic_is_not_read_as_another_encoding() -> None:
    """Its small letters are those of CP1251, its capitals, і and я are not: wrong text must not pass for right."""
    try:
        decoded = decode((RUSSIAN * 5).encode("mac_cyrillic"))
    except Undecodable:
        return
    assert decoded.text == RUSSIAN * 5


@pytest.mark.parametrize("name", ["arna-habarshysy.txt", "dala-jinagy.md", "tolkyn-bulletin.txt"])
@pytest.mark.parametrize("encoding", ["kz1048", "cp1251", "utf-16-le", "utf-16-be", "utf-8"])
def test_examples_in_every_encoding(name: str, encoding: str) -> None:
    text = (EXAMPLES / name).read_text(encoding="utf-8").encode(encoding, "ignore").decode(encoding)
    decoded = decode(text.encode(encoding))
    assert (decoded.text, decoded.encoding) == (text, encoding)


@settings(max_examples=150, deadline=None)
@given(st.text())
def test_utf8_comes_back_or_is_binary(text: str) -> None:
    data = text.encode()
    try:
        decoded = decode(data)
    except Undecodable as error:
        assert "binary" in str(error) or "is a" in str(error) or "bad bytes" in str(error)
        return
    assert decoded.text == text.removeprefix("\ufeff") or decoded.encoding.startswith("utf-16")


@settings(max_examples=150, deadline=None)
@given(st.binary())
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    try:
        assert isinstance(decode(data).text, str)
    except Undecodable as error:
        assert str(error)


@pytest.mark.parametrize("seed", range(20))
def test_random_bytes_are_refused(seed: int) -> None:
    with pytest.raises(Undecodable):
        decode(random.Random(seed).randbytes(1000))
