"""Nothing but the public internet is reached: a hundred tricks against sockets that listen."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st
from mcp_agent_research.web.addresses import is_public

from mcp_agent import Host, ToolError
from mcp_agent.testing import host_for
from tests.support.research import MODULE, OFFLINE, LocalWeb, article, local_web


class Listeners:
    """Sockets on every local address there is, on one port; ``connections`` counts who came."""

    def __init__(self) -> None:
        self.connections = 0
        self._sockets: list[socket.socket] = []
        self.port = 0
        for family, address in ((socket.AF_INET, "0.0.0.0"), (socket.AF_INET6, "::1")):
            made = socket.socket(family)
            with contextlib.suppress(OSError):  # a machine without IPv6
                made.bind((address, self.port))
                made.listen(64)
                self.port = made.getsockname()[1]
                threading.Thread(target=self._count, args=(made,), daemon=True).start()
            self._sockets.append(made)

    def _count(self, listening: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                accepted, _ = listening.accept()
                self.connections += 1
                accepted.close()

    def close(self) -> None:
        for one in self._sockets:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()


@pytest.fixture
def listeners() -> Iterator[Listeners]:
    made = Listeners()
    yield made
    made.close()


HOSTS = [
    # this machine, spelt in every way
    "127.0.0.1", "localhost", "LOCALHOST", "localhost.", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1",
    "0177.0.0.1", "017700000001", "0x7f.1", "127.0.0.1.", "127.000.000.001", "127.127.127.127", "0.0.0.0", "0", "00",
    "0x0", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[0000::0001]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
    "[0:0:0:0:0:ffff:127.0.0.1]", "[::127.0.0.1]", "[::7f00:1]", "[::ffff:0:127.0.0.1]", "[64:ff9b::127.0.0.1]",
    "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]", "[2002:7f00:0001:0:0:0:0:1]", "[2001:0:7f00:1::1]",
    "[2001:0:53aa:64c:0:0:80ff:fffe]", "[fe80::1]", "[fe80::1%25lo]", "[fe80::5efe:127.0.0.1]",
    "[2606:4700::5efe:7f00:1]", "[2606:4700::200:5efe:127.0.0.1]", "ip6-localhost", "ip6-loopback",
    # letters that only look like digits and dots, and dots that are none
    "①②⑦.⓪.⓪.①", "127。0。0。1", "１２７.0.0.1", "127．0．0．1", "ｌｏｃａｌｈｏｓｔ", "loc\u00adalhost", "𝟏𝟐𝟕.𝟎.𝟎.𝟏",
    # private, carrier, link-local, special
    "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.254", "192.168.0.1", "192.168.1.254", "100.64.0.1",
    "100.127.255.254", "169.254.0.1", "192.0.0.1", "192.0.0.192", "192.0.2.1", "198.18.0.1", "198.19.255.255",
    "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "192.88.99.1",
    "192.31.196.1", "192.52.193.1", "192.175.48.1", "[fc00::1]", "[fd12:3456:789a::1]", "[fec0::1]", "[ff02::1]",
    "[ff0e::1]", "[2001:db8::1]", "[2001:10::1]", "[3fff::1]", "[100::1]", "[5f00::1]", "[2002:a00:1::]",
    "[2002:c0a8:101::1]", "[::ffff:10.0.0.1]", "[::ffff:192.168.0.1]", "[::ffff:169.254.169.254]",
    "[64:ff9b::a9fe:a9fe]", "[2620:4f:8000::1]",
    # metadata of clouds
    "169.254.169.254", "0xa9fea9fe", "2852039166", "0251.0376.0251.0376", "[fd00:ec2::254]", "100.100.100.200",
    "168.63.129.16", "169.254.170.2", "[fe80::a9fe:a9fe]",
]  # fmt: skip

NAMES = {
    "internal.example": ["127.0.0.1"],
    "metadata.example": ["169.254.169.254"],
    "private.example": ["10.1.2.3"],
    "mapped.example": ["::ffff:127.0.0.1"],
    "six.example": ["::1"],
    "nat.example": ["64:ff9b::7f00:1"],
    "two.example": ["127.0.0.1", "::1"],
    "zone.example": ["fe80::1%lo"],
    "all.example": ["0.0.0.0"],
    "carrier.example": ["100.64.0.1"],
}
"""Names that anybody may register, and what they resolve to."""

FORMS = [
    "http://user:password@127.0.0.1:{port}/", "http://user@127.0.0.1:{port}/", "http://example.com@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}@example.com/", "http://example.com\\@127.0.0.1:{port}/", "http:\\\\127.0.0.1:{port}/",
    "http://127.0.0.1:{port}\\.example.com/", "http:///127.0.0.1:{port}/", "//127.0.0.1:{port}/", "127.0.0.1:{port}",
    "file:///etc/passwd", "ftp://127.0.0.1:{port}/", "gopher://127.0.0.1:{port}/_GET%20/", "dict://127.0.0.1:{port}/x",
    "ws://127.0.0.1:{port}/", "unix:///var/run/docker.sock", "data:text/html,<p>x</p>", "javascript:alert(1)",
    "jar:http://127.0.0.1:{port}/!/", "http://127.0.0.1:{port}\r\nHost: example.com/", "http://127.0.0.1 :{port}/",
    "http://127.0.0.1\t:{port}/", "http://[::1%25lo]:{port}/", "http://[::1]]:{port}/", "http://127.0.0.1:{port}:80/",
    "http://localhost:{port}#@example.com/", "http://localhost:{port}?@example.com/", "http://127.0.0.1:0/",
    "http://127.0.0.1:99999/", "http://%31%32%37.0.0.1:{port}/", "http://127.0.0.1%00.example.com:{port}/",
]  # fmt: skip


def tricks(port: int) -> list[str]:
    hosts = [f"http://{host}:{port}/" for host in [*HOSTS, *NAMES]]
    return [*hosts, *(form.format(port=port) for form in FORMS)]


THIS_MACHINE = ("localhost", "ip6-localhost", "ip6-loopback")


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> None:
    """The names above resolve, those of this machine, and what the system takes for a number. No other name does."""
    real = socket.getaddrinfo

    def resolve(host: Any, port: Any, *rest: Any, **more: Any) -> Any:
        name = str(host).rstrip(".").lower()
        if name in NAMES:
            return [found for one in NAMES[name] for found in real(one, port, type=socket.SOCK_STREAM)]
        if name in THIS_MACHINE:
            return real(host, port, *rest, **more)
        return real(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


def settings(port: int, *allowed: LocalWeb) -> dict[str, Any]:
    """The port is open to the web as a whole, so that it is never the port that refuses."""
    return {
        **OFFLINE,
        "web": {
            "ports": [80, 443, port],
            "pace_seconds": 0,
            "allow_hosts": [one.host for one in allowed],
            "seconds": 5,
        },
    }


async def refused(host: Host, url: str) -> str:
    with pytest.raises(ToolError) as caught:
        await host.call("research_fetch", {"url": url, "fresh": True})
    return str(caught.value)


def test_a_hundred_tricks_and_no_request_leaves(listeners: Listeners, names: None) -> None:
    urls = tricks(listeners.port)
    assert len(set(urls)) == len(urls) >= 100

    async def work() -> None:
        async with host_for(MODULE, settings(listeners.port)) as host:
            for url in urls:
                await refused(host, url)

    asyncio.run(work())
    assert listeners.connections == 0
    print(f"{len(urls)} tricks, {listeners.connections} connections")  # noqa: T201


def test_nor_when_a_page_redirects_to_them(listeners: Listeners, names: None) -> None:
    """The page may be fetched; what it points to may not. Every way of redirecting, and robots.txt as well."""
    urls = tricks(listeners.port)
    state = {"at": 0, "robots": False, "status": 302}

    async def redirect(request: web.Request) -> web.StreamResponse:
        return web.Response(
            status=int(state["status"]), headers={"Location": urls[int(state["at"])].replace("\r\n", "")}
        )

    async def robots(request: web.Request) -> web.StreamResponse:
        return await redirect(request) if state["robots"] else web.Response(text="")

    async def work() -> None:
        async with (
            local_web({"/": redirect, "/robots.txt": robots}) as served,
            host_for(MODULE, settings(listeners.port, served)) as host,
        ):
            for at in range(len(urls)):
                state.update(at=at, status=(301, 302, 303, 307, 308)[at % 5])
                assert await refused(host, f"{served.address}/?{at}")
            assert len([asked for asked in served.asked if asked.startswith("/?")]) == len(urls)
        state["robots"] = True
        for at in range(0, len(urls), 9):
            state["at"] = at
            async with (
                local_web({"/robots.txt": robots}) as other,
                host_for(MODULE, settings(listeners.port, other)) as host,
            ):
                await refused(host, f"{other.address}/")

    asyncio.run(work())
    assert listeners.connections == 0


def test_the_sockets_do_listen_and_the_tricks_do_lead_there(
    listeners: Listeners, names: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The proof of the proof: without the last check the same addresses are reached."""
    import mcp_agent_research.web.guard as guard

    monkeypatch.setattr(guard, "is_public", lambda address: True)

    async def work() -> None:
        async with host_for(MODULE, settings(listeners.port)) as host:
            for name in ("127.0.0.1", "localhost", "internal.example", "0x7f.1"):
                await refused(host, f"http://{name}:{listeners.port}/")

    asyncio.run(work())
    assert listeners.connections >= 4


