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


@pytest.mark.parametrize("part", REQUESTS)
def test_the_right_tool_is_first_or_among_the_first_three(part: str, ranker: Ranker, names: set[str]) -> None:
    """Requests for tools that are not there, such as those that need a screen where there is none, do not count."""
    requests: dict[str, list[str]] = {
        request: right for request, right in REQUESTS[part].items() if names.intersection(right)
    }
    assert len(requests) > 60
    first = three = 0
    for request, right in requests.items():
        found = [hit.tool.name for hit in ranker.find(request, 3)]
        first += bool(found) and found[0] in right
        three += bool(set(found) & set(right))
        if part == "seen" and not set(found) & set(right):
            print(f"\n{request}: {', '.join(found) or 'nothing'} and not {right[0]}")  # noqa: T201
    print(f"\n{part}: first {first / len(requests):.1%}, in the first three {three / len(requests):.1%}")  # noqa: T201
    assert first / len(requests) >= FIRST
    assert three / len(requests) >= IN_THREE
