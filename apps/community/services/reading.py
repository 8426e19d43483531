"""Following a topic, and how far one has read it."""

from datetime import datetime

from django.db import transaction

from apps.accounts.models import User
from apps.core.bus import publish

from ..events import TopicSeen
from ..models import Topic, TopicFollow, TopicRead


@transaction.atomic
def follow_topic(*, topic: Topic, user: User, value: bool, at: datetime) -> bool:
    """Be told of new posts, or no more; returns what holds now."""
    if value:
        TopicFollow.objects.get_or_create(user=user, topic=topic, defaults={"created_at": at})
    else:
        TopicFollow.objects.filter(user=user, topic=topic).delete()
    return value


@transaction.atomic
def mark_read(*, topic: Topic, user: User, number: int, at: datetime) -> None:
    """The person was shown the posts up to this number; never goes back, nor beyond the last."""
    number = min(number, topic.last_post_number)
    read = TopicRead.objects.filter(user=user, topic=topic)
    if read.filter(number__gte=number).exists():
        return  # most of the time: reading again writes nothing
    TopicRead.objects.bulk_create(
        [TopicRead(user=user, topic=topic, number=number, read_at=at)], ignore_conflicts=True
    )
    read.filter(number__lt=number).update(number=number, read_at=at)
    if TopicFollow.objects.filter(user=user, topic=topic).exists():
        publish(TopicSeen(topic_id=topic.pk, user_id=user.pk))
