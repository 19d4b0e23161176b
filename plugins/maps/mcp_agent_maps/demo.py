"""The scene of the demo: a town that does not exist, taken in, asked about and walked through, with no network."""

from __future__ import annotations

import tempfile
from pathlib import Path

from mcp_agent import Stage


async def plays(stage: Stage) -> None:
    from mcp_agent_maps.town import write_town

    with tempfile.TemporaryDirectory(prefix="mcp-agent-town-") as folder:
        path = Path(folder) / "keyborough.osm.pbf"
        write_town(path)
        loaded = await stage.call("maps_load_extract", path=str(path))
    stage.check(not loaded.is_error, f"the town was not taken in: {loaded.text}")
    stage.say(f"It took in {loaded.data['places']} places and {loaded.data['segments']} pieces of street.")
    cafes = await stage.call(
        "maps_nearby", where="Town Station", category="coffee", at="2026-11-21T11:00:00", open_now=True
    )
    names = [place["name"] for place in cafes.data["places"]] if not cafes.is_error else []
    stage.check(names == ["Café Aurora", "Lakeside"], f"the wrong cafes are open on a Saturday: {cafes.text}")
    stage.say(f"Coffee near the station on a Saturday at eleven: {' and '.join(names)}; the third is closed then.")
    route = await stage.call("maps_route", start="Town Station", end="Museum of Keys", profile="car")
    stage.check(not route.is_error, f"no way was found: {route.text}")
    stage.say(" ".join(line for line in route.text.splitlines() if line[:1].isdigit()))
    stage.say(route.data["source"])
    picture = await stage.call("maps_render", result=route.data["result"])
    stage.check(not picture.is_error, f"no picture was drawn: {picture.text}")
    stage.say("And it drew that on a map, as a PNG.")
