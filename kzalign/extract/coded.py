"""Lines that an editorial office adds to an article: codes, dates, its kind, who presented it, who its authors are."""

import re

from kzalign.extract.letters import UPPER

CODE = re.compile(
    r"^\W*(?:УДК|ӘОЖ|UDC|UDK|МРНТИ|ГРНТИ|[ХX]?ҒТАМР|ҒТАХР|[ХX]ҒТАР|FTAM[RP]|GRNTI|ГТАМР|IRSTI|SRSTI|ISRTI|МРТНИ|DOI|JEL|ББК|КБЖ|BBC|"
    r"https?://doi\.org|(?:JEL|MSC)\s+code)\b.{0,120}$",
    re.I,
)

DATES = re.compile(
    r"""^\W*(?:
      (?:(?:manuscript|article)\s)?(?:received|accepted|revised|published(?:\sonline)?|available\sonline)
    | (?:(?:статья|материал)\s)?(?:дата\s)?(?:поступи(?:л|ла|ло|ления)|принят[аоы]?|получен[аоы]?|одобрен[аоы]?)
    | опубликован[аоы]?(?:\sonline)?
    | (?:мақала\s)?(?:редакцияға\s)?(?:келіп\s)?түст?і|қабылданды|жарияланды|жіберілді
    )(?:\s(?:в\sредакцию|к\sпечати|к\sпубликации|в\sпечать|после\sдоработки|баспаға|басуға|in\srevised\sform))?
    \s*[:–—-]?\s*(?:\d{1,2}[./]|\d{4}\s*[-./жг]|\d{1,2}\s(?:янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек|қаң|ақп|нау|сәу|мам|мау|шіл|там|қыр|қаз|қар|жел
    |jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s\d).{0,120}$""",
    re.I | re.X,
)

DATE = re.compile(
    r"^\W*(?:received\sin\srevised\sform|\d{1,2}(?:[./]\d{1,2}[./]|\s(?:january|february|march|april|may|june|july|august|"
    r"september|october|november|december)\s)(?:19|20)\d\d)\W*$",
    re.I,
)
"""A line of such dates in a narrow column."""

RUBRIC = re.compile(
    rf"""^\W*(?:
      (?i:(?:(?:article|paper|manuscript)\stype|тип\s(?:статьи|публикации)|мақала(?:ның)?\sтүрі)?\s?:?\s?
      (?:(?:original\s|scientific\s)?research\s(?:article|paper)|(?:original|scientific|review|mini-?review)\s(?:article|paper)
      |original\s(?:research|study)|(?:short|brief)\s(?:communication|report)|case\s(?:report|study)|systematic\sreview
      |(?:оригинальная|научная|обзорная|научно-практическая|экспериментальная)\sстатья|краткое\sсообщение|клинический\sслучай
      |(?:оригинальное|экспериментальное)\sисследование|систематический\sобзор
      |(?:ғылыми|түпнұсқа|бірегей|шолу)\sмақала(?:сы)?|(?:түпнұсқа|бірегей)\sзерттеу|қысқаша\sхабарлама|клиникалық\sжағдай))
    | (?:РАЗДЕЛ|СЕКЦИЯ|БӨЛІМ|SECTION|Раздел|Секция|Бөлім|Section)\s
      (?:\d{{1,2}}|[IVX]{{1,4}})\b(?:\s?[.:–—-]\s*[{UPPER}][^!?]{{2,80}})?
    | (?:\d{{1,2}}|[IVX]{{1,4}})[\s-]*(?:РАЗДЕЛ|СЕКЦИЯ|БӨЛІМ|SECTION)\b.{{0,80}}
    )\W*$""",
    re.X,
)
"""A kind of article or a part of the issue, above titles."""

PRESENTED = re.compile(
    r"""^\W*(?:
      (?:communicated|presented|recommended|reviewed)\sby
    | (?:academic|handling|responsible|scientific|managing)\seditor | reviewers?
    | (?:(?:статья|статью|работа)\s)?(?:представлен[ао]?|представил[аи]?|рекомендован[ао]?)
      (?=\s(?:член|академик|д\.|проф|к\sпечати|[А-ЯӘҒҚҢӨҰҮҺІ]\.)|\s?:)
    | (?:ответственный|научный)\sредактор | рецензент(?:ы|тер)?
    | (?:мақаланы\s)?ұсынған(?=\s?:|\s(?:академик|проф|корр)) | пікір\s(?:жазған|берген)(?:дер)? | (?:ғылыми|жауапты)\sредактор
    )(?:\s?[:–—(-]\s?|\s).{2,120}$""",
    re.I | re.X,
)
"""Who has presented, reviewed or edited an article."""

ABOUT_AUTHORS = re.compile(
    r"^\W*(?:авторлар|авторы|authors)\W*$|"
    r"^\W*(?:автор(?:лар)?\sтуралы\s(?:мәлімет(?:тер)?|ақпарат)|(?:сведения|информация)\sоб\sавтор(?:е|ах)|about\sthe\sauthors?|"
    r"information\sabout\s(?:the\s)?authors?|authors?['’]?s?['’]?\s(?:bio\b|biograph|information))\W.{0,300}$",
    re.I,
)
"""What the authors' particulars begin with."""

CODES = (CODE, DATES, DATE, RUBRIC, PRESENTED, ABOUT_AUTHORS)


def is_coded(text: str) -> bool:
    """Says whether a line holds codes, dates, a kind of article or who presented it; dates may stand at its right."""
    return any(form.match(text) for form in CODES) or ("   " in text and DATES.match(text.split("   ")[-1].strip()) is not None)
