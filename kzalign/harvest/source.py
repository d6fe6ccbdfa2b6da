"""Where an article comes from, out of fields of Dublin Core that were filled in as each journal liked."""

import re
from collections.abc import Iterable, Sequence

DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"<>;]+")
LINK = re.compile(r"https?://[^\s\"<>]+", re.I)
UDC = re.compile(r"(?:\bудк|\bәож|\budc|\buddc)\b[\s:№]*([\d.:()/+*\"=-]*\d[\d.:()/+*\"=-]*)", re.I)
IRSTI = re.compile(
    r"\b(?:мрнти|ғтамр|хғтамр|irsti|ftamp|грнти|grnti)\b[\s:]*(\d\d(?:\.\d\d){1,2}(?:\s*[,;]\s*\d\d(?:\.\d\d){1,2})*)", re.I
)
ISSN = re.compile(r"^(?:e?-?issn\W*)?\d{4}-\d{3}[\dxх]$", re.I)
YEAR = re.compile(r"\b(1[89]\d\d|20\d\d)\b")
VOLUME = re.compile(r"\b(?:vol(?:ume)?|том|т|v)\b\.?\s*(\d{1,4})\b|\b(\d{1,4})\s*-?\s*том\b", re.I)
ISSUE = re.compile(r"(?:№|\b(?:no|issue|iss|вып(?:уск)?|num(?:ber)?)\b\.?)\s*(\d[\w()/–-]*)", re.I)
PAGES = re.compile(r"^\s*(?:[pсcб]{1,2}\.?\s*)?(\d{1,5}\s*[-–—]\s*\d{1,5})\s*(?:[pсcбб]\.?\s*)?$", re.I)
COMMONS = re.compile(r"https?://(?:www\.)?creativecommons\.org/(?:licenses|publicdomain)/[\w.\-/]+", re.I)
LANDING = re.compile(r"/article/view/[^/?#]+/?$|/handle/\d|/record/|/node/\d", re.I)
GALLEY = re.compile(r"/article/(?:view|download|viewFile)/[^/?#]+/[^/?#]+(?:/\d+)?/?$|\.pdf(?:$|\?)", re.I)

Source = dict[str, tuple[str, ...]]


def read_source(fields: dict[str, Sequence[str]]) -> tuple[Source, list[str], list[str]]:
    """Returns the article's source, the addresses of its page (the likeliest first) and those of its files."""
    named = [*fields.get("identifier", ()), *fields.get("relation", ())]
    everything = [*named, *fields.get("source", ())]
    coded = [*fields.get("keywords", ()), *fields.get("abstract", ()), *named]
    found: dict[str, list[str]] = {
        "authors": [*fields.get("authors", ())],
        "doi": [match[0].rstrip(".,)") for text in everything for match in DOI.finditer(text)][:1],
        "udc": [match[1] for text in coded for match in UDC.finditer(text)],
        "irsti": [match[1] for text in coded for match in IRSTI.finditer(text)],
        "year": [match[1] for text in fields.get("date", ()) for match in YEAR.finditer(text)][:1],
        "licence": _licence(fields.get("rights", ())),
    }
    for name, value in _printed(fields.get("source", ())):
        if name == "journal" or not found.get(name):
            found.setdefault(name, []).append(value)
    source = {name: tuple(dict.fromkeys(values)) for name, values in found.items() if values}
    links = list(dict.fromkeys(match[0].rstrip(".,;)") for text in named for match in LINK.finditer(text)))
    files = [link for link in links if GALLEY.search(link)]
    pages = [link for link in links if link not in files and "doi.org/" not in link]
    pages.sort(key=lambda link: not LANDING.search(link))
    return source, pages + [link for link in links if "doi.org/" in link], files


def _licence(rights: Iterable[str]) -> list[str]:
    """Returns the address of a public licence where one is named, else what the journal says of its rights."""
    said = [" ".join(text.split()) for text in rights]
    public = [match[0] for text in said for match in COMMONS.finditer(text)]
    return public[:1] or said


def _printed(sources: Iterable[str]) -> Iterable[tuple[str, str]]:
    """Yields journal, volume, issue, year and pages of lines such as `Journal; Vol. 5 No. 2 (2023): Title; 12-25`."""
    for text in sources:
        parts = [" ".join(part.split()) for part in text.split(";")]
        if ISSN.match(parts[0]) or not parts[0] or parts[0].lower().startswith(("http", "10.")):
            continue
        yield "journal", parts[0]
        for part in parts[1:]:
            pages = PAGES.match(part)
            if pages:
                yield "pages", re.sub(r"\s*[-–—]\s*", "–", pages[1])
                continue
            for name, pattern in (("volume", VOLUME), ("issue", ISSUE), ("year", YEAR)):
                match = pattern.search(part)
                if match:
                    yield name, next(filter(None, match.groups()))
