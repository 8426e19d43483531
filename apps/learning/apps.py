from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LearningConfig(AppConfig):
    name = "apps.learning"
    verbose_name = _("Learning")

    def ready(self) -> None:
        from apps.core import personal_data as registry

        from . import handlers, jobs, personal_data  # noqa: F401

        registry.register("learning", export=personal_data.export, erase=personal_data.erase)
