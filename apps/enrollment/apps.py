from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EnrollmentConfig(AppConfig):
    name = "apps.enrollment"
    verbose_name = _("Enrollment")

    def ready(self) -> None:
        from apps.core import personal_data as registry

        from . import handlers, personal_data  # noqa: F401

        registry.register("enrollment", export=personal_data.export, erase=personal_data.erase)
