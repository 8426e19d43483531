"""What makes documents of the index stale."""

from apps.accounts import events as accounts
from apps.core.bus import Event, subscribe
from apps.courses import events as courses

from . import events as own
from . import services


@subscribe(
    courses.CourseCreated,
    courses.CourseChanged,
    courses.CourseCounted,
    courses.CoursePublished,
    courses.CourseArchived,
    courses.LessonChanged,
    batch=200,
    queue="search",
)
def refresh_documents(events: list[Event]) -> None:
    counted: set[int] = set()
    changed: set[int] = set()
    for event in events:
        ids = counted if isinstance(event, courses.CourseCounted) else changed
        ids.add(event.payload()["course_id"])
    services.refresh(course_ids=changed, counted=counted)


@subscribe(courses.CategoryChanged, accounts.UserRenamed, own.DocumentsLeft)
def refresh_shelf(event: Event) -> None:
    services.refresh_portion(**event.payload())
