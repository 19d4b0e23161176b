"""The tools that look, beside a real API server."""

from __future__ import annotations

import asyncio
import json
import re

import pytest
import yaml

from mcp_agent import ToolError
from plugins.kubernetes.tests.conftest import CRD, Desk, On, deployment, desk_for, lantern, pod
from tests.real.kubernetes import Kube

pytestmark = [pytest.mark.real, pytest.mark.built]
MANY = 1200


def test_built_in_kinds_come_in_the_columns_that_people_know(on: On) -> None:
    async def work(desk: Desk) -> None:
        await desk.beside(desk.kube.create, pod("web", labels={"of": desk.namespace}), desk.namespace)
        for called in ("pod", "pods", "po", "Pod", "PODS"):
            found = await desk.call("k8s_list", kind=called)
            assert found["columns"] == ["name", "ready", "status", "restarts", "age"]
            assert found["rows"][0][:4] == ["web", "0/1", "Pending", 0]
            assert f"namespace {desk.namespace}" in found["where"]
        assert "node" in (await desk.call("k8s_list", kind="pod", wide=True))["columns"]
        everywhere = await desk.call("k8s_list", kind="po", namespace="*", labels=f"of={desk.namespace}")
        assert [desk.namespace, "web"] in [row[:2] for row in everywhere["rows"]]
        assert (await desk.call("k8s_list", kind="pod", labels="app=none"))["rows"] == []
        assert (await desk.call("k8s_list", kind="pod", fields="status.phase=Running"))["rows"] == []
        nodes = await desk.call("k8s_list", kind="nodes")
        assert ["one", "Ready"] in [row[:2] for row in nodes["rows"]]
        assert (await desk.call("k8s_list", kind="deployments.apps"))["rows"] == []

    on(work)


def test_custom_kinds_are_found_as_soon_as_they_are_there(on: On, lanterns: None) -> None:
    async def work(desk: Desk) -> None:
        await desk.beside(desk.kube.create, lantern("red", colour="red", count=2), desk.namespace)
        for called in ("lan", "lantern", "Lantern", "lanterns.lab.example", "lanterns.v1.lab.example"):
            assert (await desk.call("k8s_list", kind=called))["rows"] == [["red", "red"]]
        got = yaml.safe_load((await desk.call("k8s_get", kind="lantern", name="red"))["yaml"])
        assert got["spec"] == {"colour": "red", "count": 2}
        assert "managedFields" not in got["metadata"]
        assert (await desk.call("k8s_describe", kind="lan", name="red"))["about"] == {"spec": got["spec"]}
        assert "lanterns.lab.example" in str((await desk.call("k8s_list", kind="crd"))["rows"])
        assert "Is lantern" in await desk.refused("k8s_list", kind="lanternz")

    on(work)


def test_a_kind_that_was_made_known_later_is_found_without_a_restart(on: On) -> None:
    crd = json.loads(json.dumps(CRD).replace("lantern", "torch").replace("Lantern", "Torch").replace('"lan"', '"tor"'))

    async def work(desk: Desk) -> None:
        from mcp_agent_kubernetes import discovery

        assert "knows no kind" in await desk.refused("k8s_list", kind="torch")
        await desk.beside(desk.kube.define, crd)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(discovery, "_SOON", -1.0)
            assert (await desk.call("k8s_list", kind="torch"))["rows"] == []

    on(work)


def test_no_value_of_a_secret_comes_out_of_any_tool(on: On) -> None:
    words = {"password": "correct-horse-battery", "cert": "MIIabc-not-to-be-seen"}
    secret = {
        "apiVersion": "v1", "kind": "Secret", "stringData": words,
        "metadata": {
            "name": "door",
            "annotations": {"kubectl.kubernetes.io/last-applied-configuration": json.dumps({"stringData": words})},
        },
    }  # fmt: skip
    env = [{"name": "DB_PASSWORD", "value": words["password"]}, {"name": "COLOUR", "value": "green"}]
    login = [{"name": "URL", "value": f"postgres://shop:{words['password']}@db/shop"}]

    async def work(desk: Desk) -> None:
        import base64

        made = await desk.beside(desk.kube.create, secret, desk.namespace)
        await desk.beside(desk.kube.create, deployment("web", container={"env": env + login}), desk.namespace)
        await desk.beside(desk.kube.event, desk.namespace, made, "Noted", "an event")
        said = []
        for kind, name in (("secret", "door"), ("deploy", "web")):
            said.append(await desk.call("k8s_list", kind=kind, wide=True))
            said.append(await desk.call("k8s_get", kind=kind, name=name))
            said.append(await desk.call("k8s_describe", kind=kind, name=name))
        said.append(await desk.call("k8s_get", kind="secret", name="door", part="data"))
        said.append(await desk.call("k8s_get", kind="secret", name="door", part="metadata"))
        text = json.dumps(said)
        for word in words.values():
            assert word not in text
            assert base64.b64encode(word.encode()).decode() not in text
        assert said[6]["yaml"] == "cert: (hidden)\npassword: (hidden)\n"
        assert said[2]["about"]["keys"].keys() == words.keys()
        assert "value: green" in said[4]["yaml"]
        assert "postgres://(hidden)@db/shop" in said[4]["yaml"]

    on(work)


