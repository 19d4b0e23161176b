"""Why workloads, services, nodes and whole namespaces are not well: messages of real quotas and controllers."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from plugins.kubernetes.tests.conftest import Desk, On, deployment, desk_for, pod
from plugins.kubernetes.tests.failing import diagnosed, resources, runs, terminated, waiting
from plugins.kubernetes.tests.test_diagnosing_pending import says_unschedulable
from tests.real.kubernetes import Kube

pytestmark = [pytest.mark.real, pytest.mark.built]


def test_a_quota_that_is_used_up(on: On) -> None:
    quota = {
        "apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "small"},
        "spec": {"hard": {"requests.cpu": "1", "pods": "5"}},
    }  # fmt: skip

    async def work(desk: Desk) -> None:
        await desk.beside(desk.kube.create, quota, desk.namespace)
        path = desk.path("resourcequotas", "small")
        await desk.beside(desk.kube.wait_for, path, lambda it: (it.get("status") or {}).get("hard"))
        made = deployment("web", 2, **resources(cpu="600m"))
        await desk.beside(desk.kube.create, made, desk.namespace)
        path = desk.path("deployments", "web", "apps/v1")
        failing = {"type": "ReplicaFailure", "status": "True"}
        await desk.beside(
            desk.kube.wait_for, path,
            lambda it: any(failing.items() <= one.items() for one in it["status"].get("conditions", ())),
        )  # fmt: skip
        found = await desk.call("k8s_diagnose", kind="deployment", name="web")
        [cause] = found["causes"]
        assert cause["what"] == (
            "The quota small of the namespace is used up: a pod needs requests.cpu=600m, "
            "requests.cpu=600m is used of requests.cpu=1."
        )
        assert "quota small" in found["answer"]
        await desk.beside(desk.kube.create, deployment("bare"), desk.namespace)
        path = desk.path("deployments", "bare", "apps/v1")
        await desk.beside(desk.kube.wait_for, path, lambda it: "ReplicaFailure" in str(it["status"]))
        found = await desk.call("k8s_diagnose", kind="deploy", name="bare")
        assert [one["what"] for one in found["causes"]] == ["A quota wants every container to say what it needs."]

    on(work)


def test_workloads_and_whole_namespaces(on: On) -> None:
    async def work(desk: Desk) -> None:
        await desk.beside(desk.kube.create, deployment("none", 0), desk.namespace)
        found = await desk.call("k8s_diagnose", kind="deploy", name="none")
        assert found["answer"] == "Deployment none: It is scaled to 0."
        await runs(desk, pod("fine"), {"state": {"running": {}}}, ready=True)
        await runs(desk, pod("wrong"), {"state": waiting("CrashLoopBackOff"), "lastState": terminated(127)})
        whole = await desk.call("k8s_diagnose")
        assert [one["pod"] for one in whole["pods"]] == ["wrong"]
        assert whole["answer"].startswith(
            f"Namespace {desk.namespace} (2 pods): The container main ends with exit code 127"
        )
        alone = await desk.call("k8s_diagnose", name="fine")
        assert alone["answer"] == "Pod fine: all is well."
        await desk.beside(desk.kube.ask, "DELETE", desk.path("pods", "wrong"), gracePeriodSeconds="0")
        await desk.beside(desk.kube.create, deployment("web", 7, image="no:1"), desk.namespace)
        path = desk.path("deployments", "web", "apps/v1")
        await desk.beside(desk.kube.wait_for, path, lambda it: it["status"].get("replicas") == 7)
        many = await desk.call("k8s_diagnose", kind="deploy", name="web")
        assert (len(many["pods"]), many["more"]) == (5, 2)
        assert "runs no pods" in await desk.refused("k8s_diagnose", kind="cm", name="x")

    on(work)


def test_what_may_not_be_looked_at_is_said_and_the_rest_goes_on(kube: Kube) -> None:
    async def work() -> None:
        async with desk_for(kube) as desk:
            await desk.beside(kube.create, pod("mine", **resources(cpu="90")))
            await desk.beside(kube.wait_for, "/api/v1/namespaces/default/pods/mine", says_unschedulable)
            found = await diagnosed(desk, "mine", context="viewer", namespace="default")
            assert any("no right to list events" in one for one in found["not_seen"])
            assert any("no right to list nodes" in one for one in found["not_seen"])
            assert found["causes"][0]["what"] == "No node has enough cpu left."
            await desk.beside(kube.ask, "DELETE", "/api/v1/namespaces/default/pods/mine")

    asyncio.run(work())


def test_a_service_whose_pods_are_broken_and_one_without_any(on: On) -> None:
    def service(name: str) -> dict[str, Any]:
        spec = {"selector": {"app": name}, "ports": [{"port": 80}]}
        return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": spec}

    async def work(desk: Desk) -> None:
        for name in ("web", "lonely"):
            await desk.beside(desk.kube.create, service(name), desk.namespace)
        await runs(desk, pod("web"), {"state": waiting("CrashLoopBackOff"), "lastState": terminated(139)})
        found = await desk.call("k8s_diagnose", kind="svc", name="web")
        assert "exit code 139: the program crashed (segmentation fault)" in found["answer"]
        found = await desk.call("k8s_diagnose", kind="svc", name="lonely")
        assert found["causes"][0]["seen"] == "No pod fits app=lonely."

    on(work)


def test_a_job_that_gave_up(on: On) -> None:
    made = pod("once")
    job = {
        "apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "once"},
        "spec": {"backoffLimit": 0, "template": {"spec": {**made["spec"], "restartPolicy": "Never"}}},
    }  # fmt: skip

    async def work(desk: Desk) -> None:
        await desk.beside(desk.kube.create, job, desk.namespace)
        path = f"/api/v1/namespaces/{desk.namespace}/pods"
        found = await desk.beside(desk.kube.wait_for, path, lambda it: it["items"])
        name = found["items"][0]["metadata"]["name"]
        status = {
            "name": "main",
            "image": "x",
            "imageID": "",
            "ready": False,
            "restartCount": 0,
            "state": terminated(2),
        }
        await desk.beside(
            desk.kube.patch_status, desk.path("pods", name), {"phase": "Failed", "containerStatuses": [status]}
        )
        path = desk.path("jobs", "once", "batch/v1")
        await desk.beside(desk.kube.wait_for, path, lambda it: it["status"].get("conditions"))
        said = (await desk.call("k8s_diagnose", kind="job", name="once"))["answer"]
        assert "It has failed: BackoffLimitExceeded." in said
        assert "ends with exit code 2" in said

    on(work)


def test_nodes_that_are_gone_or_not_ready_and_pods_that_are_going(on: On) -> None:
    async def work(desk: Desk) -> None:
        await desk.beside(desk.kube.node, "weak", taints=[{"key": "weak", "effect": "NoSchedule"}])
        await desk.beside(desk.kube.create, pod("web", nodeName="weak"), desk.namespace)
        down = {"type": "Ready", "status": "Unknown", "reason": "NodeStatusUnknown", "message": "Kubelet is silent."}
        await desk.beside(desk.kube.patch_status, "/api/v1/nodes/weak", {"conditions": [down]})
        [cause] = (await diagnosed(desk, "web"))["causes"]
        assert (cause["what"], cause["seen"]) == ("Its node weak is not ready.", "Kubelet is silent.")
        await desk.beside(desk.kube.ask, "DELETE", "/api/v1/nodes/weak")
        await desk.beside(desk.kube.ask, "DELETE", desk.path("pods", "web"))
        said = [one["what"] for one in (await diagnosed(desk, "web"))["causes"]]
        assert said == ["It is being deleted.", "Its node weak is gone."]

    on(work)
