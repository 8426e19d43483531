"""What somebody asks for: the task, the material, who it is for and when."""

from dataclasses import dataclass, field
from datetime import datetime

from apps.accounts.models import User

from .material import Material
from .prompts.registry import Task


@dataclass(frozen=True)
class Inquiry:
    """`user` is None when nobody in particular asks: then no credits are used.

    `faults` gathers why drafts of models were sent back.
    """

    task: Task
    material: Material
    user: User | None
    course_id: int | None
    at: datetime
    faults: list[str] = field(default_factory=list)
