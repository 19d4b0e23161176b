"""Things as they were, and making them so again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from mcp_agent import Context, ToolError, Undo
from mcp_agent_kubernetes.cluster import Cluster
from mcp_agent_kubernetes.clusters import writable_cluster_of
from mcp_agent_kubernetes.discovery import Kind
from mcp_agent_kubernetes.failures import Refused
from mcp_agent_kubernetes.lists import maybe
from mcp_agent_kubernetes.objects import OF_CONTROLLERS, is_going, state

_HOLDS_OTHERS = ("Namespace", "CustomResourceDefinition", "PersistentVolume", "PersistentVolumeClaim")
"""Kinds of which nobody knows what came into them since they were made."""
_TRIES = 10


class Reference(Struct, frozen=True):
    kind: Kind
    namespace: str | None
    name: str

    def __str__(self) -> str:
        return self.kind.named(f"{self.namespace}/{self.name}" if self.namespace else self.name)

    @property
    def path(self) -> str:
        return self.kind.path(self.namespace, self.name)


Find = Callable[[Context, Cluster, Any], Awaitable[Sequence[Reference]]]


def undo_things(find: Find) -> Undo:
    """``find`` gives from the arguments, which have a ``context``, what the tool may change."""

    async def snapshot(ctx: Context, arguments: Any, result: Any) -> Any:
        cluster = await writable_cluster_of(ctx, arguments.context)
        states = [[str(one), await state_of(cluster, one)] for one in await find(ctx, cluster, arguments)]
        return {"cluster": cluster.address.server, "things": states}  # a context may come to mean another cluster

    async def restore(ctx: Context, arguments: Any, result: Any, snapshot: Any) -> None:
        cluster = await writable_cluster_of(ctx, arguments.context)
        found = list(zip(await find(ctx, cluster, arguments), snapshot["things"], strict=True))
        for one, (_, wanted) in found:
            if wanted is None and one.kind.name in _HOLDS_OTHERS:
                raise ToolError(
                    f"{one} was made then, and taking it back would delete all that is in it by now.",
                    hint="k8s_delete_forever does that, after asking.",
                )
        for one, (_, wanted) in reversed(found):
            await put_back(cluster, one, wanted)

    return Undo(snapshot, restore)


async def state_of(cluster: Cluster, one: Reference) -> dict[str, Any] | None:
    """None where it is not there, or is being deleted."""
    found = await maybe(cluster, one.path, f"get {one}")
    return None if found is None or is_going(found) else state(found)


async def put_back(cluster: Cluster, one: Reference, wanted: Mapping[str, Any] | None) -> None:
    live = await maybe(cluster, one.path, f"get {one}")
    if wanted is None:
        if live is not None:
            await delete(cluster, one, live)
    elif live is None:
        await cluster.send("POST", one.kind.path(one.namespace), f"make {one} again", wanted)
    elif state(live) != wanted:
        await _replace(cluster, one, live, wanted)


async def _replace(cluster: Cluster, one: Reference, live: dict[str, Any], wanted: Mapping[str, Any]) -> None:
    """Again when only a controller has written its status meanwhile; never over what somebody has set."""
    seen, what = state(live), f"make {one} as it was"
    for left in reversed(range(_TRIES)):
        try:
            await cluster.send("PUT", one.path, what, _over(live, wanted))
        except Refused as error:
            if error.status != 409 or not left:
                raise
            live = await cluster.get(one.path, f"get {one}")
            if state(live) != seen:
                raise
        else:
            return


async def delete(cluster: Cluster, one: Reference, live: Mapping[str, Any]) -> None:
    """That very one: not another that has got its name meanwhile."""
    options = {"propagationPolicy": "Background", "preconditions": {"uid": live["metadata"]["uid"]}}
    await cluster.send("DELETE", one.path, f"delete {one}", {"apiVersion": "v1", "kind": "DeleteOptions", **options})


def _over(live: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """``wanted``, with what servers and controllers have written since, and only if nobody changes it meanwhile."""
    metadata = {**wanted["metadata"], "resourceVersion": live["metadata"]["resourceVersion"]}
    noted = {
        name: value for name, value in (live["metadata"].get("annotations") or {}).items() if name in OF_CONTROLLERS
    }
    if noted:
        metadata["annotations"] = {**(metadata.get("annotations") or {}), **noted}
    whole = {**wanted, "metadata": metadata}
    return {**whole, "status": live["status"]} if "status" in live else whole
