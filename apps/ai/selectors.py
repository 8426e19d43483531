"""What is known of engines, credits and costs."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from apps.accounts.models import Role, User
from apps.accounts.selectors import local_day

from .material import OFFLINE
from .models import CreditDay, ModelCall, SpendDay

TIERS = ["cheap", "mid", "expensive"]


@dataclass(frozen=True)
class Credits:
    """A person's credits of today; `engine` is what would be asked first."""

    limit: int
    used: int
    left: int
    resets_at: datetime
    engine: str

    @property
    def are_used_up(self) -> bool:
        """Whether a model that could be asked may not be asked any more today."""
        return self.engine != OFFLINE and self.left <= 0


@dataclass(frozen=True)
class Spending:
    """Micro-dollars of one UTC day against the ceiling."""

    spent: int
    reserved: int
    ceiling: int

    @property
    def is_closed(self) -> bool:
        return self.spent + self.reserved >= self.ceiling


def models_of(tier: str) -> list[str]:
    """The models to ask for a tier, in order: its own, then cheaper ones; those with a key."""
    tiers = TIERS[TIERS.index(tier) :: -1]
    named = [model for each in tiers for model in settings.AI_MODELS[each]]
    return [model for model in dict.fromkeys(named) if _is_reachable(model)]


def all_models() -> list[str]:
    """Every model that a task may come to."""
    return list(dict.fromkeys(model for tier in reversed(TIERS) for model in models_of(tier)))


@dataclass(frozen=True)
class Route:
    """A provider that tasks may come to. `model` is the one asked first and cheapest.

    name       the provider's of LiteLLM; "" is the server of one's own at AI_BASE_URL
    variable   the environment variable of its key
    has_key    whether it is set; a server of one's own may do without
    tiers      those that name it
    """

    name: str
    model: str
    variable: str
    has_key: bool
    tiers: tuple[str, ...]


def routes() -> list[Route]:
    """Every provider that a model is named of, the cheapest tier's first."""
    named = [(tier, model) for tier in TIERS for model in settings.AI_MODELS[tier]]
    of: dict[str, list[tuple[str, str]]] = {}
    for tier, model in named:
        of.setdefault("" if settings.AI_BASE_URL else model.partition("/")[0], []).append(
            (tier, model)
        )
    return [
        Route(
            name=name,
            model=found[0][1],
            variable=f"{name.upper()}_API_KEY" if name else "AI_API_KEY",
            has_key=name in settings.AI_KEYS if name else bool(settings.AI_API_KEY),
            tiers=tuple(dict.fromkeys(tier for tier, _model in found)),
        )
        for name, found in of.items()
    ]


def last_call_of(model: str) -> ModelCall | None:
    """The last request to the model, answers of the cache apart."""
    return ModelCall.objects.filter(model=model, cached=False).order_by("-at", "-pk").first()


def _is_reachable(model: str) -> bool:
    return bool(settings.AI_BASE_URL) or model.partition("/")[0] in settings.AI_KEYS


def credits_of(user: User, at: datetime) -> Credits:
    row = CreditDay.objects.filter(user=user, day=local_day(user, at)).first()
    limit = row.limit if row else credit_limit_of(user)
    return Credits(
        limit=limit,
        used=row.used if row else 0,
        left=row.left if row else limit,
        resets_at=next_day(user, at),
        engine=(models_of("mid") or [OFFLINE])[0],
    )


def credit_limit_of(user: User) -> int:
    """Calls a day: those who make courses ask for whole courses."""
    makes_courses = user.role in (Role.TEACHER, Role.ADMIN)
    limit: int = (
        settings.AI_TEACHER_CREDITS_PER_DAY if makes_courses else settings.AI_CREDITS_PER_DAY
    )
    return limit


def next_day(user: User, at: datetime) -> datetime:
    """The user's next local midnight."""
    tomorrow = local_day(user, at) + timedelta(days=1)
    return datetime.combine(tomorrow, time(), ZoneInfo(user.timezone))


def spending_of(day: date, course_id: int | None = None) -> Spending:
    """What the site, or one course, spends on the UTC day."""
    row = SpendDay.objects.filter(day=day, course_id=course_id).first()
    ceiling = (
        settings.AI_SITE_MICRO_PER_DAY if course_id is None else settings.AI_COURSE_MICRO_PER_DAY
    )
    return Spending(
        spent=row.spent_micro if row else 0,
        reserved=row.reserved_micro if row else 0,
        ceiling=ceiling,
    )


def calls_of_month(month: date) -> QuerySet[ModelCall]:
    """Calls of the UTC month that begins on the day."""
    begin = datetime.combine(month, time(), UTC)
    following = (month + timedelta(days=32)).replace(day=1)
    return ModelCall.objects.filter(at__gte=begin, at__lt=datetime.combine(following, time(), UTC))


def costs_by_task(month: date) -> QuerySet[Any, Any]:
    """Per task and model of the month: requests, answers from the cache, unusable ones, cost."""
    return (
        calls_of_month(month)
        .values("task", "model")
        .annotate(
            requests=Count("pk", filter=Q(cached=False)),
            from_cache=Count("pk", filter=Q(cached=True)),
            unusable=Count("pk", filter=~Q(result=ModelCall.Result.OK)),
            cost=Sum("cost_micro"),
        )
        .order_by("-cost", "task", "model")
    )


def costs_by_user(month: date) -> QuerySet[Any, Any]:
    """Per person of the month, the dearest first."""
    return (
        calls_of_month(month)
        .exclude(user=None)
        .values("user_id", "user__name", "user__email")
        .annotate(requests=Count("pk", filter=Q(cached=False)), cost=Sum("cost_micro"))
        .order_by("-cost", "user_id")
    )


def cost_per_user(month: date) -> tuple[int, int]:
    """Micro-dollars of the month for each person who asked, rounded up, and how many they are."""
    whole = calls_of_month(month).aggregate(
        cost=Coalesce(Sum("cost_micro"), 0), users=Count("user", distinct=True)
    )
    return -(-whole["cost"] // max(1, whole["users"])), whole["users"]
