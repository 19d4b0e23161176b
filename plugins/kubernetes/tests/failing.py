"""Pods as kubelets report them when something is wrong, and what the plugin says of them."""

from __future__ import annotations

from typing import Any

from plugins.kubernetes.tests.conftest import Desk


def resources(**requests: str) -> dict[str, Any]:
    return {"container": {"resources": {"requests": requests}}}


async def runs(desk: Desk, made: dict[str, Any], container: dict[str, Any], *, ready: bool = False, **more: Any) -> Any:
    """The scheduler has placed it, and a kubelet has written this state."""
    name = made["metadata"]["name"]
    created = await desk.beside(desk.kube.create, made, desk.namespace)
    await desk.beside(desk.kube.wait_for, desk.path("pods", name), lambda it: it["spec"].get("nodeName"))
    status = {"name": "main", "image": "shop:1", "imageID": "", "ready": ready, "restartCount": 0, **container}
    conditions = [{"type": "Ready", "status": "True" if ready else "False"}]
    await desk.beside(
        desk.kube.patch_status, desk.path("pods", name),
        {"phase": "Running", "containerStatuses": [status], "conditions": conditions, **more},
    )  # fmt: skip
    return created


def terminated(code: int, reason: str = "Error") -> dict[str, Any]:
    return {"terminated": {"exitCode": code, "reason": reason}}


def waiting(reason: str, message: str = "") -> dict[str, Any]:
    return {"waiting": {"reason": reason, "message": message}}


async def diagnosed(desk: Desk, name: str, **more: Any) -> Any:
    return (await desk.call("k8s_diagnose", name=name, **more))["pods"][0]
