"""TMX 1.4b, for translation memories: a <tu> a row, with two or three languages and where they come from."""

from collections.abc import Sequence
from typing import TextIO

from kzalign import __version__
from kzalign.corpus.exports.units import Head, Rows, Tally, Unit, for_xml, units

OPENING = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<tmx version="1.4">\n'
    '<header creationtool="kzalign" creationtoolversion="{version}" segtype="{kind}" o-tmf="kzalign" adminlang="en" '
    'srclang="{first}" datatype="plaintext"/>\n<body>\n'
)
"""No DOCTYPE: a reader with no copy of tmx14.dtd would look for it on the disk or the network, and some readers refuse any
DOCTYPE. No reader needs it, and the corpora of OPUS have none. No date: the same corpus gives the same bytes. The source
language is the first: readers that do not know `*all*` look it up among the languages of a <tu>."""

CLOSING = "</body>\n</tmx>\n"


def write_tmx(head: Head, rows: Rows, streams: Sequence[TextIO], tally: Tally) -> None:
    """Writes one TMX file; an article is in it if it has abstracts in two languages or more."""
    (stream,) = streams
    kind = "paragraph" if head.whole else "sentence"
    stream.write(OPENING.format(version=__version__, kind=kind, first=head.langs[0]))
    for unit in units(rows, head, tally, for_xml, articles_least=2):
        stream.write(_tu(unit))
    stream.write(CLOSING)


def _tu(unit: Unit) -> str:
    facts = [(f"x-{name.replace('_', '-')}", value) for name, value in unit.facts.items() if value != ""]
    props = "".join(f'<prop type="{name}">{_escaped(str(value))}</prop>\n' for name, value in facts)
    variants = "".join(f'<tuv xml:lang="{lang}"><seg>{_escaped(text)}</seg></tuv>\n' for lang, text in unit.texts.items())
    return f'<tu tuid="{_attribute(unit.id)}">\n{props}{variants}</tu>\n'


def _escaped(text: str) -> str:
    """Returns the text as XML holds it; a bare carriage return would come back as a line feed (XML 1.0, section 2.11)."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")


def _attribute(text: str) -> str:
    return _escaped(text).replace('"', "&quot;").replace("\t", "&#9;").replace("\n", "&#10;")
