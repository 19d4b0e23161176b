"""The tools that change something, beside a real API server with its controllers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from mcp_agent import Config, Host, ToolError
from mcp_agent.testing import ScriptedCaller, host_for
from plugins.kubernetes.tests.conftest import MODULE, Desk, deployment, desk_for, lantern, pod, settings_for
from tests.real.kubernetes import Kube

pytestmark = [pytest.mark.real, pytest.mark.built]
On = Callable[[Callable[[Desk], Awaitable[None]]], None]
ADMIN = {"context": "admin"}


def config_map(name: str, **data: str) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": data}


def as_text(*things: dict[str, Any]) -> str:
    return yaml.safe_dump_all(things)


async def applied(desk: Desk, *things: dict[str, Any], **more: Any) -> Any:
    """Diff first, then exactly that."""
    given = {"manifests": as_text(*things), **ADMIN, **more}
    plan = (await desk.call("k8s_diff", **given))["plan"]
    return await desk.call("k8s_apply", plan=plan, **given)


async def spec_of(desk: Desk, name: str = "web") -> Any:
    return (await desk.beside(desk.kube.ask, "GET", desk.path("deployments", name, "apps/v1")))["spec"]


async def undo(desk: Desk) -> Any:
    done = await desk.host.undo()
    assert done.stopped is None, done.stopped
    return done


# --- only where it is switched on ---------------------------------------------------------------------


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


# --- apply --------------------------------------------------------------------------------------------


def test_applying_is_tried_shown_done_and_undone(on: On, lanterns: None) -> None:
    async def work(desk: Desk) -> None:
        things = [config_map("app", colour="red"), deployment("web", 2), lantern("red", colour="red")]
        given = {"manifests": as_text(*things), **ADMIN}
        shown = await desk.call("k8s_diff", **given)
        assert [step["action"] for step in shown["steps"]] == ["create"] * 3
        assert desk.namespace in shown["where"]
        assert "not found" in await desk.refused("k8s_get", kind="cm", name="app")  # it was only tried
        assert (await desk.call("k8s_apply", plan=shown["plan"], **given))["done"][0].endswith("made")
        assert (await spec_of(desk))["replicas"] == 2

        changed = [config_map("app", colour="blue", size="7"), deployment("web", 4, image="shop:2"), things[2]]
        given = {"manifests": as_text(*changed), **ADMIN}
        shown = await desk.call("k8s_diff", **given)
        assert [step["action"] for step in shown["steps"]] == ["change", "change", "keep"]
        assert shown["steps"][0]["changes"] == ["data.colour: red -> blue", "+ data.size: 7"]
        assert set(shown["steps"][1]["changes"]) == {
            "spec.replicas: 2 -> 4", "spec.template.spec.containers[0].image: shop:1 -> shop:2",
        }  # fmt: skip
        await desk.call("k8s_apply", plan=shown["plan"], **given)
        assert (await spec_of(desk))["template"]["spec"]["containers"][0]["image"] == "shop:2"
        path = desk.path("deployments", "web", "apps/v1")
        revision = "deployment.kubernetes.io/revision"
        await desk.beside(
            desk.kube.wait_for, path, lambda it: (it["metadata"].get("annotations") or {}).get(revision) == "2"
        )

        done = await undo(desk)  # although a controller has noted something on it since
        assert (await spec_of(desk))["replicas"] == 2
        assert (await spec_of(desk))["template"]["spec"]["containers"][0]["image"] == "shop:1"
        assert yaml.safe_load((await desk.call("k8s_get", kind="cm", name="app", part="data"))["yaml"]) == {
            "colour": "red"
        }
        assert (await desk.host.undo(change=done.undoings[0])).stopped is None
        assert (await spec_of(desk))["replicas"] == 4
        await undo(desk)
        await undo(desk)
        for kind, name in (("cm", "app"), ("deploy", "web"), ("lantern", "red")):
            assert "not found" in await desk.refused("k8s_get", kind=kind, name=name)

    on(work)


def test_undo_overwrites_nothing_newer(on: On) -> None:
    async def work(desk: Desk) -> None:
        await applied(desk, config_map("app", colour="red"))
        await applied(desk, config_map("app", colour="blue"))
        path = desk.path("configmaps", "app")
        await desk.beside(desk.kube.ask, "PATCH", path, {"data": {"colour": "gold"}}, "application/merge-patch+json")
        assert "changed again since" in str((await desk.host.undo()).stopped)
        assert (await desk.beside(desk.kube.ask, "GET", path))["data"] == {"colour": "gold"}

    on(work)


@pytest.mark.parametrize("by", ["a controller", "a person"])
def test_what_is_written_in_the_moment_of_undoing(on: On, by: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Right before each of three attempts: a status does not keep undo from working, a setting stops it."""
    from mcp_agent_kubernetes import undoing

    original, moments = undoing._over, iter("123")

    async def work(desk: Desk) -> None:
        await applied(desk, deployment("web", 0))
        await applied(desk, deployment("web", 0, image="shop:2"))
        path = desk.path("deployments", "web", "apps/v1")

        def interrupted(live: Any, wanted: Any) -> Any:
            number = next(moments, None)
            if number is not None and by == "a controller":
                status = {"conditions": [{"type": "Busy", "status": "True", "message": number}]}
                desk.kube.patch_status(path, status)
            elif number is not None:
                spec = {"spec": {"revisionHistoryLimit": int(number)}}
                desk.kube.ask("PATCH", path, spec, "application/merge-patch+json")
            return original(live, wanted)

        monkeypatch.setattr(undoing, "_over", interrupted)
        stopped = (await desk.host.undo()).stopped
        spec = await spec_of(desk)
        image = spec["template"]["spec"]["containers"][0]["image"]
        if by == "a controller":
            assert (stopped, image, next(moments, None)) == (None, "shop:1", None)
        else:
            assert "has been modified" in str(stopped)
            assert (image, spec["revisionHistoryLimit"], next(moments)) == ("shop:2", 1, "2")

    on(work)


