"""What the memory shows in the demo."""

from __future__ import annotations

from mcp_agent import Stage


async def remembers(stage: Stage) -> None:
    kept = await stage.call(
        "memory_remember", text="The spare key is under the blue flower pot.", source="Anna", tags=["home"]
    )
    stage.check(not kept.is_error, f"the fact was not kept: {kept.text}")
    await stage.call("memory_remember", text="The boiler is serviced every October.")
    found = (await stage.call("memory_recall", query="where are the spare keys?")).data["facts"]
    stage.check(bool(found) and "blue flower pot" in found[0]["text"], f"the wrong fact came back: {found}")
    stage.say(f"Asked in other words, it knows: {found[0]['text']} ({found[0]['source']} said so.)")
    new = await stage.call(
        "memory_update", id=kept.data["id"], text="The spare key is with the neighbour, Mr Korhonen."
    )
    stage.check(not new.is_error, f"the fact was not updated: {new.text}")
    found = (await stage.call("memory_recall", query="where are the spare keys?")).data["facts"]
    stage.check("Korhonen" in found[0]["text"], f"the old fact came back: {found}")
    stage.say("What changes is kept with its history: the key is with Mr Korhonen now.")
    secret = await stage.call("memory_remember", text="The password of the router is hunter2-Tr0ub4dor")
    stage.check(secret.is_error and "vault" in secret.text, f"a password was not refused: {secret.text}")
    stage.say("A password it does not take: those belong into the vault.")
    numbers = [kept.data["id"], new.data["id"]]
    gone = await stage.call("memory_forget", ids=numbers, permanent=True)
    stage.check(not gone.is_error, f"nothing was forgotten: {gone.text}")
    left = (await stage.call("memory_recall", query="flower pot")).data["facts"]
    stage.check(left == [], f"a forgotten fact came back: {left}")
    stage.say("And what it is told to forget is gone.")
