"""Scenes of the demo: with no account and no network."""

from __future__ import annotations

from mcp_agent import Stage

_TRUE = "Nothing may be left out in the middle"
_FALSE = "Nothing should be left out in the middle"


async def checks_quotes(stage: Stage) -> None:
    """A report with a true quote passes; one word changed, and it does not."""
    found = await stage.call("research_local", query="may anything be left out of a quote?", limit=1)
    stage.check(not found.is_error and bool(found.data["result"]), f"nothing was found: {found.text}")
    number = found.data["result"][0]["source"]
    for quote, right in ((_TRUE, True), (_FALSE, False)):
        verdict = await stage.call("research_verify", text=f"Quotes are whole: “{quote}” [S{number}].")
        stage.check(verdict.data["verified"] is right, f"{quote!r} was judged wrongly: {verdict.text}")
    stage.say(f"A true quote passes. With one word changed it says: {verdict.data['failures'][0]['why']}")


async def refuses_own_network(stage: Stage) -> None:
    """A page cannot make the assistant ask the router."""
    refused = await stage.call("research_fetch", url="http://169.254.169.254/latest/meta-data/")
    stage.check(refused.is_error, "an address of the own network was fetched")
    stage.say(f"And it does not reach into your network: {refused.text}")
