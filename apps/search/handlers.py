"""What makes a document of the index stale."""

from apps.core.bus import Event, subscribe
from apps.courses import events as courses
from apps.enrollment import events as enrollment

from . import services


@subscribe(
    courses.CourseCreated,
    courses.CourseChanged,
    courses.CoursePublished,
    courses.CourseArchived,
    courses.LessonChanged,
    enrollment.EnrollmentCreated,
    enrollment.EnrollmentCancelled,
    enrollment.ReviewCreated,
    batch=200,
)
def refresh_documents(events: list[Event]) -> None:
    services.refresh(course_ids={event.payload()["course_id"] for event in events})
