"""Who may call over HTTP: hosts, origins, the token, and on which addresses it may be left out."""

from __future__ import annotations

import asyncio
import stat
import sys
from pathlib import Path

import pytest
from multidict import CIMultiDict, CIMultiDictProxy

from mcp_agent import ConfigError, Paths
from mcp_agent.config import HttpSettings
from mcp_agent.transports.http import check_address, load_token
from mcp_agent.transports.http.access import Gate
from mcp_agent.transports.http.refusal import Refusal
from tests.transports.http_client import Headers, modern, serving, standard

DISCOVER = modern("server/discover")
SETTINGS = HttpSettings(allowed_origins=("https://app.example.com",), allowed_hosts=("agent.example.com",))


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "localhost:8931"}, 200),
        ({"Host": "[::1]:8931"}, 200),
        ({"Host": "AGENT.example.com"}, 200),
        ({"Host": "evil.example.com"}, 403),
        ({"Host": "127.0.0.1.evil.example.com"}, 403),
        ({"Host": "[::1"}, 403),
        ({"Origin": "http://localhost:3000"}, 200),
        ({"Origin": "https://127.0.0.1"}, 200),
        ({"Origin": "https://app.example.com"}, 200),
        ({"Origin": "https://app.example.com:444"}, 403),
        ({"Origin": "http://app.example.com"}, 403),
        ({"Origin": "http://evil.example.com"}, 403),
        ({"Origin": "http://localhost.evil.example.com"}, 403),
        ({"Origin": "file://localhost"}, 403),
        ({"Origin": "null"}, 403),
        ({"Host": "evil.example.com", "Origin": "http://localhost"}, 403),
    ],
)
def test_only_known_hosts_and_origins_may_call(headers: Headers, status: int) -> None:
    async def play() -> None:
        sent = {**standard(DISCOVER), **headers}
        async with serving(settings=SETTINGS) as served, served.post(DISCOVER, sent) as response:
            assert response.status == status
            body = await response.json()
            assert ("error" in body) == (status == 403)

    asyncio.run(play())


@pytest.mark.parametrize(
    ("host", "known"),
    [
        ("192.0.2.7:8931", True),
        ("[2001:db8::1]:80", True),
        ("localhost", True),
        ("evil.example.com", False),
        ("", False),
    ],
)
def test_on_every_address_an_address_may_be_the_host_and_a_name_may_not(host: str, known: bool) -> None:
    gate = Gate("0.0.0.0", None, HttpSettings())
    headers = CIMultiDictProxy(CIMultiDict({"Host": host}))
    if known:
        gate.check_source(headers)
    else:
        with pytest.raises(Refusal):
            gate.check_source(headers)


@pytest.mark.parametrize(
    ("given", "status"),
    [
        (None, 401),
        ("Bearer wrong", 401),
        ("Bearer secret2", 401),
        ("Bearer ", 401),
        ("Basic secret", 401),
        ("secret", 401),
        ("Bearer secret", 200),
        ("bearer secret", 200),
    ],
)
def test_callers_send_the_token(given: str | None, status: int) -> None:
    async def play() -> None:
        async with serving(token="secret") as served:
            headers = standard(DISCOVER) | ({"Authorization": given} if given is not None else {})
            async with served.post(DISCOVER, headers) as response:
                assert response.status == status
                assert response.headers.get("WWW-Authenticate", "").startswith("Bearer") == (status == 401)
                assert "secret" not in await response.text()
            for method in ("get", "delete"):
                async with served.session.request(method, served.url, headers=headers) as response:
                    assert (response.status == 401) == (status == 401)

    asyncio.run(play())


def test_a_page_of_a_known_origin_may_ask_and_read() -> None:
    async def play() -> None:
        origin = {"Origin": "https://app.example.com"}
        asks = {
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type,mcp-session-id",
        }
        async with serving(token="secret", settings=SETTINGS) as served:
            async with served.session.options(served.url, headers={**origin, **asks}) as response:
                assert response.status == 204
                assert response.headers["Access-Control-Allow-Origin"] == "https://app.example.com"
                assert response.headers["Access-Control-Allow-Headers"] == "content-type,mcp-session-id"
                assert "POST" in response.headers["Access-Control-Allow-Methods"]
            async with served.post(DISCOVER, {**standard(DISCOVER), **origin}) as response:
                assert response.status == 401
                assert response.headers["Access-Control-Allow-Origin"] == "https://app.example.com"
            async with served.session.options(served.url, headers={**asks, "Origin": "https://evil.test"}) as response:
                assert response.status == 403
                assert "Access-Control-Allow-Origin" not in response.headers

    asyncio.run(play())


def test_the_token_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    paths = Paths(tmp_path / "config", tmp_path / "data", tmp_path / "state")
    token = load_token(paths)
    assert len(token) >= 32
    assert load_token(paths) == token
    [file] = [path for path in paths.state.iterdir() if path.read_text() == token]
    if sys.platform != "win32":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    other = Paths(tmp_path / "config", tmp_path / "data", tmp_path / "other")
    assert load_token(other) != token


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.8.8.8"])
def test_this_machine_needs_no_token(host: str) -> None:
    check_address(host, token=False)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "agent.example.com", ""])
def test_an_address_that_others_reach_needs_one(host: str) -> None:
    check_address(host, token=True)
    with pytest.raises(ConfigError, match="--no-token"):
        check_address(host, token=False)
