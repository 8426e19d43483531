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


def scanned(times, size=(40, 30)):
    """A progressive JPEG whose last scan comes so many times more."""
    content = picture("JPEG", size=size, progressive=True)
    scan, end = content.rindex(b"\xff\xda"), content.rindex(b"\xff\xd9")
    return content[:end] + content[scan:end] * times + content[end:]


def test_a_jpeg_that_paints_itself_over_and_over_is_refused_before_it_is_decoded():
    """369 KB of it took 19 s of a processor, 20 MB would take a quarter of an hour of it."""
    assert sizes(scanned(30), Shape((64,))) == [(40, 30)]
    with pytest.raises(WrongKind):
        encode(BytesIO(scanned(200)), Shape((64,)))


def test_a_jpeg_of_empty_segments_is_refused():
    content = picture("JPEG", size=(40, 30))
    with pytest.raises(WrongKind):
        encode(BytesIO(content[:2] + b"\xff\xfe\x00\x02" * 6000 + content[2:]), Shape((64,)))


def test_what_follows_a_photo_is_not_counted():
    """A phone puts its film behind it."""
    photo = picture("JPEG", size=(40, 30))
    assert sizes(photo + b"\xff\xda\x00\x02" * 5000, Shape((64,))) == [(40, 30)]


@pytest.mark.parametrize("turn", range(1, 9))
@pytest.mark.parametrize("width", [64, 16])
def test_every_way_a_phone_is_held(turn, width):
    """As it is, and scaled down while it is decoded."""
    upright = Image.new("RGB", (120, 80), "white")
    upright.paste("red", (0, 0, 60, 40))
    back = {1: None, 2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}[turn]
    held = upright if back is None else upright.transpose(Image.Transpose(back))
    exif = Image.Exif()
    exif[0x0112] = turn
    out = BytesIO()
    held.save(out, "JPEG", exif=exif, quality=95)
    (found,) = encode(BytesIO(out.getvalue()), Shape((width,)))
    image = opened(found).convert("RGB")
    assert image.width > image.height
    assert image.getpixel((image.width // 4, image.height // 4))[1] < 90
    others = [(3, 1), (1, 3), (3, 3)]
    assert all(
        image.getpixel((image.width * x // 4, image.height * y // 4))[1] > 200 for x, y in others
    )


# turned right, with a date of a kind that Pillow reads and can't write
DAMAGED_EXIF = bytes.fromhex(
    "4578696600004d4d002a000000080006010e000200000029000000560112000300000001000600000"
    "11a0005000000010000008001320002000000140000008887690004000000010000009c8825000400"
    "000001000000c00000000078787878787878787878787878787878787878787878787878787878787"
    "87878787878787878787878787800000000009100000002323032303a30313a30312030303a30303a"
    "3030000002829a000300000002000100fa9003000200000005000000ba00000000323032300000006"
    "a0002000500000003000000d200000000000000010000000100000002000000010000000300000001"
)


@pytest.mark.parametrize("width", [64, 4])
def test_metadata_that_cannot_be_written_again_is_no_matter(width):
    content = picture("JPEG", size=(30, 20), exif=DAMAGED_EXIF)
    (found,) = encode(BytesIO(content), Shape((width,)))
    assert found.width < found.height


@pytest.mark.parametrize("mode", ["P", "LA", "1", "I;16"])
def test_large_pictures_of_few_colours_are_scaled_too(mode):
    content = picture(mode=mode, color=0, size=(700, 500))
    assert sizes(content, Shape((64,))) == [(64, 46)]
