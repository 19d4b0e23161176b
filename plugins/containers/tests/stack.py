"""A folder with a compose file, and settings that let a host read it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mcp_agent import Host
from mcp_agent.testing import ScriptedCaller
from tests.real.engine import Engine


class Stack:
    """The project ``shop``, on a writable connection."""

    def __init__(self, engine: Engine, folder: Path, **allow: Any) -> None:
        self.path = folder / "shop" / "compose.yml"
        self.path.parent.mkdir()
        (folder / "shop" / ".env").write_text("# secrets\nTOKEN='abc$123'\n")
        connection = {"url": engine.url, "writable": True, "allow": allow}
        self.settings = {"connections": {"test": connection}, "folders": [{"path": str(folder)}]}

    async def plan(self, host: Host, text: str) -> Any:
        self.path.write_text(text)
        asked = ScriptedCaller(principal="reader")
        return (await host.call("containers_compose_plan", {"file": str(self.path)}, asked)).data

    async def apply(self, host: Host, plan: str) -> Any:
        return (await host.call("containers_compose_apply", {"file": str(self.path), "plan": plan})).data

    async def up(self, host: Host, text: str) -> Any:
        return await self.apply(host, (await self.plan(host, text))["plan"])


def steps(plan: Any) -> dict[str, str]:
    return {one["service"]: one["action"] for one in plan["steps"]}
