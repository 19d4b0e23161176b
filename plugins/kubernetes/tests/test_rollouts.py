"""Scaling and rollouts, and undoing them, beside a real API server with its controllers."""

from __future__ import annotations

from typing import Any

import pytest

from plugins.kubernetes.tests.conftest import Desk, On, deployment, lantern
from plugins.kubernetes.tests.writing import ADMIN, applied, spec_of, undo, with_revision

pytestmark = [pytest.mark.real, pytest.mark.built]


def test_scaling_and_undoing_it(on: On, lanterns: None) -> None:
    async def work(desk: Desk) -> None:
        await desk.beside(desk.kube.create, deployment("web", 2), desk.namespace)
        await desk.beside(desk.kube.create, lantern("red", count=3), desk.namespace)
        done = await desk.call("k8s_scale", kind="deploy", name="web", replicas=5, **ADMIN)
        assert (done["before"], done["after"], done["thing"]) == (2, 5, "Deployment web")
        path = desk.path("deployments", "web", "apps/v1")
        await desk.beside(desk.kube.wait_for, path, lambda it: it["status"].get("replicas") == 5)
        await desk.call("k8s_scale", kind="lantern", name="red", replicas=1, **ADMIN)
        assert "count: 1" in (await desk.call("k8s_get", kind="lan", name="red"))["yaml"]
        await undo(desk)
        assert "count: 3" in (await desk.call("k8s_get", kind="lan", name="red"))["yaml"]
        await undo(desk)
        assert (await spec_of(desk))["replicas"] == 2
        assert "cannot be scaled" in await desk.refused("k8s_scale", kind="cm", name="x", replicas=1, **ADMIN)
        assert "not found" in await desk.refused("k8s_scale", kind="deploy", name="none", replicas=1, **ADMIN)

    on(work)


def test_rollouts_are_followed_restarted_and_taken_back(on: On) -> None:
    async def work(desk: Desk) -> None:
        path = desk.path("deployments", "web", "apps/v1")

        async def image() -> str:
            return str((await spec_of(desk))["template"]["spec"]["containers"][0]["image"])

        for number in (1, 2, 3):
            await applied(desk, deployment("web", 2, image=f"shop:{number}"))
            await desk.beside(desk.kube.wait_for, path, with_revision(number))
        status = await desk.call("k8s_rollout_status", name="web")
        assert not status["done"]
        assert [(one["revision"], one["images"]) for one in status["history"]] == [
            (3, ["shop:3"]), (2, ["shop:2"]), (1, ["shop:1"]),
        ]  # fmt: skip
        assert status["history"][0]["changes"] == ["spec.containers[0].image: shop:2 -> shop:3"]

        done = await desk.call("k8s_rollout", action="undo", name="web", **ADMIN)
        assert done["changes"] == ["template.spec.containers[0].image: shop:3 -> shop:2"]
        assert await image() == "shop:2"
        await desk.beside(desk.kube.wait_for, path, with_revision(4))
        await undo(desk)
        assert await image() == "shop:3"
        await desk.beside(desk.kube.wait_for, path, with_revision(5))
        await desk.call("k8s_rollout", action="undo", name="web", revision=1, **ADMIN)
        assert await image() == "shop:1"
        assert "no revision 99" in await desk.refused("k8s_rollout", action="undo", name="web", revision=99, **ADMIN)

        [stamp] = (await desk.call("k8s_rollout", action="restart", name="web", **ADMIN))["changes"]
        assert "restartedAt" in stamp
        await undo(desk)
        assert "annotations" not in (await spec_of(desk))["template"]["metadata"]

        await desk.call("k8s_rollout", action="pause", name="web", **ADMIN)
        assert "It is paused." in (await desk.call("k8s_rollout_status", name="web"))["state"]
        assert "so already" in await desk.refused("k8s_rollout", action="pause", name="web", **ADMIN)
        await undo(desk)
        assert not (await spec_of(desk)).get("paused")

    on(work)


@pytest.mark.parametrize("kind", ["StatefulSet", "DaemonSet"])
def test_other_workloads_go_back_too(on: On, kind: str) -> None:
    def made(image: str) -> dict[str, Any]:
        thing = deployment("db", image=image)
        spec = {name: value for name, value in thing["spec"].items() if name != "replicas"}
        return {**thing, "kind": kind, "spec": spec | ({"serviceName": "db"} if kind == "StatefulSet" else {})}

    plural = f"{kind.lower()}s"

    async def work(desk: Desk) -> None:
        path = f"/apis/apps/v1/namespaces/{desk.namespace}/controllerrevisions"
        for number in (1, 2):
            await applied(desk, made(f"db:{number}"))
            await desk.beside(desk.kube.wait_for, path, lambda it, number=number: len(it["items"]) == number)
        await desk.call("k8s_rollout", action="undo", kind=kind, name="db", **ADMIN)
        thing = await desk.beside(desk.kube.ask, "GET", desk.path(plural, "db", "apps/v1"))
        assert thing["spec"]["template"]["spec"]["containers"][0]["image"] == "db:1"
        assert not (await desk.call("k8s_rollout_status", kind=kind, name="db"))["done"] or kind == "DaemonSet"
        assert "cannot be paused" in await desk.refused("k8s_rollout", action="pause", kind=kind, name="db", **ADMIN)

    on(work)
