"""What a file is by its first bytes, told where its name says another thing and its reader found nothing."""

from kzalign.extract.readers.scans import IMAGES

ZIP = "a zip archive (DOCX, ODT, EPUB …)"
PAGE = "a web page"
BEGINNINGS: tuple[tuple[tuple[bytes, ...], str], ...] = (
    ((b"%PDF",), "a PDF"),
    (IMAGES[".jpg"], "a JPEG image"),
    (IMAGES[".png"], "a PNG image"),
    (IMAGES[".tif"], "a TIFF image"),
    ((b"GIF8",), "a GIF image"),
    ((b"PK\x03\x04",), ZIP),
    ((b"\xd0\xcf\x11\xe0",), "an old or encrypted Office file"),
    ((b"{\\rtf",), "an RTF file"),
    ((b"AT&TFORM",), "a DjVu file"),
    ((b"PAR1",), "a Parquet file"),
    ((b"Rar!",), "a RAR archive"),
    ((b"7z\xbc\xaf",), "a 7z archive"),
    ((b"\x1f\x8b",), "a gzip archive"),
    ((b"<!doctype html", b"<html"), PAGE),
)
"""How files begin, in small letters where letters may be either, and what they are."""

NAMED: dict[str, tuple[str, str]] = {
    # suffix: what a file of that name is to be, and which of the above that is
    ".pdf": ("a PDF", "a PDF"),
    ".docx": ("a DOCX", ZIP),
    ".odt": ("an ODT", ZIP),
    ".html": (PAGE, PAGE),
    ".htm": (PAGE, PAGE),
    ".xhtml": (PAGE, PAGE),
    ".xml": ("XML", ""),
    ".parquet": ("a Parquet file", "a Parquet file"),
    ".png": ("a PNG image", "a PNG image"),
    ".jpg": ("a JPEG image", "a JPEG image"),
    ".jpeg": ("a JPEG image", "a JPEG image"),
    ".tif": ("a TIFF image", "a TIFF image"),
    ".tiff": ("a TIFF image", "a TIFF image"),
}


def mistaken(data: bytes, suffix: str) -> str:
    """Returns what a file is and what its name says, such as 'a JPEG image, not a PDF'; empty where that is not known."""
    said, own = NAMED.get(suffix, ("", ""))
    head = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:20]
    found = next((what for begins, what in BEGINNINGS if data.startswith(begins) or head.lower().startswith(begins)), "")
    return f"{found}, not {said}" if said and found and found != own else ""
