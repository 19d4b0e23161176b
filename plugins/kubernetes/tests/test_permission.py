"""Changes only where a person switched them on, and where they see what would land."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from mcp_agent import Config, Host, ToolError
from mcp_agent.testing import ScriptedCaller, host_for
from plugins.kubernetes.tests.conftest import MODULE, Desk, On, deployment, pod, settings_for
from plugins.kubernetes.tests.writing import ADMIN, as_text, config_map
from tests.real.kubernetes import Kube

pytestmark = [pytest.mark.real, pytest.mark.built]

WRITES: dict[str, dict[str, Any]] = {
    "k8s_diff": {"manifests": as_text(config_map("a", x="1"))},
    "k8s_apply": {"manifests": as_text(config_map("a", x="1")), "plan": "0123456789abcdef"},
    "k8s_scale": {"kind": "deploy", "name": "web", "replicas": 9},
    "k8s_rollout": {"action": "restart", "name": "web"},
    "k8s_delete": {"kind": "deploy", "names": ["web"]},
    "k8s_delete_forever": {"kind": "pod", "names": ["lone"]},
}


def test_a_context_is_only_read_unless_a_person_says_otherwise_and_no_write_reaches_the_server(kube: Kube) -> None:
    async def work() -> None:
        namespace = await asyncio.to_thread(kube.namespace)
        await asyncio.to_thread(kube.create, deployment("web"), namespace)
        await asyncio.to_thread(kube.create, pod("lone"), namespace)
        pki = kube.certificates
        cert = {"client-certificate": str(pki / "client.pem"), "client-key": str(pki / "client.key")}
        path = await asyncio.to_thread(kube.kubeconfig, "read-only", cert)
        async with host_for(MODULE, {"kubeconfig": str(path)}) as host:
            writing = {tool.name for tool in host.tools() if tool.effect != "read"}
            assert writing == WRITES.keys() - {"k8s_diff"}
            for name, arguments in WRITES.items():
                with pytest.raises(ToolError, match=r"only for reading[\s\S]*contexts: admin: {writable: true}"):
                    await host.call(name, {**arguments, **ADMIN, "namespace": namespace})
            for name in ("k8s_list", "k8s_get"):
                named = {"name": "web"} if name == "k8s_get" else {}
                await host.call(name, {"kind": "deploy", "namespace": namespace, **named})
        asked = await asyncio.to_thread(kube.requests_of, "cert-admin")
        assert f"get deployments {namespace}/web" in asked
        assert await asyncio.to_thread(kube.writes_of, "cert-admin") == []

    asyncio.run(work())


def test_the_cluster_has_to_be_named_for_changes(on: On) -> None:
    async def work(desk: Desk) -> None:
        for name, arguments in WRITES.items():
            assert "context" in await desk.refused(name, **arguments)

    on(work)


def test_the_person_sees_where_it_would_land(kube: Kube, tmp_path: Path) -> None:
    """The question that is asked before each change, in a host with the usual rules."""

    async def work() -> None:
        namespace = await asyncio.to_thread(kube.namespace)
        await asyncio.to_thread(kube.create, deployment("web"), namespace)
        await asyncio.to_thread(kube.create, pod("lone"), namespace)
        config = Config(plugins={"kubernetes": settings_for(kube)})
        async with Host(config, on_disk=False, modules=[MODULE], installed=False) as host:
            await host.started()
            things = {"namespace": namespace, **ADMIN}
            manifests = {"manifests": as_text(config_map("a", x="1"), deployment("web", 3))}
            plan = (await host.call("k8s_diff", {**manifests, **things, "force": True})).data["plan"]
            calls = {**WRITES, "k8s_apply": {**manifests, "plan": plan, "force": True}}
            del calls["k8s_diff"]
            said = {}
            for name, arguments in calls.items():
                person = ScriptedCaller(elicit=["decline"], principal=f"person-{name}")
                with pytest.raises(ToolError):
                    await host.call(name, {**arguments, **things}, person)
                [(_, asked)] = person.asked
                said[name] = str(asked["message"])
                assert f"context admin (cluster lab, {kube.url}), namespace {namespace}" in said[name]
            assert "create ConfigMap" in said["k8s_apply"]
            assert "spec.replicas: 1 -> 3" in said["k8s_apply"]
            assert "scale Deployment web from 1 to 9" in said["k8s_scale"]
            assert "restart Deployment web" in said["k8s_rollout"]
            assert "delete Deployment web" in said["k8s_delete"]
            assert "for good" in said["k8s_delete_forever"]
        left = await asyncio.to_thread(kube.ask, "GET", f"/apis/apps/v1/namespaces/{namespace}/deployments/web")
        assert left["metadata"]["generation"] == 1

    asyncio.run(work())
