"""LaTeX sources: titles, keywords and abstracts by their commands and environments, or the text by its headings."""

import re
from collections.abc import Iterator

from kzalign.config import ExtractConfig
from kzalign.extract.readers.content import Content
from kzalign.extract.readers.sheet import Sheet
from kzalign.text.decode import decode

COMMENT = re.compile(r"(?<!\\)%.*")
NAMES = r"(?:abstract|аңдатпа|андатпа|andatpa|аннотаци|annotat|annotac|түйін|tuyin|tujin|резюме|реферат|referat|summary)"
ENVIRONMENT = re.compile(rf"\\begin\{{([^{{}}]*{NAMES}[^{{}}]*)\}}(.*?)\\end\{{\1\}}", re.I | re.S)
COMMAND = re.compile(
    rf"\\(?:(?P<abstract>(?:[a-z]*abstract|[^\W\d_]*{NAMES}[^\W\d_]*))|(?P<keywords>[a-z]*keywords?[a-z]*|кілтсөздер|түйінсөздер)|"
    r"(?P<title>[a-z]{0,8}title(?:kk|kz|ru|en|kaz|rus|eng)?))\*?\s*(?:\[[^\]]*\])?\s*(?=\{)",
    re.I,
)
HEADING = re.compile(r"\\(?:part|chapter|section|subsection|paragraph)\*?\s*(?:\[[^\]]*\])?\{([^{}]*)\}")
SIGNS = {
    r"\%": "%",
    r"\&": "&",
    r"\_": "_",
    r"\#": "#",
    r"\$": "$",
    "``": "“",
    "''": "”",
    "<<": "«",
    ">>": "»",
    "---": "—",
    "--": "–",
}
SIGN = re.compile("|".join(map(re.escape, SIGNS)))
DROPPED = re.compile(
    r"\\(?:label|cite\w*|ref|eqref|footnote|index|vspace|hspace|includegraphics|thispagestyle)\*?(?:\[[^\]]*\])?\{[^{}]*\}"
)
ENVIRONMENTS = re.compile(r"\\(?:begin|end)\{[^{}]*\}(?:\[[^\]]*\])?")
WORD = re.compile(r"\\[a-zA-Z]+\*?(?:\[[^\]]*\])?|\\.|[{}$]")


def read_latex(data: bytes, config: ExtractConfig) -> Content:
    """Returns the parts that commands and environments name; where none names an abstract, the text with its headings."""
    decoded = decode(data)
    source = "\n".join(COMMENT.sub("", line) for line in decoded.text.replace("\r\n", "\n").split("\n"))
    sheet = Sheet()
    parts = sorted([*_commands(source), *_environments(source)])
    if not any(role == "abstract" for _, role, _, _ in parts):
        return Content(decoded.encoding, tuple(_running(source)), bad_bytes=decoded.bad_bytes)
    for _, role, group, text in parts:
        sheet.add(role, _paragraphs(text), group)
    sheet.close_article()
    return sheet.content(decoded.encoding, decoded.bad_bytes)


def _environments(source: str) -> Iterator[tuple[int, str, str, str]]:
    for match in ENVIRONMENT.finditer(source):
        yield match.start(), "abstract", match[1], match[2]


def _commands(source: str) -> Iterator[tuple[int, str, str, str]]:
    """Yields place, part, group and text of each command that holds a part; definitions of such commands are none."""
    for match in COMMAND.finditer(source):
        text = _argument(source, match.end())
        defined = re.search(r"\\(?:re)?newcommand\*?\s*\{?\s*$|\\def\s*$", source[max(0, match.start() - 30) : match.start()])
        if text is not None and not defined:
            yield match.start(), match.lastgroup or "", match[0], text


def _argument(source: str, start: int) -> str | None:
    """Returns what stands in the braces that open at `start`, None where they do not close."""
    depth = 0
    for place in range(start, len(source)):
        if source[place] in "{}" and source[place - 1] != "\\":
            depth += 1 if source[place] == "{" else -1
            if depth == 0:
                return source[start + 1 : place]
    return None


def _paragraphs(text: str) -> list[str]:
    return [_plain(paragraph) for paragraph in re.split(r"\n\s*\n|\\par\b|\\\\", text)]


def _plain(text: str) -> str:
    text = DROPPED.sub("", ENVIRONMENTS.sub("", text))
    text = SIGN.sub(lambda match: SIGNS[match[0]], text.replace("\\-", "").replace("~", " ").replace('"=', "-"))
    return " ".join(WORD.sub("", text).split())


def _running(source: str) -> Iterator[str]:
    """Yields the lines of the text between \\begin{document} and its end, headings on lines of their own."""
    body = source.partition(r"\begin{document}")[2] or source
    body = HEADING.sub(lambda match: f"\n\n{match[1]}\n\n", body.partition(r"\end{document}")[0])
    for paragraph in _paragraphs(body):
        if paragraph:
            yield paragraph
            yield ""