def test_a_part_of_a_thing(on: On) -> None:
    config = {
        "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "app"},
        "data": {"app.conf": "colour = green", "other": "x"},
    }  # fmt: skip

    async def work(desk: Desk) -> None:
        await desk.beside(desk.kube.create, config, desk.namespace)
        await desk.beside(desk.kube.create, pod("web"), desk.namespace)
        assert "colour = green" in (await desk.call("k8s_get", kind="cm", name="app", part="data.app.conf"))["yaml"]
        assert "shop:1" in (await desk.call("k8s_get", kind="po", name="web", part="spec.containers.0.image"))["yaml"]
        assert "There is: app.conf, other." in await desk.refused("k8s_get", kind="cm", name="app", part="data.none")
        assert "There is: 1 items." in await desk.refused("k8s_get", kind="po", name="web", part="spec.containers.5")
        assert "not found" in await desk.refused("k8s_get", kind="cm", name="none")

    on(work)


def test_long_lists_come_in_pages_and_can_be_searched(on: On, kube: Kube) -> None:
    async def fill(desk: Desk) -> None:
        gate = asyncio.Semaphore(4)

        async def one(number: int) -> None:
            async with gate:
                meta = {"name": f"item-{number:04}", "labels": {"tenth": str(number % 10)}}
                thing = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": meta, "data": {"x": "y" * 2000}}
                await desk.beside(desk.kube.create, thing, desk.namespace)

        await asyncio.gather(*map(one, range(MANY)))

    async def work(desk: Desk) -> None:
        await fill(desk)
        first = await desk.call("k8s_list", kind="cm")
        assert len(first["rows"]) == 50
        assert len(json.dumps(first)) < 5000
        names, page, pages = [row[0] for row in first["rows"]], first, 1
        assert page["more"] + 50 >= MANY
        while page.get("next"):
            page = await desk.call("k8s_list", kind="cm", limit=500, next=page["next"])
            names += [row[0] for row in page["rows"]]
            pages += 1
        assert pages <= 4
        assert (
            len([name for name in names if name.startswith("item-")]) == MANY == len(set(names) - {"kube-root-ca.crt"})
        )
        found = await desk.call("k8s_list", kind="cm", search="-010", limit=3)
        assert (found["matched"], [row[0] for row in found["rows"]]) == (10, ["item-0100", "item-0101", "item-0102"])
        tenth = await desk.call("k8s_list", kind="cm", labels="tenth=3", limit=10)
        assert len(tenth["rows"]) == 10
        assert tenth["next"]  # servers do not count what a selector leaves

    on(work)


def test_what_the_account_may_not_do_is_said_in_words(kube: Kube) -> None:
    async def work() -> None:
        async with desk_for(kube) as desk:
            viewer = {"context": "viewer", "namespace": "default"}
            assert (await desk.call("k8s_list", kind="pod", **viewer))["columns"][0] == "name"
            said = await desk.refused("k8s_list", kind="secret", **viewer)
            assert "the account 'viewer' has no right to list secrets in the namespace default" in said
            said = await desk.refused("k8s_get", kind="deploy", name="web", **viewer)
            assert "no right to get deployments.apps in the namespace default" in said
            assert "has no right to list nodes in the whole cluster" in await desk.refused(
                "k8s_list", kind="node", context="viewer", namespace=None
            )
            assert "RoleBinding" in said
            assert kube.viewer not in said

    asyncio.run(work())


def test_events_are_told_once_and_newest_first(on: On) -> None:
    async def work(desk: Desk) -> None:
        made = await desk.beside(desk.kube.create, pod("web"), desk.namespace)
        for _ in range(3):
            await desk.beside(desk.kube.event, desk.namespace, made, "BackOff", "back-off restarting", count=4)
        other = await desk.beside(desk.kube.create, pod("other"), desk.namespace)
        await desk.beside(desk.kube.event, desk.namespace, other, "Unhealthy", "it fails")
        lines = (await desk.call("k8s_events", warnings=True))["events"]
        assert {"reason": "BackOff", "times": 12, "about": "Pod web"}.items() <= next(
            one for one in lines if one["reason"] == "BackOff"
        ).items()
        of_one = (await desk.call("k8s_events", kind="po", name="other", warnings=True))["events"]
        assert [one["reason"] for one in of_one if one["reason"] == "Unhealthy"] == ["Unhealthy"]
        assert all(one["about"] == "Pod other" for one in of_one)
        cut = await desk.call("k8s_events", limit=1)
        assert len(cut["events"]) == 1
        assert cut["not_shown"] >= 1

    on(work)


def test_names_cannot_lead_elsewhere(on: On) -> None:
    async def work(desk: Desk) -> None:
        for name in ("..", "."):
            assert "no name that anything" in await desk.refused("k8s_get", kind="cm", name=name)
        for name in ("../../nodes/one", "a/status", "a%2fb", "a b", ""):
            with pytest.raises(ToolError, match="name"):
                await desk.call("k8s_get", kind="cm", name=name)
        for namespace in ("a/b", "..", "A", "*"):
            with pytest.raises(ToolError, match="namespace"):
                await desk.call("k8s_get", kind="cm", name="a", namespace=namespace)
        asked = await desk.beside(desk.kube.requests_of, "admin")
        assert not [one for one in asked if re.search(r"\.\.|%2", one)]

    on(work)
