"""Sentence ends in kk, ru and en. ` | ` marks an end in a case, `‖` an end where the space is missing."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kzalign.text.sentences import MAY_END, NEVER_END, is_label, split_sentences

CASES = """
Су тапшы. | Халық көп.
Вода дорога. | Людей много.
Water is scarce. | People are many.
Неужели? | Да! | Конечно… | Вот так.
Почему?! | Потому.
Он родился в 1985 г. в Алматы. | Там и жил.
Работа велась в 2019–2023 гг. | Результаты приведены ниже.
Работа велась в поле летом 2021 г. | Результаты приведены ниже.
Это было в XIX в. | Потом всё изменилось.
Город построен в XVIII в. купцами. | Потом он сгорел.
XIX ғ. аяғында дамыды. | Сонда болды.
2020 ж. Алматыда өтті. | Сонда болды.
2015–2020 жж. зерттелді. | Сонда болды.
Город Алматы, ул. Абая, д. 5. | Далее река.
Из г. Алматы до с. Тастыөзек. | Там река.
Смотри рис. 3 и табл. 4. | Там всё есть.
См. табл. 4. | Там всё есть.
Это проф. Иванов И. И. сказал верно. | Да.
Пришёл доц. Петров и акад. Сидоров. | Они молчали.
т.ғ.д., проф. Иванов келді. | Сонда болды.
Чл.-корр. Омаров пришёл. | Все встали.
Цена 100 руб. за тонну. | Это много.
Площадь 5,5 тыс. га земли. | Урожай вырос.
Площадь пашни выросла до 12 га. | Урожай вырос.
Көлемі 5 млн. тонна болды. | Бағасы өсті.
Мұнай өндіру көлемі жетті 5 млн. | Бағасы өсті.
Глубина скважины составила 15 м. | Вода солёная.
Урожай, доход, цены и т.д. | Результаты хорошие.
Урожай, доход, цены и т.д. выросли. | Результаты хорошие.
Ауыл, қала, аудан және т.б. | Зерттеу мұны көрсетті.
Ауыл, қала, аудан және т.б. мәселелер. | Зерттеу мұны көрсетті.
Изучены почвы, воды, растения и др. | Результаты хорошие.
Это т.е. вода, т.к. река, и т.п. вещи. | Далее степь.
Жили до н.э. и позже. | Потом ушли.
По данным Smith et al. (2019) it fell. | It rose.
As found by Smith et al. in 2019, it fell. | It rose.
The results (see Fig. 3) are clear. | They hold.
See Figs. 3 and 4, Eq. 5, Vol. 6, No. 7, pp. 8–9. | They hold.
It grew, e.g. wheat, i.e. grain, cf. rye vs. oats. | They fell.
We met Dr. Smith and Mrs. Brown at 5 p.m. | Then we left.
The army of the U.S. Government left. | Then it ended.
The U.S. economy grew. | Then it ended.
It was made by Water Ltd. in approx. two years. | Then it ended.
Prices, wages, rents, etc. | The results follow.
Prices, etc. were read. | The results follow.
It was in Jan. 2020 and Dec. 2021. | Then it ended.
В работе А. М. Хазанова это показано. | Далее вывод.
В работе А.М. Хазанова это показано. | Далее вывод.
В работе А.М.Хазанова это показано. | Далее вывод.
В работе Хазанова А.М. это показано. | Далее вывод.
Ә. Бөкейхан айтты. | Сонда болды.
Ж.Аймауытов жазды. | Сонда болды.
Қ. Сәтбаев атындағы институт. | Сонда болды.
Zh. Aimauytov and Sh. Valikhanov wrote. | Then it ended.
Дж. Лондон писал. | Потом уехал.
The book by J. R. R. Tolkien. | Then it ended.
Учились в классе 9 А. | Потом ушли.
Урожай пшеницы составил 3.5 т/га. | Доход вырос.
The p value was p < 0.05. | It holds.
It fell by 18.4%. | It rose by 3.
Версия 1.5.2 вышла. | Всё верно.
Сайт kz.org открыт, см. Web.Science там. | Всё верно.
Пишите на a.b@mail.kz сейчас. | Всё верно.
Материалы и методы. Опрошено 412 семей. | Собраны данные.
Кіріспе. Мақалада су тарифі қаралды. | Нәтиже жақсы болды.
Background. The study is new. | Methods. We asked 412 families.
Зерттеудің мақсаты. Су тарифін сипаттау. | Жол ұзақ.
Результаты: вода упала. | Выводы. Надо чинить.
1. First item here. | 2. Second item here.
1) First item. | 2) Second item.
а) Первое дело. б) Второе дело.
Жаңа тарих бар.‖Қорытындылай келе айтамыз.
Жаңа «тарих».‖Қорытындылай келе айтамыз.
Вода дорога.‖Людей много.
They saved water.‖Then they stopped.
Он сказал: «Всё». | Потом ушёл.
Он сказал: «Всё.» | Потом ушёл.
“Quote here.” | Then he left.
"Quote here." | Then he left.
«Абай жолы» романы бар. | «Қан мен тер» де бар.
He left (see Table 2). | Then it ended.
(It is a note.) | Then it ended.
Неужели (?) Да. | Всё верно.
Он ушёл (!) вчера. | Всё верно.
Слово . | Слово стоит.
... | Начало стоит. | Конец стоит.
Он думал... и ушёл. | Конец стоит.
Он думал... | Потом ушёл.
скважина № 5. | Далее степь.
Температура 20 °C. | Далее степь.
В 2020. году было. | Далее степь.
Одно предложение без точки
Одно предложение.
Расход реагента снизился на 30 г/т. | Результаты служат основанием.
Изучены виды, выращиваемые в саду в 1998–2022 гг. | 14 видов получили высший балл.
В 2015–2020 гг. 14 видов получили высший балл. | Далее степь.
The answer came. | 412 families wrote it.
Сорбцию изучали при pH 3. | рН 5,5 оказалось лучшим.
Температураның әсері анықталды. | рН 5,5 кезінде сыйымдылық өсті.
The gene was silenced. | mRNA levels fell.
Почвы, в т.ч. pH-нейтральные, изучены. | Далее степь.
Изучена группа А. | В отличие от неё группа Б мала.
Дети болели гепатитом С. | Результаты лечения неизвестны.
Она дала витамин С. | Это помогло.
Заболевание вызвано вирусом гепатита В. | У больных снижен иммунитет.
The patients took vitamin C. | The results are good.
В работе А. К. Петрова и В. С. Иванова это показано. | Далее вывод.
В работе А. Вагнера это показано. | Далее вывод.
The theorem holds for all f ∈ Q. | Unlike the classical case, no duality is used.
Теңсіздік барлық f ∈ Q үшін болсын және конус белгіленсін. | ∥Hf∥ ≤ C болсын.
Оның энергиясы заңымен өзгереді. | θ бұрышынан жоғары күй анизотропты.
The authors analyse Art. 68 of the Code and Arts. 5 and 6. | It is new.
They study modern art. | It is new.
The ansatz of Refs. [4, 5] and Ref. 6 is used. | It is new.
Негіздеу. 1978–1991 жж. профильдер жиі. | Су бар.
Обоснование. Архивные профили гуще. | Вода есть.
Жауап келді. | – Сонда болды.
Исследовано содержание металлов в нижнем течении (пос. Тасты – устье) в 2019 г. | Пробы взяты весной.
Дела взяты из архива (ф. 44, оп. 2), отчёты – из печати. | Их мало.
Бидайдың (Triticum aestivum L.) 48 сорты егілді. | Олар тексерілді.
Гендер (Sr2, Sr24 және т.б.) ПТР әдісімен анықталды. | Олар көп.
Взяты пробы (вода, почва и т.д.). | Они хранились в холоде.
Вода чиста. | (Пробы брали дважды. | Воду кипятили.) | Затем её пили.
Уровни даны (от («А0» до «С2»). | При этом задания (их 25) даны отдельно.
Расход воздуха составил 0,06 кг/с. | Рёбра его не изменили.
Вязкость выросла до 25 мПа·с. | На участке стало лучше.
Водоотбор ограничен величиной 1,8 м3/с. | Кроме того, нужны бассейны.
Время бега сократилось на 1,4 с. | Программа рекомендуется тренерам.
Учителя работали в 5 с. Алматинской области.
Образуется плотный гель C–A–S–H. | Выщелачивание прекращается.
Об этом писал Ж.-П. Сартр в своей книге. | Она известна.
Ескерткіштер б.з.б. VII–III ғғ. мәдениетіне жатады. | Олар көп.
Олар IV ғасырда салынғанын көрсетті. | № 12 қорғаннан табылған ыдыс та осы кезеңге жатады.
Согласно приказу от 5 мая т.г. № 12 проба взята дважды.
Группе риска не хватает витамина D. | Цель: Оценить его содержание.
"""


@pytest.mark.parametrize("case", CASES.strip().split("\n"))
def test_ends(case: str) -> None:
    text = case.replace(" | ", " ").replace("‖", "")
    assert split_sentences([text]) == re.split(r" \| |‖", case)


@pytest.mark.parametrize("abbreviation", sorted(NEVER_END - MAY_END))
def test_no_sentence_ends_at_an_abbreviation(abbreviation: str) -> None:
    text = f"Во многих местах было {abbreviation}. Абай сказал."
    assert split_sentences([text]) == [text]


@pytest.mark.parametrize("abbreviation", sorted(MAY_END))
def test_what_follows_decides_at_the_others(abbreviation: str) -> None:
    for following in ("5 дней.", "и так далее.", "XIX века."):
        text = f"Во многих местах области было {abbreviation}. {following}"
        assert split_sentences([text]) == [text]


def test_abbreviations_are_in_the_form_that_is_looked_up() -> None:
    assert all(word == word.strip(".-").lower() for word in NEVER_END | MAY_END)


PARAGRAPHS = {
    "two": (["Су бар. Жол бар.", "Ел бар."], ["Су бар.", "Жол бар.", "Ел бар."]),
    "a paragraph ends a sentence": (["Су", "Жол"], ["Су", "Жол"]),
    "spaces and line ends are one space": (["  Су\n\tбар.  Жол\xa0бар. "], ["Су бар.", "Жол бар."]),
    "empty ones give none": (["", "  ", "Су бар."], ["Су бар."]),
    "none": ([], []),
}


@pytest.mark.parametrize(("paragraphs", "sentences"), PARAGRAPHS.values(), ids=PARAGRAPHS)
def test_paragraphs(paragraphs: list[str], sentences: list[str]) -> None:
    assert split_sentences(paragraphs) == sentences


LABELS = {
    "Материалы и методы": True,
    "Зерттеудің мақсаты": True,
    "Background": True,
    "RESULTS": True,
    "Results and discussion": True,
    "методы": False,
    "Вода и методы": False,
    "": False,
    "412": False,
    "Методы методы методы методы методы методы методы": False,
}


@pytest.mark.parametrize(("text", "label"), LABELS.items())
def test_labels(text: str, label: bool) -> None:
    assert is_label(text) is label


TOKENS = """
    су Вода Water қала город 412 3.5 А.М. т.б. т.д. et al. г. жыл проф. «Абай» (рис. 3) и e.g. Дж. No. 5 – Методы. XIX ғ. … ? ! .
    «Всё.» (См. kz.org 18,4% млн. тг. U.S. А. z) ) " ” “
""".split()


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(TOKENS), max_size=30), st.sampled_from([" ", "\n", "  ", "\xa0"]))
def test_joined_by_spaces_they_are_the_text(tokens: list[str], space: str) -> None:
    text = space.join(tokens)
    sentences = split_sentences([text])
    assert " ".join(sentences) == " ".join(text.split())
    assert split_sentences(sentences) == sentences


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text(alphabet='абАБabAB.!?… «»()"1\n') | st.text(), max_size=4))
def test_no_letter_is_lost(paragraphs: list[str]) -> None:
    sentences = split_sentences(paragraphs)
    assert "".join("".join(sentences).split()) == "".join("".join(paragraphs).split())
    assert all(sentence == " ".join(sentence.split()) != "" for sentence in sentences)
