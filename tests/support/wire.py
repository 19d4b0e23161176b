"""A client that speaks nothing but frames, so that a test sees exactly what went over the wire.

It checks every message it reads against the schema of its revision and fails the test on the first that does not fit,
on an answer to nothing that was asked, and on silence.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from tests.support.schema import LEGACY, MODERN, Invalid, schema

PATIENCE = 10.0
"""Seconds after which silence fails a test. Nothing waits this long unless something is broken."""

PREFIX = "io.modelcontextprotocol/"
TASKS = PREFIX + "tasks"
EVERYTHING = {
    "elicitation": {"form": {}, "url": {}},
    "sampling": {"tools": {}, "context": {}},
    "roots": {},
}
"""The capabilities of a client that can be asked anything."""

Message = dict[str, Any]


class Line(Protocol):
    """Frames to a server and from it."""

    def send_frame(self, frame: bytes) -> None: ...
    async def receive(self) -> bytes: ...


class WireError(Exception):
    """A JSON-RPC error came back."""

    def __init__(self, error: Message) -> None:
        super().__init__(f"{error['code']}: {error['message']}")
        self.code: int = error["code"]
        self.message: str = error["message"]
        self.data: Any = error.get("data")


class Client:
    """One client of one revision. Modern ones say who they are with every request, legacy ones once.

    ``notes`` holds the notifications that came and were not taken with ``note``; ``asked`` the requests of the
    server that no function in ``answers`` answers.
    """

    def __init__(self, line: Line, revision: str, *, name: str = "tester", capabilities: Message | None = None) -> None:
        self.line = line
        self.revision = revision
        self.name = name
        self.capabilities = {} if capabilities is None else capabilities
        self.notes: list[Message] = []
        self.asked: list[Message] = []
        self.answers: dict[str, Callable[[Message], Any]] = {}
        self.ended: dict[Any, Message] = {}
        self._sent: dict[Any, tuple[str, str]] = {}
        self._next = 0

    @property
    def modern(self) -> bool:
        return self.revision == MODERN

    async def open(self) -> Client:
        """Initialize, in the era that does."""
        if self.revision in LEGACY:
            result = await self.call(
                "initialize",
                {
                    "protocolVersion": self.revision,
                    "capabilities": self.capabilities,
                    "clientInfo": {"name": self.name, "version": "1"},
                },
            )
            assert result["protocolVersion"] == self.revision
            self.notify("notifications/initialized")
        return self

    # --- sending ---------------------------------------------------------------------------------

    def meta(self, **more: Any) -> Message:
        """``_meta`` of a request: what the era wants, and more."""
        if not self.modern:
            return more
        return {
            PREFIX + "protocolVersion": MODERN,
            PREFIX + "clientInfo": {"name": self.name, "version": "1"},
            PREFIX + "clientCapabilities": self.capabilities,
            **more,
        }

    def request(
        self, method: str, params: Message | None = None, *, request_id: Any = None, meta: Message | None = None
    ) -> Any:
        """Send a request and give its id. ``meta`` is added to what the era wants."""
        request_id, frame = self.frame(method, params, request_id=request_id, meta=meta)
        self.send(frame)
        return request_id

    def frame(
        self, method: str, params: Message | None = None, *, request_id: Any = None, meta: Message | None = None
    ) -> tuple[Any, Message]:
        """A request as it would be sent, counted as sent."""
        if request_id is None:
            self._next += 1
            request_id = self._next
        message: Message = {"jsonrpc": "2.0", "id": request_id, "method": method}
        said = self.meta(**(meta or {}))
        if params is not None or said:
            message["params"] = {**({"_meta": said} if said else {}), **(params or {})}
        self.expect(request_id, method)
        return request_id, message

    def expect(self, request_id: Any, method: str, revision: str | None = None) -> None:
        """An answer to this will come, though the request goes out another way."""
        self._sent[request_id] = (method, revision or self.revision)

    def notify(self, method: str, params: Message | None = None) -> None:
        self.send({"jsonrpc": "2.0", "method": method, **({"params": params} if params is not None else {})})

    def cancel(self, request_id: Any) -> None:
        self.notify("notifications/cancelled", {"requestId": request_id, "reason": "a test"})

    def send(self, message: Any) -> None:
        """Anything at all, as JSON."""
        self.line.send_frame(json.dumps(message).encode())

    # --- receiving -------------------------------------------------------------------------------

    async def call(
        self, method: str, params: Message | None = None, *, request_id: Any = None, meta: Message | None = None
    ) -> Message:
        """The result of a request. Raises WireError."""
        return await self.result(self.request(method, params, request_id=request_id, meta=meta))

    async def tool(self, name: str, /, **arguments: Any) -> Message:
        """The result of a tool."""
        return await self.call("tools/call", {"name": name, "arguments": arguments})

    async def tool_as(self, request_id: Any, name: str, /, **arguments: Any) -> Message:
        """The same, under an id of the test's choosing."""
        return await self.call("tools/call", {"name": name, "arguments": arguments}, request_id=request_id)

    async def result(self, request_id: Any) -> Message:
        """The result of a request that was sent. Raises WireError."""
        while request_id not in self.ended:
            await self.read()
        message = self.ended.pop(request_id)
        if "error" in message:
            raise WireError(message["error"])
        result: Message = message["result"]
        return result

    async def note(self, method: str, accept: Callable[[Message], bool] = lambda params: True) -> Message:
        """The parameters of the next notification of a method, of those that fit."""
        while True:
            for index, note in enumerate(self.notes):
                if note["method"] == method and accept(note.get("params", {})):
                    del self.notes[index]
                    params: Message = note.get("params", {})
                    return params
            await self.read()

    async def question(self) -> Message:
        """The next request of the server that nothing answered."""
        while not self.asked:
            await self.read()
        return self.asked.pop(0)

    async def quiet(self) -> list[Message]:
        """The notifications that came, once all that the server had to say so far has been read."""
        for _ in range(10):  # let what was set off come to an end
            await asyncio.sleep(0)
        await self.call("server/discover" if self.modern else "ping")
        notes, self.notes = self.notes, []
        return notes

    async def read(self) -> Any:
        """Take in one frame."""
        async with asyncio.timeout(PATIENCE):
            frame = await self.line.receive()
        assert b"\n" not in frame
        message = json.loads(frame.decode("utf-8", "strict"), parse_constant=_no_constant)
        for one in message if isinstance(message, list) else [message]:
            self._take(one)
        if isinstance(message, list):
            schema(self.revision).check(message)
        return message

    def _take(self, message: Message) -> None:
        if "method" in message:
            schema(self._revision_of(message)).check(message)
            if "id" in message:
                self._answer(message)
            else:
                self.notes.append(message)
            return
        request_id = message.get("id")
        if request_id is None:
            schema(self.revision).check(message)
            self.ended[None] = message
            return
        if request_id not in self._sent:
            raise Invalid(f"an answer to nothing that was asked: {message}")
        method, revision = self._sent.pop(request_id)
        if method == "initialize" and "result" in message:
            revision = message["result"]["protocolVersion"]
        schema(revision).check(message, method)
        self.ended[request_id] = message

    def _revision_of(self, message: Message) -> str:
        if PREFIX + "subscriptionId" in message.get("params", {}).get("_meta", {}):
            return MODERN
        return self.revision

    def _answer(self, message: Message) -> None:
        answer = self.answers.get(message["method"])
        if answer is None:
            self.asked.append(message)
        else:
            self.send({"jsonrpc": "2.0", "id": message["id"], "result": answer(message["params"])})


def _no_constant(name: str) -> None:
    raise Invalid(f"{name} is not JSON")


async def failing(work: Awaitable[Any]) -> WireError:
    """The error that a request must end with."""
    try:
        result = await work
    except WireError as error:
        return error
    raise AssertionError(f"no error, but {result}")
