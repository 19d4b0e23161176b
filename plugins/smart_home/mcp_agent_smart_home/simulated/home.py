"""The home for those who have none, and for the demo: every tool works on it, and what is done to it lasts."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from mcp_agent import Context, ToolError
from mcp_agent_smart_home.home import Area, Bucket, Entity, Json, Kind, Moment, Period, Watcher
from mcp_agent_smart_home.simulated import automations, house, lists, past, picture, scenes, senses, store, templates
from mcp_agent_smart_home.simulated.senses import SENSES
from mcp_agent_smart_home.simulated.services import SERVICES

_OF = {thing.entity_id: thing for thing in house.THINGS}
_DAY = 86400.0


class SimulatedHome:
    """A Home in the plugin's database. Several processes may live in it; each is told of its own changes only."""

    settles = 0.0

    def __init__(self, ctx: Context) -> None:
        self._clock = ctx.clock
        self._in_thread = ctx.in_thread
        self._database = ctx.database("simulated", [store.create, store.describe_items])
        self._built: float | None = None
        self._watchers: list[Watcher] = []

    async def close(self) -> None:
        """The host closes the database."""

    async def health(self) -> str:
        entities = await self.entities()
        return f"A simulated home with {len(entities)} entities; set 'url' and a token to use Home Assistant."

    # --- what there is ---------------------------------------------------------------------------

    async def entities(self) -> Mapping[str, Entity]:
        await self._build()
        rows = await self._database.read(store.things)
        found = {row[0]: _entity(row) for row in rows}
        now = self._clock.time()
        for entity_id, sense in SENSES.items():
            at = senses.reading_at(now)
            attributes = {"friendly_name": sense.name, **sense.attributes}
            found[entity_id] = Entity(
                entity_id=entity_id, state=sense.read(at), name=sense.name, attributes=attributes, changed=at,
                area_id=sense.area_id,
            )  # fmt: skip
        return found

    async def areas(self) -> Mapping[str, Area]:
        return house.AREAS

    async def services(self) -> Mapping[str, Mapping[str, Json]]:
        return {
            domain: {
                name: {"description": service.description, "fields": {field: {} for field in service.fields}}
                for name, service in services.items()
            }
            for domain, services in SERVICES.items()
        }

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher)

    # --- doing -----------------------------------------------------------------------------------

    async def call(
        self, domain: str, service: str, entity_ids: Sequence[str], data: Mapping[str, Json], *, response: bool = False
    ) -> Json:
        entities = await self.entities()
        for entity_id in entity_ids:
            if entity_id not in entities:
                raise ToolError(f"There is no {entity_id} in this home.")
        if domain == "homeassistant":
            for entity_id in entity_ids:
                await self.call(entity_id.partition(".")[0], service, [entity_id], data)
            return None
        found = SERVICES.get(domain, {}).get(service)
        if found is None:
            raise ToolError(f"There is no service {domain}.{service}.", hint="home_list_services lists them.")
        found.check(f"{domain}.{service}", data)
        if domain in ("todo", "calendar"):
            answers: list[Json] = []
            await self._change(
                lambda connection: answers.append(
                    lists.run(connection, domain, service, entity_ids, data, self._clock.time())
                )
            )
            return answers[0]
        now = self._clock.time()

        def work(connection: sqlite3.Connection) -> None:
            for entity_id in entity_ids:
                row = store.thing(connection, entity_id)
                if row is None or not entity_id.startswith(f"{domain}."):
                    raise ToolError(f"{entity_id} has no service {domain}.{service}.")
                store.set_state(connection, entity_id, *found.effect(row[1], dict(row[2]), data), now)

        await self._change(work)
        if service == "trigger":
            for entity_id in entity_ids:
                await self._run(str(entities[entity_id].attributes["id"]))
        if domain == "scene":
            for entity_id in entity_ids:
                await self._apply(str(entities[entity_id].attributes["id"]))
        return None

    async def render(self, template: str) -> str:
        entities = await self.entities()
        now = datetime.fromtimestamp(self._clock.time(), UTC).isoformat()
        text: str = await self._in_thread(lambda: templates.render(template, entities, house.AREAS, now))
        return text

    async def picture(self, entity_id: str) -> tuple[bytes, str]:
        return picture.door(self._clock.time()), "image/png"

    # --- the past --------------------------------------------------------------------------------

    async def history(self, entity_ids: Sequence[str], start: float, end: float) -> Mapping[str, Sequence[Moment]]:
        built = await self._build()
        begin, stop = max(start, built - _DAY), min(end, self._clock.time())
        found: dict[str, Sequence[Moment]] = {}
        for entity_id in entity_ids:
            if entity_id in SENSES:
                found[entity_id] = past.readings(entity_id, begin, stop)
            else:
                found[entity_id] = await self._database.read(
                    lambda connection, key=entity_id: store.changes(connection, key, begin, stop)  # type: ignore[misc]
                )
        return {entity_id: moments for entity_id, moments in found.items() if moments}

    async def statistics(
        self, entity_ids: Sequence[str], start: float, end: float, period: Period
    ) -> Mapping[str, Sequence[Bucket]]:
        built = await self._build()
        begin, stop = max(start, built - _DAY), min(end, self._clock.time())
        return {
            entity_id: buckets
            for entity_id in entity_ids
            if entity_id in SENSES and "state_class" in SENSES[entity_id].attributes
            and (buckets := past.buckets(entity_id, begin, stop, period))
        }  # fmt: skip

    # --- configuration ---------------------------------------------------------------------------

    async def config(self, kind: Kind, key: str) -> Json:
        await self._build()
        return await self._database.read(lambda connection: store.config(connection, kind, key))

    async def set_config(self, kind: Kind, key: str, value: Json) -> None:
        entities = await self.entities()
        if value is not None:
            value = {"id": key, **value}
            if kind == "automation":
                automations.check(value, entities)
            else:
                scenes.check(value, entities)

        def work(connection: sqlite3.Connection) -> None:
            if value is None:
                store.drop_config(connection, kind, key)
            else:
                store.write_config(connection, kind, key, value, self._clock.time())

        await self._change(work)

    async def traces(self, key: str) -> Sequence[Mapping[str, Json]]:
        found = await self._database.read(lambda connection: store.runs(connection, key))
        return [{name: value for name, value in run.items() if name != "steps"} for run in found]

    async def trace(self, key: str, run_id: str) -> Json:
        for run in await self._database.read(lambda connection: store.runs(connection, key)):
            if run["run_id"] == run_id:
                return run
        raise ToolError(f"There is no run {run_id}.", hint="home_get_traces without run_id lists them.")

    # --- inside ----------------------------------------------------------------------------------

    async def _build(self) -> float:
        if self._built is None:
            now = self._clock.time()
            self._built = await self._database.write(lambda connection: store.build(connection, now))
        return self._built

    async def _change(self, work: Callable[[sqlite3.Connection], None]) -> None:
        """In one transaction; then whoever watches is told of all that is different."""

        def noted(connection: sqlite3.Connection) -> tuple[list[store.Row], list[store.Row]]:
            before = store.things(connection)
            work(connection)
            return before, store.things(connection)

        await self._build()
        before, after = await self._database.write(noted)
        old, new = ({row[0]: row for row in rows} for rows in (before, after))
        for entity_id in old.keys() | new.keys():
            was, now = old.get(entity_id), new.get(entity_id)
            if was != now:
                for watcher in tuple(self._watchers):
                    watcher(_entity(was) if was else None, _entity(now) if now else None)

    async def _run(self, key: str) -> None:
        config = await self.config("automation", key)
        states = {entity_id: entity.state for entity_id, entity in (await self.entities()).items()}
        start = datetime.fromtimestamp(self._clock.time(), UTC).isoformat()
        done = {"start": start, "trigger": "by hand", **await automations.run(config, states, self.call)}
        await self._database.write(lambda connection: store.add_run(connection, key, done))

    async def _apply(self, key: str) -> None:
        config, now = await self.config("scene", key), self._clock.time()
        await self._change(lambda connection: scenes.apply(connection, config, now))


def _entity(row: store.Row) -> Entity:
    entity_id, state, attributes, changed = row
    thing = _OF.get(entity_id)
    return Entity(
        entity_id=entity_id, state=state, attributes=attributes, changed=changed, name=attributes["friendly_name"],
        area_id=thing.area_id if thing else None, labels=thing.labels if thing else (),
    )  # fmt: skip
