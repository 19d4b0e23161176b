"""A real Docker Engine from Debian's packages, with a folder, a socket and a network of its own."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.real import debian
from tests.real.engine import Engine, running, socket_in, started


@contextmanager
def docker(folder: Path) -> Iterator[Engine]:
    """Where it is not to be had the test is skipped, which is a failure in CI."""
    debian.programs(
        dockerd="docker.io", containerd="containerd", runc="runc", busybox="busybox-static", iptables="iptables"
    )
    with running("docker", folder, _begin) as engine:
        yield engine


def _begin(folder: Path) -> subprocess.Popen[bytes]:
    command = [
        "dockerd", "-H", f"unix://{socket_in(folder)}", "--data-root", f"{folder}/root", "--exec-root",
        f"{folder}/exec", "--pidfile", f"{folder}/dockerd.pid", "--storage-driver=vfs", "--iptables=false",
        "--ip6tables=false", "--ip-masq=false", "--exec-opt", "native.cgroupdriver=cgroupfs",
    ]  # fmt: skip
    return started(command, folder, own=("net", "mount"))
