"""What the plugin keeps while it runs: watches, and the connection to the desktop's notifications."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mcp_agent import Context
from mcp_agent_desktop.watching import Watches

if TYPE_CHECKING:
    from desktop_notifier import DesktopNotifier


class State:
    """In ``ctx.state``, made when it is first needed."""

    def __init__(self) -> None:
        self.watches = Watches()
        self.notifier: DesktopNotifier | None = None

    def close_notifier(self) -> None:
        """The library has no way to close its connection, so it is closed underneath."""
        bus: Any = getattr(getattr(self.notifier, "_backend", None), "bus", None)
        if bus is not None:
            bus.disconnect()
        self.notifier = None

    async def close(self) -> None:
        await self.watches.close()
        self.close_notifier()


def state(ctx: Context) -> State:
    if ctx.state is None:
        ctx.state = State()
    found: State = ctx.state
    return found
