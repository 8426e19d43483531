"""Every write to the catalogue's content: courses, their modules, lessons, versions, categories."""

from .categories import (
    add_category,
    ensure_categories,
    merge_category,
    move_category,
    rename_category,
)
from .content import (
    add_lesson,
    add_module,
    delete_lesson,
    delete_module,
    duplicate_lesson,
    reading_minutes,
    rename_module,
    reorder,
    update_lesson,
)
from .counts import STUDENT_MORE, count_students, raise_revision, set_rating
from .courses import create_course, delete_course, update_course
from .examples import copy_example
from .previews import note_preview
from .publishing import archive_course, publish_course
from .versions import restore_version

__all__ = [
    "STUDENT_MORE",
    "add_category",
    "add_lesson",
    "add_module",
    "archive_course",
    "copy_example",
    "count_students",
    "create_course",
    "delete_course",
    "delete_lesson",
    "delete_module",
    "duplicate_lesson",
    "ensure_categories",
    "merge_category",
    "move_category",
    "note_preview",
    "publish_course",
    "raise_revision",
    "reading_minutes",
    "rename_category",
    "rename_module",
    "reorder",
    "restore_version",
    "set_rating",
    "update_course",
    "update_lesson",
]
