"""Pictures made anew from their pixels: upright, sRGB, without metadata, in the sizes pages use."""

import struct
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps

from apps.core.errors import TooLarge, WrongKind

MAX_PIXELS = 50_000_000  # what phones make, and 150 MB of memory at most
QUALITY = 82
LANCZOS = Image.Resampling.LANCZOS
# What Pillow's decoders raise on files that aren't what they begin like.
_BROKEN = (OSError, ValueError, SyntaxError, EOFError, LookupError, struct.error, zlib.error)


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
            image.draft("RGB", (shape.widths[-1] * 2, shape.widths[-1] * 2))
            return _in_srgb(ImageOps.exif_transpose(_reduced(image, shape)))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except _BROKEN as error:
        raise WrongKind(
            _("The picture can’t be read, it may be damaged. Save it anew or choose another one.")
        ) from error


def _too_many_pixels() -> TooLarge:
    limit = MAX_PIXELS // 1_000_000
    text = _("The picture has more than %(limit)s megapixels. Make it smaller and try again.")
    return TooLarge(text % {"limit": limit})


def _reduced(image: Image.Image, shape: Shape) -> Image.Image:
    """Twice as large as needed is enough: what follows makes copies of it."""
    times = min(image.width, image.height) // (shape.widths[-1] * 2)
    if times < 2 or image.mode not in {"L", "RGB", "RGBA", "CMYK"}:
        return image
    small = image.reduce(times)
    small.info = image.info
    small.getexif().load(image.getexif().tobytes())
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
