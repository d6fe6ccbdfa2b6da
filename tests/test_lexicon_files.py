"""A user's lexicon: each format read, each mistake told with file, line and what is wrong, and the TSV read back as written."""

import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kzalign.align.lexicon import Entry, default_lexicon, read_entries, shipped_entries
from kzalign.align.lexicon_files import (
    Langs,
    check_order,
    lexicon_lines,
    lexicon_with,
    read_user_lexicon,
)
from kzalign.errors import KzalignError

KK_RU: Langs = ("kk", "ru")
RU_KK: Langs = ("ru", "kk")


def dix(section: str) -> str:
    """Returns a dictionary whose section begins on line 3."""
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<dictionary><alphabet/><section id="main" type="standard">'
    return f"{head}\n{section}\n</section></dictionary>\n"


def rows(entries: list[Entry]) -> list[str]:
    """Returns entries as `lang=a|b lang=c domain`."""
    return [" ".join([*(f"{lang}={'|'.join(words)}" for lang, words in e.words.items()), e.domain]) for e in entries]


READ: dict[str, tuple[str, str, Langs | None, list[str]]] = {
    # suffix, text, --langs, entries
    "two columns": (".tsv", "үй\tдом\nсу\tвода\n", KK_RU, ["kk=үй ru=дом user", "kk=су ru=вода user"]),
    "header, blank lines, CRLF, BOM": (".tsv", "\ufeffkk\tru\r\n\r\nүй\tдом\r\n", KK_RU, ["kk=үй ru=дом user"]),
    "variants, one left side twice": (".tsv", "үй\tдом|здание\nүй\tжилище|дом\n", KK_RU, ["kk=үй ru=дом|здание|жилище user"]),
    "spaces and composed letters": (
        ".tsv",
        "\u0438\u0306од \tйод\nжасыл   шай\tзелёный чай",
        KK_RU,
        ["kk=йод ru=йод user", "kk=жасыл шай ru=зелёный чай user"],
    ),
    "own four columns keep their domain": (".tsv", "kk\tru\ten\tdomain\nүй\tдом\t\tplace\n", None, ["kk=үй ru=дом en= place"]),
    "hunalign": (".dic", "дом @ үй\nзелёный чай @ жасыл шай\n", RU_KK, ["ru=дом kk=үй user", "ru=зелёный чай kk=жасыл шай user"]),
    "suffix in capitals": (".DIC", "house @ үй\n", ("en", "kk"), ["en=house kk=үй user"]),
    "apertium": (".dix", dix('<e><p><l>үй<s n="n"/></l><r>дом<s n="n"/><s n="m"/></r></p></e>'), KK_RU, ["kk=үй ru=дом user"]),
    "apertium: space, group, join": (
        ".dix",
        dix("<e><p><l>жасыл<b/>шай</l><r>зелёный<g><b/>чай</g></r></p></e><e><p><l>а<j/>ә</l><r>б</r></p></e>"),
        KK_RU,
        ["kk=жасыл шай ru=зелёный чай user", "kk=а ә ru=б user"],
    ),
    "apertium: identity, one direction, comment": (
        ".dix",
        dix('<e><i>атом<s n="n"/></i></e><!-- x --><e r="LR"><p><l>су</l><r>вода</r></p></e>'),
        KK_RU,
        ["kk=атом ru=атом user", "kk=су ru=вода user"],
    ),
    "apertium: parts of an entry, escaped letters": (
        ".dix",
        dix("<e><i>а</i><p><l>ә</l><r>&#1073;</r></p><par n='x'/></e>"),
        KK_RU,
        ["kk=аә ru=аб user"],
    ),
    "apertium: no words": (
        ".dix",
        dix('<e><re>[0-9]+</re><p><l><s n="num"/></l><r><s n="num"/></r></p></e><e><p><l>.<s n="sent"/></l><r>.</r></p></e>'),
        KK_RU,
        [],
    ),
    "apertium: switched off": (
        ".dix",
        dix('<e i="yes"><p><l>үй</l><r>дом</r></p></e><e><i>газ</i></e>'),
        KK_RU,
        ["kk=газ ru=газ user"],
    ),
    "apertium: paradigms are not words": (
        ".dix",
        "<dictionary><pardefs><pardef n='x'><e><p><l>лар</l><r>ы</r></p></e></pardef></pardefs>\n"
        "<section id='m' type='standard'><e><i>газ</i></e></section></dictionary>",
        KK_RU,
        ["kk=газ ru=газ user"],
    ),
}


