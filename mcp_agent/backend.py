"""What the protocol engine serves: the registry's offer, run through the onion."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from typing import Any, Literal

from mcp_agent.context import Context
from mcp_agent.errors import InvalidParams, PluginError, ResourceNotFound, ToolError
from mcp_agent.expose.exposure import CALL_TOOL, FRONT, Exposure
from mcp_agent.jsonio import encode
from mcp_agent.model import Caller, Completion, Prompt, PromptResult, Resource, ResourceResult, Tool, ToolResult
from mcp_agent.onion import Onion
from mcp_agent.pipeline.call import Call
from mcp_agent.readers import completer_of, completion, opener_of, prompt_result, reader_of, resource_result
from mcp_agent.registry import Registry
from mcp_agent.schema.templates import expanded
from mcp_agent.supervisor import Supervisor


class HostBackend:
    def __init__(self, registry: Registry, supervisor: Supervisor, onion: Onion, exposure: Exposure) -> None:
        self._registry = registry
        self._supervisor = supervisor
        self._onion = onion
        self._exposure = exposure

    @property
    def generation(self) -> int:
        return self._registry.generation

    def tools(self) -> Sequence[Tool]:
        return self._exposure.listed(self._registry.tools())

    def tool(self, name: str) -> Tool | None:
        return self._registry.tool(name)

    def resources(self) -> Sequence[Resource]:
        return self._registry.resources()

    def templates(self) -> Sequence[Resource]:
        return self._registry.templates()

    def prompts(self) -> Sequence[Prompt]:
        return self._registry.prompts()

    def suggest(self, kind: Literal["tool", "prompt"], name: str) -> str:
        return self._registry.suggest(kind, name)

    def call(
        self, tool: Tool, arguments: bytes, caller: Caller, within: tuple[Tool, ...] = ()
    ) -> Awaitable[ToolResult]:
        """``within`` are the tools that run this one, outermost first; empty for one that a client calls."""
        if tool.name == CALL_TOOL and tool.plugin == FRONT:
            tool, arguments = self._named(tool.parse(arguments))
        scope = self._supervisor.scopes.get(tool.plugin)
        if scope is None:
            raise ToolError(f"{tool.name} is not offered any more: its plugin {tool.plugin} was switched off.")
        call = Call(tool, arguments, caller, Context(scope, caller, (*within, tool)), within)
        return self._once_started(call) if self._supervisor.is_starting(tool.plugin) else self._onion.handler(call)

    def _named(self, wanted: Any) -> tuple[Tool, bytes]:
        """The tool that somebody calls by way of call_tool: from here on it is as if they had called it."""
        tool = self._registry.tool(wanted.name)
        if tool is None or tool.name == CALL_TOOL:
            hint = f"find_tools gives the names.{self._registry.suggest('tool', wanted.name)}"
            raise ToolError(f"There is no tool {wanted.name} to call.", hint=hint)
        return tool, encode(wanted.arguments)

    async def _once_started(self, call: Call) -> ToolResult:
        await self._ready(call.tool.plugin)
        return await self._onion.handler(call)

    async def read(self, uri: str, caller: Caller) -> ResourceResult:
        """A URI can be spelled in many ways: rules, the audit and the plugin get one of them."""
        found = self._registry.resource(uri)
        parts = None if found is None else found.match(uri)
        if found is None or parts is None:
            raise ResourceNotFound(uri)
        spelled = expanded(found.uri, parts) if found.template else uri
        if found.match(spelled) != parts:  # a name that this template cannot tell from another
            raise ResourceNotFound(uri)
        return resource_result(await self.call(reader_of(found), encode({"uri": spelled}), caller), uri, spelled)

    async def prompt(self, name: str, arguments: Mapping[str, str], caller: Caller) -> PromptResult:
        prompt = self._registry.prompt(name)
        if prompt is None:
            raise InvalidParams(f"Unknown prompt: {name}.{self.suggest('prompt', name)}")
        return prompt_result(await self.call(opener_of(prompt), encode(arguments), caller))

    async def complete(
        self, kind: Literal["prompt", "resource"], name: str, argument: str, value: str,
        others: Mapping[str, str], caller: Caller,
    ) -> Completion:  # fmt: skip
        owner = self._registry.prompt(name) if kind == "prompt" else self._registry.template(name)
        if owner is None:
            raise InvalidParams(f"There is no {kind} {name} to complete an argument of")
        if argument not in owner.complete:
            return Completion(values=())
        return completion(await self.call(completer_of(owner, argument), encode({**others, argument: value}), caller))

    async def _ready(self, plugin: str) -> None:
        try:
            await self._supervisor.ready(plugin)
        except PluginError as error:
            raise ToolError(str(error), hint="'mcp-agent plugins' shows more.") from None
