"""Kubernetes 1.20.2 built from Debian's source package, with Debian's Go: API server, controllers and scheduler.

Nobody packages them. It takes about six minutes on one core, so it is built only where ``MCP_AGENT_FULL=1`` asks for
it; where it is in the cache it is always used.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from tests.real import debian
from tests.real.debian_files import unpack
from tests.real.installing import NOT_BUILT, Unavailable, cached, is_cached

VERSION = "1.20.2"
PROGRAMS = ("kube-apiserver", "kube-controller-manager", "kube-scheduler")
_SECONDS = 3600
_SOURCES = Path("/etc/apt/sources.list.d/debian.sources")
_OLD_SOURCES = Path("/etc/apt/sources.list")
_LABEL = VERSION
_OPENAPI = "pkg/generated/openapi"
_MENDED = "github.com/modern-go/reflect2"
"""A library whose version of then reads maps as Go did before 1.18, and crashes with Debian's Go."""
_ASKED = (VERSION, *PROGRAMS, _MENDED)


class NotBuilt(Unavailable):
    """It could be built, and that was not asked for."""


def programs() -> Path:
    """The folder with the programs. Raises NotBuilt, or Unavailable where they cannot be had."""
    if os.environ.get("MCP_AGENT_FULL") != "1" and not is_cached("kubernetes", _LABEL, _ASKED):
        raise NotBuilt(f"Kubernetes is not in the cache of the tests, and building it takes minutes: {NOT_BUILT}.")
    return cached("kubernetes", _LABEL, _ASKED, _build)


def _build(scratch: Path, made: Path) -> Path:
    debian.install({"go": "golang-go", "dpkg-source": "dpkg-dev"})
    source = _source(scratch)
    _mend(source)
    gopath = scratch / "gopath"
    (gopath / "src" / "k8s.io").mkdir(parents=True)
    inside = gopath / "src" / "k8s.io" / "kubernetes"
    inside.symlink_to(source)
    environ = {
        **os.environ, "GOPATH": str(gopath), "GOCACHE": str(scratch / "gocache"), "GO111MODULE": "off", "GOFLAGS": "",
        "CGO_ENABLED": "0", "GOTOOLCHAIN": "local", "PWD": str(inside),
    }  # fmt: skip
    _generate_openapi(inside, gopath, scratch, environ)
    made.mkdir()
    stamp = " ".join(
        f"-X k8s.io/kubernetes/vendor/k8s.io/{package}.{name}={value}"
        for package in ("component-base/version", "client-go/pkg/version")  # in GOPATH mode they are in vendor/
        for name, value in (("gitVersion", f"v{VERSION}"), ("gitMajor", "1"), ("gitMinor", "20"))
    )
    for program in PROGRAMS:
        _run(
            ["go", "build", "-ldflags", f"-s -w {stamp}", "-o", str(made / program), f"./cmd/{program}"],
            inside,
            environ,
        )
    return made


def _source(scratch: Path) -> Path:
    """Unpacked, from lists of our own: those of the system stay as they are."""
    lists, sources = scratch / "lists", scratch / "src.sources"
    (lists / "partial").mkdir(parents=True)
    if _SOURCES.exists():
        sources.write_text(re.sub(r"(?m)^Types: deb$", "Types: deb-src", _SOURCES.read_text()))
    elif _OLD_SOURCES.exists():
        sources = scratch / "src.list"
        sources.write_text(re.sub(r"(?m)^deb ", "deb-src ", _OLD_SOURCES.read_text()))
    else:
        raise Unavailable(
            "Kubernetes is built from Debian's source package, and this machine has no sources of Debian."
        )
    options = [
        "-o", f"Dir::Etc::sourcelist={sources}", "-o", "Dir::Etc::sourceparts=/dev/null",
        "-o", f"Dir::State::lists={lists}", "-o", "APT::Sandbox::User=root",
    ]  # fmt: skip
    _run(["apt-get", "-qq", *options, "update"], scratch, dict(os.environ))
    _run(["apt-get", "-qq", *options, "source", "--download-only", "kubernetes"], scratch, dict(os.environ))
    [packed] = scratch.glob("kubernetes_*.orig.tar.gz")
    shutil.unpack_archive(packed, scratch / "source", filter="tar")
    [source] = (scratch / "source").iterdir()
    if source.name != f"kubernetes-{VERSION}":
        raise Unavailable(f"Debian has {source.name} now: the tests were written for {VERSION}.")
    return source


def _mend(source: Path) -> None:
    """With Debian's version of that library, which has the same interface."""
    vendored = source / "vendor" / _MENDED
    shutil.rmtree(vendored)
    unpacked = unpack(("golang-github-modern-go-reflect2-dev",))
    shutil.copytree(unpacked / "usr/share/gocode/src" / _MENDED, vendored)


def _generate_openapi(inside: Path, gopath: Path, scratch: Path, environ: dict[str, str]) -> None:
    """Code that the source package leaves out."""
    generator = scratch / "openapi-gen"
    _run(["go", "build", "-o", str(generator), "./vendor/k8s.io/kube-openapi/cmd/openapi-gen"], inside, environ)
    marked = re.compile(rb"(?m)^// \+k8s:openapi-gen=")
    folders = {
        found.parent.relative_to(inside)
        for top in ("pkg", "vendor/k8s.io")
        for found in _go_files(inside / top)
        if marked.search(found.read_bytes())
    }
    packages = ",".join(f"k8s.io/kubernetes/{folder}" for folder in sorted(map(str, folders)))
    _run(
        [
            str(generator), "--go-header-file", "hack/boilerplate/boilerplate.generatego.txt", "-O",
            "zz_generated.openapi", "--output-base", str(gopath / "src"), "-p", f"k8s.io/kubernetes/{_OPENAPI}",
            "-i", packages,
            "-r", str(scratch / "violations.txt"),
        ],
        inside, environ,
    )  # fmt: skip


def _go_files(top: Path) -> list[Path]:
    """Folders that are links, as those of vendor/k8s.io are, too."""
    return [
        Path(folder) / name
        for folder, _, names in os.walk(top, followlinks=True)
        for name in names
        if name.endswith(".go")
    ]


def _run(command: list[str], folder: Path, environ: dict[str, str]) -> None:
    nice = ["nice", "-n", "10"] if shutil.which("nice") else []
    try:
        done = subprocess.run(
            [*nice, *command], cwd=folder, env=environ, capture_output=True, text=True, timeout=_SECONDS, check=False,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise Unavailable(f"{command[0]} {command[1]} did not end within {_SECONDS} seconds.") from None
    if done.returncode:
        raise Unavailable(f"{Path(command[0]).name} {command[1]} failed: {done.stderr[-2000:]}")
