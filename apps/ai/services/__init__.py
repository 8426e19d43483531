"""Asking an engine, and what it costs."""

from ..material import OFFLINE, Material, Outcome
from .asking import ask
from .trying import Tried, dearest_trial, try_model

__all__ = ["OFFLINE", "Material", "Outcome", "Tried", "ask", "dearest_trial", "try_model"]
