"""Resources: text, bytes, a template, and one that changes."""

from __future__ import annotations

from typing import Any

from mcp_agent import Context, resource
from tests.plugins.everything.samples import PNG

WATCHED = "test://watched-resource"


@resource("test://static-text", mime_type="text/plain")
async def static_text() -> str:
    """A text that never changes."""
    return "This is the content of the static text resource."


@resource("test://static-binary", mime_type="image/png")
async def static_binary() -> bytes:
    """A picture that never changes."""
    return PNG


@resource("test://template/{id}/data", mime_type="application/json")
async def template(id: str) -> dict[str, Any]:
    """Data by its id."""
    return {"id": id, "templateTest": True, "data": f"Data for ID: {id}"}


@resource(WATCHED, mime_type="text/plain")
async def watched(ctx: Context) -> str:
    """Something to subscribe to."""
    return "Watch me."


RESOURCES = [static_text, static_binary, template, watched]
