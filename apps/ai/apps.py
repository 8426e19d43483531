from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AIConfig(AppConfig):
    name = "apps.ai"
    label = "ai"
    verbose_name = _("AI service")

    def ready(self) -> None:
        from apps.core import personal_data as registry

        from . import personal_data

        registry.register("ai", export=personal_data.export, erase=personal_data.erase)
