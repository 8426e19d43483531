"""Files of every kind, made when they're needed."""

import zipfile
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def picture(format="PNG", size=(1600, 1000), color="teal", mode="RGB", **options):
    out = BytesIO()
    Image.new(mode, size, color).save(out, format, **options)
    return out.getvalue()


def film(format="GIF"):
    out = BytesIO()
    frames = [Image.new("RGB", (8, 8), color) for color in ("red", "green", "blue")]
    frames[0].save(out, format, save_all=True, append_images=frames[1:])
    return out.getvalue()


def archive():
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("a.txt", "a")
    return out.getvalue()


def upload(content, name="file.bin"):
    return SimpleUploadedFile(name, content)