def test_a_name_that_leads_elsewhere_the_second_time(listeners: Listeners, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no second time: what was checked is what is connected to."""
    real, answers = socket.getaddrinfo, []

    def resolve(host: Any, port: Any, *rest: Any, **more: Any) -> Any:
        if host != "rebinding.example":
            return real(host, port, *rest, **more)
        answers.append("203.0.113.9" if not answers else "127.0.0.1")
        return real(answers[-1], port, type=socket.SOCK_STREAM)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)

    async def work() -> None:
        async with host_for(MODULE, settings(listeners.port)) as host:
            for _ in range(5):
                await refused(host, f"http://rebinding.example:{listeners.port}/")

    asyncio.run(work())
    assert "127.0.0.1" in answers
    assert listeners.connections == 0


def test_an_allowed_host_is_allowed_by_its_name_and_port_alone() -> None:
    async def work() -> None:
        async with local_web({"/": article("A", "It is fine.")}) as served, local_web({}) as other:
            async with host_for(MODULE, settings(1, served)) as host:
                assert (await host.call("research_fetch", {"url": served.address})).data["source"]["title"] == "A"
                await refused(host, other.address)
                await refused(host, served.address.replace("127.0.0.1", "localhost"))
            assert other.asked == []

    asyncio.run(work())


def test_other_ports_of_the_web_are_refused() -> None:
    async def work() -> None:
        async with host_for(MODULE, OFFLINE) as host:
            assert "port 6379" in await refused(host, "http://example.com:6379/")

    asyncio.run(work())


@given(st.ip_addresses())
def test_what_python_calls_not_global_is_not_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    """Ours may refuse more than Python's own list, never less."""
    if not address.is_global or address.is_multicast:
        assert not is_public(str(address))


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "2a00:1450:4001:80b::200e"])
def test_what_is_public(address: str) -> None:
    assert is_public(address)
