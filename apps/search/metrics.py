"""What the last check of the index found, for Prometheus."""

from collections.abc import Iterable

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from . import services


class DriftCollector(Collector):
    def collect(self) -> Iterable[Metric]:
        found = services.last_check()
        gauge = GaugeMetricFamily(
            "eduplatform_search_drift",
            "Documents that the last check of the index found wrong",
            labels=["kind"],
        )
        if found is not None:
            for kind in ("missing", "superfluous", "differing"):
                gauge.add_metric([kind], getattr(found, kind))
        yield gauge

    def describe(self) -> Iterable[Metric]:
        """Nothing at registration: collecting would ask the cache."""
        return []
