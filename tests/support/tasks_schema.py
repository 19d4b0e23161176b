"""The extension ``io.modelcontextprotocol/tasks`` as definitions beside those of 2026-07-28, written from SEP-2663."""

from __future__ import annotations

from typing import Any

RESULTS = {"tasks/get": "GetTaskResult", "tasks/update": "EmptyResult", "tasks/cancel": "EmptyResult"}

_TASK = {
    "taskId": {"type": "string"},
    "statusMessage": {"type": "string"},
    "createdAt": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$"},
    "lastUpdatedAt": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$"},
    "ttlMs": {"type": ["integer", "null"]},
    "pollIntervalMs": {"type": "integer"},
}
_REQUIRED = ["taskId", "status", "createdAt", "lastUpdatedAt", "ttlMs"]
_BY_STATUS: dict[str, dict[str, Any]] = {
    "working": {},
    "input_required": {"inputRequests": {"$ref": "#/$defs/InputRequests"}},
    "completed": {"result": {"$ref": "#/$defs/CallToolResult"}},
    "failed": {"error": {"$ref": "#/$defs/Error"}},
    "cancelled": {},
}


def extend(definitions: dict[str, Any]) -> None:
    """Add the extension to the definitions of the core."""
    result = {"resultType": {"const": "complete"}, "_meta": {"$ref": "#/$defs/ResultMetaObject"}}
    params = {"_meta": {"$ref": "#/$defs/NotificationMetaObject"}}
    definitions["CreateTaskResult"] = _object(
        {**result, "resultType": {"const": "task"}, **_TASK, "status": {"enum": list(_BY_STATUS)}},
        [*_REQUIRED, "resultType"],
    )
    definitions["GetTaskResult"] = _detailed(result, ["resultType"])
    definitions["TaskStatusNotification"] = _object(
        {
            "jsonrpc": {"const": "2.0"},
            "method": {"const": "notifications/tasks"},
            "params": _detailed(params, ["_meta"]),
        },
        ["jsonrpc", "method", "params"],
    )
    ids = {"type": "array", "items": {"type": "string"}}
    definitions["SubscriptionFilter"]["properties"]["taskIds"] = ids


def _detailed(extra: dict[str, Any], required: list[str]) -> dict[str, Any]:
    """One shape per status, each with what belongs to it and nothing else."""
    return {
        "oneOf": [
            _object({**extra, **_TASK, "status": {"const": status}, **more}, [*_REQUIRED, *required, *more])
            for status, more in _BY_STATUS.items()
        ]
    }


def _object(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": required}
