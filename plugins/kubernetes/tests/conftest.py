"""One real cluster for all tests; each takes a namespace of its own."""

from __future__ import annotations

import asyncio
import itertools
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from mcp_agent.testing import host_for
from plugins.kubernetes.tests.standin import StandIn, stand_in
from tests.conftest import pytest_runtest_makereport as pytest_runtest_makereport
from tests.real.certificates import make_certificates
from tests.real.kubelet import KubeletStandIn, kubelet_stand_in
from tests.real.kubernetes import Kube, kubernetes
from tests.support.desk import AnyDesk

MODULE = "mcp_agent_kubernetes"
_numbers = itertools.count(1)


class Desk(AnyDesk):
    """Whose context ``admin`` is writable and ``viewer`` only read, with a namespace of the test's own."""

    kube: Kube
    namespace: str

    def path(self, plural: str, name: str, group: str = "") -> str:
        base = f"/apis/{group}" if group else "/api/v1"
        return f"{base}/namespaces/{self.namespace}/{plural}/{name}"

    async def beside(self, work: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        """What blocks, as ``kube`` does."""
        return await asyncio.to_thread(work, *arguments, **named)


On = Callable[[Callable[[Desk], Awaitable[None]]], None]
"""The fixture ``on``."""


@pytest.fixture(scope="session")
def kube() -> Iterator[Kube]:
    with tempfile.TemporaryDirectory(prefix="kube-") as folder, kubernetes(Path(folder)) as running:
        running.node("one", labels={"disk": "ssd"})
        yield running


@pytest.fixture(scope="session")
def kubelet(kube: Kube) -> Iterator[KubeletStandIn]:
    """The kubelet of the node ``logs``."""
    with kubelet_stand_in(kube.certificates) as stand_in:
        taint = {"key": "only", "value": "tests", "effect": "NoSchedule"}
        kube.node("logs", kubelet_port=stand_in.port, taints=[taint])
        yield stand_in


@pytest.fixture(scope="session")
def certificates() -> Iterator[Path]:
    """Of the stand-in server."""
    with tempfile.TemporaryDirectory() as folder:
        yield make_certificates(Path(folder))


@pytest.fixture
def server(certificates: Path) -> Iterator[StandIn]:
    """A stand-in for an API server, where a real one would not do what is tested."""
    with stand_in(certificates) as found:
        yield found


@pytest.fixture(autouse=True)
def _home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test touches the files of whoever runs it, or looks at their clusters."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("MCP_AGENT_HOME", str(home))
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("KUBECONFIG", raising=False)


def settings_for(kube: Kube, **contexts: Mapping[str, Any]) -> dict[str, Any]:
    users = {"admin": {"token": kube.admin}, "viewer": {"token": kube.viewer}}
    path = kube.kubeconfig(f"desk-{next(_numbers)}", **users)
    return {"kubeconfig": str(path), "contexts": {"admin": {"writable": True}, **contexts}}


@asynccontextmanager
async def desk_for(kube: Kube, folder: Path | None = None, **contexts: Mapping[str, Any]) -> AsyncIterator[Desk]:
    namespace = await asyncio.to_thread(kube.namespace)
    async with host_for(MODULE, settings_for(kube, **contexts), folder=folder) as host:
        yield Desk(host, {"namespace": namespace}, kube, namespace)


@pytest.fixture
def on(kube: Kube, tmp_path: Path) -> On:
    """Runs a test: ``on(work)``."""

    def run(work: Callable[[Desk], Awaitable[None]]) -> None:
        async def within() -> None:
            async with desk_for(kube, tmp_path) as desk:
                await work(desk)

        asyncio.run(within())

    return run


def pod(name: str, *, image: str = "shop:1", **spec: Any) -> dict[str, Any]:
    container = {"name": "main", "image": image, **spec.pop("container", {})}
    meta = {"name": name, "labels": {"app": name, **spec.pop("labels", {})}}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": {"containers": [container], **spec}}


def deployment(name: str, replicas: int = 1, **template: Any) -> dict[str, Any]:
    made = pod(name, **template)
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name},
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": {"app": name}},
            "template": {"metadata": {"labels": made["metadata"]["labels"]}, "spec": made["spec"]},
        },
    }


CRD: dict[str, Any] = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {"name": "lanterns.lab.example"},
    "spec": {
        "group": "lab.example",
        "scope": "Namespaced",
        "names": {"plural": "lanterns", "singular": "lantern", "kind": "Lantern", "shortNames": ["lan"]},
        "versions": [
            {
                "name": "v1",
                "served": True,
                "storage": True,
                "subresources": {
                    "status": {},
                    "scale": {"specReplicasPath": ".spec.count", "statusReplicasPath": ".status.x"},
                },
                "additionalPrinterColumns": [{"name": "Colour", "type": "string", "jsonPath": ".spec.colour"}],
                "schema": {
                    "openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True},
                },
            }
        ],
    },
}


@pytest.fixture(scope="session")
def lanterns(kube: Kube) -> None:
    """A custom kind."""
    kube.define(CRD)


def lantern(name: str, **spec: Any) -> dict[str, Any]:
    return {"apiVersion": "lab.example/v1", "kind": "Lantern", "metadata": {"name": name}, "spec": spec}
