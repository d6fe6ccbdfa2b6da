"""Test sentences are found in training rows, and set phrases are not taken for them; test sets are read strictly."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import changed, segment, text

from kzalign.corpus.decontaminate import GRAM, MIN_EQUAL, SHARED, Contamination
from kzalign.corpus.testsets import read_test_set
from kzalign.errors import KzalignError

TEST = text("test", 20)
LONG = text("long", 60)
SEVEN, EIGHT, NINE, TWELVE = (text(n, n) for n in (7, 8, 9, 12))


def part(words: str, first: int, last: int) -> str:
    """Returns the words from the first to before the last."""
    return " ".join(words.split()[first:last])


CASES: dict[str, tuple[str, str, bool]] = {
    # the test sentence, a side of the row, whether the row repeats it
    "unrelated": (TEST, text("other", 20), False),
    "equal": (TEST, TEST, True),
    "equal but for case, spaces and points": (TEST, "«" + TEST.upper().replace(" ", ",  ") + "!»", True),
    "a short sentence": (part(TEST, 0, MIN_EQUAL), part(TEST, 0, MIN_EQUAL), True),
    "a set phrase": ("Results and discussion", "Results and discussion.", False),
    "a short sentence in a longer one": (SEVEN, f"{text('x', 9)} {SEVEN}", False),
    "the row holds it": (EIGHT, f"{text('x', 9)} {EIGHT} {text('y', 9)}", True),
    "it holds the row": (f"{text('x', 9)} {EIGHT} {text('y', 9)}", EIGHT, True),
    "seven words of it": (TEST, part(TEST, 0, GRAM - 1), False),
    "a run of twelve among others": (LONG, f"{text('x', 30)} {part(LONG, 5, 4 + SHARED)} {text('y', 30)}", False),
    "a run of thirteen among others": (LONG, f"{text('x', 30)} {part(LONG, 5, 5 + SHARED)} {text('y', 30)}", True),
    "nine words, the last another": (NINE, changed(NINE, {8: "x"}), False),
    "twelve words, the last another": (TWELVE, changed(TWELVE, {11: "x"}), True),
    "twelve words, the two last others": (TWELVE, changed(TWELVE, {10: "x", 11: "y"}), False),
    "every fifth word another": (LONG, changed(LONG, 12), False),
    "eight common words in long sentences": (f"{EIGHT} {text('x', 12)}", f"{text('y', 12)} {EIGHT}", False),
    "words in another order": (TEST, " ".join(reversed(TEST.split())), False),
    "nothing": (TEST, "— …", False),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_repeats_a_test_sentence(case: tuple[str, str, bool]) -> None:
    test, side, repeats = case
    contamination = Contamination([("FILE:1", text("first", 20)), ("FILE:7", test)])
    expected = "FILE:7" if repeats else None
    assert contamination.overlap(segment(kk=text("kk"), ru=side)) == expected
    assert contamination.overlap(segment(kk=side, ru=text("ru"), en=text("en"))) == expected


def test_the_first_place_is_named() -> None:
    contamination = Contamination([("A:1", TEST), ("A:2", LONG), ("B:1", TEST)])
    assert len(contamination) == 2
    assert contamination.overlap(segment(kk=LONG, ru=TEST)) == "A:1"
    assert contamination.overlap(segment(kk=f"{LONG} {TEST}")) == "A:1"


@given(st.lists(st.sampled_from("abc"), max_size=24), st.lists(st.sampled_from("abc"), min_size=4, max_size=24))
def test_holding_and_being_held_are_symmetric(row: list[str], test: list[str]) -> None:
    """What a row of four words or more does to a test sentence, that sentence would do to it."""
    if len(row) >= MIN_EQUAL:
        one, other = " ".join(row), " ".join(test)
        found = [Contamination([("F:1", a)]).overlap(segment(kk=b)) for a, b in ((one, other), (other, one))]
        assert found[0] == found[1]
        if min(len(row), len(test)) >= GRAM and (one in other or other in one):
            assert found[0] == "F:1"


TABLE = pa.table(
    {"id": [1, 2], "translation": [{"kk": "Бір сөйлем.", "ru": "Одно предложение."}, {"kk": "Тағы бір.", "ru": None}]}
)
BOTH = [(1, "Бір сөйлем."), (1, "Одно предложение."), (2, "Тағы бір.")]
FORMS: dict[str, tuple[str, str, list[tuple[int, str]]]] = {
    "FLORES": ("kaz_Cyrl.devtest", "Бір сөйлем.\n\nТағы бір.\n", [(1, "Бір сөйлем."), (3, "Тағы бір.")]),
    "no last line end": ("test.kk", "Бір сөйлем.\nТағы бір.", [(1, "Бір сөйлем."), (2, "Тағы бір.")]),
    "TSV": ("test.tsv", "Бір сөйлем.\tОдно предложение.\nТағы бір.\t\n", BOTH),
    "TSV with a quotation mark": (
        "test.tsv",
        'x\t"Бір сөйлем\nу\tТағы бір\n',
        [(1, "x"), (1, '"Бір сөйлем'), (2, "у"), (2, "Тағы бір")],
    ),
    "CSV": (
        "test.CSV",
        '"Бір, екі",x\r\n"Тағы\nбір",\r\ny,z\r\n',
        [(1, "Бір, екі"), (1, "x"), (2, "Тағы\nбір"), (4, "y"), (4, "z")],
    ),
    "JSON lines": (
        "t.jsonl",
        '{"id": 1, "kk": "Бір сөйлем.", "ru": "Одно предложение."}\n\n{"n": null, "kk": "Тағы бір."}\n',
        [*BOTH[:2], (3, "Тағы бір.")],
    ),
    "translations": (
        "t.jsonl",
        '{"translation": {"kk": "Бір сөйлем.", "ru": "Одно предложение."}}\n{"refs": ["Тағы бір."]}\n',
        BOTH,
    ),
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_reads(form: tuple[str, str, list[tuple[int, str]]], tmp_path: Path) -> None:
    name, content, expected = form
    path = tmp_path / name
    path.write_bytes(content.encode())
    assert read_test_set(path) == expected


def test_reads_parquet(tmp_path: Path) -> None:
    pq.write_table(TABLE, tmp_path / "t.parquet")
    assert read_test_set(tmp_path / "t.parquet") == BOTH


ERRORS: dict[str, tuple[str, bytes | None, str]] = {
    "no such file": ("test.dev", None, "no such file"),
    "no such Parquet file": ("test.parquet", None, "no such file"),
    "not UTF-8": ("test.txt", "Бір".encode("cp1251"), "not UTF-8"),
    "not UTF-8, CSV": ("test.csv", "Бір".encode("cp1251"), "not UTF-8"),
    "empty": ("test.dev", b"", "no text in it"),
    "lines without text": ("test.dev", b"\n \n", "no text in it"),
    "no text column": ("test.tsv", b"1\t2\n3\tx4\n", "no text column"),
    "numbers only": ("test.jsonl", b'{"a": 1}\n', "no text in it"),
    "not JSON": ("test.jsonl", b'{"a": "b c"}\n{"a"\n', ":2: not JSON"),
    "no object": ("test.jsonl", b'"a b"\n', ":1: not a JSON object"),
    "nested too deep": ("test.jsonl", b"[" * 100_000, ":1: not JSON"),
    "not CSV": ("test.csv", b'a b,c\n"d"e,f\n', ":2: not CSV"),
    "an open quotation": ("test.csv", b'a b,c\n"d\ne\n', ":2: not CSV"),
    "not Parquet": ("test.parquet", b"PAR1", "cannot be read as Parquet"),
}


@pytest.mark.parametrize("case", ERRORS.values(), ids=ERRORS)
def test_refuses_in_one_line(case: tuple[str, bytes | None, str], tmp_path: Path) -> None:
    name, content, message = case
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(KzalignError) as error:
        Contamination.read([path])
    told = str(error.value)
    assert told.startswith(str(path))
    assert message in told
    assert "\n" not in told


def test_a_folder_is_refused(tmp_path: Path) -> None:
    for name in ("d", "d.parquet"):
        (tmp_path / name).mkdir()
        with pytest.raises(KzalignError, match=str(tmp_path / name)):
            read_test_set(tmp_path / name)


def test_rows_against_files(tmp_path: Path) -> None:
    paths = [tmp_path / "kaz.devtest", tmp_path / "rus.jsonl"]
    paths[0].write_text(f"{text('x', 9)}\n{TEST}\n", encoding="utf-8")
    paths[1].write_text(json.dumps({"ru": LONG}) + "\n", encoding="utf-8")
    contamination = Contamination.read(paths)
    assert contamination.overlap(segment(kk=TEST, ru="x")) == "kaz.devtest:2"
    assert contamination.overlap(segment(kk="x", ru=LONG)) == "rus.jsonl:1"
    assert contamination.overlap(segment(kk="x", ru="y")) is None
