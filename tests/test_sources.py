"""sources.toml: who gets which source, and every mistake is told at once."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kzalign.corpus.sources import Source, Sources, read_sources
from kzalign.errors import KzalignError
from kzalign.hub.licences import CREATIVE_COMMONS, HUB, identifier, named, nearest

DEFAULT = """
[default]
licence = "CC-BY-4.0"
publisher = "A house"
url = "https://example.org/"
"""


def read(tmp_path: Path, text: str) -> Sources:
    """Returns the sources of a text."""
    path = tmp_path / "sources.toml"
    path.write_text(text, encoding="utf-8")
    return read_sources(path)


SOME = """
[default]
publisher = "A house"
url = "https://example.org/"
year = 2024

[documents."vestnik-*"]
licence = "CC-BY-4.0"
volume = 7

[documents."vestnik-2024-*"]
licence = "cc0-1.0"
issue = "1-2"

[documents."vestnik-2024-01.txt"]
licence = "other"
licence_name = "house-1.0"
licence_url = "https://example.org/licence"
publisher = "Another"

[documents.bulletin]
licence = "ODbL-1.0"

[documents."[odd].txt"]
licence = "mit"
"""
OF: list[tuple[str, str, str | None]] = [
    ("vestnik-2023", "vestnik-2023.txt", "cc-by-4.0"),
    ("vestnik-2024-02", "vestnik-2024-02.md", "cc0-1.0"),
    ("vestnik-2024-01", "vestnik-2024-01.txt", "house-1.0"),
    ("vestnik-2024-01", "vestnik-2024-01.md", "cc0-1.0"),
    ("bulletin", "bulletin.txt", "odbl"),
    ("bulletin-2", "bulletin.md", None),
    ("odd", "[odd].txt", "mit"),
    ("o", "o.txt", None),
    ("VESTNIK-1", "VESTNIK-1.txt", None),
]


@pytest.mark.parametrize(("issue_id", "file", "licence"), OF)
def test_a_document_has_the_source_of_its_name_or_of_the_longest_pattern(
    tmp_path: Path, issue_id: str, file: str, licence: str | None
) -> None:
    source = read(tmp_path, SOME).of(issue_id, file)
    assert (named(source.to_json())[0] if source else None) == licence


PLACES = """
[documents."2020/1.pdf"]
licence = "ODbL-1.0"

[documents."2021/*"]
licence = "PDDL-1.0"

[documents."2021/2*"]
licence = "cc-by-sa-4.0"

