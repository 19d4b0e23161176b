"""What was achieved in a game."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from msgspec import Struct

from mcp_agent import Context, Field, ToolError, tool
from mcp_agent_steam import desk
from mcp_agent_steam.examples import EXAMPLES
from mcp_agent_steam.tools.details import resolve
from mcp_agent_steam.tools.shapes import moment


class AchievementLine(Struct, frozen=True, omit_defaults=True):
    """``percent`` of all players have it."""

    name: str
    description: str = ""
    percent: float | None = None
    unlocked: datetime | None = None


class Achievements(Struct, frozen=True, omit_defaults=True):
    """``rarest`` of those unlocked; ``next`` are those still locked that most players have."""

    app_id: int
    name: str
    unlocked: int
    total: int
    rarest: list[AchievementLine] = []
    next: list[AchievementLine] = []
    note: str = ""


@tool(effect="read", open_world=True, origin="Steam", examples=EXAMPLES["steam_achievements"])
async def steam_achievements(
    ctx: Context,
    game: Annotated[str, Field("An app_id, or the name of a game of yours.", min_length=1, max_length=200)],
    limit: Annotated[int, Field("How many of each list.", ge=1, le=50)] = 5,
) -> Achievements:
    """Your achievements in one game: how many, the rarest you have, and the easiest still open. Needs a Web API key."""
    web = await desk.account_needed(ctx)
    library = await desk.look(ctx)
    app_id, name = await resolve(ctx, library, game)
    found = await web.achievements(desk.own_id(ctx, library), app_id)
    if not found:
        return Achievements(app_id, name or f"App {app_id}", 0, 0, note="This game has no achievements.")
    note = ""
    percents: Mapping[str, float] = {}
    try:
        percents = await desk.store(ctx).rarity(app_id)
    except ToolError:
        note = "How rare they are is not known now."
    lines = [AchievementLine(one.name, one.description, percents.get(one.key), moment(one.unlocked)) for one in found]
    done = [line for line in lines if line.unlocked]
    done.sort(key=lambda line: line.percent if line.percent is not None else 100.0)
    still = [line for line in lines if not line.unlocked]
    still.sort(key=lambda line: -(line.percent or 0.0))
    return Achievements(app_id, name or f"App {app_id}", len(done), len(lines), done[:limit], still[:limit], note)
