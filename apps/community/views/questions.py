"""The studio's page of questions that wait for an answer."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.rights import has_right
from apps.core.errors import DomainError, NotAllowed
from apps.core.pagination import paginate

from ..comment_forms import TeachersAnswerForm
from ..models import Comment
from ..selectors import comments as selectors
from ..services import comments

PAGE = 20
FOLDER = "community/discussion"


@require_GET
def questions(request: HttpRequest) -> HttpResponse:
    """Of the teacher's own courses, the one that waits longest first."""
    _check(request)
    waiting = selectors.questions_waiting(request.user)
    page = paginate(
        waiting, ordering=selectors.OLDEST, cursor=request.GET.get("cursor"), limit=PAGE
    )
    rows = selectors.dressed(page.items, request.user)
    context = {
        "rows": [(row, TeachersAnswerForm(pk=row.pk)) for row in rows],
        "page": page,
        "count": waiting.count(),
    }
    name = "_question_rows.html" if request.htmx else "questions.html"
    return render(request, f"{FOLDER}/{name}", context)


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Reply to a question where it is listed, and say that this answers it."""
    _check(request)
    question = get_object_or_404(selectors.questions_waiting(request.user), pk=pk)
    form = TeachersAnswerForm(request.POST, pk=pk)
    if form.is_valid():
        try:
            _answer(request, question, form)
        except DomainError as error:
            form.refuse(error)
        else:
            if not request.htmx:
                messages.success(request, _("Your answer is posted."))
                return redirect("community:questions")
            return render(request, f"{FOLDER}/_question_answered.html", {"question": question})
    selectors.dressed([question], request.user)
    context = {"question": question, "form": form}
    name = "_question.html" if request.htmx else "question.html"
    return render(request, f"{FOLDER}/{name}", context, status=422)


def _answer(request: HttpRequest, question: Comment, form: TeachersAnswerForm) -> None:
    comments.answer_question(
        question=question,
        author=request.user,
        content=form.cleaned_data["content"],
        is_answer=form.cleaned_data["answers"],
        at=timezone.now(),
    )


def _check(request: HttpRequest) -> None:
    if not has_right(request.user, "course.edit"):
        raise NotAllowed
