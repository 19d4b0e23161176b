"""Ten planted secrets, a plugin that gives them away in every way there is, and no byte of them anywhere."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import os
import re
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import aiohttp
import pytest
from ahocorasick_rs import BytesAhoCorasick
from yarl import URL

from mcp_agent.vault.backend import Key
from mcp_agent.vault.file_backend import FileBackend
from mcp_agent.vault.keys import passphrase_from_environment
from mcp_agent.vault.secret import Secret
from tests.support.process import ENTRY, ROOT, process, until
from tests.support.schema import LEGACY, MODERN
from tests.support.wire import Client, Message, WireError
from tests.transports.http_client import modern, standard

LEAKY = "tests.plugins.leaky"
PLANTED = [
    "ghp_Zk3vQ9xW7mT1rY5uJ8bN2cL6",
    "4711081599273640158",
    "pa55 w0rd+with blanks & more",
    'both "quotes" and it\'s \\slashed\\',
    "ünïcödé-schlüssel-日本語-🔑",
    "first-line-Hq82mXv\nsecond-line-Pw93kTz\nthird-line-Rb47nYd",
    "cGxhbnRlZC1zZWNyZXQ/bG9va3MrbGlrZQ==",
    "100%25-looks-%41-encoded-\\u0041",
    "https://me:Jx5pQ2wV@db.example/x?y=z#f",
    "".join(f"{n * 7919 % 100003:05x}" for n in range(400)),
]
WINDOW = 12
RULES = "[{tool: leaky_send, decide: ask}, {tool: leaky_burn, decide: ask}, {decide: allow}]"


def forms(value: str) -> Iterator[bytes]:
    raw = value.encode()
    yield from (raw, raw.hex().encode(), raw.hex().upper().encode(), repr(value).encode())
    yield from (quote(value, safe="").encode(), quote_plus(value).encode())
    yield from (json.dumps(value)[1:-1].encode(), json.dumps(value, ensure_ascii=False)[1:-1].encode())
    for before in range(3):
        coded = base64.b64encode(b"." * before + raw).rstrip(b"=")[4 if before else 0 : -2]
        yield from (coded, coded.translate(bytes.maketrans(b"+/", b"-_")))


NEEDLES = {form[at : at + WINDOW] for value in PLANTED for form in forms(value) for at in range(len(form) - WINDOW + 1)}
FINDER = BytesAhoCorasick(list(NEEDLES))


def found_in(data: bytes) -> list[bytes]:
    """Any twelve bytes in a row of any form of any secret: halves are found as well."""
    return [data[start : start + WINDOW] for _, start, _ in FINDER.find_matches_as_indexes(data)]


class Recorded:
    """A line to a server that keeps what comes out of it."""

    def __init__(self, line: Any) -> None:
        self.line = line
        self.out = b""

    def send_frame(self, frame: bytes) -> None:
        self.line.send_frame(frame)

    async def receive(self) -> bytes:
        frame: bytes = await self.line.receive()
        self.out += frame + b"\n"
        return frame


def environment(home: Path, unredacted: bool) -> dict[str, str]:
    return {
        "MCP_AGENT_HOME": str(home), "MCP_AGENT__VAULT__STORE": "file", "MCP_AGENT__LOG__LEVEL": "debug",
        "MCP_AGENT__LOG__STDERR_LEVEL": "debug", "MCP_AGENT__POLICY__RULES": RULES,
        "MCP_AGENT__POLICY__WAIT_SECONDS": "0", "LEAKY_UNREDACTED": "1" if unredacted else "",
    }  # fmt: skip


def requests() -> Iterator[tuple[str, Message]]:
    for n, value in enumerate(PLANTED):
        for name in ("give", "content", "fail", "bug", "say", "ask", "job", "cached", "cached", "change", "send"):
            yield "tools/call", {"name": f"leaky_{name}", "arguments": {"n": n}}
        for padding in (0, 170, 190):
            note = {"n": n, "note": "-" * padding + value}
            yield "tools/call", {"name": "leaky_change", "arguments": note}
            yield "tools/call", {"name": "leaky_burn", "arguments": note}
        yield "resources/read", {"uri": f"leaky://secret/{n}"}
        yield "prompts/get", {"name": "leaky_prompt", "arguments": {"n": str(n)}}
    argument = {"name": "n", "value": ""}
    yield "completion/complete", {"ref": {"type": "ref/prompt", "name": "leaky_prompt"}, "argument": argument}
    yield "completion/complete", {"ref": {"type": "ref/resource", "uri": "leaky://secret/{n}"}, "argument": argument}
    yield "tools/call", {"name": "system_health", "arguments": {}}
    yield "tools/call", {"name": "leaky_leave", "arguments": {"n": 0}}


def over_stdio(env: dict[str, str], revision: str) -> dict[str, bytes]:
    async def talk(client: Client) -> None:
        client.answers["elicitation/create"] = lambda params: {"action": "decline"}
        await client.open()
        if not client.modern:
            await client.call("logging/setLevel", {"level": "debug"})
        for method, params in requests():
            try:
                result = await client.call(method, params, meta={"progressToken": f"p{id(params)}"})
            except WireError:
                continue
            if params.get("name") == "leaky_job":
                handle = re.search(r"as job (\S+)\. ", result["content"][0]["text"])
                assert handle is not None
                await client.tool("system_job", id=handle[1])

    with process(LEAKY, env=env) as server:
        line = Recorded(server)
        asyncio.run(talk(Client(line, revision, capabilities={"elicitation": {}})))
        assert server.popen.stdin is not None
        server.popen.stdin.close()
        server.popen.wait(20)
        server.log.seek(0)
        return {f"stdio {revision} out": line.out, f"stdio {revision} err": server.log.read()}


def over_http(env: dict[str, str], home: Path) -> dict[str, bytes]:
    async def talk(url: str, token: str) -> bytes:
        out = b""
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        async with aiohttp.ClientSession(headers=headers) as session:
            for number, (method, params) in enumerate(requests(), 1):
                capabilities = {"elicitation": {}} if number % 2 else {}
                said = modern(method, params, number, capabilities=capabilities, progressToken=number)
                said["params"]["_meta"]["io.modelcontextprotocol/logLevel"] = "debug"
                async with session.post(url, data=json.dumps(said).encode(), headers=standard(said)) as response:
                    out += await response.read() + b"\n"
        where = URL(url)
        reader, writer = await asyncio.open_connection(where.host, where.port)
        writer.write(f"POST /mcp HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\x01\r\n\r\n".encode())
        with contextlib.suppress(ConnectionError):
            await reader.read()  # whoever sent it may see it again
        writer.close()
        return out

    with tempfile.TemporaryFile() as err:
        command = [str(ENTRY), "serve", "--plugin", LEAKY, "--http", "127.0.0.1:0"]
        server = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **env}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=err
        )

        def said() -> bytes:
            return os.pread(err.fileno(), 2**26, 0)

        try:
            until(lambda: b"MCP is served at " in said())
            url = said().partition(b"MCP is served at ")[2].partition(b". Ctrl-C")[0].decode()
            out = asyncio.run(talk(url, (home / "state" / "http.token").read_text().strip()))
        finally:
            server.send_signal(signal.SIGTERM)
            printed, _ = server.communicate(timeout=20)
        return {"http out": out, "http stdout": printed, "http err": said()}


def in_terminal(env: dict[str, str]) -> dict[str, bytes]:
    outputs = {}
    plugin = ["--plugin", LEAKY]
    for n, words in enumerate((
        ["tools", "call", *plugin, "leaky_say", "n=3"],
        ["tools", "call", *plugin, "leaky_say", "n=5", "--log-level", "debug"],
        ["tools", "call", *plugin, "leaky_bug", "n=3", "--log-level", "debug"],
        ["tools", "call", *plugin, "leaky_leave", "n=5", "--log-level", "debug"],
        ["undo", *plugin, "--last", "3"], ["undo", "--list", *plugin], ["approve"], ["plugins", "list", *plugin],
        ["audit", "tail", "--json"], ["secrets", "list"],
    )):  # fmt: skip
        done = subprocess.run(
            [str(ENTRY), *words], cwd=ROOT, env={**os.environ, **env}, capture_output=True, timeout=60, check=False
        )
        outputs[f"{n} {words[0]}"] = done.stdout + done.stderr
    return outputs


def run(home: Path, *, unredacted: bool = False) -> dict[str, bytes]:
    """Everything that came out, and every file that is left, by name."""
    env = environment(home, unredacted)
    vault = FileBackend(home / "data" / "secrets.vault", home / "state" / "vault.key", passphrase_from_environment)
    for n, value in enumerate(PLANTED):
        vault.set(Key("leaky", f"token{n}"), Secret(value))
    stdio = {**over_stdio(env, LEGACY[-1]), **over_stdio(env, MODERN)}
    everything = {**stdio, **over_http(env, home), **in_terminal(env)}
    files = {str(path.relative_to(home)): path.read_bytes() for path in home.rglob("*") if path.is_file()}
    assert "data/secrets.vault" in files
    return {**everything, **files}


def test_no_byte_of_a_secret_is_in_any_file_or_output(tmp_path: Path) -> None:
    everything = run(tmp_path)
    leaks = {name: found_in(data)[:3] for name, data in everything.items() if found_in(data)}
    assert not leaks
    token = everything["state/http.token"].strip()
    assert [name for name, data in everything.items() if token in data] == ["state/http.token"]
    for place in (f"stdio {LEGACY[-1]} out", f"stdio {MODERN} out", "http out"):
        assert everything[place].count(b"***") > 500, "the tools did not get to give anything away"


@pytest.mark.parametrize("place", [
    f"stdio {LEGACY[-1]} out", f"stdio {LEGACY[-1]} err", f"stdio {MODERN} out", f"stdio {MODERN} err",
    "http out", "http err", "0 tools", "1 tools", "2 tools", "3 tools",
    "state/log/mcp-agent.jsonl", "state/undo.sqlite3", "state/approvals.sqlite3", "state/cache.sqlite3",
    "data/audit/audit.sqlite",
])  # fmt: skip
def test_without_redaction_they_are_all_over_the_place(place: str, unredacted: dict[str, bytes]) -> None:
    """The counter-proof: each place was really reached, and would have shown them."""
    assert any(found_in(data) for name, data in unredacted.items() if name.startswith(place))


@pytest.fixture(scope="module")
def unredacted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return run(tmp_path_factory.mktemp("unredacted"), unredacted=True)
