"""The home that a Home Assistant runs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

from mcp_agent import Context, ToolError, UpstreamError
from mcp_agent_smart_home.home import Area, Bucket, Entity, Json, Kind, Moment, Period, Watcher
from mcp_agent_smart_home.homeassistant.connection import Connection
from mcp_agent_smart_home.homeassistant.discovery import discover
from mcp_agent_smart_home.homeassistant.messages import Refused, open_socket
from mcp_agent_smart_home.homeassistant.mirror import Mirror
from mcp_agent_smart_home.homeassistant.rest import Rest

if TYPE_CHECKING:
    import aiohttp

_BEAT = 5.0
"""Seconds between two looks at the clock: a machine that slept, and a connection that fell silent, are noticed."""
_SLEPT = 10.0
_SILENT_BEATS = 6
_RELOAD_SECONDS = 10.0
_RENDER_SECONDS = 5.0


class HomeAssistant:
    """A Home over one WebSocket and, for configurations and pictures, REST."""

    settles = 1.0

    def __init__(self, ctx: Context) -> None:
        self._clock = ctx.clock
        self._secrets = ctx.secrets
        self._http: Callable[[], aiohttp.ClientSession] = lambda: ctx.http
        self._discover = ctx.config.url == "discover"
        self._url = "" if self._discover else ctx.config.url.rstrip("/")
        self.connection = Connection(self._url.partition("://")[2] or "this network", self._connect, self._token)
        self.mirror = Mirror(self.connection)
        self._rest = Rest(self._found, self._http, self._token)
        self._heart = asyncio.create_task(self._beat())
        self.connection.start()

    async def close(self) -> None:
        self._heart.cancel()
        await asyncio.gather(self._heart, return_exceptions=True)
        await self.mirror.close()
        await self.connection.close()

    async def health(self) -> str:
        entities = await self.entities()
        return f"Connected to Home Assistant {self.connection.version}, {len(entities)} entities."

    # --- what there is ---------------------------------------------------------------------------

    async def entities(self) -> Mapping[str, Entity]:
        await self._ready()
        return self.mirror.entities

    async def areas(self) -> Mapping[str, Area]:
        await self._ready()
        return self.mirror.areas

    async def services(self) -> Mapping[str, Mapping[str, Json]]:
        found: Mapping[str, Mapping[str, Json]] = await self.connection.command("get_services")
        return found

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        self.mirror.watchers.append(watcher)
        return lambda: self.mirror.watchers.remove(watcher)

    # --- doing -----------------------------------------------------------------------------------

    async def call(
        self, domain: str, service: str, entity_ids: Sequence[str], data: Mapping[str, Json], *, response: bool = False
    ) -> Json:
        fields: dict[str, Json] = {"target": {"entity_id": list(entity_ids)}} if entity_ids else {}
        if response:
            fields["return_response"] = True
        done = await self._command(
            "call_service", f"{domain}.{service}", domain=domain, service=service, service_data=dict(data), **fields
        )
        return done.get("response") if response and isinstance(done, dict) else None

    async def render(self, template: str) -> str:
        """Through a subscription that ends with its first event: that is the one way that has a time limit."""
        done: asyncio.Future[Json] = asyncio.get_running_loop().create_future()

        def take(event: Json) -> None:
            if not done.done():
                done.set_result(event)

        try:
            subscription = await self.connection.subscribe(
                take, "render_template", template=template, timeout=_RENDER_SECONDS, report_errors=True
            )
        except Refused as error:
            raise ToolError(f"The template does not work: {error}", hint="Check its Jinja syntax.") from None
        try:
            event = await asyncio.wait_for(done, 2 * _RENDER_SECONDS)
        except TimeoutError:
            raise ToolError("The template takes too long.", hint="Loop over less.") from None
        finally:
            await self.connection.unsubscribe(subscription)
        if "error" in event:
            raise ToolError(f"The template does not work: {event['error']}")
        return str(event["result"])

    async def picture(self, entity_id: str) -> tuple[bytes, str]:
        return await self._rest.picture(f"/api/camera_proxy/{quote(entity_id)}")

    # --- the past --------------------------------------------------------------------------------

    async def history(self, entity_ids: Sequence[str], start: float, end: float) -> Mapping[str, Sequence[Moment]]:
        found = await self._command(
            "history/history_during_period", "history", start_time=_iso(start), end_time=_iso(end),
            entity_ids=list(entity_ids), minimal_response=True, no_attributes=True, significant_changes_only=False,
        )  # fmt: skip
        return {
            entity_id: [Moment(float(one.get("lc", one.get("lu", start))), str(one["s"])) for one in states]
            for entity_id, states in found.items()
        }

    async def statistics(
        self, entity_ids: Sequence[str], start: float, end: float, period: Period
    ) -> Mapping[str, Sequence[Bucket]]:
        found = await self._command(
            "recorder/statistics_during_period", "statistics", start_time=_iso(start), end_time=_iso(end),
            statistic_ids=list(entity_ids), period=period, types=["mean", "min", "max", "change"],
        )  # fmt: skip
        return {
            entity_id: [
                Bucket(one["start"] / 1000, one.get("mean"), one.get("min"), one.get("max"), one.get("change"))
                for one in rows
                if one["start"] / 1000 < end  # it gives the period after, too, where the end is the end of one
            ]
            for entity_id, rows in found.items()
        }

    # --- configuration ---------------------------------------------------------------------------

    async def config(self, kind: Kind, key: str) -> Json:
        return await self._rest.json("GET", _path(kind, key))

    async def set_config(self, kind: Kind, key: str, value: Json) -> None:
        """Home Assistant checks before it writes, and reloads by itself: wait until it says that it has."""
        if value is None:
            await self._remove_config(kind, key)
            return
        reloaded = asyncio.Event()
        subscription = await self.connection.subscribe(
            lambda event: reloaded.set(), "subscribe_events", event_type=f"{kind}_reloaded"
        )
        try:
            await self._rest.json("POST", _path(kind, key), value)
            await _in_use(reloaded, kind, key)
        finally:
            await self.connection.unsubscribe(subscription)

    async def _remove_config(self, kind: Kind, key: str) -> None:
        gone = asyncio.Event()

        def watch(before: Entity | None, now: Entity | None) -> None:
            if now is None and before is not None and _is(before, kind, key):
                gone.set()

        stop = self.watch(watch)
        try:
            there = any(_is(entity, kind, key) for entity in (await self.entities()).values())
            await self._rest.json("DELETE", _path(kind, key))
            if there:
                await _in_use(gone, kind, key)
        finally:
            stop()

    async def traces(self, key: str) -> Sequence[Mapping[str, Json]]:
        found = await self._command("trace/list", "traces", domain="automation", item_id=key)
        return [_run(one) for one in sorted(found, key=lambda one: str(one["timestamp"]["start"]), reverse=True)]

    async def trace(self, key: str, run_id: str) -> Json:
        try:
            found = await self.connection.command("trace/get", domain="automation", item_id=key, run_id=run_id)
        except Refused:
            raise ToolError(f"There is no run {run_id}.", hint="home_get_traces without run_id lists them.") from None
        steps = [
            {"path": path, **({"result": step["result"]} if "result" in step else {}),
             **({"error": step["error"]} if "error" in step else {})}
            for path, taken in found.get("trace", {}).items() for step in taken
        ]  # fmt: skip
        return {**_run(found), "steps": steps}

    # --- inside ----------------------------------------------------------------------------------

    async def _token(self) -> str:
        return (await self._secrets.require("token")).reveal()

    async def _found(self) -> str:
        """The URL: looked for, where it is to be discovered, until it is known."""
        if not self._url:
            self._url = await discover()
            self.connection.host = self._url.partition("://")[2]
        return self._url

    async def _connect(self) -> aiohttp.ClientWebSocketResponse:
        url = await self._found()
        if self._discover:
            self._url = ""  # until the connection stands: it may have moved
        socket = await open_socket(self._http(), url)
        self._url = url
        return socket

    async def _ready(self) -> None:
        await self.connection.ready()
        await self.mirror.whole()

    async def _command(self, type: str, what: str, **fields: Json) -> Json:
        try:
            return await self.connection.command(type, **fields)
        except Refused as error:
            raise ToolError(
                f"Home Assistant refuses {what}: {str(error).rstrip('.')}.",
                hint="home_list_services says which services there are, and what data they take.",
            ) from None

    async def _beat(self) -> None:
        """Time that passed without being counted was sleep: the old connection is most likely dead."""
        beats, last = 0, self._clock.time()
        while True:
            await asyncio.sleep(_BEAT)
            now = self._clock.time()
            beats += 1
            if now - last > _BEAT + _SLEPT or beats % _SILENT_BEATS == 0:
                await self.connection.check(_BEAT)
            last = now


async def _in_use(event: asyncio.Event, kind: Kind, key: str) -> None:
    try:
        await asyncio.wait_for(event.wait(), _RELOAD_SECONDS)
    except TimeoutError:
        raise UpstreamError(f"Home Assistant saved {kind} {key}, but has not reloaded it yet.") from None


def _iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat()


def _path(kind: Kind, key: str) -> str:
    return f"/api/config/{kind}/config/{quote(key, safe='')}"


def _is(entity: Entity, kind: Kind, key: str) -> bool:
    return entity.domain == kind and str(entity.attributes.get("id")) == key


def _run(trace: Mapping[str, Json]) -> dict[str, Json]:
    found = {
        "run_id": trace["run_id"], "start": trace["timestamp"]["start"], "trigger": trace.get("trigger"),
        "outcome": trace.get("script_execution") or trace.get("state"), "error": trace.get("error"),
    }  # fmt: skip
    return {key: value for key, value in found.items() if value is not None}
