"""Why containers do not run: what kubelets write, tests write."""

from __future__ import annotations

from typing import Any

import pytest

from plugins.kubernetes.tests.conftest import Desk, On, pod
from plugins.kubernetes.tests.failing import diagnosed, runs, terminated, waiting
from tests.real.kubelet import KubeletStandIn

pytestmark = [pytest.mark.real, pytest.mark.built]


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
