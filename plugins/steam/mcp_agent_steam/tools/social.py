"""With friends: who is there, what everybody owns, what was achieved."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Annotated

from msgspec import Struct

from mcp_agent import Context, Field, ToolError, tool
from mcp_agent_steam import desk, names, pages
from mcp_agent_steam.examples import EXAMPLES
from mcp_agent_steam.library.values import Facts
from mcp_agent_steam.library.words import COOP, TOGETHER
from mcp_agent_steam.tools.shapes import hours
from mcp_agent_steam.web.answers import Owned, Person, Private
from mcp_agent_steam.web.client import SteamAccount

_MOST_LOOKUPS = 8
"""Pages of the store for one question: it allows some 200 in five minutes."""


class Friend(Struct, frozen=True, omit_defaults=True):
    steam_id: str
    name: str
    status: str = ""
    playing: str = ""


class Friends(Struct, frozen=True, omit_defaults=True):
    """``online`` counts those who are not offline. ``source``: the account, or the files on this machine."""

    total: int
    friends: list[Friend]
    source: str
    online: int = 0
    note: str = ""


@tool(effect="read", open_world=True, origin="Steam", examples=EXAMPLES["steam_friends"])
async def steam_friends(ctx: Context, limit: Annotated[int, Field("How many at most.", ge=1, le=200)] = 30) -> Friends:
    """Friends on Steam: who plays what now, who is online. Without a Web API key only the names this machine knows."""
    library = await desk.look(ctx)
    web = await desk.account(ctx)
    note = desk.NO_KEY
    if web is not None:
        try:
            people = await _friends(web, desk.own_id(ctx, library))
        except ToolError as error:
            note = str(error)
        else:
            people.sort(key=lambda one: (not one.playing, one.status == "offline", one.name.casefold()))
            lines = [Friend(str(one.steam_id), one.name, one.status, one.playing) for one in people]
            online = sum(one.status != "offline" for one in people)
            return Friends(len(lines), lines[:limit], "account", online)
    library = await desk.look_here(ctx)
    known = sorted(library.friends.items(), key=lambda item: item[1].casefold())
    own = library.account.steam_id if library.account else 0
    lines = [Friend(str(steam_id), name) for steam_id, name in known if steam_id != own]
    return Friends(len(lines), lines[:limit], "this machine", note=note)


async def _friends(web: SteamAccount, steam_id: int) -> list[Person]:
    return await web.people(await web.friends(steam_id))


class SharedGame(Struct, frozen=True, omit_defaults=True):
    """``together``: how it can be played together, empty where that is not known. ``hours`` by person."""

    app_id: int
    name: str
    together: list[str] = []
    hours: dict[str, float] = {}


class CoopNight(Struct, frozen=True, omit_defaults=True):
    """``total`` games are owned by all whose games are known. ``unknown`` do not show their games."""

    people: list[str]
    total: int
    games: list[SharedGame]
    unknown: list[str] = []
    notes: list[str] = []


@tool(effect="read", open_world=True, origin="Steam", timeout=120, examples=EXAMPLES["steam_coop_night"])
async def steam_coop_night(
    ctx: Context,
    friends: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=100)]],
        Field("Friends by name or 64 bit id, without yourself.", min_length=1, max_length=15),
    ],
    limit: Annotated[int, Field("How many at most.", ge=1, le=50)] = 10,
) -> CoopNight:
    """Games that you and these friends all own and can play together, co-op first. Needs a Web API key."""
    web = await desk.account_needed(ctx)
    library = await desk.look(ctx)
    own = desk.own_id(ctx, library)
    people = {own: "you", **await _chosen(web, own, friends)}
    libraries = await asyncio.gather(*(_games(web, steam_id) for steam_id in people))
    shown = {name: games for name, games in zip(people.values(), libraries, strict=True) if games is not None}
    unknown = [name for name in people.values() if name not in shown]
    if len(shown) < 2:
        raise ToolError(
            f"There is nothing to compare: {' and '.join(unknown)} do not show their games.",
            hint="Each can change that in Steam: Profile, Edit Profile, Privacy Settings, Game details: Public.",
        )
    common = set.intersection(*(set(games) for games in shown.values()))
    facts = await desk.facts(ctx, library, list(common))
    asked, notes = await _look_up(ctx, [app_id for app_id in common if app_id not in facts], shown)
    facts.update(asked)
    shared = [_shared(app_id, shown, facts.get(app_id)) for app_id in common if _possible(facts.get(app_id))]
    shared.sort(
        key=lambda game: (not game.together, not COOP & set(game.together), -sum(game.hours.values()), game.name)
    )
    if left := sum(not game.together for game in shared):
        notes.append(f"It is not known whether several can play these, which come last: {left} of them.")
    return CoopNight(list(shown), len(common), shared[:limit], unknown, notes)


async def _chosen(web: SteamAccount, own: int, friends: Sequence[str]) -> dict[int, str]:
    """The friends by id. One who is named by id need not be a friend."""
    by_id = [int(friend) for friend in friends if friend.isdecimal() and len(friend) == 17]
    chosen = {person.steam_id: person.name for person in await web.people(by_id)}
    if missing := [steam_id for steam_id in by_id if steam_id not in chosen]:
        raise ToolError(f"There is no Steam account {missing[0]}.", hint="steam_friends gives the ids of your friends.")
    if len(by_id) < len(friends):
        known = [(person.name, person) for person in await _friends(web, own)]
        for friend in friends:
            if not (friend.isdecimal() and len(friend) == 17):
                person = names.the_one(friend, known, "friend", "steam_friends lists them; a 64 bit id works as well.")
                chosen[person.steam_id] = person.name
    return chosen


async def _games(web: SteamAccount, steam_id: int) -> dict[int, Owned] | None:
    try:
        return {game.app_id: game for game in await web.owned(steam_id)}
    except Private:
        return None


async def _look_up(
    ctx: Context, unknown: Sequence[int], shown: Mapping[str, Mapping[int, Owned]]
) -> tuple[dict[int, Facts], list[str]]:
    """Asks the store about the most played of those that are not known here."""
    most_played = sorted(unknown, key=lambda app_id: -sum(games[app_id].minutes for games in shown.values()))
    found: dict[int, Facts] = {}
    for app_id in most_played[:_MOST_LOOKUPS]:
        try:
            page = await pages.page(ctx, desk.store(ctx), app_id)
        except ToolError as error:
            return found, [f"The store could not be asked what can be played together. {error}"]
        if page is not None:
            found[app_id] = Facts(page.name, page.kind, page.genres, page.features)
    return found, []


def _possible(facts: Facts | None) -> bool:
    return facts is None or bool(TOGETHER & set(facts.features))


def _shared(app_id: int, shown: Mapping[str, Mapping[int, Owned]], facts: Facts | None) -> SharedGame:
    played = {person: hours(games[app_id].minutes) for person, games in shown.items()}
    name = next(games[app_id].name for games in shown.values())
    return SharedGame(app_id, name, [word for word in facts.features if word in TOGETHER] if facts else [], played)
