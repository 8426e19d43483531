"""Taking files in, and letting them go."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Sum
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.core import limits
from apps.core.errors import Invalid, NotFound, TooLarge, TooMany, WrongKind

from .kinds import PDF, PICTURES, TEXT, ZIP, kind_of
from .models import Purpose, Upload
from .pictures import Picture, Shape, encode

MEGABYTE = 1024 * 1024
UPLOADS_PER_DAY = 200
BYTES_PER_DAY = 500 * MEGABYTE
DAY = timedelta(days=1)
SIGNED_URL_LIFETIME = timedelta(minutes=5)
_SALT = "media.private"


@dataclass(frozen=True)
class Rule:
    max_bytes: int
    kinds: frozenset[str]
    shape: Shape  # of its pictures


RULES = {
    Purpose.AVATAR: Rule(20 * MEGABYTE, PICTURES, Shape((64, 128, 256), ratio=1)),
    Purpose.BANNER: Rule(20 * MEGABYTE, PICTURES, Shape((800, 1600), ratio=4)),
    Purpose.COVER: Rule(20 * MEGABYTE, PICTURES, Shape((320, 640, 1280), ratio=3 / 2)),
    Purpose.LESSON_IMAGE: Rule(20 * MEGABYTE, PICTURES, Shape((640, 1280))),
    Purpose.ATTACHMENT: Rule(25 * MEGABYTE, PICTURES | {PDF, ZIP, TEXT}, Shape((2560,))),
    Purpose.DOCUMENT: Rule(20 * MEGABYTE, PICTURES | {PDF}, Shape((2560,))),
    Purpose.MESSAGE: Rule(20 * MEGABYTE, PICTURES | {PDF, ZIP, TEXT}, Shape((1600,))),
}
LARGEST = max(rule.max_bytes for rule in RULES.values())


# Not one transaction: a refused upload counts too, and the row is the last and only other write.
def store_upload(*, owner: Any, file: "File[bytes]", purpose: str, at: datetime) -> Upload:
    """Keep the file: pictures made anew in the sizes of their purpose, all else as it is, private.

    Raises TooLarge, WrongKind, or TooMany when the owner's day is full.
    """
    if purpose not in Purpose.values:
        raise Invalid(errors={"purpose": [_("There is no such purpose.")]})
    rule = RULES[Purpose(purpose)]
    size = file.size
    if size > rule.max_bytes:
        limit = filesizeformat(rule.max_bytes)
        text = _("The file is larger than %(limit)s. Choose a smaller one.")
        raise TooLarge(text % {"limit": limit})
    _count(owner=owner, size=size, at=at)
    kind = kind_of(file)  # type: ignore[arg-type]
    if kind not in rule.kinds:
        raise WrongKind(_wanted(rule))
    upload = Upload(owner=owner, purpose=purpose, kind=kind, size=size, created_at=at)
    upload.name = _printable(file.name or "")
    if kind in PICTURES:
        _keep_pictures(upload, encode(file, rule.shape))  # type: ignore[arg-type]
    else:
        upload.path = default_storage.save(f"private/{purpose}/{_secret()}", file)
    upload.save()
    return upload


def _wanted(rule: Rule) -> str:
    if ZIP in rule.kinds:
        return _("This file can’t be used here. Choose a PDF, a ZIP, a text or a picture.")
    if PDF in rule.kinds:
        return _("This file can’t be used here. Choose a PDF or a picture: JPEG, PNG or WebP.")
    return _("This file can’t be used here. Choose a picture: JPEG, PNG or WebP.")


def signed_url(upload: Upload) -> str:
    """An address that opens a private file for five minutes, made after the rights are checked."""
    token = signing.dumps(upload.pk, salt=_SALT)
    return reverse("media:private", args=[token])


def upload_of_signature(token: str) -> Upload:
    try:
        pk = signing.loads(token, salt=_SALT, max_age=SIGNED_URL_LIFETIME)
    except signing.BadSignature as error:
        raise NotFound from error
    upload = Upload.objects.filter(pk=pk).exclude(path="").first()
    if upload is None:
        raise NotFound
    return upload


@transaction.atomic
def erase(user: Any, at: datetime) -> None:
    """Remove the person's files; pictures in courses stay, as the courses do."""
    kept = {Purpose.COVER, Purpose.LESSON_IMAGE}
    for upload in Upload.objects.owned_by(user).exclude(purpose__in=kept).exclude(path=""):
        transaction.on_commit(partial(_delete, _paths(upload)))
        upload.name, upload.path, upload.size, upload.variants = "", "", 0, {}
        upload.save(update_fields=["name", "path", "size", "variants"])
    Upload.objects.owned_by(user).filter(purpose__in=kept).update(name="")


def _count(*, owner: Any, size: int, at: datetime) -> None:
    limits.take(bucket=f"uploads:{owner.pk}", limit=UPLOADS_PER_DAY, per=DAY, at=at)
    today = Upload.objects.owned_by(owner).filter(created_at__gt=at - DAY)
    used = today.aggregate(total=Sum("size"))["total"] or 0
    if used + size > BYTES_PER_DAY:
        limit = filesizeformat(BYTES_PER_DAY)
        raise TooMany(
            _("More than %(limit)s in one day. Go on tomorrow.") % {"limit": limit},
            retry_after=int(DAY.total_seconds()),
        )


def _keep_pictures(upload: Upload, pictures: list[Picture]) -> None:
    folder = "public" if upload.is_public else "private"
    base = f"{upload.purpose}/{_secret()}"
    for picture in pictures:
        name = f"{base}-{picture.width}x{picture.height}.webp"
        upload.path = default_storage.save(f"{folder}/{name}", ContentFile(picture.content))
        upload.width, upload.height = picture.width, picture.height
        upload.size = len(picture.content)
        if upload.is_public:
            upload.variants[str(picture.width)] = settings.MEDIA_URL + name
    upload.kind = "image/webp"
    upload.name = str(PurePath(upload.name).with_suffix(".webp"))


def _secret() -> str:
    name = secrets.token_hex(16)
    return f"{name[:2]}/{name[2:]}"


def _printable(name: str) -> str:
    base = PurePath(name).name or "file"
    return "".join(letter for letter in base if letter.isprintable())[-150:] or "file"


def _paths(upload: Upload) -> list[str]:
    public = [
        "public/" + str(url).removeprefix(settings.MEDIA_URL) for url in upload.variants.values()
    ]
    return public or [upload.path]


def _delete(paths: list[str]) -> None:
    for path in paths:
        default_storage.delete(path)
