from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OnboardingConfig(AppConfig):
    name = "apps.onboarding"
    verbose_name = _("First steps")

    def ready(self) -> None:
        from apps.core import personal_data as registry

        from . import personal_data

        registry.register("onboarding", export=personal_data.export, erase=personal_data.erase)