[documents."issues.zip*"]
licence = "ISC"
"""
OF_PLACES: list[tuple[str, str, str | None]] = [
    ("2020-1", "2020/1.pdf", "odbl"),
    ("1", "2020/1.txt", None),
    ("1", "1.pdf", None),
    ("x", "2021/1.pdf", "pddl"),
    ("x", "2021/deep/1.pdf", "pddl"),
    ("x", "2021/2.pdf", "cc-by-sa-4.0"),
    ("y", "2022/vestnik-2023.txt", "cc-by-4.0"),
    ("y", "2022/vestnik-2024-01.txt", "house-1.0"),
    ("y", "vestnik-old/1.txt", None),
    ("a", "2022/issues.zip/a.txt", "isc"),
    ("a", "issues.zip/deep/a.txt", "isc"),
    ("z", "2022/[odd].txt", "mit"),
]


@pytest.mark.parametrize(("issue_id", "file", "licence"), OF_PLACES)
def test_a_pattern_with_a_slash_is_of_the_place_and_one_without_of_the_name(
    tmp_path: Path, issue_id: str, file: str, licence: str | None
) -> None:
    sources = read(tmp_path, SOME + PLACES)
    source = sources.of(issue_id, file)
    assert (named(source.to_json())[0] if source else None) == licence
    assert (len(sources.unused([(issue_id, file)])) < len(sources.documents)) == (licence is not None)


def test_a_table_inherits_the_default(tmp_path: Path) -> None:
    sources = read(tmp_path, SOME)
    assert sources.of("vestnik-1", "vestnik-1.txt") == Source(
        "cc-by-4.0", "A house", "https://example.org/", year="2024", volume="7"
    )
    own = sources.of("vestnik-2024-01", "vestnik-2024-01.txt")
    assert own is not None
    assert own.to_json() == {
        "licence": "other",
        "publisher": "Another",
        "url": "https://example.org/",
        "licence_name": "house-1.0",
        "licence_url": "https://example.org/licence",
        "year": "2024",
    }


def test_a_whole_default_is_the_source_of_all_others(tmp_path: Path) -> None:
    sources = read(tmp_path, DEFAULT + '[documents."a.txt"]\npublisher = "Another"\n')
    assert [source.publisher for name in ("a.txt", "b.txt") if (source := sources.of("x", name))] == ["Another", "A house"]


def test_a_licence_brings_its_own_name(tmp_path: Path) -> None:
    text = DEFAULT.replace('"CC-BY-4.0"', '"other"\nlicence_name = "house"\nlicence_url = "https://example.org/l"')
    sources = read(tmp_path, text + '[documents.a]\nlicence = "cc0-1.0"\n[documents.b]\nyear = 2020\n')
    assert [named(s.to_json()) for name in "abc" if (s := sources.of(name, ""))] == [
        ("cc0-1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        ("house", "https://example.org/l"),
        ("house", "https://example.org/l"),
    ]


def test_what_no_input_has_is_a_warning(tmp_path: Path) -> None:
    sources = read(tmp_path, SOME)
    inputs = [("vestnik-2024-03", "vestnik-2024-03.txt"), ("[odd]", "[odd].txt"), ("bulletins", "bulletins.txt")]
    assert sources.unused(inputs) == (
        "[documents.\"vestnik-2024-01.txt\"] is the source of no input; did you mean 'vestnik-2024-03.txt'?",
        "[documents.\"bulletin\"] is the source of no input; did you mean 'bulletins.txt'?",
    )
    assert Sources({}).unused(inputs) == ()


def field(line: str) -> str:
    """Returns a file whose only document has one more line."""
    return DEFAULT + f'[documents."a.txt"]\n{line}\n'


WRONG: dict[str, tuple[str, list[str]]] = {
    "no TOML": ("a = [", ["cannot be read as TOML"]),
    "nothing": ("", ["no source: name documents, or give [default] licence, publisher, url"]),
    "half a default": ('[default]\nlicence = "mit"', ["no source"]),
    "an unknown table": (DEFAULT.replace("default", "defualt"), ["unknown table 'defualt': did you mean 'default'?"]),
    "a document at the top": (DEFAULT + '["a.txt"]\nyear = 2020', ["unknown table 'a.txt'"]),
    "a default that is no table": ("default = 1", ["[default] is not a table"]),
    "documents that are no table": ("documents = []", ["[documents] is not a table"]),
    "a document that is no table": ('[documents]\n"a.txt" = "mit"', ['[documents."a.txt"] is not a table']),
    "an unknown field": (field('licens = "mit"'), ["[documents.\"a.txt\"]: unknown field 'licens': did you mean 'licence'?"]),
    "an unknown licence": (
        field('licence = "cc-by-4"'),
        ["licence is 'cc-by-4' where an SPDX or Hub identifier is expected (did you mean 'cc-by-4.0'? one not in the table is"],
    ),
    "a licence unlike any": (field('licence = "Ω"'), ["(one not in the table is 'other' with licence_name and licence_url)"]),
    "a licence nobody knows": (field('licence = "unknown"'), ["licence is 'unknown'"]),
    "a licence that is a number": (field("licence = 4"), ["licence is 4 where"]),
    "other without a name": (field('licence = "other"'), ["licence_name is missing", "licence_url is missing"]),
    "a name without other": (field('licence_name = "x"'), ["licence_name is for the licence 'other' only"]),
    "a name in the default without other": (
        DEFAULT + 'licence_name = "x"',
        ["[default].licence_name is for the licence 'other'"],
    ),
    "an ill-formed name": (field('licence = "other"\nlicence_name = "My Licence"\nlicence_url = "https://a.b"'), ["a-z, 0-9"]),
    "no address": (field('url = "example.org"'), ["url is 'example.org' where an address"]),
    "an address of a file": (field('url = "file:///etc/passwd"'), ["url is 'file:///etc/passwd' where"]),
    "an address with blanks": (field('url = "https://a b"'), ["url is 'https://a b' where"]),
    "an address of no host": (field('url = "https:///a"'), ["url is 'https:///a' where"]),
    "an address with a broken host": (field('url = "https://[a"'), ["url is 'https://[a' where"]),
    "an empty publisher": (field('publisher = " "'), ["publisher is ' ' where a text of one line"]),
    "a publisher of two lines": (field('publisher = "a\\nb"'), ["publisher is 'a\\nb' where"]),
    "a publisher that is too long": (field(f'publisher = "{"a" * 501}"'), ["at most 500 characters"]),
    "a year in words": (field('year = "2024"'), ["year is '2024' where a year such as 2024"]),
    "a year too late": (field("year = 20244"), ["year is 20244 where"]),
    "a wrong check digit": (field('issn = "2049-3631"'), ["issn is '2049-3631' where an ISSN"]),
    "a volume that is true": (field("volume = true"), ["volume is True where a number or a text"]),
    "all at once": (
        DEFAULT.replace("example.org", "")
        + '[other]\n[documents.a]\nlicence = "x"\nyeer = 1\n[documents.b]\nyear = 1\nissn = ""\n',
        [
            "'other'",
            "[documents.\"a\"].licence is 'x'",
            "'yeer'",
            '"b"].year is 1',
            "\"b\"].issn is ''",
            "[default].url is 'https:///'",
        ],
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_every_mistake_is_told_in_one_line(tmp_path: Path, case: str) -> None:
    text, messages = WRONG[case]
    with pytest.raises(KzalignError) as caught:
        read(tmp_path, text)
    told = str(caught.value)
    assert [message for message in messages if message not in told] == []
    assert told.startswith(f"{tmp_path / 'sources.toml'}: ")
    assert "\n" not in told


def test_a_document_needs_what_the_default_does_not_give(tmp_path: Path) -> None:
    with pytest.raises(KzalignError) as caught:
        read(tmp_path, "[documents.a]\nyear = 2020\n")
    assert [f'[documents."a"].{key} is missing' in str(caught.value) for key in ("licence", "publisher", "url")] == [True] * 3


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(KzalignError, match="no such file"):
        read_sources(tmp_path / "sources.toml")
    with pytest.raises(KzalignError, match="cannot be read as TOML"):
        read_sources(tmp_path)


GOOD = [
    'issn = "2049-3630"',
    'issn = "2434-561X"',
    'url = "https://журнал.қаз/архив?a=1"',
    "volume = 12",
    'issue = "1 (2)"',
    "year = 1999",
]


@pytest.mark.parametrize("line", GOOD)
def test_what_is_right_is_taken(tmp_path: Path, line: str) -> None:
    source = read(tmp_path, field(line)).of("a", "a.txt")
    assert source is not None
    key, value = (part.strip().strip('"') for part in line.split("=", 1))
    assert source.to_json()[key] == value


IDENTIFIERS = [
    ("CC-BY-4.0", "cc-by-4.0"),
    (" cc-by-sa-2.5 ", "cc-by-sa-2.5"),
    ("ODC-By-1.0", "odc-by"),
    ("PDDL-1.0", "pddl"),
    ("Apache-2.0", "apache-2.0"),
    ("Other", "other"),
    ("llama3", None),
    ("unknown", None),
    ("cc", None),
    ("", None),
]


@pytest.mark.parametrize(("name", "wanted"), IDENTIFIERS)
def test_identifiers(name: str, wanted: str | None) -> None:
    assert identifier(name) == wanted


@given(st.sampled_from(sorted(HUB | CREATIVE_COMMONS.keys())), st.data())
def test_a_letter_left_out_is_guessed(licence: str, data: st.DataObject) -> None:
    k = data.draw(st.integers(1, len(licence) - 1))
    typed = licence[:k] + licence[k + 1 :]
    assert identifier(typed) is not None or len(licence) < 5 or nearest(typed) is not None


@given(st.text(max_size=20))
def test_any_name_is_known_or_not(name: str) -> None:
    found = identifier(name)
    assert found is None or identifier(found) == found


def test_the_example_of_the_documentation_is_right(tmp_path: Path) -> None:
    page = (Path(__file__).parents[1] / "docs" / "publish.md").read_text(encoding="utf-8")
    sources = read(tmp_path, page.split("```toml\n")[1].split("```")[0])
    assert sources.default is None
    assert [named(s.to_json())[0] for name in ("vestnik-2024-01.txt", "vestnik-2.txt") if (s := sources.of("x", name))] == [
        "publisher-permission-2024",
        "cc-by-4.0",
    ]
