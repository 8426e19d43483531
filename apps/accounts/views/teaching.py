"""Becoming a teacher: the application and where it stands."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.core.errors import DomainError, NotAllowed
from apps.media.models import Purpose, Upload
from apps.media.services import store_upload

from .. import selectors, services
from ..forms import ApplicationForm
from ..models import TeacherApplication
from ..rights import SignedInRequest, has_right
from ..services.applications import MAX_DOCUMENTS

Status = TeacherApplication.Status


@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: SignedInRequest) -> HttpResponse:
    """The form, or, once it is sent, where the application stands."""
    if not has_right(request.user, "teacher.apply"):
        raise NotAllowed
    application = selectors.applications().filter(user=request.user).first()
    if request.method != "POST":
        if application and _is_to_show(application) and "edit" not in request.GET:
            return render(request, "accounts/application.html", {"application": application})
        return _form(request, application, ApplicationForm(initial=_initial(application)))
    form, documents = ApplicationForm(request.POST), _documents(request)
    if not form.is_valid():
        return _form(request, application, form, documents, status=422)
    try:
        services.submit_application(
            user=request.user, documents=documents, at=timezone.now(), **form.cleaned_data
        )
    except DomainError as error:
        return _form(request, application, form, documents, status=form.tell(error))
    return redirect("accounts:apply")


@require_safe
def teach(request: SignedInRequest) -> HttpResponse:
    """Where teaching begins: one's application, or the studio for those who need none."""
    if has_right(request.user, "teacher.apply"):
        return redirect("accounts:apply")
    return redirect("/studio/")  # courses', above this app


@require_POST
def documents(request: SignedInRequest) -> HttpResponse:
    """The list of documents with what was just chosen or taken away; nothing is sent with it yet."""
    kept, error = _documents(request), ""
    for file in request.FILES.getlist("files"):
        if len(kept) >= MAX_DOCUMENTS:
            break
        try:
            upload = store_upload(
                owner=request.user, file=file, purpose=Purpose.DOCUMENT, at=timezone.now()
            )
        except DomainError as refusal:
            error = f"{file.name}: {refusal}"
            continue
        kept.append(upload)
    context = {"documents": kept, "error": error}
    return render(request, "accounts/_documents.html", context, status=422 if error else 200)


def _documents(request: SignedInRequest) -> list[Upload]:
    """The person's own uploads that the form names, without the one to be removed."""
    ids = [pk for pk in request.POST.getlist("documents") if pk.isdecimal() and len(pk) < 19]
    uploads = Upload.objects.owned_by(request.user).filter(purpose=Purpose.DOCUMENT, pk__in=ids)
    removed = request.POST.get("remove", "")
    return [upload for upload in uploads.order_by("pk") if str(upload.pk) != removed][
        :MAX_DOCUMENTS
    ]


def _is_to_show(application: TeacherApplication) -> bool:
    return application.status == Status.VERIFIED or (
        application.status == Status.PENDING and application.submitted_at is not None
    )


def _initial(application: TeacherApplication | None) -> dict[str, object]:
    if application is None:
        return {}
    return {"qualification": application.qualification, "links": application.links}


def _form(
    request: SignedInRequest,
    application: TeacherApplication | None,
    form: ApplicationForm,
    documents: list[Upload] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    if documents is None:
        documents = list(application.documents.all()) if application else []
    context = {"application": application, "form": form, "documents": documents}
    return render(request, "accounts/apply.html", context, status=status)
