"""News for those who watch: calls that ended, calls that run, and the counters, ten times a second.

While nobody watches nothing is observed and no timer runs. While somebody does, a call that ends is put into a bounded
queue, and all that costs anything is done in the tick.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import Protocol

import msgspec

from mcp_agent.control import api
from mcp_agent.errors import ToolError
from mcp_agent.host import Host
from mcp_agent.model import Text
from mcp_agent.pipeline.audit import without
from mcp_agent.pipeline.observe import Observed
from mcp_agent.protocol import jsonrpc
from mcp_agent.protocol.exchange import Exchange
from mcp_agent.store.chain import kept_arguments

SECONDS = 0.1
QUEUED = 500
"""Calls told in one tick; what comes on top of them is counted as dropped."""
_KEPT = 300
"""Calls that can be looked at in full."""
_HEAVY = 64 * 1024
"""Bytes of arguments or of a result above which it is not kept to be looked at."""
_SHOWN = 160
_RUNNING = 50


class Watcher(Protocol):
    """A connection that gets ticks. One that is ``congested`` misses them, and is told how many calls it missed."""

    @property
    def congested(self) -> bool: ...
    def send(self, frame: bytes) -> None: ...


class Ticker:
    def __init__(self, host: Host) -> None:
        self._host = host
        self._loop = asyncio.get_running_loop()
        self._missed: dict[Watcher, int] = {}
        self._queue: list[Observed] = []
        self._overflow = 0
        self._next_id = 1
        self._kept: OrderedDict[int, tuple[api.Ended, Observed]] = OrderedDict()
        self._timer: asyncio.TimerHandle | None = None

    def add(self, watcher: Watcher) -> None:
        if not self._missed:
            self._host.watch_calls(self._observe)
            self._timer = self._loop.call_later(SECONDS, self._tick)
        self._missed.setdefault(watcher, 0)

    def remove(self, watcher: Watcher) -> None:
        if self._missed.pop(watcher, None) is not None and not self._missed:
            self.close()

    def close(self) -> None:
        self._host.watch_calls(None)
        self._missed.clear()
        self._queue.clear()
        self._kept.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def look(self, call_id: int) -> api.Detail:
        """Raises ToolError for a call that is not kept any more."""
        found = self._kept.get(call_id)
        if found is None:
            raise ToolError("This call is not kept any more; the audit log has the rest of it.")
        ended, seen = found
        return api.Detail(
            ended=ended, arguments=self._arguments(seen), result=_result(seen), trace_id=seen.call.caller.trace_id
        )

    def running(self) -> tuple[int, list[api.Running]]:
        """How many calls are in flight, and the first of them in full."""
        server = self._host.server
        exchanges = [one for peer in server.peers for one in peer.inflight.values() if one.tool is not None]
        jobs = server.jobs.running()
        now = self._host.clock.time()
        told = [_running(one, server.slow.age(one)) for one in exchanges[:_RUNNING]]
        told += [
            api.Running(
                tool=job.record.tool, plugin="", principal=job.principal, seconds=now - job.record.created,
                message=job.record.message or "", background=True,
            )
            for job in jobs[: _RUNNING - len(told)]
        ]  # fmt: skip
        return len(exchanges) + len(jobs), told

    # --- inside ----------------------------------------------------------------------------------

    def _observe(self, seen: Observed) -> None:
        if len(self._queue) < QUEUED:
            self._queue.append(seen)
        else:
            self._overflow += 1

    def _tick(self) -> None:
        self._timer = self._loop.call_later(SECONDS, self._tick)
        queue, self._queue = self._queue, []
        overflow, self._overflow = self._overflow, 0
        for watcher in self._missed:
            self._missed[watcher] += overflow
        ended = tuple(self._ended(seen) for seen in queue)
        listening = [watcher for watcher in self._missed if not watcher.congested]
        for watcher in self._missed:
            if watcher.congested:
                self._missed[watcher] += len(ended)
        frames: dict[int, bytes] = {}
        for watcher in listening:
            dropped, self._missed[watcher] = self._missed[watcher], 0
            if dropped not in frames:
                frames[dropped] = jsonrpc.notification(api.TICK, self._news(ended, dropped))
            watcher.send(frames[dropped])

    def _news(self, ended: tuple[api.Ended, ...], dropped: int) -> api.Tick:
        health = self._host.health()
        in_flight, running = self.running()
        return api.Tick(
            at=self._host.clock.time(), calls=health.calls, failed=health.failed, in_flight=in_flight,
            running=tuple(running), ended=ended, dropped=dropped,
        )  # fmt: skip

    def _ended(self, seen: Observed) -> api.Ended:
        call, tool = seen.call, seen.call.tool
        redact = self._host.vault.redactor.redact
        ended = api.Ended(
            id=self._next_id, at=seen.at, ms=seen.ms, principal=call.caller.principal, plugin=tool.plugin,
            tool=tool.name, effect=tool.effect, outcome=seen.outcome, decision=redact(call.decision),
            detail=redact(seen.detail)[:_SHOWN], arguments=self._arguments(seen)[:_SHOWN],
        )  # fmt: skip
        self._next_id += 1
        self._kept[ended.id] = (ended, _light(seen))
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return ended

    def _arguments(self, seen: Observed) -> str:
        """As the audit log has them: redacted first, then cut."""
        private = seen.call.tool.private
        raw = without(seen.call.raw, private) if private else seen.call.raw
        if len(raw) > _HEAVY:
            return f"{len(raw):,} bytes"
        return bytes(kept_arguments(raw, self._host.vault.redactor.redact_frame)).decode()


def _light(seen: Observed) -> Observed:
    """Without a result that would fill up memory."""
    result = seen.result
    if result is None:
        return seen
    size = sum(len(block.text) if isinstance(block, Text) else _HEAVY for block in result.content)
    if isinstance(result.structured, msgspec.Raw):
        size += len(bytes(result.structured))
    return seen if size <= _HEAVY else msgspec.structs.replace(seen, result=None, detail="a large result")


def _result(seen: Observed) -> str:
    result = seen.result
    if result is None:
        return seen.detail
    return result.text or ("" if result.data is None else msgspec.json.encode(result.data, enc_hook=str).decode())


def _running(exchange: Exchange, seconds: float | None) -> api.Running:
    assert exchange.tool is not None
    done, total, message = exchange.told or (None, None, None)
    return api.Running(
        tool=exchange.tool.name, plugin=exchange.tool.plugin, principal=exchange.principal, seconds=seconds,
        done=done, total=total, message=message or "",
    )  # fmt: skip
