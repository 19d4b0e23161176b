"""Reading kubeconfigs; what is in them is never quoted."""

from __future__ import annotations

import asyncio
import os
import tempfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from mcp_agent_kubernetes.kubeconfig import reading

from mcp_agent import ToolError
from mcp_agent.testing import host_for
from plugins.kubernetes.tests.conftest import MODULE
from plugins.kubernetes.tests.logins import PODS, TOKEN, call, refusal, sent, written
from plugins.kubernetes.tests.standin import StandIn


def test_several_files_are_one_and_the_first_that_names_a_thing_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def config(server: str, *contexts: str, current: str = "") -> dict[str, Any]:
        return {
            "current-context": current,
            "clusters": [{"name": "c", "cluster": {"server": server}}],
            "users": [{"name": "u", "user": {"tokenFile": "token"}}],
            "contexts": [{"name": one, "context": {"cluster": "c", "user": "u"}} for one in contexts],
        }

    for name, whole in (("one", config("https://one", "a")), ("two", config("https://two", "a", "b", current="b"))):
        (tmp_path / name).mkdir()
        (tmp_path / name / "config").write_text(yaml.safe_dump(whole))
    paths = [str(tmp_path / name / "config") for name in ("one", "missing", "two")]
    monkeypatch.setenv("KUBECONFIG", os.pathsep.join(paths))
    found = reading.read(reading.paths_of(""))
    assert found.current == "b"
    assert sorted(found.contexts) == ["a", "b"]
    assert found.clusters["c"].said["server"] == "https://one"
    assert found.users["u"].folder == tmp_path / "one"
    listed = call({}, "k8s_contexts", {})["result"]
    assert [(one["name"], one["server"], one.get("current", False)) for one in listed] == [
        ("a", "https://one", False), ("b", "https://one", True),
    ]  # fmt: skip


def test_a_changed_file_is_read_again(tmp_path: Path, server: StandIn, certificates: Path) -> None:
    path = written(tmp_path, server, certificates, token="first-token")

    async def work() -> None:
        async with host_for(MODULE, {"kubeconfig": path}) as host:
            await host.call("k8s_list", PODS)
            written(tmp_path, server, certificates, token="second-token-of-another-length")
            await host.call("k8s_list", PODS)

    asyncio.run(work())
    assert sent(server) == {"Bearer first-token", "Bearer second-token-of-another-length"}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f"token: {TOKEN}: [", "it is not YAML"),
        (f"- {TOKEN}", "it is not a mapping"),
        (f"users: {TOKEN}", "its users is not a list"),
        (f"users: [{{user: {{token: {TOKEN}}}}}]", "one of its users has no name"),
        (f"users: [{{name: a, user: {TOKEN}}}]", "one of its users is not a mapping"),
        (
            f"contexts: [{{name: a, context: {{cluster: b, user: c}}}}]\ncurrent-context: a\nx: {TOKEN}",
            "the cluster 'b'",
        ),
        (f"!!python/object/apply:os.system [{TOKEN}]", "it is not YAML"),
        ("a: &a [*a, *a]\nb: &b [*a,*a]", "names no current context"),
        (f"current-context: {TOKEN}\x00", "it is not YAML"),
    ],
)
def test_what_is_no_kubeconfig_is_said_without_quoting_it(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "config").write_text(text)
    said = refusal({"kubeconfig": str(tmp_path / "config")})
    assert why in said
    assert TOKEN not in said


_NODES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["", "a", "https://127.0.0.1:1", "exec", TOKEN]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["name", "cluster", "user", "context", "server", "token", "exec", "command", "tokenFile"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(clusters=_NODES, users=_NODES, contexts=_NODES, current=_NODES)
def test_whatever_is_in_it_an_error_is_for_people_and_quotes_no_login(
    clusters: Any, users: Any, contexts: Any, current: Any
) -> None:
    whole = {"clusters": clusters, "users": users, "contexts": contexts, "current-context": current}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "config"
        path.write_text(yaml.safe_dump(whole))
        said = ""
        try:
            reading.read((path,))
        except ToolError as error:
            said = str(error)
        assert TOKEN not in said


def test_one_that_is_not_there(tmp_path: Path) -> None:
    said = refusal({})
    assert "There is no kubeconfig" in said
    assert "plugins: kubernetes: kubeconfig" in said
    big = tmp_path / "big"
    big.write_text("#" * 3_000_000)
    assert "more than 2 MiB" in refusal({"kubeconfig": str(big)})
