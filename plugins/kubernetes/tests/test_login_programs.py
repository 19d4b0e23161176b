"""Programs that log in: run only where the settings name them, and not quoted."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

import pytest

from mcp_agent.testing import FakeClock, host_for
from plugins.kubernetes.tests.conftest import MODULE
from plugins.kubernetes.tests.logins import PODS, TOKEN, call, program, refusal, runs, sent, written
from plugins.kubernetes.tests.standin import Answer, StandIn, as_json, small_cluster


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
