"""Commands and their answers by number, and events, on the socket that there is at the moment."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from mcp_agent import UpstreamError
from mcp_agent_smart_home.home import Json
from mcp_agent_smart_home.homeassistant.messages import Refused, Subscription, decode, send

if TYPE_CHECKING:
    import aiohttp

log = logging.getLogger(__name__)

_ANSWER_SECONDS = 30.0


class Line:
    """Outlives sockets: ``begin`` takes a new one. ``host`` names the other side in errors."""

    def __init__(self, host: Callable[[], str]) -> None:
        self.socket: aiohttp.ClientWebSocketResponse | None = None
        self._host = host
        self._sending = asyncio.Lock()
        self._next_id = 0
        self._waiting: dict[int, asyncio.Future[Json]] = {}
        self._listening: dict[int, Subscription] = {}

    def begin(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket, self._next_id, self._listening = socket, 0, {}

    async def ask(
        self, message: dict[str, Json], seconds: float = _ANSWER_SECONDS, subscription: Subscription | None = None
    ) -> Json:
        """The result. Raises Refused, and UpstreamError where no answer came.

        Numbers grow in the order of sending, which Home Assistant insists on. A listener is there before the answer is:
        events may come right behind it.
        """
        number, answer = 0, asyncio.get_running_loop().create_future()
        try:
            async with self._sending:
                socket = self.socket
                if socket is None:
                    raise self._lost(sent=False)
                number = self._next_id = self._next_id + 1
                self._waiting[number] = answer
                if subscription is not None:
                    subscription.id = number
                    self._listening[number] = subscription
                await send(socket, {"id": number, **message})
            return await asyncio.wait_for(answer, seconds)
        except BaseException as error:
            if subscription is not None:
                self._listening.pop(number, None)
            if isinstance(error, TimeoutError):
                why = f"Home Assistant at {self._host()} did not answer {message['type']} within {seconds:g} seconds."
                raise UpstreamError(why, host=self._host()) from None
            if isinstance(error, ConnectionError):
                raise self._lost(sent=True) from None
            raise
        finally:
            self._waiting.pop(number, None)

    def forget(self, subscription: Subscription) -> bool:
        """Listen to it no longer. False where it is not on this socket: that number may be another's by now."""
        if self._listening.get(subscription.id) is not subscription:
            return False
        del self._listening[subscription.id]
        return True

    async def read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        """Until the socket ends. Whoever waits for an answer then will get none."""
        try:
            async for message in socket:
                if isinstance(message.data, str):
                    self._take(decode(message.data))
        finally:
            for answer in self._waiting.values():
                if not answer.done():
                    answer.set_exception(self._lost(sent=True))

    def _take(self, message: Mapping[str, Json]) -> None:
        number = message.get("id", 0)
        if message.get("type") == "event":
            if number in self._listening:
                self._tell(self._listening[number], message.get("event"))
            return
        answer = self._waiting.get(number)
        if answer is None or answer.done():  # nobody waits for it any more
            return
        if message.get("type") == "pong" or message.get("success"):
            answer.set_result(message.get("result"))
        else:
            error = message.get("error") or {}
            answer.set_exception(Refused(str(error.get("message", "it did not say why")), str(error.get("code", ""))))

    def _tell(self, subscription: Subscription, event: Json) -> None:
        """An event of a shape that nobody knows must not end the connection."""
        try:
            subscription.listener(event)
        except (LookupError, TypeError, ValueError, AttributeError):
            log.exception("An event of Home Assistant for %s was not understood", subscription.command["type"])

    def _lost(self, *, sent: bool) -> UpstreamError:
        hint = "It may have done what it was asked; look before you repeat it." if sent else None
        return UpstreamError(
            f"The connection to Home Assistant at {self._host()} was lost.", host=self._host(), sent=sent, hint=hint
        )
