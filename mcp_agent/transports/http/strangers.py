"""Connections of those who have shown no token yet: little time, and few at once, so that they hold up nobody else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from aiohttp import web

_SECONDS = 10.0
"""Time to send the first headers. aiohttp itself would wait for ever."""
_MOST = 100
_EVERY = 1.0


class Strangers:
    """``watch`` ends their connections, the oldest first, until it is cancelled. ``now`` gives seconds that never go
    back."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._known: set[Any] = set()
        self._since: dict[Any, float] = {}

    def is_none(self, request: web.Request) -> None:
        """Its connection belongs to somebody who may call."""
        self._known.add(request.protocol)

    async def watch(self, server: web.Server) -> None:
        while True:
            await asyncio.sleep(_EVERY)
            self._sweep(server.connections)

    def _sweep(self, connections: list[Any]) -> None:
        now = self._now()
        self._since = {one: self._since.get(one, now) for one in connections}
        self._known.intersection_update(connections)
        strangers = [one for one in connections if one not in self._known]
        for left, one in zip(range(len(strangers), 0, -1), strangers, strict=True):
            if one.transport is not None and (left > _MOST or now - self._since[one] > _SECONDS):
                one.transport.abort()
