"""Reported messages: the only way in which staff see what was said in private."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError
from apps.core.read_only import ReadOnlyAdmin

from . import services
from .models import Decision, MessageReport


@admin.register(MessageReport)
class MessageReportAdmin(ReadOnlyAdmin):
    """The list says who reported whom; the words are on a report's own page, and opening it is
    written down."""

    list_display = ["author", "reporter", "reason", "created_at", "decision", "decided_by"]
    list_filter = ["decision"]
    search_fields = ["author__email", "author__name", "reporter__email"]
    list_select_related = ["author", "reporter", "decided_by"]
    ordering = ["-created_at", "-id"]
    fields = [
        "reporter", "author", "reason", "created_at", "words_shown",
        "decision", "decided_by", "decided_at",
    ]  # fmt: skip
    readonly_fields = ["words_shown"]
    actions = ["uphold", "dismiss"]
    show_full_result_count = False

    @admin.display(description=_("what was said"))
    def words_shown(self, report: MessageReport) -> SafeString:
        rows = report.words.select_related("author").order_by("sequence")
        return format_html(
            "<ol>{}</ol>",
            format_html_join(
                "",
                '<li value="{}"><strong>{}</strong> ({} UTC)<br>{} {}</li>',
                (
                    (
                        each.sequence,
                        each.author,
                        f"{each.created_at:%Y-%m-%d %H:%M}",
                        each.content,
                        f"[{each.attachment_name}]" if each.attachment_name else "",
                    )
                    for each in rows
                ),
            ),
        )

    def change_view(
        self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        answer: HttpResponse = super().change_view(request, object_id, *args, **kwargs)
        report = self.get_object(request, object_id)
        if report is not None and answer.status_code == 200:
            services.open_report(report=report, by=request.user, at=timezone.now())
        return answer

    @admin.action(description=_("Uphold the reports"), permissions=["view"])
    def uphold(self, request: HttpRequest, reports: "QuerySet[MessageReport]") -> None:
        self._decide(request, reports, Decision.UPHELD)

    @admin.action(description=_("Dismiss the reports"), permissions=["view"])
    def dismiss(self, request: HttpRequest, reports: "QuerySet[MessageReport]") -> None:
        self._decide(request, reports, Decision.DISMISSED)

    def _decide(
        self, request: HttpRequest, reports: "QuerySet[MessageReport]", decision: Decision
    ) -> None:
        for report in reports:
            try:
                services.decide_report(
                    report=report,
                    by=request.user,
                    decision=decision,
                    at=timezone.now(),
                )
            except DomainError as error:
                messages.warning(request, str(error))
