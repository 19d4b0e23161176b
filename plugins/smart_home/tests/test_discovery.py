"""Home Assistant found by mDNS: a real announcement, on loopback."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from mcp_agent_smart_home.homeassistant import discovery

from mcp_agent import ToolError


@asynccontextmanager
async def announced(properties: dict[str, str]) -> AsyncIterator[None]:
    from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

    info = AsyncServiceInfo(
        discovery.SERVICE, f"Test Home.{discovery.SERVICE}", port=8123, properties=properties,
        addresses=[socket.inet_aton("127.0.0.1")], server="test-home.local.",
    )  # fmt: skip
    async with AsyncZeroconf(interfaces=["127.0.0.1"]) as network:
        await (await network.async_register_service(info, cooperating_responders=True))
        yield


@pytest.mark.parametrize(
    ("properties", "url"),
    [
        ({"internal_url": "http://192.0.2.7:8123/", "base_url": "http://192.0.2.8:8123"}, "http://192.0.2.7:8123"),
        ({"internal_url": "", "base_url": "http://192.0.2.8:8123"}, "http://192.0.2.8:8123"),
        ({}, "http://127.0.0.1:8123"),
    ],
)
def test_it_is_found(properties: dict[str, str], url: str) -> None:
    async def work() -> None:
        async with announced(properties):
            assert await discovery.discover(["127.0.0.1"]) == url

    asyncio.run(work())


def test_where_nobody_answers_the_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discovery, "_SECONDS", 0.2)
    with pytest.raises(ToolError, match="Set 'url'"):
        asyncio.run(discovery.discover(["127.0.0.1"]))


def test_without_the_extra_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "zeroconf", None)
    with pytest.raises(ToolError, match=r"mcp-agent-smart-home\[discovery\]"):
        asyncio.run(discovery.discover())


def test_setup_offers_what_it_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    async def found() -> str:
        return "http://192.0.2.7:8123"

    monkeypatch.setattr(discovery, "discover", found)
    [finding] = discovery.find()
    assert finding.settings == {"url": "http://192.0.2.7:8123"}

    async def nobody() -> str:
        raise ToolError("No Home Assistant answers.")

    monkeypatch.setattr(discovery, "discover", nobody)
    assert discovery.find() == []
