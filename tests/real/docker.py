"""A real Docker Engine from Debian's packages: a folder and socket of its own, no bridge, no firewall rules."""

from __future__ import annotations

import io
import json
import os
import shutil
import socket
import subprocess
import tarfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from msgspec import Struct

from tests.real import debian
from tests.real.installing import Unavailable, or_skip

IMAGE = "busybox:test"
_SECONDS = 30.0
_APPLETS = ("sh", "sleep", "echo", "yes", "head", "seq", "cat", "ls", "true", "false", "env", "touch", "id", "printf")


class Docker(Struct):
    """A running engine. It can be stopped and started again on the same folder."""

    folder: Path
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"

    @property
    def socket(self) -> Path:
        return self.folder / "docker.sock"

    def ask(self, method: str, path: str, body: bytes | None = None, **params: str) -> bytes:
        """Beside the plugin: what tests need to set up and to look at. Raises Unavailable for a refusal."""
        connection = _Local(self.socket)
        kind = "application/x-tar" if path == "/images/create" else "application/json"
        try:
            connection.request(method, f"{path}?{urlencode(params)}", body, {"Content-Type": kind})
            answer = connection.getresponse()
            said = answer.read()
        finally:
            connection.close()
        if answer.status >= 400:
            raise Unavailable(f"{method} {path}: {said.decode()}")
        return said

    def container(self, name: str, *command: str, start: bool = True, **config: object) -> str:
        """Make one without a network, as somebody beside the plugin would. Gives its id."""
        host = {"NetworkMode": "none", **config.pop("HostConfig", {})}  # type: ignore[dict-item]
        body = json.dumps({"Image": IMAGE, "Cmd": list(command), "HostConfig": host, **config}).encode()
        made = str(json.loads(self.ask("POST", "/containers/create", body, name=name))["Id"])
        if start:
            self.ask("POST", f"/containers/{made}/start")
        return made

    def wait(self, name: str) -> int:
        """Until it has ended. Gives its exit code."""
        return int(json.loads(self.ask("POST", f"/containers/{name}/wait"))["StatusCode"])

    def clear(self) -> None:
        """Remove all containers, volumes and networks of tests."""
        for one in json.loads(self.ask("GET", "/containers/json", all="1")):
            self.ask("DELETE", f"/containers/{one['Id']}", force="1", v="1")
        for one in json.loads(self.ask("GET", "/volumes"))["Volumes"] or ():
            self.ask("DELETE", f"/volumes/{one['Name']}")
        for one in json.loads(self.ask("GET", "/networks")):
            if one["Name"] not in ("none", "host", "bridge"):
                self.ask("DELETE", f"/networks/{one['Id']}")

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(_SECONDS)

    def start(self) -> None:
        self.process = _start(self.folder)


class _Local(HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=_SECONDS * 10)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))


@contextmanager
def docker(folder: Path) -> Iterator[Docker]:
    """An engine with one image, ``IMAGE``. Where it is not to be had the test is skipped, which is a failure in CI."""
    debian.programs(
        dockerd="docker.io", containerd="containerd", runc="runc", busybox="busybox-static", iptables="iptables"
    )
    running = or_skip(lambda: Docker(folder, _start(folder)))
    try:
        running.ask("POST", "/images/create", _busybox(), fromSrc="-", repo="busybox", tag="test")
        yield running
        running.clear()
    finally:
        running.stop()


def _start(folder: Path) -> subprocess.Popen[bytes]:
    if hasattr(os, "geteuid") and os.geteuid() != 0:
        raise Unavailable("A Docker Engine of our own needs root.")
    log = folder / "dockerd.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [
                "dockerd", "-H", f"unix://{folder}/docker.sock", "--data-root", f"{folder}/root", "--exec-root",
                f"{folder}/exec", "--pidfile", f"{folder}/dockerd.pid", "--storage-driver=vfs", "--iptables=false",
                "--ip6tables=false", "--bridge=none", "--ip-forward=false", "--ip-masq=false", "--userland-proxy=false",
                "--exec-opt", "native.cgroupdriver=cgroupfs",
            ],
            stdin=subprocess.DEVNULL, stdout=output, stderr=output,
        )  # fmt: skip
    until = time.monotonic() + _SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            Docker(folder, process).ask("GET", "/_ping")
        except OSError:
            time.sleep(0.05)
        else:
            return process
    process.kill()
    raise Unavailable(f"dockerd did not start: {log.read_text()[-2000:]}")


def _busybox() -> bytes:
    """A file system with busybox and nothing else."""
    program = shutil.which("busybox")
    assert program is not None
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        tar.add(program, "bin/busybox")
        for name in _APPLETS:
            link = tarfile.TarInfo(f"bin/{name}")
            link.type, link.linkname = tarfile.SYMTYPE, "busybox"
            tar.addfile(link)
    return packed.getvalue()
