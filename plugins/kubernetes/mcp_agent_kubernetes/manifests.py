"""Manifests as people write them, and what applying them would change."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct

from mcp_agent import HIDDEN, ToolError
from mcp_agent_kubernetes.cluster import Cluster
from mcp_agent_kubernetes.differences import differences
from mcp_agent_kubernetes.failures import Refused
from mcp_agent_kubernetes.lists import maybe
from mcp_agent_kubernetes.objects import OF_THE_SERVER, hides, is_secret, state
from mcp_agent_kubernetes.undoing import Reference

_APPLY = "application/apply-patch+yaml"  # JSON is YAML
_MANAGER = "mcp-agent"
_MOST = 100
_MOST_VALUES = 100_000
_FIRST = ("Namespace", "CustomResourceDefinition")


class Manifest(Struct, frozen=True):
    at: Reference
    body: Mapping[str, Any]


class Step(Struct, frozen=True, omit_defaults=True):
    """``action`` is create, change, keep or untried: what cannot be tried before its namespace is there."""

    action: str
    thing: str
    changes: list[str] = []


class Plan(Struct, frozen=True, omit_defaults=True):
    """``plan`` stands for exactly these steps: k8s_apply takes it."""

    where: str
    plan: str
    steps: list[Step]


async def read(cluster: Cluster, text: str, namespace: str) -> list[Manifest]:
    """In the order in which they are applied. Raises ToolError."""
    found = [await _manifest(cluster, one, namespace) for one in _documents(text)]
    if not found:
        raise ToolError("There is no manifest in it.")
    names = [str(one.at) for one in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ToolError(f"These are in it more than once: {', '.join(twice)}.")
    return sorted(found, key=lambda one: one.at.kind.name not in _FIRST)


def _documents(text: str) -> list[dict[str, Any]]:
    import yaml

    try:
        whole = [one for one in yaml.load_all(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader)) if one is not None]
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" in line {mark.line + 1}" if mark is not None else ""
        raise ToolError(
            f"The manifest is not YAML{line}: {getattr(error, 'problem', None) or 'it ends early'}."
        ) from None
    except (ValueError, RecursionError):
        raise ToolError("The manifest is not YAML that can be read.") from None
    single = [
        inner for one in whole
        for inner in (one.get("items") or () if isinstance(one, dict) and one.get("kind") == "List" else (one,))
    ]  # fmt: skip
    if len(single) > _MOST:
        raise ToolError(f"{len(single)} manifests are too many at once.", hint=f"Up to {_MOST} are taken.")
    return single


async def _manifest(cluster: Cluster, body: Any, namespace: str) -> Manifest:
    metadata = body.get("metadata") if isinstance(body, dict) else None
    if not isinstance(metadata, dict) or not _named(body, "apiVersion", "kind") or not _named(metadata, "name"):
        raise ToolError("Every manifest needs apiVersion, kind and metadata with a name.")
    what = f"{body['kind']} {metadata['name']}"
    _must_be_bounded(body, what)
    if hides(body):
        raise ToolError(
            f"{what} has {HIDDEN} in it, which stands for a value that was not shown.",
            hint="Leave such fields out: what is left out stays as it is.",
        )
    try:
        body = msgspec.json.decode(msgspec.json.encode(body))  # dates that YAML makes of text become text again
    except (TypeError, ValueError):
        raise ToolError(f"{what} has values that JSON cannot hold.") from None
    kind = await cluster.discovery.exact(body["apiVersion"], body["kind"])
    said = body["metadata"].get("namespace")
    inside = str(said or namespace or cluster.context.namespace) if kind.namespaced else None
    kept = {name: value for name, value in body["metadata"].items() if name not in OF_THE_SERVER}
    if inside:
        kept["namespace"] = inside
    whole = {name: value for name, value in body.items() if name != "status"}
    return Manifest(Reference(kind, inside, metadata["name"]), {**whole, "metadata": kept})


def _must_be_bounded(body: Any, what: str) -> None:
    """YAML can name a part again and again, within itself too: few lines that stand for more than memory holds."""
    left, size = [body], 0
    while left:
        one = left.pop()
        size += 1
        if size > _MOST_VALUES:
            raise ToolError(f"{what} has more than {_MOST_VALUES:,} values, which no manifest has.")
        left += one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()


def _named(thing: Mapping[str, Any], *keys: str) -> bool:
    return all(isinstance(thing.get(key), str) and thing[key] for key in keys)


async def plan_of(cluster: Cluster, manifests: list[Manifest], *, force: bool) -> Plan:
    """Tried on the server, which validates everything and keeps nothing."""
    new = {one.at.name for one in manifests if one.at.kind.name == "Namespace"}
    steps, parts = [], list[Any]()
    for one in manifests:
        live = await maybe(cluster, one.at.path, f"get {one.at}")
        before = state(live) if live is not None else None
        try:
            after = state(await apply(cluster, one, force=force, keep=False))
        except Refused as error:
            if error.status == 404 and one.at.namespace in new:
                steps.append(Step("untried", str(one.at)))
                parts.append([str(one.at), None, one.body])
                continue
            raise
        steps.append(_step(one, before, after))
        parts.append([str(one.at), before, after if before is not None else one.body])
    digest = hashlib.sha256(msgspec.json.encode([cluster.address.server, force, parts], order="deterministic"))
    inside = {one.at.namespace for one in manifests}
    return Plan(cluster.where(inside.pop() if len(inside) == 1 else None), digest.hexdigest()[:16], steps)


def _step(one: Manifest, before: dict[str, Any] | None, after: dict[str, Any]) -> Step:
    if before is None:
        return Step("create", str(one.at))
    changes = differences(before, after)
    return Step("change" if changes else "keep", str(one.at), changes)


async def apply(cluster: Cluster, one: Manifest, *, force: bool, keep: bool = True) -> dict[str, Any]:
    """Server-side apply; gives the thing as it is then, or would be."""
    try:
        return await _apply(cluster, one, force=force, keep=keep)
    except Refused as error:
        if not _is_with_ourselves(error):
            raise
    return await _apply(cluster, one, force=True, keep=keep)


async def _apply(cluster: Cluster, one: Manifest, *, force: bool, keep: bool) -> dict[str, Any]:
    query = {"fieldManager": _MANAGER, "force": "true" if force else None, "dryRun": None if keep else "All"}
    what = f"{'apply' if keep else 'try'} {one.at}"
    try:
        done: dict[str, Any] = await cluster.send("PATCH", one.at.path, what, one.body, query, kind=_APPLY)
    except ToolError as error:
        if not is_secret(one.body) or (isinstance(error, Refused) and error.status in (403, 404, 409)):
            raise
        raise ToolError(  # what the server says may quote the values
            f"{cluster}: could not {what}: the server did not take it.",
            hint="Values of data are base64, those of stringData are text; all of them are strings.",
        ) from None
    return done


def _is_with_ourselves(error: Refused) -> bool:
    """A conflict over nothing but what this plugin has scaled, restarted or put back."""
    ours = f'conflict with "{_MANAGER}"'
    return error.status == 409 and bool(error.causes) and all(ours in str(one.get("message")) for one in error.causes)


def must_not_be_secret(manifests: list[Manifest]) -> None:
    """Raises ToolError: what is applied lies in the journal for undo, and a Secret must not."""
    for one in manifests:
        if is_secret(one.body):
            raise ToolError(
                f"{one.at}: Secrets are not applied, since their values would be kept for undo.",
                hint="The person can do it with kubectl; k8s_diff shows what it would change. Nothing was changed.",
            )
