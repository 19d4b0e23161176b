"""Reading kubeconfigs and logging in with them; what is in them never comes out."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import os
import stat
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from mcp_agent_kubernetes.kubeconfig import reading

from mcp_agent import Host, ToolError
from mcp_agent.testing import FakeClock, host_for
from plugins.kubernetes.tests.conftest import MODULE
from plugins.kubernetes.tests.standin import Answer, StandIn, as_json, small_cluster, stand_in
from plugins.kubernetes.tests.test_contract import EXAMPLES
from tests.real.kubernetes import kubeconfig_text, make_certificates

TOKEN = "kc-token-9f8e7d6c5b4a-secret"
PODS = {"kind": "pods"}
FULL = [200, 400, 401, 403, 404, 409, 422, 500, 503, 600]
STATUSES = FULL if os.environ.get("MCP_AGENT_FULL") else [200, 401, 403, 422, 500, 600]


@pytest.fixture(scope="module")
def certificates() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        yield make_certificates(Path(folder))


@pytest.fixture
def server(certificates: Path) -> Iterator[StandIn]:
    with stand_in(certificates) as found:
        yield found


def written(folder: Path, server: StandIn, certificates: Path, **user: Any) -> str:
    path = folder / "config"
    path.write_text(kubeconfig_text(server.url, (certificates / "ca.pem").read_bytes(), {"lab": user}))
    return str(path)


def changed(path: str, **cluster: Any) -> None:
    whole = json.loads(Path(path).read_text())
    said = whole["clusters"][0]["cluster"]
    said |= cluster
    whole["clusters"][0]["cluster"] = {name: value for name, value in said.items() if value is not None}
    Path(path).write_text(json.dumps(whole))


def call(settings: Mapping[str, Any], tool: str = "k8s_list", arguments: Mapping[str, Any] = PODS) -> Any:
    async def work() -> Any:
        async with host_for(MODULE, settings) as host:
            return (await host.call(tool, dict(arguments))).data

    return asyncio.run(work())


def refusal(settings: Mapping[str, Any], tool: str = "k8s_list", arguments: Mapping[str, Any] = PODS) -> str:
    with pytest.raises(ToolError) as caught:
        call(settings, tool, arguments)
    return str(caught.value)


def sent(server: StandIn) -> set[str | None]:
    """The logins that came."""
    return {headers.get("Authorization") for _, _, headers in server.asked}


# --- files -------------------------------------------------------------------------------------------


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


# --- logging in --------------------------------------------------------------------------------------


def test_each_way_to_log_in(tmp_path: Path, server: StandIn, certificates: Path) -> None:
    (tmp_path / "my-token").write_text(f"{TOKEN}\n")
    ways: dict[str, dict[str, Any]] = {
        f"Bearer {TOKEN}": {"token": TOKEN},
        f"Bearer {TOKEN} ": {"tokenFile": "my-token"},
        f"Basic {base64.b64encode(b'anna:pass-word').decode()}": {"username": "anna", "password": "pass-word"},
    }
    for header, user in ways.items():
        server.asked.clear()
        call({"kubeconfig": written(tmp_path, server, certificates, **user)})
        assert sent(server) == {header.strip()}
    call({"kubeconfig": written(tmp_path, server, certificates, token=TOKEN, **{"as": "bo"})})
    assert server.asked[-1][2]["Impersonate-User"] == "bo"


def test_a_client_certificate(tmp_path: Path, certificates: Path) -> None:
    pair = {
        f"client-{name}-data": base64.b64encode((certificates / f"client.{ending}").read_bytes()).decode()
        for name, ending in (("certificate", "pem"), ("key", "key"))
    }
    files = {"client-certificate": str(certificates / "client.pem"), "client-key": str(certificates / "client.key")}
    before = set(os.listdir(tempfile.gettempdir()))
    with stand_in(certificates, wants_certificate=True) as server:
        for user in (pair, files):
            assert call({"kubeconfig": written(tmp_path, server, certificates, **user)})["rows"] == []
        path = written(tmp_path, server, certificates, token=TOKEN)
        assert "does not answer" in refusal({"kubeconfig": path}) or "cannot be trusted" in refusal(
            {"kubeconfig": path}
        )
        wrong = {**pair, "client-key-data": base64.b64encode((certificates / "server.key").read_bytes()).decode()}
        said = refusal({"kubeconfig": written(tmp_path, server, certificates, **wrong)})
        assert "cannot be used with its key" in said
    assert not [name for name in set(os.listdir(tempfile.gettempdir())) - before if name.startswith("kube-")]


def test_only_the_cluster_that_is_meant_gets_the_login(tmp_path: Path, certificates: Path) -> None:
    (tmp_path / "other").mkdir()
    others = make_certificates(tmp_path / "other")
    with stand_in(others) as stranger:
        path = written(tmp_path, stranger, certificates, token=TOKEN)
        said = refusal({"kubeconfig": path})
        assert "cannot be trusted" in said
        assert stranger.asked == []
        changed(path, **{"insecure-skip-tls-verify": True, "certificate-authority-data": None})
        assert call({"kubeconfig": path})["rows"] == []
    with stand_in(certificates) as server:
        path = written(tmp_path, server, certificates, token=TOKEN)
        changed(path, **{"tls-server-name": "kube.test"})
        assert call({"kubeconfig": path})["rows"] == []
        changed(path, **{"tls-server-name": "another.test"})
        assert "cannot be trusted" in refusal({"kubeconfig": path})
    with stand_in() as plain:
        path = written(tmp_path, plain, certificates, token=TOKEN)
        assert "without encryption" in refusal({"kubeconfig": path})
        assert plain.asked == []


def test_a_redirect_is_not_followed(tmp_path: Path, server: StandIn, certificates: Path) -> None:
    with stand_in() as elsewhere:
        server.answer = lambda path, headers: (302, {"Location": f"{elsewhere.url}{path}"}, b"")
        said = refusal({"kubeconfig": written(tmp_path, server, certificates, token=TOKEN)})
        assert "sends elsewhere" in said
        assert elsewhere.asked == []


def test_through_a_proxy(tmp_path: Path, server: StandIn, certificates: Path) -> None:
    asked: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        asked.append(head)
        host, _, port = head.split()[1].decode().partition(":")
        inner, outer = await asyncio.open_connection(host, int(port))
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")

        async def pass_on(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
            while data := await source.read(65536):
                target.write(data)
            target.close()

        await asyncio.gather(pass_on(reader, outer), pass_on(inner, writer), return_exceptions=True)

    async def work() -> None:
        proxy = await asyncio.start_server(serve, "127.0.0.1", 0)
        path = written(tmp_path, server, certificates, token=TOKEN)
        changed(path, **{"proxy-url": f"http://127.0.0.1:{proxy.sockets[0].getsockname()[1]}"})
        async with host_for(MODULE, {"kubeconfig": path}) as host:
            assert (await host.call("k8s_list", PODS)).data["rows"] == []
        proxy.close()
        assert asked
        assert all(head.startswith(b"CONNECT 127.0.0.1:") for head in asked)
        assert TOKEN.encode() not in b"".join(asked)

    asyncio.run(work())


@pytest.mark.parametrize(
    ("cluster", "why"),
    [
        ({"server": "ftp://x"}, "no server that begins with https://"),
        ({"server": "https://anna:pass-word@host"}, "has a login in its address"),
        ({"server": "https://[::1"}, "no server that begins with https://"),
        ({"proxy-url": "socks5://x:1"}, "a proxy that is not HTTP"),
        ({"certificate-authority-data": base64.b64encode(b"nothing").decode()}, "cannot be read as PEM"),
        ({"certificate-authority-data": None, "certificate-authority": "no.pem"}, "cannot be read"),
    ],
)
def test_clusters_that_cannot_be_reached(
    tmp_path: Path, server: StandIn, certificates: Path, cluster: dict[str, Any], why: str
) -> None:
    path = written(tmp_path, server, certificates, token=TOKEN)
    changed(path, **cluster)
    said = refusal({"kubeconfig": path})
    assert why in said
    assert "pass-word" not in said
    assert server.asked == []


# --- programs that log in ----------------------------------------------------------------------------


def program(folder: Path, script: str) -> Path:
    path = folder / "get-token"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def runs(path: Path, **more: Any) -> dict[str, Any]:
    return {"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": str(path), **more}}


def test_a_program_is_run_only_where_the_settings_name_it(tmp_path: Path, server: StandIn, certificates: Path) -> None:
    proof = tmp_path / "it-ran"
    path = program(tmp_path, f"touch {proof}")
    config = written(tmp_path, server, certificates, **runs(path))
    said = refusal({"kubeconfig": config})
    assert f"logs in by running the program '{path}', which is not allowed" in said
    assert f"commands: [{path}]" in said
    [listed] = call({"kubeconfig": config}, "k8s_contexts", {})["result"]
    assert "which the settings do not allow" in listed["problem"]
    for commands in (["get-token"], [str(path.parent)], [f"{path} --more"]):
        assert "not allowed" in refusal({"kubeconfig": config, "contexts": {"lab": {"commands": commands}}})
    assert not proof.exists()
    assert server.asked == []


def test_its_token_is_used_until_it_ends(tmp_path: Path, server: StandIn, certificates: Path) -> None:
    counter = tmp_path / "count"
    script = (
        f"echo x >> {counter}; n=$(wc -l < {counter}); "
        'echo "{\\"apiVersion\\": \\"client.authentication.k8s.io/v1\\", \\"kind\\": \\"ExecCredential\\", '
        '\\"status\\": {\\"token\\": \\"$PREFIX-$1-$((n))\\", \\"expirationTimestamp\\": \\"2026-01-01T01:00:00Z\\"}}"'
    )
    path = program(tmp_path, script)
    user = runs(path, args=["an arg; touch /nowhere"], env=[{"name": "PREFIX", "value": "issued"}])
    config = written(tmp_path, server, certificates, **user)
    clock = FakeClock()

    async def work() -> None:
        settings = {"kubeconfig": config, "contexts": {"lab": {"commands": [str(path)]}}}
        async with host_for(MODULE, settings, clock=clock) as host:
            for _ in range(3):
                await host.call("k8s_list", PODS)
            assert sent(server) == {"Bearer issued-an arg; touch /nowhere-1"}

            def forgetful(path: str, headers: Mapping[str, str]) -> Answer:
                if not headers["Authorization"].endswith("-2"):
                    return as_json({"message": "Unauthorized", "reason": "Unauthorized"}, 401)
                return small_cluster(path, headers)

            server.answer = forgetful  # the token was withdrawn before its time
            assert (await host.call("k8s_list", PODS)).data["rows"] == []
            server.answer = small_cluster
            server.asked.clear()
            await host.call("k8s_list", PODS)
            assert sent(server) == {"Bearer issued-an arg; touch /nowhere-2"}
            clock.advance(59 * 60 + 30)
            server.asked.clear()
            await host.call("k8s_list", PODS)
            assert sent(server) == {"Bearer issued-an arg; touch /nowhere-3"}

    asyncio.run(work())


@pytest.mark.parametrize(
    ("script", "why"),
    [
        (f"echo {TOKEN}; exit 3", "failed with exit code 3"),
        (f"echo {TOKEN}", "printed no ExecCredential"),
        (f'echo \'{{"status": {{"token": ["{TOKEN}"]}}}}\'', "printed no ExecCredential"),
        ("echo '{\"status\": {}}'", "gave neither a token nor a certificate"),
    ],
)
def test_a_program_that_fails_is_not_quoted(
    tmp_path: Path, server: StandIn, certificates: Path, script: str, why: str
) -> None:
    path = program(tmp_path, script)
    config = written(tmp_path, server, certificates, **runs(path))
    said = refusal({"kubeconfig": config, "contexts": {"lab": {"commands": [str(path)]}}})
    assert why in said
    assert TOKEN not in said
    assert server.asked == []


def test_programs_that_cannot_be(tmp_path: Path, server: StandIn, certificates: Path) -> None:
    allowed = {"contexts": {"lab": {"commands": ["no-such-program-at-all", "sh"]}}}
    config = written(tmp_path, server, certificates, **runs(Path("no-such-program-at-all")))
    assert "is not there" in refusal({"kubeconfig": config, **allowed})
    config = written(tmp_path, server, certificates, exec={"apiVersion": "v0", "command": "sh"})
    assert "version of the interface" in refusal({"kubeconfig": config, **allowed})
    config = written(tmp_path, server, certificates, **{"auth-provider": {"name": "gcp", "config": {"x": TOKEN}}})
    said = refusal({"kubeconfig": config, **allowed})
    assert "auth-provider" in said
    assert TOKEN not in said


# --- nothing of it comes out ---------------------------------------------------------------------------


def echo(status: int, *, as_log: bool = False) -> Any:
    """A server that repeats the login wherever it can."""

    def answer(path: str, headers: Mapping[str, str]) -> Answer:
        login = headers["Authorization"].partition(" ")[2]
        if path.startswith(("/apis", "/api/v1?")) or path == "/api/v1" or (status < 400 and path == "/version"):
            return small_cluster(path, headers)
        if as_log or status == 600:
            return (200 if status == 600 else status), {}, f"{login}\n{login} error {login}\n".encode() * 3
        meta = {
            "name": login,
            "namespace": "default",
            "annotations": {login: login},
            "uid": "1",
            "resourceVersion": "1",
        }
        whole = {
            "kind": "Pod", "message": f"{login} is not allowed", "metadata": meta, "reason": login,
            "spec": {"containers": [{"name": login, "image": login}], "nodeName": login}, "items": [{"metadata": meta}],
            "status": {"phase": login, "conditions": [{"type": "Ready", "status": login, "message": login}]},
        }  # fmt: skip
        return as_json(whole, status)

    return answer


@pytest.mark.parametrize("status", STATUSES)
def test_a_server_that_repeats_the_login_gives_nothing_away(
    tmp_path: Path, server: StandIn, certificates: Path, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    """In results, errors, logs, the audit log and the journal of undo. 600 stands for what is not JSON."""
    key = (certificates / "client.key").read_bytes()
    pair = {
        "client-certificate-data": base64.b64encode((certificates / "client.pem").read_bytes()).decode(),
        "client-key-data": base64.b64encode(key).decode(),
    }
    config = written(tmp_path, server, certificates, token=TOKEN, **pair)
    server.answer = echo(status)
    settings = {"kubeconfig": config, "contexts": {"lab": {"writable": True}}}
    said: list[str] = []

    async def ask(host: Host, tool: str, arguments: Mapping[str, Any]) -> None:
        try:
            result = await host.call(tool, dict(arguments))
        except ToolError as error:
            said.append(str(error))
        else:
            said.append(json.dumps(result.data) + result.text)

    async def work() -> None:
        with caplog.at_level(logging.DEBUG):
            async with host_for(MODULE, settings, folder=tmp_path / "home") as host:
                for tool, arguments in EXAMPLES.items():
                    whole = {**arguments, "context": "lab"} if tool != "k8s_contexts" else arguments
                    await ask(host, tool, whole)
                said.append(json.dumps(await host.checks()))

    asyncio.run(work())
    assert TOKEN in json.dumps([headers for _, _, headers in server.asked])
    text = "\n".join(said)
    assert len(said) == len(EXAMPLES) + 1
    if status == 200:
        assert "(hidden)" in text  # it was repeated, and struck out
    inner = key.decode().splitlines()[5]
    for word in (TOKEN, pair["client-key-data"], pair["client-certificate-data"], inner, "PRIVATE KEY"):
        assert word not in text
        assert word not in caplog.text
        for file in (tmp_path / "home").rglob("*"):
            if file.is_file():
                assert word.encode() not in file.read_bytes(), file
