"""Logs, usage and ports: what the real API server passes on from a stand-in kubelet, and custom kinds in place of a
metrics-server.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from plugins.kubernetes.tests.conftest import Desk, On, desk_for, pod, settings_for
from tests.real.kubelet import KubeletStandIn
from tests.real.kubernetes import Kube

pytestmark = [pytest.mark.real, pytest.mark.built]
HERE: dict[str, Any] = {"nodeName": "logs", "tolerations": [{"key": "only", "operator": "Exists"}]}
SIZE = 10**9 if os.environ.get("MCP_AGENT_FULL") else 5 * 10**7
LINE = b"2026-01-31 08:00:00 INFO an ordinary line of a log, neither long nor short, number\n"
_GROWTH = 50.0


# --- logs ---------------------------------------------------------------------------------------------


def test_logs_of_pods(on: On, kubelet: KubeletStandIn) -> None:
    text = "".join(f"line {number}\n" for number in range(300))
    kubelet.says("talker", text + "ERROR it broke\n  File 'a.py', line 3\nall is well again\nlast\n")
    kubelet.says("talker", "the sidecar\n", container="side")
    kubelet.says("talker", "fatal: no more room\n", previous=True)

    async def work(desk: Desk) -> None:
        made = pod("talker", **HERE)
        made["spec"]["containers"].append({"name": "side", "image": "side:1"})
        await desk.beside(desk.kube.create, made, desk.namespace)
        found = await desk.call("k8s_logs", pod="talker", tail=3)
        assert found["lines"] == ["  File 'a.py', line 3", "all is well again", "last"]
        assert (found["container"], found["other_containers"], found["more_before"]) == ("main", ["side"], True)
        assert kubelet.asked[-1]["tailLines"] == "3"  # only those come over the wire
        assert (await desk.call("k8s_logs", pod="talker", container="side"))["lines"] == ["the sidecar"]
        errors = await desk.call("k8s_logs", pod="talker", errors=True)
        assert errors["lines"] == ["ERROR it broke", "  File 'a.py', line 3"]
        assert (errors["matched"], errors["read"]) == (1, 304)
        assert (await desk.call("k8s_logs", pod="talker", previous=True))["lines"] == ["fatal: no more room"]
        grep = await desk.call("k8s_logs", pod="talker", grep="^line 29[0-4]$", tail=2)
        assert (grep["lines"], grep["matched"]) == (["line 293", "line 294"], 5)
        await desk.call("k8s_logs", pod="talker", since="2h", timestamps=True)
        assert (kubelet.asked[-1]["sinceSeconds"], kubelet.asked[-1]["timestamps"]) == ("7200", "true")
        assert "no regular expression" in await desk.refused("k8s_logs", pod="talker", grep="(")
        assert "It has: main, side." in await desk.refused("k8s_logs", pod="talker", container="none")
        assert "is no time" in await desk.refused("k8s_logs", pod="talker", since="yesterday")
        assert "not found" in await desk.refused("k8s_logs", pod="nobody")
        await desk.beside(desk.kube.create, pod("waits", schedulerName="nobody"), desk.namespace)
        assert "k8s_diagnose" in await desk.refused("k8s_logs", pod="waits")

    on(work)


_READ = """
import asyncio, json, sys, time
from mcp_agent.testing import host_for

def peak():
    [line] = [line for line in open("/proc/self/status") if line.startswith("VmHWM")]  # rusage counts the parent's too
    return int(line.split()[1]) / 1024

async def work():
    settings, where = json.loads(sys.argv[1])
    async with host_for("mcp_agent_kubernetes", settings) as host:
        await host.call("k8s_list", {"kind": "pods"})
        found = []
        for more in ({}, {"grep": "the last"}, {"errors": True}):
            before, begun = peak(), time.perf_counter()
            result = (await host.call("k8s_logs", {"pod": "long", "tail": 2000, **where, **more})).data
            found.append({
                "lines": len(result["lines"]), "read": result["read"], "growth": peak() - before,
                "seconds": time.perf_counter() - begun,
            })
        print(json.dumps({"whole": peak(), "found": found}))

