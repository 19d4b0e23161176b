"""The answers of a running instance, out of its host."""

from __future__ import annotations

import os
import sys
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec

from mcp_agent.callers import NoCaller
from mcp_agent.control import api
from mcp_agent.control.ticker import Ticker
from mcp_agent.errors import BUGS, CannotAsk, ToolError
from mcp_agent.host import Host
from mcp_agent.jsonio import encode
from mcp_agent.model import Json, ToolResult, Undo
from mcp_agent.protocol.peer import Peer
from mcp_agent.store.chain import kept_arguments
from mcp_agent.version import VERSION

_LONGEST = 16 * 1024
_ONCE = "allow once"


class Live:
    """One method for each request of the API."""

    def __init__(self, host: Host, ticker: Ticker, serves: str) -> None:
        self._host = host
        self._ticker = ticker
        self._serves = serves
        self._answers: dict[type[api.Request[Any]], Callable[[Any], Awaitable[Any]]] = {
            api.SayHello: self._hello, api.GetState: self._state, api.Look: self._look, api.Replay: self._replay,
            api.CallTool: self._call, api.ListPlugins: self._plugins, api.SwitchPlugin: self._switch,
            api.LookAtWish: self._wish, api.Undo: self._undo,
        }  # fmt: skip

    def answer(self, request: api.Request[Any]) -> Awaitable[Any]:
        """Raises AgentError."""
        return self._answers[type(request)](request)

    async def _hello(self, request: api.SayHello) -> api.Hello:
        host = self._host
        return api.Hello(
            version=api.VERSION, pid=os.getpid(), host_version=VERSION,
            started=host.clock.time() - host.health().uptime, serves=self._serves,
            home="" if host.paths is None else str(host.paths.state),
        )  # fmt: skip

    async def _state(self, request: api.GetState) -> api.State:
        health = self._host.health()
        in_flight, _ = self._ticker.running()
        return api.State(
            uptime=health.uptime, calls=health.calls, failed=health.failed, in_flight=in_flight, tools=health.tools,
            clients=tuple(_client(peer) for peer in self._host.server.peers), memory=_peak_memory(),
        )  # fmt: skip

    async def _look(self, request: api.Look) -> api.Detail:
        detail = self._ticker.look(request.id)
        cut = {"arguments": _cut(detail.arguments), "result": _cut(detail.result)}
        return msgspec.structs.replace(detail, **cut)

    async def _replay(self, request: api.Replay) -> api.Given:
        if not self._host.tool(request.tool).only_reads:
            raise ToolError(f"{request.tool} changes something: only reads are made again.")
        return await self._run(request.tool, request.arguments, NoCaller("cli"))

    async def _call(self, request: api.CallTool) -> api.Given:
        return await self._run(request.tool, request.arguments, _Confirmed() if request.confirmed else NoCaller("cli"))

    async def _run(self, tool: str, arguments: msgspec.Raw, caller: NoCaller) -> api.Given:
        try:
            return _given(await self._host.call(tool, msgspec.json.decode(arguments), caller))
        except ToolError as error:
            return api.Given(text=str(error), is_error=True)

    async def _plugins(self, request: api.ListPlugins) -> tuple[api.PluginFacts, ...]:
        host = self._host
        usage, breakers = host.usage(), host.breakers()
        health = await host.checks() if request.checked else {}
        settings = host.config.plugins
        facts = []
        for record in host.plugins():
            used = usage.get(record.name)
            facts.append(
                api.PluginFacts(
                    name=record.name, status=record.status, reason=record.reason or "", version=record.version or "",
                    tools=record.tools, calls=used.calls if used else 0, failed=used.failed if used else 0,
                    breakers=tuple(one for one in breakers if one.plugin == record.name),
                    health=health.get(record.name, ""), config=dict(settings.get(record.name, {})),
                    rate=host.config.reliability.plugin_rate,
                )
            )  # fmt: skip
        return tuple(facts)

    async def _switch(self, request: api.SwitchPlugin) -> Any:
        if request.on:
            return self._host.enable_plugin(request.name)
        return await self._host.disable_plugin(request.name)

    async def _wish(self, request: api.LookAtWish) -> api.Wish | None:
        """The snapshot is what undoing would go by: it only looks."""
        call = self._host.waiting(request.id)
        if call is None:
            return None
        arguments = bytes(kept_arguments(call.raw, self._host.vault.redactor.redact_frame)).decode()
        before = None
        if isinstance(call.tool.undo, Undo):
            try:
                before = encode(await call.tool.undo.snapshot(call.context, call.tool.parse(call.raw), None)).decode()
            except BUGS:
                self._host.report_bug(f"Looking at what {call.tool.name} would change")
        return api.Wish(arguments=_cut(arguments), before=None if before is None else _cut(before))

    async def _undo(self, request: api.Undo) -> api.UndoneFacts:
        undone = await self._host.undo(change=request.change, wanted_by=_Confirmed())
        return api.UndoneFacts(undone=tuple(change.id for change in undone.changes), stopped=undone.stopped)


class _Confirmed(NoCaller):
    """The person, who has said yes to this very call before it was made."""

    def __init__(self) -> None:
        super().__init__("cli")

    def supports(self, capability: str) -> bool:
        return capability == "elicitation"

    async def ask(self, requests: Mapping[str, tuple[str, Json]]) -> Mapping[str, Json]:
        return {key: _yes(params) for key, (_, params) in requests.items()}


def _yes(params: Json) -> Json:
    """Only to the question whether the call may run; any other needs words that nobody gave."""
    properties = params.get("requestedSchema", {}).get("properties", {})
    if _ONCE not in properties.get("decision", {}).get("enum", ()):
        raise CannotAsk("This tool asks for more than a yes.", hint="Call it from an assistant or a terminal.")
    return {"action": "accept", "content": {"decision": _ONCE}}


def _given(result: ToolResult) -> api.Given:
    data = msgspec.Raw(encode(result.data))
    return api.Given(text=_cut(result.text), data=data, is_error=result.is_error)


def _client(peer: Peer) -> api.ClientFacts:
    return api.ClientFacts(
        principal=peer.principal, name=peer.client.name if peer.client else "", in_flight=len(peer.inflight),
        version=peer.client.version if peer.client else "", revision=peer.revision.name if peer.revision else "",
    )  # fmt: skip


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}... ({len(text):,} characters)"


def _peak_memory() -> int:
    try:
        import resource
    except ImportError:  # Windows
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
