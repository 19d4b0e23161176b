"""Every message a server sends, held against the schema of its revision.

The published schemas let unknown properties pass, so that a field of a newer revision would go unseen in an older one.
Here they are closed: a property that a definition does not name is an error, but for places that are open by design.
"""

from __future__ import annotations

import base64
import binascii
import copy
import functools
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jsonschema import Draft7Validator, Draft202012Validator, FormatChecker

from tests.support import tasks_schema

FOLDER = Path(__file__).parent.parent / "protocol" / "schemas"
LEGACY = ("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25")
MODERN = "2026-07-28"
REVISIONS = (*LEGACY, MODERN)

RESULTS = {
    "initialize": "InitializeResult",
    "ping": "EmptyResult",
    "logging/setLevel": "EmptyResult",
    "server/discover": "DiscoverResult",
    "tools/list": "ListToolsResult",
    "tools/call": "CallToolResult",
    "resources/list": "ListResourcesResult",
    "resources/templates/list": "ListResourceTemplatesResult",
    "resources/read": "ReadResourceResult",
    "resources/subscribe": "EmptyResult",
    "resources/unsubscribe": "EmptyResult",
    "prompts/list": "ListPromptsResult",
    "prompts/get": "GetPromptResult",
    "completion/complete": "CompleteResult",
    "subscriptions/listen": "SubscriptionsListenResult",
}
"""The result of each method, where it is complete."""

MAY_ASK = frozenset({"tools/call", "resources/read", "prompts/get"})
_ERRORS = {-32020: "HeaderMismatchError", -32021: "MissingRequiredClientCapabilityError",
           -32022: "UnsupportedProtocolVersionError"}  # fmt: skip

_OPEN = frozenset({"_meta", "inputSchema", "outputSchema", "structuredContent", "data", "arguments", "experimental",
                   "metadata", "input", "extensions"})  # fmt: skip
"""Properties whose value is somebody else's."""
_ENVELOPE = frozenset({"jsonrpc", "id"})
_OPEN_DEFINITIONS = frozenset({"Result", "Request", "Notification", "PaginatedResult", "JSONObject"})

formats = FormatChecker(formats=())


@formats.checks("byte", raises=(binascii.Error, ValueError))
def _is_base64(value: object) -> bool:
    return not isinstance(value, str) or base64.b64decode(value, validate=True) is not None


@formats.checks("uri", raises=ValueError)
def _is_uri(value: object) -> bool:
    return not isinstance(value, str) or bool(urlsplit(value).scheme)


class Invalid(AssertionError):
    """The server sent something that its revision does not allow."""


