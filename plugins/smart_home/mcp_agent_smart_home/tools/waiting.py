"""Waiting for something to happen."""

from __future__ import annotations

import asyncio
from typing import Annotated

from msgspec import Struct

from mcp_agent import Context, Field, ToolError, tool
from mcp_agent_smart_home.examples import EXAMPLES
from mcp_agent_smart_home.home import Entity, home_of
from mcp_agent_smart_home.things import EntityId, named

_LONGEST = 3600


class Waited(Struct, frozen=True):
    """``reached`` is false when the time was up; ``value`` is how it is now."""

    reached: bool
    value: str
    seconds: float


class Condition(Struct, frozen=True):
    attribute: str | None
    equals: str | None
    above: float | None
    below: float | None

    def value(self, entity: Entity) -> str:
        return entity.state if self.attribute is None else str(entity.attributes.get(self.attribute))

    def holds(self, entity: Entity) -> bool:
        value = self.value(entity)
        if self.equals is not None and value != self.equals:
            return False
        if self.above is None and self.below is None:
            return True
        try:
            number = float(value)
        except ValueError:
            return False
        return (self.above is None or number > self.above) and (self.below is None or number < self.below)


@tool(effect="read", timeout=_LONGEST + 60, examples=EXAMPLES["home_wait_for"])
async def home_wait_for(
    ctx: Context,
    entity_id: EntityId,
    state: Annotated[str | None, Field("Until it is exactly this: on, locked, home.", max_length=255)] = None,
    above: Annotated[float | None, Field("Until it is more than this.")] = None,
    below: Annotated[float | None, Field("Until it is less than this.")] = None,
    attribute: Annotated[str | None, Field("Look at this attribute instead of the state.", max_length=100)] = None,
    timeout_seconds: Annotated[float, Field("How long at most.", gt=0, le=_LONGEST)] = 60,
) -> Waited:
    """Wait until a thing is in a state, or a number is above or below a bound. Returns at once if it is already."""
    if state is None and above is None and below is None:
        raise ToolError("Say what to wait for.", hint="One of state, above and below.")
    home = home_of(ctx)
    condition = Condition(attribute, state, above, below)
    clock = asyncio.get_running_loop().time
    began = clock()
    news: asyncio.Event = asyncio.Event()
    latest: list[Entity] = []

    def watch(before: Entity | None, now: Entity | None) -> None:
        if now is not None and now.entity_id == entity_id and not news.is_set():
            latest[:] = [now]
            if condition.holds(now):  # it may be over before the waiting task runs
                news.set()

    stop = home.watch(watch)
    try:
        latest[:] = named(await home.entities(), [entity_id])
        reached = condition.holds(latest[0])
        if not reached:
            try:
                await asyncio.wait_for(news.wait(), timeout_seconds)
                reached = True
            except TimeoutError:
                latest[:] = named(await home.entities(), [entity_id])
                reached = condition.holds(latest[0])
    finally:
        stop()
    return Waited(reached, condition.value(latest[0]), round(clock() - began, 2))
