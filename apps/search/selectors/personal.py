"""The shared order moved a little towards one person.

Only the first results are rearranged, within the bounds of `leanings`. Their whole order goes into
the cursor, so that over the pages no course is shown twice or lost, whatever the person studies
meanwhile; after them the shared pages follow.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from django.core import signing
from django.utils.translation import gettext as _

from apps.core.pagination import InvalidCursor

from ..leanings import FARTHEST, Leaning, Pull, Why, pulls, rearranged
from ..queries import Search
from .facets import hash_of
from .finding import Results, find_courses
from .profiles import candidates, profile_of
from .totals import Total

WINDOW = 60  # so many of the first results are rearranged
MARK = "~"  # begins a cursor of ours; the shared ones are base64
SALT = "search.personal"


@dataclass(frozen=True)
class PersonalResults(Results):
    """`reasons`: why a course went up, in the reader's language, by its id."""

    reasons: Mapping[int, str] = field(default_factory=dict)


def is_personal(user: Any, search: Search) -> bool:
    """Whether this person's leanings may move what this search finds."""
    return search.sort in FARTHEST and user.is_authenticated and user.personal_order


def courses_for(user: Any, search: Search, *, cursor: str | None, limit: int) -> PersonalResults:
    """As find_courses, for this person. Raises InvalidCursor."""
    if cursor and cursor.startswith(MARK):
        return _continued(_Window.opened(cursor, search), user, search, limit)
    if cursor is None and is_personal(user, search) and (profile := profile_of(user)):
        results = find_courses(search, cursor=None, limit=max(WINDOW, limit))
        found = candidates(results.ids[:WINDOW])
        drawn = pulls(found, profile, farthest=FARTHEST[search.sort])
        by_id = {each.id: pull for each, pull in zip(found, drawn, strict=True)}
        page = _Window.of(results, by_id).page(search, limit, by_id)
        return replace(page, instead=results.instead)
    return PersonalResults(**vars(find_courses(search, cursor=cursor, limit=limit)))


def _continued(window: "_Window", user: Any, search: Search, limit: int) -> PersonalResults:
    """A page further down, with the reasons that the person has now."""
    risen = window.risen_within(limit)
    by_id = {}
    if risen and is_personal(user, search):
        found = candidates(risen)
        drawn = pulls(found, profile_of(user), farthest=FARTHEST[search.sort])
        by_id = {each.id: pull for each, pull in zip(found, drawn, strict=True)}
    return window.page(search, limit, by_id)


@dataclass(frozen=True)
class _Window:
    """The first results as this person sees them, cut into pages from `start` on."""

    ids: list[int]
    risen: list[int]  # those of their places whose course went up
    after: str | None
    count: Total
    corrected: str | None
    start: int = 0

    @classmethod
    def of(cls, results: Results, drawn: Mapping[int, Pull]) -> "_Window":
        head, rest = results.ids[:WINDOW], results.ids[WINDOW:]
        order = rearranged([drawn[pk].places if pk in drawn else 0 for pk in head])
        return cls(
            ids=[*(head[place] for place in order), *rest],
            risen=[now for now, before in enumerate(order) if now < before],
            after=results.next,
            count=results.count,
            corrected=results.corrected,
        )

    @classmethod
    def opened(cls, cursor: str, search: Search) -> "_Window":
        """From a cursor made for the same question."""
        try:
            stamp, packed = signing.loads(cursor.removeprefix(MARK), salt=SALT)
        except signing.BadSignature as error:
            raise InvalidCursor from error
        if stamp != _stamp(search):
            raise InvalidCursor
        return cls(**packed | {"count": Total(**packed["count"])})

    def at(self, start: int, search: Search) -> str:
        packed = [_stamp(search), asdict(replace(self, start=start))]
        return MARK + signing.dumps(packed, salt=SALT, compress=True)

    def risen_within(self, limit: int) -> list[int]:
        """Ids of the next so many courses that went up."""
        end = self.start + limit
        return [self.ids[place] for place in self.risen if self.start <= place < end]

    def page(self, search: Search, limit: int, drawn: Mapping[int, Pull]) -> PersonalResults:
        end = self.start + limit
        leanings = {pk: drawn[pk].leaning for pk in self.risen_within(limit) if pk in drawn}
        return PersonalResults(
            ids=self.ids[self.start : end],
            next=self.at(end, search) if end < len(self.ids) else self.after,
            previous=self.at(max(self.start - limit, 0), search) if self.start else None,
            counted=self.count,
            corrected=self.corrected,
            reasons={pk: because(leaning) for pk, leaning in leanings.items() if leaning},
        )


def _stamp(search: Search) -> str:
    """Differs with the question and the order."""
    return f"{hash_of(search)}{search.sort}"


def because(leaning: Leaning) -> str:
    topic = {"topic": leaning.topic}
    if leaning.why is Why.STUDIES:
        return _("Because you study %(topic)s") % topic
    if leaning.why is Why.STUDIED:
        return _("Because you studied %(topic)s") % topic
    return _("Because you are interested in %(topic)s") % topic
