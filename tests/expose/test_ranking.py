"""The right tool for a request in everyday words."""

from __future__ import annotations

import asyncio
import tomllib
from pathlib import Path

import pytest

from mcp_agent import Host
from mcp_agent.expose.exposure import FRONT
from mcp_agent.expose.ranking import Ranker

REQUESTS = tomllib.loads(Path(__file__).with_name("requests.toml").read_text())
FIRST, IN_THREE = 0.85, 0.95


@pytest.fixture(scope="module")
def ranker() -> Ranker:
    async def make() -> Ranker:
        async with Host(on_disk=False) as host:
            return Ranker([tool for tool in host.tools() if tool.plugin != FRONT])

    return asyncio.run(make())


@pytest.fixture(scope="module")
def names() -> set[str]:
    async def ask() -> set[str]:
        async with Host(on_disk=False) as host:
            return {tool.name for tool in host.tools()}

    return asyncio.run(ask())


def test_the_right_tool_is_first_or_among_the_first_three(ranker: Ranker, names: set[str]) -> None:
    """Of all requests, and of those that nothing was tuned to. Those for tools that are not there do not count: some
    need a screen."""
    parts = {part: _hits(ranker, requests, names) for part, requests in REQUESTS.items()}
    parts["all"] = [hit for hits in list(parts.values()) for hit in hits]
    assert len(parts["all"]) > 150
    figures = {}
    for part, hits in parts.items():
        figures[part] = (sum(place == 0 for place in hits) / len(hits), sum(place < 3 for place in hits) / len(hits))
        print(f"\n{part}: first {figures[part][0]:.1%}, in the first three {figures[part][1]:.1%}")  # noqa: T201
    for part in ("all", "unseen"):
        assert figures[part][0] >= FIRST, part
        assert figures[part][1] >= IN_THREE, part


def _hits(ranker: Ranker, requests: dict[str, list[str]], names: set[str]) -> list[int]:
    """At which place the first right tool is, 3 for one that is not among the first three."""
    places = []
    for request, right in requests.items():
        if names.intersection(right):
            found = [hit.tool.name for hit in ranker.find(request, 3)]
            places.append(next((place for place, name in enumerate(found) if name in right), 3))
    return places