def test_a_plan_holds_only_while_nothing_changes(on: On) -> None:
    async def work(desk: Desk) -> None:
        await applied(desk, config_map("app", colour="red"))
        given = {"manifests": as_text(config_map("app", colour="blue")), **ADMIN}
        plan = (await desk.call("k8s_diff", **given))["plan"]
        assert "not what that plan was made of" in await desk.refused(
            "k8s_apply", plan=plan, **{**given, "manifests": as_text(config_map("app", colour="green"))}
        )
        path = desk.path("configmaps", "app")
        patch = {"data": {"more": "1"}}
        await desk.beside(desk.kube.ask, "PATCH", path, patch, "application/merge-patch+json")
        assert "not what that plan was made of" in await desk.refused("k8s_apply", plan=plan, **given)
        assert (await desk.beside(desk.kube.ask, "GET", path))["data"]["colour"] == "red"

    on(work)


def test_a_status_that_moves_does_not_spoil_a_plan(on: On) -> None:
    async def work(desk: Desk) -> None:
        await applied(desk, deployment("web", 1))
        given = {"manifests": as_text(deployment("web", 2)), **ADMIN}
        plan = (await desk.call("k8s_diff", **given))["plan"]
        path = desk.path("deployments", "web", "apps/v1")
        await desk.beside(desk.kube.patch_status, path, {"conditions": [{"type": "Made", "status": "True"}]})
        await desk.call("k8s_apply", plan=plan, **given)
        assert (await spec_of(desk))["replicas"] == 2

    on(work)


def test_fields_of_others_are_not_taken_over_silently(on: On) -> None:
    async def work(desk: Desk) -> None:
        made = {**deployment("web", 1), "metadata": {"name": "web", "namespace": desk.namespace}}
        path = desk.path("deployments", "web", "apps/v1")
        await desk.beside(desk.kube.ask, "PATCH", path, made, "application/apply-patch+yaml", fieldManager="flux")
        given = {"manifests": as_text(deployment("web", 5)), **ADMIN}
        said = await desk.refused("k8s_diff", **given)
        assert "others manage these fields" in said
        assert '"flux"' in said
        assert ".spec.replicas" in said
        assert "force=true" in said
        assert (await spec_of(desk))["replicas"] == 1
        await applied(desk, deployment("web", 5), force=True)
        assert (await spec_of(desk))["replicas"] == 5

    on(work)


def test_what_this_plugin_changed_otherwise_is_no_conflict(on: On) -> None:
    """Scaling, and what undo puts back, belongs to another manager of fields in the eyes of the server."""

    async def work(desk: Desk) -> None:
        await applied(desk, deployment("web", 1))
        await applied(desk, deployment("web", 2, image="shop:2"))
        await undo(desk)
        await desk.call("k8s_scale", kind="deploy", name="web", replicas=7, **ADMIN)
        await applied(desk, deployment("web", 2, image="shop:2"))
        spec = await spec_of(desk)
        assert (spec["replicas"], spec["template"]["spec"]["containers"][0]["image"]) == (2, "shop:2")

    on(work)


