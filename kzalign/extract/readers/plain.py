"""Plain text and Markdown: lines as `sed` numbers them. Marks of Markdown are the layout's business."""

from kzalign.config import ExtractConfig
from kzalign.extract.readers.content import Content
from kzalign.text.decode import decode


def read_plain(data: bytes, config: ExtractConfig) -> Content:
    """Returns the encoding and the lines of a text file; raises Undecodable."""
    decoded = decode(data)
    text = decoded.text
    if "\r" in text:
        text = text.replace("\r\n", "\n") if "\n" in text else text.replace("\r", "\n")
    return Content(decoded.encoding, tuple(text.split("\n")), bad_bytes=decoded.bad_bytes)
