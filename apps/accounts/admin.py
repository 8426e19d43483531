"""Staff's view of people and of teachers' applications; every change goes through a service."""

from collections.abc import Callable
from typing import Any

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin as BaseGroupAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import Case, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_htmx.http import HttpResponseClientRedirect
from unfold.admin import ModelAdmin
from unfold.decorators import action, display
from unfold.enums import ActionVariant
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from apps.core.errors import DomainError
from apps.core.read_only import ReadOnlyAdmin
from apps.media.models import Upload
from apps.media.services import signed_url

from . import selectors, services
from .models import Role, TeacherApplication, User
from .rights import SignedInRequest, has_right

Status = TeacherApplication.Status

# one way in and one place for passwords: their limits and their sweep of devices hold for staff too
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.password_change = lambda *args, **kwargs: redirect(  # type: ignore[method-assign,assignment]
    "accounts:security"
)
for model in (EmailAddress, SocialAccount, SocialApp, SocialToken, Group):
    admin.site.unregister(model)


@admin.register(Group)
class GroupAdmin(BaseGroupAdmin, ModelAdmin):
    """Django's own, in our theme."""


def done(
    request: HttpRequest, change: Callable[[], object], text: str, *, back: str
) -> HttpResponse:
    """Do what a dialog asked for, say how it went, and show the page anew."""
    try:
        change()
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, text)
    return HttpResponseClientRedirect(back)


# ── People ────────────────────────────────────────────────────────────────────────────────────
class RoleForm(BaseDialogForm):
    role = forms.ChoiceField(
        label=gettext_lazy("Role"), choices=Role.choices, widget=UnfoldAdminSelectWidget
    )


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    list_display = ["name", "email", "shown_role", "is_verified", "shown_state", "created_at"]
    list_filter = ["role", "is_active", "is_verified", "email_verified", "locale"]
    search_fields = ["email", "name", "username"]
    search_help_text = gettext_lazy("E-mail, name or username")
    ordering = ["-created_at", "-id"]
    date_hierarchy = "created_at"
    show_full_result_count = False
    actions = ["ban_selected"]
    actions_detail = ["change_role", "ban", "deactivate", "reactivate"]
    fieldsets = [
        (None, {"fields": ["name", "email", "username", "role", "bio"]}),
        (
            gettext_lazy("State"),
            {
                "fields": [
                    "is_active",
                    "is_verified",
                    "email_verified",
                    "created_at",
                    "banned_at",
                    "erased_at",
                ]
            },
        ),
        (gettext_lazy("Language and time"), {"fields": ["locale", "timezone"]}),
        (gettext_lazy("Administration"), {"fields": ["is_staff", "is_superuser", "groups"]}),
    ]

    @display(
        description=gettext_lazy("role"),
        ordering="role",
        label={"teacher": "info", "moderator": "warning", "admin": "danger"},
    )
    def shown_role(self, user: User) -> tuple[str, str]:
        return user.role, user.get_role_display()

    @display(
        description=gettext_lazy("state"),
        label={"active": "success", "banned": "danger", "closed": "warning", "erased": "warning"},
    )
    def shown_state(self, user: User) -> tuple[str, str]:
        if user.erased_at:
            return "erased", _("erased")
        if user.banned_at:
            return "banned", _("banned")
        return ("active", _("active")) if user.is_active else ("closed", _("closed"))

    def has_change_role_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return has_right(request.user, "user.change_role") and _is_other(request, object_id)

    def has_ban_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self._may_close(request, object_id, is_active=True)

    def has_reactivate_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self._may_close(request, object_id, is_active=False)

    def _may_close(self, request: HttpRequest, object_id: Any, *, is_active: bool) -> bool:
        if not has_right(request.user, "user.ban") or not _is_other(request, object_id):
            return False
        people = User.objects.filter(is_active=is_active, erased_at=None)
        return object_id is None or people.filter(pk=object_id).exists()

    @action(
        description=gettext_lazy("Change the role"),
        permissions=["change_role"],
        icon="badge",
        dialog={
            "title": gettext_lazy("Change the role"),
            "description": gettext_lazy("The person is logged out everywhere."),
            "form_class": RoleForm,
            "form_submit_text": gettext_lazy("Change"),
        },
    )
    def change_role(self, request: SignedInRequest, form: RoleForm, object_id: str) -> HttpResponse:
        role = form.cleaned_data["role"]
        return self._change(
            request, object_id, services.change_role, _("The role is changed."), role=role
        )

    @action(
        description=gettext_lazy("Ban"),
        permissions=["ban"],
        icon="block",
        variant=ActionVariant.DANGER,
        dialog={
            "title": gettext_lazy("Ban this account?"),
            "description": gettext_lazy("The person is logged out everywhere and can’t come back."),
            "form_class": None,
            "form_submit_text": gettext_lazy("Ban"),
        },
    )
    def ban(self, request: SignedInRequest, form: BaseDialogForm, object_id: str) -> HttpResponse:
        return self._change(request, object_id, services.ban_user, _("The account is banned."))

    @action(
        description=gettext_lazy("Close the account"),
        permissions=["ban"],
        icon="lock",
        dialog={
            "title": gettext_lazy("Close this account?"),
            "description": gettext_lazy(
                "The person is logged out everywhere, without the reproach of a ban."
            ),
            "form_class": None,
            "form_submit_text": gettext_lazy("Close the account"),
        },
    )
    def deactivate(
        self, request: SignedInRequest, form: BaseDialogForm, object_id: str
    ) -> HttpResponse:
        return self._change(
            request, object_id, services.deactivate_user, _("The account is closed.")
        )

    @action(
        description=gettext_lazy("Open again"),
        permissions=["reactivate"],
        icon="lock_open",
        dialog={
            "title": gettext_lazy("Open this account again?"),
            "description": gettext_lazy("The person can log in as before."),
            "form_class": None,
            "form_submit_text": gettext_lazy("Open again"),
        },
    )
    def reactivate(
        self, request: SignedInRequest, form: BaseDialogForm, object_id: str
    ) -> HttpResponse:
        return self._change(
            request, object_id, services.reactivate_user, _("The account is open again.")
        )

    @admin.action(description=gettext_lazy("Ban the chosen"), permissions=["ban"])
    def ban_selected(self, request: SignedInRequest, queryset: QuerySet[User]) -> None:
        people = list(queryset.filter(banned_at=None, erased_at=None).exclude(pk=request.user.pk))
        for user in people:
            services.ban_user(user=user, by=request.user, at=timezone.now())
        text = ngettext("%d account is banned.", "%d accounts are banned.", len(people))
        self.message_user(request, text % len(people), messages.SUCCESS)

    def _change(
        self,
        request: SignedInRequest,
        object_id: str,
        service: Callable[..., None],
        text: str,
        **values: Any,
    ) -> HttpResponse:
        user = get_object_or_404(User, pk=object_id)
        return done(
            request,
            lambda: service(user=user, by=request.user, at=timezone.now(), **values),
            text,
            back=reverse("admin:accounts_user_change", args=[user.pk]),
        )


