"""What the tests of changes share: manifests, and applying and undoing them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import yaml

from plugins.kubernetes.tests.conftest import Desk

ADMIN = {"context": "admin"}


def config_map(name: str, **data: str) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": data}


def as_text(*things: dict[str, Any]) -> str:
    return yaml.safe_dump_all(things)


async def applied(desk: Desk, *things: dict[str, Any], **more: Any) -> Any:
    """Diff first, then exactly that."""
    given = {"manifests": as_text(*things), **ADMIN, **more}
    plan = (await desk.call("k8s_diff", **given))["plan"]
    return await desk.call("k8s_apply", plan=plan, **given)


async def spec_of(desk: Desk, name: str = "web") -> Any:
    return (await desk.beside(desk.kube.ask, "GET", desk.path("deployments", name, "apps/v1")))["spec"]


async def undo(desk: Desk) -> Any:
    done = await desk.host.undo()
    assert done.stopped is None, done.stopped
    return done


def with_revision(number: int) -> Callable[[Any], bool]:
    """Whether the controllers have seen so many rollouts of a deployment."""
    key = "deployment.kubernetes.io/revision"
    return lambda it: (it["metadata"].get("annotations") or {}).get(key) == str(number)
