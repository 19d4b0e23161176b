"""Resources of every kind."""

from __future__ import annotations

from mcp_agent import Context, resource
from tests.plugins.kinds.samples import ICON, SEEN, Person


@resource(
    "kinds://note", name="note", title="A note", description="Words", mime_type="text/plain", size=2, icons=[ICON],
    annotations=SEEN,
)  # fmt: skip
async def note() -> str:
    return "hi"


@resource("kinds://bytes", mime_type="image/png")
async def some_bytes() -> bytes:
    return b"\x00\x01"


@resource("kinds://gone")
async def gone() -> None:
    return None


@resource("kinds://broken")
async def broken() -> str:
    raise KeyError("secret")


@resource("kinds://private")
async def private(ctx: Context) -> str:
    answer = await ctx.elicit("Password?", Person)
    return f"opened by {answer.content.name}"


@resource(
    "kinds://city/{name}", title="A city", icons=[ICON], mime_type="application/json",
    complete={"name": lambda ctx, value, others: [f"{value}{n}" for n in range(150)]},
)  # fmt: skip
async def city(name: str) -> dict[str, str]:
    """A city by name."""
    return {"city": name}


RESOURCES = [note, some_bytes, gone, broken, private, city]
