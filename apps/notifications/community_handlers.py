"""What people are told of the community: questions, replies, answers, mentions, likes, bans."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.selectors import person_shown
from apps.community.events import (
    AnswerChosen,
    CommentCreated,
    ContentLiked,
    MemberBanned,
    UserMentioned,
)
from apps.community.models import Comment, CommunityBan, Kind, Like
from apps.community.selectors.texts import excerpt
from apps.community.selectors.things import MODELS, address_of
from apps.core.bus import Event, subscribe
from apps.social.selectors import ids_apart_from

from .services import notify, notify_gathered

MOST_APART = 1000


def _when(event: Event) -> datetime:
    return event.occurred_at or timezone.now()


def _thing(kind: str, object_id: int, receiver: User) -> Any:
    """The thing, if the receiver may read it now."""
    seen = MODELS[kind].objects.visible_to(receiver).filter(hidden_at=None)
    return seen.select_related("author").filter(pk=object_id).first()


def _hears(receiver: User, of: User) -> bool:
    """Nobody hears of themselves, nor of whom they keep away or who keeps them away."""
    return receiver.pk != of.pk and of.pk not in ids_apart_from(receiver)


@subscribe(CommentCreated)
def tell_of_comment(event: CommentCreated) -> None:
    comment = (
        Comment.objects.standing()
        .select_related("author", "course__owner", "root__author", "reply_to__author")
        .filter(pk=event.comment_id)
        .first()
    )
    if comment is None:
        return
    if comment.root is None:
        if comment.is_question:
            _tell(event, comment, comment.course.owner, "question_asked", "/studio/questions/")
        return
    heard = {comment.root.author_id: comment.root.author}
    if comment.reply_to:
        heard[comment.reply_to.author_id] = comment.reply_to.author
    for receiver in heard.values():
        _tell(event, comment, receiver, "comment_reply", address_of(comment))


def _tell(event: CommentCreated, comment: Comment, receiver: User, kind: str, url: str) -> None:
    author = comment.author
    if not _hears(receiver, author) or _thing(Kind.COMMENT, comment.pk, receiver) is None:
        return
    params = {
        "name": person_shown(author, receiver).name,
        "people": {"name": author.pk},
        "course": comment.course.title,
        "excerpt": excerpt(comment.content),
    }
    key = f"{kind}:{comment.pk}"
    notify(user_id=receiver.pk, kind=kind, params=params, url=url, at=_when(event), key=key)


@subscribe(AnswerChosen)
def tell_of_chosen_answer(event: AnswerChosen) -> None:
    """Its author; and who asked, when somebody else says what answers it."""
    if event.kind != Kind.COMMENT:
        return
    answer = Comment.objects.select_related("root__author").filter(pk=event.object_id).first()
    if answer is None or answer.root is None:
        return
    author = User.objects.get(pk=event.author_id)
    by = User.objects.get(pk=event.by_id)
    receivers = {author.pk: ("answer_chosen", author)}
    asker = answer.root.author
    receivers.setdefault(asker.pk, ("question_answered", asker))
    for kind, receiver in receivers.values():
        if not _hears(receiver, by) or _thing(event.kind, answer.pk, receiver) is None:
            continue
        notify(
            user_id=receiver.pk,
            kind=kind,
            params={"excerpt": excerpt(answer.content)},
            url=address_of(answer),
            at=_when(event),
            key=f"{kind}:{event.kind}:{answer.pk}",
        )


@subscribe(UserMentioned)
def tell_of_mention(event: UserMentioned) -> None:
    receiver = User.objects.get(pk=event.user_id)
    author = User.objects.get(pk=event.author_id)
    thing = _thing(event.kind, event.object_id, receiver)
    if thing is None or not _hears(receiver, author):
        return
    notify(
        user_id=receiver.pk,
        kind="mentioned",
        params={
            "name": person_shown(author, receiver).name,
            "people": {"name": author.pk},
            "excerpt": excerpt(thing.content),
        },
        url=address_of(thing),
        at=_when(event),
        key=f"mentioned:{event.kind}:{event.object_id}",
    )


@subscribe(ContentLiked)
def tell_of_likes(event: ContentLiked) -> None:
    """One notification of a thing and day, whose number grows while it is unread."""
    author = User.objects.get(pk=event.author_id)
    thing = _thing(event.kind, event.object_id, author)
    if thing is None:
        return
    apart = ids_apart_from(author)
    likes = Like.objects.filter(kind=event.kind, object_id=event.object_id)
    count = likes.exclude(user__in=list(apart)[:MOST_APART]).count()
    if not count or event.user_id in apart:
        return
    notify_gathered(
        user_id=author.pk,
        kind="liked",
        params={"count": count, "excerpt": excerpt(thing.content)},
        url=address_of(thing),
        at=_when(event),
        key=f"liked:{event.kind}:{event.object_id}:{_when(event):%Y-%m-%d}",
    )


@subscribe(MemberBanned)
def tell_of_ban(event: MemberBanned) -> None:
    ban = CommunityBan.objects.get(pk=event.ban_id)
    notify(
        user_id=event.user_id,
        kind="community_banned",
        params={"reason": ban.reason},
        url="/forum/",
        at=_when(event),
        key=f"community_banned:{ban.pk}",
    )
