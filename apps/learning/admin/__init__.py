"""Learning in the hands of operators."""

from . import asked, mastery  # noqa: F401  # they register themselves
