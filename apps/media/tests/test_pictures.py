import random
from io import BytesIO

import pytest
from PIL import Image, ImageCms

from apps.core.errors import TooLarge, WrongKind
from apps.media import pictures
from apps.media.pictures import Shape, encode

from .files import film, picture

WIDE = Shape((320, 640, 1280), ratio=3 / 2)


def opened(found):
    return Image.open(BytesIO(found.content))


def sizes(content, shape):
    found = encode(BytesIO(content), shape)
    assert [opened(one).size for one in found] == [(one.width, one.height) for one in found]
    return [(one.width, one.height) for one in found]


@pytest.mark.parametrize("format", ["PNG", "JPEG", "GIF", "WEBP"])
def test_sizes_in_proportion(format):
    assert sizes(picture(format), WIDE) == [(320, 213), (640, 427), (1280, 853)]
    assert sizes(picture(format), Shape((640, 1280))) == [(640, 400), (1280, 800)]
    assert sizes(picture(format), Shape((64, 128), ratio=1)) == [(64, 64), (128, 128)]


def test_nothing_is_enlarged():
    assert sizes(picture(size=(400, 300)), WIDE) == [(320, 214), (400, 267)]
    assert sizes(picture(size=(1, 1)), WIDE) == [(1, 1)]
    assert sizes(picture(size=(1, 900)), WIDE) == [(1, 1)]


def test_a_scroll_is_kept_within_three_times_its_width():
    assert sizes(picture(size=(100, 3000)), Shape((640,))) == [(10, 300)]


def test_metadata_goes_and_orientation_is_applied():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned right
    exif[0x010F] = "Phone maker"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    content = picture("JPEG", size=(300, 200), exif=exif, icc_profile=profile)

    (found,) = encode(BytesIO(content), Shape((640,)))

    assert (found.width, found.height) == (200, 300)
    assert b"Phone maker" not in found.content
    assert not set(opened(found).info) & {"exif", "icc_profile", "xmp"}


def test_transparency_stays():
    (found,) = encode(
        BytesIO(picture(mode="RGBA", size=(10, 10), color=(1, 2, 3, 0))), Shape((64,))
    )
    assert opened(found).convert("RGBA").getpixel((5, 5))[3] == 0


@pytest.mark.parametrize(("mode", "color"), [("CMYK", 0), ("L", 7), ("1", 1)])
def test_other_colour_spaces(mode, color):
    format = "JPEG" if mode == "CMYK" else "PNG"
    assert sizes(picture(format, mode=mode, color=color, size=(20, 10)), Shape((64,))) == [(20, 10)]


@pytest.mark.parametrize("format", ["GIF", "WEBP", "PNG"])
def test_films_are_refused(format):
    with pytest.raises(WrongKind):
        encode(BytesIO(film(format)), WIDE)


def test_pixel_cap(monkeypatch):
    monkeypatch.setattr(pictures, "MAX_PIXELS", 100 * 100 - 1)
    with pytest.raises(TooLarge):
        encode(BytesIO(picture(size=(100, 100))), WIDE)


@pytest.mark.parametrize("size", [(10_000, 10_000), (60_000, 60_000)])
def test_bomb_is_refused_before_it_unfolds(size):
    header = picture(size=(1, 1))
    grown = bytearray(header)
    grown[16:24] = size[0].to_bytes(4, "big") + size[1].to_bytes(4, "big")
    grown[29:33] = __import__("zlib").crc32(bytes(grown[12:29])).to_bytes(4, "big")
    with pytest.raises(TooLarge):
        encode(BytesIO(bytes(grown)), WIDE)


@pytest.mark.parametrize("format", ["PNG", "JPEG", "GIF", "WEBP"])
def test_broken_files_are_told(format):
    chance = random.Random(7)
    whole = picture(format, size=(40, 30))
    for _ in range(150):
        broken = bytearray(
            whole[: chance.randrange(len(whole))] if chance.random() < 0.3 else whole
        )
        for _ in range(chance.randrange(1, 6)):
            if broken:
                broken[chance.randrange(len(broken))] = chance.randrange(256)
        try:
            encode(BytesIO(bytes(broken)), WIDE)
        except (WrongKind, TooLarge):
            pass
