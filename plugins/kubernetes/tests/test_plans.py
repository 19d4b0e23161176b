"""What is tried before it is applied: plans that hold no more, conflicts, what is not valid, secrets."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from plugins.kubernetes.tests.conftest import Desk, On, deployment, desk_for
from plugins.kubernetes.tests.writing import ADMIN, applied, as_text, config_map, spec_of
from tests.real.kubernetes import Kube

pytestmark = [pytest.mark.real, pytest.mark.built]


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
