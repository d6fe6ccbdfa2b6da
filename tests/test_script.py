"""In which language and script a sentence is; the sentences are invented."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kzalign.text.script import NAMES, NO_LETTER, identify

KNOWN: dict[str, tuple[str, str, str]] = {
    "Kazakh": ("Мақалада көл суының тұздылығы қарастырылады.", "kk", "Cyrl"),
    "Kazakh of plain letters": ("Автор бала мен ата арасындагы байланысты баяндайды.", "kk", "Cyrl"),
    "Kazakh, no letter of its own": ("Адам мен заман туралы баян", "kk", "Cyrl"),
    "Kazakh, short": ("Азамат алты жасар кішкентай бала.", "kk", "Cyrl"),
    "Kazakh of loanwords": ("Университет ректоры факультет декандарымен келісімге келді.", "kk", "Cyrl"),
    "Kazakh with і among loanwords": ("Инновациялық процестердің потенциалдық мүмкіндіктері талданды.", "kk", "Cyrl"),
    "Kazakh with Latin names": ("Деректер Microsoft Excel, Google Forms және SPSS Statistics арқылы өңделді.", "kk", "Cyrl"),
    "Kazakh with Turkish names": ("Зерттеуде Mehmet Yılmaz пен Ayşe Çelik еңбектеріне сүйендік.", "kk", "Cyrl"),
    "Kazakh with a formula": ("Мұнда f(x) = ax² + bx + c функциясының ең үлкен мәні α және β арқылы табылды.", "kk", "Cyrl"),
    "Kazakh, capitals": ("КӨЛ СУЫНЫҢ ТҰЗДЫЛЫҒЫН ЗЕРТТЕУ НӘТИЖЕЛЕРІ", "kk", "Cyrl"),
    "Kazakh with mixed quotes": ("«Жер» мен \"су\" ұғымдары “көне” жырларда 'бірдей' кездеседі.", "kk", "Cyrl"),
    "Kazakh, compounds with late vowels": ("Баспасөз бетінде дүниежүзілік көрме туралы мақалалар жарияланды.", "kk", "Cyrl"),
    "Kazakh, Latin of 2017": ("Bul en'bekte ko's'peli mektepterdin' tarihy qysqas'a bai'andalady.", "kk", "Latn"),
    "Kazakh, Latin of 2017, curly": ("Bul en’bekte ko’s’peli mektepterdin’ tarihy qysqas’a bai’andalady.", "kk", "Latn"),
    "Kazakh, Latin of 2018": ("Bul eńbekte kóshpeli mektepterdiń tarıhy qysqasha baıandalady.", "kk", "Latn"),
    "Kazakh, Latin of 2018, lake": ("Maqalada kól sýynyń tuzdylyǵy qarastyrylady.", "kk", "Latn"),
    "Kazakh, Latin of 2018, loanwords": ("Modıfıkatsııalanǵan tseolıt pen akademııanyń tabıǵı negizi", "kk", "Latn"),
    "Kazakh, Latin of 2021": ("Būl eñbekte köşpelı mektepterdıñ tarihy qysqaşa baiandalady.", "kk", "Latn"),
    "Kazakh, Latin of 2021, lake": ("Maqalada köl suynyñ tūzdylyğy qarastyrylady.", "kk", "Latn"),
    "Kazakh, ASCII": ("Bul enbekte koshpeli mektepterdin tarihy kyskasha bayandalady.", "kk", "Latn"),
    "Kazakh, ASCII, lake": ("Maqalada kol suynyn tuzdylygy men balyqtardyn sany qarastyrylady.", "kk", "Latn"),
    "Kazakh, Latin of the converter": ("Maqalada köl swınıñ tuzdılığı jäne balıqtardıñ sanı qarastırıladı.", "kk", "Latn"),
    "Kazakh, Latin, capitals with dots": ("ZERTTEUDİÑ NEGIZGI NÄTİJELERİ", "kk", "Latn"),
    "Kazakh, Arabic letters": ("بۇل ەڭبەكتە كوشپەلى مەكتەپتەردىڭ تاريحى قىسقاشا باياندالادى.", "kk", "Arab"),
    "Kazakh, Arabic letters, lake": ("ماقالادا كول سۋىنىڭ تۇزدىلىعى قاراستىرىلادى.", "kk", "Arab"),
    "Russian": ("В статье рассматривается солёность воды озера.", "ru", "Cyrl"),
    "Russian, short": ("В этой работе кратко изложена история кочевых школ.", "ru", "Cyrl"),
    "Russian with a Kazakh name": ("В этой работе речь идёт о школах при жизни Ғалымжана Өтегенұлы.", "ru", "Cyrl"),
    "Russian, capitals": ("ИССЛЕДОВАНИЕ СОЛЁНОСТИ ВОДЫ СТЕПНЫХ ОЗЁР", "ru", "Cyrl"),
    "Russian with figures": ("С 1872 по 1895 г. оборот ярмарки вырос с 84 до 310 тыс. рублей.", "ru", "Cyrl"),
    "Russian, Latin letters": ("Rassmatrivaetsya razvitie obrazovaniya na yuge strany pri pervykh shkolakh.", "ru", "Latn"),
    "English": ("The article considers the salinity of the lake.", "en", "Latn"),
    "English, capitals": ("THE SALINITY OF THE LAKE IS CONSIDERED", "en", "Latn"),
    "English title": ("History of nomadic schools", "en", "Latn"),
    "English with a Kazakh name": ("The school of Qojanasyr was the first in the valley and one of the best.", "en", "Latn"),
    "English with quotes": ("The pupils’ answers to ‘yes’ and \"no\" don't show the teacher's view.", "en", "Latn"),
    "English with a formula": ("The rate k = 0.5 is found from dN/dt = −kN for all samples.", "en", "Latn"),
}

ELSEWHERE: dict[str, tuple[str, str]] = {
    "Turkish": ("Bu çalışmada göçebe okulların kısa bir tarihi sunulmuş ve tartışılmıştır.", "Latn"),
    "Turkish, few marks": ("Makale eski kentlerin su yolları ile ilgili bilgiler vermektedir.", "Latn"),
    "Turkish, spoken": ("Arkadaşım dün akşam bana yeni kitabını gösterdi.", "Latn"),
    "Azerbaijani": ("Məqalədə gölün suyunun duzluluğu və balıqların sayı öyrənilir.", "Latn"),
    "Uzbek": ("Ushbu maqolada ko‘lning suvi va baliqlar haqida yangi ma’lumotlar keltirilgan.", "Latn"),
    "Uzbek, modifier letters": ("Bolalar uchun yozilgan hikoyalar toʻplami yaqinda nashr qilindi.", "Latn"),
    "Uzbek, Cyrillic": ("Ушбу мақолада кўлнинг суви ва балиқлар ҳақида янги маълумотлар берилган.", "Cyrl"),
    "Uyghur": ("بۇ ماقالىدە كۆلنىڭ سۈيى ۋە بېلىقلارنىڭ سانى توغرىسىدا سۆزلىنىدۇ.", "Arab"),
    "Uyghur, Latin": ("Bu maqalide kölning süyi we béliqlarning sani toghrisida sözlinidu.", "Latn"),
    "Kyrgyz": ("Бул макалада көлдүн суусу жана балыктардын түрлөрү каралат.", "Cyrl"),
    "Kyrgyz, schools": ("Бул эмгекте көчмөн мектептердин тарыхы кыскача баяндалат жана өнүгүүсү каралат.", "Cyrl"),
    "Kyrgyz, few marks": ("Балдар кечинде атасы менен бирге тоого чыгып кетишти.", "Cyrl"),
    "Tatar": ("Бу мәкаләдә күл суы һәм балык төрләре өйрәнелә.", "Cyrl"),
    "Bashkir": ("Был мәҡәләлә күл һыуы һәм балыҡ төрҙәре өйрәнелә.", "Cyrl"),
    "Ukrainian": ("У цій праці коротко викладено історію кочових шкіл та її значення.", "Cyrl"),
    "Ukrainian, few marks": ("Діти повинні вчитися разом, а вчителі мають допомагати всім учням.", "Cyrl"),
    "Belarusian": ("У гэтым артыкуле разглядаецца саланасць вады стэпавых азёраў.", "Cyrl"),
    "Mongolian": ("Энэ өгүүлэлд нуурын усны давсжилт болон загасны төрлийг судалсан.", "Cyrl"),
    "Tajik": ("Дар ин мақола шӯрии оби кӯл ва намудҳои моҳӣ баррасӣ шудааст.", "Cyrl"),
    "German": ("Die Arbeit behandelt den Salzgehalt des Sees und die Zahl der Fischarten.", "Latn"),
    "French": ("Cet article étudie la salinité de l'eau du lac et n'oublie pas les poissons.", "Latn"),
    "Spanish": ("El artículo estudia la salinidad del agua de los lagos y los peces que viven en ella.", "Latn"),
    "Finnish": ("Tutkimuksessa tarkastellaan järven veden suolaisuutta.", "Latn"),
    "Arabic": ("يعرض هذا العمل تاريخ المدارس البدوية بإيجاز", "Arab"),
    "Persian": ("در این مقاله شوری آب دریاچه بررسی شده است", "Arab"),
    "Chinese": ("本文研究湖水的盐度", "Hani"),
    "Greek": ("Η ιστορία των σχολείων", "Grek"),
    "Georgian": ("სკოლების ისტორია", "Geor"),
    "Thai": ("ประวัติโรงเรียน", "Zzzz"),
}

NOTHING = {"figures": "12 345 — 6,7 %", "years": "12,5 % (2020–2021)", "nothing": "", "another script's figures": "²³ ٣٤"}

UNSURE = {
    "a name": "Sanzhar Mukhtarov",
    "a product": "Microsoft Excel",
    "one letter": "x",
    "a formula": "E = mc²",
}
"""Too little to tell."""


@pytest.mark.parametrize(("text", "lang", "script"), KNOWN.values(), ids=KNOWN)
def test_the_three_languages(text: str, lang: str, script: str) -> None:
    found = identify(text)
    assert (found.lang, found.script) == (lang, script)
    assert found.confidence > 0.5
    assert identify(unicodedata.normalize("NFD", text)) == found


@pytest.mark.parametrize(("text", "script"), ELSEWHERE.values(), ids=ELSEWHERE)
def test_another_language(text: str, script: str) -> None:
    found = identify(text)
    assert (found.lang, found.script) == ("und", script)
    assert found.confidence > 0.25


@pytest.mark.parametrize("text", NOTHING.values(), ids=NOTHING)
def test_no_word(text: str) -> None:
    assert identify(text) == ("und", NO_LETTER, 0.0)


@pytest.mark.parametrize("text", UNSURE.values(), ids=UNSURE)
def test_too_little_to_tell(text: str) -> None:
    assert 0 < identify(text).confidence < 0.7


@pytest.mark.parametrize("text", ["ekonomika", "otbasy", "mektep, ustaz", "Otbasy ekonomikasy", "tuzdy kol", "bala tarbiesi"])
def test_kazakh_keywords_in_latin_letters_are_not_surely_english(text: str) -> None:
    found = identify(text)
    assert found.lang != "en" or found.confidence < 0.5


def test_a_mixture_is_less_sure() -> None:
    whole = identify("Бұл еңбекте көшпелі мектептердің тарихы баяндалады")
    mixed = identify("Бұл еңбекте көшпелі мектептердің history of schools and their pupils баяндалады")
    assert mixed.script == "Cyrl"
    assert mixed.confidence < whole.confidence


@pytest.mark.parametrize("piece", ["a", "ığ", "і", "ә", "bo'", "12a"])
def test_a_word_without_end_takes_no_time(piece: str) -> None:
    start = time.process_time()
    identify(piece * 50_000)
    assert time.process_time() - start < 20


@given(st.text(max_size=60))
def test_any_text_has_an_answer(text: str) -> None:
    found = identify(text)
    assert (found.script == NO_LETTER) == (not any(letter.isalpha() for letter in text))
    assert found.script in (*NAMES.values(), "Zzzz", NO_LETTER)
    assert found.lang in ("kk", "ru", "en", "und")
    assert 0 <= found.confidence <= 1
