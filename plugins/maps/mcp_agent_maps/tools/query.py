"""Overpass, for questions that no other tool has words for."""

from __future__ import annotations

from typing import Annotated

from mcp_agent import Context, Field, ToolError, tool
from mcp_agent_maps import results
from mcp_agent_maps.examples import EXAMPLES
from mcp_agent_maps.tools.find import Found, said
from mcp_agent_maps.tools.shown import features, lines, shown


@tool(effect="read", open_world=True, origin="OpenStreetMap", timeout=180, examples=EXAMPLES["maps_overpass"])
async def maps_overpass(
    ctx: Context,
    query: Annotated[str, Field("Overpass QL. Each statement is bounded: nwr[amenity=cafe](around:500,60.17,24.94);")],
    limit: Annotated[int, Field("How many objects at most.", ge=1, le=200)] = 20,
) -> Found:
    """Ask the Overpass server on the web a query of your own. Use maps_nearby for kinds of places around a point.

    The query is checked first; format, timeout and output are set for you. It needs the network.
    """
    from mcp_agent_maps.online import overpass

    ready = overpass.checked(query, limit + 1)
    if not ctx.config.online:
        raise ToolError(
            "The online services are switched off, and an extract does not speak Overpass QL.",
            hint="Use maps_nearby with a category or a tag such as shop=tea, or set 'plugins: maps: online: true'.",
        )
    found = await overpass.run(ctx, ready)
    places = [shown(place) for place in found[:limit]]
    source = f"{overpass.service(ctx).source} (© OpenStreetMap contributors)"
    answer = Found(places, source, max(0, len(found) - limit))
    none = [] if places else ["Nothing was found."]
    return results.told(ctx, answer, [*none, *lines(places), *said(answer)], features(places))
