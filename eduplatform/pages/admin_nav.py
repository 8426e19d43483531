"""The admin's side bar: what the person may open, grouped by what it is about."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

GROUPS = {
    gettext_lazy("People"): [
        "accounts",
        "onboarding",
        "social",
        "messaging",
        "auth",
        "account",
        "socialaccount",
    ],
    gettext_lazy("Courses"): ["courses", "media"],
    gettext_lazy("Seats and reviews"): ["enrollment"],
    gettext_lazy("Quizzes and cards"): ["learning"],
    gettext_lazy("Points and badges"): ["gamification"],
    gettext_lazy("Community"): ["community", "activity", "referrals"],
    gettext_lazy("Money"): ["payments"],
    gettext_lazy("AI"): ["ai"],
    gettext_lazy("Operation"): ["core", "notifications", "analytics", "search"],
}
ICONS = {
    "User": "group",
    "TeacherApplication": "how_to_reg",
    "Group": "shield_person",
    "Profile": "badge",
    "Follow": "person_add",
    "Block": "block",
    "MessageReport": "report",
    "Category": "account_tree",
    "Course": "school",
    "CourseVersion": "history",
    "Upload": "image",
    "Enrollment": "event_seat",
    "Review": "reviews",
    "Question": "help",
    "Quiz": "quiz",
    "Card": "style",
    "MemoryParameters": "tune",
    "StudyTime": "schedule",
    "FeedEntry": "dynamic_feed",
    "Referral": "diversity_3",
    "ReferralCode": "qr_code",
    "RewardRule": "redeem",
    "Reward": "military_tech",
    "ForumCategory": "category",
    "Topic": "forum",
    "Comment": "forum",
    "Report": "flag",
    "CommunityBan": "block",
    "Standing": "military_tech",
    "Start": "flag_circle",
    "Habit": "local_fire_department",
    "Act": "list_alt",
    "Award": "workspace_premium",
    "Payment": "payments",
    "ModelCall": "smart_toy",
    "CreditDay": "toll",
    "Delivery": "outbox",
    "Job": "manufacturing",
    "AuditEntry": "policy",
    "Notification": "notifications",
    "Dispatch": "mail",
}


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    models = {app["app_label"]: app["models"] for app in admin.site.get_app_list(request)}
    groups = [
        {
            "title": title,
            "separator": True,
            "items": [_item(model) for label in labels for model in models.get(label, [])],
        }
        for title, labels in GROUPS.items()
    ]
    first = {"title": _("Figures"), "icon": "monitoring", "link": reverse("admin:index")}
    costs = {"title": _("AI costs"), "icon": "payments", "link": reverse("admin:ai_costs")}
    learning = {
        "title": pgettext("admin", "Learning"),
        "icon": "school",
        "link": reverse("admin:learning"),
    }
    setup = {"title": _("Setup"), "icon": "checklist", "link": reverse("admin:setup")}
    pages = [first]
    if getattr(request.user, "is_admin", False):
        pages.append(setup)
    if request.user.has_perm("learning.view_studytime"):
        pages.append(learning)
    if request.user.has_perm("ai.view_modelcall"):
        pages.append(costs)
    return [{"items": pages}, *(group for group in groups if group["items"])]


def _item(model: dict[str, Any]) -> dict[str, Any]:
    name = str(model["name"])
    return {
        "title": name[:1].upper() + name[1:],
        "icon": ICONS.get(model["object_name"], "table_rows"),
        "link": model["admin_url"] or "",
    }
