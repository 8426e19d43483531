"""What a file is, by its content; the name says nothing."""

import codecs
import re
from typing import BinaryIO

PICTURES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
PDF, ZIP, TEXT = "application/pdf", "application/zip", "text/plain"

_HEAD = 4096
_MARKUP = re.compile(
    r"<(?:!doctype|!--|\?xml|html|head|body|script|svg|iframe|\w+:)", re.IGNORECASE
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def kind_of(file: BinaryIO) -> str:
    """The media type; "" for what nobody may upload. Office files are zip archives."""
    file.seek(0)
    head = file.read(_HEAD)
    file.seek(0)
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head.startswith(b"%PDF-"):
        return PDF
    if head.startswith(b"PK\x03\x04"):
        return ZIP
    return TEXT if _is_text(head) else ""


def _is_text(head: bytes) -> bool:
    try:
        # the last letter may be cut in two
        text = codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return bool(text) and not _CONTROL.search(text) and not _MARKUP.search(text)
