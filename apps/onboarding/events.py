"""What became of somebody's first hour."""

from dataclasses import dataclass
from typing import ClassVar

from apps.core.bus import Event


@dataclass(frozen=True, kw_only=True)
class OnboardingStarted(Event):
    """Somebody saw the first page of it; once per person."""

    name: ClassVar[str] = "onboarding.started"
    user_id: int


@dataclass(frozen=True, kw_only=True)
class OnboardingSkipped(Event):
    """`step` is where it was left: questions, course or lesson."""

    name: ClassVar[str] = "onboarding.skipped"
    user_id: int
    step: str


@dataclass(frozen=True, kw_only=True)
class OnboardingFinished(Event):
    """The first lesson, question, card and day are done; once per person."""

    name: ClassVar[str] = "onboarding.finished"
    user_id: int
    course_id: int