def _is_other(request: HttpRequest, object_id: Any) -> bool:
    return str(object_id) != str(request.user.pk)


# ── Teachers' applications ────────────────────────────────────────────────────────────────────
class RefusalForm(BaseDialogForm):
    reason = forms.CharField(
        label=gettext_lazy("Reason, as the teacher will read it"),
        max_length=2000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
    )


@admin.register(TeacherApplication)
class TeacherApplicationAdmin(ReadOnlyAdmin):
    list_display = ["teacher", "shown_status", "shown_checks", "opened_at", "submitted_at"]
    list_filter = ["status"]
    search_fields = ["user__email", "user__name"]
    list_select_related = ["user"]
    show_full_result_count = False
    actions = ["verify_selected"]
    actions_detail = ["verify", "refuse"]
    fieldsets = [
        (
            None,
            {"fields": ["person", "qualification", "shown_links", "shown_documents"]},
        ),
        (gettext_lazy("Pre-checks"), {"fields": ["document_check", "name_check", "link_check"]}),
        (
            gettext_lazy("Decision"),
            {
                "fields": [
                    "status",
                    "reason",
                    "opened_at",
                    "submitted_at",
                    "decided_at",
                    "decided_by",
                ]
            },
        ),
    ]
    readonly_fields = [
        "person",
        "shown_links",
        "shown_documents",
        "document_check",
        "name_check",
        "link_check",
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[TeacherApplication]:
        """Those who wait stand first."""
        rank = Case(When(status=Status.PENDING, then=Value(0)), default=Value(1))
        return selectors.applications().annotate(rank=rank).order_by("rank", "-opened_at", "-pk")

    def get_ordering(self, request: HttpRequest) -> list[str]:
        return ["rank", "-opened_at", "-pk"]

    def get_urls(self) -> list[Any]:
        document = self.admin_site.admin_view(self.open_document)
        route = "<int:pk>/documents/<int:upload>/"
        return [path(route, document, name="accounts_document"), *super().get_urls()]

    def open_document(self, request: HttpRequest, pk: int, upload: int) -> HttpResponse:
        """A private file, for those who decide and for five minutes."""
        if not self.has_verify_permission(request):
            raise PermissionDenied
        application = get_object_or_404(TeacherApplication, pk=pk)
        return redirect(signed_url(get_object_or_404(application.documents, pk=upload)))

    def has_verify_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        waiting = TeacherApplication.objects.exclude(status=Status.VERIFIED)
        return has_right(request.user, "teacher.verify") and (
            object_id is None or waiting.filter(pk=object_id).exists()
        )

    # ── what is shown ─────────────────────────────────────────────────────────────────────────
    @display(description=gettext_lazy("teacher"), header=True)
    def teacher(self, application: TeacherApplication) -> list[str]:
        return [application.user.name, application.user.email]

    @display(description=gettext_lazy("teacher"))
    def person(self, application: TeacherApplication) -> SafeString:
        url = reverse("admin:accounts_user_change", args=[application.user_id])
        user = application.user
        return format_html('<a href="{}">{}</a>, {}', url, user.name, user.email)

    @display(
        description=gettext_lazy("status"),
        ordering="status",
        label={"pending": "warning", "verified": "success", "refused": "danger"},
    )
    def shown_status(self, application: TeacherApplication) -> tuple[str, str]:
        return application.status, application.get_status_display()

    @display(description=gettext_lazy("pre-checks"))
    def shown_checks(self, application: TeacherApplication) -> str:
        checks = application.checks
        if not checks:
            return "—"
        links = checks["links"]
        answering = sum(link["ok"] for link in links)
        return " · ".join(
            [
                _("documents %s") % _mark(checks["documents"]["ok"]),
                _("name %s") % _mark(checks["name"]["ok"]),
                _("links %(answering)d of %(all)d") % {"answering": answering, "all": len(links)},
            ]
        )

    @display(description=gettext_lazy("links"))
    def shown_links(self, application: TeacherApplication) -> SafeString | str:
        links = ((link, link) for link in application.links)
        template = '<a href="{}" target="_blank" rel="noopener noreferrer nofollow">{}</a>'
        return format_html_join(SafeString("<br>"), template, links) or "—"

    @display(description=gettext_lazy("documents"))
    def shown_documents(self, application: TeacherApplication) -> SafeString | str:
        documents: list[Upload] = list(application.documents.all())
        links = (
            (reverse("admin:accounts_document", args=[application.pk, upload.pk]), upload.name)
            for upload in documents
        )
        return format_html_join(SafeString("<br>"), '<a href="{}">{}</a>', links) or "—"

    @display(description=gettext_lazy("document kind"))
    def document_check(self, application: TeacherApplication) -> str:
        if not application.checks:
            return _("not checked yet")
        found = application.checks["documents"]
        kinds = ", ".join(found["kinds"]) or _("nothing attached")
        return f"{_mark(found['ok'])} {kinds}"

    @display(description=gettext_lazy("name"))
    def name_check(self, application: TeacherApplication) -> str:
        if not application.checks:
            return _("not checked yet")
        if application.checks["name"]["ok"]:
            return _("✓ stands in the document’s name or in the text")
        return _("✗ stands neither in a document’s name nor in the text")

    @display(description=gettext_lazy("links"))
    def link_check(self, application: TeacherApplication) -> SafeString | str:
        if not application.checks:
            return _("not checked yet")
        rows = (
            (_mark(link["ok"]), link["url"], link.get("status") or _("no answer"))
            for link in application.checks["links"]
        )
        return format_html_join(SafeString("<br>"), "{} {}: {}", rows) or "—"

    # ── decisions ─────────────────────────────────────────────────────────────────────────────
    @action(
        description=gettext_lazy("Verify"),
        permissions=["verify"],
        icon="check",
        variant=ActionVariant.PRIMARY,
        dialog={
            "title": gettext_lazy("Verify this teacher?"),
            "description": gettext_lazy("They can publish courses from now on, and are told so."),
            "form_class": None,
            "form_submit_text": gettext_lazy("Verify"),
        },
    )
    def verify(
        self, request: SignedInRequest, form: BaseDialogForm, object_id: str
    ) -> HttpResponse:
        application = get_object_or_404(TeacherApplication, pk=object_id)
        return done(
            request,
            lambda: services.verify_teacher(
                application=application, by=request.user, at=timezone.now()
            ),
            _("The teacher is verified."),
            back=reverse("admin:accounts_teacherapplication_changelist"),
        )

    @action(
        description=gettext_lazy("Refuse"),
        permissions=["verify"],
        icon="close",
        dialog={
            "title": gettext_lazy("Refuse this application?"),
            "description": gettext_lazy("The teacher reads the reason and may apply again."),
            "form_class": RefusalForm,
            "form_submit_text": gettext_lazy("Refuse"),
        },
    )
    def refuse(self, request: SignedInRequest, form: RefusalForm, object_id: str) -> HttpResponse:
        application = get_object_or_404(TeacherApplication, pk=object_id)
        return done(
            request,
            lambda: services.refuse_teacher(
                application=application,
                by=request.user,
                reason=form.cleaned_data["reason"],
                at=timezone.now(),
            ),
            _("The application is refused."),
            back=reverse("admin:accounts_teacherapplication_changelist"),
        )

    @admin.action(description=gettext_lazy("Verify the chosen"), permissions=["verify"])
    def verify_selected(
        self, request: SignedInRequest, queryset: QuerySet[TeacherApplication]
    ) -> None:
        waiting = list(queryset.exclude(status=Status.VERIFIED))
        for application in waiting:
            services.verify_teacher(application=application, by=request.user, at=timezone.now())
        text = ngettext("%d teacher is verified.", "%d teachers are verified.", len(waiting))
        self.message_user(request, text % len(waiting), messages.SUCCESS)


def _mark(is_right: bool) -> str:
    return "✓" if is_right else "✗"
