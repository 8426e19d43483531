from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LearningConfig(AppConfig):
    name = "apps.learning"
    verbose_name = _("Learning")

    def ready(self) -> None:
        from . import handlers, jobs  # noqa: F401