@pytest.mark.parametrize("name", READ)
def test_read(name: str, tmp_path: Path) -> None:
    suffix, text, langs, expected = READ[name]
    path = tmp_path / f"words{suffix}"
    path.write_text(text, encoding="utf-8", newline="")
    if not expected:
        with pytest.raises(KzalignError, match="no entry in it"):
            read_user_lexicon(path, langs)
    else:
        assert rows(read_user_lexicon(path, langs)) == expected


WRONG: dict[str, tuple[str, str | bytes, Langs | None, str]] = {
    # suffix, text, --langs, what the message says after the folder
    "one column": (".tsv", "үй\tдом\nсу\n", KK_RU, "words.tsv:2: 1 parts where 'kk<tab>ru' is expected"),
    "three columns": (".tsv", "үй\tдом\tx\n", KK_RU, "words.tsv:1: 3 parts"),
    "empty side": (".tsv", "үй\tдом\nсу\t \n", KK_RU, "words.tsv:2: no word on the right"),
    "number for a word": (".tsv", "12\tдвенадцать\n", KK_RU, "words.tsv:1: no word on the left"),
    "bad lines are counted": (
        ".tsv",
        "үй\tдом\n" + "x\n" * 9,
        KK_RU,
        "words.tsv:4: 1 parts where 'kk<tab>ru' is expected; and 6 more bad lines",
    ),
    "two columns, languages not told": (
        ".tsv",
        "\nүй\tдом\n",
        None,
        "words.tsv:2: two columns do not say their languages: give --langs",
    ),
    "four columns, languages told": (".tsv", "үй\tдом\thouse\tplace\n", KK_RU, "words.tsv:1: 4 columns are kzalign's own"),
    "own columns, one missing": (
        ".tsv",
        "үй\tдом\thouse\tplace\n\nсу\tвода\twater\n",
        None,
        "words.tsv:3: 3 columns where kk, ru, en, domain",
    ),
    "own columns, one language": (".tsv", "үй\t\t\tplace\n", None, "words.tsv:1: fewer than two languages"),
    "not UTF-8": (".tsv", "үй\tдом\nсу\t".encode() + "вода".encode("cp1251"), KK_RU, "words.tsv:2: not UTF-8"),
    "empty": (".tsv", "\n\n", KK_RU, "words.tsv: no entry"),
    "columns exchanged": (".tsv", "дом\tүй\n", KK_RU, "words.tsv: the letters say that it holds ru first: give --langs ru kk"),
    "unknown language": (".tsv", "үй\tдом\n", ("kz", "ru"), "unknown language 'kz': did you mean 'kk'?"),
    "one language twice": (".tsv", "үй\tдом\n", ("kk", "kk"), "--langs kk kk: a lexicon is between two different languages"),
    "unknown format": (".csv", "үй,дом", KK_RU, "unknown kind of lexicon '.csv'"),
    "hunalign without @": (".dic", "дом @ үй\nдом үй\n", RU_KK, "words.dic:2: 1 parts where 'ru @ kk' is expected"),
    "hunalign, two @": (".dic", "дом @ үй @ изба\n", RU_KK, "words.dic:1: 3 parts"),
    "hunalign, languages not told": (".dic", "дом @ үй\n", None, "words.dic: a .dic file does not say its languages"),
    "apertium, languages not told": (".dix", dix("<e><i>газ</i></e>"), None, "words.dix: a .dix file does not say its languages"),
    "not XML": (".dix", "<dictionary>\n<section></dictionary>", KK_RU, "words.dix:2: not XML: mismatched tag"),
    "cut off": (".dix", "<dictionary>\n<section>\n", KK_RU, "words.dix:3: not XML: no element found"),
    "another XML": (".dix", "\n<html></html>", KK_RU, "words.dix:2: the file is <html>, not an Apertium <dictionary>"),
    "no right side": (
        ".dix",
        dix("<e><i>газ</i></e>\n<e><p><l>үй</l></p></e>"),
        KK_RU,
        "words.dix:4: a <p> needs both <l> and <r>",
    ),
    "entry of nothing": (".dix", dix("<e></e>"), KK_RU, "words.dix:3: an <e> with neither <p> nor <i>"),
    "entry in an entry": (".dix", dix("<e><e><i>газ</i></e></e>"), KK_RU, "words.dix:3: <e> is not known inside an entry"),
    "one language's dictionary": (
        ".dix",
        dix('<e lm="газ"><i>газ</i><par n="газ__n"/></e>'),
        KK_RU,
        "words.dix:3: a dictionary of one language",
    ),
    "unknown encoding": (".dix", "<?xml version='1.0' encoding='x-none'?><dictionary/>", KK_RU, "words.dix:1: "),
    "external entity": (
        ".dix",
        '<!DOCTYPE dictionary [\n<!ENTITY x SYSTEM "file:///etc/hostname">]><dictionary><section><e><i>&x;</i></e></section></dictionary>',
        KK_RU,
        "words.dix:2: it declares or uses an XML entity",
    ),
    "entity of an external DTD": (
        ".dix",
        '<!DOCTYPE dictionary SYSTEM "http://127.0.0.1:9/dix.dtd">\n<dictionary><section><e><i>&x;</i></e></section></dictionary>',
        KK_RU,
        "words.dix:2: it declares or uses an XML entity",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong(name: str, tmp_path: Path) -> None:
    suffix, text, langs, message = WRONG[name]
    path = tmp_path / f"words{suffix}"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(KzalignError, match=re.escape(message)) as caught:
        read_user_lexicon(path, langs)
    assert "\n" not in str(caught.value)


def test_no_such_file(tmp_path: Path) -> None:
    for suffix in (".tsv", ".dic", ".dix"):
        with pytest.raises(KzalignError, match=rf"absent\{suffix}: No such file"):
            read_user_lexicon(tmp_path / f"absent{suffix}", KK_RU)


def test_entities_do_not_fill_the_memory(tmp_path: Path) -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">\n' for n in range(1, 12))
    path = tmp_path / "laughs.dix"
    path.write_text(
        f'<!DOCTYPE dictionary [\n<!ENTITY l0 "ха">\n{laughs}]>\n<dictionary><section><e><i>&l11;</i></e></section></dictionary>'
    )
    start = time.monotonic()
    with pytest.raises(KzalignError, match=r"laughs\.dix:2: it declares or uses an XML entity"):
        read_user_lexicon(path, KK_RU)
    assert time.monotonic() - start < 20


ORDER: dict[str, tuple[Langs, list[tuple[str, str]], bool]] = {
    # languages, texts, accepted
    "right": (KK_RU, [("ғылым", "наука"), ("орган", "орган")], True),
    "exchanged": (RU_KK, [("ғылым", "наука"), ("орган", "орган")], False),
    "letters do not tell": (RU_KK, [("орган", "орган")], True),
    "English first": (("en", "ru"), [("science", "наука"), ("DNA", "ДНК")], True),
    "English second": (("en", "ru"), [("наука", "science"), ("pH", "pH")], False),
    "more right than wrong": (KK_RU, [("ғылым", "наука"), ("білім", "знание"), ("наука", "ғылым")], True),
}


@pytest.mark.parametrize("name", ORDER)
def test_order_of_languages(name: str) -> None:
    langs, texts, accepted = ORDER[name]
    if accepted:
        check_order(texts, langs, "x")
    else:
        with pytest.raises(KzalignError, match=f"--langs {langs[1]} {langs[0]}"):
            check_order(texts, langs, "x")


WORD = st.text(st.characters(categories=("L", "M", "Nd"), include_characters="-' "), min_size=1).map(str.strip).filter(bool)
CELL = st.lists(WORD, max_size=3).map(tuple)
ENTRY = st.builds(
    lambda kk, ru, en, domain: Entry({"kk": kk, "ru": ru, "en": en}, domain),
    CELL, CELL, CELL, st.sampled_from(("user", "learnt", "research")),
).filter(lambda entry: sum(map(bool, entry.words.values())) > 1)  # fmt: skip


@given(st.lists(ENTRY, max_size=5))
def test_written_entries_are_read_back(entries: list[Entry]) -> None:
    assert read_entries(lexicon_lines(entries), "written") == entries


def test_a_missing_language_is_an_empty_cell() -> None:
    assert list(lexicon_lines([Entry({"ru": ("дом",), "kk": ("үй",)}, "user")]))[1] == "үй\tдом\t\tuser\n"


def test_lexicon_with_files(tmp_path: Path) -> None:
    path = tmp_path / "user.tsv"
    path.write_text("".join(lexicon_lines([Entry({"kk": ("қыбдақ",), "ru": ("бздынь",)}, "user")])), encoding="utf-8")
    assert lexicon_with(()) is None
    lexicon = lexicon_with((str(path),))
    assert lexicon is not None
    assert lexicon.concepts("қыбдақтың", "kk") == lexicon.concepts("бздынь", "ru") == {len(shipped_entries())}
    assert lexicon.concepts("зерттеу", "kk") == default_lexicon().concepts("зерттеу", "kk") != frozenset()
    path.write_text("бір\tсөз\n", encoding="utf-8")
    lexicon_with.cache_clear()
    with pytest.raises(KzalignError, match=r"user\.tsv:1: 2 columns"):
        lexicon_with((str(path),))
