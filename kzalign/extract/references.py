"""What a line of a list of references looks like: patterns that need more of a line, or less, as the place makes it likely."""

import re

_SOURCE = r"(?<!:)//"
"""What parts a work from where it appeared; in a link a colon stands before it."""
_BRACKETED = r"^\W*\[\d"
_NUMBERED = r"^\W{0,3}\d{1,3}[.)\]]?\s+[^\W\d]"
_YEAR = r"\b(?:19|20)\d\d"
_PAGES = rf"{_YEAR}\.?\s?[–—-]\s(?:\d+\s?[сcбp]\b|[PСCБ]\.)"

ENTRY = re.compile(rf"{_SOURCE}|{_BRACKETED}|{_NUMBERED}.*{_YEAR}\b")
"""An entry with its year: numbered headings and lists have none."""

OPENING = re.compile(rf"{_SOURCE}|{_BRACKETED}|{_NUMBERED}")
"""The first line of an entry, whose year may stand below, or a later one that names its source."""

ENTRY_LINE = re.compile(rf"{ENTRY.pattern}|{_PAGES}")
"""A line of an entry: the last one often has year and pages alone."""

REFERENCE = re.compile(rf"^[–—-]\s|//|(?:^|[–—-]\s)[СCPБ]\.\s?\d|{_YEAR}\.\s?[–—-]")
"""A line that nothing but references have; links count, for they are no part of a header either."""

DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>«»]+")