def test_what_is_not_valid_is_refused_with_the_field_and_nothing_is_applied(on: On) -> None:
    wrong = deployment("web", 1)
    wrong["spec"]["template"]["spec"]["containers"][0]["ports"] = [{"containerPort": 99999}]

    async def work(desk: Desk) -> None:
        named, bomb = (
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: &a a}\n",
            zip("abcdefghi", "bcdefghij", strict=True),
        )
        said = await desk.refused("k8s_diff", manifests=as_text(config_map("app"), wrong), **ADMIN)
        assert "spec.template.spec.containers[0].ports[0].containerPort" in said
        assert "not found" in await desk.refused("k8s_get", kind="cm", name="app")
        for text, why in (
            ("a: [", "not YAML in line"),
            ("just words", "needs apiVersion, kind"),
            ("kind: Pod\nmetadata: {name: a}", "needs apiVersion, kind"),
            ("apiVersion: v1\nkind: Pod\nmetadata: {generateName: a}", "with a name"),
            ("apiVersion: nowhere/v1\nkind: Odd\nmetadata: {name: a}", "knows no Odd in nowhere/v1"),
            ("# nothing", "There is no manifest"),
            (as_text(config_map("a"), config_map("a")), "more than once: ConfigMap"),
            (as_text(config_map("a", password="(hidden)")), "stands for a value that was not shown"),
            (named + "data: &b {a: *b}", "more than 100,000 values"),
            (named + "".join(f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n" for old, new in bomb), "100,000 values"),
            ("!!python/object/apply:os.system [id]", "not YAML"),
        ):
            assert why in await desk.refused("k8s_diff", manifests=text, **ADMIN), text

    on(work)


def test_a_namespace_and_what_is_in_it(on: On, tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        new = f"{desk.namespace}-new"
        inside = {**config_map("app", x="1"), "metadata": {"name": "app", "namespace": new}}
        space = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": new}}
        given = {"manifests": as_text(inside, space), **ADMIN}
        shown = await desk.call("k8s_diff", **given)
        assert [(step["action"], step["thing"]) for step in shown["steps"]] == [
            ("create", f"Namespace {new}"), ("untried", f"ConfigMap {new}/app"),
        ]  # fmt: skip
        assert len((await desk.call("k8s_apply", plan=shown["plan"], **given))["done"]) == 2
        stopped = str((await desk.host.undo()).stopped)
        assert "would delete all that is in it by now" in stopped
        assert "x: '1'" in (await desk.call("k8s_get", kind="cm", name="app", namespace=new))["yaml"]
        assert new in await desk.call("k8s_delete_forever", kind="ns", names=[new], **ADMIN)

    on(work)


def test_secrets_are_compared_without_being_shown_and_never_applied(kube: Kube, tmp_path: Path) -> None:
    old, new = "old-password-4711", "new-password-0815"
    secret = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "door"},
        "stringData": {"key": old, "user": "x"},
    }
    changed = {**secret, "stringData": {"key": new, "more": new}}
    broken = {**secret, "stringData": {"key": {"inner": new}}}

    async def work() -> None:
        async with desk_for(kube, tmp_path) as desk:
            await desk.beside(kube.create, secret, desk.namespace)
            shown = await desk.call("k8s_diff", manifests=as_text(changed), **ADMIN, force=True)
            assert shown["steps"][0]["changes"] == ["data.key: (hidden) -> (hidden)", "+ data.more: (hidden)"]
            said = [json.dumps(shown)]
            said.append(await desk.refused("k8s_diff", manifests=as_text(broken), **ADMIN))
            said.append(
                await desk.refused("k8s_apply", manifests=as_text(changed), plan=shown["plan"], **ADMIN, force=True)
            )
            assert "Secrets are not applied" in said[-1]
            assert "those of stringData are text" in said[1]
            for word in (old, new):
                assert word not in " ".join(said)
            kept = await desk.beside(kube.ask, "GET", desk.path("secrets", "door"))
            assert "more" not in kept["data"]

    asyncio.run(work())
    for file in tmp_path.rglob("*"):
        if file.is_file():
            assert new.encode() not in file.read_bytes(), file


# --- scale, rollout, delete ---------------------------------------------------------------------------


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


def with_revision(number: int) -> Callable[[Any], bool]:
    key = "deployment.kubernetes.io/revision"
    return lambda it: (it["metadata"].get("annotations") or {}).get(key) == str(number)


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


def _send_elsewhere(desk: Desk, url: str) -> None:
    path = Path(desk.host.config.plugins["kubernetes"]["kubeconfig"])
    whole = json.loads(path.read_text())
    whole["clusters"][0]["cluster"]["server"] = url
    path.write_text(json.dumps(whole))


def test_another_cluster_under_the_same_name_is_left_alone(kube: Kube, tmp_path: Path) -> None:
    """The context comes to mean another cluster between a change and its undoing."""

    async def work() -> None:
        async with desk_for(kube, tmp_path) as desk:
            await applied(desk, config_map("app", x="1"))
            await desk.beside(_send_elsewhere, desk, kube.url.replace("127.0.0.1", "localhost"))
            assert "changed again since" in str((await desk.host.undo()).stopped)
            assert "x: '1'" in (await desk.call("k8s_get", kind="cm", name="app"))["yaml"]

    asyncio.run(work())
