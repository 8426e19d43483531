"""The catalogue through the API: the list of courses, its facets, suggestions."""

from typing import Any

import orjson
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from apps.core.api import Anyone, CursorPagination
from apps.core.errors import Invalid
from apps.core.money import CURRENCIES
from apps.core.ready import HotReads, ready_json
from apps.courses.api import CourseCardOut, CreateCourseView
from apps.courses.models import ContentLanguage, Level
from apps.courses.selectors import ready_cards

from . import queries, selectors


# ── What is asked ─────────────────────────────────────────────────────────────────────────────
def choice(name: str, values: list[str] | tuple[str, ...], text: str = "") -> OpenApiParameter:
    """A parameter that may be given more than once; its values widen each other."""
    return OpenApiParameter(name, str, enum=list(values), many=True, description=text)


FILTERS = [
    OpenApiParameter("q", str, description='Words, "a phrase", -without, or. 200 characters.'),
    OpenApiParameter("category", str, many=True, description="Slug; descendants are included."),
    choice("level", Level.values),
    choice("language", ContentLanguage.values),
    choice("price", queries.PRICE_BANDS, "Bands as in the facets."),
    choice("length", queries.LENGTH_BANDS, "Bands as in the facets: 3 and 10 hours divide them."),
    OpenApiParameter("is_free", bool),
    OpenApiParameter("min_price", str, description="In `currency`; other prices are compared."),
    OpenApiParameter("max_price", str),
    OpenApiParameter("currency", str, enum=list(CURRENCIES), default="USD"),
    OpenApiParameter("min_rating", float, description="From 0 to 5."),
    OpenApiParameter("min_duration", int, description="Minutes."),
    OpenApiParameter("max_duration", int, description="Minutes."),
]
SORT = OpenApiParameter(
    "sort",
    str,
    enum=list(queries.SORTS),
    description="With `q` relevance, otherwise popular, unless it is said.",
)


def search_of(request: Request) -> queries.Search:
    """The parameters as a search; raises Invalid with the field and the reason."""
    reading = queries.read(request.GET)
    if reading.errors:
        raise Invalid(errors=reading.errors)
    return reading.search


def wants_count(request: Request) -> bool:
    """Clients that show no total needn't wait for it. Raises Invalid."""
    wanted, errors = queries.read_switch(request.GET, "count")
    if errors:
        raise Invalid(errors=errors)
    return wanted is not False


# ── What is answered ──────────────────────────────────────────────────────────────────────────
class TotalOut(serializers.Serializer[Any]):
    """Exact while `relation` is `eq`; `gte`: a thousand and more, or an estimate."""

    value = serializers.IntegerField()
    relation = serializers.ChoiceField(choices=["eq", "gte"])


class CatalogueOut(serializers.Serializer[Any]):
    results = CourseCardOut(many=True)
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    count = TotalOut(allow_null=True, help_text="Null where `count=false` was asked.")
    did_you_mean = serializers.CharField(
        allow_null=True, help_text="What was searched for, when `q` as it stands finds nothing."
    )
    reasons = serializers.DictField(
        child=serializers.CharField(),
        help_text="By id, why a course stands higher for this reader than for others.",
    )


class SuggestionOut(serializers.Serializer[Any]):
    text = serializers.CharField()
    kind = serializers.ChoiceField(choices=["query", "course", "category", "teacher"])


FACETS = ("category", "level", "price", "rating", "language", "length")


class CataloguePages(CursorPagination):
    """Pages that the selector has cut already, of cards that are ready."""

    def response(self, request: Request, results: selectors.PersonalResults) -> HttpResponse:
        self.request = request
        answer = {
            "results": [orjson.Fragment(card) for card in ready_cards(results.ids)],
            "next": self._url(results.next),
            "previous": self._url(results.previous),
            "count": results.count if wants_count(request) else None,
            "did_you_mean": results.corrected,
            "reasons": {str(pk): str(reason) for pk, reason in results.reasons.items()},
        }
        return ready_json(request, answer)


class CoursesView(HotReads, CreateCourseView):
    """GET /api/courses: the catalogue. POST, a draft of one's own, is the app's of courses."""

    pagination_class = CataloguePages

    def get_permissions(self) -> list[BasePermission]:
        asked = self.permission_classes if self.request.method == "POST" else [Anyone]
        return [permission() for permission in asked]

    @extend_schema(
        operation_id="courses_list",
        parameters=[
            *FILTERS,
            SORT,
            OpenApiParameter("limit", int, default=20, description="At most 100."),
            OpenApiParameter("cursor", str),
            OpenApiParameter(
                "count", bool, default=True, description="The total may cost more than the page."
            ),
        ],
        responses=CatalogueOut,
    )
    def get(self, request: Request) -> HttpResponse:
        pages = CataloguePages()
        results = selectors.courses_for(
            request.user,
            search_of(request),
            cursor=request.GET.get("cursor") or None,
            limit=pages.limit(request),
        )
        return pages.response(request, results)


class FacetsView(HotReads, APIView):
    """GET /api/courses/facets: how many courses each value of a filter would leave."""

    permission_classes = [Anyone]

    @extend_schema(
        parameters=FILTERS,
        responses=inline_serializer(
            "Facets",
            {
                "count": TotalOut(),
                **{name: serializers.DictField(child=TotalOut()) for name in FACETS},
            },
        ),
    )
    def get(self, request: Request) -> HttpResponse:
        search = search_of(request)
        found = selectors.facets(search)
        answer: dict[str, Any] = {"count": selectors.total(search)}
        for group, counts in found.items():
            answer[group] = {
                value: selectors.Total.of(count.number, exact=count.exact)
                for value, count in counts.items()
            }
        return ready_json(request, answer)


class SuggestView(HotReads, APIView):
    """GET /api/courses/suggest?q=: up to eight ways to go on typing."""

    permission_classes = [Anyone]

    @extend_schema(
        parameters=[FILTERS[0]],
        responses=inline_serializer("Suggestions", {"results": SuggestionOut(many=True)}),
    )
    def get(self, request: Request) -> HttpResponse:
        found = selectors.suggestions(search_of(request).text, request.user)
        return ready_json(request, {"results": [{"text": e.text, "kind": e.kind} for e in found]})
