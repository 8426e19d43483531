"""A model server of the suite's own, and the settings that lead to it."""

from decimal import Decimal

import pytest

from .model_server import model_server


@pytest.fixture
def server():
    with model_server() as running:
        yield running


@pytest.fixture
def models(settings, server):
    """Two models of the server: `small` for cheap tasks, `big` before it for the others."""
    settings.AI_BASE_URL = server.address
    settings.AI_API_KEY = "key-that-nobody-may-see"
    settings.AI_MODELS = {"cheap": ["small"], "mid": ["big"], "expensive": []}
    # dollars per million tokens: 1000 in and 200 out cost 2000 + 2000 micro-dollars
    settings.AI_PRICES = {"small": (Decimal(2), Decimal(10)), "big": (Decimal(2), Decimal(10))}
    settings.AI_PAUSE_SECONDS = 0.001
    return server
