"""Notifications on the desktop, through one connection that is kept."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Annotated, Literal

from mcp_agent import Context, Field, ToolError, tool
from mcp_agent_desktop.examples import EXAMPLES
from mcp_agent_desktop.session import missing, need_desktop
from mcp_agent_desktop.state import state

if TYPE_CHECKING:
    from desktop_notifier import DesktopNotifier

_SECONDS = 10


@tool(effect="write", undo="impossible", examples=EXAMPLES["desktop_notify"])
async def desktop_notify(
    ctx: Context,
    title: Annotated[str, Field("A few words.", min_length=1, max_length=100)],
    message: Annotated[str, Field("One or two sentences.", max_length=1000)] = "",
    urgency: Annotated[
        Literal["low", "normal", "critical"], Field("Critical ones stay until clicked away.")
    ] = "normal",
) -> str:
    """Show the person a notification on their desktop: something is done, or needs them."""
    need_desktop()
    notifier = state(ctx).notifier
    if notifier is None:
        notifier = await ctx.in_thread(_notifier)
    state(ctx).notifier = notifier
    taken: list[bool] = []
    from desktop_notifier import Urgency

    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_SECONDS):
            await notifier.send(
                title, message, urgency=Urgency[urgency.capitalize()], on_dispatched=lambda: taken.append(True)
            )
    if not taken:  # the library logs why
        state(ctx).close_notifier()
        raise ToolError("The desktop took no notification.", hint="Is a notification service running in this session?")
    return "It is shown."


def _notifier() -> DesktopNotifier:
    try:
        from desktop_notifier import DesktopNotifier
        from desktop_notifier.main import get_backend_class
    except ModuleNotFoundError:
        raise missing("Notifications", "notify") from None
    if get_backend_class().__name__.startswith("Dummy"):
        raise ToolError("This system shows notifications of installed apps only, which this program is not.")
    return DesktopNotifier(app_name="mcp-agent")
