"""What differs between two things, field by field, with secrets hidden."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from mcp_agent import HIDDEN
from mcp_agent_kubernetes.objects import shown
from mcp_agent_kubernetes.words import cut

_LONGEST = 200
_MOST = 100
_ABSENT: Any = object()


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """'spec.replicas: 2 -> 3', '+ spec.paused: true', '- data.old: 1'. At most a hundred, and how many more."""
    lines = list(_walk("", before, after, shown(before), shown(after)))
    return lines if len(lines) <= _MOST else [*lines[:_MOST], f"... and {len(lines) - _MOST} more"]


def _walk(path: str, before: Any, after: Any, old: Any, new: Any) -> Iterator[str]:
    """``old`` and ``new`` are what may be shown of ``before`` and ``after``."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in [*before, *(key for key in after if key not in before)]:
            inner = (part.get(key, _ABSENT) if isinstance(part, dict) else part for part in (before, after, old, new))
            yield from _walk(f"{path}.{key}" if path else key, *inner)
    elif isinstance(before, list) and isinstance(after, list):
        for number in range(max(len(before), len(after))):
            inner = (
                (part[number] if number < len(part) else _ABSENT) if isinstance(part, list) else part
                for part in (before, after, old, new)
            )
            yield from _walk(f"{path}[{number}]", *inner)
    elif before == after and isinstance(before, bool) == isinstance(after, bool):  # to Python, true is 1
        return
    elif before is _ABSENT:
        yield f"+ {path}: {_said(new)}"
    elif after is _ABSENT:
        yield f"- {path}: {_said(old)}"
    else:
        yield f"{path}: {_said(old)} -> {_said(new)}"


def _said(value: Any) -> str:
    if value is _ABSENT:  # what is never shown
        return HIDDEN
    return cut(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False), _LONGEST)
