"""What is read about somebody's first hour."""

from .day import FirstDay, first_day_of
from .picks import Offer, Pick, first_lesson_of, offer_for, pick_of
from .standing import Welcome, start_of, step_of, welcome_of
from .steps import FirstSteps, first_steps_of
from .subjects import offered_subjects, topics_of, wishes_of

__all__ = [
    "FirstDay",
    "FirstSteps",
    "Offer",
    "Pick",
    "Welcome",
    "first_day_of",
    "first_lesson_of",
    "first_steps_of",
    "offer_for",
    "offered_subjects",
    "pick_of",
    "start_of",
    "step_of",
    "topics_of",
    "welcome_of",
    "wishes_of",
]
