"""Several people at once: see `apps.core.tests.threads`."""

from apps.core.tests.threads import together

__all__ = ["together"]
