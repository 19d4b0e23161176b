"""A client that costs next to nothing: raw pipes, frames encoded beforehand, answers looked at afterwards."""

from __future__ import annotations

import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec import Struct

Era = Literal["legacy", "modern"]

LEGACY = "2025-06-18"
TEXT = "hello"
POOL = 60_000
"""Calls that one slice can make at most."""
_PATIENCE = 240.0
"""Seconds after which a server that still runs is given up on."""
_CLIENT = {"name": "bench", "version": "1"}
_META = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": _CLIENT,
    "io.modelcontextprotocol/clientCapabilities": {},
}


class _Block(Struct):
    text: str


class _Result(Struct):
    content: list[_Block]
    isError: bool = False


class _Answer(Struct):
    id: int
    result: _Result


class Slice(Struct, frozen=True):
    """One stretch of load: calls made, seconds it took, and the latency of every call in milliseconds."""

    calls: int
    seconds: float
    latencies: list[float]

    @property
    def rate(self) -> float:
        return self.calls / self.seconds


class Command(Struct, frozen=True):
    """How a server is started. ``env`` comes on top of this process's own."""

    arguments: Sequence[str]
    env: Mapping[str, str] = {}
    era: Era = "legacy"
    tool: str = "echo"


def call_frames(command: Command) -> list[bytes]:
    """Every call of a slice, encoded; the id is the place in the list."""
    params: dict[str, Any] = {"name": command.tool, "arguments": {"text": TEXT}}
    if command.era == "modern":
        params["_meta"] = _META
    body = msgspec.json.encode(params)
    return [b'{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":%s}\n' % (i, body) for i in range(POOL)]


class Client:
    """A server that runs, from spawn to end, and the load put on it. Use as a context manager."""

    def __init__(self, command: Command) -> None:
        self.calls = 0
        """Made under load so far."""
        self._era: Era = command.era
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  closed by __exit__
        self._rest = b""
        started = time.perf_counter()
        self._process = subprocess.Popen(
            command.arguments, env={**_plain_environment(), **command.env}, bufsize=0, cwd=tempfile.gettempdir(),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors,
        )  # fmt: skip
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._in, self._out = self._process.stdin.fileno(), self._process.stdout.fileno()
        self._watchdog = threading.Timer(_PATIENCE, self._process.kill)
        self._watchdog.daemon = True
        self._watchdog.start()
        self._open()
        self.first_page = self.request("tools/list")
        self.started_in = (time.perf_counter() - started) * 1000
        """Milliseconds from spawn to the first answer to ``tools/list``, the opening of the era included."""

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *exception: object) -> None:
        self._watchdog.cancel()
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
        self._errors.close()

    def request(self, method: str, **params: Any) -> Any:
        """One request, and its result."""
        if self._era == "modern":
            params["_meta"] = _META
        self._send({"jsonrpc": "2.0", "id": 0, "method": method, "params": params})
        while b"\n" not in self._rest:
            self._rest += self._read()
        line, _, self._rest = self._rest.partition(b"\n")
        answer = msgspec.json.decode(line)
        if "result" not in answer:
            raise RuntimeError(f"{method} was answered with {line.decode()}")
        return answer["result"]

    def tools(self) -> Iterator[list[Any]]:
        """The pages of ``tools/list``."""
        page = self.first_page
        yield page["tools"]
        while "nextCursor" in page:
            page = self.request("tools/list", cursor=page["nextCursor"])
            yield page["tools"]

    def load(self, frames: Sequence[bytes], depth: int, *, seconds: float = _PATIENCE, calls: int = POOL) -> Slice:
        """Keep ``depth`` calls in flight for so long, or for so many calls. Raises when an answer is not an echo."""
        clock = time.perf_counter_ns
        written: list[tuple[int, int]] = []  # when, and how many calls had been made by then
        chunks: list[tuple[int, bytes]] = []
        sent = answered = 0
        room = depth
        start = clock()
        end = start + int(seconds * 1e9)
        while True:
            if room and sent < calls and clock() < end:
                upto = min(sent + room, calls)
                batch = b"".join(frames[sent:upto])
                sent = upto
                written.append((clock(), sent))
                os.write(self._in, batch)
            if answered == sent:
                break
            data = self._read()
            chunks.append((clock(), data))
            room = data.count(b"\n")
            answered += room
        took = (chunks[-1][0] - start) / 1e9
        self.calls += sent
        return Slice(sent, took, _latencies(written, chunks, sent))

    def peak_memory(self) -> float | None:
        """In megabytes, where the system tells."""
        try:
            status = Path(f"/proc/{self._process.pid}/status").read_text()
        except FileNotFoundError:
            return None
        return int(status.partition("VmHWM:")[2].split()[0]) / 1024

    def cpu_seconds(self) -> float | None:
        """What the server has used of the processor, where the system tells. Other work on the machine leaves it be."""
        try:
            stat = Path(f"/proc/{self._process.pid}/stat").read_text()
        except FileNotFoundError:
            return None
        user, system = stat.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def _open(self) -> None:
        if self._era == "modern":
            self.request("server/discover")
            return
        opening = {"protocolVersion": LEGACY, "capabilities": {}, "clientInfo": _CLIENT}
        agreed = self.request("initialize", **opening)["protocolVersion"]
        if agreed != LEGACY:
            raise RuntimeError(f"The server wants to speak {agreed}, not {LEGACY}")
        self._send({"jsonrpc": "2.0", "method": "notifications/initialized"})

    def _send(self, message: Any) -> None:
        os.write(self._in, msgspec.json.encode(message) + b"\n")

    def _read(self) -> bytes:
        data = os.read(self._out, 1 << 18)
        if not data:
            self._errors.seek(0)
            raise RuntimeError(f"The server has gone. It said: {self._errors.read()[-2000:].decode(errors='replace')}")
        return data


def _plain_environment() -> dict[str, str]:
    """Ours without what changes how Python runs: a server may keep its bytecode, as it may on a person's machine."""
    return {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "MCP_AGENT_"))}


def _latencies(written: list[tuple[int, int]], chunks: list[tuple[int, bytes]], calls: int) -> list[float]:
    sent_at: list[int] = []
    for when, upto in written:
        sent_at.extend([when] * (upto - len(sent_at)))
    decode = msgspec.json.Decoder(_Answer).decode
    latencies: dict[int, float] = {}
    rest = b""
    for when, data in chunks:
        *lines, rest = (rest + data).split(b"\n")
        for line in lines:
            answer = decode(line)
            if answer.result.isError or [block.text for block in answer.result.content] != [TEXT]:
                raise RuntimeError(f"Not an echo of {TEXT!r}: {line.decode()}")
            latencies[answer.id] = (when - sent_at[answer.id]) / 1e6
    if len(latencies) != calls:
        raise RuntimeError(f"{calls} calls were made, and {len(latencies)} of them answered")
    return list(latencies.values())
