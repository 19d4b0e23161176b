"""Everything a person can see and do, in one place: what the command line and the dashboard work with.

Running instances are asked where they know more; what is on disk is told without them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from mcp_agent.config import Config
from mcp_agent.control import api
from mcp_agent.control.client import Instance, InstanceGone, encoded
from mcp_agent.control.instances import addresses, attach_if_alive
from mcp_agent.control.stored import Stored
from mcp_agent.errors import AgentError, ToolError
from mcp_agent.model import Change
from mcp_agent.paths import Paths

_SLACK = 0.002
"""Seconds by which two clocks readings of one call may seem to be the wrong way round."""


class Desk:
    """Use as an async context manager; ``refresh`` finds instances that came since."""

    def __init__(self, paths: Paths, config: Config, file: Path) -> None:
        self._paths = paths
        self.stored = Stored(paths, config, file)
        self.instances: list[Instance] = []
        self.refused: dict[Path, str] = {}
        """Instances that live, but do not let themselves be watched, and why."""
        self.came: Callable[[Instance], None] = lambda instance: None

    async def __aenter__(self) -> Desk:
        await self.refresh()
        return self

    async def __aexit__(self, *exception: object) -> None:
        for instance in self.instances:
            instance.on_gone = lambda: None
            instance.close()
        await self.stored.close()

    async def refresh(self) -> None:
        """Attach to instances that are new; forget those that are gone. ``came`` hears of each new one."""
        self.instances = [instance for instance in self.instances if not instance.gone]
        known = {instance.path for instance in self.instances}
        found = await asyncio.gather(*(self._attach(path) for path in addresses(self._paths) if path not in known))
        for instance in found:
            if instance is not None:
                self.instances.append(instance)
                self.came(instance)

    async def _attach(self, path: Path) -> Instance | None:
        try:
            instance = await attach_if_alive(path)
        except ToolError as error:
            self.refused[path] = str(error)
            return None
        self.refused.pop(path, None)
        return instance

    # --- plugins ---------------------------------------------------------------------------------

    async def plugins(self, *, checked: bool = False) -> tuple[api.PluginFacts, ...]:
        """As the instance knows them that runs longest; what is installed where none runs."""
        for instance in self.instances:
            try:
                return await instance.ask(api.ListPlugins(checked=checked))
            except InstanceGone:
                continue
        return await asyncio.to_thread(self.stored.plugins)

    async def switch_plugin(self, name: str, on: bool, known: Sequence[str] | None = None) -> tuple[bool, int]:
        """In the configuration, and in every instance that runs. Gives whether the file changed, and how many
        instances followed. Raises AgentError."""
        changed = await asyncio.to_thread(self.stored.switch, name, on, known)
        told = await self._ask_all(api.SwitchPlugin(name=name, on=on))
        return changed, len(told)

    # --- calls -----------------------------------------------------------------------------------

    async def look_at_wish(self, approval_id: str) -> api.Wish | None:
        """What a call would do that waits for consent, where the instance that holds it still knows."""
        answers = await self._ask_all(api.LookAtWish(id=approval_id))
        return next((wish for wish in answers if wish is not None), None)

    async def call(self, tool: str, arguments: Mapping[str, Any], *, confirmed: bool = False) -> api.Given:
        """In the first instance. Raises ToolError where none runs."""
        request = api.CallTool(tool=tool, arguments=encoded(arguments), confirmed=confirmed)
        return await self._first(f"calling {tool}").ask(request)

    async def replay(self, tool: str, arguments: str) -> api.Given:
        """Make a read again, with arguments as they were written down. Raises ToolError."""
        try:
            raw = encoded(msgspec.json.decode(arguments or "{}", type=dict[str, Any]))
        except msgspec.DecodeError:
            raise ToolError(
                "The arguments of this call were cut or left out where they were written down.",
                hint="It cannot be made again from here.",
            ) from None
        return await self._first(f"calling {tool}").ask(api.Replay(tool=tool, arguments=raw))

    async def change_of(self, ended: api.Ended) -> Change | None:
        """The change that a call made, if it can be undone."""
        until = ended.at + ended.ms / 1000 + _SLACK
        for change in await self.stored.changes():
            if change.tool == ended.tool and ended.at - _SLACK <= change.at <= until:
                return change
        return None

    async def undo(self, change: int) -> api.UndoneFacts:
        """Raises ToolError where no instance runs."""
        return await self._first("undoing", f"'mcp-agent undo {change}' does it without one.").ask(
            api.Undo(change=change)
        )

    # --- inside ----------------------------------------------------------------------------------

    def _first(self, what: str, hint: str = "Start your assistant, or 'mcp-agent serve'.") -> Instance:
        for instance in self.instances:
            if not instance.gone:
                return instance
        raise ToolError(f"No instance is running, and {what} needs one.", hint=hint)

    async def _ask_all(self, request: api.Request[Any]) -> list[Any]:
        """The answers of those that gave one."""
        answers = await asyncio.gather(*(one.ask(request) for one in self.instances), return_exceptions=True)
        for answer in answers:
            if isinstance(answer, BaseException) and not isinstance(answer, AgentError):
                raise answer
        return [answer for answer in answers if not isinstance(answer, BaseException)]
