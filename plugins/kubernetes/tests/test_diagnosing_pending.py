"""Why pods are on no node: messages of the real scheduler."""

from __future__ import annotations

from typing import Any

import pytest

from plugins.kubernetes.tests.conftest import Desk, On, pod
from plugins.kubernetes.tests.failing import resources
from tests.real.kubelet import KubeletStandIn

pytestmark = [pytest.mark.real, pytest.mark.built]


def says_unschedulable(thing: dict[str, Any]) -> bool:
    return any(
        one["type"] == "PodScheduled" and one["status"] == "False"
        for one in (thing.get("status") or {}).get("conditions") or ()
    )


async def cause_of_pending(desk: Desk, made: dict[str, Any]) -> Any:
    """The pod is made, the real scheduler refuses it, and its cause is looked for."""
    name = made["metadata"]["name"]
    await desk.beside(desk.kube.create, made, desk.namespace)
    await desk.beside(desk.kube.wait_for, desk.path("pods", name), says_unschedulable)
    return (await desk.call("k8s_diagnose", name=name))["pods"][0]


@pytest.mark.parametrize(
    ("spec", "what", "do"),
    [
        (resources(cpu="64"), "It asks for 64.0 of cpu; the largest node has 4000m in all.", "add a node of that size"),
        (resources(memory="100Gi"), "It asks for 100 GiB of memory; the largest node has 8 GiB in all.", "less memory"),
        ({"nodeSelector": {"disk": "tape"}}, "No node has the labels that it wants: disk=tape.", "nodeSelector"),
        (
            {"volumes": [{"name": "v", "persistentVolumeClaim": {"claimName": "nowhere"}}]},
            "The PersistentVolumeClaim nowhere that it mounts is not there.",
            "Make it",
        ),
        ({"schedulerName": "nobody"}, "No scheduler has looked at it.", "See whether nobody runs"),
    ],
)
def test_pods_that_no_node_takes(on: On, spec: dict[str, Any], what: str, do: str) -> None:
    async def work(desk: Desk) -> None:
        if "schedulerName" in spec:
            await desk.beside(desk.kube.create, pod("stuck", **spec), desk.namespace)
            found = (await desk.call("k8s_diagnose", name="stuck"))["pods"][0]
        else:
            found = await cause_of_pending(desk, pod("stuck", **spec))
        assert found["state"].startswith("Pending")
        [cause] = [
            one for one in found["causes"] if "only=tests" not in one["what"]
        ]  # the node of the stand-in kubelet
        assert cause["what"] == what
        assert do in cause["do"]

    on(work)


def test_nodes_that_are_full(on: On) -> None:
    async def work(desk: Desk) -> None:
        await desk.beside(desk.kube.create, pod("first", **resources(cpu="3500m")), desk.namespace)
        await desk.beside(desk.kube.wait_for, desk.path("pods", "first"), lambda it: it["spec"].get("nodeName"))
        found = await cause_of_pending(desk, pod("second", **resources(cpu="1500m")))
        assert "No node has 1500m of cpu left: other pods have taken it." in [one["what"] for one in found["causes"]]
        assert "Insufficient cpu" in found["causes"][0]["seen"]
        await desk.beside(desk.kube.ask, "DELETE", desk.path("pods", "first"))

    on(work)


def test_a_node_with_a_taint(on: On, kubelet: KubeletStandIn) -> None:
    async def work(desk: Desk) -> None:
        made = pod("picky", nodeSelector={"kubernetes.io/hostname": "logs"})
        await desk.beside(
            desk.kube.ask, "PATCH", "/api/v1/nodes/logs",
            {"metadata": {"labels": {"kubernetes.io/hostname": "logs"}}}, "application/merge-patch+json",
        )  # fmt: skip
        found = await cause_of_pending(desk, made)
        assert any("taint that it does not tolerate: only=tests:NoSchedule" in one["what"] for one in found["causes"])

    on(work)


def test_a_claim_without_a_volume(on: On) -> None:
    claim = {
        "apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "data"},
        "spec": {
            "accessModes": ["ReadWriteOnce"], "storageClassName": "gold",
            "resources": {"requests": {"storage": "1Gi"}},
        },
    }  # fmt: skip

    async def work(desk: Desk) -> None:
        await desk.beside(desk.kube.create, claim, desk.namespace)
        volumes = [{"name": "v", "persistentVolumeClaim": {"claimName": "data"}}]
        found = await cause_of_pending(desk, pod("db", volumes=volumes))
        assert [one["what"] for one in found["causes"]] == ["Its PersistentVolumeClaim has no volume yet: data."]
        events = (await desk.call("k8s_describe", kind="pvc", name="data"))["events"]
        assert any('"gold" not found' in one["message"] for one in events)  # the real volume controller

    on(work)
