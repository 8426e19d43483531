from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommunityConfig(AppConfig):
    name = "apps.community"
    verbose_name = _("Community")

    def ready(self) -> None:
        from apps.core import personal_data as registry

        from . import (  # noqa: F401 - they register what they hold
            consumers,
            forum_admin,
            personal_data,
        )

        registry.register("community", export=personal_data.export, erase=personal_data.erase)
