"""Frames that go wrong: valid ones of every kind, mutated in their bytes and in their structure.

Everything comes from a seed, so that a finding can be repeated.
"""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

from tests.support.schema import MODERN
from tests.support.wire import EVERYTHING, PREFIX, TASKS

_META = {
    PREFIX + "protocolVersion": MODERN,
    PREFIX + "clientInfo": {"name": "fuzz", "version": "1"},
    PREFIX + "clientCapabilities": {**EVERYTHING, "extensions": {TASKS: {}}},
}
_STATE = "bm90IGEgc3RhdGUgYXQgYWxsLCBidXQgbG9uZyBlbm91Z2ggdG8gYmUgb25l"

REQUESTS: list[tuple[str, dict[str, Any]]] = [
    ("initialize", {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "f", "version": "1"}}),
    ("ping", {}),
    ("server/discover", {}),
    ("logging/setLevel", {"level": "debug"}),
    ("tools/list", {"cursor": "YXQ6Mg=="}),
    ("tools/call", {"name": "echo", "arguments": {"text": "grüße \ud83d\ude00"}}),
    ("tools/call", {"name": "anything", "arguments": {"value": [1, 2.5, {"a": None}]}}),
    ("tools/call", {"name": "weather", "arguments": {"city": "Oulu"}}),
    ("tools/call", {"name": "every_kind"}),
    ("tools/call", {"name": "refuse"}),
    ("tools/call", {"name": "surrogate"}),
    ("tools/call", {"name": "progress", "arguments": {"steps": [1, 2, 3]}}),
    ("tools/call", {"name": "talk"}),
    ("tools/call", {"name": "job", "arguments": {"gate": "fuzz"}}),
    ("tools/call", {"name": "asking_job"}),
    ("tools/call", {"name": "ask_name", "arguments": {"greeting": "Hi"}}),
    ("tools/call", {"name": "ask_many", "requestState": _STATE, "inputResponses": {"who": {"action": "decline"}}}),
    ("tools/call", {"name": "ask_name", "inputResponses": {"elicit-1": {"action": "accept", "content": {}}}}),
    ("tools/call", {"name": "ask_name", "arguments": {"greeting": "grüße " * 40, "note": {"deep": [[["x" * 60]]]}},
                    "requestState": _STATE}),
    ("tools/call", {"name": "list_roots"}),
    ("tools/call", {"name": "hold", "arguments": {"gate": "never"}}),
    ("resources/list", {}),
    ("resources/templates/list", {}),
    ("resources/read", {"uri": "kinds://city/Oulu"}),
    ("resources/read", {"uri": "kinds://private"}),
    ("resources/subscribe", {"uri": "kinds://note"}),
    ("resources/unsubscribe", {"uri": "kinds://note"}),
    ("prompts/list", {}),
    ("prompts/get", {"name": "paint", "arguments": {"colour": "red"}}),
    ("completion/complete", {"ref": {"type": "ref/prompt", "name": "paint"},
                             "argument": {"name": "colour", "value": "r"}, "context": {"arguments": {"mood": "warm"}}}),
    ("subscriptions/listen", {"notifications": {"toolsListChanged": True, "resourceSubscriptions": ["kinds://note"],
                                                "taskIds": ["x"]}}),
    ("tasks/get", {"taskId": "x"}),
    ("tasks/update", {"taskId": "x", "inputResponses": {"name": {"action": "accept"}}}),
    ("tasks/cancel", {"taskId": "x"}),
]  # fmt: skip
NOTIFICATIONS: list[tuple[str, dict[str, Any]]] = [
    ("notifications/initialized", {}),
    ("notifications/cancelled", {"requestId": 1, "reason": "fuzz"}),
    ("notifications/progress", {"progressToken": 1, "progress": 1}),
    ("notifications/roots/list_changed", {}),
]
RESPONSES: list[dict[str, Any]] = [
    {"result": {"action": "accept", "content": {"name": "x", "age": 3}}},
    {"result": {"role": "assistant", "content": {"type": "text", "text": "x"}, "model": "m"}},
    {"result": {"roots": [{"uri": "file:///x"}]}},
    {"error": {"code": -1, "message": "no"}},
]

