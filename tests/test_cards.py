"""Cards of encoders: the shipped ones, bad fields, names."""

from pathlib import Path

import pytest

from kzalign.cards import HASH, LOCAL_CARD, POOLINGS, encoder_cards, find_encoder, models_folder, read_encoder_cards
from kzalign.errors import KzalignError

GOOD = """
[tiny]
repo = "someone/tiny"
revision = "main"
pooling = "mean"
prefix = ""
dimension = 8
max_tokens = 16
licence = "MIT"
"""


def test_shipped_cards_are_the_four_encoders() -> None:
    cards = encoder_cards()
    assert list(cards) == ["labse", "multilingual-e5", "bge-m3", "gte-multilingual"]
    for card in cards.values():
        assert card.pooling in POOLINGS
        assert card.revision == "main" or HASH.fullmatch(card.revision)


def test_models_folder_holds_the_cards() -> None:
    assert models_folder().joinpath("encoders.toml").is_file()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('pooling = "mean"', 'pooling = "max"'), "tiny.pooling is 'max' where one of cls, mean, pooler is expected"),
        (("dimension = 8", "dimension = true"), "tiny.dimension is True where a whole number"),
        (("dimension = 8", 'dimension = "8"'), "tiny.dimension is '8' where a whole number"),
        (('licence = "MIT"', ""), "tiny.licence is missing"),
        (('repo = "someone/tiny"', 'repo = "tiny"'), "tiny.repo is 'tiny' where OWNER/NAME is expected"),
        (('prefix = ""', 'prefx = ""'), "unknown field 'prefx': did you mean 'prefix'?"),
        (("[tiny]", "[Tiny Model]"), "cannot be read as a TOML card"),
        (("[tiny]", "tiny = 1\n[other]"), "tiny is not a [table]"),
        (("[tiny]", '["Tiny"]'), "names are of a-z, 0-9"),
    ],
)
def test_a_bad_field_is_named(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    path = tmp_path / "encoders.toml"
    path.write_text(GOOD.replace(*change), encoding="utf-8")
    with pytest.raises(KzalignError) as error:
        read_encoder_cards(path)
    assert str(error.value).startswith(f"{path}: ")
    assert said in str(error.value)


def test_all_bad_fields_are_reported_at_once(tmp_path: Path) -> None:
    path = tmp_path / "encoders.toml"
    path.write_text(GOOD.replace('"mean"', '"max"').replace("dimension = 8", "") + GOOD.replace("tiny", "two").replace("16", "1"))
    with pytest.raises(KzalignError) as error:
        read_encoder_cards(path)
    said = str(error.value)
    assert all(where in said for where in ("tiny.pooling", "tiny.dimension", "two.max_tokens"))
    assert "\n" not in said


def test_a_card_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(KzalignError, match="cannot be read as a TOML card"):
        read_encoder_cards(tmp_path / "none.toml")


@pytest.mark.parametrize("name", ["labse", "LaBSE", "BGE-M3"])
def test_names_ignore_case(name: str) -> None:
    assert find_encoder(name).name == name.lower()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("LaBES", "unknown encoder 'labes': did you mean 'labse'? valid: bge-m3, gte-multilingual, labse, multilingual-e5"),
        ("multilingual-e5-large", "did you mean 'multilingual-e5'?"),
        ("zzz", "unknown encoder 'zzz': valid:"),
        ("no/such/folder", "encoder 'no/such/folder': no such folder"),
        ("./nofolder", "encoder './nofolder': no such folder"),
        ("../nofolder", "encoder '../nofolder': no such folder"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest(name: str, said: str) -> None:
    with pytest.raises(KzalignError) as error:
        find_encoder(name)
    assert said in str(error.value)


def test_a_local_folder_needs_its_own_card(tmp_path: Path) -> None:
    with pytest.raises(KzalignError, match=f"no {LOCAL_CARD} says how to read this model: write one with lines such as pooling"):
        find_encoder(str(tmp_path))
    (tmp_path / LOCAL_CARD).write_text('pooling = "cls"\nprefix = ""\ndimension = 8\n')
    with pytest.raises(KzalignError, match="max_tokens is missing"):
        find_encoder(str(tmp_path))
    (tmp_path / LOCAL_CARD).write_text('pooling = "cls"\nprefix = ""\ndimension = 8\nmax_tokens = 16\n')
    card = find_encoder(str(tmp_path))
    assert (card.repo, card.revision, card.pooling) == (str(tmp_path), "local", "cls")
