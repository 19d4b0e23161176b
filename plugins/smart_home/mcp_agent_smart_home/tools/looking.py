"""Cameras and templates: other ways to look at the home."""

from __future__ import annotations

from typing import Annotated

from mcp_agent import Context, Field, Image, ToolError, tool
from mcp_agent_smart_home.examples import EXAMPLES
from mcp_agent_smart_home.home import home_of
from mcp_agent_smart_home.things import named

_LONGEST = 20_000


@tool(effect="read", origin="camera", examples=EXAMPLES["home_camera_snapshot"])
async def home_camera_snapshot(
    ctx: Context,
    camera: Annotated[str, Field("The camera, such as camera.door.", pattern=r"^camera\.[a-z0-9_]+$", max_length=255)],
) -> Image:
    """What a camera sees now, as a picture."""
    home = home_of(ctx)
    [found] = named(await home.entities(), [camera])
    if found.state == "unavailable":
        raise ToolError(f"{found.name} is unavailable.", hint="Look after its power and network.")
    data, kind = await home.picture(camera)
    return Image(data=data, mime_type=kind)


@tool(effect="read", timeout=20, examples=EXAMPLES["home_render_template"])
async def home_render_template(
    ctx: Context, template: Annotated[str, Field("A Jinja template.", min_length=1, max_length=10_000)]
) -> str:
    """Compute something over the home with a template of Home Assistant: {{ states('sensor.outside') | float * 2 }}.

    Use it where no other tool gives what is asked. It changes nothing.
    """
    text = await home_of(ctx).render(template)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}... ({len(text):,} characters)"
