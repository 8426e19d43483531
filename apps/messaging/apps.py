from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MessagingConfig(AppConfig):
    name = "apps.messaging"
    verbose_name = _("Messages")

    def ready(self) -> None:
        from apps.core import personal_data as registry

        from . import consumers, personal_data  # noqa: F401 - registers channels and frames

        registry.register("messaging", export=personal_data.export, erase=personal_data.erase)
