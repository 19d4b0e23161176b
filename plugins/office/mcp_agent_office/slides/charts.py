"""What charts on slides show."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def values_of(shape: Any) -> dict[str, list[float | None]]:
    """Series by name; none for a kind of chart that the library does not know."""
    return dict(_series(shape.chart)) if getattr(shape, "has_chart", False) else {}


def _series(chart: Any) -> Iterator[tuple[str, list[float | None]]]:
    try:
        for plot in chart.plots:
            for series in plot.series:
                yield str(series.name), list(series.values)
    except (NotImplementedError, KeyError, ValueError):
        return
