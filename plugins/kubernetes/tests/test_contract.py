"""What every plugin keeps: on a machine without a kubeconfig, and beside a real cluster."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, ClassVar

import mcp_agent_kubernetes
import pytest

from mcp_agent import ToolError
from mcp_agent.testing import PluginContract, host_for
from plugins.kubernetes.tests.conftest import MODULE, deployment, pod, settings_for
from tests.real.kubernetes import Kube

MANIFEST = "{apiVersion: v1, kind: ConfigMap, metadata: {name: made}, data: {a: b}}"
EXAMPLES: dict[str, dict[str, Any]] = {
    "k8s_contexts": {},
    "k8s_list": {"kind": "pods"},
    "k8s_get": {"kind": "pod", "name": "web"},
    "k8s_describe": {"kind": "pod", "name": "web"},
    "k8s_events": {},
    "k8s_logs": {"pod": "web"},
    "k8s_top": {},
    "k8s_port_check": {"service": "web"},
    "k8s_diagnose": {"name": "web"},
    "k8s_rollout_status": {"name": "web"},
    "k8s_diff": {"manifests": MANIFEST},
    "k8s_apply": {"manifests": MANIFEST, "plan": "0123456789abcdef"},
    "k8s_scale": {"kind": "deployment", "name": "web", "replicas": 2},
    "k8s_rollout": {"action": "restart", "name": "web"},
    "k8s_delete": {"kind": "configmap", "names": ["left"]},
    "k8s_delete_forever": {"kind": "pod", "names": ["lone"]},
}
WRITES = ("k8s_diff", "k8s_apply", "k8s_scale", "k8s_rollout", "k8s_delete", "k8s_delete_forever")


class TestWithoutAKubeconfig(PluginContract):
    module = MODULE


@pytest.mark.real
@pytest.mark.built
class TestWithARealCluster(PluginContract):
    module = MODULE
    settings: ClassVar[Mapping[str, Any]] = {}
    examples: ClassVar[Mapping[str, Mapping[str, Any]]] = {}

    @pytest.fixture(autouse=True)
    def _here(self, kube: Kube, monkeypatch: pytest.MonkeyPatch) -> None:
        namespace = kube.namespace()
        ports = {"ports": [{"port": 80}], "selector": {"app": "web"}}
        left = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "left"}}
        service = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}, "spec": ports}
        for thing in (pod("web"), pod("lone"), deployment("web"), left, service):
            kube.create(thing, namespace)
        settings = settings_for(kube)
        without = ("k8s_logs", "k8s_top")  # those have tests of their own
        where = {"context": "admin", "namespace": namespace}
        examples = {  # first those that write: what was read before makes them be asked about
            name: {**arguments, **where} if name != "k8s_contexts" else {}
            for name, arguments in sorted(EXAMPLES.items(), key=lambda one: one[0] not in WRITES) if name not in without
        }  # fmt: skip
        examples["k8s_diff"] = examples.pop("k8s_diff")
        examples["k8s_apply"]["plan"] = _plan(settings, examples["k8s_diff"])
        monkeypatch.setattr(type(self), "settings", settings)
        monkeypatch.setattr(type(self), "examples", examples)


def _plan(settings: dict[str, Any], manifest: dict[str, Any]) -> str:
    async def work() -> str:
        async with host_for(MODULE, settings) as host:
            return str((await host.call("k8s_diff", manifest)).data["plan"])

    return asyncio.run(work())


def test_there_is_an_example_for_every_tool() -> None:
    assert set(EXAMPLES) == {tool.__name__ for tool in mcp_agent_kubernetes.TOOLS}


def test_without_a_kubeconfig_every_tool_says_so_and_what_to_do() -> None:
    async def work() -> None:
        async with host_for(MODULE) as host:
            assert "There is no kubeconfig" in (await host.checks())["kubernetes"]
            for name, arguments in EXAMPLES.items():
                whole = {**arguments, "context": "lab"} if name in WRITES else arguments
                with pytest.raises(ToolError, match=r"There is no kubeconfig[\s\S]*plugins: kubernetes: kubeconfig"):
                    await host.call(name, whole)

    asyncio.run(work())
