from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ActivityConfig(AppConfig):
    name = "apps.activity"
    verbose_name = _("Activity")

    def ready(self) -> None:
        from apps.core import personal_data as registry

        from . import handlers, personal_data  # noqa: F401

        registry.register("activity", export=personal_data.export, erase=personal_data.erase)
