"""How a student's cards are scheduled: retention, parameters, and when the study day begins."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import DateField, DateTimeField, F, Func, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast
from fsrs import Scheduler

from apps.core.compiled import compiled

from ..engine import memory
from ..models import MemorySettings


@dataclass(frozen=True)
class Schedule:
    student_id: int
    zone: ZoneInfo
    day_start: int
    retention: float
    weights: tuple[float, ...] | None = None
    parameters_id: int | None = None

    @property
    def scheduler(self) -> Scheduler:
        return memory.scheduler(self.retention, self.weights)

    def day_of(self, moment: datetime) -> date:
        return memory.study_day(moment, self.zone, self.day_start)

    def begin_of(self, day: date) -> datetime:
        return memory.day_begins(day, self.zone, self.day_start)

    def today(self, at: datetime) -> tuple[datetime, datetime]:
        """When the study day of the moment begins, and when the next one does."""
        day = self.day_of(at)
        return self.begin_of(day), self.begin_of(day + timedelta(days=1))

    def day_sql(self, moment: str | Combinable) -> Cast:
        """`day_of` of a column or expression, in the database."""
        moment = F(moment) if isinstance(moment, str) else moment
        wall = Func(Value(self.zone.key), moment, function="timezone", output_field=DateTimeField())
        return Cast(wall - timedelta(hours=self.day_start), DateField())


def memory_settings_of(student: Any) -> MemorySettings:
    """The student's own, or the defaults in an unsaved row."""
    return _settings.first(student=student.pk) or MemorySettings(student=student)


_settings = compiled(
    lambda student: MemorySettings.objects.select_related("parameters").filter(student_id=student)
)


def schedule_of(student: Any) -> Schedule:
    return schedule_by(student, memory_settings_of(student))


def schedule_by(student: Any, chosen: MemorySettings) -> Schedule:
    parameters = chosen.parameters
    return Schedule(
        student_id=student.pk,
        zone=ZoneInfo(student.timezone),
        day_start=chosen.day_start,
        retention=chosen.desired_retention,
        weights=tuple(parameters.weights) if parameters else None,
        parameters_id=parameters.pk if parameters else None,
    )
