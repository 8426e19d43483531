"""What keeps the data: database, Valkey, files, the search index, catalogues, and backups."""

import os
import secrets
import shutil
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from redis.exceptions import RedisError

from apps.accounts.models import User
from apps.core import catalogues, health
from apps.core.templatetags.ui import number
from apps.courses.models import Course
from apps.search import services as search
from apps.search.models import SearchDocument

from .parts import Found, Part, State

GIGABYTE = 1_000_000_000
LEAST_FREE = 2 * GIGABYTE
HELLO_SECONDS = 30


def parts() -> list[Part]:
    return [_database(), _cache(), _files(), _index(), _languages(), _backups()]


def _database() -> Part:
    title, variables = _("Database"), ("DATABASE_URL",)
    if not health.database_answers():
        state, text = State.BROKEN, _("PostgreSQL doesn’t answer.")
    elif waiting := _waiting_migrations():
        state = State.BROKEN
        text = ngettext(
            "%(n)s migration hasn’t run: start `manage.py migrate`.",
            "%(n)s migrations haven’t run: start `manage.py migrate`.",
            waiting,
        ) % {"n": number(waiting)}
    else:
        version = connection.pg_version
        state = State.WORKS
        text = _("PostgreSQL %(version)s answers, and all migrations have run.") % {
            "version": f"{version // 10000}.{version % 10000}"
        }
    return Part(
        key="database", title=title, state=state, text=text, variables=variables, is_needed=True
    )


def _waiting_migrations() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _cache() -> Part:
    works = health.cache_answers() and health.broker_answers()
    return Part(
        key="cache",
        title="Valkey",
        state=State.WORKS if works else State.BROKEN,
        text=_("Answers. Cache, queues and sockets go through it.")
        if works
        else _("Doesn’t answer: pages are slow, nothing is told at once, mails wait."),
        variables=("REDIS_URL",),
        is_needed=True,
        trial=_("Write and read a value"),
    )


def write_value(user: User) -> Found:
    said, key = secrets.token_hex(8), f"setup:{user.pk}"
    try:
        cache.set(key, said, HELLO_SECONDS)
        heard = cache.get(key)
        cache.delete(key)
    except RedisError:
        heard = None
    if heard != said:
        return Found(False, _("The value didn’t come back. Look at REDIS_URL."), "lost")
    return Found(True, _("The value came back."))


def _files() -> Part:
    folder = Path(settings.MEDIA_ROOT)
    there = next((path for path in (folder, *folder.parents) if path.exists()), Path("/"))
    free = shutil.disk_usage(there).free
    shown = {"folder": str(folder), "free": f"{number(free / GIGABYTE, 1)}"}
    if not os.access(there, os.W_OK):
        state = State.BROKEN
        text = _("Nothing can be written to %(folder)s: give the platform’s user the right to it.")
    elif free < LEAST_FREE:
        state, text = State.BROKEN, _("Only %(free)s GB are free in %(folder)s.")
    else:
        state, text = State.WORKS, _("%(folder)s can be written to; %(free)s GB are free.")
    return Part(
        key="files",
        title=_("Uploaded files"),
        state=state,
        text=text % shown,
        variables=("MEDIA_ROOT",),
        is_needed=True,
        trial=_("Write, read, delete a file"),
    )


def write_file(user: User) -> Found:
    said = secrets.token_bytes(64)
    try:
        name = default_storage.save(f"setup/{secrets.token_hex(8)}.txt", ContentFile(said))
        try:
            with default_storage.open(name) as file:
                heard = file.read()
        finally:
            default_storage.delete(name)
    except OSError as error:
        text = _("The file couldn’t be written: %(error)s. Look at MEDIA_ROOT.")
        return Found(False, text % {"error": os.strerror(error.errno or 0)}, "refused")
    if heard != said:
        return Found(False, _("The file read isn’t the file written."), "differs")
    return Found(True, _("A file was written, read and deleted."))


def _index() -> Part:
    courses = Course.objects.published().count()
    documents = SearchDocument.objects.count()
    shown = {"documents": number(documents), "courses": number(courses)}
    if search.is_wanted():
        state = State.BROKEN
        text = _(
            "%(documents)s of %(courses)s courses can be found. It is filled within minutes; at "
            "once by `manage.py search_rebuild`."
        )
    elif not courses:
        state, text = State.WORKS, _("Ready. No course has been published yet.")
    else:
        state, text = State.WORKS, _("%(documents)s of %(courses)s courses can be found.")
    return Part(
        key="search", title=_("Search index"), state=state, text=text % shown, is_needed=True
    )


def _languages() -> Part:
    others = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
    stale = catalogues.uncompiled(settings.BASE_DIR, others)
    return Part(
        key="languages",
        title=_("Translations"),
        state=State.BROKEN if stale else State.WORKS,
        text=_(
            "Out of date, so that pages show English: %(names)s. Start `manage.py messages --compile`."
        )
        % {"names": ", ".join(stale[:5])}
        if stale
        else _("English and Russian are there."),
        is_needed=True,
    )


def _backups() -> Part:
    return Part(
        key="backups",
        title=_("Backups"),
        state=State.YOURS,
        text=_(
            "The platform makes none by itself. Every day dump the database first, then copy the "
            "uploaded files, and keep .env with them; docs/operations.md has the commands. Try a "
            "restore before you need it."
        ),
    )
