"""Doing something to things, and seeing what came of it."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

from msgspec import Struct

from mcp_agent import Context
from mcp_agent_smart_home.guard import why_guarded
from mcp_agent_smart_home.home import Entity, Home, Json, home_of
from mcp_agent_smart_home.restoring import Kept, kept, to_attributes, to_state

_ON_THE_WAY = frozenset({"opening", "closing", "locking", "unlocking", "arming", "disarming", "buffering"})
_RESTORE_SECONDS = 60.0
_QUIET_AFTER = 1.5
"""A cover that tells no news for so many times the home's settling time has stopped."""
_RESTORED_AT_ONCE = 8


class Change(Struct, frozen=True, omit_defaults=True):
    """How a thing was and is. ``note`` says when nothing changed, or when it is still on its way."""

    entity_id: str
    name: str
    before: Kept
    after: Kept
    note: str | None = None


async def act(
    home: Home, domain: str, service: str, entities: Sequence[Entity], data: Mapping[str, Json], seconds: float
) -> list[Change]:
    """Run a service and wait, ``seconds`` at most, until all that it was called on has changed and come to rest."""
    ids = [entity.entity_id for entity in entities]
    return await watched(home, entities, seconds, functools.partial(home.call, domain, service, ids, data))


async def watched(
    home: Home, entities: Sequence[Entity], seconds: float, work: Callable[[], Awaitable[object]]
) -> list[Change]:
    """Like ``act``, for any work that is expected to change these things."""
    news = asyncio.Event()
    stop = home.watch(lambda before, now: news.set())
    try:
        before = {entity.entity_id: entity for entity in entities}
        await work()
        await _come_to_rest(home, before, news, seconds)
    finally:
        stop()
    now = await home.entities()
    return [_change(entity, now.get(entity.entity_id, entity)) for entity in entities]


async def _come_to_rest(home: Home, before: Mapping[str, Entity], news: asyncio.Event, seconds: float) -> None:
    clock = asyncio.get_running_loop().time
    end = clock() + seconds
    quiet = home.settles * (_QUIET_AFTER if any(map(_slides, before.values())) else 1.0)
    patience = clock() + min(quiet, seconds)
    last: list[Kept] = []
    while True:
        news.clear()
        now = await home.entities()
        there = [(entity, now[entity_id]) for entity_id, entity in before.items() if entity_id in now]
        moving = any(entity.state in _ON_THE_WAY for _, entity in there)
        sliding = [kept(entity) for was, entity in there if _slides(entity) and kept(was) != kept(entity)]
        if sliding != last:  # many covers move without saying so: they stand when their position stays
            last, patience = sliding, min(end, clock() + quiet)
        changed = all(kept(was) != kept(entity) for was, entity in there)
        if changed and not moving and not sliding:
            return
        left = (end if moving else patience) - clock()
        if left <= 0:
            return
        try:
            await asyncio.wait_for(news.wait(), left)
        except TimeoutError:
            continue


def _slides(entity: Entity) -> bool:
    return entity.domain == "cover" and "current_position" in entity.attributes


def _change(was: Entity, entity: Entity) -> Change:
    before, after = kept(was), kept(entity)
    note = None
    if entity.state in _ON_THE_WAY:
        note = f"still {entity.state}"
    elif before == after:
        note = "nothing changed"
    return Change(was.entity_id, was.name, before, after, note)


async def snapshot(ctx: Context, entity_ids: Sequence[str]) -> dict[str, Kept]:
    """How these things are, as the undo journal keeps it. What is guarded or not there is left out."""
    return {entity.entity_id: kept(entity) for entity in await _restorable(ctx, entity_ids)}


async def _restorable(ctx: Context, entity_ids: Iterable[str]) -> list[Entity]:
    """Whatever a journal says: undoing moves nothing that is guarded."""
    entities = await home_of(ctx).entities()
    found = [entities[one] for one in sorted(set(entity_ids)) if one in entities]
    return [entity for entity in found if why_guarded(entity, entities, ctx.config.guarded) is None]


async def restore(ctx: Context, states: Mapping[str, Kept]) -> None:
    """Bring things back into the states of a snapshot. Those that are as they should be are left alone."""
    home = home_of(ctx)
    wrong = [entity for entity in await _restorable(ctx, states) if kept(entity) != states[entity.entity_id]]
    gate = asyncio.Semaphore(_RESTORED_AT_ONCE)

    async def put_back(entity: Entity) -> None:
        async with gate:
            domain, one, wanted = entity.domain, [entity.entity_id], states[entity.entity_id]
            for service, data in to_state(domain, wanted, kept(entity)):
                await home.call(domain, service, one, data)
            now = (await home.entities()).get(entity.entity_id, entity)
            for service, data in to_attributes(domain, wanted, kept(now)):
                await home.call(domain, service, one, data)

    async def all_of_them() -> None:
        outcomes = await asyncio.gather(*map(put_back, wrong), return_exceptions=True)
        for outcome in outcomes:  # each was tried before the first failure is told
            if isinstance(outcome, BaseException):
                raise outcome

    await watched(home, wrong, _RESTORE_SECONDS, all_of_them)
