"""Why things do not run: messages of the real scheduler, quotas and controllers; what kubelets write, tests write."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from plugins.kubernetes.tests.conftest import Desk, deployment, desk_for, pod
from tests.real.kubelet import KubeletStandIn
from tests.real.kubernetes import Kube

pytestmark = [pytest.mark.real, pytest.mark.built]
On = Callable[[Callable[[Desk], Awaitable[None]]], None]


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


def resources(**requests: str) -> dict[str, Any]:
    return {"container": {"resources": {"requests": requests}}}


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


@pytest.mark.parametrize(
    ("reason", "message", "do"),
    [
        (
            "ErrImagePull",
            'rpc error: manifest for "shop:1" not found: manifest unknown',
            "no image of that name and tag",
        ),
        ("ImagePullBackOff", "pull access denied for shop, repository does not exist or may require login", "login"),
        ("ErrImagePull", "dial tcp: lookup registry.example: no such host", "does not reach the registry"),
        ("InvalidImageName", "couldn't parse image reference", "Mend how the image is written"),
    ],
)
def test_images_that_cannot_be_pulled(on: On, reason: str, message: str, do: str) -> None:
    async def work(desk: Desk) -> None:
        made = await runs(desk, pod("web"), {"state": waiting(reason, "Back-off pulling image")}, phase="Pending")
        await desk.beside(desk.kube.event, desk.namespace, made, "Failed", f'Failed to pull image "shop:1": {message}')
        [cause] = (await diagnosed(desk, "web"))["causes"]
        assert cause["what"] == "The image shop:1 of main cannot be pulled."
        assert message[:20] in cause["seen"]
        assert do in cause["do"]

    on(work)


def test_a_crash_loop_comes_with_its_last_words(on: On, kubelet: KubeletStandIn) -> None:
    kubelet.says("crasher", "starting\nTraceback (most recent call last):\nKeyError: 'PORT'\n", previous=True)
    toleration = [{"key": "only", "operator": "Exists"}]

    async def work(desk: Desk) -> None:
        state = {
            "state": waiting("CrashLoopBackOff", "back-off 5m0s restarting failed container"),
            "lastState": terminated(1), "restartCount": 7,
        }  # fmt: skip
        await runs(desk, pod("crasher", tolerations=toleration, nodeName="logs"), state)
        found = await diagnosed(desk, "crasher")
        [cause] = found["causes"]
        assert cause["what"] == "The container main ends with exit code 1: the program gave up by itself."
        assert "7 restarts so far" in cause["seen"]
        assert found["logs"]["main"][-1] == "KeyError: 'PORT'"
        assert "CrashLoopBackOff" in found["state"]

    on(work)


def test_out_of_memory(on: On) -> None:
    async def work(desk: Desk) -> None:
        made = pod("hungry", container={"resources": {"limits": {"memory": "64Mi"}}})
        state = {"state": waiting("CrashLoopBackOff"), "lastState": terminated(137, "OOMKilled"), "restartCount": 3}
        await runs(desk, made, state)
        [cause] = (await diagnosed(desk, "hungry"))["causes"]
        assert cause["what"] == "The container main used more memory than it may: 64Mi."

    on(work)


@pytest.mark.parametrize("kind", ["ConfigMap", "Secret"])
def test_a_configuration_that_is_not_there(on: On, kind: str) -> None:
    key = f"{kind[0].lower()}{kind[1:]}"

    async def work(desk: Desk) -> None:
        made = pod("web", container={"envFrom": [{f"{key}Ref": {"name": "settings"}}]})
        state = {"state": waiting("CreateContainerConfigError", f'{kind.lower()} "settings" not found')}
        await runs(desk, made, state, phase="Pending")
        said = [one["what"] for one in (await diagnosed(desk, "web"))["causes"]]
        assert f"The {kind} settings that it needs is not there." in said
        assert f'The container main cannot be set up: {kind.lower()} "settings" not found.' in said

    on(work)


@pytest.mark.parametrize(("probe", "killed"), [("Readiness", False), ("Liveness", True), ("Startup", False)])
def test_probes_that_fail(on: On, probe: str, killed: bool) -> None:
    message = f"{probe} probe failed: HTTP probe failed with statuscode: 503"

    async def work(desk: Desk) -> None:
        state: dict[str, Any] = {"state": {"running": {}}}
        if killed:
            state |= {"lastState": terminated(137), "restartCount": 4}
        made = await runs(desk, pod("web"), state)
        await desk.beside(desk.kube.event, desk.namespace, made, "Unhealthy", message, count=9)
        if killed:
            killing = "Container main failed liveness probe, will be restarted"
            await desk.beside(desk.kube.event, desk.namespace, made, "Killing", killing)
        [cause] = (await diagnosed(desk, "web"))["causes"]
        assert cause["what"] == f"Its {probe.lower()} probe fails."
        assert cause["seen"] == f"{message} (9 times)"

    on(work)


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


@pytest.mark.parametrize(
    ("status", "event", "what"),
    [
        (
            {"phase": "Failed", "reason": "Evicted", "message": "The node was low on resource: memory."},
            None,
            "It was ended: Evicted.",
        ),
        (
            {"phase": "Pending"},
            ("FailedMount", 'MountVolume.SetUp failed for volume "v": secret "x" not found'),
            "A volume of it cannot be mounted.",
        ),
        (
            {"phase": "Pending"},
            ("FailedCreatePodSandBox", "failed to set up network: no plugin"),
            "Its node cannot make the network of the pod.",
        ),
    ],
)
def test_other_ways_to_fail(on: On, status: dict[str, Any], event: tuple[str, str] | None, what: str) -> None:
    async def work(desk: Desk) -> None:
        made = await runs(desk, pod("web"), {"state": waiting("ContainerCreating")}, **status)
        if event is not None:
            await desk.beside(desk.kube.event, desk.namespace, made, *event)
        found = await diagnosed(desk, "web")
        assert what in [one["what"] for one in found["causes"]]

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
