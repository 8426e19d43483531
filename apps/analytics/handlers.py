"""Every event of the lower apps becomes a row of the event table, in batches."""

from django.utils import timezone

from apps.accounts import events as accounts
from apps.community import events as community
from apps.core.bus import Event, subscribe
from apps.courses import events as courses
from apps.enrollment import events as enrollment
from apps.gamification import events as gamification
from apps.learning import events as learning
from apps.messaging import events as messaging
from apps.onboarding import events as onboarding
from apps.payments import events as payments
from apps.referrals import events as referrals
from apps.social import events as social

from . import services

# who a fact is about, whatever the event calls them
PERSON = ("user_id", "student_id", "buyer_id", "owner_id", "author_id", "follower_id")
# people's words and addresses stay where they belong
PRIVATE = ("reason", "email", "address_hash", "browser_hash")


@subscribe(
    accounts.UserRegistered,
    accounts.UserRenamed,
    accounts.UserBanned,
    accounts.RoleChanged,
    accounts.TeacherApplied,
    accounts.TeacherVerified,
    accounts.TeacherRefused,
    accounts.PasswordResetAsked,
    social.UserFollowed,
    courses.CourseCreated,
    courses.CourseChanged,
    courses.CourseCounted,
    courses.CoursePublished,
    courses.CourseArchived,
    courses.LessonChanged,
    courses.CategoryChanged,
    payments.PaymentProcessed,
    payments.PaymentFailed,
    payments.PaymentRefunded,
    enrollment.EnrollmentCreated,
    enrollment.LessonCompleted,
    enrollment.EnrollmentCompleted,
    enrollment.EnrollmentCancelled,
    enrollment.ReviewCreated,
    enrollment.ReviewReplied,
    learning.QuizSubmitted,
    learning.FlashcardReviewed,
    learning.FlashcardReviewUndone,
    learning.CardsDue,
    learning.ConceptMastered,
    learning.PretestFinished,
    learning.TutorTurn,
    learning.TutorRated,
    learning.ConceptsChanged,
    messaging.MessageSent,
    messaging.ConversationRead,
    community.TopicCreated,
    community.PostCreated,
    community.TopicSeen,
    community.CommentCreated,
    community.ContentLiked,
    community.ContentUnliked,
    community.AnswerChosen,
    community.UserMentioned,
    community.MemberBanned,
    referrals.ReferralRewarded,
    gamification.BadgeEarned,
    gamification.LevelReached,
    gamification.StreakUpdated,
    gamification.StreakAtRisk,
    onboarding.OnboardingStarted,
    onboarding.OnboardingSkipped,
    onboarding.OnboardingFinished,
    batch=500,
)
def keep_in_event_table(events: list[Event]) -> None:
    services.record([fact_of(event) for event in events])


def fact_of(event: Event) -> services.Fact:
    data = event.payload()
    person = next((data.pop(key) for key in PERSON if key in data), None)
    for key in PRIVATE:
        data.pop(key, None)
    return services.Fact(
        name=event.name,
        at=event.occurred_at or timezone.now(),
        user_id=person,
        course_id=data.pop("course_id", None),
        lesson_id=data.pop("lesson_id", None),
        data=data,
    )