asyncio.run(work())
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="The peak of memory is read from /proc.")
def test_memory_does_not_grow_with_the_log(
    kube: Kube, kubelet: KubeletStandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    """``MCP_AGENT_FULL=1`` takes a log of 1 GB."""
    namespace = kube.namespace()
    kube.create(pod("long", **HERE), namespace)
    kubelet.logs["long", "main", False] = (LINE, SIZE // len(LINE))  # a kubelet that ignores tailLines: all of it comes
    given = json.dumps([settings_for(kube), {"namespace": namespace}])
    done = subprocess.run([sys.executable, "-c", _READ, given], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    with capsys.disabled():
        print(f"\n{SIZE / 1e6:.0f} MB of log, {told['whole']:.0f} MB of memory in all at most")  # noqa: T201
        for name, one in zip(("all", "grep", "errors"), told["found"], strict=True):
            print(f"  {name}: {one['seconds']:.2f} s, {one['growth']:.1f} MB more, {one['read']:,} lines read")  # noqa: T201
    assert all(one["read"] >= SIZE // len(LINE) // 1000 * 1000 for one in told["found"])
    assert told["found"][0]["lines"] == 2000
    assert max(one["growth"] for one in told["found"]) < _GROWTH


# --- usage --------------------------------------------------------------------------------------------


def metrics_kind(plural: str, kind: str, scope: str) -> dict[str, Any]:
    """A custom kind that looks like what a metrics-server offers."""
    schema = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    version = {"name": "v1beta1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {
            "name": f"{plural}.metrics.k8s.io",
            "annotations": {"api-approved.kubernetes.io": "unapproved, for tests"},
        },
        "spec": {
            "group": "metrics.k8s.io", "scope": scope, "versions": [version],
            "names": {"plural": plural, "kind": kind, "listKind": f"{kind}List"},
        },
    }  # fmt: skip


def test_what_pods_and_nodes_use(kube: Kube) -> None:
    usage = {"apiVersion": "metrics.k8s.io/v1beta1"}

    async def work() -> None:
        async with desk_for(kube) as desk:
            assert "install metrics-server" in await desk.refused("k8s_top")
        for plural, kind, scope in (("pods", "PodMetrics", "Namespaced"), ("nodes", "NodeMetrics", "Cluster")):
            await asyncio.to_thread(kube.define, metrics_kind(plural, kind, scope))
        async with desk_for(kube) as desk:
            base = f"/apis/metrics.k8s.io/v1beta1/namespaces/{desk.namespace}/pods"
            limits = {"resources": {"limits": {"cpu": "500m", "memory": "256Mi"}}}
            for name, container, cpu, memory in (("small", {}, "3m", "10Mi"), ("busy", limits, "250000u", "128Mi")):
                await desk.beside(kube.create, pod(name, container=container), desk.namespace)
                containers = [{"name": "main", "usage": {"cpu": cpu, "memory": memory}}]
                thing = {**usage, "kind": "PodMetrics", "metadata": {"name": name}, "containers": containers}
                await desk.beside(kube.ask, "POST", base, thing)
            found = (await desk.call("k8s_top"))["use"]
            assert found == [
                {"name": "busy", "cpu": 250, "memory": 134.2, "cpu_percent": 50, "memory_percent": 50},
                {"name": "small", "cpu": 3, "memory": 10.5},
            ]
            nodes = {
                **usage,
                "kind": "NodeMetrics",
                "metadata": {"name": "one"},
                "usage": {"cpu": "1", "memory": "2Gi"},
            }
            await desk.beside(kube.ask, "POST", "/apis/metrics.k8s.io/v1beta1/nodes", nodes)
            found = (await desk.call("k8s_top", what="nodes", namespace=None, by="memory"))["use"]
            assert found[0] == {
                "name": "one", "cpu": 1000, "memory": 2147.5, "cpu_percent": 25, "memory_percent": 25,
            }  # fmt: skip
            pods = await desk.call("k8s_list", kind="pods")  # still those that run, not their metrics
            assert "ready" in pods["columns"]
        for plural in ("pods", "nodes"):
            path = f"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/{plural}.metrics.k8s.io"
            await asyncio.to_thread(kube.ask, "DELETE", path)

    asyncio.run(work())


# --- ports --------------------------------------------------------------------------------------------


def service(name: str, **spec: Any) -> dict[str, Any]:
    return {
        "apiVersion": "v1", "kind": "Service", "metadata": {"name": name},
        "spec": {"selector": {"app": name}, "ports": [{"name": "http", "port": 80, "targetPort": "web"}], **spec},
    }  # fmt: skip


async def listening(desk: Desk, name: str, *, ready: bool = True) -> None:
    made = pod(name, container={"ports": [{"name": "web", "containerPort": 8080}]})
    await desk.beside(desk.kube.create, made, desk.namespace)
    await desk.beside(desk.kube.wait_for, desk.path("pods", name), lambda it: it["spec"].get("nodeName"))
    await desk.beside(
        desk.kube.patch_status, desk.path("pods", name),
        {
            "phase": "Running", "podIP": "10.9.8.7", "podIPs": [{"ip": "10.9.8.7"}],
            "conditions": [{"type": "Ready", "status": "True" if ready else "False"}],
        },
    )  # fmt: skip


def test_a_port_that_leads_to_a_pod_and_ports_that_do_not(on: On) -> None:
    async def work(desk: Desk) -> None:
        await listening(desk, "shop")
        ports = [{"name": "http", "port": 80, "targetPort": "web"}, {"name": "wrong", "port": 81, "targetPort": 9999}]
        await desk.beside(desk.kube.create, service("shop", ports=ports), desk.namespace)
        path = f"/api/v1/namespaces/{desk.namespace}/endpoints"
        await desk.beside(desk.kube.wait_for, path, lambda it: any(one.get("subsets") for one in it["items"]))
        found = await desk.call("k8s_port_check", service="shop", port="80")
        assert (found["pods"], found["ready"]) == (1, 1)
        assert found["ports"] == [{"port": "http 80 -> web/TCP", "leads": True, "behind": ["10.9.8.7:8080"]}]
        both = (await desk.call("k8s_port_check", service="shop"))["ports"]
        assert "No container has a port 9999 of that number" in both[1]["problems"][0]
        assert "They have: web 8080/TCP" in both[1]["problems"][0]
        assert "It has: http 80 -> web/TCP" in await desk.refused("k8s_port_check", service="shop", port="443")
        policy = {
            "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "shut"},
            "spec": {"podSelector": {"matchLabels": {"app": "shop"}}, "policyTypes": ["Ingress"]},
        }  # fmt: skip
        await desk.beside(desk.kube.create, policy, desk.namespace)
        [port] = (await desk.call("k8s_port_check", service="shop", port="http"))["ports"]
        assert port["problems"] == [
            "The network policy shut holds for its pods, and lets nobody in, unless another policy does."
        ]

    on(work)


def test_services_without_pods_that_are_ready(on: On) -> None:
    async def work(desk: Desk) -> None:
        await desk.beside(desk.kube.create, service("lonely"), desk.namespace)
        [port] = (await desk.call("k8s_port_check", service="lonely"))["ports"]
        assert port["problems"] == ["No pod fits its selector app=lonely: see the labels of the pods."]
        assert not port["leads"]
        await listening(desk, "slow", ready=False)
        await desk.beside(desk.kube.create, service("slow"), desk.namespace)
        [port] = (await desk.call("k8s_port_check", service="slow"))["ports"]
        assert "None of its 1 pods is ready" in port["problems"][0]
        outside = {
            "apiVersion": "v1", "kind": "Service", "metadata": {"name": "far"},
            "spec": {"type": "ExternalName", "externalName": "db.example"},
        }  # fmt: skip
        await desk.beside(desk.kube.create, outside, desk.namespace)
        assert "only stands for the name db.example" in await desk.refused("k8s_port_check", service="far")

    on(work)


def test_node_ports_are_tried_from_here(on: On) -> None:
    async def work(desk: Desk) -> None:
        with socket.socket() as taken:
            for number in range(30100, 30200):
                try:
                    taken.bind(("127.0.0.1", number))
                except OSError:
                    continue
                break
            taken.listen()
            for name, port in (("open", taken.getsockname()[1]), ("shut", 30999)):
                ports = [{"port": 80, "nodePort": port}]
                await desk.beside(desk.kube.create, service(name, type="NodePort", ports=ports), desk.namespace)
                [found] = (await desk.call("k8s_port_check", service=name, connect=True))["ports"]
                said = "takes connections" if name == "open" else "refused"
                assert said in found["from_here"][f"127.0.0.1:{port}"]

    on(work)
