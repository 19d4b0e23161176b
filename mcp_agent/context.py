"""What a tool gets to work with: its plugin's things, and a line to whoever called."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, overload

import msgspec

from mcp_agent.callers import PassedOn
from mcp_agent.errors import AgentError, ToolError
from mcp_agent.http_client import new_session
from mcp_agent.model import (
    Agent,
    Answer,
    Caller,
    Change,
    Clock,
    Held,
    Json,
    LogLevel,
    Message,
    Root,
    Sample,
    Tool,
    ToolResult,
)
from mcp_agent.paths import default_paths
from mcp_agent.questions import ROOTS, Form, elicitation, read_answer, sampling
from mcp_agent.scope import PluginScope
from mcp_agent.store.database import Database, Migration
from mcp_agent.vault.vault import PluginSecrets

if TYPE_CHECKING:
    import aiohttp

    from mcp_agent.folders import Folders

T = TypeVar("T")

_PYTHON_LEVELS: dict[LogLevel, int] = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "notice": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
    "critical": logging.CRITICAL,
    "alert": logging.CRITICAL,
    "emergency": logging.CRITICAL,
}


class Context:
    """Injected into every function of a plugin that has a parameter of this type.

    ``config`` is the plugin's section, typed; ``state`` is whatever startup put there, for later calls to use;
    ``clock``, ``random`` and ``agent`` (facts about the host) are replaceable in tests.
    """

    __slots__ = ("_asked", "_caller", "_chain", "_scope", "held", "lent")

    random = random.SystemRandom()

    def __init__(self, scope: PluginScope, caller: Caller, chain: tuple[Tool, ...] = ()) -> None:
        self._scope = scope
        self._caller = caller
        self._chain = chain
        """The tool that runs, after those that run it; empty for what is no tool."""
        self._asked = 0
        self.held: tuple[Held, ...] = ()
        """For the host: what the call holds, and gives back while it waits for an answer."""
        self.lent = False
        """Whether it has given that back just now."""

    # --- the plugin's own ------------------------------------------------------------------------

    @property
    def plugin(self) -> str:
        return self._scope.name

    @property
    def config(self) -> Any:
        return self._scope.config

    @property
    def state(self) -> Any:
        return self._scope.state

    @state.setter
    def state(self, value: Any) -> None:
        self._scope.state = value

    @property
    def clock(self) -> Clock:
        return self._scope.clock

    @property
    def agent(self) -> Agent:
        return self._scope.agent

    @property
    def secrets(self) -> PluginSecrets:
        """The plugin's secrets: ``await ctx.secrets.require("token")`` gives a Secret, ``.reveal()`` its text."""
        return self._scope.secrets

    @property
    def threads(self) -> Executor:
        """The plugin's bounded thread pool, for libraries that block."""
        return self._scope.threads

    @property
    def data_dir(self) -> Path:
        """A folder of the plugin's own. Raises ToolError in a host that keeps nothing on disk."""
        if self._scope.data_dir is None:
            raise ToolError("This host keeps nothing on disk.")
        self._scope.data_dir.mkdir(parents=True, exist_ok=True)
        return self._scope.data_dir

    def database(self, name: str, migrations: Sequence[Migration]) -> Database:
        """A SQLite file of the plugin's own, opened on first use and closed by the host."""
        database = self._scope.databases.get(name)
        if database is None:
            path = None if self._scope.data_dir is None else self.data_dir / f"{name}.sqlite3"
            database = self._scope.databases[name] = Database(path, migrations)
        return database

    @property
    def http(self) -> aiohttp.ClientSession:
        """The plugin's HTTP and WebSocket client, with the host's limits: opened on first use, closed by the host.

        ``read_body`` reads an answer without taking in more than you want. What it raises (``aiohttp.ClientError``,
        ``TimeoutError``) may be let through: the host makes an UpstreamError of it, or a ToolError of a 4xx.
        """
        if self._scope.http is None:
            self._scope.http = new_session(self._scope.name, self._scope.http_settings)
        return self._scope.http

    @property
    def folders(self) -> Folders:
        """The folders of the setting ``folders`` of the plugin: all that it may touch of a person's files."""
        scope = self._scope
        if not hasattr(scope.config, "folders"):
            raise LookupError("ctx.folders needs a field `folders` in the plugin's Settings; docs/folders.md shows it.")
        with scope.opening:  # tools that are not async come here from several threads
            if scope.folders is None:
                from mcp_agent.folders import Folders

                backups = None if scope.data_dir is None else scope.data_dir / "backups"
                scope.folders = Folders(
                    scope.config.folders, backups=backups, private=scope.private or default_paths().private
                )
        return scope.folders

    def resource_updated(self, uri: str) -> None:
        """Tell the clients that watch this resource."""
        self._scope.notify(uri)

    async def erase_changes(self, holds: Callable[[Change], bool]) -> int:
        """Take changes of this plugin out of the undo journal for good, those for which ``holds`` is true: for what a
        person wants gone. Gives how many there were. They cannot be undone any more."""
        return await self._scope.erase_changes(self.plugin, holds)

    async def in_thread(self, work: Callable[[], T]) -> T:
        """Run something that blocks without holding up anybody else."""
        return await asyncio.get_running_loop().run_in_executor(self.threads, work)

    async def call(self, tool: str, arguments: Mapping[str, Any]) -> ToolResult:
        """Run another tool for the same caller, one that this tool declares in ``calls``.

        It is as if the caller had called it: policy, consent, audit, limits and undo are its own. Its time does not
        count as this tool's. Where the person is asked, this tool may run again from its start: so let a call that
        changes something be the last thing that it does. Raises ToolError where the call fails, or there is no such
        tool.
        """
        running = self._chain[-1] if self._chain else None
        if running is None or tool not in running.calls or any(tool == one.name for one in self._chain):
            raise LookupError(f"{running.name if running else self.plugin} does not declare that it calls {tool}.")
        caller = PassedOn(self._caller, self._key("call"))
        return await self._lending(self.agent.call_within(tool, arguments, caller, self._chain))

    # --- the caller ------------------------------------------------------------------------------

    @property
    def principal(self) -> str:
        """Who called: ``stdio:NAME``, ``http``, ``cli`` or ``library``."""
        return self._caller.principal

    def supports(self, capability: str) -> bool:
        """Whether the client can be asked for ``elicitation``, ``elicitation.url``, ``sampling`` or ``roots``."""
        return self._caller.supports(capability)

    def progress(self, value: float, total: float | None = None, message: str | None = None) -> None:
        """Tell how far the call is; ``value`` must grow. Dropped where nobody wants to know."""
        self._on_loop(self._caller.progress, value, total, message)

    def log(self, level: LogLevel, data: Json) -> None:
        """Tell the client something worth knowing, and write it into the log. Never a secret."""
        logging.getLogger(f"mcp_agent.plugin.{self.plugin}").log(_PYTHON_LEVELS[level], "%s", data)
        self._on_loop(self._caller.log, level, self._scope.name, data)

    async def detach(self) -> None:
        """Go on in the background: the client gets a handle now and comes back for the result."""
        await self._caller.detach()

    @overload
    async def elicit(self, message: str, form: Form | None = None, *, key: str | None = None) -> Answer: ...
    @overload
    async def elicit(self, message: str, *, url: str, key: str | None = None) -> Answer: ...
    async def elicit(
        self, message: str, form: Form | None = None, *, url: str | None = None, key: str | None = None
    ) -> Answer:
        """Ask the person: say yes or no, fill in a form (a flat Struct, or a schema), or do something at a URL.

        With MCP 2026-07-28 the call ends here and runs again from its start once the answer is there: ask first,
        act after. ``key`` names the question; without it, questions are counted. Raises MissingCapability or
        CannotAsk where nobody can be asked.
        """
        key = key or self._key("elicit")
        raw = (await self.ask({key: elicitation(message, form, url)}))[key]
        return read_answer(raw, form)

    async def sample(
        self,
        messages: str | Sequence[Message],
        *,
        max_tokens: int = 1000,
        key: str | None = None,
        **options: Json,
    ) -> Sample:
        """Let the client's model write. ``options`` are those of ``sampling/createMessage``, in camelCase."""
        key = key or self._key("sample")
        raw = (await self.ask({key: sampling(messages, max_tokens, **options)}))[key]
        return msgspec.convert(raw, Sample)

    async def roots(self, *, key: str | None = None) -> list[Root]:
        """The folders that the client works in."""
        key = key or self._key("roots")
        raw = (await self.ask({key: ROOTS}))[key]
        return msgspec.convert(raw["roots"], list[Root])

    async def ask(self, requests: Mapping[str, tuple[str, Json]]) -> Mapping[str, Json]:
        """Several questions in one round, by key: made with ``elicitation``, ``sampling`` or ``ROOTS``.

        Waiting for the answer takes none of the plugin's places and none of the tool's time.
        """
        return await self._lending(self._caller.ask(requests))

    async def _lending(self, work: Awaitable[T]) -> T:
        """Wait for something without keeping a place from others, nor using up time."""
        if self.lent:  # two at once: the first has given back what there was
            return await work
        self.lent = True
        for one in self.held:
            one.leave()
        try:
            outcome = await work
        except AgentError:
            await self._take_back()
            raise
        await self._take_back()  # not for a call that was stopped: it needs nothing any more
        return outcome

    async def _take_back(self) -> None:
        for one in self.held:
            await one.enter()
        self.lent = False

    def rewind(self) -> None:
        """For the host: the call runs again from its start, so its questions are counted anew."""
        self._asked = 0

    def _key(self, kind: str) -> str:
        self._asked += 1
        return f"{kind}-{self._asked}"

    def _on_loop(self, tell: Callable[..., None], *arguments: Any) -> None:
        if asyncio._get_running_loop() is self._scope.loop:
            tell(*arguments)
        else:  # a sync tool, in its thread
            self._scope.loop.call_soon_threadsafe(tell, *arguments)
