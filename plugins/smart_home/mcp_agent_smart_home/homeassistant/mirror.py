"""Home Assistant's states and registries, kept here as they change: reading them costs no round trip."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from msgspec import structs

from mcp_agent import ToolError, UpstreamError
from mcp_agent_smart_home.home import Area, Entity, Json, Watcher
from mcp_agent_smart_home.homeassistant.connection import Connection
from mcp_agent_smart_home.homeassistant.messages import Refused

_REGISTRIES = ("floor", "label", "area", "device", "entity")
_SETTLE = 0.2
"""Seconds to let changes to the registries collect before they are read again."""
_FILL_SECONDS = 20.0
_NOWHERE: dict[str, Any] = {"area_id": None, "labels": (), "aliases": (), "category": None, "hidden": False}
_Rows: TypeAlias = list[dict[str, Json]]

log = logging.getLogger(__name__)


class Mirror:
    """Make it before the connection starts; it then looks after itself, over reconnections too."""

    def __init__(self, connection: Connection) -> None:
        self.entities: dict[str, Entity] = {}
        self.areas: dict[str, Area] = {}
        self.watchers: list[Watcher] = []
        self._connection = connection
        self._places: dict[str, dict[str, Any]] = {}
        self._stale = False
        self._reading: asyncio.Task[None] | None = None
        self._has_states = asyncio.Event()
        self._has_places = asyncio.Event()
        for name in _REGISTRIES:
            event = f"{name}_registry_updated"
            connection.want(self._registry_changed, "subscribe_events", event_type=event, resumed=self._read_again)
        connection.want(self._states_changed, "subscribe_entities", resumed=self._has_states.clear)

    async def whole(self) -> None:
        """Wait until everything is there. Raises UpstreamError."""
        try:
            async with asyncio.timeout(_FILL_SECONDS):
                await self._has_states.wait()
                await self._has_places.wait()
        except TimeoutError:
            raise UpstreamError(
                f"Home Assistant at {self._connection.host} does not tell its states.", host=self._connection.host
            ) from None

    async def close(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)

    # --- states ----------------------------------------------------------------------------------

    def _states_changed(self, event: Mapping[str, Json]) -> None:
        """The first event of a connection has everything: what is not in it is gone."""
        added = event.get("a") or {}
        if not self._has_states.is_set():
            self._has_states.set()
            for gone in self.entities.keys() - added.keys():
                self._put(gone, None)
        for entity_id, given in added.items():
            self._put(entity_id, self._entity(entity_id, given["s"], given.get("a") or {}, given.get("lc", 0.0)))
        for entity_id, change in (event.get("c") or {}).items():
            if entity_id in self.entities:
                self._put(entity_id, _changed(self.entities[entity_id], change))
        for entity_id in event.get("r") or ():
            self._put(entity_id, None)

    def _put(self, entity_id: str, now: Entity | None) -> None:
        before = self.entities.get(entity_id)
        if before == now:
            return
        if now is None:
            self.entities.pop(entity_id, None)
        else:
            self.entities[entity_id] = now
        for watcher in tuple(self.watchers):
            watcher(before, now)

    def _entity(self, entity_id: str, state: str, attributes: Mapping[str, Json], changed: float) -> Entity:
        place = self._places.get(entity_id, _NOWHERE)
        name = str(attributes.get("friendly_name") or entity_id.partition(".")[2].replace("_", " "))
        return Entity(entity_id=entity_id, state=state, name=name, attributes=attributes, changed=changed, **place)

    # --- registries ------------------------------------------------------------------------------

    def _registry_changed(self, event: Json) -> None:
        self._read_again()

    def _read_again(self) -> None:
        self._stale = True
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self._read_registries())

    async def _read_registries(self) -> None:
        """Until nothing has changed while it was read. When the connection is lost, the next one begins it anew."""
        try:
            while self._stale:
                self._stale = False
                rows = {name: await self._list(name) for name in _REGISTRIES}
                rows["entity"] = await self._with_aliases(rows["entity"])
                self._arrange(**rows)
                self._has_places.set()
                await asyncio.sleep(_SETTLE)
        except ToolError as error:
            log.info("The registries could not be read: %s", error)
        except (LookupError, TypeError, ValueError, AttributeError):  # of a shape that nobody knows yet
            log.exception("The registries of Home Assistant were not understood")
            self._has_places.set()  # a home without rooms is better than none

    async def _list(self, registry: str) -> list[dict[str, Json]]:
        try:
            found: list[dict[str, Json]] = await self._connection.command(f"config/{registry}_registry/list")
        except Refused:  # an older Home Assistant that does not have it yet
            return []
        return found

    async def _with_aliases(self, entries: _Rows) -> _Rows:
        """The list leaves out what people call things."""
        ids = [entry["entity_id"] for entry in entries]
        try:
            found = await self._connection.command("config/entity_registry/get_entries", entity_ids=ids)
        except Refused:
            return entries
        return [entry for entry in found.values() if entry is not None]

    def _arrange(self, floor: _Rows, label: _Rows, area: _Rows, device: _Rows, entity: _Rows) -> None:
        floors = {one["floor_id"]: one["name"] for one in floor}
        labels = {one["label_id"]: one["name"] for one in label}
        areas = {one["area_id"]: one for one in area}
        devices = {one["id"]: one for one in device}
        self.areas = {
            key: Area(
                area_id=key, name=one["name"], floor=floors.get(one.get("floor_id")),
                aliases=tuple(one.get("aliases") or ()),
            )
            for key, one in areas.items()
        }  # fmt: skip
        self._places = {}
        for entry in entity:
            owner = devices.get(entry.get("device_id"), {})
            area_id = entry.get("area_id") or owner.get("area_id")
            worn = [*_labels(entry), *_labels(owner), *_labels(areas.get(area_id, {}))]
            self._places[entry["entity_id"]] = {
                "area_id": area_id if area_id in areas else None,
                "labels": tuple(sorted({labels.get(label, label) for label in worn})),
                "aliases": tuple(alias for alias in entry.get("aliases") or () if alias),
                "category": entry.get("entity_category"),
                "hidden": bool(entry.get("hidden_by")),
            }
        for entity_id, known in self.entities.items():
            self.entities[entity_id] = structs.replace(known, **self._places.get(entity_id, _NOWHERE))


def _labels(entry: Mapping[str, Json]) -> Sequence[str]:
    return entry.get("labels") or ()


def _changed(entity: Entity, change: Mapping[str, Json]) -> Entity:
    """A compressed change: ``+`` is what is new, ``-`` names attributes that are gone."""
    new = change.get("+") or {}
    gone = (change.get("-") or {}).get("a") or ()
    attributes = {key: value for key, value in entity.attributes.items() if key not in gone} | (new.get("a") or {})
    return structs.replace(
        entity, state=new.get("s", entity.state), attributes=attributes, changed=new.get("lc", entity.changed),
        name=str(attributes.get("friendly_name") or entity.name),
    )  # fmt: skip
