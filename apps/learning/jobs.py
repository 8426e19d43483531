"""Long work of learning: quizzes and concepts made by an engine, in the language of whoever asked; imports."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.utils import timezone
from django.utils.translation import override

from apps.accounts.models import User
from apps.core import jobs
from apps.core.jobs import Run

from .services import concept_proposals, generation, imports


@contextmanager
def _owner_of(run: Run) -> Iterator[User]:
    owner = User.objects.get(pk=run.owner_id)
    with override(owner.locale):
        yield owner


@jobs.register("quiz.generate")
def generate_quiz(run: Run) -> dict[str, Any]:
    with _owner_of(run) as owner:
        return generation.generate_for_lesson(
            lesson_id=run.args["lesson"],
            by=owner,
            offline=run.args["offline"],
            report=run.report,
        )


@jobs.register("quiz.generate_course")
def generate_quizzes(run: Run) -> dict[str, Any]:
    with _owner_of(run) as owner:
        return generation.generate_for_course(
            course_id=run.args["course"],
            by=owner,
            offline=run.args["offline"],
            report=run.report,
            checkpoint=run.checkpoint,
        )


@jobs.register(concept_proposals.KIND)
def propose_concepts(run: Run) -> dict[str, Any]:
    with _owner_of(run) as owner:
        return concept_proposals.propose(
            course_id=run.args["course"],
            by=owner,
            offline=run.args["offline"],
            report=run.report,
            checkpoint=run.checkpoint,
        )


@jobs.register("learning.import")
def take_import(run: Run) -> dict[str, Any]:
    with _owner_of(run):
        imports.take(import_id=run.args["import"], at=timezone.now(), report=run.report)
    return {"import": run.args["import"]}
