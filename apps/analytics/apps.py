from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AnalyticsConfig(AppConfig):
    name = "apps.analytics"
    verbose_name = _("Analytics")

    def ready(self) -> None:
        from apps.core import personal_data

        from . import handlers, services  # noqa: F401 - registers the subscriptions

        personal_data.register("analytics", export=services.export, erase=services.erase)
