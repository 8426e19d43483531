"""The concepts of a course: added, changed, ordered, connected, merged, and hung on what is about them."""

from .edges import DEFAULT_WEIGHT, connect, disconnect, set_prerequisites
from .editing import confirm_edges, edit_concept, teach_in
from .listing import add_concept, change_concept, delete_concept, reorder_concepts
from .merging import merge_concepts
from .tags import tag_lesson, tag_note, tag_question

__all__ = [
    "DEFAULT_WEIGHT",
    "add_concept",
    "change_concept",
    "confirm_edges",
    "connect",
    "delete_concept",
    "disconnect",
    "edit_concept",
    "merge_concepts",
    "reorder_concepts",
    "set_prerequisites",
    "tag_lesson",
    "tag_note",
    "tag_question",
    "teach_in",
]
