"""What setup finds on this machine: names, never keys."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mcp_agent_storage import finding
from mcp_agent_storage.settings import Settings

from mcp_agent import ToolError
from mcp_agent.testing import host_for
from plugins.storage.tests.conftest import MODULE
from tests.real.s3 import S3
from tests.support.loopback import Quiet, serving

CONFIG = """
[default]
region = eu-central-1
[profile work]
region = eu-west-1
endpoint_url = https://s3.work.example
[profile local]
role_arn = arn:aws:iam::1:role/x
[sso-session corp]
sso_region = us-east-1
[services here]
s3 =
  endpoint_url = http://elsewhere
"""
CREDENTIALS = """
[default]
aws_access_key_id = AKIADEFAULTEXAMPLE00
aws_secret_access_key = defaultsecretdefaultsecretdefaultsecret0
[Old Backups]
aws_access_key_id = AKIAOLDEXAMPLE000000
aws_secret_access_key = oldsecretoldsecretoldsecretoldsecretold0
aws_session_token = sessiontokensessiontoken
"""
KEYS = ("AKIA", "secretdefault", "oldsecret", "sessiontoken", "environmentsecret")


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home without anything of Amazon's, and nothing that listens."""
    for name in (
        "AWS_PROFILE", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_ACCESS_KEY_ID", "AWS_REGION",
        "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3",
    ):  # fmt: skip
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.setattr(finding, "_PORTS", {1: "nobody"})
    (tmp_path / ".aws").mkdir()
    return tmp_path


def stores() -> dict[str, dict[str, str]]:
    """What was found, each as the settings take it."""
    found = finding.find()
    text = repr(found)
    assert [key for key in KEYS if key in text] == [], "a key came out of its place"
    for one in found:
        msgspec.convert(one.settings, Settings)
    return {name: about for one in found for name, about in one.settings["stores"].items()}


def test_nothing_is_found_where_nothing_is(machine: Path) -> None:
    assert stores() == {}


def test_profiles_are_found_by_name_with_region_and_endpoint(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (machine / ".aws" / "config").write_text(CONFIG)
    (machine / ".aws" / "credentials").write_text(CREDENTIALS)
    assert stores() == {
        "default": {"region": "eu-central-1"}, "Old-Backups": {}, "local-s3": {},
        "work": {"region": "eu-west-1", "endpoint": "https://s3.work.example"},
    }  # fmt: skip
    monkeypatch.setenv("AWS_PROFILE", "work")
    assert next(iter(stores())) == "work"


def test_the_environment_is_found_without_what_is_in_it(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAENVIRONMENT00000")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "environmentsecretenvironmentsecret")
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9999")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-north-1")
    assert stores() == {"environment": {"endpoint": "http://127.0.0.1:9999", "region": "eu-north-1"}}
    elsewhere = machine / "elsewhere"
    elsewhere.write_text(CREDENTIALS)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(elsewhere))
    assert set(stores()) == {"default", "Old-Backups", "environment"}


@pytest.mark.parametrize(
    "text", ["[", "[a\nb", "x = 1", "\0\xff", "[profile ]\n", "[profile ../..]\nregion=a", "[x]\nx"]
)
def test_files_that_are_broken_are_passed_over(machine: Path, text: str) -> None:
    (machine / ".aws" / "config").write_text(text, "latin-1")
    (machine / ".aws" / "credentials").write_text(CREDENTIALS)
    assert {"default", "Old-Backups"} <= set(stores())


@given(st.text(max_size=80))
def test_whatever_a_profile_is_called_its_store_has_a_name_that_can_be(name: str) -> None:
    msgspec.convert(finding._finding("It", name, "", "").settings, Settings)


class Refuses(Quiet):
    """As S3 services answer somebody without a key."""

    def do_GET(self) -> None:
        body = b'<?xml version="1.0" encoding="UTF-8"?><Error><Code>AccessDenied</Code></Error>'
        self.send_response(403)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.mark.real
def test_services_that_listen_here_are_found_and_others_are_not(
    s3: S3, machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    s3.let_in(1)  # moto has no answer for somebody without a key
    with (
        serving(Refuses) as refusing,
        serving(Quiet) as web,
        socket.create_server(("127.0.0.1", 0)) as silent,
    ):
        ports = {web: "Web", silent.getsockname()[1]: "Silent", s3.port: "MinIO", refusing: "Garage"}
        monkeypatch.setattr(finding, "_PORTS", ports)
        assert stores() == {"minio": {"endpoint": s3.url}, "garage": {"endpoint": f"http://127.0.0.1:{refusing}"}}


def test_an_account_without_a_key_says_what_is_missing(tmp_path: Path) -> None:
    async def work() -> None:
        async with host_for(MODULE, {"stores": {"work": {"region": "eu-west-1"}}}, folder=tmp_path) as host:
            assert "Without a key: work" in (await host.checks())["storage"]
            with pytest.raises(ToolError, match=r"no access_key_id[\s\S]*mcp-agent secrets set storage work"):
                await host.call("storage_buckets", {})

    asyncio.run(work())
