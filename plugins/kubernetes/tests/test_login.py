"""Logging in to a cluster: each way, to that cluster alone, and what is said where it cannot be reached."""

from __future__ import annotations

import asyncio
import base64
import os
import tempfile
from pathlib import Path
from typing import Any

import pytest

from mcp_agent.testing import host_for
from plugins.kubernetes.tests.conftest import MODULE
from plugins.kubernetes.tests.logins import PODS, TOKEN, call, changed, refusal, sent, written
from plugins.kubernetes.tests.standin import StandIn, stand_in
from tests.real.certificates import make_certificates


def test_each_way_to_log_in(tmp_path: Path, server: StandIn, certificates: Path) -> None:
    (tmp_path / "my-token").write_text(f"{TOKEN}\n")
    ways: dict[str, dict[str, Any]] = {
        f"Bearer {TOKEN}": {"token": TOKEN},
        f"Bearer {TOKEN} ": {"tokenFile": "my-token"},
        f"Basic {base64.b64encode(b'anna:pass-word').decode()}": {"username": "anna", "password": "pass-word"},
    }
    for header, user in ways.items():
        server.asked.clear()
        call({"kubeconfig": written(tmp_path, server, certificates, **user)})
        assert sent(server) == {header.strip()}
    call({"kubeconfig": written(tmp_path, server, certificates, token=TOKEN, **{"as": "bo"})})
    assert server.asked[-1][2]["Impersonate-User"] == "bo"


def test_a_client_certificate(tmp_path: Path, certificates: Path) -> None:
    pair = {
        f"client-{name}-data": base64.b64encode((certificates / f"client.{ending}").read_bytes()).decode()
        for name, ending in (("certificate", "pem"), ("key", "key"))
    }
    files = {"client-certificate": str(certificates / "client.pem"), "client-key": str(certificates / "client.key")}
    before = set(os.listdir(tempfile.gettempdir()))
    with stand_in(certificates, wants_certificate=True) as server:
        for user in (pair, files):
            assert call({"kubeconfig": written(tmp_path, server, certificates, **user)})["rows"] == []
        path = written(tmp_path, server, certificates, token=TOKEN)
        assert "does not answer" in refusal({"kubeconfig": path}) or "cannot be trusted" in refusal(
            {"kubeconfig": path}
        )
        wrong = {**pair, "client-key-data": base64.b64encode((certificates / "server.key").read_bytes()).decode()}
        said = refusal({"kubeconfig": written(tmp_path, server, certificates, **wrong)})
        assert "cannot be used with its key" in said
    assert not [name for name in set(os.listdir(tempfile.gettempdir())) - before if name.startswith("kube-")]


def test_only_the_cluster_that_is_meant_gets_the_login(tmp_path: Path, certificates: Path) -> None:
    (tmp_path / "other").mkdir()
    others = make_certificates(tmp_path / "other")
    with stand_in(others) as stranger:
        path = written(tmp_path, stranger, certificates, token=TOKEN)
        said = refusal({"kubeconfig": path})
        assert "cannot be trusted" in said
        assert stranger.asked == []
        changed(path, **{"insecure-skip-tls-verify": True, "certificate-authority-data": None})
        assert call({"kubeconfig": path})["rows"] == []
    with stand_in(certificates) as server:
        path = written(tmp_path, server, certificates, token=TOKEN)
        changed(path, **{"tls-server-name": "kube.test"})
        assert call({"kubeconfig": path})["rows"] == []
        changed(path, **{"tls-server-name": "another.test"})
        assert "cannot be trusted" in refusal({"kubeconfig": path})
    with stand_in() as plain:
        path = written(tmp_path, plain, certificates, token=TOKEN)
        assert "without encryption" in refusal({"kubeconfig": path})
        assert plain.asked == []


def test_a_redirect_is_not_followed(tmp_path: Path, server: StandIn, certificates: Path) -> None:
    with stand_in() as elsewhere:
        server.answer = lambda path, headers: (302, {"Location": f"{elsewhere.url}{path}"}, b"")
        said = refusal({"kubeconfig": written(tmp_path, server, certificates, token=TOKEN)})
        assert "sends elsewhere" in said
        assert elsewhere.asked == []


def test_through_a_proxy(tmp_path: Path, server: StandIn, certificates: Path) -> None:
    asked: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        asked.append(head)
        host, _, port = head.split()[1].decode().partition(":")
        inner, outer = await asyncio.open_connection(host, int(port))
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")

        async def pass_on(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
            while data := await source.read(65536):
                target.write(data)
            target.close()

        await asyncio.gather(pass_on(reader, outer), pass_on(inner, writer), return_exceptions=True)

    async def work() -> None:
        proxy = await asyncio.start_server(serve, "127.0.0.1", 0)
        path = written(tmp_path, server, certificates, token=TOKEN)
        changed(path, **{"proxy-url": f"http://127.0.0.1:{proxy.sockets[0].getsockname()[1]}"})
        async with host_for(MODULE, {"kubeconfig": path}) as host:
            assert (await host.call("k8s_list", PODS)).data["rows"] == []
        proxy.close()
        assert asked
        assert all(head.startswith(b"CONNECT 127.0.0.1:") for head in asked)
        assert TOKEN.encode() not in b"".join(asked)

    asyncio.run(work())


@pytest.mark.parametrize(
    ("cluster", "why"),
    [
        ({"server": "ftp://x"}, "no server that begins with https://"),
        ({"server": "https://anna:pass-word@host"}, "has a login in its address"),
        ({"server": "https://[::1"}, "no server that begins with https://"),
        ({"proxy-url": "socks5://x:1"}, "a proxy that is not HTTP"),
        ({"certificate-authority-data": base64.b64encode(b"nothing").decode()}, "cannot be read as PEM"),
        ({"certificate-authority-data": None, "certificate-authority": "no.pem"}, "cannot be read"),
    ],
)
def test_clusters_that_cannot_be_reached(
    tmp_path: Path, server: StandIn, certificates: Path, cluster: dict[str, Any], why: str
) -> None:
    path = written(tmp_path, server, certificates, token=TOKEN)
    changed(path, **cluster)
    said = refusal({"kubeconfig": path})
    assert why in said
    assert "pass-word" not in said
    assert server.asked == []