_ODD: list[Any] = [
    None, True, False, 0, -1, 1, 1.5, 2**31, 2**53, 2**63, 2**64, 10**30, -(2**63), 1e308, "", "x", "\x00", "\u2028",
    "é", "\ud83d\ude00", "a" * 300, [], [1], [[]], {}, {"x": 1}, "2.0", "1.0", "2026-07-28", "2025-03-26", "null",
    "kinds://note", {"_meta": {}}, [None] * 5, "info", "hold", "echo",
]  # fmt: skip
_TOKENS = [
    b"{", b"}", b"[", b"]", b",", b":", b'"', b"\\", b"\\u", b"\\ud800", b"\\udc00", b"\\u0000", b"\x00", b"\xff",
    b"\xc3\x28", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"null", b"true", b"NaN", b"Infinity", b"-", b"1e999", b"1E-999",
    b"0" * 50, b"9" * 400, b'"id":', b'"id":null,', b'"method":"ping",', b'"params":', b'"jsonrpc":"2.0",', b"\t",
    b"\r", b" ", b"/*", b"//", b"[" * 600, b'{"a":' * 600, b"]" * 300, b'""', b"\x7f", b"\xe2\x80\xa8",
]  # fmt: skip


class Fuzzer:
    """An endless source of frames, the same for the same seed. ``ids`` are small so that they meet."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def frames(self, count: int) -> Iterator[bytes]:
        """Frames without a line end."""
        for _ in range(count):
            yield self._frame()

    def _frame(self) -> bytes:
        pick = self._random.random()
        message: Any = self._message()
        if pick < 0.04:
            message = [self._message() for _ in range(self._random.randrange(5))]
        if self._random.random() < 0.6:
            for _ in range(self._random.choice((1, 1, 1, 2, 4))):
                message = self._bend(message)
        data = json.dumps(message, ensure_ascii=self._random.random() < 0.5).encode("utf-8", "surrogatepass")
        if self._random.random() < 0.45:
            for _ in range(self._random.choice((1, 1, 2, 3, 8))):
                data = self._break(data)
        return data.replace(b"\n", b" ")

    def _message(self) -> dict[str, Any]:
        kind = self._random.random()
        if kind < 0.78:
            method, params = self._random.choice(REQUESTS)
            message: dict[str, Any] = {"jsonrpc": "2.0", "id": self._id(), "method": method}
        elif kind < 0.9:
            method, params = self._random.choice(NOTIFICATIONS)
            message = {"jsonrpc": "2.0", "method": method}
        else:
            return {"jsonrpc": "2.0", "id": self._id(), **copy.deepcopy(self._random.choice(RESPONSES))}
        params = copy.deepcopy(params)
        if self._random.random() < 0.5:
            params["_meta"] = {**copy.deepcopy(_META), "progressToken": self._id()}
        if params or self._random.random() < 0.5:
            message["params"] = params
        return message

    def _id(self) -> Any:
        return self._random.choice((self._random.randrange(200), str(self._random.randrange(50))))

    # --- structure -------------------------------------------------------------------------------

    def _bend(self, message: Any) -> Any:
        """One place of the message changed."""
        places = list(_places(message))
        if not places:
            return self._random.choice(_ODD)
        holder, key = self._random.choice(places)
        change = self._random.randrange(6)
        if change == 0:
            del holder[key]
        elif change == 1 and isinstance(holder, dict):
            holder[self._random.choice(("id", "method", "params", "_meta", "x", "", "name"))] = holder[key]
        elif change == 2:
            holder[key] = [holder[key]]
        elif change == 3:
            holder[key] = copy.deepcopy(self._random.choice(places)[0])
        else:
            holder[key] = copy.deepcopy(self._random.choice(_ODD))
        return message

    # --- bytes -----------------------------------------------------------------------------------

    def _break(self, data: bytes) -> bytes:
        """One place of the bytes changed."""
        at = self._random.randrange(len(data) + 1)
        change = self._random.randrange(6)
        if change == 0:
            return data[:at] + bytes([self._random.randrange(256)]) + data[at + 1 :]
        if change == 1:
            return data[:at] + self._random.choice(_TOKENS) + data[at:]
        if change == 2:
            return data[:at] + data[at + self._random.randrange(1, 9) :]
        if change == 3:
            return data[:at]
        if change == 4:
            end = at + self._random.randrange(1, 40)
            return data[:end] + data[at:]
        return (
            data[:at] + bytes([data[at] ^ (1 << self._random.randrange(8))]) + data[at + 1 :]
            if at < len(data)
            else data
        )


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every (container, key) inside."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in list(items):
        yield value, key
        yield from _places(item)
