"""The composition root: builds everything, owns start and stop, and is the library's front door.

async with Host() as host:
    result = await host.call("memory_recall", {"query": "where is the spare key"})
    print(result.text)
"""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Literal

from mcp_agent import plugins
from mcp_agent.config import Config
from mcp_agent.context import Context, NoCaller
from mcp_agent.errors import (
    BUGS,
    AgentError,
    InternalFailure,
    InvalidParams,
    PluginError,
    ResourceNotFound,
    ToolError,
)
from mcp_agent.jsonio import encode
from mcp_agent.model import (
    Caller,
    Clock,
    Completion,
    Health,
    JobRecord,
    PluginRecord,
    PromptResult,
    ResourceContents,
    Scene,
    Tool,
    ToolResult,
)
from mcp_agent.paths import Paths, default_paths, private_bytes
from mcp_agent.pipeline import Handler, Stage, compose
from mcp_agent.pipeline.call import Call
from mcp_agent.pipeline.execute import execute
from mcp_agent.pipeline.observe import Observer
from mcp_agent.pipeline.timeout import timeout
from mcp_agent.pipeline.validate import validate
from mcp_agent.protocol.server import Limits, Server, ServerInfo
from mcp_agent.registry import Registry
from mcp_agent.supervisor import Supervisor
from mcp_agent.version import VERSION

log = logging.getLogger(__name__)

NAME = "mcp-agent"
JOB_TOOL = "system_job"
_INSTRUCTIONS = "Tools for this person's home and work, on their own machine. Results stay small: ask for more."


class SystemClock:
    """The machine's own clock."""

    def time(self) -> float:
        return time.time()

    def monotonic(self) -> float:
        return time.monotonic()


