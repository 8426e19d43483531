"""Asking an engine, and what it costs."""

from ..material import OFFLINE, Material, Outcome
from .asking import ask

__all__ = ["OFFLINE", "Material", "Outcome", "ask"]
