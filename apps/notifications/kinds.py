"""Every kind of notification: its words in both languages, its icon, and where it goes by default."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from apps.accounts.models import Role

from . import wording

Text = Any  # a lazy translation, or a function of the params where the words follow from them
TEACHERS = frozenset({Role.TEACHER, Role.ADMIN})


@dataclass(frozen=True, kw_only=True)
class Kind:
    """`title` and `body` take the notification's params by name; `action` is the link's verb."""

    label: Text
    title: Text
    body: Text
    action: Text
    icon: str
    email: bool = False
    # a letter goes only to who hasn't read it on the site by then
    mail_after: timedelta = timedelta(0)
    # and goes so long after it was told at the latest: then nobody is helped by it
    mail_within: timedelta | None = None
    # whom it can reach at all; None is everybody
    roles: frozenset[Role] | None = None
    # of points, streaks and badges: no letter goes to who has switched them off by then
    of_habit: bool = False
    # money and decisions on one's account are mailed whatever the preferences say
    email_always: bool = False

    def title_of(self, params: Mapping[str, Any]) -> str:
        return _said(self.title, params)

    def body_of(self, params: Mapping[str, Any]) -> str:
        return _said(self.body, params)


def _said(text: Text, params: Mapping[str, Any]) -> str:
    return str(text(params) if callable(text) else text % params)


KINDS: dict[str, Kind] = {
    "welcome": Kind(
        label=_("Welcome"),
        title=_("Welcome, %(name)s"),
        body=_("Pick a course; its first lesson is open to everyone."),
        action=_("Choose a course"),
        icon="book-open",
    ),
    "enrolled": Kind(
        label=_("Your enrolments"),
        title=_("You’re enrolled in “%(course)s”"),
        body=_("The first lesson takes a few minutes. Start while it’s fresh."),
        action=_("Start"),
        icon="book-open",
        email=True,
    ),
    "course_completed": Kind(
        label=_("Finished courses"),
        title=_("You finished “%(course)s”"),
        body=_("Every lesson is done. Tell others what it was like."),
        action=_("Write a review"),
        icon="circle-check",
        email=True,
    ),
    "student_joined": Kind(
        label=_("New students"),
        title=_("%(student)s joined “%(course)s”"),
        body=_("Your course has a new student."),
        action=_("See"),
        icon="user-plus",
        roles=TEACHERS,
    ),
    "review_received": Kind(
        label=_("Reviews of your courses"),
        title=_("%(student)s reviewed “%(course)s”: %(rating)s of 5"),
        body=_("A reply is read by everyone who thinks about joining."),
        action=_("Reply"),
        icon="star",
        email=True,
        roles=TEACHERS,
    ),
    "review_replied": Kind(
        label=_("Replies to your reviews"),
        title=_("%(teacher)s replied to your review"),
        body=_("It is about “%(course)s”."),
        action=_("Read the reply"),
        icon="message-circle",
        email=True,
    ),
    "cards_due": Kind(
        label=_("Time to review"),
        title=ngettext_lazy("%(count)s card is waiting", "%(count)s cards are waiting", "count"),
        body=ngettext_lazy(
            "A minute now keeps it in memory.", "A few minutes now keep them in memory.", "count"
        ),
        action=_("Review now"),
        icon="brain",
        email=True,
    ),
    "streak_at_risk": Kind(
        label=_("Streak at risk"),
        title=wording.streak_title,
        body=wording.streak_body,
        action=_("Keep the streak"),
        icon="flame",
        email=True,
        mail_after=timedelta(minutes=30),
        mail_within=timedelta(hours=5),
        of_habit=True,
    ),
    "badge_earned": Kind(
        label=_("Badges"),
        title=wording.badges_title,
        body=wording.badges_body,
        action=_("See your awards"),
        icon="award",
        mail_after=timedelta(minutes=15),
        of_habit=True,
    ),
    "followed": Kind(
        label=_("New followers"),
        title=_("%(name)s follows you"),
        body=_("What you show of your learning appears among their news."),
        action=_("See the profile"),
        icon="user-plus",
    ),
    "teacher_applied": Kind(
        label=_("Teachers’ applications"),
        title=_("%(name)s would like to teach"),
        body=_("The application waits for a decision."),
        action=_("Read the application"),
        icon="user-check",
        roles=frozenset({Role.ADMIN}),
    ),
    "teacher_verified": Kind(
        label=_("Decisions on your account"),
        title=_("You are verified as a teacher"),
        body=_("Your courses can be published now."),
        action=_("Open the studio"),
        icon="badge-check",
        email=True,
        email_always=True,
    ),
    "teacher_refused": Kind(
        label=_("Decisions on your account"),
        title=_("Your application wasn’t accepted"),
        body=_("The reason: %(reason)s"),
        action=_("Apply again"),
        icon="circle-x",
        email=True,
        email_always=True,
    ),
    "payment_received": Kind(
        label=_("Payments and receipts"),
        title=_("Receipt for “%(course)s”"),
        body=wording.paid_body,
        action=_("See your payments"),
        icon="credit-card",
        email=True,
        email_always=True,
    ),
    "payment_failed": Kind(
        label=_("Payments and receipts"),
        title=_("The payment for “%(course)s” didn’t go through"),
        body=_("Nothing was charged. You can try again."),
        action=_("Try again"),
        icon="credit-card",
        email=True,
        email_always=True,
    ),
    "payment_refunded": Kind(
        label=_("Payments and receipts"),
        title=_("Refund for “%(course)s”"),
        body=wording.refunded_body,
        action=_("See your payments"),
        icon="credit-card",
        email=True,
        email_always=True,
    ),
    "course_by_followed": Kind(
        label=_("Courses of people you follow"),
        title=_("A new course by %(teacher)s: “%(course)s”"),
        body=_("You follow the teacher; its first lesson is open to everyone."),
        action=_("See the course"),
        icon="presentation",
    ),
    "referral_rewarded": Kind(
        label=_("Invitations"),
        title=ngettext_lazy(
            "+%(points)s point for an invitation", "+%(points)s points for an invitation", "points"
        ),
        body=_("Who came by your link, and what it earned, stands on the page of invitations."),
        action=_("See your invitations"),
        icon="gift",
    ),
    "message_received": Kind(
        label=_("Messages"),
        title=_("New message from %(name)s"),
        body=_("Open the conversation to read and answer."),
        action=_("Open the conversation"),
        icon="message-circle",
        mail_after=timedelta(minutes=15),
    ),
    "group_message_received": Kind(
        label=_("Messages"),
        title=_("New messages in “%(title)s”"),
        body=_("Open the conversation to read and answer."),
        action=_("Open the conversation"),
        icon="message-circle",
        mail_after=timedelta(minutes=15),
    ),
    "topic_replies": Kind(
        label=_("Replies in topics you follow"),
        title=ngettext_lazy(
            "%(count)s new reply in “%(topic)s”", "%(count)s new replies in “%(topic)s”", "count"
        ),
        body=_("You follow this topic."),
        action=_("Read the replies"),
        icon="messages-square",
    ),
    "best_answer": Kind(
        label=_("Your best answers"),
        title=_("Your reply in “%(topic)s” is the best answer"),
        body=_("Your standing in the community has risen."),
        action=_("Go to the answer"),
        icon="badge-check",
    ),
    "question_asked": Kind(
        label=_("Questions in your courses"),
        title=_("%(name)s asks in “%(course)s”"),
        body=_("“%(excerpt)s”"),
        action=pgettext_lazy("verb", "Answer"),
        icon="message-circle-question",
        email=True,
        roles=TEACHERS,
    ),
    "comment_reply": Kind(
        label=_("Replies to your comments"),
        title=_("%(name)s replied in “%(course)s”"),
        body=_("“%(excerpt)s”"),
        action=_("Read the reply"),
        icon="message-circle",
        email=True,
    ),
    "answer_chosen": Kind(
        label=_("Your best answers"),
        title=_("Your answer was chosen as the best"),
        body=_("“%(excerpt)s”"),
        action=_("Go to the answer"),
        icon="circle-check",
    ),
    "question_answered": Kind(
        label=_("Answers to your questions"),
        title=_("Your question is answered"),
        body=_("“%(excerpt)s”"),
        action=_("Read the answer"),
        icon="circle-check",
        email=True,
    ),
    "mentioned": Kind(
        label=_("Mentions of you"),
        title=_("%(name)s mentioned you"),
        body=_("“%(excerpt)s”"),
        action=_("Read it"),
        icon="at-sign",
        email=True,
    ),
    "liked": Kind(
        label=_("Likes"),
        title=_("People like what you wrote"),
        body=ngettext_lazy(
            "%(count)s person: “%(excerpt)s”", "%(count)s people: “%(excerpt)s”", "count"
        ),
        action=_("See it"),
        icon="thumbs-up",
    ),
    "community_banned": Kind(
        label=_("Decisions on your account"),
        title=_("You can’t write in the community for now"),
        body=_("The reason: %(reason)s"),
        action=_("See the forum"),
        icon="ban",
        email=True,
        email_always=True,
    ),
    "announcement": Kind(
        label=_("Announcements"),
        title="%(title)s",
        body="%(body)s",
        action=_("Read"),
        icon="megaphone",
        email=True,
    ),
}
