"""Which of kk, ru, en; None where there is no word of any."""

from pathlib import Path

import pytest

from kzalign.text.language import PREFIX, detect

CASES = {
    "Бұл мақалада су тарифі туралы айтылады.": "kk",
    "В статье говорится о тарифе на воду.": "ru",
    "The article deals with the water tariff.": "en",
    "ЗЕРТТЕУ НӘТИЖЕЛЕРІ": "kk",
    "РЕЗУЛЬТАТЫ ИССЛЕДОВАНИЯ": "ru",
    "RESULTS OF THE STUDY": "en",
    "қазақ": "kk",
    "дом": "ru",
    "water": "en",
    "Тарих, тіл, мәдениет": "kk",
    "История, язык, культура": "ru",
}

NONE = ["", " \n", "123 456", "!!! …", "汉字", "Ω", "₸ 5 %"]


@pytest.mark.parametrize(("text", "lang"), CASES.items())
def test_language(text: str, lang: str) -> None:
    found = detect(text)
    assert found is not None
    assert found.lang == lang
    assert 0.5 < found.confidence <= 1.0


@pytest.mark.parametrize("text", NONE)
def test_no_word_no_language(text: str) -> None:
    assert detect(text) is None


def test_only_the_beginning_is_read() -> None:
    text = "Бұл мақалада су тарифі туралы айтылады. " * 20
    assert len(text) > PREFIX
    assert detect(text) == detect(text + "The article deals with the water tariff. " * 100)


def test_the_examples_abstracts() -> None:
    import json

    wrong = []
    for path in sorted((Path(__file__).resolve().parents[1] / "examples" / "gold").glob("*.json")):
        for lang, version in json.loads(path.read_text(encoding="utf-8"))["versions"].items():
            text = " ".join(version.get("sentences") or ())
            if text and (found := detect(text)) and found.lang != lang:
                wrong.append((path.name, lang, found))
    assert wrong == []
