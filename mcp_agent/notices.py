"""What waits for the person's yes, as a notification on their desktop, with buttons to answer it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from mcp_agent.store.approvals import Approval

if TYPE_CHECKING:
    from desktop_notifier import DesktopNotifier

log = logging.getLogger(__name__)

Decide = Callable[[bool], Awaitable[None]]


class DesktopNotices:
    """One connection to the desktop, opened with the first notice. Where there is no desktop, nothing is shown: the
    terminal and the dashboard are ways to answer, too."""

    def __init__(self) -> None:
        self._notifier: DesktopNotifier | None = None
        self._deciding: set[asyncio.Task[None]] = set()

    async def show(self, approval: Approval, decide: Decide) -> None:
        """Show it until it is cancelled. Pressing a button decides; clicking the notice away does not."""
        notifier = self._notifier = self._notifier or await asyncio.to_thread(_connect)
        if notifier is None:
            return
        from desktop_notifier import Button, Urgency

        shown = await notifier.send(
            f"{approval.tool}?",
            f"{approval.summary}\n{approval.principal} waits. In a terminal: mcp-agent approve {approval.id}",
            urgency=Urgency.Critical,
            buttons=[
                Button("Allow once", on_pressed=lambda: self._decide(decide, True)),
                Button("Refuse", on_pressed=lambda: self._decide(decide, False)),
            ],
        )
        try:
            await asyncio.Event().wait()
        finally:
            with contextlib.suppress(Exception):  # the desktop may be gone by now, and its notices with it
                await asyncio.shield(notifier.clear(shown))

    def _decide(self, decide: Decide, approve: bool) -> None:
        task = asyncio.ensure_future(decide(approve))
        self._deciding.add(task)
        task.add_done_callback(self._deciding.discard)


def _connect() -> DesktopNotifier | None:
    """None where nothing can be shown. Takes a moment: the library looks at the desktop."""
    if sys.platform == "linux" and "DBUS_SESSION_BUS_ADDRESS" not in os.environ:
        return None
    try:
        from desktop_notifier import DesktopNotifier
    except ModuleNotFoundError:
        log.info("no notification: install mcp-agent-host[notify] to be asked on the desktop")
        return None
    return DesktopNotifier(app_name="mcp-agent")
