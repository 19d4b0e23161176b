"""The contract, on a machine without an engine, and beside a real one."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import mcp_agent_containers
import pytest

from mcp_agent import ToolError
from mcp_agent.testing import PluginContract, host_for
from tests.real.engine import IMAGE, Engine

MODULE = "mcp_agent_containers"
PLAN_OF_ONE_VOLUME = hashlib.sha256(b"volume left").hexdigest()[:16]


def _apply(settings: dict[str, Any]) -> dict[str, str]:
    """Arguments with a plan that fits."""

    async def work() -> dict[str, str]:
        async with host_for(MODULE, settings) as host:
            plan = (await host.call("containers_compose_plan", {"file": "compose.yml"})).data["plan"]
            return {"file": "compose.yml", "plan": plan}

    return asyncio.run(work())


@pytest.mark.usefixtures("no_engine")
class TestWithoutAnEngine(PluginContract):
    module = MODULE


@pytest.mark.real
class TestWithARealEngine(PluginContract):
    module = MODULE
    settings: ClassVar[Mapping[str, Any]] = {}
    examples: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "containers_list": {},
        "containers_images": {"search": "busybox"},
        "containers_stats": {"container": "web"},
        "containers_run": {"image": IMAGE, "name": "more", "command": ["sleep", "1000"], "network": "none"},
        "containers_start_stop": {"container": "more", "action": "pause"},
        "containers_remove": {"container": "more", "force": True},
        "containers_prune_plan": {"what": ["volumes"]},
        "containers_prune": {"what": ["volumes"], "plan": PLAN_OF_ONE_VOLUME},
        "containers_compose_apply": {"file": "compose.yml", "plan": "0123456789abcdef"},
        "containers_compose_plan": {"file": "compose.yml"},
        "containers_exec": {"container": "web", "command": ["echo", "hello"]},
        "containers_inspect": {"container": "web"},
        "containers_logs": {"container": "web", "tail": 5},
    }

    @pytest.fixture(autouse=True)
    def _here(self, fresh: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        fresh.ask("POST", "/volumes/create", b'{"Name": "left"}')
        fresh.container("web", "sh", "-c", "echo ready; sleep 1000")
        (tmp_path / "compose.yml").write_text(f"services: {{one: {{image: {IMAGE}, network_mode: none, command: id}}}}")
        folders = [{"path": str(tmp_path)}]
        settings = {"connections": {"test": {"url": fresh.url, "writable": True}}, "folders": folders}
        monkeypatch.setattr(type(self), "settings", settings)
        monkeypatch.setattr(type(self), "examples", {**self.examples, "containers_compose_apply": _apply(settings)})

    def test_there_is_an_example_for_every_tool(self) -> None:
        assert set(self.examples) == {tool.__name__ for tool in mcp_agent_containers.TOOLS}


@pytest.mark.usefixtures("no_engine")
def test_where_there_is_no_engine_every_tool_says_so_and_what_to_do() -> None:
    async def work() -> None:
        async with host_for(MODULE) as host:
            assert "no Docker or Podman" in (await host.checks())["containers"]
            for name, arguments in TestWithARealEngine.examples.items():
                with pytest.raises(ToolError, match=r"no Docker or Podman.*\n?.*Start Docker or Podman"):
                    await host.call(name, dict(arguments))

    asyncio.run(work())


def test_an_engine_that_is_configured_and_off_is_told_by_health_and_calls() -> None:
    async def work() -> None:
        settings = {"connections": {"cellar": {"url": "unix:///nowhere/docker.sock"}}}
        async with host_for(MODULE, settings) as host:
            assert "cellar (unix:///nowhere/docker.sock) does not answer" in (await host.checks())["containers"]
            with pytest.raises(ToolError, match="does not answer"):
                await host.call("containers_list")
            with pytest.raises(ToolError, match="no connection 'attic'"):
                await host.call("containers_list", {"connection": "attic"})

    asyncio.run(work())
