from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SocialConfig(AppConfig):
    name = "apps.social"
    verbose_name = _("Social")

    def ready(self) -> None:
        from apps.core import personal_data as registry

        from . import personal_data

        registry.register("social", export=personal_data.export, erase=personal_data.erase)
