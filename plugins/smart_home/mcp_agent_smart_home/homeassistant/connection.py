"""One WebSocket to Home Assistant, kept: commands by id, subscriptions that come back, reconnecting with jitter."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from mcp_agent import ToolError, UpstreamError
from mcp_agent_smart_home.home import Json
from mcp_agent_smart_home.homeassistant.line import Line
from mcp_agent_smart_home.homeassistant.messages import Listener, Refused, Subscription, decode, send

if TYPE_CHECKING:
    import aiohttp

log = logging.getLogger(__name__)

_OPEN_SECONDS = 10.0
"""How long a command waits for a connection, and connecting for each answer."""
_SHORTEST, _LONGEST = 0.2, 60.0
"""Seconds to wait before connecting again, doubling."""
_WAITED_FOR = 1.0
"""And at most while a call waits."""


class Connection:
    """Speaks on the socket that ``connect`` opens, with the token that ``token`` gives; both are asked each time.

    ``host`` names the other side in errors. ``chance`` gives 0.0 to 1.0: clients that lost the same server must not
    all come back in the same moment.
    """

    def __init__(
        self,
        host: str,
        connect: Callable[[], Awaitable[aiohttp.ClientWebSocketResponse]],
        token: Callable[[], Awaitable[str]],
        *,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.host = host
        self.version = ""
        self.opened = 0
        """How many connections there were."""
        self._connect = connect
        self._token = token
        self._chance = chance
        self._line = Line(lambda: self.host)
        self._subscriptions: list[Subscription] = []
        self._open = False
        self._decided = asyncio.Event()
        """It is open, or only a person can make it so."""
        self._hurry = asyncio.Event()
        self._calls_waiting = 0
        self._trouble: ToolError | None = None
        self._refused_token: str | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._stay_connected())

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    # --- what others ask -------------------------------------------------------------------------

    async def ready(self) -> None:
        """Wait for a connection. Raises what stands in its way."""
        if self._open:
            return
        self._decided.clear()
        self._hurry.set()
        self._calls_waiting += 1
        try:
            await asyncio.wait_for(self._decided.wait(), _OPEN_SECONDS)
        except TimeoutError:
            pass
        finally:
            self._calls_waiting -= 1
        if not self._open:
            raise self._trouble or self._unreachable("it does not answer")

    async def command(self, type: str, **fields: Json) -> Json:
        """Send a command and wait for its result. Raises Refused, UpstreamError, or what keeps it from connecting."""
        await self.ready()
        return await self._line.ask({"type": type, **fields})

    def want(self, listener: Listener, type: str, *, resumed: Callable[[], None], **fields: Json) -> None:
        """Events of one kind on every connection to come. ``resumed`` is called before the first event of each."""
        self._subscriptions.append(Subscription({"type": type, **fields}, listener, resumed))

    async def subscribe(self, listener: Listener, type: str, **fields: Json) -> Subscription:
        """Events of one kind, until ``unsubscribe``, from later connections too."""
        await self.ready()
        subscription = Subscription({"type": type, **fields}, listener)
        await self._line.ask(subscription.command, subscription=subscription)
        self._subscriptions.append(subscription)
        return subscription

    async def unsubscribe(self, subscription: Subscription) -> None:
        self._subscriptions.remove(subscription)
        if self._line.forget(subscription):
            with contextlib.suppress(UpstreamError, Refused):  # a lost connection has no subscriptions
                await self._line.ask({"type": "unsubscribe_events", "subscription": subscription.id})

    async def check(self, seconds: float) -> None:
        """Ask whether the other side is still there; a connection that does not answer in time is given up."""
        socket = self._line.socket
        if socket is None:
            self._hurry.set()
            return
        try:
            await self._line.ask({"type": "ping"}, seconds)
        except UpstreamError:
            await socket.close()

    # --- one connection --------------------------------------------------------------------------

    def _unreachable(self, why: str) -> UpstreamError:
        return UpstreamError(
            f"Home Assistant at {self.host} cannot be reached: {why}.", host=self.host, sent=False,
            hint="Check that it runs, and the 'url' in the settings of smart_home.",
        )  # fmt: skip

    async def _stay_connected(self) -> None:
        """Until cancelled. After a connection that worked, the first try is made almost at once."""
        pause = _SHORTEST
        while True:
            before = self.opened
            try:
                await self._one_connection()
            except (UpstreamError, Refused, OSError, TimeoutError) as error:
                log.info("Home Assistant at %s: %s", self.host, error or type(error).__name__)
                self._trouble = self._unreachable(str(error) or type(error).__name__)
            except ToolError as error:  # no token, or a refused one: only a person can change that
                self._trouble = error
                self._decided.set()
                pause = _LONGEST
            pause = _SHORTEST if self.opened > before else min(pause * 2, _LONGEST)
            self._hurry.clear()
            with contextlib.suppress(TimeoutError):
                longest = _WAITED_FOR if self._calls_waiting else pause
                await asyncio.wait_for(self._hurry.wait(), min(pause, longest) * (0.5 + 0.5 * self._chance()))

    async def _one_connection(self) -> None:
        """Connect, then read until it ends. Everything that waited for an answer is told."""
        token = await self._token()
        if token == self._refused_token:
            raise self._bad_token()
        import aiohttp

        try:
            socket = await asyncio.wait_for(self._connect(), _OPEN_SECONDS)
        except aiohttp.ClientError as error:
            raise ConnectionError(str(error) or type(error).__name__) from None
        reader = None
        try:
            await self._greet(socket, token)
            self._line.begin(socket)
            reader = asyncio.create_task(self._read(socket))
            await self._resume()
            await reader
        finally:
            self._open, self._line.socket = False, None
            self._decided.clear()
            if reader is not None:
                reader.cancel()
                await asyncio.gather(reader, return_exceptions=True)
            await socket.close()

    async def _greet(self, socket: aiohttp.ClientWebSocketResponse, token: str) -> None:
        hello = await self._receive(socket)
        if hello.get("type") != "auth_required":
            raise ConnectionError("what answers there is not Home Assistant")
        await send(socket, {"type": "auth", "access_token": token})
        answer = await self._receive(socket)
        if answer.get("type") != "auth_ok":
            self._refused_token = token
            raise self._bad_token()
        self.version = str(answer.get("ha_version", ""))

    async def _receive(self, socket: aiohttp.ClientWebSocketResponse) -> dict[str, Json]:
        message = await asyncio.wait_for(socket.receive(), _OPEN_SECONDS)
        if not isinstance(message.data, str):
            raise ConnectionError("it closed the connection")
        return decode(message.data)

    async def _resume(self) -> None:
        for subscription in self._subscriptions:
            if subscription.resumed is not None:
                subscription.resumed()
            with contextlib.suppress(Refused):  # this user may not, or this version has no such events
                await self._line.ask(subscription.command, subscription=subscription)
        self.opened += 1
        self._trouble, self._open = None, True
        self._decided.set()

    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        try:
            await self._line.read(socket)
        finally:
            self._open = False

    def _bad_token(self) -> ToolError:
        return ToolError(
            f"Home Assistant at {self.host} refuses the token.",
            hint="Make a new long-lived token in its user profile, and run: mcp-agent secrets set smart_home token",
        )
