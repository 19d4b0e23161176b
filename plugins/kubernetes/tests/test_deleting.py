"""Deleting: what can be made again is undone, what cannot has a tool of its own."""

from __future__ import annotations

import pytest

from plugins.kubernetes.tests.conftest import Desk, On, deployment, pod
from plugins.kubernetes.tests.writing import ADMIN, config_map, spec_of, undo

pytestmark = [pytest.mark.real, pytest.mark.built]


def test_what_can_be_made_again_is_deleted_and_undone(on: On) -> None:
    service = {
        "apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "labels": {"a": "b"}},
        "spec": {"selector": {"app": "web"}, "ports": [{"port": 80}]},
    }  # fmt: skip

    async def work(desk: Desk) -> None:
        for thing in (deployment("web", 2), config_map("one", x="1"), config_map("two", x="2"), service):
            await desk.beside(desk.kube.create, thing, desk.namespace)
        before = await desk.beside(desk.kube.ask, "GET", desk.path("services", "web"))
        path = f"/api/v1/namespaces/{desk.namespace}/pods"
        await desk.beside(desk.kube.wait_for, path, lambda it: len(it["items"]) == 2)
        await desk.call("k8s_delete", kind="deploy", names=["web"], **ADMIN)
        await desk.beside(
            desk.kube.wait_for, path, lambda it: all("deletionTimestamp" in x["metadata"] for x in it["items"])
        )
        await undo(desk)
        assert (await spec_of(desk))["replicas"] == 2
        await desk.call("k8s_delete", kind="svc", names=["web"], **ADMIN)
        await undo(desk)
        again = await desk.beside(desk.kube.ask, "GET", desk.path("services", "web"))
        assert (again["spec"], again["metadata"]["labels"]) == (before["spec"], before["metadata"]["labels"])
        assert "there is no ConfigMap" in await desk.refused("k8s_delete", kind="cm", names=["one", "none"], **ADMIN)
        await desk.call("k8s_delete", kind="cm", names=["one", "two"], **ADMIN)
        await undo(desk)
        assert len((await desk.call("k8s_list", kind="cm", search="o"))["rows"]) >= 2

    on(work)


def test_what_cannot_be_made_again_has_a_tool_of_its_own(on: On) -> None:
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "door"}, "stringData": {"a": "b"}}

    async def work(desk: Desk) -> None:
        await desk.beside(desk.kube.create, secret, desk.namespace)
        await desk.beside(desk.kube.create, deployment("web"), desk.namespace)
        await desk.beside(desk.kube.create, pod("lone"), desk.namespace)
        for kind, name in (("secret", "door"), ("pod", "lone"), ("ns", desk.namespace), ("node", "one")):
            said = await desk.refused("k8s_delete", kind=kind, names=[name], **ADMIN)
            assert "cannot be made again" in said
            assert "k8s_delete_forever" in said
        said = await desk.refused("k8s_delete_forever", kind="deploy", names=["web"], **ADMIN)
        assert "That is k8s_delete." in said
        assert desk.namespace in await desk.call("k8s_delete_forever", kind="secret", names=["door"], **ADMIN)
        assert "not found" in await desk.refused("k8s_get", kind="secret", name="door")

    on(work)
