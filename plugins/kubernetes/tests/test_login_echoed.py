"""A server that repeats the login in whatever it answers gives nothing away."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from mcp_agent import Host, ToolError
from mcp_agent.testing import host_for
from plugins.kubernetes.tests.conftest import MODULE
from plugins.kubernetes.tests.logins import TOKEN, written
from plugins.kubernetes.tests.standin import Answer, StandIn, as_json, small_cluster
from plugins.kubernetes.tests.test_contract import EXAMPLES

FULL = [200, 400, 401, 403, 404, 409, 422, 500, 503, 600]
STATUSES = FULL if os.environ.get("MCP_AGENT_FULL") else [200, 401, 403, 422, 500, 600]


def echo(status: int, *, as_log: bool = False) -> Any:
    """A server that repeats the login wherever it can."""

    def answer(path: str, headers: Mapping[str, str]) -> Answer:
        login = headers["Authorization"].partition(" ")[2]
        if path.startswith(("/apis", "/api/v1?")) or path == "/api/v1" or (status < 400 and path == "/version"):
            return small_cluster(path, headers)
        if as_log or status == 600:
            return (200 if status == 600 else status), {}, f"{login}\n{login} error {login}\n".encode() * 3
        meta = {
            "name": login,
            "namespace": "default",
            "annotations": {login: login},
            "uid": "1",
            "resourceVersion": "1",
        }
        whole = {
            "kind": "Pod", "message": f"{login} is not allowed", "metadata": meta, "reason": login,
            "spec": {"containers": [{"name": login, "image": login}], "nodeName": login}, "items": [{"metadata": meta}],
            "status": {"phase": login, "conditions": [{"type": "Ready", "status": login, "message": login}]},
        }  # fmt: skip
        return as_json(whole, status)

    return answer


@pytest.mark.parametrize("status", STATUSES)
def test_a_server_that_repeats_the_login_gives_nothing_away(
    tmp_path: Path, server: StandIn, certificates: Path, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    """In results, errors, logs, the audit log and the journal of undo. 600 stands for what is not JSON."""
    key = (certificates / "client.key").read_bytes()
    pair = {
        "client-certificate-data": base64.b64encode((certificates / "client.pem").read_bytes()).decode(),
        "client-key-data": base64.b64encode(key).decode(),
    }
    config = written(tmp_path, server, certificates, token=TOKEN, **pair)
    server.answer = echo(status)
    settings = {"kubeconfig": config, "contexts": {"lab": {"writable": True}}}
    said: list[str] = []

    async def ask(host: Host, tool: str, arguments: Mapping[str, Any]) -> None:
        try:
            result = await host.call(tool, dict(arguments))
        except ToolError as error:
            said.append(str(error))
        else:
            said.append(json.dumps(result.data) + result.text)

    async def work() -> None:
        with caplog.at_level(logging.DEBUG):
            async with host_for(MODULE, settings, folder=tmp_path / "home") as host:
                for tool, arguments in EXAMPLES.items():
                    whole = {**arguments, "context": "lab"} if tool != "k8s_contexts" else arguments
                    await ask(host, tool, whole)
                said.append(json.dumps(await host.checks()))

    asyncio.run(work())
    assert TOKEN in json.dumps([headers for _, _, headers in server.asked])
    text = "\n".join(said)
    assert len(said) == len(EXAMPLES) + 1
    if status == 200:
        assert "(hidden)" in text  # it was repeated, and struck out
    inner = key.decode().splitlines()[5]
    for word in (TOKEN, pair["client-key-data"], pair["client-certificate-data"], inner, "PRIVATE KEY"):
        assert word not in text
        assert word not in caplog.text
        for file in (tmp_path / "home").rglob("*"):
            if file.is_file():
                assert word.encode() not in file.read_bytes(), file