class Host:
    """Loads plugins and runs their tools; serves them through ``server``.

    Use it as an async context manager. ``modules`` are plugins to load beside the installed ones, by module path.
    With ``installed=False`` only those are loaded; with ``on_disk=False`` nothing is kept.
    """

    server: Server
    _supervisor: Supervisor
    _handler: Handler

    def __init__(
        self,
        config: Config | None = None,
        *,
        paths: Paths | None = None,
        on_disk: bool = True,
        modules: Sequence[str] = (),
        installed: bool = True,
        clock: Clock | None = None,
    ) -> None:
        self.config = config or Config()
        self.paths = (paths or default_paths()) if on_disk else None
        self._modules = modules
        self._installed = installed
        self._clock: Clock = clock or SystemClock()
        self._registry = Registry()
        self._observer = Observer(self._clock)
        self._threads = ThreadPoolExecutor(self.config.limits.threads, "tool")
        self._started = 0.0

    async def __aenter__(self) -> Host:
        self._started = self._clock.monotonic()
        limits = self.config.limits
        self.server = Server(
            self, ServerInfo(name=NAME, version=VERSION, title="mcp_agent"), clock=self._clock,
            seal_key=self._seal_key, report_bug=self.report_bug, instructions=_INSTRUCTIONS,
            limits=Limits(
                in_flight=limits.in_flight, page_size=limits.page_size, background_after=limits.background_after
            ),
        )  # fmt: skip
        self._supervisor = Supervisor(
            self._registry, self.config.plugins, paths=self.paths, clock=self._clock, agent=self,
            threads=self._threads, notify=self.server.resource_updated,
            start_seconds=limits.plugin_start_seconds,
        )  # fmt: skip
        self._handler = compose(self.stages(), execute(self.report_bug))
        found = plugins.discover(self._modules)
        if not self._installed:
            found = [one for one in found if one.module in self._modules]
        self._supervisor.load_all(found)
        self._registry.changed = self.server.list_changed
        self.server.job_tool = JOB_TOOL if self._registry.tool(JOB_TOOL) else None
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.server.drain(0)
        await self._supervisor.stop_all()
        self._threads.shutdown(wait=False, cancel_futures=True)

    def stages(self) -> list[Stage]:
        """The onion around every call, outermost first."""
        return [
            self._observer,
            validate,
            timeout(self.config.limits.tool_seconds),
        ]

    # --- for programs that embed the host --------------------------------------------------------

    async def call(
        self,
        tool: str | Tool,
        arguments: Mapping[str, Any] | bytes | None = None,
        caller: Caller | None = None,
    ) -> ToolResult:
        """Run a tool. Raises ToolError for one that fails, does not exist, or does not take these arguments."""
        found = self._registry.tool(tool) if isinstance(tool, str) else tool
        if found is None:
            raise ToolError(f"There is no tool {tool}.{self._registry.suggest('tool', str(tool))}")
        raw = arguments if isinstance(arguments, bytes) else encode(arguments or {})
        caller = caller or NoCaller("library")
        scope = self._supervisor.scopes.get(found.plugin)
        if scope is None:
            raise ToolError(f"{found.name} is not offered any more: its plugin {found.plugin} was switched off.")
        if self._supervisor.is_starting(found.plugin):
            await self._ready(found.plugin)
        return await self._handler(Call(found, raw, caller, Context(scope, caller)))

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

    def health(self) -> Health:
        """The state of this host."""
        seen = self._observer
        return Health(
            version=VERSION, uptime=round(self._clock.monotonic() - self._started, 3), calls=seen.calls,
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

    def job(self, job_id: str) -> JobRecord | None:
        job = self.server.jobs.find(job_id)
        return job.record if job is not None else None

    def cancel_job(self, job_id: str) -> bool:
        job = self.server.jobs.find(job_id)
        if job is None:
            return False
        self.server.jobs.cancel(job)
        return True

    # --- Backend: what the protocol engine serves ------------------------------------------------

    @property
    def generation(self) -> int:
        return self._registry.generation

    def tools(self) -> Sequence[Tool]:
        """Every tool on offer, in a stable order."""
        return self._registry.tools()

    def tool(self, name: str) -> Tool | None:
        return self._registry.tool(name)

    def resources(self) -> Sequence[Any]:
        return self._registry.resources()

    def templates(self) -> Sequence[Any]:
        return self._registry.templates()

    def prompts(self) -> Sequence[Any]:
        return self._registry.prompts()

    def suggest(self, kind: Literal["tool", "prompt"], name: str) -> str:
        return self._registry.suggest(kind, name)

    async def read(self, uri: str, caller: Caller) -> Sequence[ResourceContents]:
        found = self._registry.resource(uri)
        if found is None:
            raise ResourceNotFound(uri)
        resource, parts = found
        contents = await self._guarded(resource.plugin, f"Resource {uri}", caller, resource.read, uri, parts)
        if not contents:
            raise ResourceNotFound(uri)
        result: Sequence[ResourceContents] = contents
        return result

    async def prompt(self, name: str, arguments: Mapping[str, str], caller: Caller) -> PromptResult:
        prompt = self._registry.prompt(name)
        if prompt is None:
            raise InvalidParams(f"Unknown prompt: {name}.{self.suggest('prompt', name)}")
        result: PromptResult = await self._guarded(prompt.plugin, f"Prompt {name}", caller, prompt.get, arguments)
        return result

    async def complete(
        self, kind: Literal["prompt", "resource"], name: str, argument: str, value: str,
        others: Mapping[str, str], caller: Caller,
    ) -> Completion:  # fmt: skip
        owner = self._registry.prompt(name) if kind == "prompt" else self._registry.template(name)
        if owner is None:
            raise InvalidParams(f"There is no {kind} {name} to complete an argument of")
        completer = owner.complete.get(argument)
        if completer is None:
            return Completion(values=())

        async def work(ctx: Context) -> Any:
            found = completer(ctx, value, others)
            return await found if asyncio.iscoroutine(found) else found

        values = [str(item) for item in await self._guarded(owner.plugin, f"Completion of {name}", caller, work)]
        return Completion(values=tuple(values[:100]), total=len(values), has_more=len(values) > 100)

    # --- inside ----------------------------------------------------------------------------------

    async def _guarded(self, plugin: str, what: str, caller: Caller, work: Any, *arguments: Any) -> Any:
        """Run something of a plugin that is no tool. A bug in it becomes a trace id."""
        await self._ready(plugin)
        try:
            return await work(Context(self._supervisor.scopes[plugin], caller), *arguments)
        except AgentError:
            raise
        except BUGS:  # any bug of any plugin: it is logged, and the caller gets its trace id
            raise InternalFailure(what, self.report_bug(what)) from None

    async def _ready(self, plugin: str) -> None:
        try:
            await self._supervisor.ready(plugin)
        except PluginError as error:
            raise ToolError(str(error), hint="'mcp-agent plugins' shows more.") from None

    def report_bug(self, what: str) -> str:
        """Log the exception being handled and give the trace id that finds it again."""
        trace_id = secrets.token_hex(8)
        log.exception("%s failed [trace %s]", what, trace_id, extra={"trace_id": trace_id})
        return trace_id

    def _seal_key(self) -> bytes:
        fresh = os.urandom(32)
        return fresh if self.paths is None else private_bytes(self.paths.state / "seal.key", fresh)
