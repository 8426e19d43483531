from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GamificationConfig(AppConfig):
    name = "apps.gamification"
    verbose_name = _("Gamification")

    def ready(self) -> None:
        from apps.core import personal_data as registry

        from . import consumers, handlers, personal_data  # noqa: F401

        registry.register("gamification", export=personal_data.export, erase=personal_data.erase)
