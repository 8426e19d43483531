from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "apps.notifications"
    verbose_name = _("Notifications")

    def ready(self) -> None:
        from apps.core import personal_data

        from . import (  # noqa: F401 - registers what they subscribe to
            community_handlers,
            consumers,
            habit_handlers,
            handlers,
            services,
        )

        personal_data.register("notifications", export=services.export, erase=services.erase)
