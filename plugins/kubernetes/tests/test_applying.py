"""Manifests applied and taken back, beside a real API server with its controllers."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from plugins.kubernetes.tests.conftest import Desk, On, deployment, desk_for, lantern
from plugins.kubernetes.tests.writing import ADMIN, applied, as_text, config_map, spec_of, undo, with_revision
from tests.real.kubernetes import Kube

pytestmark = [pytest.mark.real, pytest.mark.built]


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
        path = desk.path("deployments", "web", "apps/v1")
        await desk.beside(desk.kube.wait_for, path, with_revision(1))

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
        await desk.beside(desk.kube.wait_for, path, with_revision(2))

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
