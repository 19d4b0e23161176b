"""The command as a person or an assistant starts it: a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import SAMPLE

ROOT = Path(__file__).parents[2]

Process = subprocess.Popen[bytes]


@pytest.fixture
def start(home: Path) -> Iterator[Callable[..., Process]]:
    started: list[Process] = []
    late = threading.Timer(60, lambda: [process.kill() for process in started])  # or a read could wait for ever
    late.start()

    def start(*argv: str, **options: Any) -> Process:
        usual = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "cwd": ROOT}
        process = subprocess.Popen([sys.executable, "-m", "mcp_agent", *argv], **{**usual, **options})
        started.append(process)
        return process

    yield start
    late.cancel()
    late.join()
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()


INITIALIZE = {
    "jsonrpc": "2.0", "id": 1, "method": "initialize",
    "params": {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}},
}  # fmt: skip


def ask(process: Process, message: dict[str, Any]) -> dict[str, Any]:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(message).encode() + b"\n")
    process.stdin.flush()
    answer: dict[str, Any] = json.loads(process.stdout.readline())
    return answer


def call(tool: str, **arguments: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": tool, "arguments": arguments}}


def test_serve_over_stdio_until_the_client_is_gone(start: Callable[..., Process]) -> None:
    process = start("serve", *SAMPLE)
    assert ask(process, INITIALIZE)["result"]["protocolVersion"] == "2025-11-25"
    answer = ask(process, call("sample_noise"))  # which prints
    assert answer["result"]["content"] == [{"type": "text", "text": "signal"}]
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (0, b"")
    assert err.strip() == b"noise"


def test_serve_ends_well_on_sigterm(start: Callable[..., Process]) -> None:
    process = start("serve")
    ask(process, INITIALIZE)
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0


def test_serve_ends_well_on_sigterm_while_it_starts(start: Callable[..., Process], tmp_path: Path) -> None:
    plugin = "import os, signal, time\nos.kill(os.getpid(), signal.SIGTERM)\ntime.sleep(60)\n"
    (tmp_path / "ends_itself.py").write_text(plugin)
    process = start("serve", "--plugin", "ends_itself", cwd=tmp_path)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (0, b"", b"")


def test_serve_says_what_is_wrong_with_the_configuration_on_stderr_only(
    start: Callable[..., Process], home: Path
) -> None:
    (home / "config.yaml").write_text("limits:\n  in_flite: 1\n")
    out, err = start("serve").communicate(timeout=30)
    assert out == b""
    assert b"config.yaml, line 2: limits.in_flite is no setting" in err
    assert b"Traceback" not in err


def test_serve_reads_its_configuration_and_writes_its_log(start: Callable[..., Process], home: Path) -> None:
    (home / "config.yaml").write_text(
        "plugins: {sample: {greeting: Servus}}\nlog: {level: error}\npolicy: {rules: [{decide: allow}]}\n"
    )
    process = start("serve", *SAMPLE, "--log-level", "debug")
    ask(process, INITIALIZE)
    assert "Servus" in json.dumps(ask(process, call("sample_greet", name="Ada")))
    assert ask(process, call("sample_bug"))["result"]["isError"] is True
    _, err = process.communicate(timeout=30)
    assert b"ERROR mcp_agent.host: Tool sample_bug failed" in err
    lines = [json.loads(line) for line in (home / "state" / "log" / "mcp-agent.jsonl").read_text().splitlines()]
    assert [line for line in lines if line["level"] == "error" and "exception" in line]


def test_serve_imports_nothing_it_does_not_need(home: Path) -> None:
    code = (
        "import sys\nfrom mcp_agent.cli import main\ncode = main(['serve'])\n"
        "sys.stderr.write('\\n'.join(sys.modules))\nsys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd=ROOT, timeout=60
    )
    assert (done.returncode, done.stdout) == (0, "")
    names = set(done.stderr.split())
    assert "mcp_agent.cli.serve" in names
    heavy = {"yaml", "aiohttp", "cryptography", "logging.handlers", "mcp_agent.upstream", "mcp_agent.cli.output"}
    assert not names & heavy


def test_serve_over_http_until_sigterm(start: Callable[..., Process]) -> None:
    process = start("serve", "--http", "127.0.0.1:0", "--no-token", *SAMPLE)
    assert process.stderr is not None
    url = process.stderr.readline().decode().split()[4].rstrip(".")
    assert url.startswith("http://127.0.0.1:")
    headers = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    request = urllib.request.Request(url, json.dumps(INITIALIZE).encode(), headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        assert b"2025-11-25" in answer.read()
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0


def test_serve_over_http_asks_for_the_token_it_names(start: Callable[..., Process], home: Path) -> None:
    process = start("serve", "--http", "127.0.0.1:0")
    assert process.stderr is not None
    url = process.stderr.readline().decode().split()[4].rstrip(".")
    token_file = Path(process.stderr.readline().decode().split()[-1])
    assert token_file.is_relative_to(home)
    assert token_file.stat().st_mode & 0o077 == 0
    headers = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(urllib.request.Request(url, json.dumps(INITIALIZE).encode(), headers), timeout=30)
    refused.value.close()
    assert refused.value.code == 401
    headers["Authorization"] = f"Bearer {token_file.read_text().strip()}"
    request = urllib.request.Request(url, json.dumps(INITIALIZE).encode(), headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        assert answer.status == 200
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 0


def test_ctrl_c_ends_a_call_with_130(start: Callable[..., Process]) -> None:
    # Whoever runs these tests in the background of a shell has told all their children to ignore Ctrl-C.
    process = start("tools", "call", "sample_wait", *SAMPLE, preexec_fn=_heed_ctrl_c)
    assert process.stderr is not None
    assert process.stderr.readline() == b"waiting\n"
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (130, b"", b"")


def _heed_ctrl_c() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_a_reader_that_has_enough_is_no_failure(start: Callable[..., Process]) -> None:
    inward, outward = os.pipe()
    os.close(inward)
    process = start("config", "show", stdout=outward)
    os.close(outward)
    _, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (0, b"")


def test_a_terminal_that_knows_ascii_only(start: Callable[..., Process], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    out, err = start("tools", "call", "sample_greet", "name=Zoë", *SAMPLE).communicate(timeout=30)
    assert err == b""
    assert out == b"Hello, Zo\\xeb!\n"


def test_memory_stays_from_one_command_to_the_next(start: Callable[..., Process]) -> None:
    out, err = start("tools", "call", "memory_remember", "text=The key is under the pot").communicate(timeout=30)
    assert b"id" in out, err
    out, err = start("tools", "call", "memory_recall", "query=key").communicate(timeout=30)
    assert b"under the pot" in out, err
