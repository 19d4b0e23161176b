"""The composition root: builds everything, owns start and stop, and is the library's front door.

async with Host() as host:
    result = await host.call("memory_recall", {"query": "where is the spare key"})
    print(result.text)
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mcp_agent import plugins
from mcp_agent.backend import HostBackend
from mcp_agent.callers import NoCaller
from mcp_agent.clock import SystemClock
from mcp_agent.config import Config
from mcp_agent.context import Context
from mcp_agent.errors import PluginError, ToolError
from mcp_agent.expose.exposure import Exposure
from mcp_agent.jsonio import encode
from mcp_agent.model import (
    BreakerState,
    Caller,
    Change,
    Clock,
    Health,
    JobRecord,
    Json,
    PluginRecord,
    Scene,
    Tool,
    ToolResult,
    Undone,
    Usage,
)
from mcp_agent.onion import Onion
from mcp_agent.paths import Paths, default_paths, private_bytes, private_folder
from mcp_agent.pipeline.call import Call
from mcp_agent.pipeline.observe import Observer
from mcp_agent.protocol.limits import Limits, ServerInfo
from mcp_agent.protocol.server import Server
from mcp_agent.registry import Registry
from mcp_agent.results.shorten import Shortener
from mcp_agent.store.approvals import Approvals
from mcp_agent.supervisor import Supervisor
from mcp_agent.vault.backend import MemoryBackend
from mcp_agent.vault.log_filter import RedactingFilter
from mcp_agent.vault.vault import Vault, vault_of_home
from mcp_agent.version import VERSION

log = logging.getLogger(__name__)

NAME = "mcp-agent"
JOB_TOOL = "system_job"
_INSTRUCTIONS = "Tools for this person's home and work, on their own machine. Results stay small: ask for more."


class Host:
    """Loads plugins and runs their tools; serves them through ``server``.

    Use it as an async context manager. ``modules`` are plugins to load beside the installed ones, by module path.
    With ``installed=False`` only those are loaded; with ``on_disk=False`` nothing is kept.
    """

    server: Server
    backend: HostBackend
    _supervisor: Supervisor
    _onion: Onion

    def __init__(
        self,
        config: Config | None = None,
        *,
        paths: Paths | None = None,
        on_disk: bool = True,
        modules: Sequence[str] = (),
        installed: bool = True,
        clock: Clock | None = None,
        vault: Vault | None = None,
    ) -> None:
        self.config = config or Config()
        self.paths = (paths or default_paths()) if on_disk else None
        self.vault = vault or self._open_vault()
        self._log_filter = RedactingFilter(self.vault.redactor)
        self._modules = modules
        self._installed = installed
        self.clock: Clock = clock or SystemClock()
        self._registry = Registry()
        self._started = 0.0

    async def __aenter__(self) -> Host:
        self._started = self.clock.monotonic()
        for folder in () if self.paths is None else (self.paths.data, self.paths.state):
            with contextlib.suppress(OSError):  # whoever wants to write there says what is wrong
                private_folder(folder)
        for handler in logging.getLogger().handlers:
            handler.addFilter(self._log_filter)
        self._onion = Onion(
            self.config, paths=self.paths, clock=self.clock, registry=self._registry, redactor=self.vault.redactor,
            version=self._version_of, report_bug=self.report_bug, context=self._context,
        )  # fmt: skip
        self._supervisor = Supervisor(
            self._registry, self.config.plugins, paths=self.paths, clock=self.clock, agent=self,
            threads=self.config.limits.threads, http=self.config.http_client, notify=self._resource_updated,
            vault=self.vault,
            start_seconds=self.config.limits.plugin_start_seconds, erase_changes=self._onion.journal.erase,
        )  # fmt: skip
        self._exposure = Exposure(self.config.expose)
        self.backend = HostBackend(self._registry, self._supervisor, self._onion, self._exposure)
        self.server = self._serve()
        found = plugins.discover(self._modules)
        if not self._installed:
            found = [one for one in found if one.module in self._modules]
        if self._installed:
            self._exposure.shown = frozenset(one.name for one in found if one.module in self._modules)
        self._supervisor.load_all(found)
        self._registry.changed = self.server.list_changed
        self.server.job_tool = JOB_TOOL if self._registry.tool(JOB_TOOL) else None
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.server.drain(0)
        await self._supervisor.stop_all()
        await self._onion.close()
        for handler in logging.getLogger().handlers:
            handler.removeFilter(self._log_filter)
        self.vault.close()

    # --- for programs that embed the host --------------------------------------------------------

    async def call(
        self, tool: str, arguments: Mapping[str, Any] | None = None, caller: Caller | None = None
    ) -> ToolResult:
        """Run a tool. Raises ToolError for one that fails, does not exist, or does not take these arguments."""
        return await self.backend.call(self.tool(tool), encode(arguments or {}), caller or NoCaller("library"))

    def tool(self, name: str) -> Tool:
        """A tool by its name. Raises ToolError that names near misses."""
        found = self._registry.tool(name)
        if found is None:
            raise ToolError(f"There is no tool {name}.{self._registry.suggest('tool', name)}")
        return found

    def tools(self) -> Sequence[Tool]:
        """Every tool on offer, in a stable order."""
        return self._registry.tools()

    async def batch(
        self, calls: Iterable[tuple[str, Mapping[str, Any]]], *, at_once: int = 16
    ) -> list[ToolResult | ToolError]:
        """Run many calls, ``at_once`` at a time. One outcome for each, in order; a failure stops no other."""
        gate = asyncio.Semaphore(at_once)

        async def one(tool: str, arguments: Mapping[str, Any]) -> ToolResult | ToolError:
            async with gate:
                try:
                    return await self.call(tool, arguments)
                except ToolError as error:
                    return error

        return await asyncio.gather(*(one(tool, arguments) for tool, arguments in calls))

    async def call_within(
        self, tool: str, arguments: Mapping[str, Any], caller: Caller, within: tuple[Tool, ...]
    ) -> ToolResult:
        """Run a tool for a tool that runs, as Context.call does. Raises ToolError."""
        return await self.backend.call(self.tool(tool), encode(arguments), caller, within)

    @property
    def generation(self) -> int:
        """Grows with every change to what is on offer."""
        return self._registry.generation

    def used(self) -> Mapping[str, int]:
        """How often each tool was called since the start, for those that were."""
        return self._onion.metrics.used()

    async def result(self, handle: str, principal: str) -> Json:
        """What the handle of a large result stands for: JSON or text. Raises ToolError for one that is not kept."""
        return (await self._onion.results.get(handle, principal))[1]

    async def result_origin(self, handle: str, principal: str) -> str | None:
        """Where that came from when somebody else wrote it. Raises ToolError for one that is not kept."""
        return await self._onion.results.origin(handle, principal)

    def health(self) -> Health:
        """The state of this host."""
        seen = self._onion.metrics
        return Health(
            version=VERSION, uptime=round(self.clock.monotonic() - self._started, 3), calls=seen.calls,
            failed=seen.failed, in_flight=seen.in_flight, tools=len(self._registry.tools()),
            plugins=self._supervisor.records(), failures=tuple(seen.failures),
        )  # fmt: skip

    async def checks(self) -> dict[str, str]:
        """What each plugin that has something to say says of its health."""
        names = [plugin.name for plugin in self._supervisor.loaded()]
        answers = await asyncio.gather(*(self._supervisor.health(name) for name in names))
        return {name: answer for name, answer in zip(names, answers, strict=True) if answer is not None}

    def plugins(self) -> tuple[PluginRecord, ...]:
        """What became of each plugin that was found."""
        return self._supervisor.records()

    def enable_plugin(self, name: str) -> PluginRecord:
        """Switch a plugin on for this run. Raises PluginError when there is none of that name."""
        return self._supervisor.enable(name)

    async def disable_plugin(self, name: str) -> PluginRecord:
        """Switch a plugin off for this run. Raises PluginError when there is none of that name."""
        return await self._supervisor.disable(name)

    async def started(self) -> None:
        """Wait until every plugin has started or failed."""
        for record in self._supervisor.records():
            try:
                await self._supervisor.ready(record.name)
            except PluginError:  # its record says why
                continue

    def scenes(self) -> list[Scene]:
        """What the loaded plugins show in the demo."""
        return [scene for plugin in self._supervisor.loaded() for scene in plugin.hook.mcp_agent_demo() or ()]

    @property
    def approvals(self) -> Approvals:
        """What waits for the person's consent, and their answers."""
        return self._onion.approvals

    def waiting(self, approval_id: str) -> Call | None:
        """The call of this process that a request for consent is about, while it waits."""
        return self._onion.consent.waiting.get(approval_id)

    def watch_calls(self, observer: Observer | None) -> None:
        """Have every call told that ends, until None is given."""
        self._onion.watch(observer)

    def breakers(self) -> list[BreakerState]:
        """Services that fail, and those that are left alone for it."""
        return self._onion.breaker.states()

    def usage(self) -> dict[str, Usage]:
        """Calls to each plugin since the start."""
        return self._onion.metrics.usage()

    def metrics(self) -> bytes:
        """Calls and latencies in the text format of Prometheus."""
        return self._onion.metrics.render()

    async def changes(self, *, count: int = 20, since: float = 0.0) -> list[Change]:
        """What can be undone, newest first; ``since`` in seconds since the epoch."""
        return await self._onion.journal.latest(count=count, since=since)

    async def undo(
        self, *, last: int = 1, since: float | None = None, change: int | None = None, wanted_by: Caller | None = None
    ) -> Undone:
        """Take back one change by its id, all of a time, or the last few: newest first, stopping where it cannot.

        ``wanted_by`` is asked where a rule of the policy says so.
        """
        await self.started()
        undoer = self._onion.undoer
        return await undoer.undo(*await undoer.chosen(last=last, since=since, change=change), wanted_by)

    def job(self, job_id: str, principal: str) -> JobRecord | None:
        job = self.server.jobs.find(job_id, principal)
        return job.record if job is not None else None

    def cancel_job(self, job_id: str, principal: str) -> bool:
        job = self.server.jobs.find(job_id, principal)
        if job is None:
            return False
        self.server.jobs.cancel(job)
        return True

    # --- inside ----------------------------------------------------------------------------------

    def report_bug(self, what: str) -> str:
        """Log the exception being handled and give the trace id that finds it again."""
        trace_id = secrets.token_hex(8)
        log.exception("%s failed [trace %s]", what, trace_id, extra={"trace_id": trace_id})
        return trace_id

    def _serve(self) -> Server:
        limits = self.config.limits
        return Server(
            self.backend, ServerInfo(name=NAME, version=VERSION, title="mcp_agent"), clock=self.clock,
            seal_key=self._seal_key, report_bug=self.report_bug, instructions=_INSTRUCTIONS,
            clean=self.vault.redactor.redact_frame, shortener=Shortener(self._onion.results, self.config.results),
            limits=Limits(
                in_flight=limits.in_flight, page_size=limits.page_size, background_after=limits.background_after
            ),
        )  # fmt: skip

    def _open_vault(self) -> Vault:
        if self.paths is None:
            return Vault(MemoryBackend)
        return vault_of_home(self.config.vault.store, self.paths.data, self.paths.state)

    def _context(self, tool: Tool, caller: Caller) -> Context:
        return Context(self._supervisor.scopes[tool.plugin], caller)

    def _version_of(self, plugin: str) -> str:
        [record] = [record for record in self._supervisor.records() if record.name == plugin]
        return f"{record.version} {self.config.plugins.get(plugin)}"

    def _resource_updated(self, uri: str) -> None:
        self.server.resource_updated(uri)

    def _seal_key(self) -> bytes:
        fresh = os.urandom(32)
        return fresh if self.paths is None else private_bytes(self.paths.state / "seal.key", fresh)
