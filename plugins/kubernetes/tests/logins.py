"""What the tests of kubeconfigs and logins share: a kubeconfig for the stand-in server, and calls through it."""

from __future__ import annotations

import asyncio
import json
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from mcp_agent import ToolError
from mcp_agent.testing import host_for
from plugins.kubernetes.tests.conftest import MODULE
from plugins.kubernetes.tests.standin import StandIn
from tests.real.kubernetes import kubeconfig_text

TOKEN = "kc-token-9f8e7d6c5b4a-secret"
PODS = {"kind": "pods"}


def written(folder: Path, server: StandIn, certificates: Path, **user: Any) -> str:
    path = folder / "config"
    path.write_text(kubeconfig_text(server.url, (certificates / "ca.pem").read_bytes(), {"lab": user}))
    return str(path)


def changed(path: str, **cluster: Any) -> None:
    whole = json.loads(Path(path).read_text())
    said = whole["clusters"][0]["cluster"]
    said |= cluster
    whole["clusters"][0]["cluster"] = {name: value for name, value in said.items() if value is not None}
    Path(path).write_text(json.dumps(whole))


def call(settings: Mapping[str, Any], tool: str = "k8s_list", arguments: Mapping[str, Any] = PODS) -> Any:
    async def work() -> Any:
        async with host_for(MODULE, settings) as host:
            return (await host.call(tool, dict(arguments))).data

    return asyncio.run(work())


def refusal(settings: Mapping[str, Any], tool: str = "k8s_list", arguments: Mapping[str, Any] = PODS) -> str:
    with pytest.raises(ToolError) as caught:
        call(settings, tool, arguments)
    return str(caught.value)


def sent(server: StandIn) -> set[str | None]:
    """The logins that came."""
    return {headers.get("Authorization") for _, _, headers in server.asked}


def program(folder: Path, script: str) -> Path:
    path = folder / "get-token"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def runs(path: Path, **more: Any) -> dict[str, Any]:
    return {"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": str(path), **more}}
