"""Events: what controllers and nodes have noted of things."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct, structs

from mcp_agent_kubernetes.cluster import Cluster
from mcp_agent_kubernetes.words import age, cut

_PAGE = 500
_MOST = 5000
_LONGEST = 600


class Happening(Struct, frozen=True, omit_defaults=True):
    """``last`` is how long ago it was, ``times`` how often. ``type`` is Normal or Warning."""

    last: str
    type: str
    reason: str
    about: str
    message: str
    times: int = 1


async def events_of(cluster: Cluster, namespace: str | None, **about: str | None) -> list[dict[str, Any]]:
    """Raw, newest first. ``about`` are fields of the object that they are about: kind, name, uid."""
    path = f"/api/v1/namespaces/{namespace}/events" if namespace else "/api/v1/events"
    selector = ",".join(f"involvedObject.{field}={value}" for field, value in about.items() if value) or None
    found: list[dict[str, Any]] = []
    after: str | None = None
    while len(found) < _MOST:
        page = await cluster.get(path, "list events", {"limit": _PAGE, "fieldSelector": selector, "continue": after})
        found += page.get("items") or ()
        after = (page.get("metadata") or {}).get("continue")
        if not after:
            break
    return sorted(found, key=when, reverse=True)


def when(event: Mapping[str, Any]) -> str:
    """When it was last; sorts as text."""
    series = event.get("series") or {}
    return str(
        series.get("lastObservedTime") or event.get("lastTimestamp") or event.get("eventTime")
        or event["metadata"].get("creationTimestamp") or ""
    )  # fmt: skip


def told(events: Iterable[Mapping[str, Any]], now: float) -> list[Happening]:
    """The same thing said again is one line. Keeps the order: newest first."""
    lines: dict[tuple[str, ...], Happening] = {}
    for event in events:
        about = event.get("involvedObject") or {}
        line = Happening(
            age(when(event), now), str(event.get("type") or ""), str(event.get("reason") or ""),
            f"{about.get('kind', '')} {about.get('name', '')}".strip(), cut(event.get("message"), _LONGEST),
            times(event),
        )  # fmt: skip
        key = (line.type, line.reason, line.about, line.message)
        before = lines.get(key)
        if before is None:
            lines[key] = line
        else:
            lines[key] = structs.replace(before, times=before.times + line.times)
    return list(lines.values())


def times(event: Mapping[str, Any]) -> int:
    series = event.get("series") or {}
    return int(series.get("count") or event.get("count") or 1)
