"""What topics and posts are found by: made with the text, in its transaction."""

from django.contrib.postgres.search import SearchVectorCombinable, SearchVectorField
from django.db.models import Func, Value

from ..models import ForumDocument, Post, Topic


class _Words(SearchVectorCombinable, Func):
    """The words of a text in both languages of the house, as the catalogue's search reads them."""

    template = "setweight(to_tsvector('edu', search_text(%(expressions)s)), '%(weight)s')"
    output_field = SearchVectorField()
    config = None


def index_topic(topic: Topic) -> None:
    """Put the topic's words, title and tags before the text, into the index, or put them right."""
    title = Value(" ".join([topic.title, *topic.tags]))
    words = _Words(title, weight="A") + _Words(Value(topic.content), weight="D")
    if not ForumDocument.objects.filter(topic=topic, post=None).update(words=words):
        ForumDocument.objects.create(topic=topic, words=words)


def index_post(post: Post) -> None:
    words = _Words(Value(post.content), weight="D")
    if not ForumDocument.objects.filter(post=post).update(words=words):
        ForumDocument.objects.create(topic_id=post.topic_id, post=post, words=words)


def forget_post(post: Post) -> None:
    ForumDocument.objects.filter(post=post).delete()


def forget_topic(topic: Topic) -> None:
    """The topic itself; its posts aren't found while it doesn't stand."""
    ForumDocument.objects.filter(topic=topic, post=None).delete()
