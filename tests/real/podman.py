"""A real Podman from Debian's packages, as its service on a socket: all it keeps is in a folder of its own."""

from __future__ import annotations

import json
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.real import debian
from tests.real.engine import Engine, running, socket_in, started
from tests.real.installing import or_skip

_PROGRAMS = {
    "podman": "podman", "runc": "runc", "conmon": "conmon", "busybox": "busybox-static", "iptables": "iptables",
    "/usr/lib/podman/netavark": "netavark", "/usr/lib/podman/aardvark-dns": "aardvark-dns",
}  # fmt: skip


@contextmanager
def podman(folder: Path) -> Iterator[Engine]:
    """Where it is not to be had the test is skipped, which is a failure in CI."""
    or_skip(lambda: debian.install(_PROGRAMS))
    with running("podman", folder, _begin) as engine:
        yield engine


def _begin(folder: Path) -> subprocess.Popen[bytes]:
    command = [
        "podman", "--root", f"{folder}/root", "--runroot", f"{folder}/run", "--tmpdir", f"{folder}/tmp",
        "--storage-driver=vfs", "--cgroup-manager=cgroupfs", "--events-backend=file", "--runtime=runc",
        "--network-backend=netavark", "--network-config-dir", f"{folder}/networks",
        "system", "service", "--time=0", f"unix://{socket_in(folder)}",
    ]  # fmt: skip
    settings = folder / "containers.conf"
    settings.write_text(f"[containers]\ndefault_ulimits = {json.dumps(_limits())}\n[engine]\nexit_command_delay = 5\n")
    return started(command, folder, own=("net",), environ={"CONTAINERS_CONF": str(settings)})


def _limits() -> list[str]:
    """Podman asks for more open files than this process may give away, where it has not all the rights of root."""
    kinds = {"nofile": resource.RLIMIT_NOFILE, "nproc": resource.RLIMIT_NPROC}
    most = {name: min(2**15, resource.getrlimit(kind)[1] % 2**31) for name, kind in kinds.items()}
    return [f"{name}={number}:{number}" for name, number in most.items()]
