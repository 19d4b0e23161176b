"""A real Kubernetes on loopback: etcd, API server, controllers and scheduler. There is no kubelet: nodes are objects
that a test makes, and what kubelets would write into pods a test writes. Logs come from ``KubeletStandIn``.
"""

from __future__ import annotations

import datetime
import itertools
import json
import secrets
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.real import debian, kubernetes_build
from tests.real.certificates import make_certificates
from tests.real.installing import Unavailable, or_skip

_READY_SECONDS = 90.0
_WAIT_SECONDS = 60.0

_CONTROLLERS = (
    "deployment", "replicaset", "statefulset", "daemonset", "job", "garbagecollector", "namespace", "resourcequota",
    "endpoint", "persistentvolume-binder",
)  # fmt: skip

_AUDIT = {
    "apiVersion": "audit.k8s.io/v1", "kind": "Policy", "omitStages": ["RequestReceived"],
    "rules": [{"level": "Metadata"}],
}  # fmt: skip

_READS = ("get", "list", "watch")
_numbers = itertools.count(1)


class Refusal(Exception):
    """What the API server said no to, beside the plugin."""


class Kube:
    """A running cluster. ``admin`` and ``viewer`` are tokens: the viewer may read pods and config maps of the namespace
    ``default``, and nothing else."""

    def __init__(self, folder: Path, programs: Path) -> None:
        self.folder = folder
        self.port, self._etcd_port, self._peer_port = _free_ports(3)
        self.url = f"https://127.0.0.1:{self.port}"
        self.admin, self.viewer = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        self._programs = programs
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self.certificates = make_certificates(folder)
        self._tls = ssl.create_default_context(cafile=str(self.certificates / "ca.pem"))

    # --- its life --------------------------------------------------------------------------------

    def start(self) -> None:
        (self.folder / "tokens.csv").write_text(
            f"{self.admin},admin,admin-uid,system:masters\n{self.viewer},viewer,viewer-uid\n"
        )
        (self.folder / "audit-policy.json").write_text(json.dumps(_AUDIT))
        self._spawn(
            "etcd", "--data-dir", f"{self.folder}/etcd", "--listen-client-urls", self._etcd, "--advertise-client-urls",
            self._etcd, "--listen-peer-urls", f"http://127.0.0.1:{self._peer_port}", "--unsafe-no-fsync",
        )  # fmt: skip
        self.start_api()
        as_admin = self.kubeconfig("controllers")
        for program, more in (
            ("kube-controller-manager", [f"--controllers={','.join(_CONTROLLERS)}"]), ("kube-scheduler", []),
        ):  # fmt: skip
            words = ["--leader-elect=false", "--port=0", "--secure-port=0", *more]
            self._spawn(program, f"--kubeconfig={as_admin}", *words)

    def start_api(self) -> None:
        pki = self.certificates
        self._spawn(
            "kube-apiserver", f"--etcd-servers={self._etcd}", "--bind-address=127.0.0.1",
            f"--secure-port={self.port}", "--insecure-port=0", f"--client-ca-file={pki}/ca.pem",
            f"--tls-cert-file={pki}/server.pem", f"--tls-private-key-file={pki}/server.key",
            f"--token-auth-file={self.folder}/tokens.csv", "--authorization-mode=RBAC",
            "--service-cluster-ip-range=10.0.0.0/24", "--advertise-address=127.0.0.1",
            f"--service-account-key-file={pki}/server.key", f"--service-account-signing-key-file={pki}/server.key",
            f"--service-account-issuer={self.url}", "--api-audiences=api", "--allow-privileged",
            "--disable-admission-plugins=ServiceAccount,TaintNodesByCondition",
            f"--audit-policy-file={self.folder}/audit-policy.json", f"--audit-log-path={self.folder}/audit.log",
            "--kubelet-preferred-address-types=InternalIP", f"--cert-dir={self.folder}/made",
        )  # fmt: skip
        self._wait_until_ready()

    def kill_api(self) -> None:
        """At once, as if its machine had lost power."""
        process = self._running.pop("kube-apiserver")
        process.kill()
        process.wait(30)

    def stop(self) -> None:
        for process in reversed(list(self._running.values())):
            process.terminate()
        for process in self._running.values():
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(10)
        self._running = {}

    # --- beside the plugin -----------------------------------------------------------------------

    def ask(self, method: str, path: str, body: Any = None, kind: str = "application/json", **params: str) -> Any:
        """As the administrator. Raises Refusal."""
        connection = HTTPSConnection("127.0.0.1", self.port, context=self._tls, timeout=30)
        try:
            headers = {"Authorization": f"Bearer {self.admin}", "Content-Type": kind}
            target = f"{path}?{urlencode(params)}" if params else path
            connection.request(method, target, None if body is None else json.dumps(body), headers)
            answer = connection.getresponse()
            said = answer.read()
        finally:
            connection.close()
        if answer.status >= 400:
            raise Refusal(f"{method} {path}: {answer.status} {said.decode()}")
        return json.loads(said) if said.startswith(b"{") else said.decode()

    def create(self, thing: Mapping[str, Any], namespace: str = "default") -> Any:
        return self.ask("POST", _path(thing, namespace), thing)

    def patch_status(self, path: str, status: Mapping[str, Any]) -> Any:
        """As kubelets and other controllers would."""
        return self.ask("PATCH", f"{path}/status", {"status": status}, "application/merge-patch+json")

    def namespace(self) -> str:
        """A new one."""
        name = f"test-{next(_numbers)}"
        self.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
        return name

    def node(
        self, name: str, *, cpu: str = "4", memory: str = "8Gi", labels: Mapping[str, str] = {}, **spec: Any
    ) -> str:
        """One that is ready. Its kubelet is whoever listens on ``kubelet_port``."""
        port = spec.pop("kubelet_port", 1)
        room = {"cpu": cpu, "memory": memory, "pods": "10000"}  # they pile up over a run: no kubelet takes any away
        self.create(
            {"apiVersion": "v1", "kind": "Node", "metadata": {"name": name, "labels": dict(labels)}, "spec": spec}
        )
        self.patch_status(
            f"/api/v1/nodes/{name}",
            {
                "capacity": room, "allocatable": room, "daemonEndpoints": {"kubeletEndpoint": {"Port": port}},
                "addresses": [{"type": "InternalIP", "address": "127.0.0.1"}],
                "conditions": [{"type": "Ready", "status": "True", "reason": "KubeletReady"}],
            },
        )  # fmt: skip
        return name

    def event(self, namespace: str, about: Mapping[str, Any], reason: str, message: str, *, count: int = 1) -> None:
        """A warning, as a kubelet notes it down."""
        now = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        reference = {"kind": about["kind"], "name": about["metadata"]["name"], "namespace": namespace}
        uid = about["metadata"].get("uid")
        self.create(
            {
                "apiVersion": "v1", "kind": "Event", "metadata": {"name": f"event-{next(_numbers)}"}, "reason": reason,
                "involvedObject": {**reference, **({"uid": uid} if uid else {})}, "message": message, "type": "Warning",
                "count": count, "firstTimestamp": now, "lastTimestamp": now, "source": {"component": "kubelet"},
            },
            namespace,
        )  # fmt: skip

    def wait_for(self, path: str, holds: Callable[[Any], object]) -> Any:
        """Until it is there and ``holds(object)`` is true: controllers need a moment."""
        until = time.monotonic() + _WAIT_SECONDS
        while True:
            try:
                found = self.ask("GET", path)
                if holds(found):
                    return found
            except Refusal as refusal:
                found = str(refusal)
            if time.monotonic() > until:
                raise AssertionError(f"{path} did not come about: {json.dumps(found)[:3000]}")
            time.sleep(0.05)

    def define(self, kind: Mapping[str, Any]) -> None:
        """Make a custom kind known, and wait until things of it can be made."""
        self.create(kind)
        spec = kind["spec"]
        base, plural = f"/apis/{spec['group']}/{spec['versions'][0]['name']}", spec["names"]["plural"]
        self.wait_for(base, lambda it: any(one["name"] == plural for one in it["resources"]))
        self.wait_for(f"{base}/{plural}", lambda it: "items" in it)

    def writes_of(self, user: str) -> list[str]:
        """What this user did that is not reading, from the audit log: 'patch deployments default/web'."""
        return [line for line in self.requests_of(user) if line.partition(" ")[0] not in _READS]

    def requests_of(self, user: str) -> list[str]:
        found = []
        for line in (self.folder / "audit.log").read_text().splitlines():
            entry = json.loads(line)
            if entry["user"].get("username") == user:
                about = entry.get("objectRef") or {}
                found.append(
                    f"{entry['verb']} {about.get('resource')} {about.get('namespace', '')}/{about.get('name', '')}"
                )
        return found

    def kubeconfig(self, name: str, user: Mapping[str, Any] | None = None, **contexts: Mapping[str, Any]) -> Path:
        """A file with the context ``admin``, or with ``user`` as its only one, and more by name."""
        users = contexts or {"admin": user or {"token": self.admin}}
        authority = (self.certificates / "ca.pem").read_bytes()
        path = self.folder / f"{name}.yaml"
        path.write_text(kubeconfig_text(self.url, authority, users))
        return path

    @property
    def _etcd(self) -> str:
        return f"http://127.0.0.1:{self._etcd_port}"

    def _spawn(self, program: str, *words: str) -> None:
        built = self._programs / program
        command = str(built) if built.exists() else str(shutil.which(program))
        nice = ["nice", "-n", "5"] if shutil.which("nice") else []
        with (self.folder / f"{program}.log").open("ab") as log:
            self._running[program] = subprocess.Popen(
                [*nice, command, *words], stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder
            )

    def _wait_until_ready(self) -> None:
        until = time.monotonic() + _READY_SECONDS
        process = self._running["kube-apiserver"]
        while time.monotonic() < until and process.poll() is None:
            try:
                self.ask("GET", "/readyz")
                self.ask("GET", "/api/v1/namespaces/default")
            except (OSError, Refusal):
                time.sleep(0.1)
            else:
                return
        raise Unavailable(f"kube-apiserver did not start: {(self.folder / 'kube-apiserver.log').read_text()[-2000:]}")


