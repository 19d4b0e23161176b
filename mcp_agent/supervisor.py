"""The life of plugins in this process: load, start, stop, switch on and off. None can take another down."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec

from mcp_agent import plugins
from mcp_agent.callers import NoCaller
from mcp_agent.config import HttpClientSettings
from mcp_agent.context import Context
from mcp_agent.errors import BUGS, AgentError, PluginError
from mcp_agent.model import Agent, Clock, PluginRecord
from mcp_agent.paths import Paths
from mcp_agent.plugins import Found, Plugin
from mcp_agent.registry import Offer, Registry
from mcp_agent.schema.kept import KeptShapes
from mcp_agent.scope import EraseChanges, PluginScope
from mcp_agent.vault.vault import Vault
from mcp_agent.version import VERSION

log = logging.getLogger(__name__)


UNWELL = ("Not well: ", "It did not answer within ")
"""What the health of a plugin begins with that is not well."""


class Supervisor:
    """Keeps a record of every plugin that was found, loaded or not.

    ``settings`` is the ``plugins`` section of the configuration. ``start_seconds`` bounds start and stop of each. Each
    has ``threads`` threads of its own, so that one whose libraries hang starves no other.
    """

    def __init__(
        self,
        registry: Registry,
        settings: Mapping[str, Mapping[str, Any]],
        *,
        paths: Paths | None,
        clock: Clock,
        agent: Agent,
        threads: int,
        http: HttpClientSettings,
        notify: Callable[[str], None],
        vault: Vault,
        start_seconds: float,
        erase_changes: EraseChanges,
    ) -> None:
        self._registry = registry
        self._settings = settings
        self._paths = paths
        self._clock = clock
        self._agent = agent
        self._threads = threads
        self._http = http
        self._notify = notify
        self._vault = vault
        self._start_seconds = start_seconds
        self._shapes = KeptShapes(None if paths is None else paths.state / "schemas", VERSION)
        self._erase_changes = erase_changes
        self._records: dict[str, PluginRecord] = {}
        self._found: dict[str, Found] = {}
        self._plugins: dict[str, Plugin] = {}
        self._starting: dict[str, asyncio.Task[None]] = {}
        self.scopes: dict[str, PluginScope] = {}

    def records(self) -> tuple[PluginRecord, ...]:
        return tuple(self._records.values())

    def loaded(self) -> list[Plugin]:
        return list(self._plugins.values())

    def load_all(self, found: Iterable[Found]) -> None:
        """Import and register everything that is not switched off; startup goes on beside."""
        for one in found:
            self._found[one.name] = one
            if self._settings.get(one.name, {}).get("enabled", True):
                self.enable(one.name)
            else:
                self._records[one.name] = one.record(
                    status="disabled",
                    reason=f"Switched off; 'mcp-agent plugins enable {one.name}' switches it on.",
                )
        self._shapes.save()

    def enable(self, name: str) -> PluginRecord:
        """Load a plugin and offer what it declares. Its record says how that went."""
        found = self._known(name)
        if name in self._plugins:
            return self._records[name]
        settings = {key: value for key, value in self._settings.get(name, {}).items() if key != "enabled"}
        try:
            plugin = plugins.load(found, settings, self._shapes)
            self._registry.add(name, Offer(tools=plugin.tools, resources=plugin.resources, prompts=plugin.prompts))
        except PluginError as error:
            log.warning("plugin %s failed: %s", name, error)
            self._records[name] = found.record(status="failed", reason=str(error))
            return self._records[name]
        self._plugins[name] = plugin
        self.scopes[name] = self._scope(plugin)
        starts = plugin.has_startup
        self._records[name] = found.record(
            status="starting" if starts else "active",
            tools=tuple(tool.name for tool in plugin.tools),
            resources=tuple(resource.uri for resource in plugin.resources),
            prompts=tuple(prompt.name for prompt in plugin.prompts),
        )
        if starts:
            self._starting[name] = asyncio.get_running_loop().create_task(self._start(plugin))
        return self._records[name]

    async def disable(self, name: str) -> PluginRecord:
        """Take a plugin out of service and let it close what it opened."""
        found = self._known(name)
        if name in self._plugins:
            await self._stop(self._plugins.pop(name))
        self._records[name] = found.record(status="disabled", reason="Switched off while running.")
        return self._records[name]

    async def ready(self, name: str) -> None:
        """Wait until a plugin has started. Raises PluginError if it did not."""
        starting = self._starting.get(name)
        if starting is not None:
            await asyncio.shield(starting)
        record = self._records[name]
        if record.status == "failed":
            raise PluginError(f"Plugin {name} could not start. {record.reason}")

    def is_starting(self, name: str) -> bool:
        return name in self._starting

    async def stop_all(self) -> None:
        """Stop every plugin, last loaded first."""
        for name in reversed(list(self._plugins)):
            await self._stop(self._plugins.pop(name))

    async def health(self, name: str) -> str | None:
        """What a plugin says of itself, None where it says nothing."""
        plugin = self._plugins[name]
        if not plugin.hook.mcp_agent_health.get_hookimpls():
            return None
        if self.is_starting(name):
            return "It is still starting."
        try:
            async with asyncio.timeout(self._start_seconds):
                answer: str | None = await plugin.hook.mcp_agent_health(ctx=self._context(name))
            return answer and self._vault.redactor.redact(answer)
        except TimeoutError:
            return f"{UNWELL[1]}{self._start_seconds:g} seconds."
        except BUGS as error:
            log.exception("health of plugin %s", name)
            return self._vault.redactor.redact(f"{UNWELL[0]}{error}")

    async def _start(self, plugin: Plugin) -> None:
        name = plugin.name
        try:
            async with asyncio.timeout(self._start_seconds):
                await plugin.hook.mcp_agent_startup(ctx=self._context(name))
        except TimeoutError:
            await self._fail(plugin, f"It did not start within {self._start_seconds:g} seconds.")
        except AgentError as error:
            await self._fail(plugin, str(error))
        except BUGS as error:
            log.exception("startup of plugin %s", name)
            await self._fail(plugin, f"Its startup failed: {plugins.in_words(error, plugin.found.module)}")
        else:
            self._records[name] = msgspec.structs.replace(self._records[name], status="active")
        finally:
            self._starting.pop(name, None)

    async def _fail(self, plugin: Plugin, reason: str) -> None:
        self._starting.pop(plugin.name, None)
        self._plugins.pop(plugin.name, None)
        clean = self._vault.redactor.redact(reason)
        self._records[plugin.name] = plugin.found.record(status="failed", reason=clean)
        await self._stop(plugin)

    async def _stop(self, plugin: Plugin) -> None:
        name = plugin.name
        self._registry.remove(name)
        starting = self._starting.pop(name, None)
        if starting is not None and starting is not asyncio.current_task():
            starting.cancel()
            await asyncio.wait([starting])
        try:
            if plugin.hook.mcp_agent_shutdown.get_hookimpls():
                async with asyncio.timeout(self._start_seconds):
                    await plugin.hook.mcp_agent_shutdown(ctx=self._context(name))
        except TimeoutError:
            log.warning("plugin %s did not stop within %g seconds", name, self._start_seconds)
        except BUGS:
            log.exception("shutdown of plugin %s", name)
        await self.scopes.pop(name).close()

    def _known(self, name: str) -> Found:
        found = self._found.get(name)
        if found is None:
            raise PluginError(f"There is no plugin {name}. Installed: {', '.join(sorted(self._found)) or 'none'}.")
        return found

    def _context(self, name: str) -> Context:
        return Context(self.scopes[name], NoCaller("host"))

    def _scope(self, plugin: Plugin) -> PluginScope:
        data = None if self._paths is None else self._paths.data / "plugins" / plugin.name
        private = () if self._paths is None else self._paths.private
        return PluginScope(
            name=plugin.name, config=plugin.config, data_dir=data, clock=self._clock, agent=self._agent,
            threads=ThreadPoolExecutor(self._threads, f"tool-{plugin.name}"), loop=asyncio.get_running_loop(),
            notify=self._notify, secrets=self._vault.of(plugin.name), http_settings=self._http,
            erase_changes=self._erase_changes,
            private=private,
        )  # fmt: skip
