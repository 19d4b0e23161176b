"""Asking the person: through the client where it can, otherwise out of band. No channel means no."""

from __future__ import annotations

import asyncio
import inspect
import logging
from collections.abc import Awaitable, Callable
from typing import Protocol

import msgspec

from mcp_agent.config import PolicySettings
from mcp_agent.errors import BUGS, AgentError, Denied
from mcp_agent.model import Clock, Json
from mcp_agent.pipeline.call import Call
from mcp_agent.pipeline.policy import DEFAULT, Every
from mcp_agent.pipeline.taint import show_hidden
from mcp_agent.protocol.seal import binding
from mcp_agent.store.approvals import Approval, Approvals

_ONCE, _SESSION, _REFUSE = "allow once", "allow for this session", "refuse"
_SESSION_SECONDS = 8 * 3600
_POLL_SECONDS = 0.5
_GRANTS = 10_000
_SHOWN = 200

log = logging.getLogger(__name__)


class Notices(Protocol):
    """Tells the person that something waits for them; cancelled when it does not any more."""

    async def show(self, approval: Approval, decide: Callable[[bool], Awaitable[None]]) -> None: ...


class Consent:
    """Obtains a person's yes for one call, or for a tool in a session.

    A yes is bound to the tool, its arguments and who calls, is good once, and expires. ``sleep`` is asyncio's, or a
    test's. ``redact`` takes secrets out of what the person is shown, which others can read as well. ``notices`` are one
    more way to answer out of band.
    """

    def __init__(
        self,
        approvals: Approvals,
        settings: PolicySettings,
        clock: Clock,
        sleep: Callable[[float], Awaitable[None]],
        redact: Callable[[bytes], bytes],
        notices: Notices | None = None,
    ) -> None:
        self._notices = notices
        self._approvals = approvals
        self._settings = settings
        self._clock = clock
        self._sleep = sleep
        self._redact = redact
        self._granted: dict[tuple[str, str, str], float] = {}
        self.waiting: dict[str, Call] = {}
        """The calls of this process that wait for the person, by the id of the request."""

    async def obtain(self, call: Call, every: Every, reason: str) -> str:
        """How the call was approved. Raises Denied when it was not."""
        call.tool.parse(call.raw)  # nobody is asked about a call that could not run
        grant = (call.caller.session, call.tool.plugin, call.tool.name)
        if every == "session" and self._granted.get(grant, 0.0) > self._clock.time():
            return "earlier in this session"
        by_client = call.caller.supports("elicitation")
        if not by_client and not self._settings.out_of_band:
            raise Denied(
                f"{call.tool.name} needs the person's consent, and this client has no way to ask for it.",
                hint="Nothing was done. A rule of the policy can allow it.",
            )
        approval = await self._open(call, reason)
        self.waiting[approval.id] = call
        try:
            if approval.status == "approved":
                how = "out of band"
            elif by_client:
                how = await self._through_client(call, approval, every)
            else:
                how = await self._noticed(call, approval)
        finally:
            self.waiting.pop(approval.id, None)
        if not await self._approvals.spend(approval.id):
            raise Denied(f"The consent for {call.tool.name} was used or has expired.", hint="Call it again.")
        if how == _SESSION:
            self._remember(grant)
        return how

    async def _open(self, call: Call, reason: str) -> Approval:
        principal, tool = call.caller.principal, call.tool.name
        digest = binding(principal, "consent", tool, call.raw)
        why = "" if reason == DEFAULT else f" You are asked because of {reason}."
        return await self._approvals.open(tool, principal, digest, show_hidden(await self._summary(call) + why))

    async def _summary(self, call: Call) -> str:
        """What will happen: in the tool's own words where it has some, otherwise its name and arguments."""
        tool = call.tool
        what = {"read": "reads", "write": "changes something", "destructive": "cannot be taken back"}[tool.effect]
        said = await _preview(call)
        if said is not None:
            return f"{self._redact(said.encode(errors='replace')).decode()} ({tool.name}, {what})"
        given = msgspec.json.decode(self._redact(call.raw))  # before long values are cut: half a secret is one, too
        listed = ", ".join(f"{key}: {_shown(value)}" for key, value in given.items())
        first_line = tool.description.partition("\n")[0]
        return f"{first_line} {tool.name} ({what}) with {listed or 'no arguments'}."

    async def _through_client(self, call: Call, approval: Approval, every: Every) -> str:
        choices = [_ONCE, _SESSION, _REFUSE] if every == "session" else [_ONCE, _REFUSE]
        key = f"consent-{approval.id}"
        answer = (await call.caller.ask({key: _question(approval.summary, choices)}))[key]
        content = answer.get("content") or {}
        chosen = content.get("decision") if answer.get("action") == "accept" else _REFUSE
        approved = chosen in choices and chosen != _REFUSE
        if not await self._approvals.decide(approval.id, approved) or not approved:
            raise Denied(f"The person refused {call.tool.name}.", hint="Do not try again unless they ask for it.")
        return str(chosen)

    async def _noticed(self, call: Call, approval: Approval) -> str:
        """Out of band, with a word to the person where there is a way to give it."""
        if self._notices is None:
            return await self._out_of_band(call, approval)

        async def decide(approve: bool) -> None:
            await self._approvals.decide(approval.id, approve)

        notice = asyncio.get_running_loop().create_task(self._notices.show(approval, decide))
        try:
            return await self._out_of_band(call, approval)
        finally:
            notice.cancel()

    async def _out_of_band(self, call: Call, approval: Approval) -> str:
        """Waits for an answer from another process: the terminal, the dashboard."""
        call.caller.log("warning", "consent", f"Waiting for: mcp-agent approve {approval.id}")
        until = self._clock.monotonic() + self._settings.wait_seconds
        while True:
            found = await self._approvals.find(approval.id)
            if found is None or found.status in ("refused", "spent"):
                raise Denied(f"The person refused {call.tool.name}.", hint="Do not try again unless they ask for it.")
            if found.status == "approved":
                return "out of band"
            if self._clock.monotonic() >= until:
                raise Denied(
                    f"{call.tool.name} needs the person's consent: {approval.summary}",
                    hint=f"Tell them to run 'mcp-agent approve {approval.id}', then make the same call again.",
                )
            await self._sleep(_POLL_SECONDS)

    def _remember(self, grant: tuple[str, str, str]) -> None:
        if len(self._granted) >= _GRANTS:
            self._granted.pop(next(iter(self._granted)))
        self._granted[grant] = self._clock.time() + _SESSION_SECONDS


def _question(summary: str, choices: list[str]) -> tuple[str, Json]:
    schema = {
        "type": "object",
        "properties": {"decision": {"type": "string", "title": "Your decision", "enum": choices}},
        "required": ["decision"],
    }
    return "elicitation/create", {"mode": "form", "message": summary, "requestedSchema": schema}


def _shown(value: Json) -> str:
    text = msgspec.json.encode(value).decode()
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}... ({len(text)} characters)"


async def _preview(call: Call) -> str | None:
    """What the tool itself says that the call would do. A bug there keeps nobody from being asked: they see the
    arguments."""
    tool = call.tool
    if tool.preview is None:
        return None
    try:
        words = tool.preview(call.context, tool.parse(call.raw))
        return str(await words if inspect.isawaitable(words) else words)
    except AgentError:
        raise
    except BUGS:
        log.exception("The preview of %s failed", tool.name)
        return None