def kubeconfig_text(server: str, authority: bytes, users: Mapping[str, Mapping[str, Any]]) -> str:
    """A context for each user, with the same name; the first is the current one. JSON is YAML."""
    import base64

    cluster = {"server": server, "certificate-authority-data": base64.b64encode(authority).decode()}
    return json.dumps(
        {
            "apiVersion": "v1", "kind": "Config", "current-context": next(iter(users)),
            "clusters": [{"name": "lab", "cluster": cluster}],
            "users": [{"name": name, "user": user} for name, user in users.items()],
            "contexts": [{"name": name, "context": {"cluster": "lab", "user": name}} for name in users],
        }
    )  # fmt: skip


@contextmanager
def kubernetes(folder: Path) -> Iterator[Kube]:
    """Where it is not to be had, or not built yet, the test is skipped: see ``kubernetes_build``."""
    programs = or_skip(kubernetes_build.programs)
    debian.programs(etcd="etcd-server")
    cluster = Kube(folder, programs)
    try:
        or_skip(cluster.start)
        _let_the_viewer_look(cluster)
        yield cluster
    finally:
        cluster.stop()


def _let_the_viewer_look(cluster: Kube) -> None:
    group = "rbac.authorization.k8s.io"
    rules = [{"apiGroups": [""], "resources": ["pods", "configmaps"], "verbs": ["get", "list"]}]
    meta = {"metadata": {"name": "viewer"}, "apiVersion": f"{group}/v1"}
    cluster.create({**meta, "kind": "Role", "rules": rules})
    subjects = [{"kind": "User", "name": "viewer", "apiGroup": group}]
    role = {"apiGroup": group, "kind": "Role", "name": "viewer"}
    cluster.create({**meta, "kind": "RoleBinding", "subjects": subjects, "roleRef": role})


def _path(thing: Mapping[str, Any], namespace: str) -> str:
    """Where things of this kind are made; knows the plurals that tests need."""
    api, kind = thing["apiVersion"], thing["kind"]
    plural = {"NetworkPolicy": "networkpolicies", "Ingress": "ingresses", "StorageClass": "storageclasses"}.get(
        kind, f"{kind.lower()}s"
    )
    base = f"/apis/{api}" if "/" in api else f"/api/{api}"
    cluster_wide = {
        "Namespace", "Node", "CustomResourceDefinition", "PersistentVolume", "StorageClass", "ClusterRole",
        "ClusterRoleBinding",
    }  # fmt: skip
    return f"{base}/{plural}" if kind in cluster_wide else f"{base}/namespaces/{namespace}/{plural}"


def _free_ports(count: int) -> list[int]:
    held = [socket.socket() for _ in range(count)]
    try:
        for one in held:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in held]
    finally:
        for one in held:
            one.close()
