"""What the plugin keeps while it runs: watches, and the connection to the desktop's notifications."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mcp_agent import Context

if TYPE_CHECKING:
    from desktop_notifier import DesktopNotifier

    from mcp_agent_desktop.watching import Watches


class State:
    """In ``ctx.state``, made when it is first needed."""

    def __init__(self) -> None:
        self._watches: Watches | None = None
        self.notifier: DesktopNotifier | None = None

    @property
    def watches(self) -> Watches:
        if self._watches is None:
            from mcp_agent_desktop.watching import Watches

            self._watches = Watches()
        return self._watches

    def close_notifier(self) -> None:
        """The library has no way to close its connection, so it is closed underneath."""
        bus: Any = getattr(getattr(self.notifier, "_backend", None), "bus", None)
        if bus is not None:
            bus.disconnect()
        self.notifier = None

    async def close(self) -> None:
        if self._watches is not None:
            await self._watches.close()
        self.close_notifier()


def state(ctx: Context) -> State:
    if ctx.state is None:
        ctx.state = State()
    found: State = ctx.state
    return found
