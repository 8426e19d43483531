from django.apps import AppConfig


class MediaConfig(AppConfig):
    name = "apps.media"

    def ready(self) -> None:
        from apps.core import personal_data

        from . import selectors, services

        personal_data.register("media", export=selectors.export, erase=services.erase)
