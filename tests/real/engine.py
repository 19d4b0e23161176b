"""What the real engines of tests share, Docker and Podman: an image, a socket in a folder, a way past the plugin."""

from __future__ import annotations

import io
import json
import os
import shutil
import socket
import subprocess
import tarfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from msgspec import Struct

from tests.real.installing import Unavailable, or_skip

IMAGE = "busybox:test"
_SECONDS = 30.0
_BUILT_IN = ("none", "host", "bridge", "podman")
_WITH_LOOPBACK = ("sh", "-c", 'busybox ip link set lo up && exec "$@"', "sh")
_APPLETS = (
    "sh", "sleep", "echo", "yes", "head", "seq", "cat", "ls", "true", "false", "env", "touch", "id", "printf", "ping",
    "wget", "nc",
)  # fmt: skip


class Engine(Struct):
    """A running engine. ``begin`` starts it again on the same folder."""

    name: str
    folder: Path
    begin: Callable[[Path], subprocess.Popen[bytes]]
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"

    @property
    def socket(self) -> Path:
        return socket_in(self.folder)

    def ask(self, method: str, path: str, body: bytes | None = None, **params: str) -> bytes:
        """Beside the plugin: what tests need to set up and to look at. Raises Unavailable for a refusal."""
        return _ask(self.socket, method, path, body, params)

    def container(self, name: str, *command: str, start: bool = True, **config: object) -> str:
        """Make one without a network, as somebody beside the plugin would. Gives its id."""
        host = {"NetworkMode": "none", **config.pop("HostConfig", {})}  # type: ignore[dict-item]
        body = json.dumps({"Image": IMAGE, "Cmd": list(command), "HostConfig": host, **config}).encode()
        made = str(json.loads(self.ask("POST", "/containers/create", body, name=name))["Id"])
        if start:
            self.ask("POST", f"/containers/{made}/start")
        return made

    def beside(self, *command: str) -> str:
        """What a command of busybox prints in the network of the engine's machine, which is not that of this one."""
        inside = ["nsenter", "--net", "--target", str(self.process.pid), "busybox", *command]
        return subprocess.run(inside, capture_output=True, text=True, timeout=_SECONDS, check=False).stdout

    def wait(self, name: str) -> int:
        """Until it has ended. Gives its exit code."""
        return int(json.loads(self.ask("POST", f"/containers/{name}/wait"))["StatusCode"])

    def clear(self) -> None:
        """Remove all containers, volumes and networks of tests."""
        while there := json.loads(self.ask("GET", "/containers/json", all="1")):
            gone = 0
            for one in there:
                try:
                    self.ask("DELETE", f"/containers/{one['Id']}", force="1", v="1")
                except Unavailable:  # another one shares something with it, and goes first
                    continue
                gone += 1
            assert gone, f"{self.name} removes none of {there}"
        for one in json.loads(self.ask("GET", "/volumes"))["Volumes"] or ():
            self.ask("DELETE", f"/volumes/{one['Name']}")
        for one in json.loads(self.ask("GET", "/networks")):
            if one["Name"] not in _BUILT_IN:
                self.ask("DELETE", f"/networks/{one['Id']}")

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(_SECONDS)

    def start(self) -> None:
        self.process = self.begin(self.folder)


@contextmanager
def running(name: str, folder: Path, begin: Callable[[Path], subprocess.Popen[bytes]]) -> Iterator[Engine]:
    """An engine with one image, ``IMAGE``. Where it is not to be had the test is skipped, which is a failure in CI."""
    engine = or_skip(lambda: Engine(name, folder, begin, begin(folder)))
    try:
        engine.ask("POST", "/images/create", _busybox(), fromSrc="-", repo=IMAGE)
        yield engine
    finally:
        if engine.process.poll() is not None:  # a test stopped it and failed
            engine.start()
        try:
            engine.clear()
        finally:
            engine.stop()


def socket_in(folder: Path) -> Path:
    return folder / "engine.sock"


def started(
    command: list[str], folder: Path, *, own: Sequence[str], environ: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """The process, once it answers at its socket. ``own`` are namespaces of its own: bridges, rules and mounts in them
    are not those of this machine, and end with it. Raises Unavailable."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        raise Unavailable("An engine of our own needs root.")
    log = folder / "engine.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            ["unshare", *(f"--{one}" for one in own), *_WITH_LOOPBACK, *command], stdin=subprocess.DEVNULL,
            stdout=output, stderr=output, env={**os.environ, **(environ or {})},
        )  # fmt: skip
    until = time.monotonic() + _SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            _ask(socket_in(folder), "GET", "/_ping")
        except OSError:
            time.sleep(0.05)
        else:
            return process
    process.kill()
    process.wait()
    raise Unavailable(f"{command[0]} did not start: {log.read_text()[-2000:]}")


class _Local(HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=_SECONDS * 10)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))


def _ask(
    path: Path, method: str, question: str, body: bytes | None = None, params: Mapping[str, str] | None = None
) -> bytes:
    connection = _Local(path)
    kind = "application/x-tar" if question == "/images/create" else "application/json"
    try:
        connection.request(method, f"{question}?{urlencode(params or {})}", body, {"Content-Type": kind})
        answer = connection.getresponse()
        said = answer.read()
    finally:
        connection.close()
    if answer.status >= 400:
        raise Unavailable(f"{method} {question}: {said.decode()}")
    return said


def _busybox() -> bytes:
    """A file system with busybox and nothing else."""
    program = shutil.which("busybox")
    assert program is not None
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        folder = tarfile.TarInfo("bin")
        folder.type, folder.mode = tarfile.DIRTYPE, 0o755  # for every user
        tar.addfile(folder)
        tar.add(program, "bin/busybox")
        for name in _APPLETS:
            link = tarfile.TarInfo(f"bin/{name}")
            link.type, link.linkname = tarfile.SYMTYPE, "busybox"
            tar.addfile(link)
    return packed.getvalue()
