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

LONG = (KAZAKH * 99).encode()

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
    "CP1251, a Russian sentence in much English": (ENGLISH * 40 + RUSSIAN + ENGLISH * 40, "cp1251", "cp1251"),
    "KZ-1048, a Kazakh sentence in much English": (ENGLISH * 40 + KAZAKH + ENGLISH * 40, "kz1048", "kz1048"),
    "CP1251, two Russian words in much English": (ENGLISH * 80 + "Аннотация. Ключевые", "cp1251", "cp1251"),
    "CP1251 that holds what UTF-8 could": ("«Рё» «С‚» «Рё» «С‚» " + RUSSIAN, "cp1251", "cp1251"),
    "CP1251, quotes in English": ("a “test” – " + ENGLISH * 99, "cp1251", "cp1251"),
    "nothing": ("", "utf-8", "utf-8"),
    "form feeds and tabs": ("а\f\tб\v\r\n", "utf-8", "utf-8"),
    "a few control characters": ("\x01слово\x07 " + RUSSIAN, "utf-8", "utf-8"),
}


@pytest.mark.parametrize(("text", "written", "found"), DECODED.values(), ids=DECODED)
def test_encodings(text: str, written: str, found: str) -> None:
    decoded = decode(text.encode(written))
    assert (decoded.text, decoded.encoding) == (text, found)


DAMAGED = {
    # bytes, the text, how many are bad
    "in the middle of Kazakh": (KAZAKH.encode() + b"\xff" + KAZAKH.encode(), KAZAKH + "\ufffd" + KAZAKH, 1),
    "at the beginning": (b"\xfa" + RUSSIAN.encode(), "\ufffd" + RUSSIAN, 1),
    "half a letter": (RUSSIAN.encode()[1:], "\ufffd" + RUSSIAN[1:], 1),
    "the last letter cut": ((RUSSIAN + "я").encode()[:-1], RUSSIAN + "\ufffd", 1),
    "the last dash cut": ((KAZAKH + "–").encode()[:-1], KAZAKH + "\ufffd", 2),
    "a letter cut by a buffer's end": (
        RUSSIAN.encode() + b"\xd0\n\x90" + RUSSIAN.encode(),
        RUSSIAN + "\ufffd\n\ufffd" + RUSSIAN,
        2,
    ),
    "a Latin-1 letter among Cyrillic ones": (b"caf\xe9 " + MIXED.encode(), "caf\ufffd " + MIXED, 1),
    "a Latin-1 letter in English": (ENGLISH.encode() * 20 + b"M\xfcller", ENGLISH * 20 + "M\ufffdller", 1),
    "a no-break space of CP1251": (MIXED.encode() + b"12\xa0kg", MIXED + "12\ufffdkg", 1),
    "one of a thousand": (LONG[:-2] + b"\xff" * (len(LONG) // 1000), LONG[:-2].decode() + "\ufffd" * (len(LONG) // 1000), 21),
    "after a BOM": (b"\xef\xbb\xbf" + MIXED.encode() + b"\xff", MIXED + "\ufffd", 1),
    "beside a sign that was lost before": (MIXED.encode() + "\ufffd".encode() + b"\xff", MIXED + "\ufffd\ufffd", 1),
    "half a surrogate": (MIXED.encode() + b"\xed\xa0\x80", MIXED + "\ufffd" * 3, 3),
}


@pytest.mark.parametrize(("data", "text", "bad"), DAMAGED.values(), ids=DAMAGED)
def test_utf8_with_bad_bytes(data: bytes, text: str, bad: int) -> None:
    decoded = decode(data)
    assert (decoded.text, decoded.bad_bytes) == (text, bad)
    assert decoded.encoding == ("utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else "utf-8")


@pytest.mark.parametrize("encoding", ["cp1251", "kz1048", "mac_cyrillic", "cp866", "koi8-r", "iso8859-5"])
@pytest.mark.parametrize("name", ["arna-habarshysy.txt", "dala-jinagy.md", "tolkyn-bulletin.txt"])
def test_no_other_encoding_is_taken_for_damaged_utf8(name: str, encoding: str) -> None:
    """Every stretch of a document in another encoding is read as that or refused."""
    data = (EXAMPLES / name).read_text(encoding="utf-8").encode(encoding, "ignore")
    for start in range(0, len(data), 1500):
        part = data[start : start + 3000]
        if part.isascii():
            continue
        try:
            decoded = decode(part)
        except Undecodable:
            continue
        assert (decoded.encoding.startswith("utf-8"), decoded.bad_bytes) == (False, 0), part


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
    "four bad bytes in a short text": (
        b"\xff\xff\xff\xff" + KAZAKH.encode(),
        "is UTF-8 with 4 bad bytes, the first at 0: more than one of a thousand",
    ),
    "a Russian word of CP1251 in English": (ENGLISH.encode() * 99 + "вода".encode("cp1251"), "not UTF-8 at byte 7821"),
    "a bad byte and few letters": (RUSSIAN.encode()[:32], "not UTF-8 at byte 31"),
    "more than one of a thousand": (b"\xff" * (len(LONG) // 1000 + 1) + LONG[:-22], "is UTF-8 with 22 bad bytes, the first at 0"),
    "Latin-1 letters in one English word of a hundred": (("word " * 99 + "\xe9t\xe9 ").encode("latin-1") * 20, "not UTF-8"),
    "half a file in another encoding": (RUSSIAN.encode() * 9 + b"\n" + RUSSIAN.encode("cp866"), "not UTF-8 at byte"),
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
