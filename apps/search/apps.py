from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "apps.search"
    verbose_name = _("Search")

    def ready(self) -> None:
        from apps.core import metrics as gauges
        from apps.core import personal_data as registry

        from . import handlers, personal_data  # noqa: F401 - registers the subscriptions
        from .metrics import DriftCollector

        registry.register("search", export=personal_data.export, erase=personal_data.erase)
        gauges.register(DriftCollector())
