"""Topics, posts and comments by kind and id: what likes, mentions and reports are about."""

from typing import Any

from apps.core.errors import NotFound

from ..models import Comment, Kind, Post, Topic

Thing = Topic | Post | Comment
MODELS: dict[str, Any] = {Kind.TOPIC: Topic, Kind.POST: Post, Kind.COMMENT: Comment}


def kind_of(thing: Thing) -> Kind:
    return next(Kind(kind) for kind, model in MODELS.items() if isinstance(thing, model))


def get_thing(user: Any, kind: str, object_id: int) -> Any:
    """The thing, when this person may see it; raises NotFound."""
    found = MODELS[kind].objects.visible_to(user).filter(pk=object_id).first()
    if found is None:
        raise NotFound
    return found


def address_of(thing: Thing) -> str:
    """Where the thing is read, at its own place on the page."""
    if isinstance(thing, Comment):
        return f"/comments/{thing.pk}/"
    if isinstance(thing, Topic):
        return f"/forum/topic/{thing.pk}/"
    page = f"?page={thing.page}" if thing.page > 1 else ""
    return f"/forum/topic/{thing.topic_id}/{page}#post-{thing.number}"


def is_about_lesson(thing: Thing) -> bool:
    return isinstance(thing, Comment) and thing.lesson_id is not None