class Schema:
    """The schema of one revision."""

    def __init__(self, revision: str) -> None:
        document = json.loads((FOLDER / f"mcp-{revision}.schema.json").read_text())
        self.revision = revision
        self._root = "$defs" if "$defs" in document else "definitions"
        definitions = copy.deepcopy(document[self._root])
        definitions["EmptyResult"] = {**definitions["Result"], "additionalProperties": False}
        if revision == MODERN:
            tasks_schema.extend(definitions)
        self._definitions = {
            name: node if name in _OPEN_DEFINITIONS or name.endswith("MetaObject") else _closed(node)
            for name, node in definitions.items()
        }
        self._draft: Any = Draft202012Validator if self._root == "$defs" else Draft7Validator
        self._notifications = self._by_method("ServerNotification")
        self._requests = self._by_method("ServerRequest") if "ServerRequest" in definitions else {}
        if revision == MODERN:
            self._notifications["notifications/tasks"] = "TaskStatusNotification"

    def check(self, message: Any, method: str | None = None) -> None:
        """Raises Invalid. ``method`` is that of the request a response belongs to, None where it is not known."""
        if isinstance(message, list):
            if self.revision != "2025-03-26" or not message:
                raise Invalid(f"an array is no message of {self.revision}: {message}")
            for one in message:
                self.check(one, method)
        elif not isinstance(message, dict) or message.get("jsonrpc") != "2.0":
            raise Invalid(f"not a JSON-RPC message: {message}")
        elif "method" in message:
            self._check_call(message)
        elif "error" in message:
            self._check_error(message)
        else:
            self._check_result(message, method)

    def _check_call(self, message: dict[str, Any]) -> None:
        table = self._requests if "id" in message else self._notifications
        name = table.get(message["method"])
        if name is None:
            raise Invalid(f"a server must not send this in {self.revision}: {message}")
        self.hold(message, "JSONRPCRequest" if "id" in message else "JSONRPCNotification")
        named = self._definitions[name]["properties"]  # the older schemas leave the envelope out here
        self.hold({key: value for key, value in message.items() if key in named or key not in _ENVELOPE}, name)

    def _check_error(self, message: dict[str, Any]) -> None:
        self.hold(message, "JSONRPCErrorResponse" if "JSONRPCErrorResponse" in self._definitions else "JSONRPCError")
        if self.revision == MODERN:
            code = message["error"]["code"]
            if code in _ERRORS:
                self.hold(message, _ERRORS[code])
            elif -32099 <= code <= -32000:
                raise Invalid(f"{self.revision} has no error {code}: {message}")

    def _check_result(self, message: dict[str, Any], method: str | None) -> None:
        known = "JSONRPCResultResponse" in self._definitions
        self.hold(message, "JSONRPCResultResponse" if known else "JSONRPCResponse")
        if method is not None:
            self.hold(message["result"], self._result_of(method, message["result"]))

    def _result_of(self, method: str, result: dict[str, Any]) -> str:
        if self.revision == MODERN:
            kind = result["resultType"]
            if method in tasks_schema.RESULTS and kind == "complete":
                return tasks_schema.RESULTS[method]
            if kind == "task" and method == "tools/call":
                return "CreateTaskResult"
            if kind == "input_required" and method in MAY_ASK:
                return "InputRequiredResult"
            if kind != "complete":
                raise Invalid(f"{method} cannot end with resultType {kind}")
        name = RESULTS.get(method)
        if name is None or name not in self._definitions:
            raise Invalid(f"{self.revision} has no method {method}, which was answered with {result}")
        return name

    def hold(self, value: Any, definition: str) -> None:
        """Raises Invalid where a value is not what a definition says."""
        for error in self._validator(definition).iter_errors(value):
            raise Invalid(f"not a {definition} of {self.revision}: {_deepest(error)}")

    @functools.cache  # noqa: B019  one Schema per revision lives as long as the tests
    def _validator(self, definition: str) -> Any:
        node = {"$ref": f"#/{self._root}/{definition}", self._root: self._definitions}
        return self._draft(node, format_checker=formats)

    def _by_method(self, union: str) -> dict[str, str]:
        names = [option["$ref"].rpartition("/")[2] for option in self._definitions[union]["anyOf"]]
        return {self._definitions[name]["properties"]["method"]["const"]: name for name in names}


def _closed(node: Any) -> Any:
    """The schema with every object closed that lists its properties and says nothing of others."""
    if isinstance(node, list):
        return [_closed(item) for item in node]
    if not isinstance(node, dict):
        return node
    closed = {key: _closed(value) for key, value in node.items() if key != "properties"}
    if isinstance(node.get("properties"), dict):
        closed["properties"] = {
            name: value if name in _OPEN else _closed(value) for name, value in node["properties"].items()
        }
        closed.setdefault("additionalProperties", False)
    if "allOf" in closed:
        closed["allOf"] = node["allOf"]
    return closed


def _deepest(error: Any) -> str:
    """The finding that says most: inside a union, that of the option which came furthest."""
    while error.context:
        error = max(error.context, key=lambda inner: len(inner.absolute_path))
    return f"{error.json_path}: {error.message[:600]}"


@functools.cache
def schema(revision: str) -> Schema:
    """Compiled once per run."""
    return Schema(revision)
