"""The Home Assistant in this network, found by mDNS."""

from __future__ import annotations

import asyncio

from mcp_agent import Finding, ToolError

SERVICE = "_home-assistant._tcp.local."
_SECONDS = 3.0


async def discover(interfaces: list[str] | None = None) -> str:
    """The URL of the first that answers. Raises ToolError when the extra is missing or nobody answers."""
    try:
        from zeroconf import InterfaceChoice
        from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf
    except ModuleNotFoundError:
        raise ToolError(
            "Looking for Home Assistant in the network needs the package zeroconf.",
            hint="Install mcp-agent-smart-home[discovery], or set 'url' in the settings of smart_home.",
        ) from None
    names: asyncio.Queue[str] = asyncio.Queue()

    def heard(zeroconf: object, service_type: str, name: str, state_change: object) -> None:
        names.put_nowait(name)

    async with AsyncZeroconf(interfaces=interfaces or InterfaceChoice.All) as network:
        browser = AsyncServiceBrowser(network.zeroconf, SERVICE, handlers=[heard])
        try:
            async with asyncio.timeout(_SECONDS):
                while True:
                    info = AsyncServiceInfo(SERVICE, await names.get())
                    if await info.async_request(network.zeroconf, _SECONDS * 1000):
                        url = _url(info.decoded_properties, info.parsed_addresses(), info.port)
                        if url:
                            return url
        except TimeoutError:
            raise ToolError(
                "No Home Assistant answers in this network.",
                hint="Set 'url' in the settings of smart_home to its address, such as http://homeassistant.local:8123.",
            ) from None
        finally:
            await browser.async_cancel()


def find() -> list[Finding]:
    """For ``mcp-agent setup``: the Home Assistant of this network, if one answers."""
    try:
        url = asyncio.run(discover())
    except (ToolError, OSError):  # nobody there, or no network to ask
        return []
    return [Finding(f"Home Assistant at {url}", {"url": url})]


def _url(properties: dict[str, str | None], addresses: list[str], port: int | None) -> str | None:
    """What it says of itself, or where it was heard."""
    said = properties.get("internal_url") or properties.get("base_url")
    if said:
        return said.rstrip("/")
    address = next((one for one in addresses if ":" not in one), None)
    return f"http://{address}:{port or 8123}" if address else None
