"""Whatever is chosen as a picture: phones' photos are taken, all else ends in a word at its field."""

import resource
import zlib
from io import BytesIO

import pytest
from django.urls import reverse
from PIL import Image

from apps.courses.tests.factories import CourseFactory, LessonFactory
from apps.media.models import Upload
from apps.media.tests.files import picture, upload

from .pages import Page

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
SIZES = {"12 MP": (4032, 3024), "40 MP": (7296, 5472), "48 MP": (8064, 6048)}


def bomb() -> bytes:
    """A picture of one pixel that says it had 3,600 megapixels."""
    grown = bytearray(picture(size=(1, 1)))
    grown[16:24] = (60_000).to_bytes(4, "big") * 2
    grown[29:33] = zlib.crc32(bytes(grown[12:29])).to_bytes(4, "big")
    return bytes(grown)


def photo(size: tuple[int, int], format: str = "JPEG") -> bytes:
    out = BytesIO()
    Image.new("RGB", size, (90, 140, 150)).save(out, format)
    return out.getvalue()


BAD = {
    "empty": (b"", "empty"),
    "svg": (SVG, "Choose a picture: JPEG, PNG or WebP"),
    "a program": (b"MZ\x90\x00" * 100, "Choose a picture: JPEG, PNG or WebP"),
    "truncated": (photo((400, 300))[:900], "may be damaged"),
    "bomb": (bomb(), "more than 50 megapixels"),
    "heavy": (b"\xff\xd8\xff" + b"x" * (20 * 2**20), "larger than 20"),
}


@pytest.fixture
def places(client, teacher):
    """Where a picture can be chosen: name of the field, address, what else the form sends."""
    client.force_login(teacher)
    course = CourseFactory(owner=teacher, title="Drawing by eye")
    address = reverse("courses:settings", args=[course.pk])
    page = Page(client.get(address).content.decode(), address)
    (form,) = [each for each in page.forms if "subtitle" in each.values()]
    typed = {**form.values(), "subtitle": ["Typed before the picture was chosen"]}
    return {
        "avatar": ("file", reverse("accounts:avatar"), {}),
        "profile's cover": ("file", reverse("social:cover"), {}),
        "course's cover": ("cover", address, typed),
    }


@pytest.mark.parametrize("place", ["avatar", "profile's cover", "course's cover"])
@pytest.mark.parametrize("name", BAD)
def test_a_file_that_is_no_good_is_told_at_its_field(client, places, place, name):
    field, address, others = places[place]
    content, words = BAD[name]
    answer = client.post(address, {**others, field: upload(content, "photo.jpg")})
    assert answer.status_code == 422
    page = Page(answer.content.decode(), address)
    (chosen,) = [each for each in page.fields if each.name == field and each.kind == "file"]
    assert chosen.is_invalid
    assert words in " ".join(page.texts.get(id, "") for id in chosen.described_by)
    for typed in page.fields:
        if typed.name == "subtitle":
            assert [typed.value] == others["subtitle"]
    assert not Upload.objects.exists()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("place", ["avatar", "course's cover"])
def test_photos_of_phones_are_taken_and_scaled(client, places, place, size):
    field, address, others = places[place]
    answer = client.post(address, {**others, field: upload(photo(SIZES[size]), "photo.jpg")})
    assert answer.status_code == 302
    kept = Upload.objects.get()
    assert kept.width <= 1280 and kept.size < 2**20


def test_a_large_png_takes_bounded_memory(client, places):
    field, address, _others = places["avatar"]
    content = photo(SIZES["40 MP"], "PNG")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    answer = client.post(address, {field: upload(content, "photo.png")})
    assert answer.status_code == 302
    # unfolded it is 120 MB; Pillow's rows and one smaller copy come to it
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 400 * 1024


def test_a_file_of_a_lesson_says_what_may_be_attached(client, teacher):
    client.force_login(teacher)
    lesson = LessonFactory(course__owner=teacher)
    address = reverse("courses:attach", args=[lesson.pk])
    answer = client.post(address, {"file": upload(SVG, "drawing.svg")}, HTTP_HX_REQUEST="true")
    page = Page(answer.content.decode(), address)
    (chosen,) = [each for each in page.fields if each.name == "file"]
    assert answer.status_code == 422 and chosen.is_invalid
    assert "Choose a PDF, a ZIP" in " ".join(page.texts[id] for id in chosen.described_by)
