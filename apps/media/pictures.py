"""Pictures made anew from their pixels: upright, sRGB, without metadata, in the sizes pages use."""

import re
import struct
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps

from apps.core.errors import TooLarge, WrongKind

MAX_PIXELS = 50_000_000  # what phones make
# A JPEG may go over all its pixels again in every hundred bytes; encoders do it about ten times.
MAX_SCANS = 100
MAX_SEGMENTS = 5000
QUALITY = 82
LANCZOS = Image.Resampling.LANCZOS
# What Pillow's decoders raise on files that aren't what they begin like.
_BROKEN = (
    *(OSError, ValueError, TypeError, SyntaxError, EOFError, LookupError, ArithmeticError),
    *(struct.error, zlib.error),
)
# A JPEG's segments that have a length, and its end; 0 after 255 is no marker but a part of the pixels.
_SEGMENT = re.compile(rb"\xff+([^\x00\x01\xd0-\xd8\xff])")
_SCAN, _END = b"\xda", b"\xd9"
_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True)
class Shape:
    """The widths a picture is kept in, px, and the proportions it is cropped to."""

    widths: tuple[int, ...]
    ratio: float | None = None


@dataclass(frozen=True)
class Picture:
    width: int
    height: int
    content: bytes  # WebP


def encode(file: BinaryIO, shape: Shape) -> list[Picture]:
    """The picture in each width that it is large enough for, the largest last."""
    image = _decoded(file, shape)
    if shape.ratio:
        image = _cropped(image, shape.ratio)
    largest = min(image.width, shape.widths[-1])
    widths = [width for width in shape.widths if width < largest] + [largest]
    return [_encoded(image, width) for width in widths]


def _decoded(file: BinaryIO, shape: Shape) -> Image.Image:
    try:
        with Image.open(file, formats=["JPEG", "PNG", "GIF", "WEBP"]) as image:
            if image.width * image.height > MAX_PIXELS:
                raise _too_many_pixels()
            # a phone's JPEG may carry a second picture; it isn't a film
            if getattr(image, "is_animated", False) and image.format != "MPO":
                raise WrongKind(_("Moving pictures can’t be used here. Choose a still one."))
            if image.format in {"JPEG", "MPO"} and _has_too_many_scans(file):
                raise _unreadable()
            image.draft("RGB", (shape.widths[-1] * 2, shape.widths[-1] * 2))
            turn = _TURNS.get(image.getexif().get(_ORIENTATION, 1))
            small = _in_srgb(_reduced(image, shape))
            return small.transpose(turn) if turn is not None else small
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except _BROKEN as error:
        raise _unreadable() from error


def _unreadable() -> WrongKind:
    return WrongKind(
        _("The picture can’t be read, it may be damaged. Save it anew or choose another one.")
    )


def _has_too_many_scans(file: BinaryIO) -> bool:
    """By the markers up to the JPEG's end: what follows it, as a phone's film, isn't looked at."""
    before = file.tell()
    file.seek(0)
    content, at, scans = file.read(), 2, 0
    file.seek(before)
    for _segment in range(MAX_SEGMENTS):
        found = _SEGMENT.search(content, at)
        if found is None or found[1] == _END:
            return False
        scans += found[1] == _SCAN
        if scans > MAX_SCANS:
            return True
        at = found.end() + max(2, int.from_bytes(content[found.end() : found.end() + 2], "big"))
    return True


def _too_many_pixels() -> TooLarge:
    limit = MAX_PIXELS // 1_000_000
    text = _("The picture has more than %(limit)s megapixels. Make it smaller and try again.")
    return TooLarge(text % {"limit": limit})


def _reduced(image: Image.Image, shape: Shape) -> Image.Image:
    """Twice as large as needed is enough: what follows makes copies of it."""
    times = min(image.width, image.height) // (shape.widths[-1] * 2)
    if times < 2:
        return image
    info = image.info
    if image.mode not in {"L", "RGB", "RGBA", "CMYK"}:
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
        info = {}  # of the colours that it had
    small = image.reduce(times)
    small.info = info
    return small


def _in_srgb(image: Image.Image) -> Image.Image:
    mode = "RGBA" if image.has_transparency_data else "RGB"
    profile = image.info.get("icc_profile")
    if profile and image.mode in {"RGB", "RGBA", "CMYK"}:
        try:
            converted = ImageCms.profileToProfile(
                image,
                ImageCms.ImageCmsProfile(BytesIO(profile)),
                ImageCms.createProfile("sRGB"),
                outputMode="RGB" if image.mode == "CMYK" else image.mode,
            )
            image = converted or image
        except ImageCms.PyCMSError:
            pass  # a broken profile: the numbers as they are
    clean = image.convert(mode)
    clean.info = {}
    return clean


def _cropped(image: Image.Image, ratio: float) -> Image.Image:
    width = min(image.width, max(1, round(image.height * ratio)))
    height = min(image.height, max(1, round(width / ratio)))
    return ImageOps.fit(image, (width, height))


def _encoded(image: Image.Image, width: int) -> Picture:
    height = max(1, round(image.height * width / image.width))
    if height > width * 3:  # a scroll: kept readable, but not without end
        width, height = max(1, round(image.width * width * 3 / image.height)), width * 3
    small = image if image.size == (width, height) else image.resize((width, height), LANCZOS)
    out = BytesIO()
    small.save(out, "WEBP", quality=QUALITY, method=4)
    return Picture(width, height, out.getvalue())
